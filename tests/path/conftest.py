"""A whole installation per test, on either flavour of Jira."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.path.system import System, running


@pytest.fixture(params=["cloud", "dc"])
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    """Both sandboxes and an integration, enabled; Jira Cloud and Jira Data Center."""
    with running(request.param) as found:
        yield found


@pytest.fixture
def cloud() -> Iterator[System]:
    """The same on Jira Cloud alone."""
    with running("cloud") as found:
        yield found
