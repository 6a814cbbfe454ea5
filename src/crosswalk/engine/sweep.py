"""What an engine may have lost, found again: pairs that are due in the database and have no job. Engine-neutral."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from crosswalk.engine.port import BULK, CROWD, CROWDED, FARTHEST, INTERACTIVE, Engine
from crosswalk.store import intents, pairs

_log = logging.getLogger(__name__)

PAIR: Final = "pair"
"""The kind of jobs that run one pair; their keys are store.pairs.key_of."""

SWEEP_SECONDS: Final = 30.0
SWEEP_BATCH: Final = 500
_PAGE: Final = 50
NOTICED: Final = timedelta(seconds=30)
"""By how much a clock is set back before that is noticed: less, and every search reaches back far enough."""
NOT: Final = timedelta(0)
STOPPED: Final = timedelta(hours=1)
"""How long a process may have been stopped meanwhile: no clock that went on says it."""


class SetBack:
    """Notices that the clock was set back since it was asked last; `elapsed` are seconds that only go forward.

    Asked first, it compares with `newest`: the newest moment that is known from before this process.
    """

    def __init__(
        self, elapsed: Callable[[], float] = time.monotonic, newest: Callable[[], datetime | None] = lambda: None
    ) -> None:
        self._elapsed, self._newest = elapsed, newest
        self._last: tuple[datetime, float] | None = None

    def by(self, now: datetime) -> timedelta:
        """By how much, as the clock says `now`."""
        elapsed, before = self._elapsed(), self._last
        newest = self._newest() if before is None else None
        self._last = now, elapsed
        if before is None:
            ahead = NOT if newest is None else newest - now
            return ahead + STOPPED if ahead > NOTICED else NOT
        back = timedelta(seconds=elapsed - before[1]) - (now - before[0])
        return back if back > NOTICED else NOT


def sweep(engine: Engine, now: datetime, taken: QuerySet[Any], back: timedelta = NOT) -> int:
    """Enqueue pairs that are due at `now` and have no job, urgent ones first; returns how many.

    `taken` finds the engine's jobs, by the outer query's `job_key`. `back` is by how much the clock was set back.

    As many as make SWEEP_BATCH jobs ready, so that a load of 50,000 pairs is fed in pages and the queue stays quick;
    but always a page, whatever else waits. A page is one transaction: others write in between. Many for which people
    wait are a crowd here, too.
    """
    if back:
        older = intents.sent_earlier(back, now)
        _log.warning("The clock was set back by %s: %d creates without an answer are older than is kept.", back, older)
    if far := pairs.bring_back(now, timedelta(seconds=FARTHEST)):
        _log.warning("The clock was set back: %d pairs that waited for a moment far ahead are due now.", far)
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
