"""Ranks are strings that sort; issues are moved among them one by one and fifty at a time."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.jira import rank

from .play import Sandbox

RANK = "/rest/agile/1.0/issue/rank"
NUMBERS = st.integers(0, 10**6)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=120))
@settings(max_examples=60, deadline=None)
def test_ranks_sort_as_the_list_does(moves: list[tuple[int, int]]) -> None:
    """The oracle is a plain list of names; ranks are given between neighbours as issues are moved about."""
    order = [f"i{number}" for number in range(6)]
    ranks = {name: f"0|hzz{number}00:" for number, name in enumerate(order)}
    for taken, put in moves:
        name = order.pop(taken % len(order))
        at = put % (len(order) + 1)
        low = ranks[order[at - 1]] if at else ""
        high = ranks[order[at]] if at < len(order) else ""
        ranks[name] = rank.between(low, high)
        order.insert(at, name)
        assert re.fullmatch(r"0\|[0-9a-z]{6}:[0-9a-z]*", ranks[name])
        assert sorted(order, key=lambda one: ranks[one]) == order


def ordered(jira: Sandbox) -> list[str]:
    jira.clock.advance(60)
    return jira.search("project = FAB ORDER BY Rank ASC")


def test_fifty_are_moved_at_once_and_keep_their_order(jira: Sandbox) -> None:
    keys = [jira.create() for _ in range(50)]
    wire = {"issues": keys, "rankBeforeIssue": "FAB-2"}
    assert jira.call("PUT", RANK, json=wire).status_code == 204
    assert ordered(jira)[:52] == ["FAB-1", *keys, "FAB-2"]
    turned = {"issues": keys[::-1], "rankAfterIssue": "FAB-2", "rankCustomFieldId": 10019}
    assert jira.call("PUT", RANK, json=turned).status_code == 204
    assert ordered(jira)[:52] == ["FAB-1", "FAB-2", *keys[::-1]]
    assert ordered(jira) == jira.search("project = FAB ORDER BY Rank DESC")[::-1]
    assert jira.call("PUT", RANK, json={**wire, "issues": [*keys, "FAB-3"]}).status_code == 400


def test_what_can_not_be_ranked_is_named(jira: Sandbox) -> None:
    wire = {"issues": ["FAB-4", "NOPE-1", "FAB-4"], "rankBeforeIssue": "FAB-1"}
    answer = jira.call("PUT", RANK, json=wire)
    assert answer.status_code == 207
    assert [(e["issueKey"], e["status"], "errors" in e) for e in answer.json()["entries"]] == [
        ("FAB-4", 200, False),
        ("NOPE-1", 404, True),
        ("FAB-4", 200, False),
    ]
    assert ordered(jira)[:2] == ["FAB-4", "FAB-1"]


def test_ranking_is_refused(jira: Sandbox) -> None:
    before = ordered(jira)
    for wire in (
        {"issues": ["FAB-4"]},
        {"issues": ["FAB-4"], "rankBeforeIssue": "FAB-1", "rankAfterIssue": "FAB-1"},
        {"issues": ["FAB-4"], "rankBeforeIssue": "NOPE-1"},
        {"issues": [], "rankBeforeIssue": "FAB-1"},
        {"issues": ["FAB-4"], "rankBeforeIssue": "FAB-1", "rankCustomFieldId": 10016},
    ):
        assert jira.call("PUT", RANK, json=wire).status_code == 400
    good = {"issues": ["FAB-4"], "rankBeforeIssue": "FAB-1"}
    assert jira.call("PUT", RANK, json=good, role="reader").status_code == 403
    assert ordered(jira) == before
    assert jira.call("PUT", RANK, json={"issues": ["FAB-1"], "rankBeforeIssue": "FAB-1"}).status_code == 204
    assert ordered(jira) == before
