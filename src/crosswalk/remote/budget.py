"""Request limits as something to ask before each request: how long must this one wait? Clock passed in."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

_hurry: ContextVar[bool] = ContextVar("hurry", default=True)
_patience: ContextVar[float] = ContextVar("patience", default=0.0)
_guard: ContextVar[Callable[[], object]] = ContextVar("guard", default=bool)
SHARE = 0.75
"""Of each limit, what work may use that nobody waits for."""


@contextmanager
def unhurried(patience: float = 0.0) -> Iterator[None]:
    """Inside, requests of this thread leave a share of each limit to those that somebody waits for.

    For work that is dear to break off, `patience` is how many seconds a request may wait for its turn, if that is
    longer than usual.
    """
    before, usual = _hurry.set(False), _patience.set(patience)
    try:
        yield
    finally:
        _hurry.reset(before)
        _patience.reset(usual)


def patience() -> float:
    """How many seconds a request of this thread's work may wait for its turn; 0: no longer than usual."""
    return _patience.get()


@contextmanager
def guarded(guard: Callable[[], object]) -> Iterator[None]:
    """Inside, a request of this thread that had to wait is sent only where `guard` raises nothing then.

    Whoever wants it may have been taken for dead meanwhile, and another may have sent it.
    """
    before = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(before)


def waited() -> None:
    """Say that a request had to wait, and is sent now. Raises what `guarded` was given raises."""
    _guard.get()()


def hurried() -> bool:
    """Whether somebody waits for the work of this thread."""
    return _hurry.get()


def allowed(limit: Limit) -> int:
    """How many requests of this limit the work of this thread may use."""
    return limit.count if _hurry.get() else max(1, int(limit.count * SHARE))


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in any `seconds`."""

    count: int
    seconds: float


class Budget(Protocol):
    """Hands out the right to send one request."""

    def take(self, now: float) -> float:
        """How many seconds the request at `now` (seconds) must wait and ask again; 0: it may go, and is counted."""


class Unlimited:
    """The budget of a server that publishes no limit."""

    def take(self, now: float) -> float:
        """Always 0, whatever `now` is."""
        return 0.0 * now


class LocalBudget:
    """Limits kept in this process's memory: for a command that runs alone, and for tests."""

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self._limits = limits
        self._sent: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """See Budget.take."""
        with self._lock:
            wait = wait_for(self._sent, now, self._limits)
            if wait <= 0:
                self._sent.append(now)
                longest = max((limit.seconds for limit in self._limits), default=0.0)
                while self._sent and self._sent[0] <= now - longest:
                    self._sent.popleft()
            return max(0.0, wait)


def wait_for(sent: deque[float] | list[float], now: float, limits: tuple[Limit, ...]) -> float:
    """How many seconds a request at `now` must wait, given when earlier ones were `sent` (ascending). 0: it may go."""
    wait = 0.0
    for limit in limits:
        recent = [moment for moment in sent if moment > now - limit.seconds]
        if len(recent) >= limit.count:
            wait = max(wait, recent[-limit.count] + limit.seconds - now)
    return wait
