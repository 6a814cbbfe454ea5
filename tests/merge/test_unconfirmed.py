"""What was sent and not confirmed, as a table of situations: it counts as agreed where it is found, and only there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosswalk.merge.decision import Held
from crosswalk.merge.merge import dump_base, load_base, merge, with_halves
from crosswalk.merge.records import Ref, Snapshot, Wrote
from crosswalk.merge.rules import Direction, Policy, Rule, Side
from crosswalk.merge.stale import stamped
from crosswalk.merge.unconfirmed import (
    awaited,
    confirmed,
    counted,
    in_doubt,
    may_lag,
    on_the_way,
    proven,
    sent_to,
    taken_out,
)
from crosswalk.merge.values import Choice, Value
from tests.merge.cast import L, R

RULE = Rule("name", "name", "summary")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = {"name": Held.agreed(left="one", right="one")}


def record(side: Side, value: Value) -> Snapshot:
    return Snapshot(Ref("x", side.value), {RULE.field(side): value})


@pytest.mark.parametrize(
    ("situation", "left", "right", "writes"),
    [
        ("it landed", "two", "two", {}),
        ("it landed, and the source was edited since", "three", "two", {R: "three"}),
        ("something else is there: nobody can tell", "two", "mine", {R: "two"}),
        ("it did not land", "two", "one", {R: "two"}),
        ("it did not land, and the source was put back", "one", "one", {}),
    ],
)
def test_what_was_sent_is_nobody_s_edit(situation: str, left: str, right: str, writes: dict[Side, str]) -> None:
    decisions = merge(BASE, record(L, "two"), record(R, "one"), [RULE])
    base = load_base(dump_base(awaited(BASE, decisions, {})))
    ends = {L: record(L, left), R: record(R, right)}
    (decision,) = merge(counted(base, ends, [RULE]), ends[L], ends[R], [RULE])
    assert decision.write == writes, situation
    assert (decision.lost == right) is (right == "mine")
    assert confirmed(base) == BASE


@pytest.mark.parametrize(
    ("situation", "left", "right", "writes"),
    [
        ("both landed", "bcd", "bcd", {}),
        ("both landed, and people went on", "bcde", "cd", {L: "cde", R: "cde"}),
        ("one landed; the other is sent again", "bcd", "abc", {R: "bcd"}),
        ("one landed, and the other took out what it had brought", "bcd", "ab", {L: "bd", R: "bd"}),
        ("one landed, and both went on", "bcde", "abf", {L: "bdef", R: "bdef"}),
        ("neither landed", "bd", "abc", {L: "bcd", R: "bcd"}),
    ],
)
def test_of_a_set_it_landed_where_all_of_it_is_there(
    situation: str, left: str, right: str, writes: dict[Side, str]
) -> None:
    held = {"name": Held.agreed(left=frozenset("ab"), right=frozenset("ab"))}
    both = merge(held, record(L, frozenset("bd")), record(R, frozenset("abc")), [RULE])
    base = load_base(dump_base(awaited(held, both, {})))
    ends = {L: record(L, frozenset(left)), R: record(R, frozenset(right))}
    (decision,) = merge(counted(base, ends, [RULE]), ends[L], ends[R], [RULE])
    assert decision.write == {side: frozenset(value) for side, value in writes.items()}, situation


@pytest.mark.parametrize(
    ("situation", "now", "doubt", "writes"),
    [
        ("it is there", "ac", False, {L: "bc", R: "bc"}),
        ("it is there, and people went on", "acd", False, {L: "bcd", R: "bcd"}),
        ("it is as it was before: nothing tells", "ab", False, {L: "bc", R: "bc"}),
        ("somebody took out what it had put in, or it never landed", "a", True, {L: "b", R: "b"}),
        ("all was taken out, or it never landed", "", True, {L: "b", R: "b"}),
    ],
)
def test_what_landed_for_sure_counts_whatever_is_there_by_now(
    situation: str, now: str, doubt: bool, writes: dict[Side, str]
) -> None:
    """The left took out b and put in c; that was sent. Since then it took out a, and put b in again."""
    held = {"name": Held.agreed(left=frozenset("ab"), right=frozenset("ab"))}
    sent = merge(held, record(L, frozenset("ac")), record(R, frozenset("ab")), [RULE])
    base = load_base(dump_base(awaited(held, sent, {})))
    assert (sent_to(base, L), sent_to(base, R)) == (False, True)
    ends = {L: record(L, frozenset("bc")), R: record(R, frozenset(now))}
    doubtful = in_doubt(base, R, ends[R], [RULE])
    assert doubtful == ([(RULE, frozenset("ac"))] if doubt else []), situation
    known = proven(base, R, [rule.name for rule, _ in doubtful])
    assert sent_to(known, R) is not doubt
    (decision,) = merge(counted(known, ends, [RULE]), ends[L], ends[R], [RULE])
    wanted = {side: frozenset(value) for side, value in writes.items()}
    assert {side: decision.write.get(side, ends[side].get(RULE.field(side))) for side in wanted} == wanted, situation


NEW, DOING, ASKED, DONE = (Choice(str(number), name) for number, name in enumerate(("New", "Doing", "Asked", "Done")))


@pytest.mark.parametrize(
    ("situation", "left", "right", "writes"),
    [
        ("it came as far as a step", DONE, DOING, {R: DONE}),
        ("it came as far, and the source was put back", NEW, DOING, {R: NEW}),
        ("it came as far, and the source was changed to just that", DOING, DOING, {}),
        ("it did not set out", DONE, NEW, {R: DONE}),
        ("it came there", DONE, DONE, {}),
        ("somebody set it to what is no step of ours", DONE, ASKED, {L: ASKED}),
    ],
)
def test_a_step_on_the_way_is_nobody_s_edit(
    situation: str, left: Choice, right: Choice, writes: dict[Side, Choice]
) -> None:
    held = {"name": Held.agreed(left=NEW, right=NEW)}
    rule = replace(RULE, policy=Policy.RIGHT)
    decisions = merge(held, record(L, DONE), record(R, NEW), [rule])
    steps = {"name": on_the_way(R, frozenset({NEW, DOING}))}
    base = load_base(dump_base(awaited(held, decisions, {}, steps)))
    ends = {L: record(L, left), R: record(R, right)}
    (decision,) = merge(counted(base, ends, [rule]), ends[L], ends[R], [rule])
    assert decision.write == writes, situation
    assert confirmed(base) == held


@pytest.mark.parametrize(
    ("situation", "left", "right", "behind"),
    [
        ("the source was put back, and it may not show yet", "one", "one", R),
        ("it landed", "two", "two", None),
        ("it is sent again", "two", "one", None),
        ("something else is sent, which may not land", "three", "one", R),
        ("something else is there, from before it or since", "one", "mine", R),
    ],
)
@pytest.mark.parametrize("stamp", [0, 1])
def test_a_side_may_only_not_show_yet_what_was_sent(
    situation: str, left: str, right: str, behind: Side | None, stamp: int
) -> None:
    """Somebody's edit that nobody had seen may have come before it: a newer stamp proves nothing."""
    known = stamped(BASE, {R: replace(record(R, "one"), changed_at=NOON)})
    base = awaited(known, merge(known, record(L, "two"), record(R, "one"), [RULE]), {})
    ends = {L: record(L, left), R: replace(record(R, right), changed_at=NOON + timedelta(seconds=stamp))}
    decisions = merge(counted(base, ends, [RULE]), ends[L], ends[R], [RULE])
    assert may_lag(base, ends, decisions) is behind, situation


