"""What was refused is held back until something moves or a person asks, as a table of situations."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from crosswalk.merge.decision import Base, Decision, Held, Verdict, dump_base, load_base
from crosswalk.merge.disputes import Answer, decide
from crosswalk.merge.merge import advance, merge
from crosswalk.merge.records import LeftOut, Ref, Snapshot, Wrote
from crosswalk.merge.refused import MARK, hold_back, marked
from crosswalk.merge.rules import Direction, Policy, Rule, Side
from crosswalk.merge.values import Choice, Value
from tests.merge.cast import PARTIAL, L, R, line

NAME, TAGS, PARENT = Rule("Name", "name", "summary"), Rule("Tags", "tags", "labels"), Rule("Parent", "above", "parent")
RULES = (NAME, TAGS, PARENT)
WORDS = LeftOut("Not by API.", "Move it by hand.", "L9")
BASE = {
    "Name": Held.agreed(left="a", right="a"),
    "Tags": Held.agreed(left=frozenset("x"), right=frozenset("x")),
    "Parent": Held.agreed(left="1", right="1", fields=PARENT.fields),
}
LEFT: Mapping[str, Value] = {"name": "a", "tags": frozenset("x"), "above": "2"}
RIGHT: Mapping[str, Value] = {"summary": "a", "labels": frozenset("x"), "parent": "1"}


def look(
    base: Base, left: Mapping[str, Value], right: Mapping[str, Value], rules: tuple[Rule, ...] = RULES
) -> tuple[Decision, ...]:
    return merge(base, left, right, rules)


def written(decisions: tuple[Decision, ...]) -> set[str]:
    return {one.name for one in decisions if one.write}


def refuse(base: Base, decisions: tuple[Decision, ...], side: Side, now: Mapping[str, Value], *fields: str) -> Base:
    """The base after `side` took everything but `fields`."""
    landed = {side: Wrote(Snapshot(Ref("x", "1"), now), dict.fromkeys(fields, WORDS))}
    after = marked(advance(base, decisions, landed), decisions, landed)
    assert load_base(dump_base(after)) == after
    return after


@pytest.mark.parametrize(
    ("situation", "left", "right", "tried"),
    [
        ("nothing moved", {}, {}, set()),
        ("it is wanted otherwise", {"above": "3"}, {}, {"Parent"}),
        ("it was taken back", {"above": "1"}, {}, set()),
        ("somebody moved it by hand", {}, {"parent": "2"}, set()),
        ("somebody moved it elsewhere", {}, {"parent": "4"}, {"Parent"}),
        ("another field moved", {"name": "b"}, {}, {"Name", "Parent"}),
        ("another field moved across", {}, {"summary": "b"}, {"Name", "Parent"}),
        ("both brought another field to the same", {"name": "b"}, {"summary": "b"}, {"Parent"}),
    ],
)
def test_when_a_refused_write_is_tried_again(
    situation: str, left: Mapping[str, Value], right: Mapping[str, Value], tried: set[str]
) -> None:
    base = refuse(BASE, look(BASE, LEFT, RIGHT), R, RIGHT, "parent")
    found = hold_back(base, look(base, {**LEFT, **left}, {**RIGHT, **right}))
    assert written(found) == tried, situation


def test_a_person_who_asks_has_it_tried() -> None:
    base = refuse(BASE, look(BASE, LEFT, RIGHT), R, RIGHT, "parent")
    assert written(hold_back(base, look(base, LEFT, RIGHT), asked=True)) == {"Parent"}


def test_what_is_held_back_says_the_same_and_waits_for_ever() -> None:
    base = refuse(BASE, look(BASE, LEFT, RIGHT), R, RIGHT, "parent")
    for _ in range(3):
        found = hold_back(base, look(base, LEFT, RIGHT))
        (held,) = (one for one in found if one.untaken)
        assert (held.untaken[R].value, held.untaken[R].words, held.remedy, held.code) == (
            "2",
            WORDS,
            WORDS.remedy,
            "L9",
        )
        again = marked(advance(base, found, {}), found, {})
        assert again == base
        base = again
    assert base["Parent"] == BASE["Parent"]


def test_what_was_taken_with_it_is_agreed_and_not_sent_again() -> None:
    left = {**LEFT, "name": "b"}
    right = {**RIGHT, "summary": "b"}
    base = refuse(BASE, look(BASE, left, RIGHT), R, right, "parent")
    assert written(hold_back(base, look(base, left, right))) == set()
    assert base["Name"] == Held.agreed(left="b", right="b", fields=NAME.fields)


def test_a_set_that_is_refused_on_one_side_is_taken_on_the_other_and_quiet() -> None:
    left, right = {**LEFT, "above": "1", "tags": frozenset("xy")}, {**RIGHT, "labels": frozenset("xz")}
    decisions = look(BASE, left, right)
    landed = {
        L: Wrote(Snapshot(Ref("x", "1"), {**left, "tags": frozenset("xyz")})),
        R: Wrote(Snapshot(Ref("y", "1"), right), {"labels": WORDS}),
    }
    base = marked(advance(BASE, decisions, landed), decisions, landed)
    after = hold_back(base, look(base, {**left, "tags": frozenset("xyz")}, right))
    assert written(after) == set()
    assert any(one.untaken for one in after)


def test_marks_go_when_it_was_taken_or_is_not_wanted_any_more() -> None:
    base = refuse(BASE, look(BASE, LEFT, RIGHT), R, RIGHT, "parent")
    for left, right in ((LEFT, {**RIGHT, "parent": "2"}), ({**LEFT, "above": "1"}, RIGHT)):
        found = hold_back(base, look(base, left, right))
        assert not [name for name in marked(advance(base, found, {}), found, {}) if name.startswith(MARK)]


def test_a_rule_that_was_turned_round_is_another_write() -> None:
    base = refuse(BASE, look(BASE, LEFT, RIGHT), R, RIGHT, "parent")
    turned = (NAME, TAGS, Rule("Parent", "above", "parent", Direction.TO_LEFT))
    assert written(hold_back(base, look(base, LEFT, RIGHT, turned))) == {"Parent"}


@pytest.mark.parametrize(
    ("situation", "right", "asked", "write"),
    [
        ("nothing moved", {}, False, {}),
        ("a person asks", {}, True, {R: "2"}),
        ("another field moved", {"summary": "b"}, False, {R: "2"}),
        ("the loser moved it again", {"parent": "4"}, False, {L: "4"}),
    ],
)
def test_who_was_right_stays_right_although_the_other_record_is_newer_now(
    situation: str, right: Mapping[str, Value], asked: bool, write: Mapping[Side, Value]
) -> None:
    apart = {**RIGHT, "parent": "3"}
    base = refuse(BASE, merge(BASE, LEFT, apart, RULES, newer=L), R, apart, "parent")
    found = hold_back(base, merge(base, LEFT, {**apart, **right}, RULES, newer=R), asked=asked)
    assert found[2].write == write, situation


def test_nobody_is_asked_twice_about_what_could_not_be_carried() -> None:
    rules, apart = (Rule("Parent", "above", "parent", policy=Policy.ASK),), {**RIGHT, "parent": "3"}
    ends = Snapshot(Ref("x", "1"), LEFT), Snapshot(Ref("y", "1"), apart)
    base = refuse(BASE, decide(BASE, *ends, rules, {"Parent": Answer(L, "2", "3")}, newer=R), R, apart, "parent")
    (again,) = hold_back(base, look(base, LEFT, apart, rules))
    assert (again.verdict, again.untaken[R].words, again.write) == (Verdict.REFUSED, WORDS, {})
    assert look(base, LEFT, apart, rules)[0].write == {R: "2"}, "what a person who presses Retry has sent"
    assert look(base, LEFT, {**apart, "parent": "4"}, rules)[0].verdict is Verdict.ASK, "another question"
    (turned,) = merge(base, LEFT, apart, (PARENT,), newer=R)
    assert turned.write == {L: "3"}, "another rule decides anew"


def test_who_was_right_with_what_has_no_counterpart_stays_right() -> None:
    base: Base = {"f": Held.agreed(left="a", right="x")}
    rule = line(translation=PARTIAL)
    found = merge(base, {"l": "b"}, {"r": "z"}, (rule,), newer=R)
    base = marked(advance(base, found, {}), found, {})
    assert written(merge(base, {"l": "b"}, {"r": "z"}, (rule,), newer=L)) == set()
    assert written(merge(base, {"l": "a"}, {"r": "z"}, (rule,), newer=L)) == set()
    assert written(merge(base, {"l": None}, {"r": "z"}, (rule,), newer=L)) == {"f"}


STATUS = Rule("Status", "plan", "status")


@pytest.mark.parametrize(
    ("situation", "plan", "status", "write"),
    [
        ("nothing moved", "ship", "doing", {}),
        ("it is wanted elsewhere", "rest", "doing", {R: Choice("rest")}),
        ("it was taken back", "idea", "doing", {R: Choice("idea")}),
        ("somebody took it the rest of the way", "ship", "ship", {}),
        ("somebody moved it elsewhere, and theirs is newer", "ship", "shelf", {L: Choice("shelf")}),
    ],
)
def test_what_a_try_left_half_way_is_nobody_s_edit(
    situation: str, plan: str, status: str, write: Mapping[Side, Value]
) -> None:
    base: Base = {"Status": Held.agreed(left=Choice("idea"), right=Choice("idea"))}
    decisions = look(base, {"plan": Choice("ship")}, {"status": Choice("idea")}, (STATUS,))
    words = LeftOut("No way on.", "", "S1", reached=Choice("doing"))
    landed = {R: Wrote(Snapshot(Ref("x", "1"), {"status": Choice("doing")}), {"status": words})}
    base = marked(advance(base, decisions, landed), decisions, landed)
    assert load_base(dump_base(base)) == base
    found = merge(base, {"plan": Choice(plan)}, {"status": Choice(status)}, (STATUS,), newer=R)
    assert [one.write for one in hold_back(base, found)] == [write], situation
