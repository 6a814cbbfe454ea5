"""A side that answers with an old state: nothing old is written over what is newer, and all is well afterwards."""

from __future__ import annotations

import pytest

from tests.path.system import System


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
