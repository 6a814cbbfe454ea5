"""Delivers hooks: a queue ordered by due time, lanes that hold so many deliveries at once, retries where a vendor has
them.

Knows no vendor's body, headers or signature; how a vendor delivers comes along as `Terms`.
"""

from __future__ import annotations

import heapq
import http.client
import itertools
import threading
import urllib.parse
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from crosswalk_sandbox.kernel.clock import Clock

KEPT = 500


def _every_answer(_status: int | None) -> bool:
    return True


def _as_posted(_retry: int) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Terms:
    """How a vendor delivers.

    The first try is due `delay` seconds from now. A failed one is repeated after each of `retry_minutes`, if `retried`
    says so of its status code (None: no answer came). `dress` gives the headers of a try besides those posted; 0 is
    the first. At most `width` deliveries of a `lane` are under way at once: 1 keeps them in order. `owner` is whose
    delivery it is. `bare` makes the headers and the body of a delivery that tells nothing of the change, for a fault.
    """

    delay: float = 0.0
    retry_minutes: tuple[float, ...] = ()
    retried: Callable[[int | None], bool] = _every_answer
    dress: Callable[[int], Mapping[str, str]] = _as_posted
    lane: str = ""
    width: int = 1
    owner: str = ""
    bare: Callable[[], tuple[Mapping[str, str], bytes]] | None = None


AT_ONCE = Terms()


@dataclass(slots=True)
class Attempt:
    """One try to deliver: when, and the status code or the reason why there is none."""

    at: datetime
    status: int | None
    reason: str = ""


