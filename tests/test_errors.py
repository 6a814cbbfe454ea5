"""How messages name a thing: the article that people say before it."""

from __future__ import annotations

import re

import pytest

from crosswalk import errors
from crosswalk.errors import CrosswalkError, a_or_an

ARTICLES = {
    "feature": "a feature",
    "epic": "an epic",
    "initiative": "an initiative",
    "issue": "an issue",
    "attachment": "an attachment",
    "requirement": "a requirement",
    "user": "a user",
    "unit": "a unit",
    "update": "an update",
    "Epic": "an Epic",
    "User Story": "a User Story",
    "option": "an option",
    "": "a ",
}


@pytest.mark.parametrize("noun", ARTICLES)
def test_the_article(noun: str) -> None:
    assert a_or_an(noun) == ARTICLES[noun]


def test_a_sentence_begins_with_a_capital() -> None:
    assert a_or_an("epic", "A") == "An epic"
    assert a_or_an("comment", "A") == "A comment"


def _tree(above: type[CrosswalkError], depth: int = 0) -> list[tuple[str, int, bool]]:
    """Every exception with how deep it stands, and whether it may pass by itself."""
    below = [
        one for each in above.__subclasses__() if each.__module__ == errors.__name__ for one in _tree(each, depth + 1)
    ]
    return [(above.__name__, depth, above.retryable), *below]


def test_the_drawing_shows_every_exception_where_it_stands() -> None:
    drawn = re.findall(r"^    ([│ ├└─]*)(\w+)(.*)$", str(errors.__doc__), re.MULTILINE)
    shown = {name: (len(before) // 4, line.endswith("retryable")) for before, name, line in drawn}
    there = {name: (depth, retryable) for name, depth, retryable in _tree(CrosswalkError)}
    assert shown == there
