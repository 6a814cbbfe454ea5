"""What hangs on a record (comments, attachments, links) as keyed lists: what is to be added, changed, removed.

A part is known by its id on either side, never by its text or name alone. Like fields, each side is compared with
itself: what it held when both last agreed. Pure; knows no product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosswalk.merge.decision import Held
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Direction, Side
from crosswalk.merge.stale import LAG
from crosswalk.merge.values import MISSING, Maybe


@dataclass(frozen=True, slots=True)
class PartPair:
    """Two parts that stand for the same thing. `held` is what each side held when they last agreed; `origin` is the
    side where a person made it. A side that was removed, and is not to be removed across, has the id "". `since` is
    when they were brought into step, and `was` what each side held until then, where both were there before."""

    left: str
    right: str
    origin: Side
    held: Held
    since: datetime | None = None
    was: Held | None = None

    def id(self, side: Side) -> str:
        """The part's id on `side`."""
        return self.left if side is Side.LEFT else self.right

    def young(self, moment: datetime | None) -> float:
        """For how many seconds after `moment` a side may still show how it was before they were in step."""
        if moment is None or self.since is None or abs(moment - self.since) >= LAG:
            return 0.0
        return (self.since + LAG - moment).total_seconds()


@dataclass(frozen=True, slots=True)
class PartRule:
    """How parts of a kind travel: where new ones go, and whether edits and removals follow them.

    `private` lets private parts be shown across; with `below` those of records below that are in no pair count as the
    record's own. New parts within a field of the left record are carried where it is one of `within`.
    """

    kind: str
    direction: Direction = Direction.BOTH
    edits: bool = True
    removes: bool = False
    private: bool = False
    below: bool = False
    within: frozenset[str] = frozenset()


class Act(StrEnum):
    """What is to be done about a part."""

    ADD = "add"  # make a copy across
    JOIN = "join"  # both are there already: remember that; a copy is brought up to what its original holds now
    CHANGE = "change"  # write the content across
    REMOVE = "remove"  # remove the copy (or the original) across
    PART = "part"  # one is gone and the other stays, by the rule: remember, and never make it again
    FORGET = "forget"  # both are gone
    AGAIN = "again"  # a copy that lags behind would show the same: look again before anything is done


@dataclass(frozen=True, slots=True)
class PartDecision:
    """`act`, to be done on `side`. `source` is the part across that it follows, `target` the one on `side`.

    `known` is the pair it is about, where there is one. `lost` is a content on `side` that a write replaces although a
    person put it there (MISSING where there is none).
    """

    act: Act
    side: Side
    source: Part | None
    target: Part | None
    known: PartPair | None
    reason: str
    lost: Maybe = MISSING


Parts = Mapping[str, Part]


def parts_by_id(parts: Iterable[Part]) -> dict[str, Part]:
    """`parts` by their ids, in their order."""
    return {part.id: part for part in parts}


def decide_parts(
    base: Sequence[PartPair],
    left: Sequence[Part],
    right: Sequence[Part],
    rule: PartRule,
    moment: datetime | None = None,
) -> tuple[PartDecision, ...]:
    """What brings the parts of one record into step; known pairs first, then what is new, oldest first.

    A rule that is off, or that travels only once, leaves everything as it is (a once-rule still adds). An edit that
    does not follow is not forgotten: it does as soon as a rule lets it. At `moment` what is not there, or is as it was,
    may be shown so by a copy that lags behind.
    """
    if rule.direction is Direction.OFF:
        return ()
    sides = {Side.LEFT: parts_by_id(left), Side.RIGHT: parts_by_id(right)}
    taken = {side: {pair.id(side) for pair in base} for side in Side}
    fresh = {side: [part for key, part in sides[side].items() if key not in taken[side]] for side in Side}
    decisions = []
    for pair in base:
        if (correction := _correction(pair, sides, fresh, rule)) is not None:
            found = _corrected(pair, correction, rule)
            if found is None:
                fresh[correction.side].remove(correction.now)
        else:
            found = _again(pair, sides, moment) or _known(pair, sides, rule)
        if found is not None:
            decisions.append(found)
    return (*decisions, *_new(fresh, rule))


