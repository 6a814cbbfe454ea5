"""The engine for many processes: procrastinate's queue on PostgreSQL. Any number of workers, on any machines.

Knows jobs and procrastinate; not what a handler does. A job's key is both its `lock` (one run per key) and its
`queueing_lock` (one waits per key), its kind is the queue. Retries are ours and never procrastinate's: its own retry of
a job whose twin waits fails inside the worker and would leave the key running for ever
(https://github.com/procrastinate-org/procrastinate/issues/1446). For the same reason the janitor takes a dead worker's
job whose twin waits for done.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import procrastinate
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections, transaction
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from procrastinate import exceptions as refusals
from procrastinate import jobs
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.worker import Worker

from crosswalk.engine.attempt import attempt, comes_again, give_up
from crosswalk.engine.port import BULK, COALESCED, FARTHEST, QUEUED, Enqueued, Handler, JobView, State, Stats, next_try
from crosswalk.engine.process import Periodic, Process, utc_now
from crosswalk.engine.sweep import PAIR, SWEEP_SECONDS, sweep
from crosswalk.errors import Refused

_log = logging.getLogger(__name__)

TASK: Final = "crosswalk"
"""The one task: what a job does is its kind's handler's business."""
LOOK_SECONDS: Final = 0.5
"""How long a worker waits at most for a job whose moment comes, or whose key is free again: neither is notified."""
HEARTBEAT: Final = 2.0
DEAD: Final = 8.0
"""Seconds without a heartbeat after which a worker counts as dead. A job of a worker that only slept is overtaken: its
fence refuses its writes."""
JANITOR: Final = 2.0
LATELY: Final = timedelta(seconds=30)
"""How old a worker's last heartbeat may be: a worker that is replaced is missing for a moment."""
_WAITING = Q(status="todo")

_SOONER: Final = """
UPDATE procrastinate_jobs
SET scheduled_at = LEAST(COALESCE(scheduled_at, now()), now() + %s * interval '1 second'),
    priority = GREATEST(priority, %s)
WHERE queueing_lock = %s AND status = 'todo' RETURNING id
"""
_LATER: Final = """
UPDATE procrastinate_jobs
SET scheduled_at = GREATEST(COALESCE(scheduled_at, now()), now() + %s * interval '1 second'),
    args = args || jsonb_build_object('tries', %s::int)
WHERE queueing_lock = %s AND status = 'todo' RETURNING id
"""
_NOW: Final = """
UPDATE procrastinate_jobs SET scheduled_at = now(), args = args || '{"tries": 0}'::jsonb
WHERE id = %s AND status = 'todo' RETURNING id
"""
_BRING_BACK: Final = """
UPDATE procrastinate_jobs SET scheduled_at = now()
WHERE status = 'todo' AND scheduled_at > now() + %s * interval '1 second' AND lock <> ALL(%s) RETURNING id
"""
_CANCEL: Final = "DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'todo' RETURNING id"
_NOTIFY: Final = 'SELECT pg_notify(\'procrastinate_queue_v1#\' || %s, \'{"type": "job_inserted", "job_id": 0}\')'


