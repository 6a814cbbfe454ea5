"""One sandbox for each module of probes. Its clock moves on before every test, so that Cloud's request limits and the
lag of its index are kept without waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..play import Sandbox, playing


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The sandbox of a module, of the flavour that the module names."""
    with playing(request.module.FLAVOUR) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(stage: Sandbox) -> Sandbox:
    stage.clock.advance(60)
    return stage
