"""The embedded engine: one process, a pool of threads, the table `Job` on SQLite. No server and no set-up.

Knows jobs and threads; not what a handler does. One idle thread at a time looks for the next job and waits for a
wake-up, the others queue up behind it; so a wake-up costs one query, and an idle service next to nothing. A lock on
``engine.lock`` beside the database keeps a second process from running jobs; to enqueue, any process may write to it.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections, transaction
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest

from crosswalk.engine.attempt import attempt, comes_again, give_up
from crosswalk.engine.port import BULK, COALESCED, FARTHEST, QUEUED, Enqueued, Handler, JobView, State, Stats, next_try
from crosswalk.engine.process import Process, utc_now
from crosswalk.engine.sweep import PAIR, SWEEP_SECONDS, sweep
from crosswalk.errors import Refused
from crosswalk.store.locks import only_one
from crosswalk.store.models import Job

_log = logging.getLogger(__name__)

LATER: Final = datetime.max.replace(tzinfo=UTC)
LOOK_SECONDS: Final = 0.5
"""How long the idle thread waits at most before it looks again: another process may have enqueued."""

# In SQL for the reason of `_coalesce`: each run begins with it.
_NEXT: Final = """
SELECT * FROM store_job WHERE state = %s AND due_at <= %s AND kind IN (SELECT value FROM json_each(%s))
AND NOT EXISTS (SELECT 1 FROM store_job AS running WHERE running.key = store_job.key AND running.state = %s)
ORDER BY priority DESC, due_at, id LIMIT 1
"""
_BEGUN: Final = "UPDATE store_job SET state = %s, started_at = %s WHERE id = %s AND state = %s"
_ENDED: Final = "DELETE FROM store_job WHERE id = %s"
_SOONER: Final = """
UPDATE store_job SET due_at = MIN(due_at, %s), priority = MAX(priority, %s) WHERE key = %s AND state = %s
"""
# The constraint "one_waiting_per_key" (https://www.sqlite.org/lang_upsert.html).
_ASKED: Final = """
INSERT INTO store_job (key, kind, priority, due_at, state, tries) VALUES (%s, %s, %s, %s, 'todo', 0)
ON CONFLICT (key) WHERE state = 'todo'
DO UPDATE SET due_at = MIN(due_at, excluded.due_at), priority = MAX(priority, excluded.priority)
"""


def _come(moment: datetime | None, now: datetime, seconds: float) -> bool:
    """Whether a `moment` that comes every `seconds` has come; also when it lies further ahead (a clock set back)."""
    return moment is None or not timedelta(0) < moment - now <= timedelta(seconds=seconds)


class EmbeddedEngine(Process):
    """The engine of one process: see engine/process.py. `home` holds the lock."""

    def __init__(
        self,
        home: Path,
        *,
        threads: int = 8,
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(threads, clock, chance)
        self._home = home
        self._sweep_at: datetime | None = None
        self._threads: list[threading.Thread] = []
        self._control = threading.Lock()
        self._leader = threading.Lock()
        self._woken = threading.Event()
        self._looks_at = LATER
        self._lock: TextIO | None = None

    # ---- for everybody -----------------------------------------------------------------------------

    def enqueue(self, key: str, kind: str, *, priority: int = BULK, delay: float = 0.0) -> Enqueued:
        """See the port."""
        due = self._clock() + timedelta(seconds=delay)
        coalesced = _coalesce(key, kind, priority, due)
        transaction.on_commit(lambda: self._wake_by(due))
        return COALESCED if coalesced else QUEUED

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    def _wake_by(self, due: datetime) -> None:
        """Look for work at `due` at the latest: a storm of hooks that wait for the same moment is one look."""
        if due < self._looks_at:
            self._woken.set()

    def list(self, state: State | None = None, *, limit: int = 200) -> Sequence[JobView]:
        """See the port."""
        jobs = Job.objects.all() if state is None else Job.objects.filter(state=state)
        # "doing" before "todo": what runs comes first.
        return [_view(job) for job in jobs.order_by("state", "-priority", "due_at", "id")[:limit]]

    def retry(self, job_id: int) -> bool:
        """See the port."""
        found = Job.objects.filter(pk=job_id, state=State.TODO).update(due_at=self._clock(), tries=0)
        transaction.on_commit(self.wake)
        return bool(found)

    def cancel(self, job_id: int) -> bool:
        """See the port."""
        found, _ = Job.objects.filter(pk=job_id, state=State.TODO).delete()
        return bool(found)

    def stats(self) -> Stats:
        """See the port."""
        now = self._clock()
        ready = Q(state=State.TODO, due_at__lte=now)
        found = Job.objects.aggregate(
            ready=Count("id", filter=ready),
            delayed=Count("id", filter=Q(state=State.TODO, due_at__gt=now)),
            running=Count("id", filter=Q(state=State.DOING)),
            oldest=Min("due_at", filter=ready),
        )
        lag = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
        return Stats(found["ready"], found["delayed"], found["running"], lag)

    def workers(self) -> int:
        """See the port. No other process can run jobs, and whether one does is not seen from here."""
        return int(any(thread.is_alive() for thread in self._threads))

    # ---- the process that runs jobs ----------------------------------------------------------------

    def start(self, handlers: Mapping[str, Handler]) -> None:
        """See the port. Raises Refused where another process runs jobs of this home, or the database is not SQLite."""
        if connection.vendor != "sqlite":
            raise Refused(
                "The embedded engine works on SQLite alone.",
                remedy="Leave CROSSWALK_DATABASE_URL empty, or run the engine for PostgreSQL.",
            )
        with self._control:
            self._lock = only_one(self._home)
            try:
                _resume()
            except DatabaseError:
                self._lock.close()
                raise
            self._handlers = dict(handlers)
            self._stopping.clear()
            names = (f"crosswalk-worker-{number}" for number in range(1, self._size + 1))
            self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
            for thread in self._threads:
                thread.start()

    def stop(self, deadline: float = 10.0) -> bool:
        """See the port. The lock is kept while something still runs: it ends with the process at the latest."""
        until = time.monotonic() + deadline
        with self._control:
            self._stopping.set()
            self._woken.set()
            for thread in self._threads:
                thread.join(max(0.0, until - time.monotonic()))
            if any(thread.is_alive() for thread in self._threads):
                return False
            if self._lock:
                self._lock.close()
                self._lock = None
            return True

    # ---- a worker's thread -------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while True:
                with self._leader:
                    work = self._next()
                if work is None:
                    return
                work()
        finally:
            connections.close_all()

    def _next(self) -> Callable[[], None] | None:
        """What this thread is to do, as soon as there is something. None when the engine stops."""
        while True:
            # Before looking: what is enqueued from here on wakes the wait below.
            self._looks_at = LATER
            self._woken.clear()
            if self._stopping.is_set():
                return None
            close_old_connections()
            try:
                now = self._clock()
                self._repeat(now)
                if self._sweep_is_due(now):
                    return self._sweep
                if job := self._claim(now):
                    return partial(self._execute, job)
                pause = self._pause(now)
            except (DatabaseError, InterfaceError):
                _log.exception("The database does not answer; the engine looks again.")
                now, pause = self._clock(), LOOK_SECONDS
            self._looks_at = now + timedelta(seconds=pause)
            self._woken.wait(pause)

    def _claim(self, now: datetime) -> Job | None:
        moment = Job._meta.get_field("due_at").get_db_prep_save(now, connection)
        kinds = json.dumps(sorted(self._handlers))
        job = next(iter(Job.objects.raw(_NEXT, [State.TODO, moment, kinds, State.DOING])), None)
        return job if job and _changed(_BEGUN, State.DOING, moment, job.pk, State.TODO) else None

    def _pause(self, now: datetime) -> float:
        """How many seconds until something is due, as far as this process can know."""
        waiting = Job.objects.filter(state=State.TODO, due_at__gt=now, kind__in=self._handlers)
        moments = [moment for moment in (waiting.aggregate(first=Min("due_at"))["first"],) if moment]
        moments += [periodic.next_at for periodic in self._periodic if periodic.next_at]
        seconds = min(((moment - now).total_seconds() for moment in moments), default=LOOK_SECONDS)
        return min(max(seconds, 0.001), LOOK_SECONDS)

    def _repeat(self, now: datetime) -> None:
        """Enqueue what comes again and again."""
        for periodic in self._periodic:
            if _come(periodic.next_at, now, periodic.seconds):
                periodic.next_at = now + timedelta(seconds=periodic.seconds)
                self.enqueue(periodic.key, periodic.kind, priority=periodic.priority)

    def _sweep_is_due(self, now: datetime) -> bool:
        if PAIR not in self._handlers or not _come(self._sweep_at, now, SWEEP_SECONDS):
            return False
        self._sweep_at = now + timedelta(seconds=SWEEP_SECONDS)
        return True

    def _sweep(self) -> None:
        """Enqueue what has no job. Done beside the leader: many pairs take a while, and people wait for a job."""
        try:
            _bring_back(self._clock())
            now = self._clock()
            found = sweep(self, now, taken(), self._set_back.by(now))
        except (DatabaseError, InterfaceError):
            _log.exception("The database does not answer; the next sweep finds what this one did not.")
        else:
            if found:
                # There may be more: look again when these are under way, not half a minute later.
                self._sweep_at = self._clock() + timedelta(seconds=1)

    def _execute(self, job: Job) -> None:
        handler = self._handlers[job.kind]
        error = attempt(lambda: handler.run(job.key))
        if error is not None and comes_again(error):
            later = error
            self._surely(lambda: self._again(job, later))
        else:
            if error is not None:
                give_up(handler, job.kind, job.key, error)
            self._surely(lambda: _changed(_ENDED, job.pk))
        self.wake()

    def _again(self, job: Job, error: Exception) -> None:
        tries = job.tries + 1
        due = self._clock() + timedelta(seconds=next_try(tries, error, self._chance()))
        with transaction.atomic():
            twin = Job.objects.filter(key=job.key, state=State.TODO)
            if twin.update(tries=tries, due_at=Greatest(F("due_at"), Value(due))):
                Job.objects.filter(pk=job.pk).delete()
            else:
                Job.objects.filter(pk=job.pk).update(state=State.TODO, due_at=due, tries=tries, started_at=None)

    def _surely(self, write: Callable[[], object]) -> None:
        """Do `write` as soon as the database lets us: a job that stayed "doing" would block its key until a restart."""
        while True:
            try:
                write()
            except (DatabaseError, InterfaceError):
                _log.exception("The database does not take the end of a job; the engine tries again.")
                if self._stopping.wait(LOOK_SECONDS):
                    return
                close_old_connections()
            else:
                return


def taken() -> QuerySet[Job]:
    """The jobs of the outer query's `job_key`."""
    return Job.objects.filter(key=OuterRef("job_key"))


