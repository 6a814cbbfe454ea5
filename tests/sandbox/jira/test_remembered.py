"""What a search found is kept for its later pages, and only as long as it is true."""

from __future__ import annotations

import pytest

from crosswalk_sandbox.jira import jql, search
from crosswalk_sandbox.jira.remembered import Remembered, timeless
from crosswalk_sandbox.jira.traits import Asker

from .play import Sandbox


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("project = FAB ORDER BY key", True),
        ('updated >= "2027-01-01 10:00" AND NOT (labels IN (a, b) OR assignee = currentUser())', True),
        ("created > -5d", False),
        ('project = FAB AND (updated < "5h" OR key = FAB-1)', False),
        ("due IN (2027-01-01, startOfDay())", False),
        ("status CHANGED AFTER -1w", False),
        ("status WAS Done BEFORE now()", False),
        ("project = FAB ORDER BY lastViewed", False),
        ("filter = 10000", False),
    ],
)
def test_which_queries_mean_the_same_tomorrow(query: str, same: bool) -> None:
    assert timeless(jql.parse(query)) is same


def test_pages_of_one_search_look_once(jira: Sandbox) -> None:
    jira.clock.advance(5)
    site = jira.jira.site
    asker = Asker(next(iter(site.people.values())), jira.flavour == "cloud")
    held, query, reach = Remembered(site), jql.parse("project = FAB"), search.Reach(site.index_lag)
    assert held.look(asker, query, reach) is not held.look(asker, query, reach), "the last change is too young"
    jira.clock.advance(5)
    found = held.look(asker, query, reach)
    assert held.look(asker, query, reach) is found
    assert held.look(asker, query, search.Reach(60)) is not found, "the index has not caught up"
    held.forget()
    assert held.look(asker, query, reach) is not found


def test_every_kind_of_change_is_found_at_once(jira: Sandbox) -> None:
    query = "project = FAB ORDER BY key"

    def seen() -> list[str]:
        jira.clock.advance(5)
        return jira.search(query)

    before = seen()
    made = jira.create()
    assert seen() == seen() == [*before, made]
    jira.call("DELETE", f"~/issue/{made}")
    assert seen() == seen() == before
    number = jira.call("POST", "/_sandbox/world", json={"do": "delete_issue", "issue": "FAB-6"}).json()["number"]
    assert seen() == seen() == before[:-1]
    jira.call("DELETE", f"/_sandbox/world?number={number}")
    assert seen() == seen() == before
    fault = {
        "kind": "world",
        "method": "GET",
        "path_regex": "myself",
        "change": {"do": "delete_issue", "issue": "FAB-6"},
    }
    jira.call("POST", "/_sandbox/faults", json=fault)
    jira.get("~/myself")
    assert seen() == before[:-1]


def test_what_is_remembered_is_one_persons(jira: Sandbox) -> None:
    jira.clock.advance(5)
    path = "~/search/jql" if jira.flavour == "cloud" else "~/search"
    params = {"jql": "issuetype = Story ORDER BY key", "fields": "key"}
    mine = jira.get(path, params=params)["issues"]
    assert mine
    assert jira.get(path, params=params, role="outsider")["issues"] != mine
    assert jira.get(path, params=params)["issues"] == mine
