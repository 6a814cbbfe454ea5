"""A second merge, short and slow, that shares no line with the first: what should both sides hold afterwards?

It thinks in "who has spoken" and, for sets, in one truth table for a single element. It trusts every map to be the
same thing read in two directions, so it is no judge of sets whose elements fall together on the way.
"""

from __future__ import annotations

from dataclasses import dataclass

from crosswalk.merge.rules import Direction, Policy, Rule, Side, Untranslatable
from crosswalk.merge.values import MISSING, Element, Maybe

L, R = Side.LEFT, Side.RIGHT
Both = dict[Side, Maybe]


@dataclass(frozen=True)
class After:
    """What the sides should hold, what a person loses sight of, and whether the matter is settled (the base moves)."""

    values: Both
    lost: tuple[Side, Maybe] | None = None
    settles: bool = True
    waits: bool = False
    stuck: frozenset[tuple[Side, Element]] = frozenset()


def naive(rule: Rule, was: Both | None, now: Both, newer: Side | None) -> After:
    """The expected outcome for one rule; `was` is None at first contact."""
    if rule.direction is Direction.OFF or MISSING in now.values() or (rule.direction.once and was):
        return After(now, settles=False)
    kinds = {type(value) is frozenset for value in now.values() if value is not None}
    if kinds == {True, False}:
        return After(now, settles=False, waits=True)
    shapes = kinds or {type(value) is frozenset for value in (was or {}).values()}
    return naive_set(rule, was, now) if True in shapes else naive_value(rule, was, now, newer)


def naive_value(rule: Rule, was: Both | None, now: Both, newer: Side | None) -> After:
    may_speak = {side for side in Side if rule.direction.writes(side.other)}
    spoke = {side for side in Side if (now[side] != was[side] if was else now[side] is not None)}
    if now == dict.fromkeys(Side) or not spoke:
        return After(now)  # nothing on both sides is the same, whatever the map makes of nothing
    if any(_across(rule, side, now[side]) == now[side.other] for side in may_speak):
        return After(now)
    target = next(iter(may_speak)).other
    if (was is None and not spoke & may_speak) or (rule.direction.once and now[target] is not None):
        return After(now)  # an empty side does not speak; once is only once
    if may_speak == {L, R} and spoke == {L, R}:
        if rule.policy is Policy.ASK:
            return After(now, settles=False, waits=True)
        heard = {Policy.LEFT: L, Policy.RIGHT: R, Policy.NEWEST: newer or L}[rule.policy]
    else:
        heard = next(iter(may_speak if len(may_speak) == 1 else spoke))
    carried = _across(rule, heard, now[heard])
    if isinstance(carried, Untranslatable | frozenset):
        return After(now, settles=False, waits=True)
    lost = (heard.other, now[heard.other]) if heard.other in spoke else None
    return After({heard: now[heard], heard.other: carried}, lost)


def naive_set(rule: Rule, was: Both | None, now: Both) -> After:
    def has(values: Both | None, side: Side, element: Element | None) -> bool:
        held = (values or {}).get(side)
        return isinstance(held, frozenset) and element in held

    if rule.direction.once and any(now[side] for side in Side if rule.direction.writes(side)):
        return After(now)
    after: dict[Side, set[Element]] = {L: set(), R: set()}
    stuck, fought = set(), None
    for left, right in _pairs(rule, was, now):
        names = {L: left, R: right}
        bits = {side: (has(was, side, names[side]), has(now, side, names[side])) for side in Side}
        if left is None or right is None:
            side = L if right is None else R
            outcome = {side: bits[side][1], side.other: False}
            if bits[side] == (False, True) and rule.direction.writes(side.other):
                stuck.add((side, names[side]))
        elif rule.direction is Direction.BOTH:
            outcome = _both_ways(bits)
        else:
            source = R if rule.direction.writes(L) else L
            outcome = {source: bits[source][1], source.other: _target(bits[source], bits[source.other])}
            if bits[source] == (True, True) and bits[source.other] == (True, False):
                fought = (source.other, now[source.other])
        for side in Side:
            if outcome[side]:
                after[side].add(names[side])
    values = {side: frozenset(after[side]) if after[side] or now[side] is not None else None for side in Side}
    nothing_set = rule.direction.once and bool(stuck) and values == now
    return After(values, fought, settles=not nothing_set, waits=bool(stuck), stuck=frozenset(stuck))


def _both_ways(bits: dict[Side, tuple[bool, bool]]) -> dict[Side, bool]:
    moved = [side for side in Side if bits[side][0] != bits[side][1]]
    if not moved:
        return {side: bits[side][1] for side in Side}
    voices = [bits[side][1] for side in moved]
    return dict.fromkeys(Side, any(voices))


def _target(source: tuple[bool, bool], target: tuple[bool, bool]) -> bool:
    match source, target:
        case (False, True), _:  # put in
            return True
        case (True, False), (True, True):  # taken out
            return False
        case (True, True), (True, False):  # the target took out what the source keeps
            return True
    return target[1]


def _pairs(rule: Rule, was: Both | None, now: Both) -> set[tuple[Element | None, Element | None]]:
    found = set()
    for values in (was or {}, now):
        for side, value in values.items():
            for element in value if isinstance(value, frozenset) else ():
                other = _across(rule, side, element)
                other = None if isinstance(other, Untranslatable) else other
                found.add((element, other) if side is L else (other, element))
    return found


def _across(rule: Rule, side: Side, value: Maybe) -> object:
    return rule.translation.to_right(value) if side is L else rule.translation.to_left(value)
