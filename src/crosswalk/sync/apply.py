"""Applies decisions: one patch per side, guarded by the fence, read back; and says in the journal what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crosswalk.merge.decision import Decision
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.plan import plan_pair
from crosswalk.merge.records import Wrote
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, show
from crosswalk.sync.bridge import NAMES, Bridge

LONG = 2000  # characters of a value that the journal keeps


def apply(bridge: Bridge, run: Run, pair: PairView, decisions: Sequence[Decision], landed: dict[Side, Wrote]) -> None:
    """Write what `decisions` say, one update per side, and put what landed into `landed` as it lands.

    Repeatable: a run that is killed in between finds the written side holding the same and only moves the base. What a
    write is about to replace although a person had put it there is in the journal before it is replaced.
    """
    refs = {side: ref for side, ref in ((Side.LEFT, pair.left), (Side.RIGHT, pair.right)) if ref is not None}
    for patch in plan_pair(refs, decisions, pair=str(pair.id)):
        side = patch.side
        if kept := [_kept(d, side) for d in decisions if d.lost is not MISSING and d.lost_side is side]:
            bridge.ledger.note(run, pair.id, kept)
        bridge.ledger.guard(run)
        landed[side] = bridge.side(side).update(refs[side], patch.fields)


def _kept(decision: Decision, side: Side) -> Entry:
    """The line that keeps a value which is about to be replaced."""
    return Entry(
        f"{decision.name} in {NAMES[side]} is replaced. What it held is kept here.",
        why=decision.why(NAMES),
        side=side,
        level="warning",
        field=decision.name,
        old=show(decision.lost, LONG),
        new=show(decision.write[side], LONG),
    )


def report(decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> list[Entry]:
    """The journal lines of a run that merged: every write with its cause, every loss, every refusal."""
    lines: list[Entry] = []
    for decision in decisions:
        for side in Side:
            if side in decision.write and side in landed:
                lines.append(_written(decision, side, landed[side]))
        if decision.waits:
            lines.append(waiting(decision))
    return lines


def _written(decision: Decision, side: Side, wrote: Wrote) -> Entry:
    field = decision.rule.field(side)
    old, new = show(decision.value(side), LONG), show(decision.write[side], LONG)
    if field in wrote.left_out:
        return left_out(decision.name, side, wrote.left_out[field], new)
    return Entry(
        f"{decision.name} written in {NAMES[side]}.",
        why=decision.why(NAMES),
        side=side,
        field=decision.name,
        old=old,
        new=new,
    )


def left_out(name: str, side: Side, words: str, value: str) -> Entry:
    """The line about a field that `side` would not take while the rest of the record was carried."""
    return Entry(
        f"{name} was left out: {NAMES[side]} would not take it. The rest of the record was carried.",
        why=words,
        side=side,
        level="warning",
        field=name,
        new=value,
        remedy=f"Put the field on the screens of this type in {NAMES[side]}, or switch its rule off; then press Retry.",
        code="F2",
    )


def waiting(decision: Decision) -> Entry:
    """The line about a value that has no counterpart, or that a person must choose."""
    return Entry(
        f"{decision.name} was not carried.",
        why=decision.why(NAMES),
        level="warning",
        field=decision.name,
        old=show(decision.left, LONG),
        new=show(decision.right, LONG),
        remedy=decision.remedy,
        code=decision.code,
    )
