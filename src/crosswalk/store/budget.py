"""Request limits that all threads and processes share, and the request log, in one table. Never sleeps.

Has the shape of remote.budget.Budget. The right to send is taken before a request, and the row that says so is filled
in after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import QuerySet

from crosswalk.errors import paused
from crosswalk.remote.budget import Limit, allowed
from crosswalk.remote.redacted import STRUCK
from crosswalk.remote.request import changes
from crosswalk.store import asked, exchanges
from crosswalk.store.models import RequestEntry
from crosswalk.store.retention import remove
from crosswalk.store.text import fit

MARGIN = 0.25
"""Seconds a window is taken to be longer than published: clocks differ a little."""
ON_ITS_WAY = 30.0
"""Seconds for which a request without an answer may still arrive; a process that was killed leaves such ones behind."""
CROWDED = 0.05
"""Seconds to wait where as many as are allowed are on their way."""

CUT = 8_000
"""Characters of a request, and of an answer, that are kept."""
MOST_TEXTS, MOST_LASTING = 10_000, 50_000
"""Reads whose texts are kept, and requests that are kept because they changed something or failed."""
SHORTEST_SECRET = 6


_NTH = (
    "SELECT at FROM store_requestentry WHERE account = %s AND at > %s AND at < %s AND status IS NOT NULL "
    "ORDER BY at DESC LIMIT 1 OFFSET %s"
)
_COUNTED = (
    "(SELECT COUNT(*) FROM store_requestentry WHERE account = %s AND at > %s AND at <= %s AND status IS NULL), "
    "(SELECT COUNT(*) FROM store_requestentry WHERE account = %s AND at > %s AND at < %s AND status IS NOT NULL)"
)
_ON_THEIR_WAY = (
    "SELECT COUNT(*) FROM store_requestentry "
    "WHERE account = %s AND connection_id = %s AND at > %s AND at <= %s AND status IS NULL"
)


class _Sent(Protocol):
    """What was sent: a method and a path."""

    @property
    def call(self) -> str:
        """Method and path."""


class Exchange(Protocol):
    """A request as it went: see remote.client.Exchange."""

    @property
    def request(self) -> _Sent:
        """What was sent."""

    @property
    def status(self) -> int:
        """The HTTP status; 0 where no answer came."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def error(self) -> str:
        """What went wrong; empty where nothing did."""

    @property
    def sent(self) -> str:
        """The request as text, without secrets."""

    @property
    def got(self) -> str:
        """The answer as text, without secrets."""