@dataclass(slots=True)
class Delivery:
    """One hook: what is sent where, when it is due, and what became of it. `headers` are those of the latest try.

    `state`: waiting, delivered (a 2xx came back), failed (no try left), lost (a fault swallowed it), withdrawn (taken
    back before the first try).
    """

    number: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    due: datetime
    label: str = ""
    state: str = "waiting"
    terms: Terms = AT_ONCE
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a fault does to a delivery: lose it, send it so many times, or send it `late` seconds later.

    `overtaken`: it waits until the next delivery to the same address has been posted, and goes out behind it.
    `hurried`: the vendor's own delay is left out. `bare`: it tells nothing of the change.
    """

    lost: bool = False
    copies: int = 1
    late: float = 0.0
    overtaken: bool = False
    hurried: bool = False
    bare: bool = False


class Fates(Protocol):
    """Decides the fate of a delivery; the fault list of a sandbox is one."""

    def fate(self, url: str, label: str) -> Fate:
        """The fate of one delivery to `url`, labelled with its event name."""


@dataclass(slots=True)
class _Shift:
    """The threads at work between two stops. `under_way` counts the deliveries of each lane, `widths` its most."""

    threads: int = 0
    idle: int = 0
    under_way: Counter[str] = field(default_factory=Counter)
    widths: dict[str, int] = field(default_factory=dict)


class Courier:
    """Posts hooks in threads of its own, so that no answer of the sandbox ever waits for a receiver.

    With `by_hand` it starts none: somebody calls `deliver`. `carry` posts one delivery and gives the answer's status.
    """

    def __init__(self, clock: Clock, fates: Fates | None = None, timeout: float = 5.0) -> None:
        self.clock = clock
        self.fates = fates
        self.timeout = timeout
        self.by_hand = False
        self.carry: Callable[[Delivery, float], int] = _send
        self.past: deque[Delivery] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._turns = itertools.count(1)
        self._queue: list[tuple[datetime, int, Delivery]] = []
        self._held: dict[str, list[Delivery]] = {}
        self._changed = threading.Condition()
        self._stopped = False
        self._shift = _Shift()
        clock.on_advance(self._notify)

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, terms: Terms = AT_ONCE, *, label: str = ""
    ) -> Delivery | None:
        """Queue one delivery on these terms. `label` is the event name shown on the deliveries page.

        Answers the delivery, or None after `stop`.
        """
        fate = self.fates.fate(url, label) if self.fates else Fate()
        if fate.bare and terms.bare:
            headers, body = terms.bare()
        due = self.clock.now() + timedelta(seconds=(0.0 if fate.hurried else terms.delay) + fate.late)
        with self._changed:
            if self._stopped:
                return None
            first = None
            for _ in range(max(1, fate.copies)):
                delivery = Delivery(next(self._numbers), url, dict(headers), body, due, label, terms=terms)
                self.past.append(delivery)
                first = first or delivery
                if fate.lost:
                    delivery.state = "lost"
                elif fate.overtaken:
                    self._held.setdefault(url, []).append(delivery)
                else:
                    self._push(delivery)
            if not fate.lost and not fate.overtaken:
                for overtaken in self._held.pop(url, []):
                    overtaken.due = max(due, overtaken.due)
                    self._push(overtaken)
            self._changed.notify_all()
        return first

    def _push(self, delivery: Delivery) -> None:
        heapq.heappush(self._queue, (delivery.due, next(self._turns), delivery))
        self._man(delivery.terms)

    def withdraw(self, delivery: Delivery) -> bool:
        """Take back a delivery that was never tried; False when it is too late."""
        with self._changed:
            kept = [entry for entry in self._queue if entry[2] is not delivery]
            if len(kept) == len(self._queue) or delivery.attempts:
                return False
            self._queue = kept
            heapq.heapify(self._queue)
            delivery.state = "withdrawn"
            self._changed.notify_all()
            return True

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until nothing that is due is undelivered. What is due later by the clock is not waited for."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._shift.under_way.total() and not self._is_due(), timeout)

    def deliver(self) -> int:
        """Try everything that is due, in this thread; how many tries that were."""
        count = 0
        while (delivery := self._due()) is not None:
            self._carry_out(self._shift, delivery)
            count += 1
        return count

    def _due(self) -> Delivery | None:
        with self._changed:
            found = self._take(self._shift)
            if found is not None:
                self._shift.under_way[found.terms.lane] += 1
            return found

    def waiting(self) -> int:
        """How many deliveries are still to be tried, now or later."""
        with self._changed:
            held = sum(len(deliveries) for deliveries in self._held.values())
            return len(self._queue) + held + self._shift.under_way.total()

    def resume(self) -> None:
        """Take deliveries again after `stop`."""
        with self._changed:
            self._stopped = False

    def stop(self) -> None:
        """Forget what is undelivered and end the threads."""
        with self._changed:
            self._stopped = True
            self._queue.clear()
            self._held.clear()
            self._shift = _Shift()
            self._changed.notify_all()

    def _man(self, terms: Terms) -> None:
        """Start a thread when all are busy and the lanes have room for one more."""
        shift = self._shift
        shift.widths[terms.lane] = max(1, terms.width)
        if not self.by_hand and shift.threads < sum(shift.widths.values()) and len(self._queue) > shift.idle:
            shift.threads += 1
            shift.idle += 1
            threading.Thread(target=self._work, args=(shift,), name="sandbox-courier", daemon=True).start()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _is_due(self) -> bool:
        return bool(self._queue) and self._queue[0][0] <= self.clock.now()

    def _take(self, shift: _Shift) -> Delivery | None:
        """The first due delivery whose lane has room."""
        blocked, found = [], None
        while found is None and self._is_due():
            entry = heapq.heappop(self._queue)
            lane = entry[2].terms.lane
            if shift.under_way[lane] < shift.widths.get(lane, 1):
                found = entry[2]
            else:
                blocked.append(entry)
        for entry in blocked:
            heapq.heappush(self._queue, entry)
        return found

    def _next(self, shift: _Shift) -> Delivery | None:
        """The next due delivery, waiting for it; None when the shift is over."""
        with self._changed:
            while self._shift is shift:
                found = self._take(shift)
                if found is not None:
                    shift.idle -= 1
                    shift.under_way[found.terms.lane] += 1
                    return found
                wait = None
                if self._queue and not self._is_due() and not self.clock.virtual:
                    wait = max(0.0, (self._queue[0][0] - self.clock.now()).total_seconds())
                self._changed.wait(wait)
        return None

    def _work(self, shift: _Shift) -> None:
        while (delivery := self._next(shift)) is not None:
            self._carry_out(shift, delivery)
            with self._changed:
                shift.idle += 1

    def _carry_out(self, shift: _Shift, delivery: Delivery) -> None:
        attempt = self._try(delivery)
        with self._changed:
            delivery.attempts.append(attempt)
            shift.under_way[delivery.terms.lane] -= 1
            self._conclude(delivery, attempt, over=self._shift is not shift)
            self._changed.notify_all()

    def _conclude(self, delivery: Delivery, attempt: Attempt, *, over: bool) -> None:
        terms, tries = delivery.terms, len(delivery.attempts)
        if attempt.status is not None and 200 <= attempt.status < 300:
            delivery.state = "delivered"
        elif over or tries > len(terms.retry_minutes) or not terms.retried(attempt.status):
            delivery.state = "failed"
        else:
            delivery.due = self.clock.now() + timedelta(minutes=terms.retry_minutes[tries - 1])
            heapq.heappush(self._queue, (delivery.due, next(self._turns), delivery))

    def _try(self, delivery: Delivery) -> Attempt:
        at = self.clock.now()
        delivery.headers = dict(delivery.headers) | dict(delivery.terms.dress(len(delivery.attempts)))
        try:
            return Attempt(at, self.carry(delivery, self.timeout))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Attempt(at, None, f"{type(error).__name__}: {error}")


def is_address(url: object) -> bool:
    """Whether something could be posted there: an http address with a host, and a port where it names one."""
    if not isinstance(url, str):
        return False
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


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
