"""A single hook is looked at at once; in a storm many are looked at together, the last in time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crosswalk.web.storm import FIRST, LONGEST, Storm


def looks(moments: list[float]) -> list[float]:
    """When looks come for hooks at `moments`."""
    storm, found = Storm(), set[float]()
    for at in moments:
        found.add(round(at + storm.look(at, 1), 6))
        storm.stored(at)
    return sorted(found)


def test_hooks_now_and_then_are_looked_at_at_once() -> None:
    assert looks([0.0, 1.0, 2.0]) == [0.0, 1.0, 2.0]


def test_two_hooks_of_one_edit_are_two_looks() -> None:
    assert looks([0.0, 0.01]) == [0.0, round(0.01 + FIRST, 6)]


def test_somebody_who_edits_quickly_never_waits_long() -> None:
    moments = [number / 5 for number in range(50)]
    assert all(any(at <= look <= at + FIRST + 0.001 for look in looks(moments)) for at in moments)


def test_the_more_hooks_come_the_rarer_are_the_looks() -> None:
    assert len(looks([number / 2500 for number in range(5000)])) <= 4, "in two seconds"
    assert len(looks([number / 1000 for number in range(5000)])) <= 12, "in five"
    assert len(looks([number / 50 for number in range(250)])) >= 40, "and where there are few, they wait for little"


def test_storing_slowly_is_no_lull() -> None:
    storm = Storm()
    assert storm.look(0.0, 1) == 0.0
    storm.stored(0.9)
    assert storm.look(1.0, 1) != 0.0


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 90)), min_size=1, max_size=60))
def test_every_hook_is_looked_at_in_time(hooks: list[tuple[float, int]]) -> None:
    storm, at = Storm(), 0.0
    for gap, count in hooks:
        at += gap
        assert 0.0 <= storm.look(at, count) <= LONGEST
        storm.stored(at)
