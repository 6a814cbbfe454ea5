"""When one side is read and the other presumed, as a table of situations; and what is remembered to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from crosswalk.merge.decision import Held
from crosswalk.merge.merge import advance, merge
from crosswalk.merge.pairs import PairView, only_news
from crosswalk.merge.presume import REST, across, closed, news_of, opened, opening, presumed, replaced, rest_of
from crosswalk.merge.records import Exchanged, Part, Ref, Snapshot, Wrote
from crosswalk.merge.rules import Direction, Policy, Rule, Side
from crosswalk.merge.values import MISSING, Maybe, Value
from tests.merge.cast import L, R

FEATURE, ISSUE = Ref("feature", "1", "P-1"), Ref("issue", "10", "B-10")
REMEMBERED = {REST: Held.agreed(left="l", right="r")}
PAIR = PairView(1, 1, "feature", FEATURE, ISSUE, REMEMBERED, state="agreed", news=R)
SENT = Held.agreed(left=MISSING, right="x")


@pytest.mark.parametrize(
    ("told", "news"),
    [({L: True, R: False}, L), ({L: False, R: True}, R), ({L: True, R: True}, None), ({L: False, R: False}, None)],
)
def test_news_is_of_one_side_or_nobody_knows(told: Mapping[Side, bool], news: Side | None) -> None:
    assert only_news(told) is news


@pytest.mark.parametrize(
    ("situation", "pair", "side"),
    [
        ("in step, and the right had news", PAIR, R),
        ("nobody said which side", replace(PAIR, news=None), None),
        ("it was tried in vain", replace(PAIR, state="waiting"), None),
        ("a person was asked", replace(PAIR, state="asking"), None),
        ("never sent", replace(PAIR, right=None), None),
        ("nothing is remembered of it", replace(PAIR, base={}), None),
        ("an exchange was never answered", replace(PAIR, base={**REMEMBERED, " exchange name": SENT}), None),
    ],
)
def test_which_side_is_read_alone(situation: str, pair: PairView, side: Side | None) -> None:
    assert news_of(pair) is side, situation


BOTH, TO_LEFT = Rule("name", "name", "summary"), Rule("name", "name", "summary", Direction.TO_LEFT)


@pytest.mark.parametrize(
    ("situation", "rule", "base", "right", "yes"),
    [
        ("nothing moved", BOTH, ("a", "a"), "a", True),
        ("one value moved", BOTH, ("a", "a"), "b", True),
        ("one value was cleared", BOTH, ("a", "a"), None, True),
        ("an entry came", BOTH, (frozenset("x"), frozenset("x")), frozenset("xy"), True),
        ("the right may speak", TO_LEFT, ("a", "a"), "b", True),
        ("it moved against its direction", replace(BOTH, direction=Direction.TO_RIGHT), ("a", "a"), "b", False),
        ("it moved to what the left has", BOTH, ("a", "A"), "a", False),
        ("a list met a single value", BOTH, ("a", "a"), frozenset("x"), False),
        ("it is not compared", replace(BOTH, direction=Direction.OFF), ("a", "a"), "b", True),
    ],
)
def test_what_may_be_carried_alone(
    situation: str, rule: Rule, base: tuple[Maybe, Maybe], right: Value, yes: bool
) -> None:
    held = {rule.name: Held.agreed(left=base[0], right=base[1])}
    left = Snapshot(FEATURE, presumed(held, [rule], L))
    decisions = merge(held, left, Snapshot(ISSUE, {"summary": right}), [rule], newer=R)
    assert across(decisions, L) is yes, situation


def test_a_rule_that_asks_asks_nobody_where_only_one_side_moved() -> None:
    rule = replace(BOTH, policy=Policy.ASK)
    held = {"name": Held.agreed(left="a", right="a", fields=rule.fields)}
    decisions = merge(held, presumed_left(held, rule), {"summary": "b"}, [rule])
    assert across(decisions, L)
    assert advance(held, decisions, {})["name"] == held["name"]


def presumed_left(held: Mapping[str, Held], rule: Rule) -> Mapping[str, Value]:
    return presumed(held, [rule], L)


def test_a_field_that_was_never_agreed_is_not_presumed() -> None:
    assert presumed({"name": Held.agreed(left=MISSING, right="a")}, [BOTH, Rule("size", "size", "size")], L) == {}


@pytest.mark.parametrize(
    ("before", "stored", "somebody"),
    [("a", "b", False), ("c", "b", True), ("b", "b", False), (MISSING, "b", False), (None, "b", True)],
)
def test_what_a_write_replaced(before: Maybe, stored: Value, somebody: bool) -> None:
    held = {"name": Held.agreed(left="a", right="a")}
    decisions = merge(held, {"name": "a"}, {"summary": "b"}, [BOTH])
    was = Snapshot(FEATURE, {} if before is MISSING else {"name": before})
    told = Exchanged(was, Wrote(Snapshot(FEATURE, {"name": stored})))
    assert bool(replaced([(one.rule, one.value(L)) for one in decisions], L, told)) is somebody


def test_what_is_sent_is_marked_until_it_is_known() -> None:
    held = {"name": Held.agreed(left="a", right="a")}
    decisions = merge(held, {"name": "a"}, {"summary": "b"}, [BOTH])
    marked = opening(held, decisions, L)
    assert opened(marked) == {"name": Held.agreed(left="b", right=MISSING)}
    assert closed(marked) == held
    assert opened(held) == {}


RECORD = Snapshot(
    FEATURE,
    {"name": "a"},
    children=(Snapshot(Ref("requirement", "2"), {"name": "c"}),),
    parts={"comment": (Part("7", "Hi"),)},
    below={Ref("issue", "11"): "5"},
)


@pytest.mark.parametrize(
    ("situation", "record", "same"),
    [
        ("a value moved", replace(RECORD, fields={"name": "b"}), True),
        ("it was renumbered", replace(RECORD, ref=Ref("feature", "1", "Q-1")), True),
        ("a value of a child moved", replace(RECORD, children=(Snapshot(Ref("requirement", "2"), {}),)), True),
        ("a part that is not carried came", replace(RECORD, parts={**RECORD.parts, "link": (Part("1"),)}), True),
        ("a file's address moved", replace(RECORD, parts={"comment": (Part("7", "Hi", url="https://x"),)}), True),
        ("a comment came", replace(RECORD, parts={"comment": (Part("7", "Hi"), Part("8", "Ho"))}), False),
        ("a comment moved", replace(RECORD, parts={"comment": (Part("7", "Ho"),)}), False),
        ("a comment went", replace(RECORD, parts={"comment": ()}), False),
        ("comments are not shown whole", replace(RECORD, more=frozenset({"comment"})), False),
        ("a child came", replace(RECORD, children=(*RECORD.children, Snapshot(Ref("requirement", "3"), {}))), False),
        ("a child went", replace(RECORD, children=()), False),
        ("a sub-task came", replace(RECORD, below={**RECORD.below, Ref("issue", "12"): "5"}), False),
        ("it stands below another", replace(RECORD, parent=Ref("epic", "9")), False),
    ],
)
def test_what_is_remembered_of_a_record(situation: str, record: Snapshot, same: bool) -> None:
    assert (rest_of(record, [BOTH], ["comment"]) == rest_of(RECORD, [BOTH], ["comment"])) is same, situation


def test_another_mapping_is_another_memory() -> None:
    assert rest_of(RECORD, [BOTH], ["comment"]) != rest_of(RECORD, [TO_LEFT], ["comment"])
    assert rest_of(RECORD, [BOTH], ["comment"]) != rest_of(RECORD, [BOTH], [])
    assert rest_of(RECORD, [BOTH], ["comment"], "a") != rest_of(RECORD, [BOTH], ["comment"], "b")
