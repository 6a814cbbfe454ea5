"""Status on its way through a workflow: what it asks for, what changes meanwhile, what is left half the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import Ref, Steps, Wrote
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Value
from crosswalk.sync.ports import RemoteSide
from crosswalk_sandbox.jira.state import Transition, Validator
from tests.path.looking import assert_quiet, look, only_warning, press_retry, warnings
from tests.path.system import System
from tests.path.test_deletions import account_of
from tests.path.test_match import link_all, say, story
from tests.path.test_workflow import plan, status


@pytest.fixture
def both(system: System) -> System:
    """Status travels both ways: Ready to ship is In Review, Shipped is Done."""
    fields = {
        kind: [{**line, "direction": "both"} if line["jira"] == "status" else line for line in lines]
        for kind, lines in system.integration.mapping["fields"].items()
    }
    sends: dict[str, Any] = {"feature": {"Ready to ship": "In Review", "Shipped": "Done"}}
    system.remap(fields=fields, statuses_to_jira=sends)
    return system


def flow(system: System, *ways: Transition) -> None:
    """The workflow of the project from now on."""
    system.site.project("FAB").transitions = list(ways)


def known(system: System) -> dict[str, str]:
    return {one.name: one.id for one in system.site.statuses.values()}


def way(system: System, number: str, *path: str, **more: Any) -> Transition:
    """A transition between statuses by name, the last one its end."""
    ids = known(system)
    return Transition(number, f"Way {number}", ids[path[-1]], tuple(ids[one] for one in path[:-1]), **more)


def plain(system: System) -> list[Transition]:
    """To Do > In Progress > In Review, and back to the start from anywhere."""
    return [
        way(system, "1", "To Do", "In Progress"),
        way(system, "2", "In Progress", "In Review"),
        way(system, "3", "In Progress", "In Review", "To Do"),
    ]


def walked(system: System, ref: Ref) -> None:
    """Crosswalk has seen the whole of the plain workflow, and the issue is back at To Do."""
    plan(system, ref, "Ready to ship")
    look(system, ref)
    assert status(system, ref) == "In Review", system.pair(ref).reason
    plan(system, ref, "Under consideration")
    look(system, ref)
    assert status(system, ref) == "To Do", system.pair(ref).reason


def aha(system: System, ref: Ref) -> str:
    return str(system.aha.status(ref.key))


def moves(system: System) -> int:
    return sum(method == "POST" and path.endswith("/transitions") for method, path in system.requests("jira"))


def test_a_status_refused_with_a_new_issue_is_not_taken_back_in_aha(both: System) -> None:
    flow(both, *plain(both))
    ref = both.feature("Bell", workflow_status={"name": "Shipped"})
    both.send(ref)
    for _ in range(3):
        look(both, ref)
    assert aha(both, ref) == "Shipped"
    assert only_warning(both, ref).code == "S1"
    assert_quiet(both, ref)


def half_way_gone(both: System) -> Ref:
    """A feature planned "Ready to ship", whose second transition there was taken away after it was learned."""
    flow(both, *plain(both))
    ref = both.feature("Bell")
    both.send(ref)
    walked(both, ref)
    flow(both, *[one for one in plain(both) if one.id != "2"])
    plan(both, ref, "Ready to ship")
    return ref


def test_a_transition_taken_away_leaves_the_issue_half_way_and_is_told_once(both: System) -> None:
    ref = half_way_gone(both)
    for _ in range(3):
        look(both, ref)
    assert (status(both, ref), aha(both, ref)) == ("In Progress", "Ready to ship"), "our own step is nobody's edit"
    assert only_warning(both, ref).code == "S1"
    both.forget()
    assert_quiet(both, ref)
    assert moves(both) == 0
    both.aha.rename("features", ref.key, "Horn")
    look(both, ref)
    assert (both.issue(both.pair(ref).right_key)["summary"], aha(both, ref)) == ("Horn", "Ready to ship")
    assert len(warnings(both, ref)) == 1
    flow(both, *plain(both))
    assert press_retry(both, ref).state == "agreed", both.pair(ref).reason
    assert status(both, ref) == "In Review"
    assert_quiet(both, ref)


def test_a_plan_taken_back_brings_an_issue_back_from_half_the_way(both: System) -> None:
    ref = half_way_gone(both)
    look(both, ref)
    plan(both, ref, "Under consideration")
    look(both, ref)
    assert (status(both, ref), aha(both, ref)) == ("To Do", "Under consideration")
    assert both.pair(ref).state == "agreed", both.pair(ref).reason
    assert_quiet(both, ref)


def test_a_transition_that_was_added_is_found(both: System) -> None:
    flow(both, *[one for one in plain(both) if one.id != "2"])
    ref, other = both.feature("Bell"), both.feature("Lamp")
    both.send(ref)
    both.send(other)
    both.jira.move(both.pair(other).right_key, "In Progress")
    look(both, other)
    plan(both, ref, "Ready to ship")
    look(both, ref)
    assert only_warning(both, ref).code == "S1"
    assert status(both, ref) == "To Do", "what another issue reveals is known without a step"
    flow(both, *plain(both))
    assert press_retry(both, ref).state == "agreed", both.pair(ref).reason
    assert status(both, ref) == "In Review"


def test_a_transition_hidden_from_one_issue_is_found_for_another(both: System) -> None:
    """A condition: only the assignee may. The issue that Jira names first shows nothing of it."""
    one, two, three = plain(both)
    flow(both, one, replace(two, conditions=(("assignee", ""),)), three)
    refs = hidden, seen, ref = [both.feature(name) for name in ("Bell", "Lamp", "Horn")]
    for each in refs:
        both.send(each)
        issue = both.site.issue(both.pair(each).right_key)
        issue.values["assignee"] = None if each is hidden else account_of(both).key
    for each in (hidden, seen):
        both.jira.move(both.pair(each).right_key, "In Progress")
        look(both, each)
    plan(both, hidden, "Ready to ship")
    look(both, hidden)
    assert only_warning(both, hidden).code == "S1"
    plan(both, ref, "Ready to ship")
    look(both, ref)
    assert status(both, ref) == "In Review", both.pair(ref).reason
    plan(both, seen, "Ready to ship")
    look(both, seen)
    assert status(both, seen) == "In Review", both.pair(seen).reason


def test_of_two_transitions_the_one_is_taken_that_can_be(both: System) -> None:
    asks = way(both, "4", "To Do", "In Review", screen=("resolution",), required=("resolution",))
    stops = way(both, "5", "To Do", "In Review", validators=(Validator("permission", "NOBODY_HAS", "Not you."),))
    flow(both, asks, stops, way(both, "6", "To Do", "In Review"))
    ref = both.feature("Bell")
    both.send(ref)
    plan(both, ref, "Ready to ship")
    look(both, ref)
    assert status(both, ref) == "In Review", both.pair(ref).reason
    assert both.pair(ref).state == "agreed"
    assert_quiet(both, ref)


def test_a_screen_further_on_is_known_before_the_first_step(both: System) -> None:
    asks = way(both, "2", "In Progress", "In Review", screen=("fixVersions", "duedate"), required=("duedate",))
    flow(both, way(both, "1", "To Do", "In Progress"), asks)
    ref, other = both.feature("Bell"), both.feature("Lamp")
    both.send(ref)
    both.send(other)
    both.jira.move(both.pair(other).right_key, "In Progress")
    both.pass_time(5)
    plan(both, ref, "Ready to ship")
    both.aha.rename("features", ref.key, "Horn")
    look(both, ref)
    line = only_warning(both, ref)
    assert (line.code, "Due date" in line.why) == ("S6", True), line
    assert status(both, ref) == "To Do", "not half the way"
    assert both.issue(both.pair(ref).right_key)["summary"] == "Horn"
    both.aha.put(f"/features/{ref.id}", {"feature": {"due_date": "2027-03-01"}})
    look(both, ref)
    assert status(both, ref) == "In Review", "what the issue holds needs no value in the mapping"
    assert both.pair(ref).state == "agreed", both.pair(ref).reason
    assert_quiet(both, ref)


@pytest.mark.parametrize(("method", "nth"), [("POST", 1), ("POST", 2), ("GET", 2)])
@pytest.mark.parametrize("there", ["Done", "In Review"])
def test_somebody_moves_the_issue_while_it_is_on_its_way(both: System, there: str, method: str, nth: int) -> None:
    flow(both, *plain(both), way(both, "7", "In Review", "Done", "In Progress"))
    ref = both.feature("Bell")
    key = both.send(ref).right_key
    walked(both, ref)
    both.pass_time(60)
    plan(both, ref, "Ready to ship")
    change = {"do": "bring_issue", "issue": key, "status": there}
    both.pass_time(60)
    both.fault("jira", kind="world", method=method, path_regex="/transitions$", nth=nth, change=change)
    look(both, ref)
    assert (status(both, ref), both.pair(ref).state) == (there, "agreed"), both.pair(ref).reason
    assert aha(both, ref) == {"Done": "Shipped", "In Review": "Ready to ship"}[there], "theirs is the newer"
    assert_quiet(both, ref)


TILL_A_RUN_GIVES_UP = 6


class Killed(BaseException):
    """The process is gone: nothing is caught, and nothing is stored any more."""


class Dying:
    """The side, as it is, but that time passes before a write, and a write that fails kills."""

    def __init__(self, system: System, side: RemoteSide) -> None:
        self._system, self._side = system, side

    def __getattr__(self, name: str) -> Any:
        return getattr(self._side, name)

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps) -> Wrote:
        self._system.pass_time(5)
        try:
            return self._side.update(ref, changes, told)
        except CrosswalkError:
            raise Killed from None


@pytest.mark.parametrize("lost", ["reset_before", "reset_after"])
@pytest.mark.parametrize(("method", "nth"), [("GET", 1), ("GET", 2), ("POST", 1), ("POST", 2)])
@pytest.mark.parametrize("new", [True, False], ids=["new", "known"])
def test_a_way_that_was_cut_short_is_nobody_s_edit(both: System, new: bool, method: str, nth: int, lost: str) -> None:
    flow(both, *plain(both))
    ref, seen = both.feature("Bell"), both.feature("Lamp")
    both.send(seen)
    walked(both, seen)
    if not new:
        both.send(ref)
    both.pass_time(60)
    plan(both, ref, "Ready to ship")
    both.pass_time(60)
    both.fault("jira", kind=lost, method=method, path_regex="/transitions", nth=nth, times=TILL_A_RUN_GIVES_UP)
    both.send(ref)
    for _ in range(3):
        both.pass_time(600)
        look(both, ref)
    assert (status(both, ref), aha(both, ref)) == ("In Review", "Ready to ship"), both.pair(ref).reason
    assert_quiet(both, ref)


def test_a_way_that_was_cut_short_after_two_were_linked_is_nobody_s_edit(both: System) -> None:
    flow(both, *plain(both))
    seen = both.feature("Lamp")
    both.send(seen)
    walked(both, seen)
    story(both, "Bell")
    ref = both.feature("Bell")
    assert link_all(both) == 1
    plan(both, ref, "Ready to ship")
    both.fault("jira", kind="reset_before", method="POST", path_regex="/transitions", nth=2, times=TILL_A_RUN_GIVES_UP)
    both.bridge = lambda bridge: replace(bridge, right=cast("RemoteSide", Dying(both, bridge.right)))
    with pytest.raises(Killed):
        say(both, "rule")  # the newest
    both.bridge = lambda bridge: bridge
    for _ in range(3):
        both.pass_time(600)
        look(both, ref)
    assert (status(both, ref), aha(both, ref)) == ("In Review", "Ready to ship"), both.pair(ref).reason
    assert_quiet(both, ref)


def undo(system: System, ref: Ref) -> int:
    """A person undoes the newest run of a feature; in how many fields."""
    from crosswalk.sync import undoing
    from crosswalk.sync.connect import unheard

    asked = undoing.of_a_run(system.pair(ref), undoing.newest_run(system.pair(ref)))
    shown, _ = undoing.plan_of(system.pair(ref), asked)
    return undoing.write(system.integration, asked, shown["patches"], "a test", unheard)


@pytest.mark.parametrize(
    ("method", "times"),
    [("", 0), ("GET", TILL_A_RUN_GIVES_UP), ("POST", 1)],
    ids=["whole", "cut short", "cut short in a step"],
)
def test_a_status_that_is_put_back_is_a_person_s_edit_and_no_step_on_its_way_is(
    both: System, method: str, times: int
) -> None:
    flow(both, *plain(both))
    ref = both.feature("Bell")
    both.send(ref)
    walked(both, ref)
    both.pass_time(60)
    if not method:
        assert undo(both, ref) == 1
    else:
        both.fault("jira", kind="reset_before", method=method, path_regex="/transitions", nth=2, times=times)
        with pytest.raises(CrosswalkError):
            undo(both, ref)
        both.wake(both.pair(ref), side=Side.RIGHT)  # what the hook about a step does
        assert both.pair(ref).due_at > both.now(), "no run comes between"
    for _ in range(3):
        look(both, ref)
        both.pass_time(600)
    ends = ("To Do", "Under consideration") if method else ("In Review", "In development")
    assert (status(both, ref), aha(both, ref)) == ends, both.pair(ref).reason
    assert_quiet(both, ref)


def test_a_global_transition_and_a_loop(both: System) -> None:
    flow(both, way(both, "1", "To Do"), way(both, "2", "In Progress"), way(both, "9", "In Progress", "Done"))
    ref = both.feature("Bell")
    both.send(ref)
    plan(both, ref, "Shipped")
    look(both, ref)
    assert status(both, ref) == "Done", both.pair(ref).reason
    plan(both, ref, "Under consideration")
    look(both, ref)
    assert status(both, ref) == "To Do"
    assert_quiet(both, ref)


def test_edits_of_other_fields_do_not_repeat_the_report(both: System) -> None:
    flow(both, *plain(both))
    ref = both.feature("Bell")
    both.send(ref)
    plan(both, ref, "Shipped")
    look(both, ref)
    both.forget()
    for name in ("Horn", "Gong", "Siren"):
        both.aha.rename("features", ref.key, name)
        look(both, ref)
        assert both.issue(both.pair(ref).right_key)["summary"] == name
    assert len(warnings(both, ref)) == 1
    assert (moves(both), aha(both, ref)) == (0, "Shipped")


def asks(system: System, *fields: str) -> None:
    """In Progress is reached by a transition that asks for these fields."""
    flow(system, way(system, "1", "To Do", "In Progress", screen=fields, required=fields))


@pytest.mark.parametrize(
    ("field", "name", "text", "shown"),
    [
        ("customfield_10016", "Story Points", "5", 5.0),
        ("customfield_10032", "Acceptance Criteria", "It *rings*", "It \\*rings\\*"),
        ("customfield_10031", "Platforms", "Web, iOS", ["Web", "iOS"]),
        ("assignee", "Assignee", "chandra@example.com", "Chandra Iyer"),
    ],
)
def test_a_screen_is_filled_with_what_its_field_takes(
    both: System, field: str, name: str, text: str, shown: object
) -> None:
    asks(both, field)
    both.remap(screens={name: text})
    ref = both.feature("Bell")
    key = both.send(ref).right_key
    plan(both, ref, "In development")
    look(both, ref)
    assert status(both, ref) == "In Progress", both.pair(ref).reason
    held = both.issue(key)[field]
    if isinstance(held, list):
        held = [one["value"] for one in held]
    assert (held["displayName"] if isinstance(held, dict) else held) == shown
    look(both, ref)  # what the screen was filled with is a change like any other
    assert_quiet(both, ref)


def test_a_screen_replaces_nothing_that_is_there(both: System) -> None:
    asks(both, "customfield_10030")
    both.remap(screens={"Customer Segment": "Families"})
    ref = both.feature("Bell")
    key = both.send(ref).right_key
    both.jira.edit(key, customfield_10030={"value": "Couriers"})
    plan(both, ref, "In development")
    look(both, ref)
    assert status(both, ref) == "In Progress", both.pair(ref).reason
    assert both.issue(key)["customfield_10030"]["value"] == "Couriers"


@pytest.mark.parametrize(
    ("field", "table", "words"),
    [
        ("customfield_10030", {"Customer Segment": "Pilots"}, "does not take the mapping's “Pilots”"),
        ("assignee", {"Assignee": "nobody@example.com"}, "Nobody in Jira has exactly the address nobody@example.com"),
    ],
)
def test_a_value_that_a_screen_does_not_take_is_told(both: System, field: str, table: Any, words: str) -> None:
    asks(both, field)
    both.remap(screens=table)
    ref = both.feature("Bell")
    both.send(ref)
    plan(both, ref, "In development")
    both.aha.rename("features", ref.key, "Horn")
    look(both, ref)
    line = only_warning(both, ref)
    assert (line.code, words in line.why) == ("S6", True), line.why
    assert both.jira.summary(both.pair(ref).right_key) == "Horn"
    assert status(both, ref) == "To Do"
    assert_quiet(both, ref)
