"""What every engine does, whatever it is made of. A subclass gives the fixture `engine` and may use `Recorder`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from crosswalk.engine.port import BULK, COALESCED, FARTHEST, INTERACTIVE, QUEUED, Engine, State
from crosswalk.errors import Forbidden, Unreachable


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for `condition`; fail when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.002)


class Recorder:
    """A handler that keeps account, can be held up, and fails when told."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.ended: list[str] = []
        self.failures: list[tuple[str, Exception]] = []
        self.at: list[float] = []
        self.errors: dict[str, list[Exception]] = {}
        self.most: dict[str, int] = {}
        self._running: dict[str, int] = {}
        self._held: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def hold(self, key: str) -> threading.Event:
        """Runs of `key` stand still until the event is set."""
        return self._held.setdefault(key, threading.Event())

    def fail(self, key: str, *errors: Exception) -> None:
        """The next runs of `key` raise `errors`."""
        self.errors[key] = list(errors)

    def run(self, key: str) -> None:
        with self._lock:
            self.began.append(key)
            self.at.append(time.monotonic())
            self._running[key] = self._running.get(key, 0) + 1
            self.most[key] = max(self.most.get(key, 0), self._running[key])
        try:
            if held := self._held.get(key):
                assert held.wait(60)
            if self.errors.get(key):
                raise self.errors[key].pop(0)
        finally:
            with self._lock:
                self._running[key] -= 1
                self.ended.append(key)

    def failed(self, key: str, error: Exception) -> None:
        self.failures.append((key, error))


