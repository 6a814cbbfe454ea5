"""What only the embedded engine has: its lock, its sweep, its clock, and wake-ups from other processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from tests.contract.engine_suite import Recorder, until
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import FILE, Config
from crosswalk.engine.embedded import _ASKED, LOOK_SECONDS, EmbeddedEngine, taken
from crosswalk.engine.port import BULK, COALESCED, INTERACTIVE, QUEUED, State
from crosswalk.engine.sweep import PAIR, SWEEP_BATCH, SetBack, sweep
from crosswalk.errors import Refused, ServerFault, TooMany
from crosswalk.merge.pairs import Entry
from crosswalk.store import journal, pairs
from crosswalk.store.models import CreateIntent, Job, Pair


@pytest.fixture
def engine(database: Config, tmp_path: Path, clock: Clock) -> Iterator[EmbeddedEngine]:
    """An engine on a clock that moves when told."""
    engine = EmbeddedEngine(tmp_path, threads=3, clock=clock, chance=lambda: 1.0)
    yield engine
    assert engine.stop(60)


def tries(engine: EmbeddedEngine) -> list[int]:
    return [job.tries for job in engine.list(State.TODO)]


def test_a_delay_ends_when_the_clock_says_so(engine: EmbeddedEngine, clock: Clock) -> None:
    handler = Recorder()
    engine.enqueue("later", "work", delay=60)
    engine.start({"work": handler})
    clock.forward(59.9)
    engine.enqueue("probe", "work")
    until(lambda: handler.ended == ["probe"])
    clock.forward(0.1)
    engine.wake()
    until(lambda: handler.ended == ["probe", "later"])


def test_the_back_off_grows_with_each_failure(engine: EmbeddedEngine, clock: Clock) -> None:
    handler = Recorder()
    handler.fail("a", *(ServerFault("502") for _ in range(4)), TooMany("429", wait=90))
    engine.start({"work": handler})
    engine.enqueue("a", "work")
    for failures, wait in enumerate((1, 2, 4, 8, 98), start=1):
        until(lambda failures=failures: tries(engine) == [failures])
        (job,) = engine.list()
        assert job.due_at == clock() + timedelta(seconds=wait)
        clock.forward(wait)
        engine.wake()
    until(lambda: engine.list() == [])
    assert len(handler.ended) == 6


def test_an_event_during_a_failed_run_inherits_its_back_off(engine: EmbeddedEngine, clock: Clock) -> None:
    handler = Recorder()
    held = handler.hold("a")
    handler.fail("a", TooMany("429", wait=90))
    engine.start({"work": handler})
    engine.enqueue("a", "work")
    until(lambda: handler.began == ["a"])
    engine.enqueue("a", "work", priority=INTERACTIVE)
    held.set()
    until(lambda: tries(engine) == [1])
    (job,) = engine.list()
    assert (job.due_at, job.priority) == (clock() + timedelta(seconds=90.5), INTERACTIVE)


def test_a_second_engine_of_the_same_home_refuses_to_start(engine: EmbeddedEngine, tmp_path: Path) -> None:
    engine.start({})
    second = EmbeddedEngine(tmp_path)
    with pytest.raises(Refused, match=r"Another Crosswalk process \(number \d+\) does the work of"):
        second.start({})
    assert second.stop()
    assert engine.stop()
    second.start({})
    assert second.stop()


def test_nor_does_one_whose_database_is_a_link_to_the_same_file(engine: EmbeddedEngine, tmp_path: Path) -> None:
    other, file = tmp_path / "other", tmp_path / FILE
    other.mkdir()
    file.touch()
    (other / FILE).symlink_to(file)
    engine.start({})
    with pytest.raises(Refused, match=r"Another Crosswalk process \(number \d+\) does the work of"):
        EmbeddedEngine(other).start({})


def test_what_ran_when_the_process_died_runs_again(engine: EmbeddedEngine, clock: Clock) -> None:
    Job.objects.create(key="a", kind="work", due_at=clock(), state="doing", started_at=clock())
    for state in ("doing", "todo"):
        Job.objects.create(key="b", kind="work", due_at=clock(), state=state)
    handler = Recorder()
    engine.start({"work": handler})
    until(lambda: engine.list() == [])
    assert sorted(handler.ended) == ["a", "b"]


def test_what_somebody_else_enqueued_is_noticed_within_a_second(engine: EmbeddedEngine, tmp_path: Path) -> None:
    handler = Recorder()
    engine.start({"work": handler})
    EmbeddedEngine(tmp_path, clock=engine._clock).enqueue("from the command line", "work")
    until(lambda: handler.ended == ["from the command line"])
    assert LOOK_SECONDS <= 1  # by the clock alone: the machine may be busy


def test_a_sweep_finds_what_has_no_job(engine: EmbeddedEngine, clock: Clock) -> None:
    integration = make_integration()
    urgent, plain, later = (make_pair(integration, clock() + timedelta(minutes=shift)).pk for shift in (0, 0, 9))
    Pair.objects.filter(pk=urgent).update(urgent=True)
    assert sweep(engine, clock(), taken()) == 2
    found = {job.key: (job.kind, job.priority) for job in engine.list()}
    assert found == {pairs.key_of(urgent): (PAIR, INTERACTIVE), pairs.key_of(plain): (PAIR, BULK)}
    assert sweep(engine, clock(), taken()) == 0
    assert pairs.key_of(later) not in found


def test_what_was_sent_before_the_clock_was_set_back_is_searched_for_far_enough(
    engine: EmbeddedEngine, clock: Clock
) -> None:
    ticks = iter((0.0, 30.0, 60.0))
    set_back = SetBack(lambda: next(ticks))
    pair, sent = make_pair(make_integration(), clock(), dirty=0), clock()
    for number, closed in enumerate((None, sent)):
        kept = {"since": sent, "sent_at": sent, "closed_at": closed}
        CreateIntent.objects.create(pair=pair, side="right", token=str(number), **kept)
    moved = []
    for seconds in (0, 29, -600):
        clock.forward(seconds)
        sweep(engine, clock(), taken(), set_back.by(clock()))
        moved.append((sent - CreateIntent.objects.get(token="0").since).total_seconds())
    assert moved == [0, 0, 630]
    assert CreateIntent.objects.get(token="0").sent_at == clock(), "an answer is awaited as long as ever from now on"
    assert CreateIntent.objects.get(token="1").since == sent


@pytest.mark.parametrize(("seconds", "moved"), [(-29, 0), (-600, 600 + 3600)])
def test_a_clock_that_was_set_back_while_nothing_ran_is_noticed(
    engine: EmbeddedEngine, clock: Clock, seconds: int, moved: int
) -> None:
    """The process that ended left its last moment in the database; for how long it was stopped, nobody knows."""
    integration, before = make_integration(), clock() - timedelta(minutes=5)
    journal.append(integration.pk, [Entry("The last line.")], clock())
    pair = make_pair(integration, before, dirty=0)
    CreateIntent.objects.create(pair=pair, side="right", token="0", since=before, sent_at=before)
    clock.forward(seconds)
    engine._sweep()
    engine._sweep()
    assert (before - CreateIntent.objects.get().since).total_seconds() == moved


def test_a_sweep_feeds_a_load_in_pages(engine: EmbeddedEngine, clock: Clock) -> None:
    integration = make_integration()
    Pair.objects.bulk_create(Pair(integration=integration, kind="feature", due_at=clock()) for _ in range(700))
    assert [sweep(engine, clock(), taken()), sweep(engine, clock(), taken()), sweep(engine, clock(), taken())] == [
        SWEEP_BATCH,
        50,
        50,
    ]
    assert engine.stats().ready == SWEEP_BATCH + 100


def test_the_engine_sweeps_by_itself(engine: EmbeddedEngine, clock: Clock) -> None:
    class Worker(Recorder):
        def run(self, key: str) -> None:
            Pair.objects.filter(pk=pairs.pair_of_key(key)).update(done=1)
            super().run(key)

    handler, integration = Worker(), make_integration()
    first = make_pair(integration, clock()).pk
    engine.start({PAIR: handler})
    until(lambda: handler.ended == [pairs.key_of(first)])
    second = make_pair(integration, clock()).pk
    clock.forward(31)
    engine.wake()
    until(lambda: handler.ended == [pairs.key_of(first), pairs.key_of(second)])


def test_what_comes_again_follows_a_clock_that_is_set_back(engine: EmbeddedEngine, clock: Clock) -> None:
    handler = Recorder()
    engine.every(60, "poll", "work")
    engine.start({"work": handler})
    until(lambda: handler.ended == ["poll"])
    clock.forward(-7200)
    engine.wake()
    until(lambda: handler.ended == ["poll", "poll"])
    clock.forward(30)
    engine.enqueue("probe", "work")
    until(lambda: handler.ended == ["poll", "poll", "probe"])


def test_what_waits_follows_a_clock_that_is_set_back(engine: EmbeddedEngine, clock: Clock) -> None:
    """Where the clock was a month ahead when a server did not answer, nobody waits a month."""
    integration = make_integration()
    waits, soon = (make_pair(integration, clock() + timedelta(days=days)).pk for days in (30, 0.05))
    Pair.objects.update(state=Pair.State.WAITING)
    handler = Recorder()
    engine.enqueue("far", "work", delay=30 * 86_400)
    engine.enqueue("near", "work", delay=3600)
    engine.start({PAIR: handler, "work": handler})
    until(lambda: set(handler.ended) == {"far", pairs.key_of(waits)})
    assert Pair.objects.get(pk=soon).due_at > clock()
    until(lambda: [job.key for job in engine.list()] == ["near"])


def test_threads_leave_no_connection_open(engine: EmbeddedEngine) -> None:
    seen: list[object] = []

    class Worker(Recorder):
        def run(self, key: str) -> None:
            connection.ensure_connection()
            seen.append(connections["default"])
            super().run(key)

    engine.start({"work": Worker()})
    engine.enqueue("a", "work")
    until(lambda: engine.list() == [])
    assert engine.stop()
    assert [wrapper.connection for wrapper in seen] == [None]


def test_a_database_that_does_not_answer_for_a_while_stops_nothing(
    engine: EmbeddedEngine, database: Config, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Recorder()
    held = handler.hold("a")
    # Connections of the engine's threads, opened from here on, give up at once instead of after 20 seconds.
    connections.settings["default"]["OPTIONS"]["timeout"] = 0.01
    engine.start({"work": handler})
    engine.enqueue("a", "work")
    until(lambda: handler.began == ["a"])
    engine.enqueue("b", "work")
    until(lambda: handler.ended == ["b"])
    until(lambda: [job.key for job in engine.list()] == ["a"])
    engine.enqueue("c", "work", delay=60)
    blocker = sqlite3.connect(database.database.path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    held.set()
    until(lambda: "does not take the end of a job" in caplog.text)
    blocker.execute("COMMIT")
    blocker.close()
    until(lambda: [job.key for job in engine.list()] == ["c"])


@pytest.mark.postgres
def test_postgresql_is_refused_clearly(postgresql: Config, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="SQLite alone"):
        EmbeddedEngine(tmp_path).start({})
    assert not (tmp_path / "engine.lock").exists()


def test_asking_for_a_job_needs_no_transaction_of_its_own(engine: EmbeddedEngine) -> None:
    with CaptureQueriesContext(connection) as said, transaction.atomic():
        assert engine.enqueue("a", "work", priority=BULK, delay=60) is QUEUED
        assert engine.enqueue("a", "work", priority=INTERACTIVE, delay=90) is COALESCED
    words = [one["sql"].split()[0] for one in said.captured_queries]
    assert words == ["BEGIN", "UPDATE", "INSERT", "UPDATE", "COMMIT"]
    (job,) = engine.list()
    assert (job.priority, job.tries) == (INTERACTIVE, 0)
    # Another thread asked for the same between the two statements of the first.
    moment = job.due_at - timedelta(seconds=30)
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, ("a", "work", BULK, Job._meta.get_field("due_at").get_db_prep_save(moment, connection)))
    assert [(one.priority, one.due_at) for one in engine.list()] == [(INTERACTIVE, moment)]
