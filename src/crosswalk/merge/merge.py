"""The decision: a base, two sides and rules in, decisions out. No clock, no I/O, and it does not know what is left.

Every side is compared with *its own* value in the base, never with the other side: a format that loses something on
the way can not look like an edit. Translated values are compared only to see whether there is anything to write.
Same input, same output; swap the sides and mirror the rules, and the decisions come out mirrored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from crosswalk.merge.decision import OWN, Base, Decision, Held, Verdict, advance, dump_base, load_base
from crosswalk.merge.records import Snapshot
from crosswalk.merge.refused import won_before
from crosswalk.merge.rules import Direction, Policy, Rule, Side, Untranslatable, is_blockwise, is_whole
from crosswalk.merge.sets import elements_of, wanted
from crosswalk.merge.text import merge_text
from crosswalk.merge.together import together
from crosswalk.merge.values import MISSING, Element, Maybe, Rich, Value, show

__all__ = [
    "ONCE",
    "Base",
    "Decision",
    "Held",
    "Verdict",
    "advance",
    "dump_base",
    "half_way",
    "introduce",
    "load_base",
    "merge",
    "with_halves",
]

Record: TypeAlias = Snapshot | Mapping[str, Value]
"""A record's values by its own field names; what is absent was not read."""


def merge(
    base: Base, left: Record, right: Record, rules: Iterable[Rule], *, newer: Side | None = None
) -> tuple[Decision, ...]:
    """One decision for each rule, in the order of `rules`.

    `newer` is the side whose record was changed last, for rules that ask for the newest; the left where it is None.
    A conflict that a person has answered is decided by merging again with that rule's policy set to the answer.
    """
    return together(_decide(_case(base, rule, left, right, newer)) for rule in rules)


def half_way(base: Base, rule: Rule, side: Side, across: Maybe) -> Held | None:
    """What counts as agreed where both sides were to be written, and `side` alone was: `across`, what the other holds.

    The written side brought that along. Were it not agreed, it would look like that side's own, and come again where
    somebody takes it out on the other side. What is still to be written there is a change of the written side. None
    where nothing had been agreed.
    """
    held = base.get(rule.name)
    if held is None or not held.known or across is MISSING:
        return None
    ends = {side: held.of(side), side.other: across}
    (alone,) = merge(base, _only(rule.left, ends[Side.LEFT]), _only(rule.right, ends[Side.RIGHT]), [rule])
    ends[side] = alone.write.get(side, ends[side])
    return Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT], fields=rule.fields)


def with_halves(base: Base, decisions: Iterable[Decision], landed: Collection[Side]) -> dict[str, Held]:
    """`base` with what is half way, as far as `landed` says."""
    after = dict(base)
    for decision in decisions:
        there = [side for side in decision.write if side in landed]
        if len(decision.write) == len(Side) and len(there) == 1:
            held = half_way(base, decision.rule, there[0], decision.value(there[0].other))
            after |= {} if held is None else {decision.name: held}
    return after


def _only(name: str, value: Maybe) -> dict[str, Value]:
    return {} if value is MISSING else {name: value}


def introduce(record: Record, source: Side, rules: Iterable[Rule]) -> tuple[Decision, ...]:
    """What a record of side `source` brings with it when its counterpart is to be made across.

    Fields that are empty, or that do not travel that way, are left for the first merge after the record was made:
    the server may fill them by itself.
    """
    decisions = []
    for rule in rules:
        value = _read(record, rule.field(source))
        brings = rule.direction.writes(source.other) and value is not None and value != frozenset()
        ends = {source: value, source.other: None if brings else MISSING}
        decisions.append(_decide(_Case(rule, ends[Side.LEFT], ends[Side.RIGHT], None, source)))
    return together(decisions)


