"""A sandbox Jira for each test: Cloud, or both flavours one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.jira.stage import Jira, jira


@pytest.fixture
def cloud() -> Iterator[Jira]:
    """Jira Cloud without issues."""
    with jira("cloud") as server:
        yield server


@pytest.fixture(params=["cloud", "dc"])
def each(request: pytest.FixtureRequest) -> Iterator[Jira]:
    """Jira Cloud, then Jira Data Center."""
    with jira(request.param) as server:
        yield server
