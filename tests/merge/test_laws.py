"""What holds for every input: total, mirrored, within its direction, quiet, lossless, and as the naive merge says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.merge.merge import Decision, Held, Verdict, advance, merge
from crosswalk.merge.records import Ref, Snapshot, Wrote
from crosswalk.merge.rules import SAME, Policy, Rule, Side
from crosswalk.merge.values import MISSING, Choice, Maybe, Person, Rich
from tests.merge.cast import LEFTS, RIGHTS, L, R, helds, line, lines, newer, one_to_ones, sets, tables, values
from tests.merge.naive import After, naive

QUIET = (Verdict.UNCHANGED, Verdict.SKIPPED)
WAITING = (Verdict.ASK, Verdict.REFUSED)

elements = st.sampled_from(["s", Choice("1", "one"), Person("p")])
anything = (
    st.sampled_from(
        [None, MISSING, True, "s", "", Decimal("1.5"), datetime(2026, 1, 2, tzinfo=UTC), Rich("html", "<p>")]
    )
    | elements
    | st.frozensets(elements)
)
left_values = values(LEFTS) | sets(LEFTS)
right_values = values(RIGHTS) | sets(RIGHTS)


def decide(rule: Rule, held: Held | None, left: Maybe, right: Maybe, newer: Side | None = None) -> Decision:
    left_record = {} if left is MISSING else {rule.left: left}
    right_record = Snapshot(Ref("issue", "1"), {} if right is MISSING else {rule.right: right})
    (decision,) = merge({} if held is None else {rule.name: held}, left_record, right_record, [rule], newer=newer)
    return decision


def hold(rule: Rule, side: Side, value: Maybe) -> Wrote:
    return Wrote(Snapshot(Ref("any", side), {rule.field(side): value}))


@given(lines(st.just(SAME) | tables), helds(anything, anything), anything, anything, newer)
def test_total_and_within_its_direction(rule, held, left, right, newer):
    decision = decide(rule, held, left, right, newer)
    assert all(rule.direction.writes(side) for side in decision.write)
    assert all(decision.value(side) is not MISSING for side in decision.write)
    assert all(
        isinstance(value, frozenset) == isinstance(decision.value(side.other), frozenset)
        for side, value in decision.write.items()
        if decision.value(side.other) is not None
    )
    assert (decision.verdict in (Verdict.CARRY, Verdict.CONFLICT)) == bool(decision.write)
    assert (decision.lost is MISSING) == (decision.lost_side is None)
    assert decision.lost_side is None or decision.lost_side in decision.write
    assert "{" not in decision.why()


@given(lines(tables), helds(left_values, right_values), left_values, right_values, newer)
def test_mirrored(rule, held, left, right, newer):
    if newer is None and rule.policy is Policy.NEWEST:
        rule = replace(rule, policy=Policy.LEFT)  # "the left where it is not known" has a mirror image of its own
    mirror = None if held is None else Held.agreed(left=held.right, right=held.left)
    one = decide(rule, held, left, right, newer)
    other = decide(rule.mirrored, mirror, right, left, newer and newer.other)
    assert one.verdict is other.verdict
    assert one.write == {side.other: value for side, value in other.write.items()}
    assert (one.lost, one.lost_side) == (other.lost, other.lost_side and other.lost_side.other)
    assert one.refused == {side.other: refused for side, refused in other.refused.items()}
    if one.verdict is not Verdict.SKIPPED:  # of two sides that were not read, one is named
        assert one.why() == other.why({L: "the right", R: "the left"})


def others(decision: Decision, side: Side, found: Maybe) -> bool:
    """Whether somebody surely put in or took out an entry of a set while it was written."""
    before, sent = decision.value(side) or frozenset(), decision.write[side]
    if not isinstance(found, frozenset) or not isinstance(sent, frozenset) or not isinstance(before, frozenset):
        return False
    return bool(before & sent - found) or bool(sent - before <= found and found - sent - before)


@settings(max_examples=400)
@given(lines(one_to_ones), helds(sets(LEFTS), sets(RIGHTS)), sets(LEFTS), sets(RIGHTS), newer, st.data())
def test_what_people_do_to_a_set_while_it_is_written_is_a_change(rule, held, left, right, newer, data):
    decision = decide(rule, held, left, right, newer)
    for side, sent in decision.write.items():
        before = decision.value(side) or frozenset()
        more, less = (data.draw(sets(LEFTS if side is L else RIGHTS)) or frozenset() for _ in range(2))
        put_in, taken_out = more - sent - before, less & sent & before
        after = decision.agreed({**decision.write, side: (sent | put_in) - taken_out})
        if after is not None:
            refused = decision.refused.get(side, frozenset())
            assert after.of(side) == sent - refused, "as if nobody had done anything: the next look finds it"


@settings(max_examples=400)
@given(lines(tables), helds(left_values, right_values), left_values, right_values, newer, st.data())
def test_quiet_whatever_the_servers_made_of_it(rule, held, left, right, newer, data):
    decision = decide(rule, held, left, right, newer)
    landed = {}
    for side in decision.write:
        shape = sets if isinstance(decision.write[side], frozenset) else lambda names: values(names, missing=False)
        landed[side] = hold(rule, side, data.draw(shape(LEFTS if side is L else RIGHTS)))
    base = advance({} if held is None else {rule.name: held}, [decision], landed)
    now = {
        side: landed[side].snapshot.get(rule.field(side)) if side in landed else decision.value(side) for side in Side
    }
    again = decide(rule, base.get(rule.name), now[L], now[R], newer)
    if any(others(decision, side, now[side]) for side in landed):
        return  # the next look carries that
    assert not again.write
    assert again.verdict in QUIET or again.verdict in WAITING
    assert again.verdict in QUIET or decision.waits
    assert decision.verdict not in WAITING or again.verdict is decision.verdict


@given(lines(tables), helds(values(LEFTS), values(RIGHTS)), values(LEFTS), values(RIGHTS), newer)
def test_no_value_is_lost(rule, held, left, right, newer):
    decision = decide(rule, held, left, right, newer)
    for side, value in decision.write.items():
        old = decision.value(side)
        fresh = old != held.of(side) if held and held.known else old is not None
        kept = (decision.lost, decision.lost_side) == (old, side)
        assert value != old, "a write that changes nothing"
        assert kept == fresh, "what a person put there is kept, and nothing else is called lost"


@given(lines(tables), helds(values(LEFTS), values(RIGHTS)), values(LEFTS), values(RIGHTS), newer)
def test_values_as_the_naive_merge_says(rule, held, left, right, newer):
    _same(rule, held, left, right, newer)


@settings(max_examples=300)
@given(lines(one_to_ones), helds(sets(LEFTS), sets(RIGHTS)), sets(LEFTS), sets(RIGHTS), newer)
def test_sets_as_the_naive_merge_says(rule, held, left, right, newer):
    _same(rule, held, left, right, newer)


def _same(rule: Rule, held: Held | None, left: Maybe, right: Maybe, newer: Side | None) -> None:
    decision = decide(rule, held, left, right, newer)
    was = {side: held.of(side) for side in Side} if held and held.known else None
    expected: After = naive(rule, was, {L: left, R: right}, newer)
    assert {side: decision.write.get(side, decision.value(side)) for side in Side} == expected.values
    assert (None if decision.lost_side is None else (decision.lost_side, decision.lost)) == expected.lost
    assert decision.waits == expected.waits
    landed = {side: hold(rule, side, value) for side, value in decision.write.items()}
    moves = rule.name in advance({}, [decision], landed)
    assert moves == (expected.settles and decision.verdict is not Verdict.UNCHANGED)
    assert {(side, element) for side, found in decision.refused.items() for element in found} == expected.stuck


@given(
    lines(one_to_ones),
    st.lists(st.tuples(values(LEFTS, missing=False), values(RIGHTS, missing=False), newer), min_size=1, max_size=3),
)
def test_converged_after_every_merge(rule, edits):
    held: Held | None = None
    for left, right, newest in edits:
        decision = decide(rule, held, left, right, newest)
        base = {} if held is None else {rule.name: held}
        base = advance(base, [decision], {side: hold(rule, side, value) for side, value in decision.write.items()})
        held = base.get(rule.name)
        if decision.waits or decision.verdict in QUIET or (rule.direction.once and not decision.write):
            continue
        now = {side: decision.write.get(side, decision.value(side)) for side in Side}
        joined_empty = rule.source is not None and now[rule.source] is None and not decision.write
        assert rule.translate(now[L], R) == now[R] or joined_empty


def test_a_base_with_a_hole_is_first_contact():
    decision = decide(line(), Held.agreed(left=MISSING, right="x"), "a", None)
    assert decision.write == {R: "x"}
