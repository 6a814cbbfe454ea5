"""Requirements that are issues linked “relates to” their feature's: made, moved and linked anew on either side."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_moves import feature_of, move_in_aha
from tests.path.test_rank import both_ways


@pytest.fixture
def linked(system: System) -> System:
    """Requirements become tasks, linked; new ones are made on both sides."""
    types, fields = system.integration.mapping["types"], system.integration.mapping["fields"]
    parent = {"name": "Parent", "aha": "feature", "jira": "issuelinks"}
    rest = [line for line in fields["requirement"] if line["name"] != "Parent"]
    system.remap(
        types={**types, "requirement": {"type": "Task", "relation": "relates", "create": "both"}},
        fields={**fields, "requirement": [*rest, parent]},
    )
    system.poll()
    return system


def above(system: System, key: str) -> list[str]:
    """The issues that an issue is linked with."""
    links = system.issue(key)["issuelinks"]
    return sorted((one.get("inwardIssue") or one["outwardIssue"])["key"] for one in links)


def link(system: System, source: str, target: str) -> None:
    body = {"type": {"name": "Relates"}, "inwardIssue": {"key": source}, "outwardIssue": {"key": target}}
    system.jira.send("POST", "/issueLink", body)


def unlink(system: System, key: str) -> None:
    for one in system.issue(key)["issuelinks"]:
        system.jira.send("DELETE", f"/issueLink/{one['id']}")


def task(system: System, summary: str) -> str:
    fields: dict[str, Any] = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": summary}
    return str(system.jira.send("POST", "/issue", {"fields": fields})["key"])


def sent(system: System) -> tuple[Ref, Ref, Any]:
    one, two = system.feature("Bell", 1), system.feature("Lamp")
    system.send(one)
    system.send(two)
    (child,) = system.children(one)
    assert above(system, child.right_key) == [system.pair(one).right_key]
    return one, two, child


def names(system: System, ref: Ref) -> list[str]:
    return [one["name"] for one in system.aha.record("features", ref.key)["requirements"]]


def test_moved_in_aha(linked: System) -> None:
    one, two, child = sent(linked)
    move_in_aha(linked, child.left_id, two)
    linked.wake(child)
    linked.drain()
    child.refresh_from_db()
    assert child.state == "agreed", child.reason
    assert above(linked, child.right_key) == [linked.pair(two).right_key]
    assert [row.pk for row in linked.children(two)] == [child.pk]
    assert_quiet(linked, two)
    assert_quiet(linked, one)


@pytest.mark.parametrize("from_below", [True, False])
def test_moved_in_jira_from_either_end(linked: System, from_below: bool) -> None:
    one, two, child = sent(linked)
    unlink(linked, child.right_key)
    ends = (child.right_key, linked.pair(two).right_key)
    link(linked, *(ends if from_below else reversed(ends)))
    look(linked, one)
    child.refresh_from_db()
    assert child.state == "agreed", child.reason
    assert feature_of(linked, child.left_id) == two.id
    assert [row.pk for row in linked.children(two)] == [child.pk]
    assert_quiet(linked, two)
    assert_quiet(linked, one)


def test_an_edit_in_jira_costs_no_second_read_where_the_order_comes_from_there(linked: System) -> None:
    both_ways(linked)
    one, _, child = sent(linked)
    look(linked, one)
    linked.jira.rename(child.right_key, "Renamed")
    linked.forget()
    linked.wake(child, side=Side.RIGHT)
    linked.drain()
    assert names(linked, one) == ["Renamed"]
    assert [method for method, path in linked.requests("aha") if not path.endswith(one.key)] == ["POST"]


def test_a_link_taken_away_asks_and_moves_nothing(linked: System) -> None:
    one, _, child = sent(linked)
    unlink(linked, child.right_key)
    linked.jira.rename(child.right_key, "Renamed")
    look(linked, one)
    child.refresh_from_db()
    assert child.state == "asking"
    assert "linked to no feature" in child.reason
    assert names(linked, one) == ["Renamed"]
    assert_quiet(linked, one)


@pytest.mark.parametrize("from_below", [True, False])
def test_a_new_linked_issue_becomes_a_requirement_once(linked: System, from_below: bool) -> None:
    _, two, _ = sent(linked)
    key, parent = task(linked, "Clapper"), linked.pair(two).right_key
    linked.pass_time(5)
    linked.poll()
    linked.drain()
    assert names(linked, two) == [], "nothing says yet where it belongs"
    link(linked, *((key, parent) if from_below else (parent, key)))
    linked.pass_time(5)
    linked.poll()
    look(linked, two)
    assert names(linked, two) == ["Clapper"]
    assert_quiet(linked, two)
    (made,) = linked.children(two)
    assert (made.right_key, made.state) == (key, "agreed")
    linked.aha.rename("requirements", made.left_id, "Tongue")
    look(linked, two)
    assert linked.jira.summary(key) == "Tongue"
    assert len(linked.issue(key)["issuelinks"]) == 1


def test_by_default_linked_issues_begin_in_aha_alone(linked: System) -> None:
    types = linked.integration.mapping["types"]
    linked.remap(types={**types, "requirement": {"type": "Task", "relation": "relates"}})
    _, two, _ = sent(linked)
    link(linked, task(linked, "Clapper"), linked.pair(two).right_key)
    look(linked, two)
    assert names(linked, two) == []
