"""Pictures of pages for people to look at, in var/screenshots; README and docs take theirs from there.

They are taken where somebody asks, by `./run pictures`: drawing a long page whole costs as much as judging it.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
ASKED = "PICTURES" in os.environ  # tests forget what begins with CROSSWALK_


def picture(page: Page, name: str, *, whole: bool = False, always: bool = False) -> None:
    """A picture of what is in the window, or of the `whole` page; of what the docs show, `always`."""
    if ASKED or always:
        path = SHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=whole, animations="disabled" if always else None)
