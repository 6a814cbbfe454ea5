"""Work that nobody waits for gives way to what goes first in another thread, and to nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crosswalk.remote.budget import unhurried
from crosswalk.remote.way import first, give_way

LONG = 30.0


@contextmanager
def somebody_first() -> Iterator[threading.Event]:
    """Another thread goes first until the event is set."""
    begun, over = threading.Event(), threading.Event()

    def run() -> None:
        with first():
            begun.set()
            over.wait(LONG)

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(LONG)
    try:
        yield over
    finally:
        over.set()
        thread.join(LONG)


def in_a_thread(step: object) -> tuple[threading.Thread, threading.Event]:
    """An unhurried step in a thread of its own, and whether it was taken."""
    taken = threading.Event()
    assert callable(step)

    def run() -> None:
        with unhurried():
            step()
            taken.set()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, taken


def test_a_step_waits_until_nothing_goes_first() -> None:
    with somebody_first() as over:
        thread, taken = in_a_thread(lambda: give_way(LONG))
        assert not taken.wait(0.1)
        over.set()
        thread.join(LONG)
        assert taken.is_set()


def test_a_step_waits_no_longer_than_it_has_to() -> None:
    with somebody_first():
        thread, taken = in_a_thread(lambda: give_way(0.01))
        thread.join(LONG)
        assert taken.is_set()


def test_what_somebody_waits_for_gives_way_to_nobody() -> None:
    with somebody_first():
        give_way(LONG)
        with unhurried(), first():
            give_way(LONG)


def test_nothing_waits_where_nothing_goes_first() -> None:
    with first():
        pass
    with unhurried():
        give_way(LONG)