@dataclass(frozen=True, slots=True)
class _Correction:
    """One `side` of a pair was corrected: it is `now` there, under another id; `copy` is what is across."""

    side: Side
    now: Part
    copy: Part


def _correction(
    pair: PartPair, sides: Mapping[Side, Parts], fresh: Mapping[Side, Sequence[Part]], rule: PartRule
) -> _Correction | None:
    """Whether one side of a pair was corrected and has another id now: an edit, not a removal."""
    for side in Side:
        before, copy = pair.id(side), sides[side.other].get(pair.id(side.other))
        if copy is None or before in sides[side]:
            continue
        now = next((part for part in fresh[side] if part.stem and before.startswith(part.stem)), None)
        if now is not None and (rule.private or not now.private):
            return _Correction(side, now, copy)
    return None


def _corrected(pair: PartPair, found: _Correction, rule: PartRule) -> PartDecision | None:
    """Where edits follow, the copy goes, and the new one is made across; else the pair stays as it is."""
    if not _follows(rule, found.side):
        return None
    reason = f"It was edited in {{{found.side.value}}}."
    return PartDecision(Act.REMOVE, found.side.other, None, found.copy, pair, reason)


def _follows(rule: PartRule, side: Side) -> bool:
    """Whether edits on `side` are carried across."""
    return rule.edits and rule.direction.writes(side.other) and not rule.direction.once


def _again(pair: PartPair, sides: Mapping[Side, Parts], moment: datetime | None) -> PartDecision | None:
    """Whether a side shows what it showed before both were brought into step, and may not be up to date yet."""
    if not pair.young(moment):
        return None
    for side in (side for side in Side if pair.id(side)):
        part = sides[side].get(pair.id(side))
        if part is None:
            return PartDecision(Act.AGAIN, side, None, None, pair, f"{{{side.value}}} does not show it.")
        if pair.was is not None and part.content == pair.was.of(side) != pair.held.of(side):
            return PartDecision(Act.AGAIN, side, None, part, pair, f"{{{side.value}}} shows it as it was.")
    return None


def _known(pair: PartPair, sides: Mapping[Side, Parts], rule: PartRule) -> PartDecision | None:
    """What becomes of a pair that is known. One line per situation."""
    now = {side: sides[side].get(pair.id(side)) for side in Side}
    here, there = now[Side.LEFT], now[Side.RIGHT]
    if here is None and there is None:
        return PartDecision(Act.FORGET, pair.origin.other, None, None, pair, "Both are gone.")
    if here is None or there is None:
        return _one_gone(pair, now, rule)
    moved = {Side.LEFT: here.content != pair.held.left, Side.RIGHT: there.content != pair.held.right}
    return None if not any(moved.values()) else _edited(pair, here, there, moved, rule)


def _one_gone(pair: PartPair, now: Mapping[Side, Part | None], rule: PartRule) -> PartDecision | None:
    gone = next(side for side in Side if now[side] is None)
    other = gone.other
    if not pair.id(gone):
        return None  # parted before: the one that is left is nobody's business
    stays = now[other]
    if rule.removes and rule.direction.writes(other) and not rule.direction.once:
        return PartDecision(Act.REMOVE, other, None, stays, pair, f"It was removed in {{{gone.value}}}.")
    return PartDecision(Act.PART, other, None, stays, pair, f"It was removed in {{{gone.value}}}; here it stays.")


