"""The last day of integrations: what was carried and how fast, what requests are left, whose hooks live."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from crosswalk.store.models import Connection, Integration, JournalEntry, RequestEntry
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.connect import limits_of, shared_account
from crosswalk.sync.hooking import Hooking, Hookings
from crosswalk.sync.hooks import HOOK, WOKE
from crosswalk.sync.make import LANDED, MADE

HOURS = 24
FRESH = 60  # seconds for which the day of an integration is not counted again
MOST = 5000  # lines of the journal that delays are taken from


@dataclass(frozen=True, slots=True)
class Left:
    """The requests that one account may still send: `left` of `most` in so many `seconds`."""

    name: str
    left: int
    most: int
    seconds: int

    @property
    def window(self) -> str:
        """The time that the limit is about, in words."""
        return "this minute" if self.seconds > 1 else "this second"


@dataclass(frozen=True, slots=True)
class Pulse:
    """One integration: fields written by hour, the oldest hour first; seconds from a hook to its write, by hour
    (None where there was none); how many records were made in these hours; what its accounts may still send; its hooks.
    """

    carried: tuple[int, ...]
    delays: tuple[float | None, ...]
    budgets: tuple[Left, ...]
    hooks: tuple[Hooking, Hooking]
    made: int = 0


class Pulses:
    """The last day of integrations, at one moment; what they share is asked once."""

    def __init__(self, now: datetime) -> None:
        self._now, self._hooks = now, Hookings()
        self._left: dict[int, Left] = {}

    def of(self, integration: Integration) -> Pulse:
        """The last day of an integration; what a minute does not change is counted once a minute."""
        now = self._now
        start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
        lines = JournalEntry.objects.filter(integration=integration, at__gte=start)
        key = f"day-{integration.pk}-{integration.created_at.timestamp()}-{int(now.timestamp() // FRESH)}"
        counted: tuple[Day, int] | None = cache.get(key)
        if counted is None:
            newest = lines.order_by("-id").values_list("id", flat=True).first() or 0
            counted = _day(lines.filter(id__lte=newest), start), newest
            cache.set(key, counted, FRESH)
        day, upto = counted
        # Few: what a person just saw carried is counted at once.
        since = lines.filter(id__gt=upto).aggregate(written=Count("id", filter=_WRITE), made=Count("id", filter=_MADE))
        hours, slow, made = day
        carried = (*hours[:-1], hours[-1] + since["written"])
        budgets = tuple(self._budget(one) for one in (integration.aha, integration.jira))
        return Pulse(carried, slow, budgets, self._hooks.of(integration), made + since["made"])

    def _budget(self, connection: Connection) -> Left:
        if connection.pk not in self._left:
            self._left[connection.pk] = left(connection, self._now)
        return self._left[connection.pk]


Day: TypeAlias = tuple[tuple[int, ...], tuple[float | None, ...], int]


def _day(lines: QuerySet[JournalEntry], start: datetime) -> Day:
    """What was written by hour, how fast, and how many records were made. Compared, not truncated: SQLite would call
    Python for every line."""
    hours = [start + timedelta(hours=number) for number in range(HOURS)]
    between = [Q(at__gte=hour, at__lt=hour + timedelta(hours=1)) for hour in hours]
    counts = {f"h{number}": Count("id", filter=one & _A_FIELD) for number, one in enumerate(between)}
    found = lines.filter(_OURS).aggregate(**counts, made=Count("id", filter=_MADE))
    told = lines.filter(_WRITE | Q(why=HOOK)).order_by("-id").values_list("pair_id", "at", "why", "cause")[:MOST]
    return tuple(found[name] for name in counts), delays(list(reversed(told)), start), found["made"]


_OURS, _A_FIELD = Q(run__isnull=False, level="info", side__gt=""), Q(field__gt="", code="", kept="")
_WRITE = _OURS & _A_FIELD
_ENDS = (LANDED, *(f"{MADE}{name}." for name in NAMES.values()))
_MADE = _OURS & Q(field="") & reduce(or_, (Q(what__endswith=end) for end in _ENDS))


def delays(told: Iterable[tuple[int | None, datetime, str, str]], start: datetime) -> tuple[float | None, ...]:
    """The mean seconds, by hour, from a hook about a pair to the first write of the run that it woke.

    `told` is in order of time. A hook is told of a pair at rest: what the last one of a pair did not lead to before the
    next came, such as an echo of a write, led to nothing; and a run that a poll or a person woke has no hook's news.
    """
    hooks: dict[int | None, datetime] = {}
    found: list[list[float]] = [[] for _ in range(HOURS)]
    for pair_id, at, why, cause in told:
        if why == HOOK:
            hooks[pair_id] = at
        elif (since := hooks.pop(pair_id, None)) is not None and cause.startswith(WOKE):
            hour = int((at - start).total_seconds() // 3600)
            if 0 <= hour < HOURS:
                found[hour].append((at - since).total_seconds())
    return tuple(sum(some) / len(some) if some else None for some in found)


def left(connection: Connection, now: datetime) -> Left:
    """What the account of a connection may still send in the longest window of its limits."""
    limit = max(limits_of(connection), key=lambda one: one.seconds)
    account, moment = shared_account(connection), now.timestamp()
    sent = RequestEntry.objects.filter(account=account, at__gt=moment - limit.seconds, at__lte=moment).count()
    return Left(connection.get_kind_display(), max(0, limit.count - sent), limit.count, int(limit.seconds))


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that there are."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
