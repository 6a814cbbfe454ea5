"""The Aha! Reference of an issue: put back where somebody empties or edits it, and new when the record's is."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_many import of, workspace
from tests.path.test_match import link_all, say, story, subtask
from tests.path.test_moves import move_in_aha

FIELD = "customfield_10050"
KEPT = "Aha! Reference in Jira is replaced. What it held is kept here."


def shown(system: System, key: str) -> Any:
    return system.issue(key, FIELD)[FIELD]


def address(system: System, kind: str, number: str) -> Any:
    return system.aha.record(kind, number)["url"]


def writes(system: System) -> list[tuple[str, str]]:
    """What was written in Jira since `forget`, by whoever did."""
    return [one for one in system.requests("jira") if one[0] == "PUT"]


@pytest.mark.parametrize("by", [None, "https://example.com/other"])
@pytest.mark.parametrize("told", [Side.RIGHT, None])
def test_what_somebody_made_of_it_in_jira_is_put_back(system: System, by: str | None, told: Side | None) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    assert shown(system, pair.right_key) == address(system, "features", ref.id)
    system.jira.edit(pair.right_key, **{FIELD: by}, summary="Gong")
    system.pass_time(5)
    system.forget()
    system.wake(pair, side=told)
    system.drain()
    assert shown(system, pair.right_key) == address(system, "features", ref.id)
    assert len(writes(system)) == 1
    assert system.aha.record("features", ref.id)["name"] == "Gong"
    assert system.pair(ref).state == "agreed"
    (line,) = warnings(system, ref)
    assert line.what == KEPT
    assert line.old == (by or "(empty)")
    assert_quiet(system, ref, looks=1)


def test_an_edit_of_something_else_asks_and_writes_nothing_more_for_it(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    look(system, ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Gong"}})
    system.forget()
    system.wake(pair, side=Side.LEFT)
    system.drain()
    assert system.jira.summary(pair.right_key) == "Gong"
    asked = [one for one in system.requests("jira") if not one[1].startswith("/_sandbox")]
    assert len(asked) <= 3, asked  # the write, the look of this test, and on Data Center the read that tells
    assert len(writes(system)) == 1


def test_it_follows_a_feature_to_another_workspace(system: System) -> None:
    other = workspace(system)
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    (child,) = system.children(ref)
    was = shown(system, pair.right_key), shown(system, child.right_key)
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    system.aha.send("PUT", f"/features/{ref.id}", {"feature": {"release": release}})
    system.wake(pair)
    system.drain()
    moved = of(other, ref)
    system.wake(moved, *moved.children.all())
    system.drain()
    now = shown(system, pair.right_key), shown(system, child.right_key)
    assert now == (address(system, "features", ref.id), address(system, "requirements", child.left_id))
    assert "OTH-" in now[0]
    assert "OTH-" in now[1]
    assert not set(now) & set(was)


def test_it_follows_a_requirement_to_another_feature(cloud: System) -> None:
    one, two = cloud.feature("Bell", 1), cloud.feature("Lamp")
    cloud.send(one)
    cloud.send(two)
    (child,) = cloud.children(one)
    was = shown(cloud, child.right_key)
    move_in_aha(cloud, child.left_id, two)
    cloud.wake(child)
    cloud.drain()
    assert shown(cloud, child.right_key) == address(cloud, "requirements", child.left_id) != was


@pytest.mark.parametrize("who", ["left", "right", "keep", "rule"])
def test_whoever_counts_in_two_linked_records_the_issue_shows_the_record(cloud: System, who: str) -> None:
    ref = cloud.feature("Bell")
    key = story(cloud, "bell")
    assert link_all(cloud) == 1
    pair = cloud.pair(ref)
    say(cloud, who)
    assert shown(cloud, key) == address(cloud, "features", ref.id)
    cloud.jira.edit(key, **{FIELD: None})
    cloud.wake(pair, side=Side.RIGHT)
    cloud.drain()
    assert shown(cloud, key) == address(cloud, "features", ref.id)


def test_a_sub_task_that_became_a_requirement_shows_it_after_one_write(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    key = subtask(system, pair.right_key, "Clapper")
    look(system, ref)
    (child,) = system.children(ref)
    assert shown(system, key) == address(system, "requirements", child.left_id)
    assert not [one for one in system.journal(ref) if one.field == "Aha! Reference"]
    assert_quiet(system, ref, looks=1)


def test_an_issue_whose_screen_lost_the_field_is_in_step_all_the_same(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.jira.edit(pair.right_key, **{FIELD: None})
    for screen in system.site.screens.values():
        screen.fields[:] = [one for one in screen.fields if one != FIELD]
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Gong"}})
    look(system, ref)
    assert system.jira.summary(pair.right_key) == "Gong"
    assert system.pair(ref).state == "agreed"
    assert [one.what for one in warnings(system, ref)] == [KEPT]
    (line,) = [one for one in system.journal(ref) if one.field == "Aha! Reference" and "left out" in one.what]
    assert line.level == "info"
    assert_quiet(system, ref, looks=1)
