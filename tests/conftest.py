"""Every run draws the same examples, so that a red test is red for everybody. Which tier a test is in is marked here.

| marker | needs | |
|---|---|---|
| (none) | nothing: the fast tier, `./run fast` | values, tables, wire formats, the story in memory |
| slow | seconds of one core | state machines, laws with many examples, reach |
| servers | sandboxes or other loopback servers | |
| postgres, pages, acceptance | PostgreSQL, Chromium, processes | marked where they stand |
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")

HERE = Path(__file__).parent
SERVERS = ("path", "sandbox", "contract", "web", "pages", "acceptance", "engine")
SLOW = ("test_machine.py", "test_reach.py", "test_laws.py", "test_any_input.py", "test_golden.py", "test_budget.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its tier, by where it stands; page tests come last.

    The browser's driver keeps an event loop alive in the main thread, where Django then refuses to ask the database.
    """
    items.sort(key=lambda item: "pages" in item.path.relative_to(HERE).parts)
    for item in items:
        place = item.path.relative_to(HERE)
        if place.parts[0] in SERVERS or place.name in ("test_client.py", "test_side.py", "test_setup.py"):
            item.add_marker(pytest.mark.servers)
        if place.name in SLOW:
            item.add_marker(pytest.mark.slow)
