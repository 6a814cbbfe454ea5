"""Time for a sandbox: the real one, or one that a test drives. Knows nothing of requests or hooks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

END = datetime(9000, 1, 1, tzinfo=UTC)
"""A virtual clock goes no further: what is reckoned from the present, zones and skew included, has still a date."""

_HELD: ContextVar[datetime | None] = ContextVar("held", default=None)


class Clock:
    """The machine's own time. `skew` is by how many seconds the stamps that the sandbox writes are wrong."""

    virtual = False

    def __init__(self) -> None:
        self.skew = 0.0

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return _HELD.get() or datetime.now(UTC)

    def shown(self) -> datetime:
        """The present moment as the sandbox's stamps tell it, wrong by `skew`; to the millisecond."""
        moment = self.now() + timedelta(seconds=self.skew)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    @contextmanager
    def held(self, moment: datetime) -> Iterator[None]:
        """Time stands still at `moment` for whoever runs within and for nobody else; a virtual clock does so anyway."""
        if self.virtual:
            yield
            return
        before = _HELD.set(moment)
        try:
            yield
        finally:
            _HELD.reset(before)

    def sleep(self, seconds: float) -> None:
        """Block this thread for `seconds` of this clock."""
        time.sleep(max(0.0, seconds))

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever time jumps; the real clock never jumps, so nothing is kept."""


class VirtualClock(Clock):
    """Time stands still until somebody calls `advance`; sleepers wake when their moment has come."""

    virtual = True

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__()
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
        """Drive the clock on and wake whoever waited for it. Raises ValueError for a negative step, or one too far."""
        if seconds < 0:
            raise ValueError("time runs one way")
        with self._moved:
            if self._now + timedelta(seconds=seconds) > END:
                raise ValueError(f"time ends in the year {END.year}")
            self._now += timedelta(seconds=seconds)
            self._moved.notify_all()
            moved_to = self._now
        for listener in tuple(self._listeners):
            listener()
        return moved_to

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every `advance`."""
        self._listeners.append(listener)