def _coalesce(key: str, kind: str, priority: int, due: datetime) -> bool:
    """Whether a job of `key` waits already; it takes the sooner moment and the higher priority. Else there is one now.

    In SQL, because each hook and each pair that is woken comes past here, and the ORM takes ten times as long. Each
    statement stands for itself, so neither a transaction nor a savepoint is needed: a job that another thread asks for
    between the two is the one that the second one finds.
    """
    moment = Job._meta.get_field("due_at").get_db_prep_save(due, connection)
    if _changed(_SOONER, moment, priority, key, State.TODO):
        return True
    _changed(_ASKED, key, kind, priority, moment)
    return False


def _changed(statement: str, *values: str | float) -> int:
    """How many rows `statement` changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _bring_back(now: datetime) -> None:
    """What waits for longer than anything does is due now: see port.FARTHEST."""
    Job.objects.filter(state=State.TODO, due_at__gt=now + timedelta(seconds=FARTHEST)).update(due_at=now)


def _resume() -> None:
    """What ran when the last process ended waits again, unless a job of its key waits already."""
    with transaction.atomic():
        waiting = Job.objects.filter(state=State.TODO).values("key")
        Job.objects.filter(state=State.DOING, key__in=waiting).delete()
        Job.objects.filter(state=State.DOING).update(state=State.TODO, started_at=None)


def _view(job: Job) -> JobView:
    return JobView(job.pk, job.key, job.kind, job.priority, State(job.state), job.due_at, job.tries, job.started_at)
