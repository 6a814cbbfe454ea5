"""When a delete is done, waits, or wants a person's word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.brake import Brake, Removal, Step
from crosswalk.merge.rules import Side

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
