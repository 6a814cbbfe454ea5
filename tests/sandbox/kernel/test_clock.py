"""The clock that a test drives."""

import threading

import pytest

from crosswalk_sandbox.kernel.clock import Clock, VirtualClock


def test_the_real_clock_is_aware_and_moves() -> None:
    clock = Clock()
    before = clock.now()
    clock.sleep(0.001)
    assert clock.now() > before
    assert before.tzinfo is not None


def test_a_sleeper_wakes_when_the_clock_is_driven_past_its_moment() -> None:
    clock = VirtualClock()
    woken = threading.Event()
    began = threading.Event()

    def sleep() -> None:
        began.set()
        clock.sleep(60)
        woken.set()

    threading.Thread(target=sleep, daemon=True).start()
    began.wait(5)
    while not woken.is_set():  # the sleeper may read the clock after the first step, so steps go on until it is past
        clock.advance(30)
        woken.wait(0.01)
    assert clock.now() > VirtualClock().now()


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="one way"):
        VirtualClock().advance(-1)
