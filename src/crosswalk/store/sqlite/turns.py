"""Who of the threads of a process writes next: those who are asked to hurry first, else in the order they came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ahead: ContextVar[bool] = ContextVar("ahead", default=False)


@contextmanager
def ahead() -> Iterator[None]:
    """Inside, this thread writes before all others that wait: for what somebody outside waits for, and is short."""
    before = _ahead.set(True)
    try:
        yield
    finally:
        _ahead.reset(before)


class Turns:
    """One at a time has the turn, and hands it to the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: dict[bool, deque[threading.Lock]] = {True: deque(), False: deque()}

    def take(self, patience: float) -> bool:
        """Wait for the turn, at most `patience` seconds; whether it came."""
        queue = self._waiting[_ahead.get()]
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            queue.append(mine)
        if mine.acquire(timeout=patience):
            return True
        with self._lock:
            if mine not in queue:
                return True  # it came at the last moment
            queue.remove(mine)
            return False

    def give(self) -> None:
        """The turn goes to the next."""
        with self._lock:
            for hurried in (True, False):
                if self._waiting[hurried]:
                    self._waiting[hurried].popleft().release()
                    return
            self._taken = False

    @property
    def taken(self) -> bool:
        """Whether somebody has it."""
        return self._taken
