"""What connecting left behind, once per flavour and process; each further installation begins as a copy of it.

The store is a file, in which the sandboxes' addresses are changed. A sandbox is built anew and hears again what it was
told while the two were connected. `test_copies.py` holds a copy against an installation that was connected by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from crosswalk_sandbox.kernel.keeping import File
from tests.django_setup import HOME, on_sqlite

_NUMBERS = count(1)
Column = tuple[str, str]
"""A table, and one of its columns."""


@dataclass(frozen=True)
class Copy:
    """An installation as connecting left it."""

    store: Path
    places: Mapping[str, tuple[Column, ...]]
    """Where the store names the host and port of each sandbox."""
    told: tuple[File, ...]
    """What each sandbox was told."""
    now: datetime
    slept: tuple[float, ...]
    woken: Mapping[str, str]


def listen(*apps: Any) -> tuple[File, ...]:
    """Write down from now on what sandboxes are told."""
    files = []
    for app in apps:
        app.keeping.file = File(HOME / f"told-{next(_NUMBERS)}.sqlite3", {}, datetime.now().astimezone())
        files.append(app.keeping.file)
    return tuple(files)


def keep(apps: tuple[Any, ...], system: Any) -> Copy:
    """The copy of a system that has just been connected; its sandboxes are listened to no longer."""
    from django.db import connection

    told = tuple(app.keeping.file for app in apps)
    for app in apps:
        app.keeping.file = None
    store = HOME / f"connected-{next(_NUMBERS)}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(store)])
        places = {place: tuple(_columns(cursor, place)) for place in system.places}
    return Copy(store, places, told, system.now(), tuple(system.slept), dict(system.engine.keys))


def _columns(cursor: Any, place: str) -> Iterator[Column]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in cursor.fetchall():
        for line in cursor.execute(f'PRAGMA table_info("{table}")').fetchall():
            if cursor.execute(f'SELECT 1 FROM "{table}" WHERE instr("{line[1]}", %s)', [place]).fetchone():
                yield table, line[1]


def tell(app: Any, file: File) -> None:
    """Let a sandbox that was just built hear what another was told. It does not write it down again."""
    app.keeping.play_back(file, app)
    app.keeping.file = None


@contextmanager
def opened(copy: Copy, places: tuple[str, ...]) -> Iterator[Any]:
    """The store of a copy, for sandboxes that are elsewhere now."""
    from django.db import connection

    with on_sqlite(template=copy.store) as config:
        with connection.cursor() as cursor:
            for table, columns in _by_table(copy.places).items():
                _replace(cursor, table, columns, dict(zip(copy.places, places, strict=True)))
        yield config


def _by_table(places: Mapping[str, tuple[Column, ...]]) -> Mapping[str, Sequence[str]]:
    """The columns that name any place, by their table."""
    found: dict[str, dict[str, None]] = {}
    for table, column in chain.from_iterable(places.values()):
        found.setdefault(table, {})[column] = None
    return {table: list(columns) for table, columns in found.items()}


def _replace(cursor: Any, table: str, columns: Sequence[str], moved: Mapping[str, str]) -> None:
    """All in one statement: each is written to the file by itself."""
    # By way of a mark of its own for each: the new place of one may be the old one of the other.
    marked = [(old, f"<{old}>") for old in moved] + [(f"<{old}>", new) for old, new in moved.items()]
    set_to = [f'"{one}" = {"replace(" * len(marked)}"{one}"{", %s, %s)" * len(marked)}' for one in columns]
    cursor.execute(f'UPDATE "{table}" SET {", ".join(set_to)}', [*chain.from_iterable(marked)] * len(columns))