def _read(record: Record, name: str) -> Maybe:
    return record.get(name) if isinstance(record, Snapshot) else record.get(name, MISSING)


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything one decision may look at."""

    rule: Rule
    left: Maybe
    right: Maybe
    base: Held | None
    newer: Side | None
    won: Side | None = None
    """Who was right about just these values before, where that could not be carried."""
    own: Held | None = None
    """Elements of a set that stood on a side alone, because the rule did not let them travel when it was agreed."""

    @property
    def held(self) -> Held | None:
        return self.base if self.base is not None and self.base.known else None

    def value(self, side: Side) -> Maybe:
        return self.left if side is Side.LEFT else self.right

    def moved(self, side: Side) -> bool:
        return self.held is None or self.value(side) != self.held.of(side)

    def across(self, to: Side) -> Value | Untranslatable:
        """The value of the side across, in the terms of side `to`."""
        value = self.value(to.other)
        assert value is not MISSING  # decided before anything is translated
        meant = self.rule.translate(value, to)
        if isinstance(meant, frozenset) and not is_whole(self.rule.translation):
            return Untranslatable("the mapping turns a single value into a list", MIXED_REMEDY)
        return meant

    def counterparts(self) -> bool:
        """Whether the sides already hold the same thing, by a translation in a direction that the rule allows.

        Nothing on both sides is the same thing, whatever the translation makes of nothing.
        """
        if _nothing(self.left) and _nothing(self.right):
            return True
        return any(self.across(side) == self.value(side) for side in Side if self.rule.direction.writes(side))

    def says(self, verdict: Verdict, reason: str) -> Decision:
        return Decision(self.rule, verdict, reason, self.left, self.right, self.base)

    def refuses(self, source: Side, why: Untranslatable) -> Decision:
        reason = f"{{{source}}} holds a value that {{{source.other}}} has no counterpart for."
        decision = self.says(Verdict.REFUSED, reason)
        return replace(decision, detail=why.reason, remedy=why.remedy, code=why.code)

    def writes(self, to: Side, reason: str, *, keep: bool = False, verdict: Verdict = Verdict.CARRY) -> Decision:
        """Writes on `to` what the other side holds; with `keep`, what `to` held was a person's and is kept as lost."""
        value = self.across(to)
        if isinstance(value, Untranslatable):
            return self.refuses(to.other, value)
        decision = replace(self.says(verdict, reason), write={to: value})
        return replace(decision, lost=self.value(to), lost_side=to) if keep else decision


def _case(base: Base, rule: Rule, left: Record, right: Record, newer: Side | None) -> _Case:
    here, there = _read(left, rule.left), _read(right, rule.right)
    won = won_before(base, rule, here, there)
    held = base.get(rule.name)
    if held is not None and not held.about(rule):
        return _Case(rule, here, there, None, newer, won)
    return _Case(rule, here, there, held, newer, won, base.get(OWN + rule.name))


ONCE = "It is set once, and that was done."
MIXED_REMEDY = "Map a list to a list, or a single value to a single value."


def _decide(case: _Case) -> Decision:
    """Which table a rule belongs to."""
    rule = case.rule
    if rule.direction is Direction.OFF:
        return case.says(Verdict.SKIPPED, "The rule is switched off.")
    for side in Side:
        # The field is not on the form, hidden from us, or not mapped: that says nothing about its value.
        if case.value(side) is MISSING:
            return case.says(Verdict.SKIPPED, f"{{{side}}} did not say what it holds.")
    if rule.direction.once and case.held is not None:
        return case.says(Verdict.SKIPPED, ONCE)
    ends = (case.left, case.right)
    if any(isinstance(value, frozenset) for value in ends) and not is_whole(rule.translation):
        if not all(value is None or isinstance(value, frozenset) for value in ends):
            decision = case.says(Verdict.REFUSED, "One side holds a list, the other a single value.")
            return replace(decision, remedy=MIXED_REMEDY)
        return _decide_set(case)
    return _decide_value(case)


def _nothing(value: Maybe) -> bool:
    return value is None or value == frozenset()


def _decide_value(case: _Case) -> Decision:
    """One value on each side."""
    moved_left, moved_right = case.moved(Side.LEFT), case.moved(Side.RIGHT)
    # Nobody touched it.
    if not moved_left and not moved_right:
        return case.says(Verdict.UNCHANGED, _at_rest(case))
    # Both were brought to the same thing; or our own write had landed and its answer was lost.
    if case.counterparts():
        return case.says(Verdict.AGREED, "Both sides hold the same.")
    # The pair is new, or the rule is.
    if case.held is None:
        return _first_contact(case)
    if (merged := _decide_text(case)) is not None:
        return merged
    if case.rule.source is not None:
        return _one_way(case, case.rule.source)
    # Somebody changed the left.
    if not moved_right:
        return case.writes(Side.RIGHT, "{left} changed it, {right} did not.")
    # Somebody changed the right.
    if not moved_left:
        return case.writes(Side.LEFT, "{right} changed it, {left} did not.")
    # Somebody changed the left, and somebody changed the right to something else.
    return _conflict(case, "Both sides changed it.")


