"""What is empty on a side because something else is gone there stays on the other: nobody emptied it.

Where an epic is deleted, its side empties what every issue or feature below it says. That is no word about the other
epic, of which a person is asked (removed.py), and what stands below it is not sent out of it meanwhile. Where a field
is deleted, or an entry of its list, what records held in it goes with it; the other side has the last copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Gone, Ref
from crosswalk.merge.rules import Side, is_whole
from crosswalk.merge.sets import translated
from crosswalk.merge.values import MISSING, Choice, Element, Maybe, Value
from crosswalk.sync.above import Above
from crosswalk.sync.bridge import Bridge

LACKS: Final = "F12"
BRING_BACK: Final = "Bring the field back or choose another in the mapping, and load the project data."
ADD_AGAIN: Final = "Add it to the list again, or choose another entry in the record."
EMPTY: Final[tuple[Maybe, ...]] = (None, frozenset())


def staying(bridge: Bridge, pair: PairView, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`decisions` without those that empty what a record stands below because that is gone across, or what it held in a
    field, or of a list, that is. It is looked at."""
    return tuple(_stays(bridge, pair, one) for one in decisions)


def _stays(bridge: Bridge, pair: PairView, decision: Decision) -> Decision:
    for side in decision.write:
        field = decision.rule.field(side.other)
        if _emptied(decision, side.other) and bridge.side(side.other).lacks(pair.kind, field):
            reason = f"{{{side.other}}} has no such field any more; what {{{side}}} holds stays."
            return replace(_resting(decision, reason), remedy=BRING_BACK, code=LACKS)
        if gone := _withdrawn(bridge, pair, decision, side.other):
            return _kept(decision, side, gone)
    form, was = decision.rule.translation, decision.held.left if decision.held is not None else None
    if not isinstance(form, Above) or not isinstance(was, Choice):
        return decision
    emptied = next((side for side, value in decision.write.items() if value is None), None)
    if emptied is None or not _gone(bridge, emptied.other, Ref(form.kind, was.id, was.name)):
        return decision
    reason = f"What it stood below is no {form.kind} in {{{emptied.other}}} any more; in {{{emptied}}} it stays there."
    return _resting(decision, reason)


def _withdrawn(bridge: Bridge, pair: PairView, decision: Decision, side: Side) -> frozenset[Element]:
    """What was taken out on `side` and can not be chosen there any more. Where something took its place, somebody chose
    that."""
    ref, was = pair.ref(side), decision.held.of(side) if decision.held is not None else MISSING
    before, now = _entries(was), _entries(decision.value(side))
    if ref is None or now - before or not before - now:
        return frozenset()
    return bridge.side(side).withdrawn(ref, decision.rule.field(side), before - now)


def _entries(value: Maybe) -> frozenset[Element]:
    if isinstance(value, str | Choice):
        return frozenset({value})
    return value if isinstance(value, frozenset) else frozenset()


def _kept(decision: Decision, side: Side, gone: frozenset[Element]) -> Decision:
    """`decision` without taking out on `side` what stands for `gone`."""
    there, wanted = decision.value(side), decision.write[side]
    if not is_whole(decision.rule.translation) and isinstance(there, frozenset) and isinstance(wanted, frozenset):
        meant = {translated(decision.rule, one, side) for one in gone}
        lost = there - wanted
        stays = {one for one in lost if one in meant or translated(decision.rule, one, side.other) in gone}
        kept: Value = wanted | stays
        if not stays:
            return decision
    else:
        kept = None if there is MISSING else there
    names = ", ".join(sorted(one.name if isinstance(one, Choice) else str(one) for one in gone))
    reason = f"{{{side.other}}} offers {names} no more; what {{{side}}} holds of it stays."
    write = {to: value for to, value in {**decision.write, side: kept}.items() if value != decision.value(to)}
    found = replace(decision, reason=reason, write=write) if write else _resting(decision, reason)
    return replace(found, remedy=ADD_AGAIN, code=LACKS)


def _resting(decision: Decision, reason: str) -> Decision:
    return replace(decision, verdict=Verdict.AGREED, reason=reason, write={}, lost=MISSING, lost_side=None)


def _emptied(decision: Decision, side: Side) -> bool:
    """Whether a value that was agreed is not there any more on `side`."""
    was = decision.held.of(side) if decision.held is not None else MISSING
    return decision.value(side) in EMPTY and was is not MISSING and was not in EMPTY


def _gone(bridge: Bridge, side: Side, above: Ref) -> bool:
    """Whether `side` shows no more what the record `above` of the left is there, or made something else of it: nothing
    stands below an epic that is a story now."""
    pair = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, above)
    ref = None if pair is None else pair.ref(side)
    if ref is None:
        return False
    return isinstance(bridge.side(side).read([ref])[ref], Gone) or not bridge.side(side).takes(ref, above.kind)
