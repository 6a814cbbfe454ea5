"""Many issues that changed at once are looked at in few requests, and whatever did change in them is carried."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.path.looking import assert_quiet
from tests.path.matrix.bugs import Around
from tests.path.system import System
from tests.path.test_load import asked, everything, go, planned

FAMILIES = 8  # with two requirements each: more than go one by one


def age(system: System) -> None:
    """Long ago: no poll tells any more of what was there before."""
    for _ in range(2):
        system.pass_time(600)
        system.poll()
        system.drain()


@pytest.fixture
def loaded(system: System) -> tuple[System, list[Any]]:
    """Families that were there for long, and were just sent as a load."""
    release, refs = planned(system, FAMILIES)
    age(system)
    go(system, asked(system, release))
    system.pass_time(60)
    system.forget()
    return system, refs


def test_what_a_load_made_is_not_read_one_by_one(loaded: tuple[System, list[Any]]) -> None:
    system, _ = loaded
    assert system.poll() <= 1, "the release, whose features came in"
    system.drain()
    paths = [path for side in ("aha", "jira") for _, path in system.requests(side)]
    assert not [path for path in paths if "/requirements/" in path or "/features/FAB" in path]
    assert len(paths) <= 12


def test_what_changed_among_them_is_carried(loaded: tuple[System, list[Any]]) -> None:
    system, refs = loaded
    pairs = everything(system, refs)
    renamed, talked, plain = pairs[1], pairs[4], pairs[9]
    system.jira.rename(renamed.right_key, "Renamed among many")
    system.jira.send("POST", f"/issue/{talked.right_key}/comment", {"body": "Said among many"})
    place = {"project": {"key": "FAB"}, "parent": {"key": pairs[0].right_key}, "issuetype": {"name": "Sub-task"}}
    system.jira.send("POST", "/issue", {"fields": {**place, "summary": "Made among many"}})
    system.poll()
    system.drain()
    found = {pair.pk: pair for pair in everything(system, refs)}
    assert system.aha.record("requirements", renamed.left_id)["name"] == "Renamed among many"
    said = system.aha.get(f"/requirements/{talked.left_id}/comments")["comments"]
    assert ["Said among many" in one["body"] for one in said] == [True]
    assert "Made among many" in [pair.title for pair in system.children(refs[0])]
    assert found[plain.pk].dirty == plain.dirty, "nobody looked at it"
    assert_quiet(system, refs[2], 1)


class Robot(Around):
    """A Jira whose automation comments on every issue as soon as it is there."""

    def read_new(self, refs: Any) -> Any:
        for ref in refs:
            self.bridge.jira.send("POST", f"/issue/{ref.id}/comment", {"body": "Thank you"})
        return self.real.read_new(refs)


@pytest.mark.parametrize("at_once", [True, False])
def test_what_an_automation_says_at_once_is_carried(system: System, at_once: bool) -> None:
    from crosswalk.store import loads
    from crosswalk.sync.installation import current
    from crosswalk.sync.loading import send_many

    _, refs = planned(system, 2)
    age(system)
    system.send(refs.pop())  # so that their release is across
    system.bridge = lambda bridge: replace(bridge, right=Robot(bridge.right, system))
    if at_once:
        bridge = system.bridge(current().bridges.of(system.integration))
        records = {record.ref: record for record in bridge.left.listed("feature", 1)[0]}
        new = loads.untouched(system.integration, refs, system.now())
        assert send_many(bridge, {pk: records[ref] for ref, pk in new.items()}, lambda: 0.5).whole == len(refs)
        system.drain()
    else:
        system.send(refs[0])
    system.pass_time(60)
    system.poll()
    system.drain()
    for pair in everything(system, refs):
        said = system.aha.get(f"/{pair.left_kind}s/{pair.left_id}/comments")["comments"]
        assert ["Thank you" in one["body"] for one in said] == [True], pair.left_key
