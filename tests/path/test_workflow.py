"""Status from Aha! to Jira: along the workflow, in several steps, with what a transition's screen asks for."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, only_warning, press_retry
from tests.path.system import System


@pytest.fixture
def both_ways(system: System) -> System:
    """Status travels both ways; To Do > In Progress > In Review > Done, and Close asks for a resolution."""
    fields = {
        kind: [{**line, "direction": "both"} if line["jira"] == "status" else line for line in lines]
        for kind, lines in system.integration.mapping["fields"].items()
    }
    system.remap(fields=fields)
    return system


def status(system: System, ref: Ref) -> str:
    return str(system.issue(system.pair(ref).right_key)["status"]["name"])


def plan(system: System, ref: Ref, name: str) -> None:
    system.aha.put(f"/features/{ref.id}", {"feature": {"workflow_status": {"name": name}}})


def statuses(system: System, **table: str) -> None:
    sends: dict[str, Any] = {"feature": {name.replace("_", " "): jira for name, jira in table.items()}}
    system.remap(statuses_to_jira=sends)


def test_a_new_issue_stands_where_the_feature_does(both_ways: System) -> None:
    ref = both_ways.feature("Bell", workflow_status={"name": "In development"})
    assert both_ways.send(ref).state == "agreed", both_ways.pair(ref).reason
    assert status(both_ways, ref) == "In Progress"
    assert_quiet(both_ways, ref)


def test_several_steps_are_taken_where_it_takes_them(both_ways: System) -> None:
    ref = both_ways.feature("Bell")
    both_ways.send(ref)
    assert status(both_ways, ref) == "To Do"
    statuses(both_ways, Ready_to_ship="In Review")
    both_ways.jira.move(both_ways.pair(ref).right_key, "In Progress")
    both_ways.jira.move(both_ways.pair(ref).right_key, "To Do")
    look(both_ways, ref)
    plan(both_ways, ref, "Ready to ship")
    look(both_ways, ref)
    assert status(both_ways, ref) == "In Review"
    assert both_ways.pair(ref).state == "agreed", both_ways.pair(ref).reason
    assert_quiet(both_ways, ref)


def test_a_change_on_either_side_travels(both_ways: System) -> None:
    ref = both_ways.feature("Bell")
    pair = both_ways.send(ref)
    plan(both_ways, ref, "In development")
    look(both_ways, ref)
    assert status(both_ways, ref) == "In Progress"
    both_ways.jira.move(pair.right_key, "To Do")
    look(both_ways, ref)
    assert both_ways.aha.status(ref.key) == "Under consideration"
    assert_quiet(both_ways, ref)


def test_what_a_screen_asks_for_comes_from_the_mapping_or_is_asked_once(both_ways: System) -> None:
    ref = both_ways.feature("Bell")
    both_ways.send(ref)
    statuses(both_ways, Shipped="Done")
    before = len(both_ways.site.issues)
    plan(both_ways, ref, "Shipped")
    both_ways.aha.rename("features", ref.key, "Horn")
    look(both_ways, ref)
    assert both_ways.jira.summary(both_ways.pair(ref).right_key) == "Horn", "the rest was carried"
    line = only_warning(both_ways, ref)
    assert (line.code, "Resolution" in line.why) == ("S6", True), line
    assert len(both_ways.site.issues) == before
    both_ways.remap(screens={"Resolution": "Done"})
    press_retry(both_ways, ref)
    assert status(both_ways, ref) == "Done"
    assert both_ways.pair(ref).state == "agreed"
    assert_quiet(both_ways, ref)


def test_the_newer_status_stays_where_jira_does_not_take_it(both_ways: System) -> None:
    """What is written besides makes Jira's record the newer one; the plan in Aha! was not taken back by that."""
    ref = both_ways.feature("Bell")
    key = both_ways.send(ref).right_key
    statuses(both_ways, Shipped="Done")
    both_ways.jira.move(key, "In Progress")
    both_ways.pass_time(5)
    plan(both_ways, ref, "Shipped")
    both_ways.aha.rename("features", ref.key, "Horn")
    for _ in range(3):
        look(both_ways, ref)
        assert (both_ways.jira.summary(key), both_ways.aha.status(ref.key)) == ("Horn", "Shipped")
        assert (both_ways.pair(ref).state, status(both_ways, ref)) == ("asking", "In Progress")
    both_ways.remap(screens={"Resolution": "Done"})
    assert press_retry(both_ways, ref).state == "agreed"
    assert (both_ways.aha.status(ref.key), status(both_ways, ref)) == ("Shipped", "Done")
    assert_quiet(both_ways, ref)


def test_a_workflow_without_a_way_gives_one_report_and_no_second_issue(both_ways: System) -> None:
    ref = both_ways.feature("Bell")
    both_ways.send(ref)
    before = len(both_ways.site.issues)
    for flow in both_ways.site.projects.values():
        flow.transitions = [one for one in flow.transitions if one.name in ("To Do", "Start progress")]
    statuses(both_ways, Shipped="Done")
    plan(both_ways, ref, "Shipped")
    for _ in range(3):
        look(both_ways, ref)
    line = only_warning(both_ways, ref)
    assert line.code == "S1"
    assert "no way" in line.why
    assert len(both_ways.site.issues) == before


def test_a_way_round_that_no_issue_shows_is_told_as_not_known(both_ways: System) -> None:
    """From Done it leads over To Do only, which is no step forward: a person takes it, or shows where it leads."""
    statuses(both_ways, Ready_to_ship="In Review", Shipped="Done")
    ref = both_ways.feature("Bell")
    both_ways.send(ref)
    ids = {one.name: pk for pk, one in both_ways.site.statuses.items()}
    for issue in both_ways.site.issues.values():
        issue.status = ids["Done"]
    look(both_ways, ref)
    plan(both_ways, ref, "Ready to ship")
    look(both_ways, ref)
    line = only_warning(both_ways, ref)
    assert (line.code, "is known: no issue stands in “To Do”" in line.why) == ("S1", True)
    own = both_ways.site.issues[both_ways.pair(ref).right_id]
    shown = [one.key for one in both_ways.site.issues.values() if one.type == own.type and one is not own]
    for key, way in ((shown[0], ["To Do"]), (shown[1], ["To Do", "In Progress"])):
        for step in way:
            both_ways.jira.move(key, step)
    assert press_retry(both_ways, ref).state == "agreed"
    assert status(both_ways, ref) == "In Review"


def test_what_a_walk_found_out_is_known_to_the_next(both_ways: System) -> None:
    """The first asks other issues what leads out of the statuses between; the second asks only the issue that walks."""
    statuses(both_ways, Ready_to_ship="In Review")
    asked, searched = [], []
    for name in ("Bell", "Lamp"):
        ref = both_ways.feature(name)
        both_ways.send(ref)
        plan(both_ways, ref, "Ready to ship")
        both_ways.forget()
        look(both_ways, ref)
        assert status(both_ways, ref) == "In Review"
        own = both_ways.site.issue(both_ways.pair(ref).right_key).id
        calls = both_ways.requests("jira")
        searched.append(sum("/search" in path for _, path in calls))
        ways = [path for method, path in calls if method == "GET" and path.endswith("/transitions")]
        asked.append([f"/issue/{own}/" in path for path in ways])
    assert asked[0].count(False) >= 1
    assert searched[0] >= 1
    assert asked[1] == [True, True], "once in each status it leaves"
    assert searched[1] == 0
