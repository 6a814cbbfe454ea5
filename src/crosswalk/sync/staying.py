"""What stood below a record that is gone stays below its counterpart: nobody took it away from there.

Where an epic is deleted, its side empties what every issue or feature below it says. That is no word about the other
epic, of which a person is asked (removed.py), and what stands below it is not sent out of it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.records import Gone, Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Choice
from crosswalk.sync.above import Above
from crosswalk.sync.bridge import Bridge


def staying(bridge: Bridge, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`decisions` without those that empty what a record stands below because that is gone across. It is looked at."""
    return tuple(_stays(bridge, one) for one in decisions)


def _stays(bridge: Bridge, decision: Decision) -> Decision:
    form, was = decision.rule.translation, decision.held.left if decision.held is not None else None
    if not isinstance(form, Above) or not isinstance(was, Choice):
        return decision
    emptied = next((side for side, value in decision.write.items() if value is None), None)
    if emptied is None or not _gone(bridge, emptied.other, Ref(form.kind, was.id, was.name)):
        return decision
    reason = f"What it stood below is not in {{{emptied.other}}} any more; in {{{emptied}}} it stays where it is."
    return replace(decision, verdict=Verdict.AGREED, reason=reason, write={}, lost=MISSING, lost_side=None)


def _gone(bridge: Bridge, side: Side, above: Ref) -> bool:
    """Whether `side` shows no more what the record `above` of the left is there."""
    pair = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, above)
    ref = None if pair is None else pair.ref(side)
    return ref is not None and isinstance(bridge.side(side).read([ref])[ref], Gone)
