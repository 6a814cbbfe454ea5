"""The plan of a load: heights, groups, order, and what it says of the time left."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.records import Ref, Snapshot
from crosswalk.sync.waves import A_GROUP, said, seconds_left, waves


def record(kind: str, number: str, place: int, children: tuple[Snapshot, ...] = ()) -> Snapshot:
    return Snapshot(Ref(kind, number), {"position": Decimal(place)}, children=children)


@st.composite
def features(draw: st.DrawFn) -> list[Snapshot]:
    """Features at different places, in any order, each with some requirements."""
    places = draw(st.lists(st.integers(1, 400), unique=True, max_size=120))
    return [
        record(
            "feature",
            f"{place}",
            place,
            tuple(record("requirement", f"{place}-{step}", step) for step in draw(st.permutations([1, 2, 3]))),
        )
        for place in places
    ]


@given(features())
def test_everything_is_in_one_group_once_in_its_order_and_after_what_it_stands_below(found: list[Snapshot]) -> None:
    above, below = waves(found)
    assert all(1 <= len(group) <= A_GROUP for group in (*above, *below))
    heads = [item.record.ref.id for group in above for item in group]
    assert heads == sorted((one.ref.id for one in found), key=int)
    under = [(item.above, item.record.ref.id) for group in below for item in group]
    assert under == [(Ref("feature", head), f"{head}-{step}") for head in heads for step in (1, 2, 3)]


def test_groups_are_as_full_as_they_can_be() -> None:
    above, below = waves(record("feature", str(n), n, (record("requirement", f"{n}-1", 1),) * 4) for n in range(100))
    assert [len(group) for group in above] == [50, 50]
    assert [len(group) for group in below] == [50] * 8


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 10_000, 3.0, "0 of 10,000 records looked at"),
        (2_500, 10_000, 120.0, "2,500 of 10,000 records looked at, about 6 minutes left"),
        (9_999, 10_000, 480.0, "9,999 of 10,000 records looked at, about 1 minute left"),
        (10_000, 10_000, 480.0, "10,000 of 10,000 records looked at"),
    ],
)
def test_the_time_left_is_said_as_far_as_it_is_known(done: int, total: int, seconds: float, words: str) -> None:
    assert said(done, total, seconds_left(done, total, seconds)) == words
