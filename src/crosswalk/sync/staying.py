"""What is empty on a side because something else is gone there stays on the other: nobody emptied it.

Where an epic is deleted, its side empties what every issue or feature below it says. That is no word about the other
epic, of which a person is asked (removed.py), and what stands below it is not sent out of it meanwhile. Where a field
is deleted, what records held in it goes with it; the other side has the last copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.records import Gone, Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Choice, Maybe
from crosswalk.sync.above import Above
from crosswalk.sync.bridge import Bridge

LACKS: Final = "F12"
BRING_BACK: Final = "Bring the field back or choose another in the mapping, and load the project data."
EMPTY: Final[tuple[Maybe, ...]] = (None, frozenset())


def staying(bridge: Bridge, kind: str, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`decisions` without those that empty what a record stands below because that is gone across, or what it held in a
    field that is. It is looked at."""
    return tuple(_stays(bridge, kind, one) for one in decisions)


def _stays(bridge: Bridge, kind: str, decision: Decision) -> Decision:
    for side in decision.write:
        if _emptied(decision, side.other) and bridge.side(side.other).lacks(kind, decision.rule.field(side.other)):
            reason = f"{{{side.other}}} has no such field any more; what {{{side}}} holds stays."
            return replace(_resting(decision, reason), remedy=BRING_BACK, code=LACKS)
    form, was = decision.rule.translation, decision.held.left if decision.held is not None else None
    if not isinstance(form, Above) or not isinstance(was, Choice):
        return decision
    emptied = next((side for side, value in decision.write.items() if value is None), None)
    if emptied is None or not _gone(bridge, emptied.other, Ref(form.kind, was.id, was.name)):
        return decision
    reason = f"What it stood below is not in {{{emptied.other}}} any more; in {{{emptied}}} it stays where it is."
    return _resting(decision, reason)


def _resting(decision: Decision, reason: str) -> Decision:
    return replace(decision, verdict=Verdict.AGREED, reason=reason, write={}, lost=MISSING, lost_side=None)


def _emptied(decision: Decision, side: Side) -> bool:
    """Whether a value that was agreed is not there any more on `side`."""
    was = decision.held.of(side) if decision.held is not None else MISSING
    return decision.value(side) in EMPTY and was is not MISSING and was not in EMPTY


def _gone(bridge: Bridge, side: Side, above: Ref) -> bool:
    """Whether `side` shows no more what the record `above` of the left is there."""
    pair = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, above)
    ref = None if pair is None else pair.ref(side)
    return ref is not None and isinstance(bridge.side(side).read([ref])[ref], Gone)
