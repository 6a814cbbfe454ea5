"""How messages name a thing: the article that people say before it."""

from __future__ import annotations

import pytest

from crosswalk.errors import a_or_an

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
