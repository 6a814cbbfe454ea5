"""One value on each side, as a table of situations: what happened in the world, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from crosswalk.merge.merge import Decision, Held, Verdict, advance, dump_base, introduce, load_base, merge
from crosswalk.merge.records import Ref, Snapshot, Wrote
from crosswalk.merge.rules import SAME, Direction, Policy, Rule, Side
from crosswalk.merge.values import MISSING, Choice, Maybe
from tests.merge.cast import FULL, LOSSY, PARTIAL, L, R, Table, line, one_to_one

BOTH, TO_RIGHT, TO_LEFT = Direction.BOTH, Direction.TO_RIGHT, Direction.TO_LEFT
ONCE_RIGHT, ONCE_LEFT, OFF = Direction.ONCE_TO_RIGHT, Direction.ONCE_TO_LEFT, Direction.OFF
UNCHANGED, AGREED, CARRY = Verdict.UNCHANGED, Verdict.AGREED, Verdict.CARRY
CONFLICT, ASK, REFUSED, SKIPPED = Verdict.CONFLICT, Verdict.ASK, Verdict.REFUSED, Verdict.SKIPPED
NAMES = {L: "Plan", R: "Build"}


def decide(
    rule: Rule, base: tuple[Maybe, Maybe] | None, left: Maybe, right: Maybe, newer: Side | None = None
) -> Decision:
    held = {} if base is None else {rule.name: Held.agreed(left=base[0], right=base[1])}
    records = [{} if value is MISSING else {name: value} for name, value in ((rule.left, left), (rule.right, right))]
    (decision,) = merge(held, *records, [rule], newer=newer)
    return decision


# Base, left, right -> verdict, what is written, what is lost. a is x, b is y, c is z.
BOTH_WAYS = [
    ("nobody touched it", ("a", "x"), "a", "x", UNCHANGED, {}, None),
    ("the left was edited", ("a", "x"), "b", "x", CARRY, {R: "y"}, None),
    ("the right was edited", ("a", "x"), "a", "y", CARRY, {L: "b"}, None),
    ("the left was cleared", ("a", "x"), None, "x", CARRY, {R: None}, None),
    ("the right was cleared", ("a", "x"), "a", None, CARRY, {L: None}, None),
    ("both were edited alike", ("a", "x"), "b", "y", AGREED, {}, None),
    ("both were cleared", ("a", "x"), None, None, AGREED, {}, None),
    ("both were edited apart, the left wins", ("a", "x"), "b", "z", CONFLICT, {R: "y"}, (R, "z")),
    ("the left was edited, the right cleared", ("a", "x"), "b", None, CONFLICT, {R: "y"}, (R, None)),
    ("the left was cleared, the right edited", ("a", "x"), None, "y", CONFLICT, {R: None}, (R, "y")),
    ("joined, and alike", None, "a", "x", AGREED, {}, None),
    ("joined, and both empty", None, None, None, AGREED, {}, None),
    ("joined, and the right is empty", None, "a", None, CARRY, {R: "x"}, None),
    ("joined, and the left is empty", None, None, "x", CARRY, {L: "a"}, None),
    ("joined, and both hold something else", None, "a", "y", CONFLICT, {R: "x"}, (R, "y")),
    ("the left was not read", ("a", "x"), MISSING, "y", SKIPPED, {}, None),
    ("the right was not read", ("a", "x"), "b", MISSING, SKIPPED, {}, None),
    ("the base has a hole, so they meet anew", ("a", MISSING), None, "x", CARRY, {L: "a"}, None),
]

ONE_WAY = [
    ("nobody touched it", ("a", "x"), "a", "x", UNCHANGED, {}, None),
    ("the source was edited", ("a", "x"), "b", "x", CARRY, {R: "y"}, None),
    ("the source was cleared", ("a", "x"), None, "x", CARRY, {R: None}, None),
    ("the target was edited", ("a", "x"), "a", "y", CARRY, {R: "x"}, (R, "y")),
    ("the target was cleared", ("a", "x"), "a", None, CARRY, {R: "x"}, (R, None)),
    ("the target was brought to what the source holds", ("a", "y"), "a", "x", AGREED, {}, None),
    ("both were edited alike", ("a", "x"), "b", "y", AGREED, {}, None),
    ("both were edited apart", ("a", "x"), "b", "z", CARRY, {R: "y"}, (R, "z")),
    ("joined, and the target is empty", None, "a", None, CARRY, {R: "x"}, None),
    ("joined, and the source is empty", None, None, "x", AGREED, {}, None),
    ("joined, and both hold something else", None, "a", "y", CARRY, {R: "x"}, (R, "y")),
    ("joined empty long ago, and nobody touched it", (None, "x"), None, "x", UNCHANGED, {}, None),
    ("the target stores another form, and nobody touched it", ("a", "x "), "a", "x ", UNCHANGED, {}, None),
]

ONCE = [
    ("joined, and the target is empty", None, "a", None, CARRY, {R: "x"}, None),
    ("joined, and the target has its own", None, "a", "y", AGREED, {}, None),
    ("joined, and the source is empty", None, None, "y", AGREED, {}, None),
    ("joined, and both are empty", None, None, None, AGREED, {}, None),
    ("set, then the source was edited", ("a", "x"), "b", "x", SKIPPED, {}, None),
    ("set, then the target was cleared", ("a", "x"), "a", None, SKIPPED, {}, None),
]


def table(rows: Sequence[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """One test for each row, called after what happened."""
    return pytest.mark.parametrize("row", [pytest.param(row[1:], id=row[0]) for row in rows])


@table(BOTH_WAYS)
def test_both_ways(row):
    base, left, right, *wanted = row
    _is(decide(line(BOTH, Policy.LEFT), base, left, right), *wanted)


@table(ONE_WAY)
def test_one_way(row):
    _in_either_direction(TO_RIGHT, row)


@table(ONCE)
def test_once(row):
    _in_either_direction(ONCE_RIGHT, row)


def _in_either_direction(direction, row):
    base, left, right, verdict, write, lost = row
    rule = line(direction)
    _is(decide(rule, base, left, right), verdict, write, lost)
    mirrored = {side.other: value for side, value in write.items()}
    _is(decide(rule.mirrored, base and base[::-1], right, left), verdict, mirrored, lost and (L, lost[1]))


def _is(decision, verdict, write, lost):
    assert decision.verdict is verdict
    assert decision.write == write
    assert (None if decision.lost_side is None else (decision.lost_side, decision.lost)) == lost


@pytest.mark.parametrize(
    ("policy", "newer", "winner"),
    [
        (Policy.LEFT, R, L),
        (Policy.RIGHT, L, R),
        (Policy.NEWEST, R, R),
        (Policy.NEWEST, L, L),
        (Policy.NEWEST, None, L),
    ],
)
def test_who_wins_a_conflict(policy, newer, winner):
    decision = decide(line(BOTH, policy), ("a", "x"), "b", "z", newer)
    values = {L: "b", R: "z"}
    assert decision.verdict is CONFLICT
    assert decision.write == {winner.other: {L: "y", R: "c"}[winner]}
    assert (decision.lost_side, decision.lost) == (winner.other, values[winner.other])


def test_a_question_waits_and_its_answer_is_a_policy():
    rule = line(BOTH, Policy.ASK)
    question = decide(rule, ("a", "x"), "b", "z")
    assert (question.verdict, question.write, question.waits) == (ASK, {}, True)
    assert question.agreed({}) is None
    assert decide(rule, None, "b", "z").verdict is ASK
    assert decide(replace(rule, policy=Policy.RIGHT), ("a", "x"), "b", "z").write == {L: "c"}


@pytest.mark.parametrize("direction", [OFF, ONCE_LEFT])
def test_what_is_not_compared(direction):
    assert decide(line(direction), ("a", "x"), "b", "z").verdict is SKIPPED


# ---- translations that are partial, or lose something


@table(
    [
        ("the left was set to something the right does not have", BOTH, ("a", "x"), "c", "x"),
        ("the right was set to something the left does not have", BOTH, ("a", "x"), "a", "z"),
        ("both moved apart, and the winner does not travel", BOTH, ("a", "x"), "c", "y"),
        ("joined, and what would fill the right does not travel", BOTH, None, "c", None),
        ("the source does not travel, and the target was edited", TO_RIGHT, ("c", "x"), "c", "y"),
    ]
)
def test_a_value_without_a_counterpart_is_refused_and_asked_about_again(row):
    direction, base, left, right = row
    rule = line(direction, Policy.LEFT, PARTIAL)
    decision = decide(rule, base, left, right)
    assert (decision.verdict, decision.write, decision.waits) == (REFUSED, {}, True)
    assert decision.agreed({}) is None
    assert "no counterpart" in decision.why()
    assert (decision.detail[:3], decision.remedy, decision.code) == ("no ", "Map it.", "M1")


def test_the_loser_of_a_conflict_need_not_travel():
    decision = decide(line(BOTH, Policy.RIGHT, PARTIAL), ("a", "x"), "c", "y")
    assert (decision.verdict, decision.write, decision.lost) == (CONFLICT, {L: "b"}, "c")


@table(
    [
        ("two left values become the same right one", BOTH, ("b", "y"), "c", "y", AGREED),
        ("two right values become the same left one", BOTH, ("b", "y"), "b", "z", AGREED),
        ("both moved, and only the way back says they are the same", BOTH, ("a", "x"), "b", "z", AGREED),
        ("joined, and only the way back says so", BOTH, None, "b", "z", AGREED),
        ("joined one way, and the other direction has no say", TO_RIGHT, None, "b", "z", CARRY),
        ("joined the other way", TO_LEFT, None, "b", "z", AGREED),
        ("one way, unchanged, and not what would be sent today", TO_RIGHT, ("b", "z"), "b", "z", UNCHANGED),
    ]
)
def test_lossy_translations(row):
    direction, base, left, right, verdict = row
    assert decide(line(direction, Policy.ASK, LOSSY), base, left, right).verdict is verdict


def test_nothing_may_have_a_counterpart_of_its_own():
    to_default = one_to_one({None: "x", "b": "y"})
    assert decide(line(BOTH, translation=to_default), ("b", "y"), None, "y").write == {R: "x"}
    assert decide(line(BOTH, translation=to_default), None, None, "x").verdict is AGREED


def test_names_are_no_change():
    old, new = Choice("1", "To do"), Choice("1", "To Do", "new")
    assert decide(line(translation=SAME), (old, old), new, old).verdict is UNCHANGED


@pytest.mark.parametrize(("left", "right"), [("a", frozenset()), (frozenset("a"), "x")])
def test_a_list_beside_a_single_value_is_refused(left, right):
    decision = decide(line(), None, left, right)
    assert (decision.verdict, decision.write, decision.agreed({})) == (REFUSED, {}, None)
    assert "list" in decision.why()
    assert decision.remedy


def test_a_mapping_that_makes_a_list_of_a_value_is_refused():
    rule = line(translation=Table({"a": frozenset("x")}, {}))
    assert decide(rule, None, "a", None).verdict is REFUSED


# ---- telling why


def test_why_names_the_sides_as_the_caller_does():
    decision = decide(line(BOTH, Policy.NEWEST), ("a", "x"), "b", "z", R)
    assert decision.why(NAMES) == "Both sides changed it; Build is the newer."
    assert decision.why() == "Both sides changed it; the right is the newer."
    refused = decide(line(translation=PARTIAL), ("a", "x"), "c", "x")
    assert refused.why(NAMES) == "Plan holds a value that Build has no counterpart for: no c."


@table(
    [
        ("the source", TO_RIGHT, ("a", "x"), "b", "x", "Plan changed it."),
        ("the target", TO_RIGHT, ("a", "x"), "a", "y", "Build changed it, but only Plan may set it."),
        ("both, one way", TO_LEFT, ("a", "x"), "b", "z", "Both sides changed it, and only Build may set it."),
        ("the left", BOTH, ("a", "x"), "b", "x", "Plan changed it, Build did not."),
        ("the right", BOTH, ("a", "x"), "a", "y", "Build changed it, Plan did not."),
        ("joined, one way", TO_RIGHT, None, "a", "y", "The rule lets Plan set it."),
        ("joined, the source empty", TO_RIGHT, None, None, "y", "Build keeps what it had before the two were joined."),
        ("joined, one empty", BOTH, None, None, "y", "Plan was empty when the two were joined."),
        ("not read", BOTH, None, MISSING, "y", "Plan did not say what it holds."),
        ("a list, one way", TO_LEFT, None, None, frozenset("x"), "Build says which entries Plan has to have."),
        ("a list, both ways", BOTH, None, None, frozenset("x"), "Entries were put in or taken out."),
    ]
)
def test_why_says_who_did_it(row):
    direction, base, left, right, why = row
    assert decide(line(direction), base, left, right).why(NAMES) == why


def test_the_translations_own_words_are_not_searched_for_names():
    rule = line(translation=Table({}, {}))
    assert decide(rule, None, "{right}", None).why(NAMES).endswith("no {right}.")


# ---- the base


def test_the_base_is_what_was_read_back_and_what_was_decided_upon():
    rules = [Rule("one", "l1", "r1"), Rule("two", "l2", "r2"), Rule("three", "l3", "r3"), Rule("four", "l4", "r4")]
    base = {rule.name: Held.agreed(left="old", right="old") for rule in rules}
    left = {"l1": "new", "l2": "new", "l3": "new", "l4": "old"}
    right = Snapshot(Ref("issue", "1"), {"r1": "old", "r2": "old", "r3": "old", "r4": "newer"})
    decisions = merge(base, left, right, rules)
    now = {"r1": " new", "r2": "old", "r4": "edited since"}  # r3 can no longer be read
    landed = {R: Wrote(replace(right, fields=now), {"r2": "not on the form"})}
    was = {rule.name: replace(base[rule.name], fields=rule.fields) for rule in rules}
    assert advance(base, decisions, landed) == {
        "one": Held.agreed(left="new", right=" new", fields=rules[0].fields),
        "two": was["two"],  # the server would not take it
        "three": was["three"],
        "four": was["four"],  # its write on the left did not land
    }


def test_a_line_that_joins_other_fields_by_now_is_a_new_one():
    """Nothing in a field that was never compared empties nobody."""
    before, now = Rule("Note", "note", "c1"), Rule("Note", "note", "c2")
    left, right = {"note": "loud"}, {"c1": "loud", "c2": None}
    base = advance({}, merge({}, left, right, [before]), {})
    assert merge(base, left, {**right, "c1": None}, [before])[0].write == {L: None}
    (decision,) = merge(base, left, right, [now])
    assert (decision.held, decision.write) == (None, {R: "loud"})
    assert before.fields == before.mirrored.fields != now.fields


def test_what_was_kept_without_its_fields_counts_for_those_of_the_line():
    rule = Rule("Note", "note", "c1")
    old = {"Note": Held.agreed(left="loud", right="loud")}
    decisions = merge(old, {"note": "loud"}, {"c1": None}, [rule])
    assert decisions[0].write == {L: None}
    assert advance(old, decisions, {})["Note"] == replace(old["Note"], fields=rule.fields)


def test_a_base_can_be_written_down():
    base = {
        "b": Held.agreed(left=frozenset({"x"}), right=None),
        "a": Held.agreed(left=Choice("1", "n"), right=True, fields="1f"),
    }
    assert load_base(dump_base(base)) == base
    assert list(dump_base(base)) == ["a", "b"]


@pytest.mark.parametrize("data", [{"a": {}}, {"a": None}, {"a": {"left": 1, "right": 2}}, []])
def test_what_is_no_base_is_not_read_as_one(data):
    with pytest.raises(ValueError, match="not a"):
        load_base(data)


# ---- a record that is to be made


def test_a_new_record_brings_what_travels_and_leaves_the_rest_for_the_first_merge():
    rules = [
        Rule("name", "l1", "r1"),
        Rule("status", "l2", "r2", TO_LEFT),
        Rule("due", "l3", "r3"),
        Rule("tags", "l4", "r4"),
        Rule("labels", "l5", "r5"),
        Rule("size", "l6", "r6", ONCE_RIGHT, translation=PARTIAL),
    ]
    record = {"l1": "n", "l2": "open", "l3": None, "l4": frozenset("t"), "l5": frozenset(), "l6": "c"}
    decisions = introduce(record, L, rules)
    assert [decision.verdict for decision in decisions] == [CARRY, SKIPPED, SKIPPED, CARRY, SKIPPED, REFUSED]
    assert {name: value for d in decisions for name, value in [(d.name, d.write.get(R))] if d.write} == {
        "name": "n",
        "tags": frozenset("t"),
    }
    mirrored = introduce({rule.left: record[rule.left] for rule in rules}, R, [rule.mirrored for rule in rules])
    assert [decision.verdict for decision in mirrored] == [decision.verdict for decision in decisions]


def test_rules_know_their_source():
    assert [line(direction).source for direction in (TO_RIGHT, ONCE_LEFT, BOTH, OFF)] == [L, R, None, None]
    assert line(translation=FULL).mirrored.mirrored == replace(line(), translation=line().mirrored.mirrored.translation)
