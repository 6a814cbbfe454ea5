"""Compares everything, on a schedule: finds what hooks and polls missed, and proves "in step at 10:42"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosswalk.engine.port import Engine
from crosswalk.errors import NeedsPerson
from crosswalk.merge.merge import merge
from crosswalk.merge.pairs import Entry, PairView
from crosswalk.merge.plan import Effect, Patch, Plan, plan_pair
from crosswalk.merge.presume import AT_REST
from crosswalk.merge.records import Gone, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import settled
from crosswalk.store import journal, removals
from crosswalk.store.models import Integration, Pair
from crosswalk.store.views import view
from crosswalk.sync.arranging import issue_above, moved_in_jira
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.pair import newer
from crosswalk.sync.ranks import displaced
from crosswalk.sync.waking import Cause, wake

PAGE = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair that a run would do something about: what it would write, and which of its records show no more."""

    pair_id: int
    patches: tuple[Patch, ...] = ()
    gone: tuple[Side, ...] = ()


HALF, FEW = 0.5, 10
"""More than this share of the compared records, and at least so many, are not gone without a person's word."""


def guarded(engine: Engine, bridge: Bridge, now: datetime) -> int:
    """Sweep; what would change too much is kept for a person's word instead, and told once. How many were woken."""
    try:
        return sweep(engine, bridge, now)
    except NeedsPerson as brake:
        kept = Integration.objects.filter(pk=bridge.integration_id)
        if not kept.filter(stopped=brake.message).exists():
            kept.update(stopped=brake.message)
            line = Entry(brake.message, level="error", remedy=brake.remedy, code=brake.code)
            journal.append(bridge.integration_id, [line], now)
        return 0


def sweep(engine: Engine, bridge: Bridge, now: datetime, *, approved: bool = False) -> int:
    """Read all joined pairs in pages, and wake those that are not in step; how many. Writes nothing on a side.

    Raises NeedsPerson, and wakes none, where that would replace more than a set share of what the pairs hold
    (invariant I11), or where one side shows most of its records no more, unless a person has `approved` it.
    """
    seen: list[Finding] = []
    looked = 0
    for page in _pages(bridge.integration_id):
        seen += out_of_step(bridge, page)
        looked += len(page)
    found = list({finding.pair_id: finding for finding in sorted(seen, key=lambda one: len(one.patches))}.values())
    known = Pair.objects.filter(integration_id=bridge.integration_id).count()
    if not approved:
        _raise_if_empty(found, looked)
        Plan([patch for finding in found for patch in finding.patches], known).raise_if_unsafe()
    else:
        _allow(found, now)
    wake(engine, [finding.pair_id for finding in found], now, bulk=True, cause=Cause("a sweep"))
    Integration.objects.filter(pk=bridge.integration_id).update(swept_at=now, stopped="")
    return len(found)


def _allow(found: Sequence[Finding], now: datetime) -> None:
    """A person who approved what was found approved what it empties."""
    for side in Side:
        emptied = (one for one in found if any(p.side is side and p.effect is Effect.EMPTIED for p in one.patches))
        removals.allow([one.pair_id for one in emptied], side, now)


def _raise_if_empty(found: Sequence[Finding], looked: int) -> None:
    """Raises NeedsPerson where a side suddenly shows most of its records no more: then hardly all of them are gone."""
    for side in Side:
        lost = sum(side in finding.gone for finding in found)
        if lost >= FEW and lost > HALF * looked:
            raise NeedsPerson(
                f"{NAMES[side]} shows {lost} of {looked} records no more. Nothing was done about it on the other side.",
                remedy=f"See that the connection's account still sees them in {NAMES[side]}, and that the project or "
                "workspace was not moved, archived or restored from a back-up. Approve it if they were really removed.",
                code="L10",
            )


def out_of_step(bridge: Bridge, pairs: Sequence[PairView]) -> list[Finding]:
    """Those of `pairs` that a run would do something about: changed, vanished, or with something new below; and those
    of what `pairs` stand in or below at another place than was carried (ranks.py), without a request."""
    left = bridge.left.read([pair.left for pair in pairs if pair.left])
    right = bridge.right.read([pair.right for pair in pairs if pair.right])
    ends = (
        (left.get(pair.left) if pair.left else None, right.get(pair.right) if pair.right else None) for pair in pairs
    )
    found = [_look(bridge, pair, *both) for pair, both in zip(pairs, ends, strict=True)]
    records = [(pair, left.get(pair.left)) for pair in pairs if pair.left]
    moved = displaced(bridge, [(pair, record) for pair, record in records if isinstance(record, Snapshot)])
    issues = [(pair, right.get(pair.right)) for pair in pairs if pair.right]
    ranked = [(pair, one) for pair, one in issues if isinstance(one, Snapshot) and issue_above(one)]
    back = {pair.parent_id for pair, one in ranked if moved_in_jira(bridge, pair, one)}
    woken = [*moved, *(one for one in sorted(filter(None, back)) if one not in moved)]
    return [*(finding for finding in found if finding is not None), *map(Finding, woken)]


def _look(
    bridge: Bridge, pair: PairView, left: Snapshot | Gone | None, right: Snapshot | Gone | None
) -> Finding | None:
    """None for a pair that is in step."""
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        ends = zip(Side, (left, right), strict=True)
        return Finding(pair.id, gone=tuple(side for side, end in ends if not isinstance(end, Snapshot)))
    if bridge.strayed(Side.LEFT, left.ref) or bridge.strayed(Side.RIGHT, right.ref):
        return Finding(pair.id)
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = merge(pair.base, left, right, rules, newer=newer(left, right))
    decisions = settled(decisions, pair.base, left, right, pair.joining)
    if any(decision.verdict not in AT_REST for decision in decisions):
        return Finding(pair.id, plan_pair({Side.LEFT: left.ref, Side.RIGHT: right.ref}, decisions, pair=str(pair.id)))
    return Finding(pair.id) if _grown(bridge, pair, left, right) else None


def _grown(bridge: Bridge, pair: PairView, left: Snapshot, right: Snapshot) -> bool:
    """Whether something stands below the records that has no pair yet."""
    kind = bridge.book.below(pair.kind)
    if not kind:
        return False
    children, makes = bridge.ledger.children(pair.id), bridge.book.makes(kind)
    known = {ref for child in children for ref in (child.left, child.right)}
    below = [child.ref for child in left.children] if Side.RIGHT in makes else []
    if Side.LEFT in makes and right.below:  # what would have to be searched for, a poll finds
        below += bridge.right.below(right, kind)
    return any(ref not in known for ref in below)


def _pages(integration_id: int) -> Iterator[list[PairView]]:
    """The joined pairs that are at rest, in pages; each page is read when it is needed."""
    last = 0
    joined = Pair.objects.filter(integration_id=integration_id, held="", left_id__isnull=False, right_id__isnull=False)
    while page := [view(row) for row in joined.filter(pk__gt=last, state="agreed").order_by("pk")[:PAGE]]:
        yield page
        last = page[-1].id
