"""What a side refused is not sent again until something changed or a person asks. Values in, values out; no product.

A write that a side would not take stays in the base as a mark: what both sides held then, what was sent, and the side's
own words. The next look finds the same and tells the same; it writes nothing. What another edit, of any field, brings
along is tried with it: it may be what the refused one was waiting for.

Who was right in a conflict, by the rule or by a person's word, stays right while both sides hold what they held: what
was written besides, by us or by others, makes the other record the newer one, and nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crosswalk.merge.decision import Base, Decision, Held, Untaken, Verdict
from crosswalk.merge.records import LeftOut, Wrote
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING, Choice, Maybe

MARK = " refused "
"""Before the name of a rule: where the base keeps what was refused; no rule begins with a space."""
SEEN = f"{MARK}seen "
SENT: Mapping[Side, str] = {side: f"{MARK}{side.value} " for side in Side}


def hold_back(base: Base, decisions: Sequence[Decision], *, asked: bool = False) -> tuple[Decision, ...]:
    """`decisions` without the writes that were refused before, unless a person has `asked` or something else moved."""
    held = tuple(_held_back(base, decision) for decision in decisions)
    moved = any(decision.write or decision.verdict is Verdict.AGREED for decision in held)
    return tuple(decisions) if asked or moved else held


def _held_back(base: Base, decision: Decision) -> Decision:
    untaken = {side: was for side in decision.write if (was := _refused_before(base, decision, side)) is not None}
    if not untaken:
        return decision
    write = {side: value for side, value in decision.write.items() if side not in untaken}
    held = replace(decision, write=write, lost=MISSING, lost_side=None, untaken=untaken, verdict=Verdict.REFUSED)
    if any(decision.refused.values()):
        return held  # it says already what has no counterpart
    side, was = next(iter(untaken.items()))
    reason = f"{{{side.value}}} would not take it, and nothing changed since."
    return replace(held, reason=reason, detail=was.words.words, remedy=was.words.remedy, code=was.words.code)


def _refused_before(base: Base, decision: Decision, side: Side) -> Untaken | None:
    """What the side said to the same write, where both sides still hold what they held then."""
    seen, sent = base.get(SEEN + decision.name), base.get(SENT[side] + decision.name)
    if seen is None or sent is None or seen != Held.agreed(left=decision.left, right=decision.right):
        return None
    words = sent.of(side.other)
    if sent.of(side) != decision.write[side] or not isinstance(words, Choice):
        return None
    return Untaken(decision.write[side], LeftOut(words.id, words.name, words.category))


def won_before(base: Base, rule: Rule, left: Maybe, right: Maybe) -> Side | None:
    """Who was right when these two values were found apart in a conflict that could not be carried; None if nobody."""
    if left is MISSING or right is MISSING:
        return None
    return next((side for side in Side if base.get(_won(side, rule)) == Held.agreed(left=left, right=right)), None)


def _won(side: Side, rule: Rule) -> str:
    """Where the base keeps that `side` was right. A rule that says otherwise by now decides anew."""
    return f"{MARK}won {side.value} {rule.policy.value} {rule.name}"


def marked(base: Base, decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> dict[str, Held]:
    """`base` with marks for what was refused now, or is held back still, and for nothing else."""
    after = {name: held for name, held in base.items() if not name.startswith(MARK)}
    for decision in decisions:
        untaken = dict(decision.untaken)
        for side, wrote in landed.items():
            words = wrote.left_out.get(decision.rule.field(side))
            if side in decision.write and words is not None:
                said = words if isinstance(words, LeftOut) else LeftOut(words)
                untaken[side] = Untaken(decision.write[side], said)
                if said.reached is not None:
                    after[decision.name] = stopped(side, said.reached)
        left, right = (_now(decision, side, landed) for side in Side)
        if decision.winner is not None and (untaken or decision.verdict is Verdict.REFUSED):
            after[_won(decision.winner, decision.rule)] = Held.agreed(left=left, right=right)
        if untaken:
            after[SEEN + decision.name] = Held.agreed(left=left, right=right)
        for side, was in untaken.items():
            told = Choice(was.words.words, was.words.remedy, was.words.code)
            sent: dict[Side, Maybe] = {side: was.value, side.other: told}
            after[SENT[side] + decision.name] = Held.agreed(left=sent[Side.LEFT], right=sent[Side.RIGHT])
    return after


def stopped(side: Side, there: Maybe) -> Held:
    """The base of a field that `side` did not take and where it holds `there` by itself, or since our own try.

    Nobody put that there, so it is never carried back; whatever the other side holds is still to be written.
    """
    ends: dict[Side, Maybe] = {side: there, side.other: None}
    return Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])


def not_begun(rule: Rule, side: Side, there: Maybe) -> Held:
    """The same for a field that an update is still to bring `side` to: what is set once was not set yet."""
    if not rule.direction.once:
        return stopped(side, there)
    ends = {side: there, side.other: MISSING}
    return Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])


def of_its_own(wrote: Wrote, name: str) -> bool:
    """Whether a new record holds a single value of its own in a field that it would not take: a default."""
    there = wrote.snapshot.get(name)
    if there is MISSING or there is None or isinstance(there, frozenset):
        return False
    return name not in wrote.snapshot.touched


def _now(decision: Decision, side: Side, landed: Mapping[Side, Wrote]) -> Maybe:
    """What the side holds after the writes."""
    stored = landed[side].snapshot.get(decision.rule.field(side)) if side in landed else MISSING
    return decision.value(side) if stored is MISSING or side not in decision.write else stored
