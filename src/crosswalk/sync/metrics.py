"""What an installation counts, for whoever watches it. Read from the database: every process tells the same.

Counts nothing itself and keeps nothing. What is asked grows with the pairs; 100,000 of them take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Floor

from crosswalk import __version__
from crosswalk.engine.port import Engine
from crosswalk.store.models import Connection, HookDelivery, Integration, Pair, RequestEntry
from crosswalk.store.pairs import EXCEPTED
from crosswalk.sync import pulse

WINDOW: Final = 300
"""Seconds over which requests are counted: lines of the request log are removed, so a sum of all would shrink."""

Sample: TypeAlias = tuple[Mapping[str, str], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A name, what it says, and its values by label; `kind` is "gauge" or "counter"."""

    name: str
    says: str
    samples: tuple[Sample, ...]
    kind: str = "gauge"


def metrics(engine: Engine, now: datetime) -> list[Metric]:
    """Everything, as of `now`."""
    return [
        _one("crosswalk_info", "The version.", 1, version=__version__),
        *_integrations(),
        *_due(now),
        *_hooks(now),
        *_requests(now),
        *_jobs(engine),
    ]


def _one(name: str, says: str, value: float, *, kind: str = "gauge", **labels: str) -> Metric:
    return Metric(name, says, ((labels, value),), kind)


def _integrations() -> Iterable[Metric]:
    names = dict(Integration.objects.values_list("pk", "name"))
    rows = list(Pair.objects.values_list("integration_id", "state").annotate(Count("id"), Sum("fence")).order_by())
    runs = dict.fromkeys(names, 0)
    for number, _, _, fences in rows:
        runs[number] = runs.get(number, 0) + int(fences or 0)
    yield Metric(
        "crosswalk_pairs",
        "Pairs by state.",
        tuple(({"integration": names.get(number, ""), "state": state}, count) for number, state, count, _ in rows),
    )
    apart = Pair.objects.filter(EXCEPTED).values_list("integration_id").annotate(Count("id")).order_by()
    excepted = {**dict.fromkeys(names, 0), **dict(apart)}
    yield Metric(
        "crosswalk_pairs_excepted",
        "Those of the agreed pairs that are in step except for a field.",
        tuple(({"integration": names.get(number, "")}, count) for number, count in excepted.items()),
    )
    yield Metric(
        "crosswalk_runs_total",
        "Runs of pairs that are there.",
        tuple(({"integration": names.get(number, "")}, count) for number, count in runs.items()),
        "counter",
    )
    states = Integration.objects.values_list("name", "enabled", "trouble").order_by("pk")
    yield Metric(
        "crosswalk_integration_enabled",
        "Whether an integration is switched on.",
        tuple(({"integration": name}, int(enabled)) for name, enabled, _ in states),
    )
    yield Metric(
        "crosswalk_integration_trouble",
        "Whether something keeps an integration from working.",
        tuple(({"integration": name}, int(bool(trouble))) for name, _, trouble in states),
    )


def _due(now: datetime) -> Iterable[Metric]:
    due = Pair.objects.exclude(dirty=F("done")).filter(integration__enabled=True, held="", due_at__lte=now)
    found = due.aggregate(count=Count("id"), oldest=Min("due_at"))
    yield _one("crosswalk_pairs_due", "Pairs that want a run now.", found["count"])
    yield _one("crosswalk_pairs_due_seconds", "How long the longest of them waits.", _age(found["oldest"], now))


def _hooks(now: datetime) -> Iterable[Metric]:
    found = HookDelivery.objects.filter(seen_at=None).aggregate(count=Count("id"), oldest=Min("received_at"))
    last = HookDelivery.objects.aggregate(last=Max("id"))["last"] or 0
    yield _one("crosswalk_hooks_total", "The number of the last hook.", last, kind="counter")
    yield _one("crosswalk_hooks_waiting", "Hooks that nobody looked at.", found["count"])
    yield _one("crosswalk_hooks_waiting_seconds", "How long the longest of them waits.", _age(found["oldest"], now))


def _requests(now: datetime) -> Iterable[Metric]:
    connections = {one.pk: one for one in Connection.objects.all()}
    rows = list(
        RequestEntry.objects.filter(at__gt=now.timestamp() - WINDOW, connection__isnull=False)
        .annotate(hundred=Floor(F("status") / 100.0))
        .values_list("connection_id", "hundred")
        .annotate(count=Count("id"), took=Sum("seconds"), failed=Count("id", filter=~Q(error="")))
        .order_by()
    )
    labels = [{"connection": connections[row[0]].name, "status": _status(row[1])} for row in rows]
    for name, says, column in (
        ("crosswalk_requests", f"Requests of the last {WINDOW} seconds, by status.", 2),
        ("crosswalk_requests_seconds", f"What the requests of the last {WINDOW} seconds took together.", 3),
        ("crosswalk_requests_failed", f"Requests of the last {WINDOW} seconds that failed.", 4),
    ):
        yield Metric(name, says, tuple((label, row[column] or 0) for label, row in zip(labels, rows, strict=True)))
    budgets = [(one.name, pulse.left(one, now)) for one in connections.values()]
    yield Metric(
        "crosswalk_budget_left",
        "Requests that an account may still send in its longest window.",
        tuple(({"connection": name, "seconds": str(left.seconds)}, left.left) for name, left in budgets),
    )
    yield Metric(
        "crosswalk_connection_paused",
        "Whether nothing is sent over a connection.",
        tuple(({"connection": one.name}, int(bool(one.paused))) for one in connections.values()),
    )


def _jobs(engine: Engine) -> Iterable[Metric]:
    stats = engine.stats()
    counts = {"ready": stats.ready, "delayed": stats.delayed, "running": stats.running}
    yield Metric("crosswalk_jobs", "Jobs by state.", tuple(({"state": name}, count) for name, count in counts.items()))
    yield _one("crosswalk_jobs_late_seconds", "How long the longest ready job waits.", stats.lag)
    yield _one("crosswalk_workers", "Processes that do the work.", engine.workers())


def _status(hundred: float | None) -> str:
    """2xx and so on; "none" where no answer came, "open" while one is awaited."""
    if hundred is None:
        return "open"
    return f"{int(hundred)}xx" if hundred else "none"


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
