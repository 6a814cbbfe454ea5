"""Keyed lists: a table for the reader, and a machine of two lists that must always come to agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import Act, PartDecision, PartPair, PartRule, after_part, decide_parts
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Direction, Side
from crosswalk.merge.stale import LAG
from crosswalk.merge.values import MISSING

L, R = Side.LEFT, Side.RIGHT
A, B = Part("a1", "hello"), Part("b1", "hello", twin="a1")
KNOWN = PartPair("a1", "b1", L, Held.agreed(left="hello", right="hello"))
BOTH = PartRule("comment")
REMOVING = replace(BOTH, removes=True)
TO_RIGHT = PartRule("comment", Direction.TO_RIGHT)

WORK, MORE = Part("7 30", stem="7 "), Part("7 45", stem="7 ")
LOGGED = PartPair("e1", "7 30", R, Held.agreed(left=None, right=None))
ONCE_TO_LEFT = replace(BOTH, direction=Direction.ONCE_TO_LEFT)
ONCE_TO_RIGHT = replace(BOTH, direction=Direction.ONCE_TO_RIGHT)

TABLE: list[tuple[str, Sequence[PartPair], Sequence[Part], Sequence[Part], PartRule, list[tuple[Act, Side]]]] = [
    ("nothing anywhere", [], [], [], BOTH, []),
    ("new on the left", [], [A], [], BOTH, [(Act.ADD, R)]),
    ("new on the right", [], [], [replace(B, twin="")], BOTH, [(Act.ADD, L)]),
    ("new on the right, one way only", [], [], [replace(B, twin="")], TO_RIGHT, []),
    ("a copy whose answer was lost", [], [A], [B], BOTH, [(Act.JOIN, R)]),
    ("a copy whose original is gone", [], [], [B], BOTH, []),
    ("private", [], [replace(A, private=True)], [], BOTH, []),
    ("private, allowed", [], [replace(A, private=True)], [], replace(BOTH, private=True), [(Act.ADD, R)]),
    ("edited in private", [KNOWN], [replace(A, content="hi", private=True)], [B], BOTH, []),
    ("copy edited in private", [KNOWN], [A], [replace(B, content="hi", private=True)], BOTH, []),
    (
        *("edited in private, allowed", [KNOWN], [replace(A, content="hi", private=True)], [B]),
        *(replace(BOTH, private=True), [(Act.CHANGE, R)]),
    ),
    ("removed in private", [KNOWN], [replace(A, private=True)], [], REMOVING, [(Act.REMOVE, L)]),
    ("alike on both sides", [], [Part("f", key="x 5")], [Part("g", key="x 5")], BOTH, [(Act.JOIN, R)]),
    ("not alike", [], [Part("f", key="x 5")], [Part("g", key="x 6")], BOTH, [(Act.ADD, R), (Act.ADD, L)]),
    ("at rest", [KNOWN], [A], [B], BOTH, []),
    ("edited on the left", [KNOWN], [replace(A, content="hi")], [B], BOTH, [(Act.CHANGE, R)]),
    ("edited on the right", [KNOWN], [A], [replace(B, content="hi")], BOTH, [(Act.CHANGE, L)]),
    ("edited on the right, one way", [KNOWN], [A], [replace(B, content="hi")], TO_RIGHT, []),
    (
        *("edited on both, one way", [KNOWN], [replace(A, content="hi")], [replace(B, content="ho")]),
        *(replace(TO_RIGHT, direction=Direction.TO_LEFT), [(Act.CHANGE, L)]),
    ),
    ("edited, once", [KNOWN], [replace(A, content="hi")], [B], ONCE_TO_RIGHT, []),
    ("edits stay", [KNOWN], [replace(A, content="hi")], [B], replace(BOTH, edits=False), []),
    ("edited on both", [KNOWN], [replace(A, content="hi")], [replace(B, content="ho")], BOTH, [(Act.CHANGE, R)]),
    ("removed on the left, stays", [KNOWN], [], [B], BOTH, [(Act.PART, R)]),
    ("removed on the left, follows", [KNOWN], [], [B], REMOVING, [(Act.REMOVE, R)]),
    ("removed on the right, follows", [KNOWN], [A], [], REMOVING, [(Act.REMOVE, L)]),
    ("removed on the right, one way", [KNOWN], [A], [], replace(TO_RIGHT, removes=True), [(Act.PART, L)]),
    ("removed on both", [KNOWN], [], [], REMOVING, [(Act.FORGET, R)]),
    ("parted before", [replace(KNOWN, left="")], [], [B], REMOVING, []),
    ("off", [KNOWN], [replace(A, content="hi")], [], replace(BOTH, direction=Direction.OFF), []),
    ("corrected, and removals follow", [LOGGED], [Part("e1")], [MORE], REMOVING, [(Act.REMOVE, L), (Act.ADD, L)]),
    ("corrected", [LOGGED], [Part("e1")], [MORE], BOTH, [(Act.REMOVE, L), (Act.ADD, L)]),
    ("corrected, edits stay", [LOGGED], [Part("e1")], [MORE], replace(BOTH, edits=False), []),
    ("corrected, once", [LOGGED], [Part("e1")], [MORE], ONCE_TO_LEFT, []),
    ("corrected where it was copied to", [LOGGED], [Part("e1")], [MORE], TO_RIGHT, []),
    ("corrected in private", [LOGGED], [Part("e1")], [replace(MORE, private=True)], BOTH, [(Act.PART, L)]),
    ("another one, and none of it", [LOGGED], [Part("e1")], [WORK, Part("77 30", stem="77 ")], BOTH, [(Act.ADD, L)]),
    ("once", [], [A], [], ONCE_TO_RIGHT, [(Act.ADD, R)]),
]


@pytest.mark.parametrize(
    ("base", "left", "right", "rule", "acts"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_the_table(
    base: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], rule: PartRule, acts: list[tuple[Act, Side]]
) -> None:
    assert [(one.act, one.side) for one in decide_parts(base, left, right, rule)] == acts


NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
YOUNG = replace(KNOWN, since=NOON)
EDITED = replace(YOUNG, was=Held.agreed(left="hi", right="hi"))
NO_SIDE: tuple[Sequence[Part], Sequence[Part]] = ([], [])
OLD = replace(A, content="hi"), replace(B, content="hi")
LAGGING: list[tuple[str, PartPair, Sequence[Part], Sequence[Part], list[tuple[Act, Side]]]] = [
    ("the original is not shown", YOUNG, [], [B], [(Act.REMOVE, R)]),
    ("the copy is not shown", YOUNG, [A], [], [(Act.REMOVE, L)]),
    ("neither is shown", YOUNG, *NO_SIDE, [(Act.FORGET, R)]),
    ("the original is as it was", EDITED, [OLD[0]], [B], [(Act.CHANGE, R)]),
    ("the copy is as it was", EDITED, [A], [OLD[1]], [(Act.CHANGE, L)]),
    ("the copy is as it was, the original was edited", EDITED, [replace(A, content="ho")], [OLD[1]], [(Act.CHANGE, R)]),
]


@pytest.mark.parametrize(("pair", "left", "right", "acts"), [row[1:] for row in LAGGING], ids=[r[0] for r in LAGGING])
def test_what_a_copy_that_lags_behind_may_show_is_believed_later(
    pair: PartPair, left: Sequence[Part], right: Sequence[Part], acts: list[tuple[Act, Side]]
) -> None:
    def at(moment: datetime) -> list[Act]:
        return [one.act for one in decide_parts([pair], left, right, REMOVING, moment)]

    assert at(NOON + timedelta(seconds=5)) == [Act.AGAIN]
    assert at(NOON - timedelta(seconds=5)) == [Act.AGAIN], "another process's clock is a little behind"
    assert [(one.act, one.side) for one in decide_parts([pair], left, right, REMOVING, NOON + LAG)] == acts
    assert at(NOON - timedelta(days=1)) == [acts[0][0]], "a clock that was far ahead holds up nothing"


def test_a_new_edit_of_what_was_just_carried_is_carried_at_once() -> None:
    moment = NOON + timedelta(seconds=5)
    (decision,) = decide_parts([EDITED], [replace(A, content="ho")], [B], REMOVING, moment)
    assert (decision.act, decision.side) == (Act.CHANGE, R)


def test_an_edit_that_does_not_follow_does_as_soon_as_a_rule_lets_it() -> None:
    """Nothing is decided meanwhile, so that what both held when they agreed stays."""
    for rule in (ONCE_TO_LEFT, replace(BOTH, edits=False), TO_RIGHT):
        assert decide_parts([LOGGED], [Part("e1")], [MORE], rule) == ()
        assert decide_parts([KNOWN], [A], [replace(B, content="hi")], rule) == ()
    assert [one.act for one in decide_parts([LOGGED], [Part("e1")], [MORE], BOTH)] == [Act.REMOVE, Act.ADD]
    (edit,) = decide_parts([KNOWN], [A], [replace(B, content="hi")], BOTH)
    assert (edit.act, edit.side, edit.lost) == (Act.CHANGE, L, MISSING)


def test_what_a_write_replaces_is_named() -> None:
    (one,) = decide_parts([KNOWN], [replace(A, content="hi")], [replace(B, content="ho")], BOTH)
    assert one.lost == "ho"
    (one,) = decide_parts([KNOWN], [replace(A, content="hi")], [B], BOTH)
    assert one.lost is MISSING
    (one,) = decide_parts([KNOWN], [replace(A, content="hi")], [replace(B, content="ho")], TO_RIGHT)
    assert one.lost == "ho", "an edit that did not follow, either"


# ---- two lists that people and the machine work on ----------------------------------------------------

Known, Listed = Sequence[PartPair], Sequence[Part]
Decide = Callable[[Known, Listed, Listed, PartRule], Sequence[PartDecision]]
Step = tuple[str, Side, int, str]
steps = st.lists(
    st.tuples(
        st.sampled_from(["new", "edit", "remove", "sync", "sync", "lost answer", "killed"]),
        st.sampled_from(Side),
        st.integers(0, 3),
        st.sampled_from(["x", "y"]),
    ),
    max_size=14,
)


@dataclass
class Two:
    """Two lists; the right puts a full stop behind every content it stores."""

    decide: Decide = decide_parts
    rule: PartRule = REMOVING
    lists: dict[Side, dict[str, Part]] = field(default_factory=lambda: {L: {}, R: {}})
    base: list[PartPair] = field(default_factory=list)
    count: int = 0
    writes: int = 0

    def put(self, side: Side, content: str, twin: str = "") -> Part:
        self.count += 1
        made = Part(f"{side.value}{self.count}", self.stored(side, content), twin)
        self.lists[side][made.id] = made
        return made

    def stored(self, side: Side, content: str) -> str:
        return content.removesuffix(".") + ("." if side is R else "")

    def step(self, what: str, side: Side, number: int, content: str) -> None:
        ids = list(self.lists[side])
        if what == "new" and len(ids) < 3:
            self.put(side, content)
        elif what == "edit" and ids:
            key = ids[number % len(ids)]
            self.lists[side][key] = replace(self.lists[side][key], content=self.stored(side, content))
        elif what == "remove" and ids:
            del self.lists[side][ids[number % len(ids)]]
        elif what in ("sync", "lost answer", "killed"):
            self.sync(lose=number if what != "sync" else None, land=what == "lost answer")

    def sync(self, lose: int | None = None, *, land: bool = True) -> None:
        """Apply what is decided; at decision number `lose` the run ends, its write landed or not."""
        given = [list(self.lists[side].values()) for side in Side]
        for number, decision in enumerate(self.decide(tuple(self.base), *given, self.rule)):
            ends = number == lose
            if ends and not land:
                return
            stored = self.apply(decision)
            if ends:
                return
            known = [pair for pair in self.base if pair is not decision.known]
            after = after_part(decision, stored)
            self.base = [*known, after] if after else known

    def apply(self, decision: PartDecision) -> Part | None:
        side, source, target = decision.side, decision.source, decision.target
        if decision.act is Act.ADD:
            assert source is not None
            self.writes += 1
            return self.put(side, str(source.content), source.id)
        stale = (
            decision.act is Act.JOIN and source and target and target.content != self.stored(side, str(source.content))
        )
        if decision.act is Act.CHANGE or stale:
            assert source is not None
            assert target is not None
            self.writes += 1
            self.lists[side][target.id] = replace(target, content=self.stored(side, str(source.content)))
            return self.lists[side][target.id]
        if decision.act is Act.REMOVE:
            assert target is not None
            self.writes += 1
            del self.lists[side][target.id]
        return target

    def laws(self) -> None:
        """Converged, quiet, never doubled."""
        self.sync()
        self.sync()
        before = self.writes
        self.sync()
        assert self.writes == before, "a quiet list was written"
        twins = [part.twin for side in Side for part in self.lists[side].values() if part.twin]
        assert len(set(twins)) == len(twins), "a part was copied twice"
        known = {side: {pair.id(side) for pair in self.base} for side in Side}
        for pair in self.base:
            left, right = self.lists[L].get(pair.left), self.lists[R].get(pair.right)
            assert left is not None
            assert right is not None
            assert self.stored(R, str(left.content)) == right.content
        for side in Side:
            for part in self.lists[side].values():
                assert part.id in known[side] or part.twin, f"{part} was not carried"


def play(decide: Decide, budget: int) -> None:
    @settings(max_examples=budget, phases=[Phase.generate], report_multiple_bugs=False)
    @given(steps)
    def run(taken: list[Step]) -> None:
        two = Two(decide)
        for step in taken:
            two.step(*step)
        two.laws()

    run()


def test_lists_come_to_agree() -> None:
    play(decide_parts, 2 * settings().max_examples)


def _no_twins(
    base: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], rule: PartRule
) -> Sequence[PartDecision]:
    blind = [replace(part, twin="") for part in right]
    return decide_parts(base, left, blind, rule)


def _no_removes(
    base: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], rule: PartRule
) -> Sequence[PartDecision]:
    return decide_parts(base, left, right, replace(rule, removes=False))


def _one_way(
    base: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], rule: PartRule
) -> Sequence[PartDecision]:
    return decide_parts(base, left, right, replace(rule, direction=Direction.TO_RIGHT))


def _no_base(
    base: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], rule: PartRule
) -> Sequence[PartDecision]:
    return decide_parts((), left, right, rule)


def _across(
    base: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], rule: PartRule
) -> Sequence[PartDecision]:
    """Compares one side with the other instead of with itself."""
    wrong = [replace(pair, held=Held.agreed(left=pair.held.left, right=pair.held.left)) for pair in base]
    found = decide_parts(wrong, left, right, rule)
    return [replace(one, known=base[wrong.index(one.known)]) if one.known in wrong else one for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [_no_twins, _no_removes, _one_way, _no_base, _across])
def test_a_planted_fault_is_found(wrong: Decide) -> None:
    with pytest.raises(AssertionError):
        play(wrong, 400)
