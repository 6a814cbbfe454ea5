"""What the stage's Crosswalk knows, in words, for a test that failed: pairs, jobs, hooks, history, its console.

Read from its database without Crosswalk's own code, and without a word that could change anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

TABLES = {
    "Pairs, the newest first": """
        SELECT left_key, right_key, state, dirty, done, left_told, right_told, due_at, tries, held, woken, reason
        FROM store_pair ORDER BY agreed_at DESC NULLS FIRST LIMIT 12""",
    "Jobs": "SELECT key, state, priority, due_at, started_at, tries FROM store_job ORDER BY due_at",
    "Hooks": """
        SELECT side, received_at, seen_at, outcome FROM store_hookdelivery
        ORDER BY id DESC LIMIT 12""",
    "History": """
        SELECT entry.at, pair.left_key, entry.level, entry.what, entry.why, entry.old, entry.new
        FROM store_journalentry AS entry LEFT JOIN store_pair AS pair ON pair.id = entry.pair_id
        ORDER BY entry.id DESC LIMIT 25""",
    "Requests of the last minute that ended": """
        SELECT account, status, count(*), max(seconds) FROM store_requestentry
        WHERE at > (SELECT max(at) FROM store_requestentry) - 60 GROUP BY account, status""",
    "Integrations": """
        SELECT name, enabled, trouble, hooked_at, polled_at, stopped FROM store_integration""",
}


def told(home: Path, said: Sequence[str]) -> str:
    """Everything there is to know about what went on in the installation at `home`, whose console `said` so much."""
    parts = []
    with closing(sqlite3.connect(f"file:{home / 'crosswalk.sqlite3'}?mode=ro", uri=True)) as database:
        for title, question in TABLES.items():
            found = database.execute(question)
            names = " | ".join(column[0] for column in found.description)
            parts.append("\n".join([f"{title}: {names}", *(f"  {' | '.join(map(str, row))}" for row in found)]))
    return "\n\n".join([*parts, "Console:\n" + "".join(said[-30:])])
