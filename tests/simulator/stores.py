"""Where a world keeps what outlives its process: SQLite in memory, or a PostgreSQL server."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import structlog

from crosswalk.store.database import databases
from tests import django_setup, postgres
from tests.processes import settings_at

WORLD = "simulator"


class Told(Protocol):
    """What tells of commits."""

    told: Callable[[], None]
    total_changes: int

    @property
    def in_transaction(self) -> bool:
        """Whether what was written may still be undone."""
        ...


class Watched(sqlite3.Connection):
    """A connection to SQLite that tells of each commit."""

    told: Callable[[], None] = staticmethod(lambda: None)

    def commit(self) -> None:
        """See sqlite3.Connection."""
        super().commit()
        self.told()


class InMemory:
    """SQLite in this process's memory: a fork has all of it."""

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Django on a migrated database."""
        from django.db import connection

        _quiet()
        settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        settings |= {"CONN_MAX_AGE": None, "OPTIONS": {"transaction_mode": "IMMEDIATE", "factory": Watched}}
        with django_setup.on_sqlite(), suppress(sqlite3.Error):
            template = sqlite3.connect(":memory:")
            connection.ensure_connection()
            connection.connection.backup(template)
        with django_setup.using(settings):
            connection.ensure_connection()
            template.backup(connection.connection)
            yield

    def watched(self) -> Told:
        """What tells of commits."""
        from django.db import connection

        found: Watched = connection.connection
        return found

    def forget(self) -> None:
        """The process that was in the store is dead: what it had not committed is undone."""
        _outside()
        self._raw().rollback()

    def leave(self) -> None:
        """Forks follow."""

    @contextmanager
    def copied(self) -> Iterator[None]:
        """This fork is in a store of its own."""
        yield

    def _raw(self) -> Any:
        from django.db import connection

        return connection.connection


class OnServer:
    """A database on the tests' PostgreSQL server; each fork has a copy of it."""

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Django on a migrated database."""
        _quiet()
        server = postgres.server()
        server.create(WORLD, template=django_setup.postgresql_template())
        config = settings_at(django_setup.HOME, CROSSWALK_DATABASE_URL=server.url(WORLD))
        settings = {**databases(config)["default"], "ENGINE": "tests.simulator.postgresql"}
        try:
            with django_setup.using({**settings, "CONN_HEALTH_CHECKS": False}):
                yield
        finally:
            server.drop(WORLD)

    def watched(self) -> Told:
        """What tells of commits."""
        from django.db import connections

        found: Any = connections["default"]
        found.ensure_connection()
        told: Told = found
        return told

    def forget(self) -> None:
        """The process that was in the store is dead: its connection is gone, and the server undoes the rest."""
        from django.db import connection

        _outside()
        connection.close()
        connection.ensure_connection()

    def leave(self) -> None:
        """Forks follow: nobody may be in what is copied, and two processes can not share a connection."""
        from django.db import connection

        connection.close()

    @contextmanager
    def copied(self) -> Iterator[None]:
        """This fork is in a store of its own."""
        from django.db import connection

        server, name = postgres.server(), f"{WORLD}_{os.getpid()}"
        server.create(name, template=WORLD)
        connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        try:
            yield
        finally:
            connection.close()
            server.drop(name)


Store = InMemory | OnServer


def _outside() -> None:
    """Django takes itself to be in no transaction."""
    from django.db import connection

    connection.in_atomic_block = connection.needs_rollback = False
    connection.savepoint_ids, connection.run_on_commit, connection.atomic_blocks = [], [], []
    connection.autocommit = True


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