class ProcrastinateEngine(Process):
    """The engine of many processes: see engine/process.py."""

    def __init__(
        self,
        *,
        threads: int = 8,
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(threads, clock, chance)
        # On Django's own connection: a job is part of the transaction that asks for it.
        self._jobs = procrastinate.App(connector=DjangoConnector())
        self._thread: threading.Thread | None = None
        self._worker: Worker | None = None

    # ---- for everybody -----------------------------------------------------------------------------

    def enqueue(self, key: str, kind: str, *, priority: int = BULK, delay: float = 0.0) -> Enqueued:
        """See the port."""
        return self._waits(key, kind, priority, delay)

    def _waits(self, key: str, kind: str, priority: int, delay: float, tries: int = 0) -> Enqueued:
        """See that a job waits under `key`: a new one, or the one that waits already."""
        while True:
            if _execute(_SOONER, delay, priority, key):
                if delay <= 0:
                    _execute(_NOTIFY, kind)
                return COALESCED
            job = self._jobs.configure_task(
                TASK,
                lock=key,
                queueing_lock=key,
                queue=kind,
                priority=priority,
                schedule_in={"seconds": delay} if delay > 0 else None,
            )
            # Another process may have been quicker; in a savepoint, so that the caller's transaction lives on.
            with suppress(refusals.AlreadyEnqueued), transaction.atomic():
                job.defer(key=key, kind=kind, tries=tries)
                return QUEUED

    def list(self, state: State | None = None, *, limit: int = 200) -> Sequence[JobView]:
        """See the port."""
        wanted = [one.value for one in ([state] if state else State)]
        found = ProcrastinateJob.objects.filter(status__in=wanted, task_name=TASK)
        found = found.annotate(started_at=Max("procrastinateevent__at", filter=Q(procrastinateevent__type="started")))
        ordered = found.order_by("status", "-priority", "scheduled_at", "id")
        return [_view(row) for row in ordered.values()[:limit]]

    def retry(self, job_id: int) -> bool:
        """See the port."""
        with transaction.atomic():
            found = _execute(_NOW, job_id)
            for kind in ProcrastinateJob.objects.filter(pk=job_id).values_list("queue_name", flat=True):
                _execute(_NOTIFY, kind)
        return found

    def cancel(self, job_id: int) -> bool:
        """See the port."""
        return _execute(_CANCEL, job_id)

    def stats(self) -> Stats:
        """See the port."""
        now = self._clock()
        delayed = _WAITING & Q(scheduled_at__gt=now)
        ready = _WAITING & ~Q(scheduled_at__gt=now)
        found = ProcrastinateJob.objects.filter(task_name=TASK).aggregate(
            ready=Count("id", filter=ready, distinct=True),
            delayed=Count("id", filter=delayed, distinct=True),
            running=Count("id", filter=Q(status="doing"), distinct=True),
            oldest=Min("scheduled_at", filter=ready),
            deferred=Min("procrastinateevent__at", filter=ready & Q(scheduled_at=None)),
        )
        oldest = min((moment for moment in (found["oldest"], found["deferred"]) if moment), default=now)
        lag = max(0.0, (now - oldest).total_seconds())
        return Stats(found["ready"], found["delayed"], found["running"], lag)

    def workers(self) -> int:
        """See the port. By the database's clock, which writes the heartbeats."""
        return ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - LATELY).count()

    # ---- a process that runs jobs ------------------------------------------------------------------

    def start(self, handlers: Mapping[str, Handler]) -> None:
        """See the port. Raises Refused where the database is not PostgreSQL."""
        if connection.vendor != "postgresql":
            raise Refused(
                "This engine works on PostgreSQL alone.",
                remedy="Set CROSSWALK_DATABASE_URL, or run the embedded engine on SQLite.",
            )
        self._handlers = dict(handlers)
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name="crosswalk-engine", daemon=True)
        self._thread.start()

    def stop(self, deadline: float = 10.0) -> bool:
        """See the port."""
        self._stopping.set()
        if self._thread is None:
            return True
        until = time.monotonic() + deadline
        while self._thread.is_alive() and time.monotonic() < until:
            if self._worker is not None:
                self._worker.stop()
            self._thread.join(min(0.05, max(0.0, until - time.monotonic())))
        return not self._thread.is_alive()

    # ---- the engine's own thread: an event loop, with a pool of threads for jobs ----------------------

    def _work(self) -> None:
        """Run a worker; a lost database ends it, and it begins anew until `stop`."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._session())
            except (refusals.ConnectorException, DatabaseError, OSError):
                _log.exception("The database does not answer; the engine tries again.")
                self._stopping.wait(LOOK_SECONDS)

    async def _session(self) -> None:
        pool = ThreadPoolExecutor(self._size + 2, thread_name_prefix="crosswalk-worker")
        loop = asyncio.get_running_loop()
        loop.set_default_executor(pool)
        connector = procrastinate.PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
        app = procrastinate.App(connector=connector)
        app.task(name=TASK)(self._execute)
        async with app.open_async():
            self._worker = Worker(
                app,
                queues=sorted(self._handlers),
                name=None,
                concurrency=self._size,
                fetch_job_polling_interval=LOOK_SECONDS,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD,
            )
            beside = [
                asyncio.create_task(self._again(JANITOR, partial(_bury, app))),
                *(asyncio.create_task(self._again(one.seconds / 4, self._beat(one))) for one in self._periodic),
            ]
            if PAIR in self._handlers:
                beside.append(asyncio.create_task(self._again(SWEEP_SECONDS, _threaded(self._sweep))))
            try:
                # A stop that came before there was a worker to tell.
                await (self._worker.run() if not self._stopping.is_set() else asyncio.sleep(0))
            finally:
                self._worker = None
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                await _let_go(pool, self._size + 2)

    async def _again(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do `work` now and every `seconds`; a database that does not answer is asked again."""
        while True:
            try:
                await work()
            except (refusals.ConnectorException, DatabaseError, InterfaceError):
                _log.exception("The database does not answer; the engine looks again.")
            await asyncio.sleep(seconds)

    def _beat(self, one: Periodic) -> Callable[[], Coroutine[Any, Any, None]]:
        """Enqueue `one` now, and then see that the next one waits: what many processes ask for is one job."""
        delays = iter((0.0,))

        def enqueue() -> None:
            self.enqueue(one.key, one.kind, priority=one.priority, delay=next(delays, one.seconds))

        return _threaded(enqueue)

    def _sweep(self) -> None:
        _execute(_BRING_BACK, FARTHEST, [one.key for one in self._periodic])  # a round may be a day apart
        now = self._clock()
        sweep(self, now, taken(), self._set_back.by(now))

    def _execute(self, key: str, kind: str, tries: int) -> None:
        """Run a job, in one of the pool's threads. Never raises for what a handler did."""
        close_old_connections()
        handler = self._handlers[kind]
        error = attempt(lambda: handler.run(key))
        close_old_connections()  # one that broke in the run is of no use for what comes after it
        if error is not None and comes_again(error):
            self._try_again(key, kind, next_try(tries + 1, error, self._chance()), tries + 1)
        elif error is not None:
            give_up(handler, kind, key, error)
        close_old_connections()

    def _try_again(self, key: str, kind: str, delay: float, tries: int) -> None:
        """The job that waits already is the next try and inherits the back-off, else a new one is."""
        if not _execute(_LATER, delay, tries, key):
            self._waits(key, kind, BULK, delay, tries)


