"""An answer decides a conflict while both sides hold what the person saw; nothing is erased unasked."""

from __future__ import annotations

import pytest

from crosswalk.merge.decision import Held, Verdict
from crosswalk.merge.disputes import Answer, decide, disputes
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Direction, Policy, Rule, Side
from crosswalk.merge.values import Value

L, R = Side.LEFT, Side.RIGHT
ASKED = Rule("Note", "note", "note", policy=Policy.ASK)
BASE = {"Note": Held.agreed(left="old", right="old")}


def ends(left: Value, right: Value) -> tuple[Snapshot, Snapshot]:
    return Snapshot(Ref("feature", "1"), {"note": left}), Snapshot(Ref("issue", "2"), {"note": right})


@pytest.mark.parametrize(
    ("values", "answer", "write"),
    [
        (("one", "two"), None, {}),
        (("one", "two"), Answer(L, "one", "two", "Ann"), {R: "one"}),
        (("one", "two"), Answer(R, "one", "two", "Ann"), {L: "two"}),
        (("three", "two"), Answer(L, "one", "two", "Ann"), {}),
        (("one", "three"), Answer(R, "one", "two", "Ann"), {}),
        ((None, "two"), Answer(L, None, "two", "Ann"), {}),
        ((None, "two"), Answer(L, None, "two", "Ann", erase=True), {R: None}),
        (("one", None), Answer(R, "one", None, "Ann", erase=True), {L: None}),
    ],
)
def test_what_an_answer_writes(values: tuple[Value, Value], answer: Answer | None, write: dict[Side, Value]) -> None:
    left, right = ends(*values)
    (found,) = decide(BASE, left, right, [ASKED], {"Note": answer})
    assert dict(found.write) == write
    asked = [one.name for one in disputes([found], left, right)]
    assert asked == ([] if write else ["Note"])
    if write:
        (side,) = write
        assert (found.lost_side, found.lost) == (side, found.value(side))
        assert found.why({L: "Aha!", R: "Jira"}).endswith(" counts: Ann chose so.")


def test_at_first_contact_the_winner_is_chosen_per_field_whatever_the_rule_says() -> None:
    newest = Rule("Note", "note", "note")
    left, right = ends("one", "two")
    (found,) = decide({}, left, right, [newest], {"Note": Answer(R, "one", "two")}, newer=L)
    assert dict(found.write) == {L: "two"}
    assert found.rule is newest


@pytest.mark.parametrize(("values", "write"), [(("one", None), {R: "one"}), ((None, "two"), {L: "two"})])
def test_an_empty_winner_never_erases_unless_it_is_ticked(
    values: tuple[Value, Value], write: dict[Side, Value]
) -> None:
    left, right = ends(*values)
    winner = L if values[0] is None else R
    rule = Rule("Note", "note", "note")
    (found,) = decide({}, left, right, [rule], {"Note": Answer(winner, *values)})
    assert dict(found.write) == write
    (found,) = decide({}, left, right, [rule], {"Note": Answer(winner, *values, erase=True)})
    assert dict(found.write) == {winner.other: None}
    assert found.verdict is Verdict.CONFLICT


def test_no_answer_writes_against_a_direction() -> None:
    rule = Rule("Note", "note", "note", Direction.TO_RIGHT)
    left, right = ends("one", "two")
    (found,) = decide({}, left, right, [rule], {"Note": Answer(R, "one", "two", erase=True)})
    assert dict(found.write) == {R: "one"}
