"""What is read right after a new write may be older than it, however long something else of the pair was looked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crosswalk.merge.records import Exchanged, LookedBack, Ref, Wrote
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_refused_parts import allow
from tests.path.test_stale import looked_for_long, names

READS = "/bulkfetch|/search|/issue/[0-9]+$|/changelog"


def begun(system: System) -> tuple[Ref, Any]:
    """A feature that was sent, and is at rest."""
    ref = system.feature("One")
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(60)
    return ref, system.pair(ref)


def at_rest(system: System, ref: Ref, name: str) -> None:
    """All is well again, and both are called so."""
    allow(system)
    for _ in range(3):
        system.pass_time(300)
        system.wake(system.pair(ref))
        system.drain()
    pair = system.pair(ref)
    assert (pair.state, names(system, ref, pair.right_key)) == ("agreed", (name, name)), pair.reason
    assert_quiet(system, ref)


class Lagging:
    """A side whose answer to an exchange comes from a copy that lags behind."""

    def __init__(self, side: Any) -> None:
        self._side = side

    def __getattr__(self, name: str) -> Any:
        return getattr(self._side, name)

    def exchange(self, ref: Ref, changes: Any) -> Any:
        (old,) = self._side.read([ref]).values()
        told = self._side.exchange(ref, changes)
        assert isinstance(told, Exchanged)
        return replace(told, wrote=Wrote(old))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_the_answer_to_a_write_that_shows_what_was_before_it(cloud: System, side: Side) -> None:
    ref, pair = begun(cloud)

    def edit(name: str) -> None:
        if side is Side.RIGHT:
            cloud.aha.rename("features", ref.key, name)
        else:
            cloud.jira.edit(pair.right_key, summary=name)

    looked_for_long(cloud, ref)
    edit("Two")
    cloud.bridge = lambda bridge: replace(bridge, **{str(side): Lagging(bridge.side(side))})
    cloud.wake(pair, side=side.other)
    cloud.drain(1)
    assert names(cloud, ref, pair.right_key) == ("Two", "Two"), "it landed"
    cloud.bridge = lambda bridge: bridge
    edit("Three")
    cloud.pass_time(5)
    if side is Side.RIGHT:  # its record is the newer
        cloud.jira.edit(pair.right_key, duedate="2027-05-05")
    else:
        cloud.aha.put(f"/features/{ref.id}", {"feature": {"due_date": "2027-05-05"}})
    at_rest(cloud, ref, "Three")


def test_what_was_put_back_and_does_not_show_yet(cloud: System) -> None:
    """Somebody had named the issue just before it was written: that is put back, and weighed."""
    ref, pair = begun(cloud)
    looked_for_long(cloud, ref)
    cloud.aha.rename("features", ref.key, "Two")
    cloud.pass_time(5)
    cloud.jira.edit(pair.right_key, summary="Theirs")
    cloud.fault("jira", kind="stale", seconds=50, times=0, path_regex=READS)
    cloud.wake(pair, side=Side.LEFT)
    cloud.drain(1)
    at_rest(cloud, ref, "Theirs")


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_write_that_nobody_answered_and_that_does_not_show_yet(system: System, side: str) -> None:
    ref, pair = begun(system)

    def edit(name: str) -> None:
        if side == "jira":
            system.aha.rename("features", ref.key, name)
        else:
            system.jira.edit(pair.right_key, summary=name)

    edit("Two")
    looked_for_long(system, ref)
    system.fault(side, kind="reset_after", method="PUT", times=0)
    system.wake(pair)
    system.drain(1)
    assert names(system, ref, pair.right_key) == ("Two", "Two"), "it landed"
    allow(system)
    system.fault(side, kind="stale", seconds=50, times=0)
    edit("One")
    system.drain(4)
    at_rest(system, ref, "One")


class LooksBackLate(Lagging):
    """A side whose record comes from a copy that lags behind its history: it is as it `was`."""

    def __init__(self, side: Any, was: Any) -> None:
        super().__init__(side)
        self.was = was

    def look_back(self, ref: Ref, changes: Any, since: Any) -> Any:
        found = self._side.look_back(ref, changes, since)
        assert isinstance(found, LookedBack)
        left = replace(found.told.wrote.snapshot, changed_at=self.was.changed_at)
        wrote = replace(found.told.wrote, snapshot=left)
        return replace(found, record=self.was, told=replace(found.told, wrote=wrote))


@pytest.mark.parametrize("answered", [True, False])
def test_a_history_that_is_newer_than_the_record(system: System, answered: bool) -> None:
    """The write is long ago; what somebody wrote over it is not, and does not show yet. It would be written over."""
    from crosswalk.sync.installation import current

    ref, pair = begun(system)
    jira = current().bridges.of(system.integration).right
    (was,) = jira.read([Ref("issue", pair.right_id, pair.right_key)]).values()
    system.aha.rename("features", ref.key, "Two")
    if not answered:
        system.fault("jira", kind="reset_after", method="PUT", times=0)
    system.wake(pair, side=Side.LEFT)
    system.drain(1)
    allow(system)
    system.pass_time(900)
    system.jira.edit(pair.right_key, summary="Theirs")
    looked_for_long(system, ref)
    system.bridge = lambda bridge: replace(bridge, right=LooksBackLate(bridge.right, was))
    system.wake(pair, side=Side.RIGHT)
    system.drain(1)
    system.bridge = lambda bridge: bridge
    assert names(system, ref, pair.right_key)[0] != "One", "nothing old goes across"
    at_rest(system, ref, "Theirs")