def _execute(statement: str, *values: float | str | list[str]) -> bool:
    """Execute `statement` on Django's connection; whether it found something."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() is not None


def taken() -> QuerySet[ProcrastinateJob]:
    """The jobs of the outer query's `job_key`."""
    return ProcrastinateJob.objects.filter(lock=OuterRef("job_key"), status__in=[one.value for one in State])


def _threaded(work: Callable[[], None]) -> Callable[[], Coroutine[Any, Any, None]]:
    """`work`, which uses Django's connection, in one of the pool's threads."""

    def tidy() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return lambda: asyncio.to_thread(tidy)


async def _let_go(pool: ThreadPoolExecutor, size: int) -> None:
    """Close the connection that Django keeps for each of the pool's threads; the barrier gives each thread one call."""
    barrier = threading.Barrier(size)

    def close() -> None:
        barrier.wait(10)
        connections.close_all()

    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(pool, close) for _ in range(size)), return_exceptions=True)


async def _bury(app: procrastinate.App) -> None:
    """What a dead worker ran waits again. Where a twin waits already, that one does the work."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
        try:
            await app.job_manager.retry_job(job)
        except refusals.UniqueViolation:
            await app.job_manager.finish_job(job, jobs.Status.FAILED, delete_job=True)


def _view(row: Mapping[str, Any]) -> JobView:
    due = row["scheduled_at"] or datetime.min.replace(tzinfo=UTC)
    key, kind, tries = (row["args"][name] for name in ("key", "kind", "tries"))
    return JobView(row["id"], key, kind, row["priority"], State(row["status"]), due, tries, row["started_at"])
