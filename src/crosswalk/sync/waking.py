"""Raises dirty counters and nudges the engine. A wake-up says "look at this pair, something changed on that side"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from crosswalk.engine.port import BULK, CROWD, CROWDED, HOOKED, INTERACTIVE, Engine
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import pairs
from crosswalk.store.models import Integration, Pair

PAIR, POLL, SWEEP, APPROVED, INBOX = "pair", "poll", "sweep", "approved", "inbox"
APPROVAL = "approval"
"""The job that carries what somebody approved, as an APPROVED sweep. A former version, which may still run beside this
one, would carry all it finds by a job called as that sweep is; of other kinds it takes none."""
COMPARE = "compare"
"""A sweep that a person asked for now: it does not wait with the one of the schedule, and has the same brake."""
ERRAND = "errand"
NEW = "new"
"""An integration that a person asked for is made."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What woke a pair, for its history, and the side on which something changed, if that is known."""

    text: str = ""
    side: Side | None = None


NOBODY = Cause()


def enqueue(engine: Engine, kind: str, number: int, *, priority: int = BULK, delay: float = 0.0) -> None:
    """Have work of `kind` done about an integration (or an errand), by its number; never doubled while it waits."""
    engine.enqueue(f"{kind}:{number}", kind, priority=priority, delay=delay)


def number_of(key: str) -> int:
    """The number that `enqueue` put into a key."""
    return int(key.rpartition(":")[2])


def wake(
    engine: Engine,
    pair_ids: Iterable[int],
    at: datetime,
    *,
    urgent: bool = False,
    bulk: bool = False,
    cause: Cause = NOBODY,
) -> int:
    """Have these pairs looked at now; `urgent` where a person waits, `bulk` where nobody does. How many there were.

    A crowd goes behind what is woken one by one, whoever asks: a person who sends thousands must not have everybody's
    hooks wait for them. It goes before what nobody waits for: a load may take hours.
    """
    chosen = sorted(set(pair_ids))
    pairs.mark_dirty(chosen, at, urgent=urgent, side=cause.side, cause=cause.text)
    alone = INTERACTIVE if urgent else HOOKED
    enqueue_pairs(engine, chosen, BULK if bulk else CROWDED if len(chosen) > CROWD else alone)
    return len(chosen)


def go_on(engine: Engine, integration: Integration, at: datetime) -> None:
    """What waited for a connection runs now, and both sides are asked what changed meanwhile.

    It is what hooks told before: nobody said that it is meant, and the brake on texts counts it as ever.
    """
    if not integration.enabled:
        return
    due = Pair.objects.filter(integration=integration).exclude(dirty=F("done"))
    waiting = list(due.order_by("pk").values_list("pk", flat=True))
    pairs.due_now(waiting, at)
    enqueue_pairs(engine, waiting, CROWDED if len(waiting) > CROWD else HOOKED)
    enqueue(engine, POLL, integration.pk)
    enqueue(engine, SWEEP, integration.pk)


def enqueue_pairs(
    engine: Engine, pair_ids: Iterable[int], priority: int, waits: Mapping[int, float] | None = None
) -> None:
    """Have these pairs run, asked for in the order of their ids, as the engine's sweep does; some after seconds."""
    for pair_id in sorted(set(pair_ids)):
        engine.enqueue(pairs.key_of(pair_id), PAIR, priority=priority, delay=(waits or {}).get(pair_id, 0.0))


def pairs_about(integration_ids: Iterable[int], side: Side, refs: Sequence[Ref]) -> list[list[int]]:
    """For each of `refs`, in order, the pairs of these integrations that it concerns: by id, else by key.

    A requirement nobody knows yet concerns its feature: `FAB-7-2` stands below `FAB-7` (Aha! reference numbers).
    Two queries, however many records are asked about.
    """
    known = Pair.objects.filter(integration_id__in=list(integration_ids))
    by_id = _grouped(known, side, "id", {ref.id for ref in refs if ref.id})
    found = [by_id.get((ref.kind, ref.id), []) if ref.id else [] for ref in refs]
    names = {name for ref, ids in zip(refs, found, strict=True) if not ids for name in _names(ref)}
    by_key: dict[str, list[int]] = {}
    for (_, key), ids in _grouped(known, side, "key", names).items():
        by_key.setdefault(key, []).extend(ids)
    return [
        ids or next((by_key[name] for name in _names(ref) if name in by_key), [])
        for ref, ids in zip(refs, found, strict=True)
    ]


def _names(ref: Ref) -> tuple[str, ...]:
    """What a record is called, and what stands above it if it is a requirement."""
    return tuple(name for name in (ref.key, ref.key.rpartition("-")[0]) if name)


def _grouped(pairs: QuerySet[Pair], side: Side, column: str, wanted: Set[str]) -> dict[tuple[str, str], list[int]]:
    """The pairs whose `column` on `side` is wanted, by kind and that column."""
    found: dict[tuple[str, str], list[int]] = {}
    if wanted:
        chosen = pairs.filter(**{f"{side.value}_{column}__in": sorted(wanted)})
        for pair_id, kind, value in chosen.values_list("pk", f"{side.value}_kind", f"{side.value}_{column}"):
            found.setdefault((kind, value), []).append(pair_id)
    return found
