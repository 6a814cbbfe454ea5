"""Each module that imitates what a vendor document states names the document by its address."""

from __future__ import annotations

import re
from pathlib import Path

import crosswalk_sandbox.aha

OWN = {
    "__init__.py": "names the parts",
    "acting.py": "the pages' way to the API",
    "normal.py": "what Aha! does to HTML is not documented",
    "past.py": "what the faults lag and stale read",
    "play.py": "what the pages draw",
    "seeds.py": "invented accounts",
    "world.py": "changes by the control API",
}
"""Modules of the stand-in's own, and why no document speaks of them."""


def test_each_module_names_its_document_or_is_the_stand_ins_own() -> None:
    folder = Path(crosswalk_sandbox.aha.__file__).parent
    silent = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if not re.search(r"https://[a-z.]+\.[a-z]+/", path.read_text("utf-8"))
    }
    assert silent == set(OWN)
