"""Request limits: how long must this request wait?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.remote.budget import Limit, LocalBudget, Unlimited, wait_for

CASES = [
    ([], 0.0, 0.0),
    ([0.0], 0.5, 0.0),
    ([0.0, 0.1], 0.5, 0.5),
    ([0.0, 0.1], 1.0, 0.0),
    ([0.0, 0.9], 1.0, 0.0),
    ([0.9, 0.95], 1.0, 0.9),
]


@pytest.mark.parametrize(("sent", "now", "wait"), CASES)
def test_two_in_a_second(sent: list[float], now: float, wait: float) -> None:
    assert wait_for(sent, now, (Limit(2, 1.0),)) == pytest.approx(wait)


def test_the_strictest_limit_counts() -> None:
    limits = (Limit(1, 1.0), Limit(2, 60.0))
    assert wait_for([0.0, 10.0], 20.0, limits) == pytest.approx(40.0)
    assert wait_for([0.0], 0.25, limits) == pytest.approx(0.75)


def test_no_limits_no_waiting() -> None:
    assert Unlimited().take(0.0) == 0.0
    assert LocalBudget(()).take(0.0) == 0.0


@given(st.lists(st.floats(0, 3, allow_nan=False), max_size=60), st.integers(1, 5))
def test_a_limit_is_never_exceeded(steps: list[float], count: int) -> None:
    budget, now, sent = LocalBudget((Limit(count, 2.0), Limit(count * 2, 7.0))), 0.0, []
    for step in steps:
        now += step
        if budget.take(now) == 0:
            sent.append(now)
    for size, span in ((count, 2.0), (count * 2, 7.0)):
        for index in range(len(sent) - size):
            assert sent[index + size] - sent[index] >= span - 1e-9


def test_threads_share_a_budget() -> None:
    budget = LocalBudget((Limit(10, 60.0),))
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: budget.take(1.0), range(100)))
    assert sum(wait == 0 for wait in taken) == 10
