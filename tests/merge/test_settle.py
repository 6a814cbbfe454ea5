"""What a person's word makes of two records that both were there before they were joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.decision import Base, Decision, Held
from crosswalk.merge.merge import advance, merge
from crosswalk.merge.records import Ref, Snapshot, Wrote
from crosswalk.merge.rules import Direction, Rule, Side, Untranslatable
from crosswalk.merge.settle import KEEP, RULE, WORDS, Joining, apart, dump_joining, load_joining, settled
from crosswalk.merge.values import Value
from tests.merge.test_text import FORM

BOTH, TO_JIRA, TO_AHA = Direction.BOTH, Direction.TO_RIGHT, Direction.TO_LEFT
SOME, OTHER, UNION = frozenset({"a", "b"}), frozenset({"b", "c"}), frozenset({"a", "b", "c"})
NONE: frozenset[str] = frozenset()


def decide(base: Base, ends: dict[Side, Snapshot], rules: tuple[Rule, ...], joining: Joining) -> tuple[Decision, ...]:
    usual = merge(base, ends[Side.LEFT], ends[Side.RIGHT], rules)
    return settled(usual, base, ends[Side.LEFT], ends[Side.RIGHT], joining)


def settle(direction: Direction, left: Value, right: Value, joining: Joining) -> tuple[Value, Value]:
    """What both sides hold afterwards; deciding once more then finds nothing to do."""
    rule = Rule("F", "f", "f", direction)
    ends = {Side.LEFT: Snapshot(Ref("l", "1"), {"f": left}), Side.RIGHT: Snapshot(Ref("r", "1"), {"f": right})}
    decisions = decide({}, ends, (rule,), joining)
    after = {side: end.fields["f"] for side, end in ends.items()} | dict(decisions[0].write)
    ends = {side: Snapshot(end.ref, {"f": after[side]}) for side, end in ends.items()}
    base = advance({}, decisions, {side: Wrote(ends[side]) for side in Side})
    again = decide(base, ends, (rule,), joining)
    assert not again[0].write
    return after[Side.LEFT], after[Side.RIGHT]


@pytest.mark.parametrize(
    ("direction", "left", "right", "word", "erase", "after"),
    [
        (BOTH, "x", "y", "left", False, ("x", "x")),
        (BOTH, "x", "y", "right", False, ("y", "y")),
        (BOTH, "x", "y", KEEP, False, ("x", "y")),
        (BOTH, None, "y", "left", False, ("y", "y")),
        (BOTH, None, "y", "left", True, (None, None)),
        (BOTH, "x", None, "left", True, ("x", "x")),
        (BOTH, None, "y", KEEP, True, (None, "y")),
        (TO_JIRA, "x", "y", "left", False, ("x", "x")),
        (TO_JIRA, "x", "y", "right", False, ("x", "y")),
        (TO_JIRA, None, "y", "left", False, (None, "y")),
        (TO_JIRA, None, "y", "left", True, (None, None)),
        (TO_AHA, "x", "y", "left", False, ("x", "y")),
        (TO_AHA, "x", "y", "right", False, ("y", "y")),
        (BOTH, SOME, OTHER, "left", False, (SOME, SOME)),
        (BOTH, SOME, OTHER, "right", False, (OTHER, OTHER)),
        (BOTH, SOME, OTHER, RULE, False, (UNION, UNION)),
        (BOTH, NONE, OTHER, "left", False, (OTHER, OTHER)),
        (BOTH, NONE, OTHER, "left", True, (NONE, NONE)),
        (TO_JIRA, SOME, OTHER, "left", False, (SOME, SOME)),
        (Direction.OFF, "x", "y", "left", True, ("x", "y")),
    ],
)
def test_table(  # one row, one sentence
    direction: Direction, left: Value, right: Value, word: str, erase: bool, after: tuple[Value, Value]
) -> None:
    joining = Joining(word, erase=frozenset({"F"} if erase else ()))
    assert settle(direction, left, right, joining) == after


def test_a_field_has_a_word_of_its_own() -> None:
    assert settle(BOTH, "x", "y", Joining("left", {"F": "right"})) == ("y", "y")


def test_what_loses_is_kept() -> None:
    ends = {Side.LEFT: Snapshot(Ref("l", "1"), {"f": None}), Side.RIGHT: Snapshot(Ref("r", "1"), {"f": "y"})}
    (decision,) = decide({}, ends, (Rule("F", "f", "f"),), Joining("left", erase=frozenset({"F"})))
    assert (decision.write, decision.lost, decision.lost_side) == ({Side.RIGHT: None}, "y", Side.RIGHT)
    assert decision.why() == "The left counts in this field, as was said when the two were joined."


values = st.one_of(st.none(), st.sampled_from(["x", "y"]))
sets = st.frozensets(st.sampled_from("abc"))
ends = st.one_of(st.tuples(values, values), st.tuples(sets, sets))


@given(ends, st.sampled_from(list(Direction)), st.sampled_from(WORDS))
def test_nothing_is_emptied_without_a_tick(pair: tuple[Value, Value], direction: Direction, word: str) -> None:
    after = settle(direction, *pair, Joining(word))
    assert all(now or not before for before, now in zip(pair, after, strict=True))


@given(ends, st.sampled_from(list(Direction)), st.sampled_from(WORDS), st.booleans())
def test_no_side_is_written_against_the_direction(
    pair: tuple[Value, Value], direction: Direction, word: str, erase: bool
) -> None:
    after = settle(direction, *pair, Joining(word, erase=frozenset({"F"} if erase else ())))
    for side, before, now in zip(Side, pair, after, strict=True):
        assert before == now or direction.writes(side)


@given(ends, st.sampled_from(("left", "right")))
def test_the_winner_keeps_what_it_holds(pair: tuple[Value, Value], word: str) -> None:
    after = settle(BOTH, *pair, Joining(word, erase=frozenset({"F"})))
    mine = pair[0] if word == "left" else pair[1]
    assert after == (mine, mine)


@given(st.sampled_from(WORDS), st.dictionaries(st.text(), st.sampled_from(WORDS)), st.frozensets(st.text()))
def test_it_is_written_down(word: str, fields: dict[str, str], erase: frozenset[str]) -> None:
    joining = Joining(word, fields, erase)
    assert load_joining(dump_joining(joining)) == joining
    assert load_joining(None) is None


def field_of(direction: Direction, ends: tuple[Value, Value], base: tuple[Value, Value] | None) -> Decision:
    known = {} if base is None else {"F": Held.agreed(left=base[0], right=base[1])}
    (decision,) = merge(known, {"f": ends[0]}, {"f": ends[1]}, (Rule("F", "f", "f", direction),))
    return decision


class Known:
    """A translation that knows nothing but x."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        return value if value in ("x", None) else Untranslatable("nobody knows it")

    to_left = to_right


