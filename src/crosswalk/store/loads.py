"""The pairs of a load: made many at once, and told apart by whether a load may touch them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import claims
from crosswalk.store.models import CreateIntent, Integration, Pair
from crosswalk.store.views import end_columns

FREE = Q(right_id=None, held="", state=Pair.State.NEW, joining__isnull=True, dirty=F("done"))


def taken(integration: Integration, kind: str) -> QuerySet[Pair]:
    """The pairs of records of `kind`, still in Aha! as far as is known, that a load leaves alone."""
    known = Pair.objects.filter(integration=integration, left_kind=kind).exclude(left_id=None)
    return known.exclude(FREE).exclude(state=Pair.State.GONE)


def untouched(integration: Integration, refs: Sequence[Ref], at: datetime) -> dict[Ref, int]:
    """The pairs of those of `refs` (on the left, of one kind) that nobody has begun to send, made where there is none.

    Left out is what has a counterpart, waits for a run of its own, is held, stopped, in doubt about a create that was
    not answered, or belongs to another integration.
    """
    with transaction.atomic():
        claims.one_at_a_time(integration)
        theirs = {} if integration.mapping.get("shared") is True else claims.elsewhere(integration, Side.LEFT, refs)
        known = {pair.left_id for pair in _of(integration, refs)}
        fresh = [ref for ref in refs if ref.id not in known and ref not in theirs]
        Pair.objects.bulk_create(
            Pair(
                integration=integration,
                kind=ref.kind,
                title=ref.key,
                dirty=0,
                due_at=at,
                **end_columns(Side.LEFT, ref),
            )
            for ref in dict.fromkeys(fresh)
        )
        chosen = {pair.left_id: pair.pk for pair in _of(integration, refs).filter(FREE)}
    doubtful = _doubtful(chosen.values())
    return {ref: pk for ref in refs if (pk := chosen.get(ref.id)) is not None and pk not in doubtful}


def _of(integration: Integration, refs: Iterable[Ref]) -> QuerySet[Pair]:
    wanted = list(refs)
    kinds = {ref.kind for ref in wanted}
    return Pair.objects.filter(integration=integration, left_kind__in=kinds, left_id__in=[ref.id for ref in wanted])


def _doubtful(pair_ids: Iterable[int]) -> set[int]:
    """Those of some pairs that, or below which, a create was sent and not answered."""
    ids = list(pair_ids)
    own = CreateIntent.objects.filter(closed_at=None, sent_at__isnull=False)
    rows = own.filter(Q(pair_id__in=ids) | Q(pair__parent_id__in=ids)).values_list("pair_id", "pair__parent_id")
    return {one for row in rows for one in row if one is not None}
