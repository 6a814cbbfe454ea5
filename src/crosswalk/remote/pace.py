"""How long a request and its answer may take, and how much may come: a server that drips, or that never ends, must not
hold a worker for ever.

The time limits of the HTTP client count from byte to byte. Each connection that is opened (`Paced`) looks at the clock
at each piece: both have `seconds`, and one more for each RATE bytes that went or came, so that a
large file over a slow line is carried to its end. What comes is counted as it comes, because much may hold nothing:
heads of answers that are still to follow, blocks that unpack to no byte, chunks with long names.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore2
import httpx2

SECONDS: Final = 120.0
"""For the slowest answers there are: a hundred new issues, a page of a hundred with all they hold."""
RATE: Final = 16 * 1024
"""Bytes a second at the least, beyond those seconds."""
PIECE: Final = 16 * 1024
"""Bytes that are sent between two looks at the clock."""
HEAD: Final = 512 * 1024
"""Bytes that may come before an answer's content."""
AROUND: Final = 2
"""So many times what the content may have unpacked may come for it, sliced and packed."""


class TooSlowError(httpx2.ReadTimeout):
    """The request and its answer took longer than they may."""


class TooMuchError(httpx2.ReadError):
    """More came than the answer may have."""


@dataclass(slots=True)
class Meter:
    """What a request has taken so far: since when, and how many bytes went and came; `left` may still come."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    moved: int = 0
    left: int = HEAD
    since: float = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.clock()

    def count(self, moved: int) -> None:
        """So many bytes more. Raises TooSlowError where they come too late."""
        self.moved += moved
        if self.clock() - self.since > self.seconds + self.moved / RATE:
            raise TooSlowError(f"not whole after {self.clock() - self.since:.0f} seconds, {self.moved:,} bytes")

    def take_in(self, came: int) -> None:
        """So many bytes more that came. Raises TooMuchError where they are more than may."""
        self.left -= came
        if self.left < 0:
            raise TooMuchError("more came than such an answer has")
        self.count(came)


_UNDER_WAY: ContextVar[Meter | None] = ContextVar("request under way", default=None)


def begin(seconds: float) -> None:
    """The request that this thread begins has `seconds`."""
    _UNDER_WAY.set(Meter(seconds))


def expect(most: int) -> None:
    """The answer that this thread reads has a content of `most` bytes, unpacked, or fewer."""
    if meter := _UNDER_WAY.get():
        meter.left += AROUND * most


class Paced(httpcore2.NetworkStream):
    """A connection that looks at the clock at each piece: the pool over it asks nobody between two.

    `heard` is told of the stream inside where it is an encrypted one.
    """

    def __init__(self, stream: httpcore2.NetworkStream, heard: Callable[[httpcore2.NetworkStream], object]) -> None:
        self._stream, self._heard = stream, heard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self._stream.read(max_bytes, timeout)
        if meter := _UNDER_WAY.get():
            meter.take_in(len(got))
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):
            piece = buffer[start : start + PIECE]
            self._stream.write(piece, timeout)
            if meter := _UNDER_WAY.get():
                meter.count(len(piece))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        encrypted = self._stream.start_tls(ssl_context, server_hostname, timeout)
        self._heard(encrypted)
        return Paced(encrypted, self._heard)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