@pytest.mark.parametrize(
    ("situation", "left", "right", "behind"),
    [
        ("the source was put back, and it may not show yet", "ab", "ab", R),
        ("what was put in is wanted no more, and would stay", "ad", "ab", R),
        ("what was taken out is wanted again, and would not be put in", "abd", "ab", R),
        ("it landed", "ad", "ac", None),
        ("it is sent again", "ac", "ab", None),
        ("it is sent again over what somebody put in before", "ac", "abx", None),
        ("what somebody put in before it shows, and it does not", "ab", "abx", R),
        ("something else is there, from before it or since", "ad", "a", R),
    ],
)
def test_of_a_set_it_matters_also_where_something_else_is_sent(
    situation: str, left: str, right: str, behind: Side | None
) -> None:
    """The left had taken out b and put in c; that was sent."""
    held = {"name": Held.agreed(left=frozenset("ab"), right=frozenset("ab"))}
    sent = merge(held, record(L, frozenset("ac")), record(R, frozenset("ab")), [RULE])
    base, ends = awaited(held, sent, {}), {L: record(L, frozenset(left)), R: record(R, frozenset(right))}
    decisions = merge(counted(base, ends, [RULE]), ends[L], ends[R], [RULE])
    assert may_lag(base, ends, decisions) is behind, situation


