"""Applies decisions: one patch per side, guarded by the fence, read back; and says in the journal what was done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from crosswalk.merge.decision import Decision
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.plan import plan_pair
from crosswalk.merge.records import LeftOut, Wrote
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, dump
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.shown import shown


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
        old=shown(decision.lost),
        new=shown(decision.write[side]),
        kept=json.dumps(dump(decision.lost)),
    )


def report(record: str, decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> list[Entry]:
    """The journal lines of a run that merged `record`: every write with its cause, every refusal as a warning."""
    lines: list[Entry] = []
    for decision in decisions:
        for side in Side:
            if side in decision.write and side in landed:
                lines.append(_written(record, decision, side, landed[side]))
        if decision.waits:
            lines.append(waiting(record, decision))
    return lines


def _written(record: str, decision: Decision, side: Side, wrote: Wrote) -> Entry:
    field = decision.rule.field(side)
    old, new = shown(decision.value(side)), shown(decision.write[side])
    if field in wrote.left_out:
        return left_out(record, decision.name, side, wrote.left_out[field], new)
    return Entry(
        f"{decision.name} written in {NAMES[side]}.",
        why=decision.why(NAMES),
        side=side,
        field=decision.name,
        old=old,
        new=new,
    )


def left_out(record: str, name: str, side: Side, words: str, value: str = "") -> Entry:
    """The line about a field of `record` that `side` would not take while the rest was carried."""
    told = words if isinstance(words, LeftOut) else LeftOut(words)
    return Entry(
        f"{name} was left out of {record}: {NAMES[side]} would not take it. The rest of the record was carried.",
        why=told.words,
        side=side,
        level="warning",
        field=name,
        new=value,
        remedy=told.remedy or f"Mend the value or the field, or switch the rule for {name} off.",
        code=told.code,
    )


def waiting(record: str, decision: Decision) -> Entry:
    """The line about a value of `record` that has no counterpart, or that a person must choose."""
    return Entry(
        f"{decision.name} of {record} was not carried.",
        why=decision.why(NAMES),
        level="warning",
        field=decision.name,
        old=shown(decision.left),
        new=shown(decision.right),
        remedy=decision.remedy,
        code=decision.code,
    )
