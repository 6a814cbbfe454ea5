"""When a failed run is tried again: a pure table."""

from __future__ import annotations

import pytest

from crosswalk.engine.port import LONGEST_WAIT, next_try
from crosswalk.errors import ServerFault, TooMany

FAULT = ServerFault("502")


@pytest.mark.parametrize(
    ("tries", "chance", "seconds"),
    [(1, 0, 0.5), (1, 1, 1), (2, 0, 1), (2, 1, 2), (3, 0.5, 3), (6, 1, 32), (30, 1, LONGEST_WAIT), (10**6, 0, 300)],
)
def test_the_wait_doubles_up_to_a_limit_and_is_spread(tries: int, chance: float, seconds: float) -> None:
    assert next_try(tries, FAULT, chance) == seconds


def test_no_try_is_taken_for_the_first() -> None:
    assert next_try(0, FAULT, 1) == next_try(1, FAULT, 1)


@pytest.mark.parametrize("chance", [0, 0.3, 1])
@pytest.mark.parametrize("tries", [1, 4, 40])
def test_a_server_is_never_asked_before_it_said(tries: int, chance: float) -> None:
    assert next_try(tries, TooMany("429", wait=47), chance) >= 47


def test_many_that_failed_together_do_not_come_back_together() -> None:
    assert len({next_try(5, TooMany("429", wait=60), number / 100) for number in range(100)}) == 100
