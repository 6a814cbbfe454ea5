"""A whole installation per test, on either flavour of Jira."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosswalk.merge.records import Ref
from tests.path.files import Desk
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


@pytest.fixture
def ref(system: System) -> Ref:
    """A feature that was sent; it has no files."""
    found = system.feature("Bell", description="<p>Loud</p>")
    assert system.send(found).state == "agreed"
    return found


@pytest.fixture
def desk(system: System, ref: Ref) -> Iterator[Desk]:
    """The files of that feature and of its issue."""
    found = Desk(system, ref)
    yield found
    found.close()
