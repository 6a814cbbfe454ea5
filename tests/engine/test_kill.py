"""`kill -9` of a real process, then a restart: work goes on, nothing is lost, no key runs twice at a time."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.contract.engine_suite import until
from tests.fixtures_store import make_integration, make_pair
from tests.processes import environment, python

from crosswalk.config import Config
from crosswalk.engine.embedded import EmbeddedEngine
from crosswalk.engine.sweep import PAIR
from crosswalk.store import pairs
from crosswalk.store.models import Job, Pair

pytestmark = pytest.mark.acceptance
PAIRS, KILLS = 30, 4


def now() -> datetime:
    return datetime.now(UTC)


def wake_some(engine: EmbeddedEngine, pair_ids: list[int], chance: random.Random) -> None:
    """Events from another process: some are enqueued, some wake-ups are lost on the way and left to the sweep."""
    for pair_id in chance.sample(pair_ids, 10):
        pairs.mark_dirty([pair_id], now())
        if chance.random() < 0.8:
            engine.enqueue(pairs.key_of(pair_id), PAIR)


def runs(path: Path) -> list[list[str]]:
    return [line.split(" ", 2) for line in path.read_text().splitlines()]


def assert_no_overlap(lines: list[list[str]]) -> None:
    """Within one process a key ends before it begins again."""
    under_way: Counter[tuple[str, str]] = Counter()
    for process, what, key in lines:
        under_way[process, key] += 1 if what == "began" else -1
        assert under_way[process, key] in (0, 1), (process, key)


def test_nothing_is_lost_when_the_process_is_killed_again_and_again(database: Config) -> None:
    chance, home = random.Random(7), database.home
    integration = make_integration()
    pair_ids = [make_pair(integration, now()).pk for _ in range(PAIRS)]
    (home / "runs").touch()
    engine = EmbeddedEngine(home)
    for kill in range(KILLS):
        with python("tests.engine.worker_process", [], environment(database)) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            wanted = len(runs(home / "runs")) + 3 * kill
            wake_some(engine, pair_ids, chance)
            until(lambda wanted=wanted: len(runs(home / "runs")) > wanted)
            process.kill()
    wake_some(engine, pair_ids, chance)
    with python("tests.engine.worker_process", [], environment(database)) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        # Longer than a sweep takes to come round: what was marked but not enqueued is found by it.
        until(lambda: not Job.objects.exists() and not Pair.objects.filter(~pairs.CLEAN).exists(), seconds=180)
        with python("tests.engine.worker_process", [], environment(database)) as second:
            assert second.stdout
            said = second.stdout.read()
            assert second.wait(60) == 3
            assert f"Another Crosswalk process (number {process.pid})" in said
    lines = runs(home / "runs")
    assert {what for _, what, _ in lines} == {"began", "ended"}
    assert_no_overlap(lines)
    assert {key for _, what, key in lines if what == "ended"} == {pairs.key_of(pair_id) for pair_id in pair_ids}
