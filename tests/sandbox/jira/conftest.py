from __future__ import annotations

from collections.abc import Iterator

import pytest

from .play import Sandbox, playing


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A stand-in Jira with the demo seed, once for each flavour."""
    with playing(request.param) as sandbox:
        yield sandbox


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    with playing("cloud") as sandbox:
        yield sandbox


@pytest.fixture
def dc() -> Iterator[Sandbox]:
    with playing("dc") as sandbox:
        yield sandbox


@pytest.fixture(scope="module", params=["cloud", "dc"])
def shared_jira(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """One stand-in for a whole module of tests that only read."""
    with playing(request.param) as sandbox:
        yield sandbox
