"""Matches and integrations by the hundred, laid into the stage's database: the sandboxes would take a minute.

Read and written without Crosswalk's own code. What was linked of them goes again, so that no test meets it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

_ROW = """
    INSERT INTO store_finding (errand_id, place, kind, confidence, clear, ticked, state, left_kind, left_id, left_key,
        left_name, right_kind, right_id, right_key, right_name, type, below, why, rivals, changes, trouble)
    SELECT id, 1000 + :n, 'feature', :sure, 1, 0, '', 'feature', 'made-up-' || :n, 'MADE-' || :n, 'Made up ' || :n,
        'issue', 'made-up-' || :n, 'UP-' || :n, 'made up ' || :n, '', '', 'they have the same name', '[]', '[]', ''
    FROM store_errand WHERE what = 'match' ORDER BY id DESC LIMIT 1"""
_LINKED = "SELECT id FROM store_pair WHERE left_id LIKE 'made-up-%'"
_AWAY = (
    "DELETE FROM store_finding WHERE left_id LIKE 'made-up-%'",
    f"DELETE FROM store_journalentry WHERE pair_id IN ({_LINKED})",
    "DELETE FROM store_pair WHERE left_id LIKE 'made-up-%'",
)


@contextmanager
def made_up_matches(home: Path, counts: Mapping[int, int]) -> Iterator[None]:
    """So many matches of each confidence, behind what the last search found."""
    sure = [confidence for confidence, count in counts.items() for _ in range(count)]
    with closing(sqlite3.connect(home / "crosswalk.sqlite3", timeout=60)) as database:
        with database:
            database.executemany(_ROW, [{"n": number, "sure": one} for number, one in enumerate(sure)])
        try:
            yield
        finally:
            with database:
                for words in _AWAY:
                    database.execute(words)


@contextmanager
def made_up_integrations(home: Path, count: int) -> Iterator[None]:
    """So many integrations like the first, each of a workspace and a project of its own, and paused; every tenth could
    not ask Jira."""
    with closing(sqlite3.connect(home / "crosswalk.sqlite3", timeout=60)) as database:
        database.row_factory = sqlite3.Row
        first = dict(database.execute("SELECT * FROM store_integration ORDER BY id LIMIT 1").fetchone())
        del first["id"]
        names = ", ".join(first)
        with database:
            for number in range(count):
                key = f"MADE{number}"
                trouble = "" if number % 10 else "Jira could not be asked what changed: it does not answer."
                own = {"workspace": key, "workspace_key": key, "project": key, "project_key": key, "enabled": 0}
                row = {**first, **own, "name": f"Made up {number}", "trouble": trouble}
                words = f"INSERT INTO store_integration ({names}) VALUES ({', '.join(f':{name}' for name in row)})"
                database.execute(words, row)
        try:
            yield
        finally:
            with database:
                database.execute("DELETE FROM store_integration WHERE name LIKE 'Made up %'")


@contextmanager
def made_up_failure(home: Path, connection: int, *, paused: bool) -> Iterator[None]:
    """The last test of a connection failed, with its credential refused or with no answer at all."""
    said = "The token is not accepted." if paused else "The server does not answer."
    failed = "UPDATE store_connection SET server = json_set(server, '$.trouble', ?), paused = ? WHERE id = ?"
    mended = "UPDATE store_connection SET server = json_remove(server, '$.trouble'), paused = '' WHERE id = ?"
    with closing(sqlite3.connect(home / "crosswalk.sqlite3", timeout=60)) as database:
        with database:
            database.execute(failed, (said, said if paused else "", connection))
        try:
            yield
        finally:
            with database:
                database.execute(mended, (connection,))
