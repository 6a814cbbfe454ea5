"""Moves that meet other changes: on both sides at once, there and back, with edits, deletes and other types."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import BELIEVED, assert_quiet, held, look, press_retry, warnings
from tests.path.system import System, pairs_where
from tests.path.test_many import project, second, workspace
from tests.path.test_moves import above, feature_of, move_in_aha, move_in_jira


def sent(system: System, *names: str) -> tuple[list[Ref], Any]:
    """Features that were sent, the first with a requirement, and that requirement's pair."""
    refs = [system.feature(name, int(not number)) for number, name in enumerate(names)]
    for ref in refs:
        system.send(ref)
    (child,) = system.children(refs[0])
    return refs, child


def sent_lines(system: System, ref: Ref) -> list[Any]:
    return [line for line in system.journal(ref) if line.what.endswith((" is sent to Jira.", " is sent to Aha!."))]


def come_to_rest(system: System, *refs: Ref) -> None:
    for _ in range(2):
        for ref in refs:
            look(system, ref)


def all_quiet(system: System, *refs: Ref) -> None:
    for ref in refs:
        assert_quiet(system, ref, looks=1)


def convert(system: System, key: str, kind: str, parent: str = "", home: str = "FAB") -> None:
    """More > Move, or Convert to, in the browser."""
    body = {"issue": key, "project": home, "type": kind, "parent": parent}
    httpx2.post(f"{system.jira_at.address}/_sandbox/move", json=body).raise_for_status()


@pytest.mark.parametrize("last", [Side.LEFT, Side.RIGHT])
def test_both_sides_move_it_to_different_parents(system: System, last: Side) -> None:
    (one, two, three), child = sent(system, "Bell", "Lamp", "Horn")
    moves = {
        Side.LEFT: lambda: move_in_aha(system, child.left_id, two),
        Side.RIGHT: lambda: move_in_jira(system, child.right_key, system.pair(three).right_key),
    }
    issues = len(system.site.issues)
    system.pass_time(60)
    moves[last.other]()
    system.pass_time(60)
    moves[last]()
    system.wake(child)
    system.drain()
    if system.flavour == "dc" and last is Side.LEFT:
        child.refresh_from_db()
        assert (child.state, "More > Move" in child.remedy) == ("asking", True)
        assert_quiet(system, two)
        move_in_jira(system, child.right_key, system.pair(two).right_key)
    come_to_rest(system, one, two, three)
    child.refresh_from_db()
    wins = two if last is Side.LEFT else three
    assert feature_of(system, child.left_id) == wins.id
    assert above(system, child.right_key) == system.pair(wins).right_key
    assert child.state == "agreed", child.reason
    assert child.parent_id == system.pair(wins).pk
    assert len(system.site.issues) == issues
    all_quiet(system, one, two, three)


def test_there_and_back_before_anybody_looks(system: System) -> None:
    (one, two), child = sent(system, "Bell", "Lamp")
    move_in_aha(system, child.left_id, two)
    move_in_aha(system, child.left_id, one)
    move_in_jira(system, child.right_key, system.pair(two).right_key)
    move_in_jira(system, child.right_key, system.pair(one).right_key)
    was, lines = held(system, one), len(sent_lines(system, one))
    system.wake(child, side=Side.LEFT)
    come_to_rest(system, one, two)
    came = [line.what for line in sent_lines(system, one)[lines:]]
    assert came == ["Aha! Reference is sent to Jira."], "it has another number in Aha! now, and nothing else is written"
    assert [
        new for new, old in zip(held(system, one), was, strict=True) if new != old and not isinstance(old, tuple)
    ] == []
    child.refresh_from_db()
    assert (child.state, child.parent_id) == ("agreed", system.pair(one).pk)
    assert warnings(system, one) == warnings(system, two) == []


