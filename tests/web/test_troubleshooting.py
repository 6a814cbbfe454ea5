"""Every code that a message can carry, and every row of the catalogue of troubles, has an entry with a page of its own;
an entry is raised somewhere, or names what keeps its trouble away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.shared_files import shared
from tools.troubleshooting_page import pages, stored

from crosswalk.sync import deletions
from crosswalk.web.troubleshooting import ENTRIES

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "crosswalk"
CODE = re.compile(r"[\"']([A-Z]\d{1,2})[\"']")
ROW = re.compile(r"^\| ([A-Z]\d+) \|", re.M)


def _used() -> set[str]:
    """The codes that the program names anywhere but in the entries themselves."""
    paths = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
    texts = [path.read_text("utf-8") for path in paths if not path.name.startswith("troubleshooting")]
    return {code for text in texts for code in CODE.findall(text)}


def test_the_pages_are_current() -> None:
    assert dict(stored()) == pages(), "run: ./run python -m tools.troubleshooting_page"


def test_every_code_a_message_can_carry_is_explained() -> None:
    assert len(_used()) > 60
    assert _used() - set(ENTRIES) == set()


def test_every_row_of_the_catalogue_has_an_entry() -> None:
    rows = ROW.findall(shared("reference/error-catalogue.md").read_text("utf-8"))
    assert len(rows) > 120
    assert [row for row in rows if row not in ENTRIES] == []


def test_every_entry_is_raised_or_names_what_keeps_it_away() -> None:
    held = {code for code, entry in ENTRIES.items() if entry.place}
    assert held - _used() == held, "an entry whose code is raised needs no place"
    assert set(ENTRIES) - held - _used() == set()


@pytest.mark.parametrize("code", [code for code, entry in ENTRIES.items() if entry.place])
def test_the_place_that_keeps_a_trouble_away_is_there(code: str) -> None:
    file, _, name = ENTRIES[code].place.partition(": ")
    text = (SOURCE / file).read_text("utf-8")
    assert re.search(rf"(?:def|class) {name}\b|^{name}\b.* = ", text, re.M), ENTRIES[code].place


def test_entries_named_beside_others_are_there() -> None:
    named = {other for entry in ENTRIES.values() for other in entry.see}
    assert named <= set(ENTRIES)
    assert not [code for code, entry in ENTRIES.items() if code in entry.see]


def test_what_is_stopped_names_its_buttons_as_they_are_called() -> None:
    """Also where they are about one record."""
    deletes = [deletions.WORDS, deletions.DOUBTED, *deletions.OF_ONE.values()]
    for code, buttons in (("L10", deletes), ("L16", [deletions.EMPTIED])):
        words = {word for some in buttons for word in some.values()}
        assert [word for word in words if word not in ENTRIES[code].remedy] == []
