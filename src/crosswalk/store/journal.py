"""The journal: lines are appended and read, never changed. Knows nothing of why they are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from crosswalk.merge.pairs import Entry
from crosswalk.store.models import JournalEntry
from crosswalk.store.text import fit

RECENT = 10


def append(
    integration_id: int,
    entries: Sequence[Entry],
    at: datetime,
    *,
    pair_id: int | None = None,
    run: int | None = None,
    person: str = "",
) -> None:
    """Append `entries`, in order, as of `at`. `run` is the fence of the run that did it, `person` who caused it."""
    JournalEntry.objects.bulk_create(
        JournalEntry(
            at=at,
            integration_id=integration_id,
            pair_id=pair_id,
            run=run,
            person=fit(person, 200),
            level=entry.level,
            what=fit(entry.what),
            why=fit(entry.why),
            side=entry.side.value if entry.side else "",
            field=fit(entry.field, 200),
            old=fit(entry.old),
            new=fit(entry.new),
            remedy=fit(entry.remedy),
            code=entry.code,
            kept=entry.kept,
        )
        for entry in entries
    )


def says_already(pair_id: int, entry: Entry) -> bool:
    """Whether the pair's last lines about the entry's field (on its side) say this, and no person acted since.

    Looked through are the warnings since that field was last carried, at most `RECENT` of them.
    """
    about = Q(field=fit(entry.field, 200), side=entry.side.value if entry.side else "")
    texts = (entry.what, entry.why, entry.old, entry.new, entry.remedy)
    wanted = (entry.level, *map(fit, texts), entry.code)
    for line in JournalEntry.objects.filter(about | ~Q(person=""), pair_id=pair_id).order_by("-id")[:RECENT]:
        if line.person or line.level == "info":
            return False
        if (line.level, line.what, line.why, line.old, line.new, line.remedy, line.code) == wanted:
            return True
    return False


def of_pair(pair_id: int, *, limit: int = 200, family: bool = False) -> list[JournalEntry]:
    """The last `limit` lines about a pair (with `family`, also about the pairs below it), oldest first."""
    lines = JournalEntry.objects.filter(pair_id=pair_id)
    if family:
        lines |= JournalEntry.objects.filter(pair__parent_id=pair_id)
    return list(reversed(lines.select_related("pair").order_by("-id")[:limit]))


def of_integration(integration_id: int, *, limit: int = 200) -> list[JournalEntry]:
    """The last `limit` lines of an integration, oldest first."""
    lines = JournalEntry.objects.filter(integration_id=integration_id)
    return list(reversed(lines.select_related("pair").order_by("-id")[:limit]))


def after(entry_id: int, *, integration_id: int | None = None, limit: int = 200) -> list[JournalEntry]:
    """The first `limit` lines written after the line `entry_id` (0: from the start), oldest first: for the live log."""
    lines = JournalEntry.objects.filter(id__gt=entry_id)
    if integration_id is not None:
        lines = lines.filter(integration_id=integration_id)
    return list(lines.select_related("pair", "integration").order_by("id")[:limit])