@pytest.mark.parametrize("told", [Side.LEFT, Side.RIGHT, None])
def test_moved_on_one_side_and_edited_on_the_other_at_once(system: System, told: Side | None) -> None:
    (one, two), child = sent(system, "Bell", "Lamp")
    move_in_jira(system, child.right_key, system.pair(two).right_key)
    system.aha.put(f"/requirements/{child.left_id}", {"requirement": {"name": "Renamed"}})
    system.pass_time(5)
    system.wake(child, side=told)
    system.drain()
    if told is Side.LEFT:  # nobody told of the move yet
        system.wake(child, side=Side.RIGHT)
        system.drain()
    child.refresh_from_db()
    assert system.jira.summary(child.right_key) == "Renamed"
    assert feature_of(system, child.left_id) == two.id
    assert (child.state, child.parent_id) == ("agreed", system.pair(two).pk), child.reason
    all_quiet(system, one, two)


def until_followed(system: System, *pairs: Any) -> None:
    """Past the minute after which deletes are followed."""
    for _ in range(3):
        system.wake(*pairs)
        system.drain()
        system.pass_time(61)
    for pair in pairs:
        pair.refresh_from_db()


def test_the_old_parent_is_deleted_in_aha_after_the_move(system: System) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, **{kind: {**types[kind], "removed": "delete"} for kind in ("feature", "requirement")}})
    (one, two), child = sent(system, "Bell", "Lamp")
    old = system.pair(one)
    move_in_aha(system, child.left_id, two)
    system.aha.send("DELETE", f"/features/{one.id}")
    until_followed(system, old, child)
    assert system.site.issue(child.right_key) is not None, "the sub-task is not deleted with its old parent"
    if system.flavour == "dc":
        assert (old.state, child.state) == ("asking", "asking"), (old.reason, child.reason)
        move_in_jira(system, child.right_key, system.pair(two).right_key)
        for _ in range(3):
            press_retry(system, one)
            look(system, two)
            system.pass_time(61)
        child.refresh_from_db()
        old.refresh_from_db()
    assert (old.state, child.state) == ("gone", "agreed"), (old.reason, child.reason)
    assert above(system, child.right_key) == system.pair(two).right_key
    assert child.parent_id == system.pair(two).pk
    all_quiet(system, two)


def test_the_old_parent_is_deleted_in_jira_after_the_move(system: System) -> None:
    types = system.integration.mapping["types"]
    words = {"removed_in_jira": "delete"}
    system.remap(types={**types, **{kind: {**types[kind], **words} for kind in ("feature", "requirement")}})
    (one, two), child = sent(system, "Bell", "Lamp")
    old = system.pair(one)
    move_in_jira(system, child.right_key, system.pair(two).right_key)
    system.jira.send("DELETE", f"/issue/{old.right_key}")
    from crosswalk.store.pairs import deleted

    deleted([old.pk], Side.RIGHT)
    until_followed(system, old, child)
    assert (old.state, child.state) == ("gone", "agreed"), (old.reason, child.reason)
    assert feature_of(system, child.left_id) == two.id
    assert child.parent_id == system.pair(two).pk
    all_quiet(system, two)


def test_a_sub_task_that_became_an_issue_of_its_own_brings_the_question(system: System) -> None:
    (one,), child = sent(system, "Bell")
    convert(system, child.right_key, "Task")
    system.jira.rename(child.right_key, "On its own")
    look(system, one)
    child.refresh_from_db()
    assert child.state == "asking", child.reason
    assert "stands below nothing" in child.reason
    assert feature_of(system, child.left_id) == one.id
    assert system.aha.name("requirements", child.left_id) == "On its own"
    assert_quiet(system, one)
    convert(system, child.right_key, "Sub-task", system.pair(one).right_key)
    press_retry(system, one)
    child.refresh_from_db()
    assert child.state == "agreed", child.reason
    assert_quiet(system, one)


def test_an_issue_of_another_type_goes_on(system: System) -> None:
    (one, two), child = sent(system, "Bell", "Lamp")
    key = system.pair(one).right_key
    convert(system, key, "Bug")
    look(system, one)
    assert system.pair(one).state == "agreed", system.pair(one).reason
    system.aha.rename("features", one.key, "Horn")
    system.jira.edit(key, duedate="2027-05-05")
    move_in_jira(system, child.right_key, system.pair(two).right_key)
    look(system, one)
    assert system.jira.summary(key) == "Horn"
    assert system.aha.record("features", one.id)["due_date"] == "2027-05-05"
    assert feature_of(system, child.left_id) == two.id
    all_quiet(system, one, two)


