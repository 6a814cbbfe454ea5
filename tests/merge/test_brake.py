"""When a delete is done, waits, or wants a person's word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.brake import TEXTS, Brake, Removal, Step, rewrites
from crosswalk.merge.decision import Held
from crosswalk.merge.merge import merge
from crosswalk.merge.rules import SAME, Direction, Rule, Side
from crosswalk.merge.values import Choice, Rich, Value

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
BRAKE = Brake(share=0.05, least=2, pause=timedelta(minutes=1))

TABLE = [
    # a person's word, its age in seconds, how many are wanted, of how many pairs: what becomes of it
    ("", 0, 1, 500, Step.WAIT),
    ("", 59, 1, 500, Step.WAIT),
    ("", 60, 1, 500, Step.DELETE),
    ("", 60, 25, 500, Step.DELETE),
    ("", 60, 26, 500, Step.ASK),
    ("", 60, 2, 2, Step.DELETE),  # a number that is always allowed
    ("", 60, 3, 12, Step.ASK),
    ("", 0, 499, 500, Step.WAIT),  # nobody is asked before all of them are seen
    ("yes", 0, 499, 500, Step.DELETE),
    ("yes", 60, 3, 12, Step.DELETE),
    ("no", 0, 1, 500, Step.KEEP),
    ("no", 9999, 1, 500, Step.KEEP),
]


@pytest.mark.parametrize(("word", "age", "wanted", "known", "step"), TABLE)
def test_the_table(word: str, age: int, wanted: int, known: int, step: Step) -> None:
    removal = Removal(Side.RIGHT, NOON, word)
    assert BRAKE.step(removal, NOON + timedelta(seconds=age), wanted, known) is step


@given(st.integers(1, 200), st.integers(0, 7200), st.integers(1, 400))
def test_without_a_word_no_more_go_than_the_share_or_the_number(wanted: int, age: int, known: int) -> None:
    step = BRAKE.step(Removal(Side.LEFT, NOON), NOON + timedelta(seconds=age), wanted, known)
    if step is Step.DELETE:
        assert wanted <= 2 or 20 * wanted <= known
        assert age >= 60


@pytest.mark.parametrize(
    ("replaced", "known", "floods"),
    [(TEXTS, 50, False), (TEXTS + 1, 50, True), (TEXTS + 1, 400, False), (120, 400, False), (121, 400, True)],
)
def test_texts_are_replaced_in_a_number_and_a_share(replaced: int, known: int, floods: bool) -> None:
    assert BRAKE.floods(replaced, known) is floods


class Named:
    """A status is a text across."""

    def to_right(self, value: Value) -> Value:
        return Choice(str(value)) if value else None

    def to_left(self, value: Value) -> Value:
        return value.id if isinstance(value, Choice) else None


DONE, DOING = Choice("done"), Choice("doing")
DAY, NEXT = NOON.date(), NOON.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("what", "was", "now", "counts"),
    [
        ("a name", "one", "two", True),
        ("a long text", Rich("html", "one"), Rich("html", "two"), True),
        ("a text where there was none", None, "two", False),
        ("a text that is emptied, which has a brake of its own", "one", None, False),
        ("a status", DOING, DONE, False),
        ("a day", DAY, NEXT, False),
        ("a list", frozenset({DOING}), frozenset({DONE}), False),
    ],
)
def test_only_texts_count_that_people_wrote(what: str, was: Value, now: Value, counts: bool) -> None:
    base = {"x": Held.agreed(left=was, right=was)}
    (decision,) = merge(base, {"x": was}, {"x": now}, [Rule("x", "x", "x")])
    assert [rewrites(decision, side) for side in Side] == [counts, False], what


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        (Rule("x", "x", "x", Direction.TO_LEFT, translation=SAME, mark=True), False),
        (Rule("x", "x", "x", translation=Named()), False),
    ],
    ids=["a mark", "the name of a status"],
)
def test_what_only_shows_something_else_does_not_count(rule: Rule, counts: bool) -> None:
    named = isinstance(rule.translation, Named)
    was, now = (DOING, DONE) if named else ("doing", "done")
    base = {"x": Held.agreed(left="doing", right=was)}
    (decision,) = merge(base, {"x": "doing"}, {"x": now}, [rule])
    assert decision.write == {Side.LEFT: "done"}
    assert rewrites(decision, Side.LEFT) is counts
