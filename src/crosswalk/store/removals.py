"""Deletes that are wanted because the counterpart was deleted: kept, counted, and what people say about them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from crosswalk.merge.brake import Removal
from crosswalk.merge.rules import Side
from crosswalk.store.models import Pair, RemovalRow

OPEN = Q(done_at=None)


def wanted(pair_id: int, side: Side, now: datetime, *, doubt: bool) -> Removal:
    """The open delete of a pair's record on `side`, made where there is none. Its time begins where a doubt ends."""
    fresh = {"since": now, "doubt": doubt}
    row, _ = RemovalRow.objects.get_or_create(pair_id=pair_id, side=side.value, done_at=None, defaults=fresh)
    if row.doubt != doubt:
        row.since, row.doubt = now, doubt
        row.save(update_fields=["since", "doubt"])
    return Removal(side, row.since, row.word, row.doubt)


def weigh(integration_id: int, side: Side, since: datetime) -> tuple[int, int]:
    """How many deletes on `side` wait without a person's word or were done since `since`; how many pairs there are."""
    unspoken = RemovalRow.objects.filter(pair__integration_id=integration_id, side=side.value, word="", doubt=False)
    hit = unspoken.filter(OPEN | Q(done_at__gt=since)).count()
    return hit, Pair.objects.filter(integration_id=integration_id).count()


def close(pair_id: int, done_at: datetime | None) -> None:
    """The open deletes of a pair were done, or (None) are wanted no more."""
    rows = RemovalRow.objects.filter(OPEN, pair_id=pair_id)
    if done_at is None:
        rows.delete()
    else:
        rows.update(done_at=done_at)


def waiting(integration_id: int) -> QuerySet[RemovalRow]:
    """The deletes of an integration that wait for a person's word, oldest first."""
    found = RemovalRow.objects.filter(OPEN, pair__integration_id=integration_id, pair__state=Pair.State.ASKING, word="")
    return found.select_related("pair").order_by("pk")


def say(rows: QuerySet[RemovalRow], word: str, person: str) -> list[int]:
    """Keep a person's word on these deletes; the pairs they are of."""
    pair_ids = list(rows.values_list("pair_id", flat=True))
    RemovalRow.objects.filter(OPEN, pair_id__in=pair_ids).update(word=word, person=person)
    Pair.objects.filter(pk__in=pair_ids).update(state=Pair.State.WAITING)
    return pair_ids
