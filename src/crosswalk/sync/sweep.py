"""Compares everything, on a schedule: finds what hooks and polls missed, and proves "in step at 10:42"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from crosswalk.engine.port import Engine
from crosswalk.merge.merge import Verdict, merge
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Gone, Snapshot
from crosswalk.store.models import Integration, Pair
from crosswalk.store.views import view
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.pair import newer
from crosswalk.sync.waking import wake

PAGE = 100
AT_REST = (Verdict.UNCHANGED, Verdict.SKIPPED)


def sweep(engine: Engine, bridge: Bridge, now: datetime) -> int:
    """Read all joined pairs in pages, and wake those that are not in step; how many. Writes nothing on a side."""
    woken = 0
    for page in _pages(bridge.integration_id):
        woken += wake(engine, out_of_step(bridge, page), now, bulk=True)
    Integration.objects.filter(pk=bridge.integration_id).update(swept_at=now)
    return woken


def out_of_step(bridge: Bridge, pairs: Sequence[PairView]) -> list[int]:
    """The pairs among `pairs` that a run would do something about: changed, vanished, or with something new below."""
    left = bridge.left.read([pair.left for pair in pairs if pair.left])
    right = bridge.right.read([pair.right for pair in pairs if pair.right])
    found = []
    for pair in pairs:
        ends = (left.get(pair.left) if pair.left else None, right.get(pair.right) if pair.right else None)
        if not _in_step(bridge, pair, *ends):
            found.append(pair.id)
    return found


def _in_step(bridge: Bridge, pair: PairView, left: Snapshot | Gone | None, right: Snapshot | Gone | None) -> bool:
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        return False
    return not (_moved(bridge, pair, left, right) or _grown(bridge, pair, left))


def _moved(bridge: Bridge, pair: PairView, left: Snapshot, right: Snapshot) -> bool:
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = merge(pair.base, left, right, rules, newer=newer(left, right))
    return any(decision.verdict not in AT_REST for decision in decisions)


def _grown(bridge: Bridge, pair: PairView, left: Snapshot) -> bool:
    """Whether something stands below the record that has no pair yet."""
    known = {child.left for child in bridge.ledger.children(pair.id)}
    return bool(bridge.book.below(pair.kind)) and any(child.ref not in known for child in left.children)


def _pages(integration_id: int) -> Iterator[list[PairView]]:
    """The joined pairs that are at rest, in pages; each page is read when it is needed."""
    last = 0
    joined = Pair.objects.filter(integration_id=integration_id, left_id__isnull=False, right_id__isnull=False)
    while page := [view(row) for row in joined.filter(pk__gt=last, state="agreed").order_by("pk")[:PAGE]]:
        yield page
        last = page[-1].id
