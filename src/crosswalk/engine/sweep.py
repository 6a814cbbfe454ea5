"""What an engine may have lost, found again: pairs that are due in the database and have no job. Engine-neutral."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from crosswalk.engine.port import BULK, INTERACTIVE, Engine
from crosswalk.store import pairs

PAIR: Final = "pair"
"""The kind of jobs that run one pair; their keys are store.pairs.key_of."""

SWEEP_SECONDS: Final = 30.0
SWEEP_BATCH: Final = 1_000


def sweep(engine: Engine, now: datetime) -> int:
    """Enqueue at most SWEEP_BATCH pairs that are due at `now` and have no job; returns how many."""
    found = pairs.due_pairs(now, SWEEP_BATCH)
    for due in found:
        engine.enqueue(due.key, PAIR, priority=INTERACTIVE if due.urgent else BULK)
    return len(found)
