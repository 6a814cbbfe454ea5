"""Removes what is kept only for a while, in small batches: others write in between. Decides nothing about how long."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from crosswalk.store.models import JournalEntry

BATCH: Final = 500


def remove(rows: QuerySet[Any], *, batch: int = BATCH) -> int:
    """Delete `rows`, oldest first, a transaction for each batch; returns how many. None may point to them."""
    count, last = 0, 0
    while True:
        some = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch])
        if some:
            rows.model._base_manager.filter(pk__in=some).delete()
            count, last = count + len(some), some[-1]
        if len(some) < batch:
            return count


def journal(before: datetime) -> int:
    """Remove lines of the journal from before `before`; returns how many."""
    return remove(JournalEntry.objects.filter(at__lt=before))


def sessions(now: datetime) -> int:
    """Remove sessions that have ended; returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
