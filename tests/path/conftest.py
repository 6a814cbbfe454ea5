"""A whole installation per test, on either flavour of Jira.

What touches requests, fields and formats is proven on Jira Cloud and on Jira Data Center each (BOTH, and the sides'
contract in tests/contract), and so is what people are told of a field that a side does not take; every event on every
row, people, files and what can not be carried among them, by tests/path/matrix. What is decided in merge, sync, store
and web is proven on one of the two in the whole run: by turns, so that each file meets both. Whoever names a file or a
folder gets every test on both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from crosswalk.merge.records import Ref
from tests.path.files import Desk
from tests.path.system import System, running

HERE = Path(__file__).parent
FLAVOURS = ("cloud", "dc")
BOTH = {
    "live",
    "matrix",
    "test_comments.py",
    "test_descriptions.py",
    "test_field_errors.py",
    "test_field_files.py",
    "test_fields.py",
    "test_hierarchy.py",
    "test_path.py",
    "test_pictures.py",
    "test_setup_steps.py",
    "test_types.py",
}
DECIDED = ("test_every_direction_is_kept_to",)
"""Tests of those that merge decides; each event on each field is played on both flavours beside them."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave one flavour of each test that is not about them, where the whole run was asked for."""
    if [config.rootpath / argument for argument in config.args] == [HERE.parent]:
        items[:] = [item for item in items if _its_turn(item)]


def _its_turn(item: pytest.Item) -> bool:
    given = getattr(getattr(item, "callspec", None), "params", {})
    found = given.get("system") or given.get("shared")
    if found is None or not item.path.is_relative_to(HERE):
        return True
    if item.path.relative_to(HERE).parts[0] in BOTH and not item.name.startswith(DECIDED):
        return True
    name = item.nodeid.replace("dc", "cloud")
    return found == FLAVOURS[crc32(name.encode()) % 2]


@pytest.fixture(params=FLAVOURS)
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
