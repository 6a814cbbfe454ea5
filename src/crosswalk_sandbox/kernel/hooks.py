"""Delivers hooks: one thread, a queue ordered by due time, retries where a vendor has them.

Knows no vendor's body, headers or signature.
"""

from __future__ import annotations

import heapq
import http.client
import itertools
import threading
import urllib.parse
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from crosswalk_sandbox.kernel.clock import Clock

KEPT = 500


@dataclass(slots=True)
class Attempt:
    """One try to deliver: when, and the status code or the reason why there is none."""

    at: datetime
    status: int | None
    reason: str = ""


@dataclass(slots=True)
class Delivery:
    """One hook: what is sent where, when it is due, and what became of it.

    `state`: waiting, delivered (a 2xx came back), failed (no try left), lost (a fault swallowed it).
    """

    number: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    due: datetime
    label: str = ""
    state: str = "waiting"
    waits: tuple[float, ...] = ()
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a fault does to a delivery: lose it, send it so many times, or send it `late` seconds later."""

    lost: bool = False
    copies: int = 1
    late: float = 0.0


class Fates(Protocol):
    """Decides the fate of a delivery; the fault list of a sandbox is one."""

    def fate(self, url: str, label: str) -> Fate:
        """The fate of one delivery to `url`, labelled with its event name."""


class Courier:
    """Posts hooks in a thread of its own, so that no answer of the sandbox ever waits for a receiver."""

    def __init__(self, clock: Clock, fates: Fates | None = None, timeout: float = 5.0) -> None:
        self.clock = clock
        self.fates = fates
        self.timeout = timeout
        self.past: deque[Delivery] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._queue: list[tuple[datetime, int, Delivery]] = []
        self._changed = threading.Condition()
        self._busy = False
        self._stopped = False
        self._thread: threading.Thread | None = None
        clock.on_advance(self._notify)

    def post(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        retry_minutes: Sequence[float] = (),
        delay: float = 0.0,
        label: str = "",
    ) -> Delivery | None:
        """Queue one delivery, due `delay` seconds from now; a failed try is repeated after each of `retry_minutes`.

        `label` is the event name shown on the deliveries page. Answers the delivery, or None after `stop`.
        """
        fate = self.fates.fate(url, label) if self.fates else Fate()
        waits = tuple(minutes * 60 for minutes in retry_minutes)
        due = self.clock.now() + timedelta(seconds=delay + fate.late)
        with self._changed:
            if self._stopped:
                return None
            first = None
            for _ in range(max(1, fate.copies)):
                delivery = Delivery(next(self._numbers), url, dict(headers), body, due, label, waits=waits)
                self.past.append(delivery)
                first = first or delivery
                if fate.lost:
                    delivery.state = "lost"
                else:
                    heapq.heappush(self._queue, (due, delivery.number, delivery))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="sandbox-courier", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return first

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until nothing that is due is undelivered. What is due later by the clock is not waited for."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._is_due(), timeout)

    def waiting(self) -> int:
        """How many deliveries are still to be tried, now or later."""
        with self._changed:
            return len(self._queue) + self._busy

    def resume(self) -> None:
        """Take deliveries again after `stop`."""
        with self._changed:
            self._stopped = False

    def stop(self) -> None:
        """Forget what is undelivered and end the thread."""
        with self._changed:
            self._stopped = True
            self._queue.clear()
            self._thread = None
            self._changed.notify_all()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _is_due(self) -> bool:
        return bool(self._queue) and self._queue[0][0] <= self.clock.now()

    def _next(self) -> Delivery | None:
        """The next due delivery, waiting for it; None when stopped."""
        with self._changed:
            while self._thread is threading.current_thread():
                if self._is_due():
                    self._busy = True
                    return heapq.heappop(self._queue)[2]
                wait = None
                if self._queue and not self.clock.virtual:
                    wait = max(0.0, (self._queue[0][0] - self.clock.now()).total_seconds())
                self._changed.wait(wait)
        return None

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            attempt = self._try(delivery)
            delivery.attempts.append(attempt)
            with self._changed:
                self._busy = False
                self._conclude(delivery, attempt)
                self._changed.notify_all()

    def _conclude(self, delivery: Delivery, attempt: Attempt) -> None:
        if attempt.status is not None and 200 <= attempt.status < 300:
            delivery.state = "delivered"
        elif self._stopped or not delivery.waits:
            delivery.state = "failed"
        else:
            wait, *rest = delivery.waits
            delivery.waits = tuple(rest)
            delivery.due = self.clock.now() + timedelta(seconds=wait)
            heapq.heappush(self._queue, (delivery.due, delivery.number, delivery))

    def _try(self, delivery: Delivery) -> Attempt:
        at = self.clock.now()
        try:
            return Attempt(at, _send(delivery, self.timeout))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Attempt(at, None, f"{type(error).__name__}: {error}")


def _send(delivery: Delivery, timeout: float) -> int:
    parts = urllib.parse.urlsplit(delivery.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{delivery.url!r} is no http address")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, delivery.body, dict(delivery.headers))
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
