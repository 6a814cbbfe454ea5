"""The engine suite on every engine there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.engine_suite import EngineSuite

from crosswalk.config import Config
from crosswalk.engine.port import Engine


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
