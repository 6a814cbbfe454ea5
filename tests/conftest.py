"""Every run draws the same examples, so that a red test is red for everybody. Which tier a test is in is marked here.

| marker | needs | |
|---|---|---|
| (none) | nothing: the fast tier, `./run fast` | values, tables, wire formats, the story in memory |
| slow | seconds of one core | state machines, laws with many examples, reach |
| servers | sandboxes or other loopback servers, or a database | |
| postgres, pages, acceptance | PostgreSQL, Chromium, processes | marked where they stand |
"""

from __future__ import annotations

import functools
import gc
import inspect
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.fewer_words import use_them
from tests.left_out import left_out
from tests.loopback import guard
from tests.official import documents
from tests.official.watch import FINDINGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("fast", settings.get_profile("fixed"), max_examples=20)

# Hypothesis mixes constants of whatever project modules are loaded by then into what it draws, so that an example would
# depend on which tests a process ran before. There is no setting for it: they are none here.
providers._get_local_constants = providers.Constants

HERE = Path(__file__).parent
guard()
# Tests speak to this machine alone, and name the authority where there is one. The machine's own list is long, and each
# HTTP client would read it anew: it is looked for in a folder that has none.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(HERE)
# What httpx2 waits for an answer where a test does not say, in place of five seconds: the machine may be busy.
PATIENCE: httpx2.Timeout = inspect.signature(httpx2.get).parameters["timeout"].default
PATIENCE.connect = PATIENCE.read = PATIENCE.write = PATIENCE.pool = 60.0
SERVERS = (
    "path",
    "sandbox",
    "contract",
    "web",
    "pages",
    "acceptance",
    "engine",
    "docs",
    "aha_extension",
    "store",
    "simulator",
    "scaled",
)
SERVING = (
    "test_client.py",
    "test_side.py",
    "test_pace.py",
    "test_setup.py",
    "test_sweep.py",
    "test_rare.py",
    "test_versions.py",
    "test_watching.py",
)
SLOW = (
    "test_machine.py",
    "test_reach.py",
    "test_laws.py",
    "test_any_input.py",
    "test_words.py",
    "test_golden.py",
    "test_budget.py",
    "test_graphql.py",
)
APART = ("slow", "servers", "postgres", "pages", "acceptance")
LONG = (
    ("path", "matrix"),
    ("path", "live"),
    ("docs", "test_backup.py"),
    ("engine", "test_kill.py"),
    ("simulator", "test_reach.py"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--fast`: the fast tier alone. Folders that hold nothing of it are not even read."""
    parser.addoption("--fast", action="store_true", help="the fast tier alone")


def pytest_configure(config: pytest.Config) -> None:
    """The fast tier draws a fifth of the examples; before any test is read, because each takes its number then."""
    settings.load_profile("fast" if config.getoption("--fast") else "fixed")
    if config.getoption("dist", "no") == "no":  # what shares tests out starts processes of tests, which need all
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HERE / "without"), os.environ.get("PYTHONPATH"))))
    use_them(config)
    # Thousands of tests and the vendors' documents are held to the end: looking through them again and again for
    # garbage takes a twentieth of a run.
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """pytest looks through everything five times at the end, for what complains when it is let go of: once will do."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is not in the chosen tier; None lets others decide."""
    parts = collection_path.relative_to(HERE).parts if collection_path.is_relative_to(HERE) else ()
    slow = parts[:1] and (parts[0] in SERVERS or parts[-1] in (*SERVING, *SLOW))
    return True if slow and config.getoption("--fast") else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test with its tier, by where it stands: now, because `-m` chooses before anything is put in order."""
    for marker in _tiers(item.path):
        item.add_marker(marker)


@functools.cache
def _tiers(path: Path) -> tuple[pytest.MarkDecorator, ...]:
    place = path.relative_to(HERE)
    serving = place.parts[0] in SERVERS or place.name in SERVING
    return (*([pytest.mark.servers] if serving else ()), *([pytest.mark.slow] if place.name in SLOW else ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests come first, tests of pages last.

    The browser's driver keeps an event loop alive in the main thread, where Django then refuses to ask the database.
    With a long test at the end one core would work and the others wait.
    """
    if config.getoption("--fast"):
        items[:] = [item for item in items if not any(map(item.get_closest_marker, APART))]
    items.sort(key=lambda item: (item.get_closest_marker("pages") is not None, not _long(item.path)))


@functools.cache
def _long(path: Path) -> bool:
    place = path.relative_to(HERE)
    return place.parts[:2] in LONG or place.name in SLOW


# The shell is Chromium without windows of its own, which nobody sees here: tests of pages take a quarter less in it.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # windows of one person share a renderer: see pages/windows.py
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a run; without one the tests are left out loudly, and fail under CI."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        raise left_out("every page test", "there is no Chromium", f"apt-get install {CHROMIUMS[0]}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS, timeout=30_000)
        yield opened
        opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test fails when one of its exchanges with a sandbox does not fit the vendor's document."""
    result = yield
    _all_fits()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """The same for the exchanges of its fixtures."""
    result = yield
    _all_fits()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """And of what its fixtures do at their end."""
    result = yield
    _all_fits()
    return result


def _all_fits() -> None:
    if wrong := FINDINGS.take():
        some = "\n".join(dict.fromkeys(wrong[:20]))
        pytest.fail(f"{len(wrong)} times, an exchange with a sandbox does not fit its document:\n{some}", pytrace=False)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was not looked at."""
    documents.tell(terminalreporter.write_line)
