"""Wrong merges, each wrong in one way that a tired programmer could write. The machine has to tell each from the real.

A mutant is a Core with one function wrapped; nothing is patched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from crosswalk.merge.merge import Base, Decision, Held, Verdict, advance, introduce, merge
from crosswalk.merge.plan import Kind, Patch, Plan
from crosswalk.merge.records import Snapshot, Wrote
from crosswalk.merge.rules import Direction, Policy, Rule, Side, Untranslatable
from crosswalk.merge.values import MISSING, Maybe
from tests.merge.world import Core

L, R = Side.LEFT, Side.RIGHT
EMPTY = (None, frozenset())
ONE_WAY = {Direction.TO_LEFT, Direction.TO_RIGHT}


# ---- kinds of wrapping


def deciding(change: Callable[[Decision], Decision]) -> Core:
    """A merge whose every decision is changed afterwards."""

    def wrapped(*args: object, **names: object) -> tuple[Decision, ...]:
        return tuple(change(decision) for decision in merge(*args, **names))

    return Core(merge=wrapped)


def ruling(change: Callable[[Rule], Rule]) -> Core:
    """A merge that reads the rules wrongly, and reports them as they were."""

    def wrapped(
        base: Base, left: Snapshot, right: Snapshot, rules: Iterable[Rule], **names: Side
    ) -> tuple[Decision, ...]:
        rules = list(rules)
        decisions = merge(base, left, right, [change(rule) for rule in rules], **names)
        return tuple(replace(decision, rule=rule) for decision, rule in zip(decisions, rules, strict=True))

    return Core(merge=wrapped)


def keeping(held_by: Callable[[Decision, Held | None, Held | None, Mapping[Side, Maybe]], Held | None]) -> Core:
    """A base that is stored wrongly: `held_by(decision, old, right_answer, read_back)`."""

    def wrapped(base: Base, decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> dict[str, Held]:
        decisions = list(decisions)
        correct = advance(base, decisions, landed)
        after = {}
        for decision in decisions:
            read_back = {side: wrote.snapshot.get(decision.rule.field(side)) for side, wrote in landed.items()}
            held = held_by(decision, base.get(decision.name), correct.get(decision.name), read_back)
            if held is not None:
                after[decision.name] = held
        return after

    return Core(advance=wrapped)


def not_written(decision: Decision) -> Decision:
    return replace(decision, verdict=Verdict.AGREED, write={}, lost=MISSING, lost_side=None)


def instead(decision: Decision, side: Side) -> Decision:
    """Writes on `side` what the other holds, whatever was decided."""
    value = decision.value(side.other)
    if value is MISSING or decision.value(side) is MISSING:
        return decision
    meant = decision.rule.translate(value, side)
    if isinstance(meant, Untranslatable):
        return decision
    return replace(decision, verdict=Verdict.CARRY, write={side: meant})


# ---- wrong bases


def base_stays_after_a_write(d: Decision, old: Held | None, new: Held | None, _: Mapping[Side, Maybe]) -> Held | None:
    return old if d.write else new


def written_side_keeps_its_old_base(
    d: Decision, old: Held | None, new: Held | None, _: Mapping[Side, Maybe]
) -> Held | None:
    """The open fault of the best-known engine of this kind: an edit back to the old value looks like none."""
    if old is None or new is None or not d.write:
        return new
    return Held(*(old.of(side) if side in d.write else new.of(side) for side in Side))


def base_is_what_was_sent(d: Decision, _: Held | None, new: Held | None, __: Mapping[Side, Maybe]) -> Held | None:
    return new and Held(*(d.write.get(side, new.of(side)) for side in Side))


def base_from_a_later_reading(
    d: Decision, _: Held | None, new: Held | None, read_back: Mapping[Side, Maybe]
) -> Held | None:
    return new and Held(*(read_back.get(side, new.of(side)) for side in Side))


def refused_value_enters_the_base(
    d: Decision, old: Held | None, new: Held | None, _: Mapping[Side, Maybe]
) -> Held | None:
    return Held(d.left, d.right) if d.verdict is Verdict.REFUSED else new


def refused_entry_enters_the_base(
    d: Decision, _: Held | None, new: Held | None, read_back: Mapping[Side, Maybe]
) -> Held | None:
    now = {side: read_back.get(side, MISSING) if side in d.write else d.value(side) for side in Side}
    return Held(now[L], now[R]) if new and d.refused else new


def question_enters_the_base(d: Decision, _: Held | None, new: Held | None, __: Mapping[Side, Maybe]) -> Held | None:
    return Held(d.left, d.right) if d.verdict is Verdict.ASK else new


def what_was_left_out_counts_as_written(
    d: Decision, _: Held | None, new: Held | None, read_back: Mapping[Side, Maybe]
) -> Held | None:
    return d.agreed(read_back) or new


def unanswered_write_counts_as_landed(
    d: Decision, _: Held | None, new: Held | None, read_back: Mapping[Side, Maybe]
) -> Held | None:
    return d.agreed({**d.write, **read_back}) or new


# ---- wrong decisions


def echo(d: Decision) -> Decision:
    return instead(d, R) if d.verdict is Verdict.AGREED and d.rule.direction.writes(R) else d


def writes_although_nothing_changed(d: Decision) -> Decision:
    return instead(d, L) if d.verdict is Verdict.UNCHANGED and d.rule.direction.writes(L) else d


def set_is_overwritten(d: Decision) -> Decision:
    def whole(side: Side) -> frozenset[object]:
        meant = [d.rule.translate(element, side) for element in d.value(side.other) or ()]
        return frozenset(element for element in meant if not isinstance(element, Untranslatable))

    sets = d.rule.name == "tags" and d.verdict is Verdict.CARRY
    return replace(d, write={side: whole(side) for side in d.write}) if sets else d


def nothing_is_taken_out_of_a_set(d: Decision) -> Decision:
    grown = {
        side: value | (d.value(side) or frozenset()) for side, value in d.write.items() if isinstance(value, frozenset)
    }
    return replace(d, write={**d.write, **grown})


def nothing_is_put_into_a_set(d: Decision) -> Decision:
    cut = {
        side: value & (d.value(side) or frozenset()) for side, value in d.write.items() if isinstance(value, frozenset)
    }
    return replace(d, write={**d.write, **cut})


def empty_erases_at_first_contact(d: Decision) -> Decision:
    for side in d.write:
        if d.held is None and d.value(side) in EMPTY and d.rule.direction is Direction.BOTH:
            return replace(d, write={side.other: d.value(side)})
    return d


def clearing_does_not_travel(d: Decision) -> Decision:
    return not_written(d) if any(value in EMPTY for value in d.write.values()) else d


def loser_is_dropped(d: Decision) -> Decision:
    return replace(d, lost=MISSING, lost_side=None) if d.verdict is Verdict.CONFLICT else d


def overruled_target_is_dropped(d: Decision) -> Decision:
    return replace(d, lost=MISSING, lost_side=None) if d.verdict is Verdict.CARRY else d


def one_way_drift_is_ignored(d: Decision) -> Decision:
    return not_written(d) if d.rule.direction in ONE_WAY and d.lost_side else d


def question_is_answered_by_the_machine(d: Decision) -> Decision:
    return instead(d, R) if d.verdict is Verdict.ASK else d


def refused_value_is_emptied(d: Decision) -> Decision:
    if d.verdict is not Verdict.REFUSED or d.refused:
        return d
    return replace(d, verdict=Verdict.CARRY, write={side: None for side in Side if d.rule.direction.writes(side)})


def loser_wins(d: Decision) -> Decision:
    return instead(d, d.lost_side.other) if d.verdict is Verdict.CONFLICT and d.lost_side else d


# ---- wrong reading of bases, rules and records


def right_against_the_lefts_base(
    base: Base, left: Snapshot, right: Snapshot, rules: Iterable[Rule], **names: Side
) -> tuple[Decision, ...]:
    return merge({name: Held(held.left, held.left) for name, held in base.items()}, left, right, rules, **names)


def not_read_means_empty(
    base: Base, left: Snapshot, right: Snapshot, rules: Iterable[Rule], **names: Side
) -> tuple[Decision, ...]:
    rules = list(rules)
    left = replace(left, fields={**{rule.left: None for rule in rules}, **left.fields})
    right = replace(right, fields={**{rule.right: None for rule in rules}, **right.fields})
    return merge(base, left, right, rules, **names)


def older_wins(base: Base, left: Snapshot, right: Snapshot, rules: Iterable[Rule], newer: Side) -> tuple[Decision, ...]:
    return merge(base, left, right, rules, newer=newer.other)


def wrong_in_the_mirror(
    base: Base, left: Snapshot, right: Snapshot, rules: Iterable[Rule], newer: Side
) -> tuple[Decision, ...]:
    """Right as it stands, wrong with the sides exchanged: only the third law sees it."""
    return merge(base, left, right, rules, newer=newer if left.ref.kind == L else newer.other)


def both_ways(rule: Rule) -> Rule:
    return replace(rule, direction=Direction.BOTH) if rule.direction in ONE_WAY else rule


def once_is_always(rule: Rule) -> Rule:
    return replace(rule, direction=Direction.TO_RIGHT) if rule.direction.writes(R) and rule.direction.once else rule


def off_is_on(rule: Rule) -> Rule:
    return replace(rule, direction=Direction.BOTH) if rule.direction is Direction.OFF else rule


def preferred_side_is_not_asked(rule: Rule) -> Rule:
    return replace(rule, policy=Policy.NEWEST) if rule.policy in (Policy.LEFT, Policy.RIGHT) else rule


# ---- wrong plans


def planning(change: Callable[[Plan], Iterable[Patch]]) -> Core:
    """A plan whose patches are others, or stand in another order, than the real one's."""

    def wrapped(patches: Iterable[Patch], known: int) -> Plan:
        plan = Plan(patches, known)
        changed = Plan((), known)
        object.__setattr__(changed, "patches", tuple(change(plan)))
        return changed

    return Core(plan=wrapped)


