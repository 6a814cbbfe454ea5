"""Django, set up for tests in a throw-away home, and quick fresh databases. Import this before any model.

`on_sqlite` and `on_postgresql` give one test a database of its own: migrated once, then copied.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import django
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.db import connections

from crosswalk.config import Config
from crosswalk.store.database import databases
from tests import again, postgres, template
from tests.processes import LOOPBACK, settings_at

HOME = Path(tempfile.mkdtemp(prefix="crosswalk-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("CROSSWALK_")]:
    del os.environ[name]
os.environ["CROSSWALK_HOME"] = str(HOME)
os.environ["CROSSWALK_ALLOW_PRIVATE"] = LOOPBACK
os.environ["DJANGO_SETTINGS_MODULE"] = "crosswalk.web.settings"
django.setup()

# A guess at a password shall take long; tests make many. How strong it is for people stands in `web/settings.py`.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1

_numbers = itertools.count(1)
_kept: list[again.Again] = []
"""The empty database on PostgreSQL that nobody uses now."""


@contextmanager
def using(database: dict[str, Any]) -> Iterator[None]:
    """Django on `database` (one entry of DATABASES) in every thread; all threads of the test must end within."""
    before = connections.settings["default"]
    connections["default"].close()
    _switch(connections.configure_settings({"default": database})["default"])
    try:
        yield
    finally:
        connections["default"].close()
        _switch(before)


def _switch(database: dict[str, Any]) -> None:
    connections.settings["default"] = database
    with suppress(AttributeError):
        del connections["default"]


@contextmanager
def on_sqlite(path: Path | None = None, template: Path | None = None) -> Iterator[Config]:
    """A fresh migrated SQLite database at `path` (default: below HOME): real settings, but no waiting for the disk.

    With `template` it is a copy of that file.
    """
    path = path or HOME / str(next(_numbers)) / "crosswalk.sqlite3"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(template or _sqlite_template(), path)
    config = settings_at(path.parent)
    try:
        with using(_quick(path)):
            yield config
    finally:
        for beside in path.parent.glob(f"{path.name}*"):
            beside.unlink()


@contextmanager
def on_postgresql(*, bare: bool = False) -> Iterator[Config]:
    """A fresh migrated database (or a `bare` one) on the throw-away PostgreSQL server.

    Skips or fails as tests/postgres.py says.
    """
    server = postgres.server()
    name = f"test_{next(_numbers)}"
    server.create(name, template="template0" if bare else postgresql_template())
    config = settings_at(HOME, CROSSWALK_DATABASE_URL=server.url(name))
    try:
        with using(databases(config)["default"]):
            yield config
    finally:
        server.drop(name)


@contextmanager
def on_postgresql_again() -> Iterator[Config]:
    """The same for tests whose threads and processes end within: the database is emptied, and the next one uses it."""
    server = postgres.server()
    found = _kept.pop() if _kept else again.made(server, f"test_{next(_numbers)}", postgresql_template())
    config = settings_at(HOME, CROSSWALK_DATABASE_URL=server.url(found.name))
    kept = False
    try:
        with using(databases(config)["default"]):
            yield config
        kept = found.clear(server)
    finally:
        if kept:
            _kept.append(found)
        else:
            server.drop(found.name)


def _quick(path: Path) -> dict[str, Any]:
    database = databases(settings_at(path.parent))["default"]
    options = database["OPTIONS"]
    start = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    return {**database, "NAME": str(path), "OPTIONS": {**options, "init_command": start}}


@functools.cache
def _sqlite_template() -> Path:
    def make(path: Path) -> None:
        with using(_quick(path)):
            call_command("migrate", verbosity=0)

    return template.kept(make)


@functools.cache
def postgresql_template() -> str:
    """The name of a database with every table and no row, to copy."""
    server, name = postgres.server(), "template_crosswalk"
    server.create(name)
    config = settings_at(HOME, CROSSWALK_DATABASE_URL=server.url(name))
    with using(databases(config)["default"]):
        call_command("migrate", verbosity=0)
    return name
