"""The troubleshooting page is what the code says, and every code that a message can carry is explained."""

from __future__ import annotations

import re
from pathlib import Path

from tools.troubleshooting_page import PAGE, page

from crosswalk.web.troubleshooting import ENTRIES

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "crosswalk"
CODE = re.compile(r"[\"']([ACNFSULTRW]\d{1,2})[\"']")


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: ./run python -m tools.troubleshooting_page"


def test_every_code_a_message_can_carry_is_explained() -> None:
    used = {
        code
        for path in SOURCE.rglob("*.py")
        if path.name != "troubleshooting.py"
        for code in CODE.findall(path.read_text("utf-8"))
    }
    assert used
    assert used - set(ENTRIES) == set()
