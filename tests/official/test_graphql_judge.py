"""The judge of GraphQL tells what is wrong, and lets pass what is right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.official import graphql_judge
from tests.official.exchanges import Exchange, complaints

ASKED = "query($id: ID!) { feature(id: $id) { __typename id name createdAt commentsCount assignedToUser { name } } }"
TOLD: dict[str, Any] = {
    "__typename": "Feature",
    "id": "6789",
    "name": "Bell",
    "createdAt": "2026-11-25T19:00:00Z",
    "commentsCount": 0,
    "assignedToUser": None,
}


def judged(query: str, told: Any, agent: str = "tests", variables: Any = None) -> list[str]:
    graphql_judge.schema()
    sent = json.dumps({"query": query, "variables": variables or {"id": "6789"}}).encode()
    body = json.dumps(told).encode()
    exchange = Exchange("aha", "POST", graphql_judge.PATH, "", agent, "application/json", sent, 200, "json", body)
    return complaints(exchange)


def test_what_fits_passes() -> None:
    assert judged(ASKED, {"data": {"feature": TOLD}}) == []
    assert judged(ASKED, {"data": {"feature": None}, "errors": [{"message": "Record not found"}]}) == []
    assert judged("{ nonsense }", {"errors": [{"message": "Field 'nonsense' doesn't exist"}]}) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": 7}, "reads as"),
        ({"id": 6789}, "reads as"),
        ({"createdAt": 7}, "is no text"),
        ({"createdAt": "yesterday"}, "Invalid isoformat"),
        ({"createdAt": "2026-11-25T19:00:00"}, "no offset"),
        ({"commentsCount": "many"}, "cannot represent"),
        ({"commentsCount": "3"}, "reads as"),
        ({"id": None}, "non-nullable"),
        ({"__typename": "Epic"}, "reads as"),
        ({"assignedToUser": {}}, "nothing was answered"),
        ({"more": 1}, "reads as"),
    ],
)
def test_what_does_not_fit_is_told(change: Any, words: str) -> None:
    found = judged(ASKED, {"data": {"feature": {**TOLD, **change}}})
    assert any(words in text for text in found), found


def test_questions_are_held_against_the_schema() -> None:
    wrong = "{ feature(id: 1) { colour } }"
    assert any("does not fit" in text for text in judged(wrong, {"data": {"feature": {"colour": "red"}}}))
    assert any("does not fit" in text for text in judged(wrong, {"errors": [{"message": "no"}]}, "Crosswalk/1"))
    assert judged("{", {"errors": [{"message": "no"}]}, "Crosswalk/1") == [
        "aha: POST /api/v2/graphql: the question can not be read"
    ]
    assert judged(ASKED, {}) == ["aha: POST /api/v2/graphql: neither data nor errors are answered"]
