"""`kill -9` of one worker among several on PostgreSQL: the others take up its work, and no key runs twice at a time."""

from __future__ import annotations

import random
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

import pytest
from tests.contract.engine_suite import until
from tests.engine.test_kill import runs
from tests.fixtures_store import make_integration, make_pair
from tests.processes import environment, python

from crosswalk.config import Config
from crosswalk.engine.port import Engine
from crosswalk.engine.sweep import PAIR
from crosswalk.store import pairs
from crosswalk.store.models import Pair

pytestmark = [pytest.mark.acceptance, pytest.mark.postgres]
PAIRS, KILLS, WORKERS = 30, 2, 3
RECOVERY = 120.0  # seconds until what a dead worker ran is taken up: some ten, on a machine that is not busy


def now() -> datetime:
    return datetime.now(UTC)


def worker(stack: ExitStack, config: Config) -> Popen[str]:
    return stack.enter_context(python("tests.engine.worker_process", [], environment(config)))


def ready(process: Popen[str]) -> None:
    assert process.stdout
    assert process.stdout.readline() == "ready\n"


def wake(engine: Engine, pair_ids: list[int]) -> None:
    for pair_id in pair_ids:
        pairs.mark_dirty([pair_id], now())
        engine.enqueue(pairs.key_of(pair_id), PAIR)


def assert_no_overlap(lines: list[list[str]], dead: set[str]) -> None:
    """Whatever the process: a key ends before it begins again, except where the process that ran it was killed."""
    under_way: dict[str, str] = {}
    for process, what, key in lines:
        if what == "began":
            assert under_way.get(key) in (None, *dead), (process, key)
            under_way[key] = process
        elif under_way.get(key) == process:
            del under_way[key]


def all_at_work(home: Path, workers: list[Popen[str]], engine: Engine, pair_ids: list[int]) -> bool:
    """Whether each worker has begun a run; on a busy machine the others may have taken all that there was."""
    missing = {str(one.pid) for one in workers} - {process for process, _, _ in runs(home / "runs")}
    if missing:
        wake(engine, pair_ids[:5])
    return not missing


def all_done() -> bool:
    return not Pair.objects.filter(~pairs.CLEAN).exists()


def test_what_a_dead_worker_ran_is_taken_up_by_another(postgresql: Config, tmp_path: Path) -> None:
    from crosswalk.engine.procrastinate import ProcrastinateEngine

    home = tmp_path
    config = Config(**{**{name: getattr(postgresql, name) for name in postgresql.__slots__}, "home": home})
    chance, engine, dead = random.Random(11), ProcrastinateEngine(), set[str]()
    integration = make_integration()
    pair_ids = [make_pair(integration, now()).pk for _ in range(PAIRS)]
    (home / "runs").touch()
    with ExitStack() as stack:
        workers = [worker(stack, config) for _ in range(WORKERS)]
        for process in workers:
            ready(process)
        for _ in range(KILLS):
            until(lambda: all_at_work(home, workers, engine, pair_ids), seconds=RECOVERY)
            before = len(runs(home / "runs"))
            wake(engine, chance.sample(pair_ids, PAIRS))
            until(lambda before=before: len(runs(home / "runs")) > before + 5)
            killed = workers.pop(0)
            killed.kill()
            dead.add(str(killed.pid))
            until(all_done, seconds=RECOVERY)
            workers.append(worker(stack, config))
        ready(workers[-1])
        lines = runs(home / "runs")
    assert {what for _, what, _ in lines} == {"began", "ended"}
    assert len({process for process, _, _ in lines}) >= WORKERS
    assert_no_overlap(lines, dead)
    assert {key for _, what, key in lines if what == "ended"} == {pairs.key_of(pair_id) for pair_id in pair_ids}
