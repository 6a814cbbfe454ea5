"""The engine suite on every engine there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.engine_suite import EngineSuite

from crosswalk.config import Config
from crosswalk.engine.port import Engine
from crosswalk.engine.process import utc_now


class TestEmbeddedEngine(EngineSuite):
    """Threads and the table `Job`."""

    @pytest.fixture
    def engine(self, database: Config, tmp_path: Path) -> Iterator[Engine]:
        from crosswalk.engine.embedded import EmbeddedEngine

        engine = EmbeddedEngine(tmp_path, threads=self.slots)
        yield engine
        assert engine.stop(60)


class TestProcrastinateEngine(EngineSuite):
    """procrastinate's queue on PostgreSQL."""

    quick = 0.4

    @pytest.fixture
    def engine(self, postgresql: Config) -> Iterator[Engine]:
        from crosswalk.engine.procrastinate import ProcrastinateEngine

        engine = ProcrastinateEngine(threads=self.slots)
        yield engine
        assert engine.stop(60)

    def test_a_round_that_comes_once_a_day_comes_once_a_day(self, engine: Any) -> None:
        engine.every(86_400, "round", "work")
        engine.enqueue("round", "work", delay=86_400)
        engine.enqueue("other", "work", delay=86_400)
        engine._sweep()
        assert [job.key for job in engine.list() if job.due_at > utc_now()] == ["round"]