def links_are_left_out(plan: Plan) -> Iterable[Patch]:
    return [patch for patch in plan.patches if patch.kind is not Kind.LINK]


def deletes_are_left_out(plan: Plan) -> Iterable[Patch]:
    return [patch for patch in plan.patches if patch.kind is not Kind.DELETE]


def values_go_before_links(plan: Plan) -> Iterable[Patch]:
    return sorted(plan.patches, key=lambda patch: patch.kind is Kind.LINK)


def the_upper_is_deleted_first(plan: Plan) -> Iterable[Patch]:
    return reversed(plan.patches) if Kind.DELETE in plan.counts() else plan.patches


def new_record_starts_without_its_fields(record: Snapshot, source: Side, rules: Iterable[Rule]) -> tuple[Decision, ...]:
    return tuple(not_written(decision) for decision in introduce(record, source, rules))


MUTANTS: dict[str, Core] = {
    **{
        change.__name__: keeping(change)
        for change in (
            base_stays_after_a_write,
            written_side_keeps_its_old_base,
            base_is_what_was_sent,
            base_from_a_later_reading,
            refused_value_enters_the_base,
            refused_entry_enters_the_base,
            question_enters_the_base,
            what_was_left_out_counts_as_written,
            unanswered_write_counts_as_landed,
        )
    },
    **{
        change.__name__: deciding(change)
        for change in (
            echo,
            writes_although_nothing_changed,
            set_is_overwritten,
            nothing_is_taken_out_of_a_set,
            nothing_is_put_into_a_set,
            empty_erases_at_first_contact,
            clearing_does_not_travel,
            loser_is_dropped,
            overruled_target_is_dropped,
            one_way_drift_is_ignored,
            question_is_answered_by_the_machine,
            refused_value_is_emptied,
            loser_wins,
        )
    },
    **{
        change.__name__: ruling(change)
        for change in (both_ways, once_is_always, off_is_on, preferred_side_is_not_asked)
    },
    **{
        change.__name__: Core(merge=change)
        for change in (right_against_the_lefts_base, not_read_means_empty, older_wins)
    },
    **{
        change.__name__: planning(change)
        for change in (
            links_are_left_out,
            deletes_are_left_out,
            values_go_before_links,
            the_upper_is_deleted_first,
        )
    },
    "wrong_in_the_mirror": Core(merge=wrong_in_the_mirror),
    "new_record_starts_without_its_fields": Core(introduce=new_record_starts_without_its_fields),
}


# The wrappings themselves, with nothing wrong inside: what kills a mutant is its fault, not its wrapping.
UNHARMED: dict[str, Core] = {
    "deciding": deciding(lambda decision: decision),
    "ruling": ruling(lambda rule: rule),
    "planning": planning(lambda plan: plan.patches),
    "keeping": keeping(lambda decision, old, new, read_back: new),
}
