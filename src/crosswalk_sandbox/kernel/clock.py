"""Time for a sandbox: the real one, or one that a test drives. Knows nothing of requests or hooks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's own time."""

    virtual = False

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Block this thread for `seconds` of this clock."""
        time.sleep(max(0.0, seconds))

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever time jumps; the real clock never jumps, so nothing is kept."""


class VirtualClock(Clock):
    """Time stands still until somebody calls `advance`; sleepers wake when their moment has come."""

    virtual = True

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self._moved = threading.Condition()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The moment this clock was last driven to."""
        with self._moved:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Block until the clock has been driven `seconds` further."""
        with self._moved:
            until = self._now + timedelta(seconds=max(0.0, seconds))
            self._moved.wait_for(lambda: self._now >= until)

    def advance(self, seconds: float) -> datetime:
        """Drive the clock on and wake whoever waited for it. Raises ValueError for a negative step."""
        if seconds < 0:
            raise ValueError("time runs one way")
        with self._moved:
            self._now += timedelta(seconds=seconds)
            self._moved.notify_all()
            moved_to = self._now
        for listener in tuple(self._listeners):
            listener()
        return moved_to

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every `advance`."""
        self._listeners.append(listener)
