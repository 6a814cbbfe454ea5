"""What an engine may have lost, found again: pairs that are due in the database and have no job. Engine-neutral."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from crosswalk.engine.port import BULK, CROWD, CROWDED, FARTHEST, INTERACTIVE, Engine
from crosswalk.store import pairs

_log = logging.getLogger(__name__)

PAIR: Final = "pair"
"""The kind of jobs that run one pair; their keys are store.pairs.key_of."""

SWEEP_SECONDS: Final = 30.0
SWEEP_BATCH: Final = 500
_PAGE: Final = 50


def sweep(engine: Engine, now: datetime, taken: QuerySet[Any]) -> int:
    """Enqueue pairs that are due at `now` and have no job, urgent ones first; returns how many.

    `taken` finds the engine's jobs, by the outer query's `job_key`.

    As many as make SWEEP_BATCH jobs ready, so that a load of 50,000 pairs is fed in pages and the queue stays quick;
    but always a page, whatever else waits. A page is one transaction: others write in between. Many for which people
    wait are a crowd here, too.
    """
    if back := pairs.bring_back(now, timedelta(seconds=FARTHEST)):
        _log.warning("The clock was set back: %d pairs that waited for a moment far ahead are due now.", back)
    room = max(SWEEP_BATCH - engine.stats().ready, _PAGE)
    found = pairs.due_pairs(now, room, taken)
    asked = CROWDED if pairs.many_asked_for(CROWD, now) else INTERACTIVE
    for start in range(0, len(found), _PAGE):
        with transaction.atomic():
            # In the order of their ids, as everybody asks for jobs of several pairs in one transaction: two who did so
            # in different orders would wait for each other.
            for due in sorted(found[start : start + _PAGE], key=lambda one: pairs.pair_of_key(one.key)):
                engine.enqueue(due.key, PAIR, priority=asked if due.urgent else BULK)
    return len(found)
