"""Conflicts as the store keeps them: what a run found, what a person answered. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from crosswalk.merge.disputes import Answer, Dispute
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, dump, load
from crosswalk.store import asked
from crosswalk.store.models import DisputeRow, Pair
from crosswalk.store.text import fit

OPEN = Q(winner="")


def known(pair_id: int) -> dict[str, Answer | None]:
    """The conflicts of a pair by field, each with its answer, or None while nobody gave one."""
    if not asked.disputed(pair_id):
        return {}
    return {row.field: answer_of(row) for row in DisputeRow.objects.filter(pair_id=pair_id)}


def answer_of(row: DisputeRow) -> Answer | None:
    """A person's word on a conflict."""
    if not row.winner:
        return None
    return Answer(Side(row.winner), value(row, "left"), value(row, "right"), row.person, row.erase)


def value(row: DisputeRow, name: str) -> Maybe:
    """One of the values of a conflict: left, right, held_left, held_right."""
    return load(row.values[name])


def keep(pair_id: int, found: Sequence[Dispute], at: datetime) -> None:
    """What a run found of a pair: new conflicts are kept, those that are no more go. One whose values are the same
    keeps since when it is there, and its answer."""
    if not found and not asked.disputed(pair_id):
        return
    rows = {row.field: row for row in DisputeRow.objects.filter(pair_id=pair_id)}
    names = {one.name for one in found}
    DisputeRow.objects.filter(pk__in=[row.pk for name, row in rows.items() if name not in names]).delete()
    by = Pair.objects.values_list("by", flat=True).get(pk=pair_id) if found else {}
    for one in found:
        values = _values(one)
        row = rows.get(fit(one.name, 200))
        if row is None or row.values != values:
            DisputeRow.objects.update_or_create(
                pair_id=pair_id, field=fit(one.name, 200), defaults=_columns(one, values, by, at)
            )


def _values(one: Dispute) -> dict[str, Any]:
    held = one.held
    return {
        "left": dump(one.left),
        "right": dump(one.right),
        "held_left": dump(held.left if held else MISSING),
        "held_right": dump(held.right if held else MISSING),
    }


def _columns(one: Dispute, values: dict[str, Any], by: Mapping[str, str], at: datetime) -> dict[str, Any]:
    return {
        "values": values,
        "left_at": one.at.get(Side.LEFT),
        "right_at": one.at.get(Side.RIGHT),
        "left_by": fit(one.by.get(Side.LEFT) or by.get("left", ""), 200),
        "right_by": fit(one.by.get(Side.RIGHT) or by.get("right", ""), 200),
        "since": at,
        "winner": "",
        "erase": False,
        "person": "",
        "answered_at": None,
    }


def answer(row: DisputeRow, word: Answer, at: datetime) -> bool:
    """Keep a person's word on what `row` showed; False where the conflict is another by now, or answered."""
    values = {**row.values, "left": dump(word.left), "right": dump(word.right)}
    changes = {"winner": word.winner.value, "erase": word.erase, "person": fit(word.person, 200), "answered_at": at}
    open_ = DisputeRow.objects.filter(OPEN, pk=row.pk, since=row.since)
    return bool(open_.update(values=values, **changes))


def waiting(integration_id: int | None = None) -> QuerySet[DisputeRow]:
    """Conflicts that wait for a person's word, the oldest first."""
    found = DisputeRow.objects.filter(OPEN, pair__held="").exclude(pair__state=Pair.State.GONE)
    if integration_id is not None:
        found = found.filter(pair__integration_id=integration_id)
    return found.select_related("pair", "pair__integration").order_by("pk")
