"""What a poll named, no other process names again: neither after a restart nor on another machine."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from tests.path.system import System

FULL = "CREATE TRIGGER full BEFORE UPDATE OF dirty ON store_pair BEGIN SELECT RAISE(ABORT, 'disk is full'); END"


def _restart(system: System) -> None:
    """The process ends and another one begins: what is in memory is gone."""
    from crosswalk.sync.installation import current

    current().bridges.forget()
    system.pass_time(30)


def _polled(system: System) -> tuple[int, int]:
    """How many pairs a poll wakes, and how many requests it and their runs take."""
    system.forget()
    woken = system.poll()
    system.drain()
    return woken, len(system.requests("aha")) + len(system.requests("jira"))


def test_a_restart_after_a_load_costs_nothing(system: System) -> None:
    system.poll()
    for number in range(6):
        system.send(system.feature(f"Bell {number}", 2))
    _polled(system)
    _restart(system)
    assert _polled(system) == (0, 3)


def test_what_changes_after_a_restart_is_carried(system: System) -> None:
    system.poll()
    ref = system.feature("Bell")
    pair = system.send(ref)
    _polled(system)
    _restart(system)
    system.aha.rename("features", ref.key, "Horn")
    assert _polled(system)[0] == 1
    assert system.jira.summary(pair.right_key) == "Horn"
    _restart(system)
    system.jira.edit(pair.right_key, summary="Siren")
    assert _polled(system)[0] >= 1
    assert system.aha.name("features", ref.key) == "Siren"


def test_what_a_full_database_did_not_keep_is_named_by_the_next_poll(system: System) -> None:
    """The poll read that it changed, and had not woken the pair yet: nobody was told."""
    system.poll()
    pair = system.send(system.feature("Bell"))
    _polled(system)
    system.jira.edit(pair.right_key, summary="Siren")
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        with pytest.raises(DatabaseError):
            system.poll()
        cursor.execute("DROP TRIGGER full")
    assert _polled(system)[0] == 1