def test_a_story_that_became_a_sub_task_is_not_taken_for_a_requirement(system: System) -> None:
    from crosswalk.store.models import Pair

    (one,), _ = sent(system, "Bell")
    two = system.feature("Lamp")
    system.send(two)
    pairs = Pair.objects.count()
    convert(system, system.pair(two).right_key, "Sub-task", system.pair(one).right_key)
    system.aha.rename("features", two.key, "Torch")
    come_to_rest(system, one, two)
    assert Pair.objects.count() == pairs
    assert system.jira.summary(system.pair(two).right_key) == "Torch"
    assert len(system.aha.record("features", one.id)["requirements"]) == 1
    all_quiet(system, one, two)


def test_a_requirement_that_goes_to_another_workspace_is_asked_about(system: System) -> None:
    (one,), child = sent(system, "Bell")
    system.aha.post("/products", {"product": {"name": "Other", "prefix": "OTH"}})
    system.aha.post("/products/OTH/releases", {"release": {"name": "Spring"}})
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    there = system.feature("Elsewhere", release=release)
    move_in_aha(system, child.left_id, there)
    look(system, one)
    child.refresh_from_db()
    assert child.state == "asking", (child.state, child.reason)
    assert "OTH" in child.reason
    assert above(system, child.right_key) == system.pair(one).right_key
    assert_quiet(system, one)
    move_in_aha(system, child.left_id, one)
    look(system, one)
    child.refresh_from_db()
    assert child.state == "agreed", child.reason
    assert_quiet(system, one)


def test_a_requirement_that_goes_to_a_joined_workspace_goes_along(system: System) -> None:
    (one,), child = sent(system, "Bell")
    other = workspace(system)
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    there = system.feature("Elsewhere", release=release)
    issues = len(system.site.issues)
    move_in_aha(system, child.left_id, there)
    look(system, one)
    system.wake(child)
    system.drain()
    child.refresh_from_db()
    assert child.integration_id == other.pk
    assert child.state == "asking", child.reason
    assert f"Send {there.key}" in child.remedy, child.reason
    assert len(system.site.issues) == issues
    assert system.pair(one).state == "agreed", system.pair(one).reason
    assert_quiet(system, one)


def test_a_sub_task_that_goes_below_a_feature_of_another_workspace_takes_its_requirement_along(system: System) -> None:
    """Two workspaces are joined with one project; Jira's new parent was said to be in step with no feature in Aha!."""
    from crosswalk.sync import service

    (one,), child = sent(system, "Bell")
    other = workspace(system)
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    there = system.feature("Elsewhere", release=release)
    service.send(other, [there], "a test")
    system.drain()
    (pair,) = pairs_where("left_id = %s", there.id)
    move_in_jira(system, child.right_key, pair.right_key)
    for _ in range(2):
        look(system, one)
    child.refresh_from_db()
    assert (child.integration_id, child.parent_id, child.state) == (other.pk, pair.pk, "agreed"), child.reason
    assert (feature_of(system, child.left_id), above(system, child.right_key)) == (there.id, pair.right_key)
    move_in_jira(system, child.right_key, system.pair(one).right_key)
    for _ in range(2):
        system.pass_time(BELIEVED)
        system.wake(child)
        system.drain()
    assert [row.pk for row in system.children(one)] == [child.pk]
    assert feature_of(system, child.left_id) == one.id
    assert_quiet(system, one)


def test_a_sub_task_that_goes_to_a_joined_project_goes_along(system: System) -> None:
    project(system, "TIN")
    (one,), child = sent(system, "Bell")
    other = second(system)
    story = {"project": {"key": "TIN"}, "issuetype": {"name": "Story"}, "summary": "Nobody knows it"}
    there = system.jira.send("POST", "/issue", {"fields": story})["key"]
    convert(system, child.right_key, "Sub-task", there, "TIN")
    issues = len(system.site.issues)
    look(system, one)
    system.wake(child)
    system.drain()
    child.refresh_from_db()
    assert (child.integration_id, child.state, there in child.reason) == (other.pk, "asking", True), child.reason
    assert system.pair(one).state == "agreed", system.pair(one).reason
    assert feature_of(system, child.left_id) == one.id
    assert len(system.site.issues) == issues
    assert_quiet(system, one)


