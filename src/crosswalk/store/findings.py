"""Findings as the store keeps them: laid down by a search, read a page at a time, ticked, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crosswalk.store.models import Errand, Finding, Pair

PAGE = 50
DONE, REFUSED, IGNORED = "done", "refused", "ignored"
OPEN = Q(state__in=("", REFUSED))
"""Nothing came of it yet: it may be ticked."""
_BATCH = 1_000


def keep(errand: Errand, rows: Iterable[Finding]) -> int:
    """Keep `rows` as what `errand` found, in their order; what earlier ones of its kind found goes. How many."""
    found = list(rows)
    older = Finding.objects.filter(errand__integration=errand.integration_id, errand__what=errand.what)
    with transaction.atomic():
        older.delete()
        for place, row in enumerate(found):
            row.errand, row.place = errand, place
        for start in range(0, len(found), _BATCH):
            Finding.objects.bulk_create(found[start : start + _BATCH])
    return len(found)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings of one state and confidence there are, and how many of them are ticked."""

    state: str
    clear: bool
    confidence: int
    all: int
    ticked: int


def tallies(some: QuerySet[Finding]) -> list[Tally]:
    """How many there are by their state and how sure they are, the surest first; one query, of all from an index."""
    grouped = some.order_by().values("state", "clear", "confidence", "ticked")
    found: dict[tuple[str, bool, int], Tally] = {}
    for row in grouped.annotate(all=Count("id")):
        key = row["state"], row["clear"], row["confidence"]
        was = found.get(key, Tally(*key, 0, 0))
        found[key] = Tally(*key, was.all + row["all"], was.ticked + (row["all"] if row["ticked"] else 0))
    return sorted(found.values(), key=lambda one: (not one.clear, -one.confidence))


def ticked(errand: Errand) -> QuerySet[Finding]:
    """Those that a person ticked and nothing came of yet, in their order."""
    return Finding.objects.filter(OPEN, errand=errand, ticked=True).order_by("place")


def tick(errand: Errand, shown: Iterable[int], chosen: Iterable[int]) -> None:
    """Of the findings that a page showed, those that are chosen are ticked, and the others are not."""
    mine = Finding.objects.filter(OPEN, errand=errand, pk__in=list(shown))
    wanted = list(chosen)
    mine.filter(pk__in=wanted).update(ticked=True)
    mine.exclude(pk__in=wanted).update(ticked=False)


def tick_all(some: QuerySet[Finding], *, on: bool) -> int:
    """Tick (or untick) all of `some` that nothing came of yet; how many were not."""
    return some.filter(OPEN, ticked=not on).update(ticked=on)


def in_no_pair(errand: Errand) -> QuerySet[Finding]:
    """Those that nothing came of yet and whose issue no pair of the integration holds by now."""
    held = Pair.objects.filter(
        integration=errand.integration_id, right_kind=OuterRef("right_kind"), right_id=OuterRef("right_id")
    )
    return Finding.objects.filter(OPEN, ~Exists(held), errand=errand)


def page(some: QuerySet[Finding], after: int) -> tuple[list[Finding], bool]:
    """Those of `some` from behind the place `after`, a page of them, and whether there are more."""
    rows = list(some.filter(place__gt=after).select_related("pair").order_by("place")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE
