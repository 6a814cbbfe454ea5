"""A record that was converted in Aha! is followed or asked about, whatever the mapping says of deletes."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_deletions import PAUSE, follow, there
from tests.path.test_moved_about import convert


def to_epic(system: System, ref: Ref) -> Ref:
    """A product owner presses Convert to epic; the answer of the document stands under an empty name."""
    made = system.aha.post(f"/features/{ref.id}/convert_to_epic", {})[""]
    return Ref("epic", made["id"], made["reference_num"])


def to_feature(system: System, requirement: str) -> Ref:
    made = system.aha.post(f"/requirements/{requirement}/convert_to_feature", {})["feature"]
    return Ref("feature", made["id"], made["reference_num"])


def again(system: System, *pairs: Any) -> None:
    """Everything is looked at, for longer than any pause."""
    for _ in range(3):
        system.wake(*pairs)
        system.drain()
        system.pass_time(PAUSE)
    for pair in pairs:
        pair.refresh_from_db()


def test_a_feature_that_became_an_epic_asks_until_its_issue_is_one_and_goes_on(system: System) -> None:
    from crosswalk.sync import service

    follow(system, removed="delete")
    ref = system.feature("Bell", 1)
    pair, (child,) = system.send(ref), system.children(ref)
    epic = to_epic(system, ref)
    again(system, pair, child)
    assert there(system, pair.right_key)
    assert there(system, child.right_key), "it went with what stood above it"
    assert (pair.state, child.state) == ("asking", "asking")
    assert f"{ref.key} was converted to the epic {epic.key}" in pair.reason
    assert "Have the mapping name a type for an epic" in pair.remedy
    lines = [line for line in system.integration.journal.filter(pair=pair) if line.code == "L13"]
    assert len(lines) == 1, "told once"
    convert(system, child.right_key, "Story")
    convert(system, pair.right_key, "Epic")
    types = system.integration.mapping["types"]
    system.remap(types={**types, "epic": {**types.get("epic", {}), "type": "Epic", "create": "to jira"}})
    service.retry([child.pk, pair.pk], "a test")
    system.drain()
    pair.refresh_from_db()
    assert (pair.state, pair.kind, pair.left_id, pair.left_key) == ("agreed", "epic", epic.id, epic.key), pair.reason
    system.aha.put(f"/epics/{epic.id}", {"epic": {"name": "Tower"}})
    look(system, epic)
    assert system.jira.summary(pair.right_key) == "Tower"
    assert_quiet(system, epic)


def test_a_requirement_that_became_a_feature_goes_on_as_one(system: System) -> None:
    follow(system, removed="delete", removed_in_jira="delete")
    ref = system.feature("Bell", 2)
    system.send(ref)
    child, other = system.children(ref)
    made = to_feature(system, child.left_id)
    convert(system, child.right_key, "Story")
    again(system, child)
    assert (child.state, child.kind, child.left_key, child.parent_id) == ("agreed", "feature", made.key, None)
    assert there(system, child.right_key)
    look(system, ref)
    assert [one.pk for one in system.children(ref)] == [other.pk]
    assert_quiet(system, ref)
    assert_quiet(system, made)


def test_one_that_was_sent_anew_meanwhile_is_asked_about(cloud: System) -> None:
    follow(cloud, removed="delete")
    ref = cloud.feature("Bell", 1)
    cloud.send(ref)
    (child,) = cloud.children(ref)
    made = to_feature(cloud, child.left_id)
    convert(cloud, child.right_key, "Story")
    cloud.send(made)
    again(cloud, child)
    assert there(cloud, child.right_key)
    assert (child.state, f"{made.key} is in another pair" in child.remedy) == ("asking", True)


@pytest.mark.parametrize("history", [True, False])
def test_what_has_another_name_was_deleted(cloud: System, history: bool) -> None:
    follow(cloud, removed="unlink")
    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    if not history:
        cloud.fault("aha", kind="status", status=403, method="GET", path_regex="/audits$", times=100)
    cloud.aha.post("/products/FAB/epics", {"epic": {"name": "Tower"}})
    cloud.aha.send("DELETE", f"/features/{ref.id}")
    again(cloud, pair)
    assert (pair.state, "was deleted in Aha!" in pair.reason) == ("gone", True), pair.reason


def test_without_the_history_the_workspace_is_looked_through(cloud: System) -> None:
    follow(cloud, removed="delete")
    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    cloud.fault("aha", kind="status", status=403, method="GET", path_regex="/audits$", times=100)
    epic = to_epic(cloud, ref)
    again(cloud, pair)
    assert there(cloud, pair.right_key)
    assert (pair.state, epic.key in pair.reason) == ("asking", True), pair.reason
