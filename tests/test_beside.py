"""Two sequences are laid beside each other exactly, and within bounds where the same word stands in them very often."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.beside import beside


class Word(str):
    """A word that counts how often it is looked at."""

    __slots__ = ()
    looks = 0

    def __hash__(self) -> int:
        Word.looks += 1
        return str.__hash__(self)


sequences = st.lists(st.sampled_from("abc"), max_size=12)


@given(sequences, sequences)
def test_what_is_said_to_be_the_same_is_the_same_in_order(one: list[str], other: list[str]) -> None:
    runs = beside(one, other)
    assert all(one[a : a + size] == other[b : b + size] and size for a, b, size in runs)
    assert all(a + size <= c and b + size <= d for (a, b, size), (c, d, _) in pairwise(runs))


def test_an_ordinary_text_is_laid_out_exactly() -> None:
    one = [f"w{number % 300}" if number % 7 else "the" for number in range(1_500)]
    other = [*one[:700], "put", "in", *one[700:900], *one[905:]]
    exact = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    assert beside(one, other) == [(run.a, run.b, run.size) for run in exact if run.size]


#        two texts of 2,000 words, and the least that must be found to be the same
OFTEN = [
    (["a", "b"] * 1_000, ["a", "c"] * 1_000, 1),
    (["x", *"ab" * 999, "y"], ["x", *"ac" * 999, "y"], 2),
    (["a"] * 1_999 + ["b"], ["a"] * 1_000 + ["c"] * 1_000, 1_000),
    ([f"w{number % 100}" for number in range(2_000)], [f"w{number * 7 % 100}" for number in range(2_000)], 1),
]


@pytest.mark.parametrize(("one", "other", "least"), OFTEN)
def test_what_stands_there_a_thousand_times_takes_no_thousandfold_time(
    one: list[str], other: list[str], least: int
) -> None:
    Word.looks = 0
    runs = beside([*map(Word, one)], [*map(Word, other)])
    assert sum(size for *_, size in runs) >= least
    assert Word.looks < 100_000
