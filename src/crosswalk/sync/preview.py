"""What a run would do, without doing it: the plan, and why each field is or is not carried. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosswalk.merge.decision import Decision
from crosswalk.merge.merge import introduce, merge
from crosswalk.merge.pairs import PairView
from crosswalk.merge.plan import Kind, Patch, Plan, plan_new, plan_pair
from crosswalk.merge.records import Draft, Gone, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.make import mark_of
from crosswalk.sync.pair import newer
from crosswalk.sync.shown import shown


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a pair as pages show it: both values, both base values, the verdict and the reason, as text."""

    field: str
    left: str
    right: str
    base_left: str
    base_right: str
    verdict: str
    why: str
    remedy: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Both sides of a pair as they are now; `missing` says why a side could not be shown."""

    fields: tuple[FieldView, ...]
    missing: str = ""


def explain(bridge: Bridge, pair: PairView) -> Explanation:
    """Why each field of `pair` is or is not carried, from both sides as they are now."""
    ends = {side: _end(bridge, pair, side) for side in Side}
    left, right = ends[Side.LEFT], ends[Side.RIGHT]
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        why = [f"{NAMES[side]}: {end.reason}" for side, end in ends.items() if isinstance(end, Gone)]
        why += [f"There is no record in {NAMES[side]} yet." for side, end in ends.items() if end is None]
        known = next((end for end in (left, right) if isinstance(end, Snapshot)), None)
        return Explanation(_alone(bridge, pair, known), " ".join(why))
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = merge(pair.base, left, right, rules, newer=newer(left, right))
    return Explanation(tuple(_field(decision) for decision in decisions))


def _end(bridge: Bridge, pair: PairView, side: Side) -> Snapshot | Gone | None:
    ref = pair.left if side is Side.LEFT else pair.right
    return bridge.side(side).read([ref])[ref] if ref else None


def _alone(bridge: Bridge, pair: PairView, record: Snapshot | None) -> tuple[FieldView, ...]:
    """The fields of a record whose other half is not there."""
    if record is None:
        return ()
    side = Side.LEFT if pair.left is not None and record.ref == pair.left else Side.RIGHT
    ends = {side: record, side.other: None}
    rules = bridge.book.rules(pair.kind, ends[Side.LEFT], ends[Side.RIGHT])
    return tuple(_field(decision) for decision in introduce(record, side, rules))


def _field(decision: Decision) -> FieldView:
    held = decision.held
    return FieldView(
        decision.name,
        _text(decision.left),
        _text(decision.right),
        _text(held.left if held else MISSING),
        _text(held.right if held else MISSING),
        decision.verdict.value,
        decision.why(NAMES),
        decision.remedy,
        decision.rule.direction.value,
    )


def _text(value: Maybe) -> str:
    return "" if value is MISSING else shown(value)


def plan(bridge: Bridge, pairs: Sequence[PairView], unsent: Sequence[Ref], known: int) -> Plan:
    """What would be written on each side for `pairs`, and for records of the left that are in no pair (`unsent`).

    `known` is how many pairs the integration has, for the plan's brake.
    """
    joined = [pair for pair in pairs if pair.left and pair.right]
    alone = [*unsent, *(pair.left for pair in pairs if pair.left and not pair.right)]
    left = bridge.left.read([*alone, *(pair.left for pair in joined if pair.left)])
    right = bridge.right.read([pair.right for pair in joined if pair.right])
    patches: list[Patch] = []
    for pair in joined:
        ends = (left[pair.left] if pair.left else None, right[pair.right] if pair.right else None)
        patches += _pair_patches(bridge, pair, *ends)
    for ref in alone:
        if isinstance(record := left[ref], Snapshot):
            patches += _new_patches(bridge, record, ref.kind, None)
    return Plan(patches, known)


def _pair_patches(
    bridge: Bridge, pair: PairView, left: Snapshot | Gone | None, right: Snapshot | Gone | None
) -> Iterable[Patch]:
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        yield from _deletes(bridge, pair, {Side.LEFT: left, Side.RIGHT: right})
        return
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = merge(pair.base, left, right, rules, newer=newer(left, right))
    yield from plan_pair({Side.LEFT: left.ref, Side.RIGHT: right.ref}, decisions, pair=str(left.ref))
    kind = bridge.book.below(pair.kind)
    for child in left.children if kind else ():
        known = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, child.ref)
        if known is None or known.right is None:
            yield from _new_patches(bridge, child, kind, right.ref)


def _deletes(bridge: Bridge, pair: PairView, ends: Mapping[Side, Snapshot | Gone | None]) -> Iterable[Patch]:
    """The delete of what is left of a pair whose other record was deleted, where the mapping says so."""
    for side, end in ends.items():
        there = ends[side.other]
        if isinstance(end, Gone) and isinstance(there, Snapshot) and bridge.book.removed(pair.kind, side) == "delete":
            cause = f"{end.ref} was deleted"
            yield Patch(Kind.DELETE, side.other, there.ref, under=there.parent, cause=cause, pair=str(pair.id))


def _new_patches(bridge: Bridge, record: Snapshot, kind: str, parent: Ref | str | None) -> Iterable[Patch]:
    """The create of `record` across, and of what stands below it. The token is a name for this plan only."""
    decisions = introduce(record, Side.LEFT, bridge.book.rules(kind, record, None))
    fields = {d.rule.field(Side.RIGHT): d.write[Side.RIGHT] for d in decisions if Side.RIGHT in d.write}
    token = f"new:{record.ref}"
    above = parent if isinstance(parent, Ref) else None
    draft = Draft(kind, fields, token, above, mark_of(record))
    after = parent if isinstance(parent, str) else ""
    yield plan_new(Side.RIGHT, draft, decisions, after=after, cause=f"{record.ref} is sent")
    below = bridge.book.below(kind)
    for child in record.children if below else ():
        yield from _new_patches(bridge, child, below, token)
