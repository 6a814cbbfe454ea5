"""Work logged in Jira is entered in Aha!, each piece once, where the record tracks time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_hooks import deliver


def log(system: System, key: str, minutes: int, day: str = "2026-11-20", **more: Any) -> str:
    """Work is logged on an issue; its id."""
    body = {"timeSpentSeconds": minutes * 60, "started": f"{day}T09:00:00.000+0100", **more}
    return str(system.jira.send("POST", f"/issue/{key}/worklog", body)["id"])


def done(system: System, plural: str, record_id: str) -> list[tuple[str, float]]:
    """Day and minutes of what Aha! holds."""
    events = system.aha.record(plural, record_id)["time_tracking_events"]
    return sorted((one["occurred_on"], one["work_done"]) for one in events)


def logged(system: System, key: str) -> list[tuple[str, int]]:
    entries = system.jira.get(f"/issue/{key}/worklog")["worklogs"]
    return sorted((one["started"][:10], one["timeSpentSeconds"] // 60) for one in entries)


@pytest.fixture
def sent(system: System) -> Ref:
    """A feature that was sent."""
    ref = system.feature("Bell", original_estimate_text="2d")
    assert system.send(ref).state == "agreed"
    return ref


def test_logged_corrected_and_taken_back(system: System, sent: Ref) -> None:
    key = system.pair(sent).right_key
    first = log(system, key, 90)
    log(system, key, 30, "2026-11-21")
    look(system, sent)
    assert done(system, "features", sent.id) == [("2026-11-20", 90), ("2026-11-21", 30)]
    assert_quiet(system, sent)
    system.jira.send("PUT", f"/issue/{key}/worklog/{first}", {"timeSpentSeconds": 7200})
    look(system, sent)
    assert done(system, "features", sent.id) == [("2026-11-20", 120), ("2026-11-21", 30)]
    assert system.aha.record("features", sent.id)["work_done"] == 150
    system.jira.send("DELETE", f"/issue/{key}/worklog/{first}")
    look(system, sent)
    assert done(system, "features", sent.id) == [("2026-11-21", 30)]
    assert warnings(system, sent) == []


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ({"removes": False}, 45),
        ({"edits": False}, 30),
        ({"direction": "once to aha"}, 30),
        ({"direction": "both", "removes": False}, 45),
    ],
)
def test_corrected_work_is_counted_once_whatever_follows(system: System, line: dict[str, Any], minutes: int) -> None:
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "worklog": {**parts["worklog"], **line}})
    ref = system.feature("Bell", original_estimate_text="2d")
    key = system.send(ref).right_key
    logged_as = log(system, key, 30)
    look(system, ref)
    for corrected in (50, 45):
        system.jira.send("PUT", f"/issue/{key}/worklog/{logged_as}", {"timeSpentSeconds": corrected * 60})
        look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", minutes)]
    assert logged(system, key) == [("2026-11-20", 45)]
    assert_quiet(system, ref)
    system.remap(parts={**parts, "worklog": {**parts["worklog"], "edits": True, "direction": "to aha"}})
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 45)], "since edits follow"


def test_equal_pieces_of_work_are_two_and_a_lost_answer_makes_one(system: System, sent: Ref) -> None:
    key = system.pair(sent).right_key
    log(system, key, 60)
    log(system, key, 60)
    system.fault("aha", kind="reset_after", method="POST", path_regex="/time_tracking_events$")
    for _ in range(4):
        look(system, sent)
        system.pass_time(100)
    assert done(system, "features", sent.id) == [("2026-11-20", 60), ("2026-11-20", 60)]


def test_each_run_that_sends_a_piece_of_work_says_so(system: System, sent: Ref) -> None:
    """What a run that ended in the middle told before it wrote says nothing of what the next one wrote."""
    log(system, system.pair(sent).right_key, 60)
    system.fault("aha", kind="reset_before", method="POST", path_regex="/time_tracking_events$")
    system.wake(system.pair(sent))
    system.drain(1)
    assert done(system, "features", sent.id) == []
    system.pass_time(100)
    look(system, sent)
    assert done(system, "features", sent.id) == [("2026-11-20", 60)]
    told = [line.run for line in system.journal(sent) if "is added" in line.what]
    assert (len(told), len(set(told))) == (2, 2)


@pytest.mark.parametrize("then", ["corrected", "taken back"])
@pytest.mark.parametrize("also_logged", [False, True])
def test_work_that_changed_after_a_lost_answer_is_counted_once(
    system: System, sent: Ref, then: str, also_logged: bool
) -> None:
    """What was entered is known as its copy, also beside other work that says the same."""
    key = system.pair(sent).right_key
    alike = [("2026-11-20", 60)] if also_logged else []
    if also_logged:
        log(system, key, 60)
        look(system, sent)
    first = log(system, key, 60)
    system.fault("aha", kind="reset_after", method="POST", path_regex="/time_tracking_events$")
    system.wake(system.pair(sent))
    system.drain(1)
    assert done(system, "features", sent.id) == [*alike, ("2026-11-20", 60)]
    assert system.pair(sent).state == "waiting"
    if then == "corrected":
        system.jira.send("PUT", f"/issue/{key}/worklog/{first}", {"timeSpentSeconds": 5400})
    else:
        system.jira.send("DELETE", f"/issue/{key}/worklog/{first}")
    system.pass_time(600)
    look(system, sent)
    assert done(system, "features", sent.id) == [*alike, *([("2026-11-20", 90)] if then == "corrected" else [])]
    assert_quiet(system, sent)


@pytest.mark.parametrize("then", ["moves to another day", "taken back"])
def test_work_that_changed_in_aha_after_a_lost_answer_is_logged_once(system: System, sent: Ref, then: str) -> None:
    key, owner = system.pair(sent).right_key, system.aha.get("/me")["user"]["id"]
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "worklog": {"direction": "both"}})

    def enter(day: str) -> str:
        event = {"user_id": int(owner), "work_done_text": "1h", "occurred_on": day}
        made = system.aha.post(f"/features/{sent.id}/time_tracking_events", {"time_tracking_event": event})
        return str(made["time_tracking_event"]["id"])

    first = enter("2026-11-19")
    system.fault("jira", kind="reset_after", method="POST", path_regex="/worklog$")
    system.wake(system.pair(sent))
    system.drain(1)
    assert logged(system, key) == [("2026-11-19", 60)]
    system.aha.send("DELETE", f"/time_tracking_events/{first}")
    if then != "taken back":
        enter("2026-11-20")
    system.pass_time(600)
    look(system, sent)
    assert logged(system, key) == ([] if then == "taken back" else [("2026-11-20", 60)])
    assert len(done(system, "features", sent.id)) == len(logged(system, key))
    assert_quiet(system, sent)


def test_what_a_requirements_issue_took_is_not_counted_twice(system: System) -> None:
    ref = system.feature("Bell", 1)
    system.send(ref)
    child = system.children(ref)[0]
    log(system, child.right_key, 45)
    log(system, system.pair(ref).right_key, 15)
    look(system, ref)
    assert done(system, "requirements", child.left_id) == [("2026-11-20", 45)]
    assert done(system, "features", ref.id) == [("2026-11-20", 15)]


def test_more_work_than_an_issue_shows_at_once(system: System, sent: Ref) -> None:
    key = system.pair(sent).right_key
    for number in range(23):
        log(system, key, number + 1)
        system.pass_time(2)  # Cloud takes so many writes of one issue at a time
    look(system, sent)
    assert len(done(system, "features", sent.id)) == 23
    assert_quiet(system, sent, looks=1)


def test_work_entered_in_aha_stays_there_unless_the_mapping_says_otherwise(system: System, sent: Ref) -> None:
    key, owner = system.pair(sent).right_key, system.aha.get("/me")["user"]["id"]
    event = {"user_id": int(owner), "work_done_text": "1h", "occurred_on": "2026-11-19"}
    made = system.aha.post(f"/features/{sent.id}/time_tracking_events", {"time_tracking_event": event})
    look(system, sent)
    assert logged(system, key) == []
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "worklog": {"direction": "both"}})
    look(system, sent)
    assert logged(system, key) == [("2026-11-19", 60)]
    assert_quiet(system, sent)
    system.aha.send("DELETE", f"/time_tracking_events/{made['time_tracking_event']['id']}")
    look(system, sent)
    assert logged(system, key) == []


def test_a_record_in_points_takes_no_time(system: System) -> None:
    ref = system.feature("Bell", original_estimate_text="5p")
    system.send(ref)
    log(system, system.pair(ref).right_key, 60)
    look(system, ref)
    assert done(system, "features", ref.id) == []
    assert warnings(system, ref) == []


def test_the_remaining_estimate_comes_along_with_the_time_spent(system: System, sent: Ref) -> None:
    key = system.pair(sent).right_key
    system.jira.edit(key, timetracking={"originalEstimate": "8h", "remainingEstimate": "8h"})
    look(system, sent)
    log(system, key, 180)
    look(system, sent)
    assert system.issue(key)["timeestimate"] == 5 * 3600
    record = system.aha.record("features", sent.id)
    assert (record["work_done"], record["remaining_estimate"]) == (180, 300)
    assert_quiet(system, sent)
    assert system.issue(key)["timeestimate"] == 5 * 3600


def test_the_estimates_of_sub_tasks_are_not_added_to_their_feature(system: System) -> None:
    ref = system.feature("Bell", 1, original_estimate_text="1d")
    system.send(ref)
    (child,) = system.children(ref)
    system.jira.edit(child.right_key, timetracking={"originalEstimate": "2h", "remainingEstimate": "2h"})
    log(system, child.right_key, 60)
    look(system, ref)
    record = system.aha.record("features", ref.id)
    assert (record["original_estimate"], record["work_done"] or 0) == (480, 0)
    below = system.aha.record("requirements", child.left_id)
    assert (below["original_estimate"], below["remaining_estimate"], below["work_done"]) == (120, 60, 60)
    assert_quiet(system, ref)


def below(system: System, key: str, type_name: str = "Sub-task", **fields: Any) -> str:
    """Somebody in Jira makes an issue below another one; its key."""
    place: dict[str, Any] = {"parent": {"key": key}}
    if type_name != "Sub-task" and system.flavour == "dc":
        (link,) = (one.id for one in system.site.fields.values() if one.custom.endswith(":gh-epic-link"))
        place = {link: key}
    wanted = {"project": {"key": "FAB"}, "issuetype": {"name": type_name}, "summary": "Below", **place, **fields}
    return str(system.jira.send("POST", "/issue", {"fields": wanted})["key"])


def sub_tasks_stay_in_jira(system: System, **types: Any) -> None:
    """No sub-task becomes a requirement."""
    requirement = {"type": "Sub-task", "relation": "parent", "create": "to jira"}
    system.remap(types={**system.integration.mapping["types"], "requirement": requirement, **types})


@pytest.fixture
def split(system: System) -> tuple[Ref, str, str]:
    """A feature that was sent, its issue, and a sub-task of that which is in no pair."""
    sub_tasks_stay_in_jira(system)
    ref = system.feature("Bell", original_estimate_text="2d")
    key = system.send(ref).right_key
    return ref, key, below(system, key)


def test_work_on_a_sub_task_without_a_pair_reaches_the_feature_once(
    system: System, split: tuple[Ref, str, str]
) -> None:
    ref, key, sub_task = split
    log(system, key, 15)
    first = log(system, sub_task, 45)
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 15), ("2026-11-20", 45)]
    assert system.aha.record("features", ref.id)["work_done"] == 60
    assert any(f"on {sub_task} is added" in line.what for line in system.journal(ref))
    assert_quiet(system, ref)
    system.jira.send("PUT", f"/issue/{sub_task}/worklog/{first}", {"timeSpentSeconds": 3600})
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 15), ("2026-11-20", 60)]
    system.jira.send("DELETE", f"/issue/{sub_task}/worklog/{first}")
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 15)]
    assert_quiet(system, ref)
    assert warnings(system, ref) == []


def test_a_lost_answer_about_work_below_makes_one(system: System, split: tuple[Ref, str, str]) -> None:
    ref, _, sub_task = split
    log(system, sub_task, 60)
    system.fault("aha", kind="reset_after", method="POST", path_regex="/time_tracking_events$")
    for _ in range(4):
        look(system, ref)
        system.pass_time(100)
    assert done(system, "features", ref.id) == [("2026-11-20", 60)]


def test_a_poll_and_a_hook_find_the_feature_of_a_sub_task(system: System, split: tuple[Ref, str, str]) -> None:
    ref, key, sub_task = split
    log(system, key, 5)
    look(system, ref)
    system.poll()
    system.drain()
    system.pass_time(60)
    log(system, sub_task, 45)
    system.poll()
    system.drain()
    assert ("2026-11-20", 45) in done(system, "features", ref.id)
    parent = {"id": system.pair(ref).right_id, "key": key}
    worked = {
        "webhookEvent": "jira:worklog_updated",
        "issue": {"id": system.site.issue(sub_task).id, "key": sub_task, "fields": {"parent": parent}},
    }
    assert deliver(system, "jira", json.dumps(worked).encode()).startswith("woke 1 pair: ")
    edited = {**worked, "webhookEvent": "jira:issue_updated", "changelog": {"items": [{"field": "summary"}]}}
    assert deliver(system, "jira", json.dumps(edited).encode()).startswith("not ours: ")
    system.drain()
    assert_quiet(system, ref)


def test_a_sub_task_that_becomes_a_requirement_takes_its_work_along(
    system: System, split: tuple[Ref, str, str]
) -> None:
    ref, _, sub_task = split
    log(system, sub_task, 45)
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 45)]
    requirement = {"type": "Sub-task", "relation": "parent", "create": "both"}
    system.remap(types={**system.integration.mapping["types"], "requirement": requirement})
    look(system, ref)
    look(system, ref)
    (child,) = system.children(ref)
    assert child.right_key == sub_task
    assert done(system, "requirements", child.left_id) == [("2026-11-20", 45)]
    assert done(system, "features", ref.id) == []
    assert_quiet(system, ref)


def test_work_below_stays_away_where_the_mapping_says_so(system: System, split: tuple[Ref, str, str]) -> None:
    ref, key, sub_task = split
    log(system, sub_task, 45)
    log(system, key, 15)
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "worklog": {**parts["worklog"], "below": False}})
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 15)]
    system.remap(parts=parts)
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 15), ("2026-11-20", 45)]


def test_work_is_taken_back_from_a_sub_task_where_it_goes_both_ways(
    system: System, split: tuple[Ref, str, str]
) -> None:
    ref, key, sub_task = split
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "worklog": {"direction": "both"}})
    log(system, sub_task, 45)
    look(system, ref)
    assert logged(system, key) == []
    (event,) = system.aha.record("features", ref.id)["time_tracking_events"]
    system.aha.send("DELETE", f"/time_tracking_events/{event['id']}")
    look(system, ref)
    assert logged(system, sub_task) == []
    assert_quiet(system, ref)


def test_work_two_levels_below_a_feature_that_is_an_epic_in_jira(system: System) -> None:
    sub_tasks_stay_in_jira(system, feature="Epic")
    ref = system.feature("Bell", 1, original_estimate_text="2d")
    key = system.send(ref).right_key
    story = below(system, key, "Story")
    sub_task = below(system, story)
    log(system, story, 10)
    log(system, sub_task, 20)
    look(system, ref)
    assert done(system, "features", ref.id) == [("2026-11-20", 10), ("2026-11-20", 20)]
    assert_quiet(system, ref)
    system.poll()
    system.drain()
    system.pass_time(60)
    log(system, sub_task, 40)
    system.pass_time(2)  # until the index of Jira Cloud knows
    system.poll()
    system.drain()
    assert ("2026-11-20", 40) in done(system, "features", ref.id)


def test_a_feature_without_work_below_costs_no_request_for_it(system: System, split: tuple[Ref, str, str]) -> None:
    ref, key, sub_task = split
    look(system, ref)
    system.forget()
    look(system, ref)
    before = len(system.requests("jira"))
    log(system, key, 15)
    look(system, ref)
    system.forget()
    look(system, ref)
    assert len(system.requests("jira")) == before
    log(system, sub_task, 15)
    look(system, ref)
    system.forget()
    look(system, ref)
    assert len(system.requests("jira")) == before + 1