def test_a_sub_task_that_goes_to_another_project_is_asked_about(system: System) -> None:
    (one,), child = sent(system, "Bell")
    ops = system.site.project("OPS")
    ops.grants = dict(system.site.project("FAB").grants)
    task = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Nobody knows it"}
    there = system.jira.send("POST", "/issue", {"fields": task})["key"]
    convert(system, child.right_key, "Sub-task", there, "OPS")
    system.aha.put(f"/requirements/{child.left_id}", {"requirement": {"name": "Renamed"}})
    look(system, one)
    child.refresh_from_db()
    assert child.state == "asking", (child.state, child.reason)
    assert "OPS" in child.reason
    assert feature_of(system, child.left_id) == one.id
    assert_quiet(system, one)


@pytest.fixture
def released(system: System) -> System:
    """The release travels both ways."""
    fields = system.integration.mapping["fields"]
    lines = [{**line, "direction": "both"} if line["name"] == "Release" else line for line in fields["feature"]]
    system.remap(fields={**fields, "feature": lines})
    return system


def release_of(system: System, ref: Ref) -> str:
    return str(system.aha.record("features", ref.id)["release"]["id"])


def test_a_feature_moves_between_releases_from_either_side(released: System) -> None:
    system = released
    first, second = system.aha.get("/products/FAB/releases")["releases"][:2]
    ref, other = system.feature("Bell", release=first["id"]), system.feature("Lamp", release=second["id"])
    key = system.send(ref).right_key
    system.send(other)
    versions = {end["id"]: system.pair(Ref("release", end["id"])).right_id for end in (first, second)}
    system.jira.edit(key, fixVersions=[{"id": versions[second["id"]]}])
    look(system, ref)
    assert release_of(system, ref) == second["id"]
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    system.aha.put(f"/features/{ref.id}", {"feature": {"release": first["id"]}})
    look(system, ref)
    assert [one["id"] for one in system.issue(key)["fixVersions"]] == [versions[first["id"]]]
    assert_quiet(system, ref)
    own = system.jira.send("POST", "/version", {"name": "Jira's own", "projectId": 10000})["id"]
    system.jira.edit(key, fixVersions=[{"id": versions[second["id"]]}, {"id": own}])
    look(system, ref)
    assert release_of(system, ref) == second["id"]
    assert {one["id"] for one in system.issue(key)["fixVersions"]} == {versions[second["id"]], own}
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert_quiet(system, ref)


def test_a_release_that_aha_can_not_follow_is_asked_about(released: System) -> None:
    system = released
    first, second = system.aha.get("/products/FAB/releases")["releases"][:2]
    ref, other = system.feature("Bell", release=first["id"]), system.feature("Lamp", release=second["id"])
    key = system.send(ref).right_key
    system.send(other)
    both = [{"id": system.pair(Ref("release", end["id"])).right_id} for end in (first, second)]
    own = system.jira.send("POST", "/version", {"name": "Jira's own", "projectId": 10000})["id"]
    for number, wanted in enumerate((both, [], [{"id": own}])):
        system.jira.edit(key, fixVersions=wanted)
        system.jira.rename(key, f"Now {number}")
        look(system, ref)
        pair = system.pair(ref)
        assert (pair.state, "exactly one release" in pair.reason) == ("asking", True), pair.reason
        assert release_of(system, ref) == first["id"]
        assert system.aha.name("features", ref.key) == f"Now {number}"
        assert_quiet(system, ref)
    system.jira.edit(key, fixVersions=both[1:])
    look(system, ref)
    assert (release_of(system, ref), system.pair(ref).state) == (second["id"], "agreed")
    assert_quiet(system, ref)
