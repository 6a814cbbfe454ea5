"""What an engine promises, whichever it is. Knows keys and kinds; not what a pair is, nor what a handler does.

A job is a wake-up, never the truth: the database knows what is due, and whatever an engine loses a sweep finds again.
Every engine passes tests/contract/engine_suite.py:

- **Coalesce.** At most one job waits per key. A second `enqueue` while one waits is COALESCED into it: the earlier
  moment and the higher priority of the two count.
- **One run per key.** At most one job runs per key. An `enqueue` during a run is QUEUED and runs after it: the
  run may have read before the event.
- **Priority.** Among jobs whose moment has come the highest priority starts first, across keys; then the longest due.
- **Delay.** A job does not start before `delay` seconds have passed.
- **Failure.** A handler that raises an error with `retryable` set, or one of a database that is gone, full or locked
  (Django's OperationalError, InterfaceError), runs again after `next_try` seconds. Any other error is handed to the
  handler's `failed`, and the job is over. Neither stops other keys. Where an event came during the failed run, the job
  waiting for it is the next try, and inherits the back-off.
- **Crash.** A job that ran when its process was killed runs again after the restart.
- **Kinds.** Jobs of a kind without a handler wait for a process that has one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from crosswalk.errors import TooMany

FIRST: Final = 150
"""Priority of short work that finds out who is to be woken: it waits behind no pair, whoever sent it."""
INTERACTIVE: Final = 100
"""Priority of work a person waits for."""
HOOKED: Final = 50
"""Priority of work that a hook or a poll woke."""
CROWDED: Final = 25
"""Priority of many records that were asked for, or that changed, at once: what is woken later comes between."""
BULK: Final = 0
"""Priority of work nobody waits for."""
CROWD: Final = 20
"""Pairs asked for at once that go before what is woken later; of more, nobody waits for each, and others come
between."""

LONGEST_WAIT: Final = 600.0
"""Seconds after which a retryable failure is tried again at the latest (unless the server asks for more)."""

FARTHEST: Final = 7200.0
"""Seconds nothing waits for longer: no product's limit lasts that long. What lies further ahead was put off before the
clock was set back, and is due now."""


class Enqueued(StrEnum):
    """What became of an `enqueue`."""

    QUEUED = "queued"
    COALESCED = "coalesced"


QUEUED: Final = Enqueued.QUEUED
COALESCED: Final = Enqueued.COALESCED


class State(StrEnum):
    """Whether a job waits or runs. A finished job is gone."""

    TODO = "todo"
    DOING = "doing"


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as pages and commands show it. `tries` counts failed runs in a row."""

    id: int
    key: str
    kind: str
    priority: int
    state: State
    due_at: datetime
    tries: int
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stats:
    """How much there is to do: jobs that could start now, that wait for their moment, that run; and the lag.

    `lag` is how many seconds the longest waiting job is overdue (0 where none is).
    """

    ready: int
    delayed: int
    running: int
    lag: float


class Handler(Protocol):
    """What does the work of one kind. Both methods are called in a worker's thread and may use the database."""

    def run(self, key: str) -> None:
        """Do the work under `key`. Repeatable: after a crash it is called again."""

    def failed(self, key: str, error: Exception) -> None:
        """Account for an `error` that running again does not mend (parks a pair, for example)."""


class Engine(Protocol):
    """See the module's text for what is promised."""

    def enqueue(self, key: str, kind: str, *, priority: int = BULK, delay: float = 0.0) -> Enqueued:
        """Have a handler of `kind` run `key` in `delay` seconds. Part of the caller's transaction, if there is one.

        Any process may call it, also one that runs no handlers.
        """

    def every(self, seconds: float, key: str, kind: str, *, priority: int = BULK) -> None:
        """While this engine runs, enqueue `key` at once and then every `seconds`. Call before `start`."""

    def start(self, handlers: Mapping[str, Handler]) -> None:
        """Begin to run jobs in threads of this process, a handler for each kind; returns at once.

        Raises errors.Refused where this engine can not run here.
        """

    def stop(self, deadline: float = 10.0) -> bool:
        """Start nothing more and wait at most `deadline` seconds for what runs. True when all of it ended.

        What did not end runs again after a restart.
        """

    def run(self, handlers: Mapping[str, Handler]) -> None:
        """`start`, and return when another thread has called `stop`."""

    def list(self, state: State | None = None, *, limit: int = 200) -> Sequence[JobView]:
        """Jobs in the order they would start; all, or those in `state`."""

    def retry(self, job_id: int) -> bool:
        """Have a waiting job start now, its failures forgotten. False where it does not wait."""

    def cancel(self, job_id: int) -> bool:
        """Take a waiting job out. False where it does not wait: what runs is not torn off."""

    def stats(self) -> Stats:
        """How much there is to do."""

    def workers(self) -> int:
        """How many processes run jobs, as far as can be seen from here: each gave a sign of life lately."""


def next_try(tries: int, error: Exception, chance: float) -> float:
    """How many seconds to wait after the `tries`-th failure in a row (1 = the first).

    Doubles from 1 s up to LONGEST_WAIT, then spread over the upper half by `chance` (0 to 1, a random number), so that
    pairs that failed together do not come back together. A server that names its own wait is never asked earlier, and
    the spread comes on top.
    """
    step = min(LONGEST_WAIT, 2.0 ** (min(max(tries, 1), 20) - 1))
    if isinstance(error, TooMany):
        return error.wait + step * chance / 2
    return step * (1 + chance) / 2