def test_it_matters_also_where_only_the_other_side_is_to_be_written() -> None:
    """Both had edited, the left won, and takes its edit back: what the right shows is what was replaced there."""
    rule = replace(RULE, policy=Policy.LEFT)
    sent = merge(BASE, record(L, "two"), record(R, "mine"), [rule])
    base, ends = awaited(BASE, sent, {}), {L: record(L, "one"), R: record(R, "mine")}
    decisions = merge(counted(base, ends, [rule]), ends[L], ends[R], [rule])
    assert decisions[0].write == {L: "mine"}
    assert may_lag(base, ends, decisions) is R


def test_what_landed_awaits_nothing() -> None:
    decisions = merge(BASE, record(L, "two"), record(R, "one"), [RULE])
    assert awaited(BASE, decisions, {R: Wrote(record(R, "two"))}) == BASE


def test_what_is_half_way_is_nothing_about_another_field() -> None:
    """Both had put something in; the left took it, the right was not written. Then the line joins another one there."""
    held = {"name": Held.agreed(left=frozenset("ab"), right=frozenset("ab"), fields=RULE.fields)}
    both = merge(held, record(L, frozenset("abc")), record(R, frozenset("abd")), [RULE])
    base = load_base(dump_base(with_halves(held, both, {L})))
    moved = replace(RULE, right="labels")
    for rule, writes in ((RULE, {R: frozenset("abcd")}), (moved, {R: frozenset("abcd")})):
        there = record(R, frozenset("abd")) if rule is RULE else Snapshot(Ref("x", "right"), {"labels": frozenset()})
        (decision,) = merge(base, record(L, frozenset("abcd")), there, [rule])
        assert decision.write == writes


@pytest.mark.parametrize("source", [L, R])
@pytest.mark.parametrize(
    ("situation", "here", "there", "writes"),
    [
        ("it did not land", "b", "ab", "b"),
        ("it did not land, and something else was put in there", "b", "abd", "bd"),
        ("it did not land, and something else was put in here", "bd", "ab", "bd"),
        ("it did not land, and was put in again", "ab", "ab", None),
        ("it did not land, and stands for what was put in here", "bc", "ab", None),
        ("it landed", "b", "b", None),
        ("it landed, and people went on", "bd", "b", "bd"),
    ],
)
def test_what_was_taken_out_of_a_list_is_whatever_it_stands_for_by_now(
    source: Side, situation: str, here: str, there: str, writes: str | None
) -> None:
    held = {"name": Held.agreed(left=frozenset("ab"), right=frozenset("ab"))}
    ends = {source: record(source, frozenset("b")), source.other: record(source.other, frozenset("ab"))}
    base = load_base(dump_base(awaited(held, merge(held, ends[L], ends[R], [RULE]), {})))
    swapped = replace(RULE, translation=Swapped())
    now = {source: record(source, frozenset(here)), source.other: record(source.other, frozenset(there))}
    counts = counted(base, now, [swapped])
    (decision,) = taken_out(counts, merge(counts, now[L], now[R], [swapped]))
    assert decision.write.get(source.other) == (None if writes is None else frozenset(writes)), situation
    off = replace(swapped, direction=Direction.OFF)
    assert taken_out(counts, merge(counts, now[L], now[R], [off]))[0].write == {}


class Swapped:
    """A table in which "a" and "c" stand for each other."""

    def to_right(self, value: Value) -> Value:
        return {"a": "c", "c": "a"}.get(value, value) if isinstance(value, str) else value

    to_left = to_right
