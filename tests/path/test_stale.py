"""A side that answers with an old state: nothing old is written over what is newer, and all is well afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.stale import BELIEVED
from tests.path.looking import look, press_retry
from tests.path.system import System
from tests.path.test_comments import in_aha, in_jira, say_in_aha
from tests.path.test_refused_parts import allow


def names(system: System, ref: object, key: str) -> tuple[str, str]:
    return system.aha.record("features", ref.id)["name"], system.issue(key)["summary"]


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_an_old_state_is_not_taken_for_an_edit(system: System, side: str) -> None:
    ref = system.feature("Old")
    pair = system.send(ref)
    system.pass_time(60)
    if side == "aha":
        system.aha.put(f"/features/{ref.id}", {"feature": {"name": "New"}})
    else:
        system.jira.edit(pair.right_key, summary="New")
    system.wake(pair)
    system.drain()
    assert names(system, ref, pair.right_key) == ("New", "New")
    system.pass_time(5)
    system.forget()
    system.fault(side, kind="stale", seconds=30, times=6)
    system.wake(pair)
    system.drain(4)
    waits = system.pair(ref)
    assert (waits.state, "old state" in waits.reason) == ("waiting", True)
    system.drain()
    assert [line for line in system.requests("aha") + system.requests("jira") if line[0] in ("PUT", "PATCH")] == []
    assert system.pair(ref).state == "agreed"
    assert names(system, ref, pair.right_key) == ("New", "New")


def test_a_try_that_saw_nothing_is_no_look(system: System) -> None:
    """However often a server did not answer: the first old state after that is not believed."""
    ref = system.feature("Old")
    pair = system.send(ref)
    system.pass_time(20000)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "New"}})
    system.wake(pair)
    system.drain()
    system.fault("aha", kind="503", times=0)
    system.wake(pair)
    for _ in range(2 * BELIEVED):
        system.drain(1)
        system.pass_time(900)
    waits = system.pair(ref)
    assert (waits.tries > BELIEVED, waits.looks) == (True, 0)
    allow(system)
    system.fault("aha", kind="stale", seconds=15000, times=0)
    system.drain(1)
    waits = system.pair(ref)
    assert ("old state" in waits.reason, waits.looks) == (True, 1)
    allow(system)
    system.drain()
    assert names(system, ref, pair.right_key) == ("New", "New")


@pytest.mark.parametrize("hook", [Side.LEFT, None])
def test_an_old_state_read_back_after_a_write_is_nobody_s_edit(system: System, hook: Side | None) -> None:
    """Data Center answers an edit with nothing, so what it left is read: were an old state believed, the next edit in
    Aha! would meet an edit in Jira that nobody made."""
    ref = system.feature("One")
    pair = system.send(ref)
    releases = system.aha.get("/products/FAB/releases")["releases"][1:3]
    for release in releases:
        system.pass_time(60)
        system.aha.put(f"/features/{ref.id}", {"feature": {"release": release["id"], "name": release["name"]}})
        system.fault("jira", kind="stale", seconds=3, times=4)
        system.wake(system.pair(ref), side=hook)
        system.drain(4)
        allow(system)
    system.pass_time(900)
    system.drain()
    issue = system.issue(pair.right_key)
    assert [one["name"] for one in issue["fixVersions"]] == [releases[-1]["name"]]
    assert names(system, ref, pair.right_key) == (releases[-1]["name"], releases[-1]["name"])
    assert system.pair(ref).state == "agreed"
    assert not [line for line in system.journal(ref) if line.kept], "nothing was replaced that somebody wrote"


def test_an_old_state_that_nobody_had_seen_is_not_written_over_once_a_write_was_answered(system: System) -> None:
    """It is newer than what was seen before the write, and older than the write: what is added to its versions would
    stand beside the version that was written meanwhile."""
    ref = system.feature("One")
    key, own = system.send(ref).right_key, system.aha.record("features", ref.id)["release"]["id"]
    releases = [one for one in system.aha.get("/products/FAB/releases")["releases"][:3] if one["id"] != own]
    for release in [*releases, {"id": own}]:  # each has a version
        system.aha.put(f"/features/{ref.id}", {"feature": {"release": release["id"]}})
        system.wake(system.pair(ref))
        system.drain()
    system.pass_time(900)
    system.jira.edit(key, duedate="2027-01-01")
    system.fault("jira", kind="stale", seconds=50, times=0)
    system.pass_time(40)
    for release in releases[:2]:
        system.aha.put(f"/features/{ref.id}", {"feature": {"release": release["id"]}})
        system.wake(system.pair(ref))
        system.drain(1)
        system.pass_time(15)
    allow(system)
    system.pass_time(900)
    system.drain()
    shown = system.aha.record("features", ref.id)
    assert [one["name"] for one in system.issue(key)["fixVersions"]] == [shown["release"]["name"]]
    assert (system.pair(ref).state, shown["due_date"], system.issue(key)["duedate"]) == ("agreed", *["2027-01-01"] * 2)


def test_a_status_that_a_lagging_jira_does_not_show_is_not_agreed_as_it_was(system: System) -> None:
    """It was carried along with an edit, whose own answer shows that edit: only the stamp tells. Whoever moves the
    issue back afterwards is heard."""
    lines = [
        {**line, "direction": "both"} if line["jira"] == "status" else line
        for line in system.integration.mapping["fields"]["feature"]
    ]
    system.remap(fields={**system.integration.mapping["fields"], "feature": lines})
    ref = system.feature("One")
    pair = system.send(ref)
    key, was = pair.right_key, system.issue(pair.right_key)["status"]["name"]
    system.pass_time(60)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Two", "workflow_status": {"name": "In development"}}})
    system.fault("jira", kind="stale", seconds=50, times=0, path_regex="/bulkfetch|/search|/issue/[0-9]+$")
    system.wake(system.pair(ref))
    system.drain(1)
    assert (system.pair(ref).state, system.issue(key)["status"]["name"]) == ("waiting", "In Progress")
    allow(system)
    system.pass_time(900)
    system.drain()
    assert system.pair(ref).state == "agreed"
    system.jira.move(key, was)
    system.wake(system.pair(ref))
    system.drain()
    assert names(system, ref, key) == ("Two", "Two")
    assert system.aha.record("features", ref.id)["workflow_status"]["name"] != "In development"


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_an_edit_after_a_write_whose_answer_was_lost_is_no_conflict(system: System, side: str) -> None:
    """The write landed, and is there when both are read again: nobody else edited, whoever is right in a conflict."""
    lines = [
        {**line, "conflict": side} if line["jira"] == "summary" else line
        for line in system.integration.mapping["fields"]["feature"]
    ]
    system.remap(fields={**system.integration.mapping["fields"], "feature": lines})
    ref = system.feature("One")
    pair = system.send(ref)

    def edit(name: str) -> None:
        system.pass_time(5)
        if side == "jira":
            system.aha.put(f"/features/{ref.id}", {"feature": {"name": name}})
        else:
            system.jira.edit(pair.right_key, summary=name)
        system.wake(system.pair(ref))

    edit("Two")
    system.fault(side, kind="reset_after", method="PUT", times=0)
    system.drain(1)
    allow(system)
    assert system.pair(ref).state == "waiting"
    edit("Three")
    system.drain()
    assert names(system, ref, pair.right_key) == ("Three", "Three")
    assert not [line for line in system.journal(ref) if line.kept]


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_new_record_that_a_lagging_side_does_not_show_is_not_gone(system: System, side: str) -> None:
    ref = system.feature("New")
    pair = system.send(ref)
    system.fault(side, kind="stale", seconds=900, times=0)
    system.wake(pair)
    system.drain(1)
    waits = system.pair(ref)
    assert (waits.state, "looked at again" in waits.reason) == ("waiting", True)
    allow(system)
    system.drain()
    assert system.pair(ref).state == "agreed"
    assert not [line for line in system.journal(ref) if line.level != "info"]


@pytest.mark.parametrize(("lag", "state"), [(50, "agreed"), (9000, "gone")])
def test_a_record_sent_before_its_side_shows_it_is_made_across_once_it_does(
    system: System, lag: int, state: str
) -> None:
    """Nobody saw it yet: it may lag behind for a minute, and no hook comes any more. One that never shows is gone."""
    ref = system.feature("New")
    system.fault("aha", kind="stale", seconds=lag, times=0)
    assert system.send(ref).state == "waiting"
    for _ in range(6):
        system.pass_time(60)
        system.drain()
    assert system.pair(ref).state == state
    assert len([line for line in system.journal(ref) if line.level != "info"]) == (state == "gone")


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_what_a_lagging_side_does_not_show_yet_is_not_deleted_across(system: System, side: str) -> None:
    """A comment was carried, and a copy from before answers: that was taken for a delete, and the original deleted."""
    line = {**system.integration.mapping["parts"]["comment"], "removes": True}
    system.remap(parts={**system.integration.mapping["parts"], "comment": line})
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    say_in_aha(system, ref, "<p>One</p>")
    look(system, ref)
    held = system.account.find("feature", ref.id) if side == "aha" else system.site.issue(key)
    shown = list(held.comments)
    held.comments.clear()
    system.wake(system.pair(ref))
    system.drain(3)
    waits = system.pair(ref)
    assert (waits.state, "It is looked at again" in waits.reason) == ("waiting", True)
    held.comments.extend(shown)
    system.drain()
    assert (len(in_aha(system, ref)), len(in_jira(system, ref)), system.pair(ref).state) == (1, 1, "agreed")
    held.comments.clear()
    system.wake(system.pair(ref))
    system.drain(125)
    assert (in_aha(system, ref), in_jira(system, ref)) == ([], []), "what stays away was deleted"
    assert system.pair(ref).state == "agreed"


@pytest.mark.parametrize("system", ["dc"], indirect=True)
def test_however_often_something_else_was_looked_for_a_new_write_may_not_show_yet(system: System) -> None:
    """The pair saw old states for hours. Taken for what the write left, the next edit would be carried to the wrong
    place: a paragraph that was added would be added once more."""
    ref = system.feature("Bell", description="<p>One</p>")
    key = system.send(ref).right_key
    system.jira.edit(key, duedate="2027-01-01")
    system.pass_time(60)
    looked_for_long(system, ref)
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": "<p>One</p><p>Two</p>"}})
    system.fault("jira", kind="stale", seconds=50, times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    system.jira.edit(key, description="Three\n\nTwo")
    system.pass_time(900)
    system.drain()
    assert system.pair(ref).state == "agreed"
    assert system.aha.record("features", ref.id)["description"]["body"] == "<p>Three</p><p>Two</p>"


@pytest.mark.parametrize("system", ["dc"], indirect=True)
def test_so_it_is_where_the_next_look_is_to_tell_what_a_write_replaced(system: System) -> None:
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    system.pass_time(60)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Horn"}})
    system.wake(system.pair(ref), side=Side.LEFT)
    system.drain(1)
    assert names(system, ref, key) == ("Horn", "Horn"), "it landed, and its answer said nothing"
    assert_not_believed(system, ref, Side.RIGHT)


def test_so_it_is_where_the_record_is_read_once_more_after_a_write(system: System) -> None:
    """Believed, it would look as if somebody had set it back, and that would go to Aha!."""
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    system.pass_time(60)
    system.jira.edit(key, duedate="2027-01-01")
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Horn"}})
    system.wake(system.pair(ref))
    system.drain()
    assert names(system, ref, key) == ("Horn", "Horn")
    assert_not_believed(system, ref, None)


def assert_not_believed(system: System, ref: Ref, side: Side | None) -> None:
    """Jira shows the record as it was before its name was sent: that is waited for, and nothing is set back."""
    looked_for_long(system, ref)
    system.fault("jira", kind="stale", seconds=50, times=0)
    system.wake(system.pair(ref), side=side)
    system.drain(1)
    assert (system.pair(ref).state, "old state" in system.pair(ref).reason) == ("waiting", True)
    allow(system)
    system.pass_time(900)
    system.drain()
    pair = system.pair(ref)
    assert (pair.state, names(system, ref, pair.right_key)) == ("agreed", ("Horn", "Horn"))


def looked_for_long(system: System, ref: Ref) -> None:
    """The pair was looked at in vain often enough, and for long enough, that what a side shows is believed."""
    from crosswalk.store.models import Pair

    looked = {"looks": BELIEVED, "looked_at": system.now() - timedelta(hours=9)}
    Pair.objects.filter(pk=system.pair(ref).pk).update(**looked)


def test_what_was_just_made_and_does_not_show_yet_is_looked_at_again(system: System) -> None:
    """Another node of Jira answers the read than made it: nothing is given up, and nobody is asked."""
    ref, before = system.feature("Bell", requirements=1), len(system.site.issues)
    system.fault("jira", kind="stale", seconds=50, times=0)
    system.send(ref)
    for _ in range(8):
        system.drain(1)
        assert system.pair(ref).state in ("waiting", "agreed"), system.pair(ref).reason
        system.pass_time(20)
    allow(system)
    system.pass_time(60)
    system.drain()
    pairs = [system.pair(ref), *system.children(ref)]
    assert [one.state for one in pairs] == ["agreed", "agreed"], [one.reason for one in pairs]
    assert names(system, ref, pairs[0].right_key) == ("Bell", "Bell")
    assert len(system.site.issues) - before == 2, "and nothing is made twice"


def test_what_was_just_made_and_never_shows_is_told(system: System) -> None:
    """Its account may make what it may not see."""
    ref, before = system.feature("Bell"), len(system.site.issues)
    system.fault("jira", kind="stale", seconds=15000, times=0, path_regex="/bulkfetch|/search|/issue/[0-9]+$")
    system.send(ref)
    for _ in range(8):
        system.pass_time(60)
        system.drain()
    pair = system.pair(ref)
    assert (pair.state, pair.left_key) == ("parked", ref.key), pair.reason
    assert f"Jira made {pair.right_key} but does not show it" in pair.reason
    assert "permission" in pair.remedy
    allow(system)
    assert press_retry(system, ref).state == "agreed"
    assert len(system.site.issues) - before == 1