class EngineSuite:
    """The promises of engine/port.py. `slots` is how many jobs the engine of the fixture runs at once."""

    slots = 4
    quick = 0.1  # seconds: well below the interval at which the engine looks without being woken

    @pytest.fixture
    def handler(self) -> Iterator[Recorder]:
        recorder = Recorder()
        yield recorder
        for held in recorder._held.values():
            held.set()

    def test_a_job_runs_and_is_gone(self, engine: Engine, handler: Recorder) -> None:
        assert engine.enqueue("a", "work") is QUEUED
        engine.start({"work": handler})
        until(lambda: engine.list() == [])
        assert handler.ended == ["a"]

    def test_what_the_database_failed_runs_again(self, engine: Engine, handler: Recorder) -> None:
        handler.fail("a", OperationalError("deadlock detected"))
        engine.enqueue("a", "work")
        engine.start({"work": handler})
        until(lambda: engine.list() == [] and handler.ended == ["a", "a"])
        assert handler.failures == []

    def test_a_worker_is_seen_while_it_runs(self, engine: Engine, handler: Recorder) -> None:
        assert engine.workers() == 0
        engine.start({"work": handler})
        until(lambda: engine.workers() == 1)
        assert engine.stop()
        until(lambda: engine.workers() == 0)

    def test_a_second_event_joins_the_waiting_one(self, engine: Engine, handler: Recorder) -> None:
        assert engine.enqueue("a", "work") is QUEUED
        assert engine.enqueue("a", "work") is COALESCED
        assert engine.enqueue("b", "work") is QUEUED
        engine.start({"work": handler})
        until(lambda: engine.list() == [])
        assert sorted(handler.ended) == ["a", "b"]

    def test_joining_keeps_the_earlier_moment_and_the_higher_priority(self, engine: Engine) -> None:
        engine.enqueue("a", "work", priority=INTERACTIVE, delay=500)
        engine.enqueue("a", "work", priority=BULK, delay=100)
        engine.enqueue("a", "work", priority=BULK, delay=900)
        (job,) = engine.list()
        assert job.priority == INTERACTIVE
        engine.enqueue("b", "work", delay=400)
        assert [job.key for job in sorted(engine.list(), key=lambda job: job.due_at)] == ["a", "b"]

    def test_an_idle_engine_starts_at_once(self, engine: Engine, handler: Recorder) -> None:
        engine.start({"work": handler})
        engine.enqueue("warm", "work")
        until(lambda: engine.list() == [])
        # Milliseconds are usual. A busy machine may hold up most of a round, and hardly all of ten.
        assert any(self._waited(engine, handler) < self.quick for _ in range(10))

    @staticmethod
    def _waited(engine: Engine, handler: Recorder) -> float:
        """How many seconds each of 15 jobs waits for its run; the median."""
        waits = []
        for number in range(15):
            asked = time.monotonic()
            engine.enqueue(f"k{number}", "work")
            until(lambda: engine.list() == [])
            waits.append(handler.at[-1] - asked)
        return sorted(waits)[7]

    def test_an_event_during_a_run_runs_again_after_it(self, engine: Engine, handler: Recorder) -> None:
        held = handler.hold("a")
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: handler.began == ["a"])
        assert engine.enqueue("a", "work") is QUEUED
        assert engine.enqueue("a", "work") is COALESCED
        assert sorted(job.state for job in engine.list()) == [State.DOING, State.TODO]
        held.set()
        until(lambda: engine.list() == [])
        assert handler.ended == ["a", "a"]

    def test_one_run_per_key_and_many_keys_at_once(self, engine: Engine, handler: Recorder) -> None:
        held = handler.hold("slow")
        engine.start({"work": handler})
        engine.enqueue("slow", "work")
        until(lambda: "slow" in handler.began)
        for number in range(40):
            engine.enqueue("slow", "work")
            engine.enqueue(f"k{number % 5}", "work")
        until(lambda: {"k0", "k1", "k2", "k3", "k4"} <= set(handler.ended))
        held.set()
        until(lambda: engine.list() == [])
        assert set(handler.most.values()) == {1}

    def test_interactive_work_goes_before_bulk_under_way(self, engine: Engine, handler: Recorder) -> None:
        gate = [handler.hold(f"bulk{number}") for number in range(20)]
        for number in range(20):
            engine.enqueue(f"bulk{number}", "work", priority=BULK)
        engine.start({"work": handler})
        until(lambda: len(handler.began) == self.slots)
        engine.enqueue("person", "work", priority=INTERACTIVE)
        gate[int(handler.began[0].removeprefix("bulk"))].set()
        until(lambda: "person" in handler.began)
        assert handler.began[self.slots] == "person"
        for held in gate:
            held.set()
        until(lambda: engine.list() == [])

    def test_a_waiting_job_can_become_interactive(self, engine: Engine, handler: Recorder) -> None:
        for key in ("a", "b", "c"):
            engine.enqueue(key, "work", priority=BULK)
        engine.enqueue("c", "work", priority=INTERACTIVE)
        assert [job.key for job in engine.list()] == ["c", "a", "b"]

    def test_a_delay_is_kept(self, engine: Engine, handler: Recorder) -> None:
        engine.start({"work": handler})
        engine.enqueue("much later", "work", delay=3600)
        asked = time.monotonic()
        engine.enqueue("later", "work", delay=0.3)
        until(lambda: handler.began == ["later"])
        assert handler.at[0] - asked >= 0.29
        until(lambda: [job.key for job in engine.list()] == ["much later"])

    def test_nothing_waits_for_a_moment_that_only_a_wrong_clock_can_have_meant(
        self, engine: Engine, handler: Recorder
    ) -> None:
        engine.enqueue("near", "work", delay=FARTHEST - 60)
        engine.enqueue("far", "work", delay=FARTHEST + 60)
        engine.start({"work": handler, "pair": handler})
        until(lambda: handler.ended == ["far"])
        until(lambda: [job.key for job in engine.list()] == ["near"])

    def test_a_failure_that_may_pass_is_tried_again(self, engine: Engine, handler: Recorder) -> None:
        handler.fail("a", Unreachable("no connection"))
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: [job.tries for job in engine.list(State.TODO)] == [1])
        (job,) = engine.list(State.TODO)
        assert engine.retry(job.id)
        until(lambda: engine.list() == [])
        assert (handler.began, handler.failures) == (["a", "a"], [])

    def test_tries_grow_and_are_forgotten_after_success(self, engine: Engine, handler: Recorder) -> None:
        handler.fail("a", Unreachable("1"), Unreachable("2"))
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: [job.tries for job in engine.list(State.TODO)] == [1])
        engine.enqueue("a", "work")
        until(lambda: [job.tries for job in engine.list(State.TODO)] == [2])
        engine.enqueue("a", "work")
        until(lambda: engine.list() == [])
        handler.fail("a", Unreachable("3"))
        engine.enqueue("a", "work")
        until(lambda: [job.tries for job in engine.list(State.TODO)] == [1])

    def test_a_failure_for_good_is_reported_and_stops_nothing_else(self, engine: Engine, handler: Recorder) -> None:
        refused, broken = Forbidden("not allowed"), ZeroDivisionError("a mistake of ours")
        handler.fail("a", refused)
        handler.fail("b", broken)
        engine.start({"work": handler})
        for key in ("a", "b", "c"):
            engine.enqueue(key, "work")
        until(lambda: engine.list() == [])
        assert sorted(handler.failures, key=lambda pair: pair[0]) == [("a", refused), ("b", broken)]
        assert sorted(handler.ended) == ["a", "b", "c"]

    def test_a_handler_that_can_not_account_for_a_failure_stops_nothing(self, engine: Engine) -> None:
        class Hopeless(Recorder):
            def failed(self, key: str, error: Exception) -> None:
                super().failed(key, error)
                raise RuntimeError("and this fails as well")

        handler = Hopeless()
        handler.fail("a", Forbidden("not allowed"))
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        engine.enqueue("b", "work")
        until(lambda: engine.list() == [])
        assert sorted(handler.ended) == ["a", "b"]

    def test_a_failed_run_with_an_event_during_it_waits_once(self, engine: Engine, handler: Recorder) -> None:
        held = handler.hold("a")
        handler.fail("a", Unreachable("no connection"))
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: handler.began == ["a"])
        assert engine.enqueue("a", "work") is QUEUED
        held.set()
        until(lambda: [(job.state, job.tries) for job in engine.list()] == [(State.TODO, 1)])
        (job,) = engine.list()
        engine.retry(job.id)
        until(lambda: engine.list() == [])
        assert handler.began == ["a", "a"]

    def test_a_waiting_job_can_be_cancelled_and_a_running_one_not(self, engine: Engine, handler: Recorder) -> None:
        held = handler.hold("a")
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: handler.began == ["a"])
        engine.enqueue("later", "work", delay=600)
        running, waiting = engine.list(State.DOING)[0], engine.list(State.TODO)[0]
        assert not engine.cancel(running.id)
        assert not engine.retry(running.id)
        assert engine.cancel(waiting.id)
        assert not engine.cancel(waiting.id)
        held.set()
        until(lambda: engine.list() == [])
        assert handler.ended == ["a"]

    def test_a_kind_without_a_handler_waits(self, engine: Engine, handler: Recorder) -> None:
        engine.start({"work": handler})
        engine.enqueue("strange", "other")
        engine.enqueue("a", "work")
        until(lambda: handler.ended == ["a"])
        until(lambda: [job.key for job in engine.list()] == ["strange"])

    def test_what_comes_again_and_again(self, engine: Engine, handler: Recorder) -> None:
        engine.every(0.05, "poll", "work")
        engine.start({"work": handler})
        until(lambda: handler.ended.count("poll") >= 3)
        assert handler.most == {"poll": 1}

    def test_stats_count(self, engine: Engine, handler: Recorder) -> None:
        held = handler.hold("a")
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: handler.began == ["a"])
        engine.enqueue("b", "other")
        engine.enqueue("c", "work", delay=600)
        stats = engine.stats()
        assert (stats.ready, stats.delayed, stats.running) == (1, 1, 1)
        assert 0 <= stats.lag < 10
        held.set()

    def test_stopping_waits_for_what_runs(self, engine: Engine, handler: Recorder) -> None:
        held = handler.hold("a")
        engine.start({"work": handler})
        engine.enqueue("a", "work")
        until(lambda: handler.began == ["a"])
        assert not engine.stop(0.05)
        engine.enqueue("b", "work")
        held.set()
        assert engine.stop(60)
        # A job that was being fetched in the very moment of the stop is carried out as well; nothing is half done.
        assert sorted(handler.ended) == sorted(handler.began)
        assert sorted([*handler.ended, *(job.key for job in engine.list())]) == ["a", "b"]

    def test_run_returns_when_it_is_stopped(self, engine: Engine, handler: Recorder) -> None:
        thread = threading.Thread(target=engine.run, args=({"work": handler},))
        thread.start()
        engine.enqueue("a", "work")
        until(lambda: handler.ended == ["a"])
        assert engine.stop()
        thread.join(60)
        assert not thread.is_alive()

    def test_an_enqueue_that_is_rolled_back_did_not_happen(self, engine: Engine, handler: Recorder) -> None:
        from django.db import transaction

        engine.start({"work": handler})
        with transaction.atomic():
            engine.enqueue("never", "work")
            transaction.set_rollback(True)
        with transaction.atomic():
            engine.enqueue("a", "work")
        until(lambda: handler.ended == ["a"])
        until(lambda: engine.list() == [])
        assert handler.began == ["a"]
