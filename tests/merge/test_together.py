"""Rules that write one list write it together, as a table."""

from __future__ import annotations

import pytest

from crosswalk.merge.decision import Held
from crosswalk.merge.merge import introduce, merge
from crosswalk.merge.rules import Direction, Rule, Side
from tests.merge.cast import L, R

ONE = Rule("One", "one", "labels")
TWO = Rule("Two", "two", "labels", Direction.TO_RIGHT)
APART = Rule("Apart", "apart", "elsewhere")


def held(*words: str) -> Held:
    return Held.agreed(left=frozenset(words), right=frozenset(words))


@pytest.mark.parametrize(
    ("situation", "one", "two", "now", "wanted"),
    [
        ("both put something in", "a b", "c d", "a c", "a b c d"),
        ("one takes out, the other puts in", "", "c d", "a c", "c d"),
        ("both take out", "", "", "a c", ""),
        ("both put in the same", "a b", "c b", "a c", "a b c"),
        ("what only Jira has stays", "a b", "c d", "a c own", "a b c d own"),
        ("one alone writes", "a b", "c", "a c", "a b c"),
    ],
)
def test_what_several_want_of_a_list_is_one_write(situation: str, one: str, two: str, now: str, wanted: str) -> None:
    base = {"One": Held.agreed(left=frozenset("a"), right=frozenset("ac")), "Two": held("c")}
    left = {"one": frozenset(one.split()), "two": frozenset(two.split()), "apart": None}
    right = {"labels": frozenset(now.split()), "elsewhere": None}
    found = merge(base, left, right, [ONE, TWO, APART])
    writes = {decision.write[R] for decision in found if R in decision.write}
    assert writes == {frozenset(wanted.split())}, situation
    mirrored = merge(_mirrored(base), right, left, [rule.mirrored for rule in (ONE, TWO, APART)])
    assert {decision.write[L] for decision in mirrored if L in decision.write} == writes


def _mirrored(base: dict[str, Held]) -> dict[str, Held]:
    return {name: Held.agreed(left=one.right, right=one.left) for name, one in base.items()}


def test_a_new_record_gets_the_lists_of_both() -> None:
    found = introduce({"one": frozenset("a"), "two": frozenset("b"), "apart": "x"}, Side.LEFT, [ONE, TWO, APART])
    assert [decision.write[R] for decision in found] == [frozenset("ab"), frozenset("ab"), "x"]
