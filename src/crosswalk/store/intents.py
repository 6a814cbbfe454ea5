"""Creates whose answer is awaited, all at once. What one run does with its own is the ledger's half."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Max

from crosswalk.store.models import CreateIntent, JournalEntry


def newest() -> datetime | None:
    """The newest moment that is kept: of the journal's last line, or of a create whose answer is awaited."""
    said = JournalEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    sent = CreateIntent.objects.filter(closed_at=None).aggregate(at=Max("since"))["at"]
    return max((moment for moment in (said, sent) if moment is not None), default=None)


def sent_earlier(by: timedelta, now: datetime) -> int:
    """The clock was set back `by` so much: what was sent before is older than is kept; of how many creates.

    What a lost answer may have left behind is searched for from that moment on; a search that begins too late does not
    find it, and it is made again. One that begins too early only takes longer.
    """
    awaited = CreateIntent.objects.filter(closed_at=None)
    awaited.filter(sent_at__gt=now).update(sent_at=now)
    return awaited.update(since=F("since") - by)