def _at_rest(case: _Case) -> str:
    """Nobody touched it. Long texts are not laid beside each other only to say so."""
    simple = not is_blockwise(case.rule.translation)
    differ = simple and not case.counterparts()
    return f"Neither side changed it{' since they were joined, so they may differ' if differ else ''}."


def _decide_text(case: _Case) -> Decision | None:
    """A long text that can be merged block by block; None for everything else.

    Where only one side may speak and the other was changed all the same, its text is written again as a whole.
    """
    form, held, source = case.rule.translation, case.held, case.rule.source
    if not is_blockwise(form) or held is None or (source is not None and case.moved(source.other)):
        return None
    was: dict[Side, tuple[str, ...]] = {}
    now: dict[Side, tuple[str, ...]] = {}
    for side in Side:
        for texts, value in ((was, held.of(side)), (now, case.value(side))):
            blocks = form.split(side, value) if value is not MISSING else None
            if blocks is None:
                return None
            texts[side] = blocks
    winner, rule = _winner(case)
    merged = merge_text(form, was, now, winner)
    if merged.stuck is not None:
        stuck = case.refuses(winner if merged.clash else _mover(case), merged.stuck)
        return replace(stuck, winner=winner if merged.clash and not _asks(case) else None)
    if merged.clash and _asks(case):
        return case.says(Verdict.ASK, "Both sides changed the same place of it. A person decides.")
    texts_now = {side: _losing(form.join(side, merged.blocks[side]), merged.lost[side]) for side in Side}
    write = {side: text for side, text in texts_now.items() if text != case.value(side)}
    if not merged.clash:
        verdict, reason = (
            (Verdict.CARRY, _text_reason(case)) if write else (Verdict.AGREED, "Both sides hold the same.")
        )
        return replace(case.says(verdict, reason), write=write)
    decision = case.says(Verdict.CONFLICT, f"Both sides changed the same place of it; {rule}.")
    return replace(decision, write=write, lost=case.value(winner.other), lost_side=winner.other, winner=winner)


def _losing(text: Value, lost: tuple[str, ...]) -> Value:
    """`text`, with what its form gave up."""
    return replace(text, lost=lost) if isinstance(text, Rich) else text


def _mover(case: _Case) -> Side:
    return Side.LEFT if case.moved(Side.LEFT) else Side.RIGHT


def _text_reason(case: _Case) -> str:
    """Who changed it; the places that nobody touched keep their form on both sides."""
    if case.moved(Side.LEFT) and case.moved(Side.RIGHT):
        return "Both sides changed it, in different places."
    return f"{{{_mover(case)}}} changed it, {{{_mover(case).other}}} did not."


def _first_contact(case: _Case) -> Decision:
    """No base: a filled side may fill an empty one, and an empty side never empties the other."""
    source = case.rule.source
    if source is not None:
        target = source.other
        # What a new record holds by itself, until it is brought to what it is made for (refused.not_begun).
        own = case.base is not None and case.base.of(source) is MISSING and case.base.of(target) == case.value(target)
        filled = not _nothing(case.value(target)) and not own
        # The source has nothing to say yet, or it is to be said once and the target has spoken for itself.
        if _nothing(case.value(source)) or (case.rule.direction.once and filled):
            return case.says(Verdict.AGREED, f"{{{target}}} keeps what it had before the two were joined.")
        return case.writes(target, f"The rule lets {{{source}}} set it.", keep=filled)
    for side in Side:
        if _nothing(case.value(side)):
            return case.writes(side, f"{{{side}}} was empty when the two were joined.")
    return _conflict(case, "Both sides held something else when they were joined.")


def _one_way(case: _Case, source: Side) -> Decision:
    """A base, and a rule that lets only `source` speak."""
    target = source.other
    # Somebody changed the source.
    if not case.moved(target):
        return case.writes(target, f"{{{source}}} changed it.")
    # Somebody changed the target, against the direction: the source is written again.
    if not case.moved(source):
        return case.writes(target, f"{{{target}}} changed it, but only {{{source}}} may set it.", keep=True)
    # Somebody changed both; the direction decides.
    return case.writes(target, f"Both sides changed it, and only {{{source}}} may set it.", keep=True)


def _conflict(case: _Case, event: str) -> Decision:
    """Two different values, each put there by somebody."""
    if _asks(case):
        return case.says(Verdict.ASK, f"{event} A person decides.")
    winner, rule = _winner(case)
    decision = case.writes(winner.other, f"{event[:-1]}; {rule}.", keep=True, verdict=Verdict.CONFLICT)
    return replace(decision, winner=winner)


