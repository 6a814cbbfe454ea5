"""How long a request and its answer may take in all: a server that drips must not hold a worker for ever.

The time limits of the HTTP client count from byte to byte. What is told of each connection that is opened (`watch`) has
it look at the clock at each piece: both have `seconds`, and one more for each RATE bytes that went or came, so that a
large file over a slow line is carried to its end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

SECONDS: Final = 120.0
"""For the slowest answers there are: a hundred new issues, a page of a hundred with all they hold."""
RATE: Final = 16 * 1024
"""Bytes a second at the least, beyond those seconds."""
PIECE: Final = 16 * 1024
"""Bytes that are sent between two looks at the clock."""


class TooSlowError(httpx2.ReadTimeout):
    """The request and its answer took longer than they may."""


@dataclass(slots=True)
class Meter:
    """What a request has taken so far: since when, and how many bytes went and came."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    moved: int = 0
    since: float = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.clock()

    def count(self, moved: int) -> None:
        """So many bytes more. Raises TooSlowError where they come too late."""
        self.moved += moved
        if self.clock() - self.since > self.seconds + self.moved / RATE:
            raise TooSlowError(f"not whole after {self.clock() - self.since:.0f} seconds, {self.moved:,} bytes")


_UNDER_WAY: ContextVar[Meter | None] = ContextVar("request under way", default=None)


def begin(seconds: float) -> None:
    """The request that this thread begins has `seconds`."""
    _UNDER_WAY.set(Meter(seconds))


def watch(stream: Any) -> None:
    """Have a connection (httpcore's NetworkStream) look at the clock at each piece: it asks nobody between two."""
    read, write = stream.read, stream.write

    def timed_read(max_bytes: int, timeout: float | None = None) -> bytes:
        got: bytes = read(max_bytes, timeout)
        _count(len(got))
        return got

    def timed_write(buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):
            piece = buffer[start : start + PIECE]
            write(piece, timeout)
            _count(len(piece))

    stream.read, stream.write = timed_read, timed_write


def _count(moved: int) -> None:
    if meter := _UNDER_WAY.get():
        meter.count(moved)