@pytest.mark.parametrize(
    ("direction", "left", "right", "differs"),
    [
        (BOTH, "y", "x", True),
        (BOTH, "x", "y", True),
        (BOTH, None, "y", True),
        (TO_JIRA, "y", "x", False),  # what Aha! holds says nothing of Jira's x
        (TO_AHA, "y", "x", True),
        (BOTH, "y", "z", False),
        (BOTH, "x", "x", False),
        (BOTH, None, None, False),
        (BOTH, frozenset({"x", "y"}), frozenset({"x", "z"}), False),
    ],
)
def test_without_a_counterpart_it_differs_if_what_stands_across_means_another(
    direction: Direction, left: Value, right: Value, differs: bool
) -> None:
    rule = Rule("F", "f", "f", direction, translation=Known())
    (decision,) = merge({"F": Held.agreed(left=left, right=right)}, {"f": left}, {"f": right}, (rule,))
    assert apart(decision, None) is differs


@pytest.mark.parametrize(
    ("direction", "left", "right", "differs"),
    [
        (BOTH, "x", "x", False),
        (BOTH, "x", "y", True),
        (BOTH, "x y", "x  y ", False),
        (BOTH, None, "y", True),
        (BOTH, None, None, False),
        (TO_JIRA, "x", "y", True),
        (TO_JIRA, None, "y", False),
        (Direction.ONCE_TO_RIGHT, "x", "y", False),
        (Direction.OFF, "x", "y", False),
        (BOTH, SOME, SOME, False),
        (BOTH, SOME, OTHER, True),
        (TO_JIRA, SOME, UNION, False),
        (TO_JIRA, UNION, SOME, True),
    ],
)
def test_a_field_at_rest_that_was_never_carried_is_told_from_one_in_step(
    direction: Direction, left: Value, right: Value, differs: bool
) -> None:
    assert apart(field_of(direction, (left, right), (left, right)), None) is differs


def test_a_field_that_is_about_to_be_carried_is_not_apart() -> None:
    assert not apart(field_of(BOTH, ("x", "y"), ("x", "x")), None)
    assert not apart(field_of(BOTH, ("x", "y"), None), None)


def test_a_long_text_is_apart_only_where_both_keep_theirs() -> None:
    rule = Rule("F", "f", "f", translation=FORM)
    known = {"F": Held.agreed(left="x", right="Y")}
    (decision,) = merge(known, {"f": "x"}, {"f": "Y"}, (rule,))
    assert not apart(decision, None)
    assert not apart(decision, Joining("left"))
    assert apart(decision, Joining(KEEP))
