"""A single hook is looked at at once; a storm is looked at rarely, but to its end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crosswalk.web.storm import LONGEST, SURE, Storm


def looks(moments: list[float]) -> list[float]:
    """When looks come for hooks at `moments`."""
    storm, found = Storm(), set[float]()
    for at in moments:
        if (delay := storm.look(at)) is not None:
            found.add(round(at + delay, 6))
        storm.stored(at)
    return sorted(found)


def test_hooks_now_and_then_are_looked_at_at_once() -> None:
    assert looks([0.0, 1.0, 2.0]) == [0.0, 1.0, 2.0]


def test_two_hooks_of_one_edit_are_two_looks() -> None:
    assert looks([0.0, 0.05]) == [0.0, 0.25]


def test_the_longer_a_storm_lasts_the_rarer_are_the_looks() -> None:
    assert len(looks([number / 1000 for number in range(5000)])) <= 4
    assert len(looks([number / 100 for number in range(6000)])) <= 15


def test_storing_slowly_is_no_lull() -> None:
    storm = Storm()
    assert storm.look(0.0) == 0.0
    storm.stored(0.9)
    assert storm.look(1.0) != 0.0


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_every_hook_is_seen_by_a_look_that_comes_after_it_and_in_time(gaps: list[float]) -> None:
    storm, at, look = Storm(), 0.0, 0.0
    for gap in gaps:
        at += gap
        delay = storm.look(at)
        storm.stored(at)
        if delay is not None:
            look = at + delay
        # One that asks for no look relies on one that comes so late that it is stored by then.
        assert at + (0.0 if delay is not None else SURE) <= look <= at + LONGEST
