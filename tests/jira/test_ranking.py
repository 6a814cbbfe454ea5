"""What is moved so that issues stand in an order: as little as can be, and always enough."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.jira.ranking import Stretch, moves

TABLE = [
    ("abcd", []),
    ("dabc", [Stretch(0, 1, 1)]),
    ("bcda", [Stretch(3, 4, 2)]),
    ("acbd", [Stretch(1, 2, 0)]),
    ("cab", [Stretch(0, 1, 1)]),
    ("dcab", [Stretch(0, 2, 2)]),
    ("a", []),
]


@pytest.mark.parametrize(("ranks", "wanted"), TABLE)
def test_the_table(ranks: str, wanted: list[Stretch]) -> None:
    assert moves(ranks) == wanted


def carried_out(order: str, wished: str) -> str:
    """What stands where after the moves, done one by one as Jira does them."""
    held = list(order)
    ranks = [chr(97 + order.index(one)) for one in wished]
    for move in moves(ranks):
        chosen, anchor = list(wished[move.start : move.end]), wished[move.anchor]
        held = [one for one in held if one not in chosen]
        at = held.index(anchor) + (0 if move.ahead else 1)
        held[at:at] = chosen
    return "".join(held)


@given(st.permutations("abcdefgh"), st.permutations("abcdefgh"))
def test_every_order_is_reached_by_the_fewest_moves(order: list[str], wished: list[str]) -> None:
    assert carried_out("".join(order), "".join(wished)) == "".join(wished)
    ranks = [order.index(one) for one in wished]
    moved = sum(move.end - move.start for move in moves([chr(97 + rank) for rank in ranks]))
    kept = max(n for n in range(1, 9) if any(list(c) == sorted(c) for c in combinations(ranks, n)))
    assert moved == 8 - kept


def test_no_request_names_more_than_fifty() -> None:
    ranks = [f"{number:04}" for number in (*range(500, 520), *reversed(range(200)))]
    found = moves(ranks)
    assert max(one.end - one.start for one in found) == 50
    assert all(one.anchor == one.start - 1 for one in found)
