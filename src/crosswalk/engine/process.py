"""What every engine does alike in the process that runs jobs: what comes again and again, and running until a stop."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crosswalk.engine.port import BULK, Handler
from crosswalk.engine.sweep import SetBack
from crosswalk.store import intents


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Periodic:
    """Something to enqueue again and again; `next_at` is for an engine that looks at the clock itself."""

    seconds: float
    key: str
    kind: str
    priority: int
    next_at: datetime | None = None


class Process(ABC):
    """The part of an engine that is the same for all: see engine/port.py for what it promises.

    `threads` is how many jobs run at once in this process; `clock` gives the present moment (aware), `chance` a random
    number from 0 to 1 that spreads retries.
    """

    def __init__(self, threads: int, clock: Callable[[], datetime], chance: Callable[[], float]) -> None:
        self._size, self._clock, self._chance = threads, clock, chance
        self._handlers: Mapping[str, Handler] = {}
        self._periodic: list[Periodic] = []
        self._stopping = threading.Event()
        self._set_back = SetBack(newest=intents.newest)

    def every(self, seconds: float, key: str, kind: str, *, priority: int = BULK) -> None:
        """See the port. However many processes ask for it, one job waits."""
        self._periodic.append(Periodic(seconds, key, kind, priority))

    @abstractmethod
    def start(self, handlers: Mapping[str, Handler]) -> None:
        """See the port."""

    @abstractmethod
    def stop(self, deadline: float = 10.0) -> bool:
        """See the port."""

    def run(self, handlers: Mapping[str, Handler]) -> None:
        """See the port."""
        self.start(handlers)
        try:
            self._stopping.wait()
        finally:
            self.stop()