def _edited(pair: PartPair, left: Part, right: Part, moved: Mapping[Side, bool], rule: PartRule) -> PartDecision | None:
    """One side or both changed the content. Who made it is right where both may speak; the other's words are kept."""
    now = {Side.LEFT: left, Side.RIGHT: right}
    speaking = [side for side in (pair.origin, pair.origin.other) if moved[side] and _follows(rule, side)]
    if not speaking or (now[speaking[0]].private and not rule.private):
        return None  # left as it is: the edit follows once a rule lets it, or it may be seen again
    source, target = speaking[0], speaking[0].other
    why = "who made it is right" if len(speaking) > 1 else f"only {{{source.value}}} may change it"
    lost = now[target].content if moved[target] else MISSING
    reason = f"It was edited in {{{source.value}}}" + (f" and here; {why}." if moved[target] else ".")
    return PartDecision(Act.CHANGE, target, now[source], now[target], pair, reason, lost)


def _new(fresh: Mapping[Side, list[Part]], rule: PartRule) -> list[PartDecision]:
    """Parts that are in no pair yet: joined where they are the same already, else carried."""
    decisions, joined = [], {side: set[str]() for side in Side}
    for side, part, mate in _mates(fresh):
        copy_on = side if part.twin else side.other
        target, source = (part, mate) if part.twin else (mate, part)
        decisions.append(PartDecision(Act.JOIN, copy_on, source, target, None, "Both sides have it already."))
        joined[side].add(part.id)
        joined[side.other].add(mate.id)
    for side in Side:
        for part in fresh[side]:
            orphan = bool(part.twin)  # a copy whose original is gone is never carried back as if it were new
            if part.id in joined[side] or orphan or not rule.direction.writes(side.other):
                continue
            if (part.private and not rule.private) or not (part.within in rule.within or not part.within):
                continue
            reason = f"It is new in {{{side.value}}}."
            decisions.append(PartDecision(Act.ADD, side.other, part, None, None, reason))
    return decisions


def _mates(fresh: Mapping[Side, list[Part]]) -> Iterable[tuple[Side, Part, Part]]:
    """Pairs among new parts: a copy and its original, or two that both sides call alike."""
    used: set[tuple[Side, str]] = set()
    for side in Side:
        originals = parts_by_id(fresh[side.other])
        for part in fresh[side]:
            mate = originals.get(part.twin) if part.twin else None
            if mate is not None and (side.other, mate.id) not in used:
                used |= {(side, part.id), (side.other, mate.id)}
                yield side, part, mate
    waiting = [part for part in fresh[Side.RIGHT] if part.key and (Side.RIGHT, part.id) not in used]
    for part in fresh[Side.LEFT]:
        if not part.key or (Side.LEFT, part.id) in used:
            continue
        mate = next((other for other in waiting if other.key == part.key), None)
        if mate is not None:
            waiting.remove(mate)
            yield Side.LEFT, part, mate


def after_part(decision: PartDecision, stored: Part | None) -> PartPair | None:
    """The pair after `decision` was applied; `stored` is the part on its side as that side holds it now.

    None where the pair is no more.
    """
    side, source, known = decision.side, decision.source, decision.known
    match decision.act:
        case Act.ADD | Act.JOIN:
            assert source is not None
            assert stored is not None
            ends = {side: stored, side.other: source}
            held = Held.agreed(left=ends[Side.LEFT].content, right=ends[Side.RIGHT].content)
            return PartPair(ends[Side.LEFT].id, ends[Side.RIGHT].id, side.other, held)
        case Act.CHANGE:
            assert known is not None
            assert source is not None
            assert stored is not None
            ends = {side: stored, side.other: source}
            held = Held.agreed(left=ends[Side.LEFT].content, right=ends[Side.RIGHT].content)
            # A file that is written anew is another one: its id moves along.
            return PartPair(ends[Side.LEFT].id, ends[Side.RIGHT].id, known.origin, held)
        case Act.PART:
            assert known is not None
            return replace(known, left="") if side is Side.RIGHT else replace(known, right="")
        case Act.REMOVE | Act.FORGET:
            return None
        case Act.AGAIN:
            return known