class SharedBudget:
    """The budget of one account (`account` names what shares the limit, such as "aha example.aha.io").

    With no limits every request may go at once and is only logged. A server counts a request when it arrives, which is
    some time between the moment the right was taken and the answer (a busy machine may hold it up for seconds): until
    the answer it counts as arriving now, and from then on as having arrived with it. One that is never answered,
    because its process was killed, counts as having arrived as late as it can. `elapsed` measures in seconds how
    long a right was waited for, and how long a request took. `hidden` are the account's own secrets, which no
    text in the log may hold.
    """

    on_its_way = ON_ITS_WAY

    def __init__(
        self,
        account: str,
        limits: tuple[Limit, ...],
        *,
        connection_id: int | None = None,
        margin: float = MARGIN,
        elapsed: Callable[[], float] = time.monotonic,
        hidden: tuple[str, ...] = (),
    ) -> None:
        self._account = account[:300]
        self._limits = limits
        self._connection_id = connection_id
        self._margin = margin
        self._elapsed = elapsed
        self._hidden = tuple(secret for secret in hidden if len(secret) >= SHORTEST_SECRET)
        self._last = threading.local()
        self._abreast = 0
        self._paused: Callable[[], str] = str

    def narrow(self, most: int, paused: Callable[[], str]) -> None:
        """Have at most so many requests of this connection on their way at once, however many processes there are, and
        none where `paused` says why; it is asked when what was on its way is known to be over. One whose process was
        killed counts for `on_its_way` seconds."""
        self._abreast, self._paused = most, paused

    def take(self, now: float) -> float:
        """How many seconds the request at `now` (seconds since 1970) must wait and ask again; 0: it may go.

        Raises Overtaken for a request of a run that was overtaken: one write may take several requests, and each may
        have waited for its turn. Raises NotSignedIn where the connection is paused; see narrow().
        """
        began = self._elapsed()
        with transaction.atomic():
            asked.alone(self._account)  # on SQLite the transaction began IMMEDIATE and is alone already
            exchanges.refuse_overtaken()
            taken = self._elapsed()
            moment = now + taken - began
            if (wait := self._wait(moment)) > 0 or (wait := self._crowded(moment)):
                return wait
            if why := self._paused():
                raise paused(why, "")
            self._last.row, self._last.taken = asked.asking(moment, self._account, self._connection_id), taken
        return 0.0

    def record(self, exchange: Exchange) -> None:
        """Fill in how the request went that this thread took the last right for."""
        row = getattr(self._last, "row", None)
        if row is not None:
            pair, run = exchanges.current()
            asked.answered(
                row,
                self._elapsed() - self._last.taken,
                (
                    self._struck(exchange.request.call, 300),
                    exchange.status,
                    exchange.seconds,
                    self._struck(exchange.error, 500),
                    pair,
                    run,
                    self._struck(exchange.sent, CUT),
                    self._struck(exchange.got, CUT),
                    bool(exchange.error) or changes(exchange.request.call),
                ),
            )
            self._last.row = None

    def _struck(self, text: str, length: int) -> str:
        for secret in self._hidden:
            text = text.replace(secret, STRUCK)
        return fit(text, length)

    def _wait(self, moment: float) -> float:
        """How long until, of each limit, the last request but as many as are allowed has left the window.

        Those without an answer may have arrived as late as `on_its_way` after their right was taken, and stay in the
        window from then on. Rows that lie further ahead than the window is long were written before the clock was set
        back; they are void.
        """
        windows = [(limit, limit.seconds + self._margin) for limit in self._limits]
        counted = _counted(
            self._account,
            [(moment - self.on_its_way - window, moment, moment - window, moment + window) for _, window in windows],
        )
        return max(
            (self._left(*one, *counts, moment) for one, counts in zip(windows, counted, strict=True)), default=0.0
        )

    def _crowded(self, moment: float) -> float:
        """How long until fewer requests of this connection are on their way than may be."""
        if not self._abreast:
            return 0.0
        ((count,),) = _rows(_ON_THEIR_WAY, self._account, self._connection_id, moment - self.on_its_way, moment)
        return CROWDED if count >= self._abreast else 0.0

    def _left(self, limit: Limit, window: float, late: int, answered: int, moment: float) -> float:
        """The same of one limit, of which `late` and `answered` requests are in the window."""
        room = allowed(limit) - late
        if room <= 0:
            return CROWDED
        if answered < room:
            return 0.0
        nth = _nth_request(self._account, moment - window, moment + window, room - 1)
        return 0.0 if nth is None else nth + window - moment


def _counted(account: str, windows: Sequence[tuple[float, float, float, float]]) -> list[tuple[int, int]]:
    """How many requests of an account are in each window: those whose rights were taken between the first two moments
    and that have no answer yet, and those that were answered between the last two. One question for all."""
    if not windows:
        return []
    values = [value for one in windows for value in (account, *one[:2], account, *one[2:])]
    (found,) = _rows(" ".join(("SELECT", ", ".join([_COUNTED] * len(windows)))), *values)
    return list(zip(found[::2], found[1::2], strict=True))


def _nth_request(account: str, after: float, before: float, nth: int) -> float | None:
    """When the `nth`-last request (from 0) of an account was answered, of those between two moments."""
    found = _rows(_NTH, account, after, before, nth)
    return found[0][0] if found else None


def _rows(statement: str, *values: str | float | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def recent(connection_id: int, limit: int = 100) -> list[RequestEntry]:
    """The last `limit` requests of a connection, newest first."""
    return list(RequestEntry.objects.filter(connection_id=connection_id).order_by("-id")[:limit])


def prune(before: float, lasting: float, *, most: tuple[int, int] = (MOST_TEXTS, MOST_LASTING)) -> int:
    """Remove reads from before `before` (seconds since 1970) and the rest from before `lasting`; returns how many.

    `before` keeps the longest limit's window. Of the reads the newest `most[0]` keep their texts; of the rest the
    newest `most[1]` are kept where they are older than `before`.
    """
    reads, rest = RequestEntry.objects.filter(lasting=False), RequestEntry.objects.filter(lasting=True)
    count = remove(reads.filter(at__lt=before)) + remove(rest.filter(at__lt=lasting))
    if (oldest := _nth(reads, most[0])) is not None:
        reads.filter(at__lte=oldest).exclude(sent="").update(sent="", got="")
    if (oldest := _nth(rest, most[1])) is not None:
        count += remove(rest.filter(at__lte=min(oldest, before)))
        rest.filter(at__lte=oldest).exclude(sent="").update(sent="", got="")
    return count


def _nth(rows: QuerySet[RequestEntry], count: int) -> float | None:
    """When the newest row was that is one too many."""
    return rows.order_by("-at").values_list("at", flat=True)[count : count + 1].first()
