"""Requirements are put in an order by the fewest moves, and what is not named keeps its place."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from crosswalk.aha.ordering import fill, steps


@given(st.permutations("abcdefg"), st.permutations("abcdefg"))
def test_every_order_is_reached_by_the_fewest_moves(now: list[str], wanted: list[str]) -> None:
    held, moved = list(now), 0
    for one, place in steps(now, wanted):
        held.remove(one)
        held.insert(place, one)
        moved += 1
    assert held == wanted
    places = [now.index(one) for one in wanted]
    kept = max(n for n in range(1, 8) if any(list(c) == sorted(c) for c in combinations(places, n)))
    assert moved == 7 - kept


def test_what_is_not_named_keeps_its_place() -> None:
    assert fill("axbyc", "cab") == list("cxayb")
    assert fill("ab", "abc") is None
    assert list(steps("", "")) == []
