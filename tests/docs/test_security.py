"""The page on security names tests that exist, and says of every item whether it is met."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
STATES = ("met", "in part", "not met", "none here")


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if line.startswith("|") and "|---" not in line]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "item"]


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"tests/[\w/]+\.py(?:::\w+)?", PAGE))
    assert len(named) > 80
    texts: dict[str, str] = {}
    missing = []
    for one in sorted(named):
        path, _, name = one.partition("::")
        file = ROOT / path
        texts[path] = texts.get(path) or (file.read_text("utf-8") if file.exists() else "")
        if not texts[path] or (name and f"def {name}(" not in texts[path]):
            missing.append(one)
    assert missing == []


def test_every_item_has_a_state_and_a_test_or_a_reason() -> None:
    rows = _rows()
    assert len(rows) > 80
    assert [row for row in rows if len(row) != 4 or row[1] not in STATES or not row[3]] == []


def test_what_is_not_met_is_said_plainly_at_the_top() -> None:
    said = PAGE.partition("## What is not met")[2].partition("\n## ")[0]
    for row in _rows():
        if row[1] == "not met":
            numbers = re.findall(r"\d+\.\d+\.\d+", row[0])
            assert any(number in said for number in numbers), row[0]
