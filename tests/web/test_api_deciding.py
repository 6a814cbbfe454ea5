"""Conflicts through the JSON API: listed by page, decided once, never over what somebody did meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.test_api import Ask, ask, token
from tests.web.test_conflicts import dispute

from crosswalk.store.models import Act

__all__ = ["ask", "dispute", "token"]


def test_they_are_listed_with_both_values_and_who(ask: Ask, dispute: Any, integration: Any) -> None:
    rows = [dispute(number) for number in (1, 2, 3)]
    rows[2].winner = "left"
    rows[2].save()
    found = ask("GET", "/conflicts?limit=1").json()
    assert (len(found["items"]), found["total"]) == (1, 2)
    (one,) = found["items"]
    assert (one["field"], one["aha"], one["jira"], one["is_text"]) == ("Name", "BOAT-1", "SEA-1", True)
    assert [(end["side"], end["now"], end["before"], end["changed_by"]) for end in one["ends"]] == [
        ("aha", "Left", "Boat", "Ann"),
        ("jira", "<b>Right</b>", "Boat", ""),
    ]
    rest = ask("GET", f"/conflicts?after={one['id']}&integration={integration.pk}").json()
    assert [item["aha"] for item in rest["items"]] == ["BOAT-2"]
    assert ask("GET", "/conflicts?integration=99").status_code == 404


def test_one_is_decided_once(ask: Ask, dispute: Any) -> None:
    row = dispute()
    (one,) = ask("GET", "/conflicts").json()["items"]
    body = {"mark": one["mark"], "counts": "jira"}
    assert ask("POST", f"/conflicts/{row.pk}", {**body, "mark": "1.000000"}).status_code == 409
    answer = ask("POST", f"/conflicts/{row.pk}", body)
    assert answer.json() == {"said": "Jira counts for Name of BOAT-1.", "count": 1}
    row.refresh_from_db()
    assert (row.winner, row.person) == ("right", "alice")
    again = ask("POST", f"/conflicts/{row.pk}", {**body, "counts": "aha"})
    assert again.status_code == 409
    assert "Nothing was chosen" in again.json()["detail"]
    row.refresh_from_db()
    assert row.winner == "right"
    (act,) = Act.objects.all()
    assert (act.kind, act.what, act.about) == ("approval", "Deciding a conflict", "BOAT-1 ↔ SEA-1")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"counts": "both"}, 422),
        ({"counts": "text"}, 422),
        ({"counts": "text", "text": " "}, 422),
        ({"counts": "text", "text": "a\0b"}, 422),
        ({"counts": "text", "text": "x" * 30_001}, 422),
        ({"counts": "aha", "more": 1}, 422),
        ({"counts": ["aha"]}, 422),
    ],
)
def test_odd_answers_choose_nothing(ask: Ask, dispute: Any, body: dict[str, Any], status: int) -> None:
    row = dispute()
    (one,) = ask("GET", "/conflicts").json()["items"]
    given = {"mark": one["mark"], **body} if body else {}
    assert ask("POST", f"/conflicts/{row.pk}", given).status_code == status
    row.refresh_from_db()
    assert row.winner == ""
