"""What a poll named counts as told when its cursor was kept: until then nobody was woken by it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from tests.path.system import System

FULL = "CREATE TRIGGER full BEFORE UPDATE OF dirty ON store_pair BEGIN SELECT RAISE(ABORT, 'disk is full'); END"


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_what_a_full_database_did_not_keep_is_named_by_the_next_poll(system: System, side: str) -> None:
    system.poll()
    ref = system.feature("Bell")
    pair = system.send(ref)
    for _ in range(2):
        system.pass_time(30)
        system.poll()
        system.drain()
    if side == "aha":
        system.aha.rename("features", ref.key, "Siren")
    else:
        system.jira.rename(pair.right_key, "Siren")
    system.pass_time(30)
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        with pytest.raises(DatabaseError):
            system.poll()
        cursor.execute("DROP TRIGGER full")
    assert system.poll() == 1
    system.drain()
    assert system.jira.summary(pair.right_key) == system.aha.name("features", ref.key) == "Siren"
    system.pass_time(30)
    system.poll()  # what Crosswalk wrote is named once
    system.drain()
    system.pass_time(30)
    assert system.poll() == 0
