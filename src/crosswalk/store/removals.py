"""Deletes that are wanted because the counterpart was deleted, and fields that are to be emptied: kept, counted, and
what people say about them. Texts that were replaced are counted here, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from crosswalk.merge.brake import Removal
from crosswalk.merge.rules import Side
from crosswalk.store.models import Pair, RemovalRow
from crosswalk.store.replaced_models import Replaced
from crosswalk.store.retention import remove

OPEN = Q(done_at=None)


def wanted(pair_id: int, side: Side, now: datetime, *, doubt: bool) -> Removal:
    """The open delete of a pair's record on `side`, made where there is none. Its time begins where a doubt ends, and
    anew where the clock was set back: it would wait for a moment that is far ahead.
    """
    row = _opened(pair_id, side, now, emptied=False, doubt=doubt)
    if row.doubt != doubt or row.since > now:
        row.since, row.doubt = now, doubt
        row.save(update_fields=["since", "doubt"])
    return Removal(side, row.since, row.word, row.doubt)


def emptying(pair_id: int, side: Side, now: datetime) -> str:
    """A person's word on what is to be emptied of a pair's record on `side`, which is kept from now on."""
    return _opened(pair_id, side, now, emptied=True).word


def _opened(pair_id: int, side: Side, now: datetime, *, emptied: bool, doubt: bool = False) -> RemovalRow:
    mine = RemovalRow.objects.filter(OPEN, pair_id=pair_id, side=side.value)
    mine.exclude(emptied=emptied).delete()  # what is deleted is not emptied, and the other way round
    fresh = {"since": now, "doubt": doubt}
    return mine.get_or_create(pair_id=pair_id, side=side.value, done_at=None, emptied=emptied, defaults=fresh)[0]


def allow(pair_ids: Iterable[int], side: Side, now: datetime, person: str = "") -> None:
    """Somebody saw that fields of these pairs' records on `side` are to be emptied, and said yes."""
    for pair_id in pair_ids:
        row = _opened(pair_id, side, now, emptied=True)
        row.word, row.person = "yes", person
        row.save(update_fields=["word", "person"])


def weigh(integration_id: int, side: Side, since: datetime, asked: Collection[str] = ()) -> tuple[int, int]:
    """How many deletes on `side` wait without a person's word or were done since `since`; how many pairs there are.

    What waits of the kinds `asked` is asked about one by one and does not count.
    """
    return _unspoken(integration_id, side, OPEN & ~Q(pair__kind__in=asked) | Q(done_at__gt=since), emptied=False)


def weigh_emptied(integration_id: int, side: Side, since: datetime) -> tuple[int, int]:
    """The same of pairs whose fields are to be emptied; of those that do not ask, what was begun since `since`."""
    asks = Q(pair__state=Pair.State.ASKING)
    return _unspoken(integration_id, side, OPEN & (asks | Q(since__gt=since)) | Q(done_at__gt=since), emptied=True)


def _unspoken(integration_id: int, side: Side, which: Q, *, emptied: bool) -> tuple[int, int]:
    rows = RemovalRow.objects.filter(which, pair__integration_id=integration_id, side=side.value, word="", doubt=False)
    count = rows.filter(emptied=emptied).values("pair_id").distinct().count()
    return count, Pair.objects.filter(integration_id=integration_id).count()


def replaced(integration_id: int, pair_id: int, side: Side, now: datetime, since: datetime) -> int:
    """A text of a pair's record on `side` is replaced; of how many pairs that was so since `since`, with this one."""
    row = Replaced(integration_id=integration_id, pair_id=pair_id, side=side.value, at=now)
    Replaced.objects.bulk_create([row], update_conflicts=True, unique_fields=["pair", "side"], update_fields=["at"])
    lately = Replaced.objects.filter(integration_id=integration_id, side=side.value, at__gt=since)
    return lately.filter(at__lte=now).count()  # the clock may have been set back


def close(pair_id: int, done_at: datetime | None, *, emptied: Side | None = None) -> None:
    """The open deletes of a pair were done, or (None) are wanted no more; with `emptied` what is emptied on a side."""
    rows = RemovalRow.objects.filter(OPEN, pair_id=pair_id, emptied=emptied is not None)
    rows = rows.filter(side=emptied.value) if emptied else rows
    if done_at is None:
        rows.delete()
    else:
        rows.update(done_at=done_at)


def prune(before: datetime) -> int:
    """Remove what was done before `before`; returns how many."""
    return remove(RemovalRow.objects.filter(done_at__lt=before)) + remove(Replaced.objects.filter(at__lt=before))


def waiting(integration_id: int) -> QuerySet[RemovalRow]:
    """What of an integration is to be deleted or emptied and waits for a person's word, oldest first."""
    found = RemovalRow.objects.filter(OPEN, pair__integration_id=integration_id, pair__state=Pair.State.ASKING, word="")
    return found.select_related("pair").order_by("pk")


def say(rows: QuerySet[RemovalRow], word: str, person: str) -> list[int]:
    """Keep a person's word on these, where nobody's is kept yet; the pairs they are of."""
    with transaction.atomic():
        pair_ids = [row.pair_id for row in rows.select_for_update(of=("self",))]
        RemovalRow.objects.filter(OPEN, pair_id__in=pair_ids).update(word=word, person=person)
        Pair.objects.filter(pk__in=pair_ids).update(state=Pair.State.WAITING)
    return pair_ids
