"""A sandbox Jira for each test: Cloud, or both flavours one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.jira.stage import Jira


@pytest.fixture
def cloud() -> Iterator[Jira]:
    """Jira Cloud without issues."""
    yield from _server("cloud")


@pytest.fixture(params=["cloud", "dc"])
def each(request: pytest.FixtureRequest) -> Iterator[Jira]:
    """Jira Cloud, then Jira Data Center."""
    yield from _server(request.param)


def _server(flavour: str) -> Iterator[Jira]:
    # The fast tier reads this file too, and has no use for a whole sandbox.
    from tests.jira.stage import jira

    with jira(flavour) as server:
        yield server