def _asks(case: _Case) -> bool:
    """Whether a person is to decide, and has not about just these values."""
    return case.rule.policy is Policy.ASK and case.won is None


def _winner(case: _Case) -> tuple[Side, str]:
    """Who is right in a conflict, and by what."""
    policy = case.rule.policy
    if case.won is not None and policy in (Policy.NEWEST, Policy.ASK):
        return case.won, f"{{{case.won}}} {'was chosen' if policy is Policy.ASK else 'was the newer'}"
    if policy is Policy.NEWEST and case.newer is None:
        return Side.LEFT, f"which is newer is not known, so {{{Side.LEFT}}} counts"
    if policy in (Policy.NEWEST, Policy.ASK):
        winner = case.newer or Side.LEFT
        return winner, f"{{{winner}}} is the newer"
    winner = Side.LEFT if policy is Policy.LEFT else Side.RIGHT
    return winner, f"the rule prefers {{{winner}}}"


def _decide_set(case: _Case) -> Decision:
    """A set on each side (or nothing, which is an empty one): element by element, both ways at once."""
    rule, held = case.rule, case.held
    now = {side: elements_of(case.value(side)) for side in Side}
    was = {side: elements_of(held.of(side)) if held else frozenset() for side in Side}
    # What stood on a side alone while the rule kept it there is new to the other one, now that it may travel.
    was |= {side: was[side] - elements_of(case.own.of(side)) for side in Side if case.own and _speaks(rule, side)}
    if rule.direction.once and rule.source is not None and now[rule.source.other]:
        reason = f"{{{rule.source.other}}} keeps what it had before the two were joined."
        return case.says(Verdict.AGREED, reason)
    wants = {side: wanted(rule, side, now, was) for side in Side if rule.direction.writes(side)}
    write: dict[Side, Value] = {side: want.elements for side, want in wants.items() if want.elements != now[side]}
    stuck = {side.other: want.stuck for side, want in wants.items() if want.stuck}
    verdict, reason = _set_verdict(case, write, stuck, moved=held is None or now != was)
    own = {side: want.own for side, want in wants.items() if want.own}
    if own and verdict is Verdict.UNCHANGED and rule.source is not None:  # somebody put them in, however long ago
        reason = f"{{{rule.source.other}}} has more entries, and only {{{rule.source}}} may set it."
    decision = replace(case.says(verdict, reason), write=write, own=own)
    if stuck:
        refused = {side: frozenset(reasons) for side, reasons in stuck.items()}
        whys = sorted((f"{show(element)}: {why.reason}", why.remedy, why.code) for element, why in _items(stuck))
        detail = "; ".join(text for text, _, _ in whys)
        decision = replace(decision, refused=refused, detail=detail, remedy=whys[0][1], code=whys[0][2])
    for side, want in wants.items():
        if want.put_back:
            decision = replace(decision, lost=case.value(side), lost_side=side)
    return decision


def _speaks(rule: Rule, side: Side) -> bool:
    return rule.direction.writes(side.other) and not rule.direction.once


_Stuck: TypeAlias = Mapping[Side, Mapping[Element, Untranslatable]]


def _items(stuck: _Stuck) -> list[tuple[Element, Untranslatable]]:
    return [item for reasons in stuck.values() for item in reasons.items()]


def _set_verdict(case: _Case, write: Mapping[Side, Value], stuck: _Stuck, *, moved: bool) -> tuple[Verdict, str]:
    some = "; an entry without a counterpart stays where it is" if stuck else ""
    source = case.rule.source
    # Somebody put something in or took something out, or a one-way rule puts something back.
    if write and source is not None:
        return Verdict.CARRY, f"{{{source}}} says which entries {{{source.other}}} has to have{some}."
    if write:
        return Verdict.CARRY, f"Entries were put in or taken out{some}."
    # All that was put in has no counterpart.
    if len(stuck) == 2:
        return Verdict.REFUSED, "Each side holds an entry that the other has no counterpart for."
    for side in stuck:
        return Verdict.REFUSED, f"{{{side}}} holds an entry that {{{side.other}}} has no counterpart for."
    # Both did the same, or the target of a one-way rule has something of its own.
    if moved:
        return Verdict.AGREED, "Each side has the entries it has to have."
    return Verdict.UNCHANGED, "Neither side changed it."
