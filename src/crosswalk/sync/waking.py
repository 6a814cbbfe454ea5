"""Raises dirty counters and nudges the engine. A wake-up says "look at this pair", and nothing about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crosswalk.engine.port import BULK, HOOKED, INTERACTIVE, Engine
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import pairs
from crosswalk.store.models import Pair

PAIR, POLL, SWEEP, APPROVED, INBOX = "pair", "poll", "sweep", "approved", "inbox"


def wake(engine: Engine, pair_ids: Iterable[int], at: datetime, *, urgent: bool = False, bulk: bool = False) -> int:
    """Have these pairs looked at now; `urgent` where a person waits, `bulk` where nobody does. How many there were."""
    chosen = sorted(set(pair_ids))
    pairs.mark_dirty(chosen, at, urgent=urgent)
    priority = INTERACTIVE if urgent else BULK if bulk else HOOKED
    for pair_id in chosen:
        engine.enqueue(pairs.key_of(pair_id), PAIR, priority=priority)
    return len(chosen)


def pairs_about(integration_ids: Iterable[int], side: Side, refs: Iterable[Ref]) -> list[int]:
    """The pairs of these integrations that `refs` concern, by id, else by key.

    A requirement nobody knows yet concerns its feature: `FAB-7-2` stands below `FAB-7` (Aha! reference numbers).
    """
    found: list[int] = []
    known = Pair.objects.filter(integration_id__in=list(integration_ids))
    for ref in refs:
        by_id = (
            known.filter(**{f"{side.value}_id": ref.id, f"{side.value}_kind": ref.kind})
            if ref.id
            else Pair.objects.none()
        )
        ids = list(by_id.values_list("pk", flat=True))
        for key in (ref.key, ref.key.rpartition("-")[0]) if ref.key else ():
            if ids or not key:
                break
            ids = list(known.filter(**{f"{side.value}_key": key}).values_list("pk", flat=True))
        found += ids
    return found
