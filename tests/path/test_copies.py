"""An installation that begins as a copy is the same as one that was connected by itself: store, sandboxes, and all."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import tzinfo
from enum import Enum
from typing import Any

import pytest

from crosswalk_sandbox.kernel.clock import Clock
from tests.path import copies
from tests.path.system import COPIES, System, running

RANDOM = {"secret", "certificate", "proxy_login", "hook_secret", "hook_signature"}
"""Columns that chance has a part in."""
CLOCKED = {"created_at", "updated_at", "seconds", "applied"}
"""Columns that the machine's own clock is written into."""


@pytest.mark.parametrize("flavour", ["cloud", "dc"])
def test_a_copy_is_as_what_was_connected_by_itself(flavour: str) -> None:
    with running(flavour):
        kept = COPIES[flavour]
    with running(flavour, afresh=True) as system:
        wanted = _whole(system)
    COPIES[flavour] = kept
    with running(flavour) as system:
        found = _whole(system)
        assert system.send(system.feature("Bell")).state == "agreed"
    assert {"store_connection", "store_integration", "store_projectdata"} <= wanted["store"].keys()
    assert "FAB-1" in str(wanted["jira"])
    assert "FAB-1" in str(wanted["aha"])
    for part, held in wanted.items():
        assert found[part] == held, part


def test_the_new_place_of_one_sandbox_may_be_the_old_one_of_the_other() -> None:
    """The machine hands ports out again."""
    with running("cloud"):
        kept = COPIES["cloud"]
    aha, jira = kept.places
    with copies.opened(kept, (jira, aha)):
        from crosswalk.store.models import Integration

        found = Integration.objects.get()
        assert (jira in found.aha.address, aha in found.jira.address) == (True, True)


def _whole(system: System) -> dict[str, Any]:
    places = dict(zip(system.places, ("aha", "jira"), strict=True))
    return {
        "store": _store(places),
        "jira": _plain(system.site, {}),
        "aha": _plain(system.account, {}),
        "moment": (system.now(), [*system.slept], {**system.engine.keys}),
        "readable": [system.integration.aha.secret.reveal(), system.integration.jira.secret.reveal()],
        "mapping": system.integration.mapping,
    }


def _store(places: Mapping[str, str]) -> dict[str, list[str]]:
    """Every row of every table that has some."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            names = [column[0] for column in cursor.description]
            rows = [
                {name: value for name, value in zip(names, row, strict=True) if name not in RANDOM | CLOCKED}
                for row in cursor.fetchall()
            ]
            text = [
                str({name: round(one) if isinstance(one, float) else one for name, one in row.items()}) for row in rows
            ]
            for address, name in places.items():
                text = [line.replace(address, name) for line in text]
            if text:
                found[table] = text
    return found


def _plain(value: Any, seen: dict[int, int]) -> Any:
    """The state of an object in plain values; what was met before is named by its number."""
    if isinstance(value, str | int | float | bytes | tzinfo | Enum | None):
        return value
    if callable(value):
        return getattr(value, "__qualname__", "")
    if isinstance(value, Clock):
        return str(value.now())
    if id(value) in seen:
        return f"number {seen[id(value)]}"
    seen[id(value)] = len(seen)
    if isinstance(value, Mapping):
        return [(_plain(name, seen), _plain(one, seen)) for name, one in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple | deque):
        return [_plain(one, seen) for one in value]
    names = [
        *getattr(value, "__dict__", ()),
        *(n for kind in type(value).__mro__ for n in getattr(kind, "__slots__", ())),
    ]
    held = [(name, _plain(getattr(value, name, None), seen)) for name in names if name != "contexts"]
    return type(value).__name__, held or str(value)
