"""Sets, as a table of situations. On the left the elements are a, b, c, on the right x, y, z; w is the right's own."""

from __future__ import annotations

from dataclasses import replace

from crosswalk.merge.merge import Held, Verdict, advance, merge
from crosswalk.merge.rules import Direction
from crosswalk.merge.values import MISSING
from tests.merge.cast import FULL, L, R, Table, line, one_to_one
from tests.merge.test_merge import NAMES, decide, table

BOTH, TO_RIGHT, TO_LEFT = Direction.BOTH, Direction.TO_RIGHT, Direction.TO_LEFT
UNCHANGED, AGREED, CARRY = Verdict.UNCHANGED, Verdict.AGREED, Verdict.CARRY
REFUSED, SKIPPED = Verdict.REFUSED, Verdict.SKIPPED
TAGS = one_to_one({"a": "x", "b": "y", "c": "z"})
# Several left elements are one on the right, and the reverse.
MANY = Table({"a": "x", "b": "x", "c": "z"}, {"x": "a", "z": "c", "y": "c"})


def s(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(text)


BOTH_WAYS = [
    ("nobody touched it", ("ab", "xy"), "ab", "xy", UNCHANGED, {}),
    ("put in on the left", ("a", "x"), "ab", "x", CARRY, {R: "xy"}),
    ("put in on the right", ("a", "x"), "a", "xy", CARRY, {L: "ab"}),
    ("taken out on the left", ("ab", "xy"), "a", "xy", CARRY, {R: "x"}),
    ("taken out on the right", ("ab", "xy"), "ab", "x", CARRY, {L: "a"}),
    ("one put in on each side", ("a", "x"), "ab", "xz", CARRY, {L: "abc", R: "xyz"}),
    ("one put in, another taken out across", ("ab", "xy"), "abc", "x", CARRY, {L: "ac", R: "xz"}),
    ("taken out on both", ("ab", "xy"), "a", "x", AGREED, {}),
    ("put in on both", ("a", "x"), "ab", "xy", AGREED, {}),
    ("the last one taken out on the left", ("a", "x"), "", "x", CARRY, {R: ""}),
    ("emptied on the left, which says nothing at all", ("a", "x"), None, "x", CARRY, {R: ""}),
    ("emptied on both, which say nothing at all", ("a", "x"), None, None, AGREED, {}),
    ("no list and an empty one are the same", (None, ""), "", None, UNCHANGED, {}),
    ("joined: both keep all they have", None, "ab", "yz", CARRY, {L: "abc", R: "xyz"}),
    ("joined, and one is empty", None, "", "x", CARRY, {L: "a"}),
    ("joined, and one says nothing at all", None, None, "x", CARRY, {L: "a"}),
    ("joined, and alike", None, "a", "x", AGREED, {}),
    ("taken out on the left and put in on the right", ("a", ""), "", "x", CARRY, {L: "a"}),
]

ONE_WAY = [
    ("put in on the source", ("a", "x"), "ab", "x", CARRY, {R: "xy"}, None),
    ("taken out on the source", ("ab", "xy"), "a", "xy", CARRY, {R: "x"}, None),
    ("the target has its own", ("a", "x"), "a", "xw", AGREED, {}, None),
    ("the target has had its own for long", ("a", "xw"), "a", "xw", UNCHANGED, {}, None),
    ("taken out on the source, the target's own stays", ("a", "xw"), "", "xw", CARRY, {R: "w"}, None),
    ("the target took out its own", ("a", "xw"), "a", "x", AGREED, {}, None),
    ("the target took out what the source keeps", ("ab", "xy"), "ab", "x", CARRY, {R: "xy"}, ["x"]),
    ("the target was emptied", ("a", "x"), "a", None, CARRY, {R: "x"}, [None]),
    ("both took the same out", ("ab", "xy"), "a", "x", AGREED, {}, None),
    ("joined: the target keeps its own", None, "a", "y", CARRY, {R: "xy"}, None),
    ("joined, and the source is empty", None, "", "y", AGREED, {}, None),
]


@table(BOTH_WAYS)
def test_both_ways(row):
    base, left, right, verdict, write = row
    decision = decide(line(BOTH, translation=TAGS), base and (s(base[0]), s(base[1])), s(left), s(right))
    assert (decision.verdict, decision.write) == (verdict, {side: s(text) for side, text in write.items()})


@table(ONE_WAY)
def test_one_way(row):
    base, left, right, verdict, write, lost = row
    base = base and (s(base[0]), s(base[1]))
    rule = line(TO_RIGHT, translation=TAGS)
    decision = decide(rule, base, s(left), s(right))
    assert (decision.verdict, decision.write) == (verdict, {side: s(text) for side, text in write.items()})
    assert (decision.lost_side, decision.lost) == ((R, s(lost[0])) if lost else (None, MISSING))
    mirrored = decide(rule.mirrored, base and base[::-1], s(right), s(left))
    assert (mirrored.verdict, mirrored.lost) == (decision.verdict, decision.lost)
    assert mirrored.write == {side.other: value for side, value in decision.write.items()}


def test_what_stood_on_the_target_alone_travels_once_the_rule_lets_it():
    rule, ends = line(TO_RIGHT, translation=TAGS), {"left": s("a"), "right": s("xy")}
    names = {rule.left: ends["left"]}, {rule.right: ends["right"]}
    base = {rule.name: Held.agreed(left=s("a"), right=s("x"))}
    base = advance(base, merge(base, *names, [rule]), {})
    (decision,) = merge(base, *names, [rule])
    assert (decision.verdict, decision.write) == (UNCHANGED, {})
    for direction, write in ((BOTH, {L: s("ab")}), (TO_LEFT, {L: s("ab")}), (Direction.OFF, {})):
        (decision,) = merge(base, *names, [replace(rule, direction=direction)])
        assert decision.write == write
    both = [replace(rule, direction=BOTH)]
    agreed = advance(base, merge(base, {rule.left: s("ab")}, names[1], both), {})
    (decision,) = merge(agreed, *names, both)
    assert decision.write == {R: s("x")}, "by then it is there by both: taking it out counts"


def test_a_base_from_before_the_field_became_a_list_is_as_good_as_none():
    assert decide(line(translation=TAGS), ("p", "q"), s("a"), s("y")).write == {L: s("ab"), R: s("xy")}


@table(
    [
        ("of two that are one across, one was taken out: it is still needed", ("ab", "x"), "b", "x", {}),
        ("then the other too", ("b", "x"), "", "x", {R: ""}),
        ("one stands for two: taken out across, both go", ("ab", "x"), "ab", "", {L: ""}),
        ("a second was put in that is there already", ("a", "x"), "ab", "x", {}),
        ("put in across, and the way back leads there", ("", ""), "c", "y", {}),
    ]
)
def test_elements_that_fall_together(row):
    base, left, right, write = row
    decision = decide(line(BOTH, translation=MANY), (s(base[0]), s(base[1])), s(left), s(right))
    assert decision.write == {side: s(text) for side, text in write.items()}


# ---- elements without a counterpart

SOME = one_to_one({"a": "x", "b": "y"})


def test_one_element_is_refused_and_the_others_travel():
    decision = decide(line(BOTH, translation=SOME), (s("a"), s("x")), s("abc"), s("x"))
    assert (decision.verdict, decision.write) == (CARRY, {R: s("xy")})
    assert (decision.refused, decision.waits) == ({L: s("c")}, True)
    assert (decision.remedy, decision.code) == ("Map it.", "M1")
    assert decision.why(NAMES).endswith("stays where it is: c: no c.")


def test_a_refused_element_stays_out_of_the_base_and_is_asked_about_again():
    rule = line(BOTH, translation=SOME)
    decision = decide(rule, (s("a"), s("x")), s("abc"), s("x"))
    held = decision.agreed({R: s("xy")})
    assert held == Held.agreed(left=s("ab"), right=s("xy"), fields=rule.fields)
    again = decide(rule, (held.left, held.right), s("abc"), s("xy"))
    assert (again.verdict, again.write, again.refused) == (REFUSED, {}, {L: s("c")})
    assert again.why(NAMES) == "Plan holds an entry that Build has no counterpart for: c: no c."
    assert again.agreed({}) == held
    (mended,) = merge({"f": held}, {"l": s("abc")}, {"r": s("xy")}, [line(BOTH, translation=TAGS)])
    assert mended.write == {R: s("xyz")}


def test_a_refused_element_that_is_taken_out_again_leaves_no_trace():
    rule = line(BOTH, translation=SOME)
    assert decide(rule, (s("a"), s("x")), s("a"), s("x")).verdict is UNCHANGED


def test_both_sides_may_hold_an_entry_without_a_counterpart():
    decision = decide(line(BOTH, translation=SOME), None, s("c"), s("w"))
    assert (decision.verdict, decision.refused) == (REFUSED, {L: s("c"), R: s("w")})
    assert decision.why() == "Each side holds an entry that the other has no counterpart for: c: no c; w: no w."


def test_an_element_that_is_mapped_to_nothing_is_left_alone():
    hushed = Table({"a": "x", "b": None}, {"x": "a"})
    decision = decide(line(BOTH, translation=hushed), None, s("ab"), s("x"))
    assert (decision.verdict, decision.write, decision.waits) == (AGREED, {}, False)


def test_an_element_that_becomes_no_element_is_refused():
    decision = decide(line(TO_RIGHT, translation=Table({"a": True}, {})), None, s("a"), s(""))
    assert decision.verdict is REFUSED
    assert "bool" in decision.detail
    assert decision.remedy


# ---- set once


def test_set_once():
    rule = line(Direction.ONCE_TO_RIGHT, translation=SOME)
    assert decide(rule, None, s("a"), s("")).write == {R: s("x")}
    assert decide(rule, None, s("a"), s("w")).verdict is AGREED
    assert decide(rule, (s("a"), s("x")), s("ab"), s("")).verdict is SKIPPED


def test_what_was_to_be_set_once_and_was_refused_is_not_set_yet():
    decision = decide(line(Direction.ONCE_TO_RIGHT, translation=SOME), None, s("c"), None)
    assert (decision.verdict, decision.agreed({})) == (REFUSED, None)


def test_values_and_sets_of_the_same_map_do_not_meet():
    assert decide(line(translation=FULL), None, None, s("x")).write == {L: s("a")}
