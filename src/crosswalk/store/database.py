"""How the database is opened. Knows Django's setting format and the two databases; nothing of what is kept in them."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from crosswalk.config import Config
from crosswalk.errors import Refused
from crosswalk.store.locks import lock_of

# FULL, because NORMAL may lose the last commits when the power fails
# (https://www.sqlite.org/pragma.html#pragma_synchronous), and a lost commit here could double a create.
_SQLITE_START = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def databases(config: Config) -> dict[str, dict[str, Any]]:
    """Django's DATABASES for `config`: SQLite in the home folder, or PostgreSQL through psycopg.

    SQLite transactions begin IMMEDIATE, so that a transaction that reads and then writes waits its turn (up to 20 s)
    instead of failing with "database is locked"
    (https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-transaction-behavior).
    Connections are kept open per thread and checked before they are used again.
    """
    database = config.database
    if not database.postgres:
        return {
            "default": {
                "ENGINE": "crosswalk.store.sqlite",
                "NAME": str(database.path),
                "CONN_MAX_AGE": None,
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_START},
            }
        }
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": database.host,
            "PORT": str(database.port),
            "NAME": database.name,
            "USER": database.user,
            "PASSWORD": database.password,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            # A connection that was opened while the server only let itself be read (its disk all but full, or another
            # one taking over) may stay so for ever: none is opened then, and the next try finds a server that writes.
            "OPTIONS": {"connect_timeout": 10, "target_session_attrs": "read-write", **dict(database.encryption)},
        }
    }


_MIGRATING: Final = 0x43726F7373  # any number nobody else locks in this database


class EngineTables:
    """Django's router: procrastinate's tables and functions are made on PostgreSQL alone, the only place they work."""

    def allow_migrate(self, db: str, app_label: str, **_: object) -> bool | None:
        """See https://docs.djangoproject.com/en/5.2/topics/db/multi-db/#allow_migrate."""
        return connections[db].vendor == "postgresql" if app_label == "procrastinate" else None


_ASKED_AGAIN: Final = 0.2


def _taken(line: BaseDatabaseWrapper) -> bool:
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_MIGRATING])
        return bool(cursor.fetchone()[0])


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """One process at a time on this database: several that start together must not all make its tables.

    A lock of the server's on PostgreSQL, which ends with a connection of its own: a change that fails takes the usual
    one with it. Who waits asks again and again: a statement that waits inside the server has a view of the tables, for
    whose end CREATE INDEX CONCURRENTLY would wait for ever. On SQLite a lock on a file beside it.
    """
    if config.database.postgres:
        with closing(connections["default"].copy()) as line:
            while not _taken(line):
                time.sleep(_ASKED_AGAIN)
            yield
        return
    with (config.home / MIGRATE_LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


MIGRATE_LOCK: Final = "migrate.lock"
LEAST: Final = 32 * 1024 * 1024
"""Bytes that must be free where the home folder is."""


def prepare_home(config: Config, free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free) -> None:
    """Make the home folder, readable by its owner alone, where it is not there yet, and see that it can be used.

    Raises Refused where it can not be written to, or the disk is all but full.
    """
    try:
        config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not config.database.postgres:
            _own(config.database.path)
        with tempfile.TemporaryFile(dir=config.home) as probe:
            probe.write(bytes(4096))
            probe.flush()
        left = free(config.home)
    except OSError as error:
        raise Refused(
            f"The home folder {config.home} can not be written to: {error.strerror or error}.",
            remedy="Look at who owns it and whether its disk is read-only or full, or set CROSSWALK_HOME elsewhere.",
        ) from None
    if left < LEAST:
        raise Refused(
            f"{left // 1024**2} MB are free where the home folder {config.home} is; {LEAST // 1024**2} are needed.",
            remedy="Make room, or set CROSSWALK_HOME to a folder on another disk.",
        )
    if not config.database.postgres:
        _check_files(config)


def _check_files(config: Config) -> None:
    """Raises Refused for a file of another user: somebody began as root, and the service goes on as its own user."""
    file = config.database.path
    beside = [file.with_name(f"{file.name}-{end}") for end in ("wal", "shm")]
    for one in (file, *beside, config.home / MIGRATE_LOCK, lock_of(config.home)):
        if one.exists() and not os.access(one, os.R_OK | os.W_OK):
            raise Refused(
                f"The file {one} can not be written to: it is {_owner(one)}'s.",
                remedy="Give all that is in the home folder to the user whom Crosswalk runs as (chown).",
            )


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def _own(path: Path) -> None:
    """Have an SQLite database readable by its owner alone, also in a home folder that somebody else made.

    SQLite gives what it puts beside the file the file's own rights (findCreateFileMode in its os_unix.c).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for file in (path, *(path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))):
        # Gone again, or another user's: then it is not ours to close.
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


@contextmanager
def patient(seconds: float = 1.0) -> Iterator[None]:
    """Inside, a change of a table waits at most `seconds` for those who use it: everybody else waits behind it.

    After a failure inside, the connection is to be dropped.
    """
    if connections["default"].vendor != "postgresql":
        yield
        return
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(seconds * 1000)}ms"])
    yield
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '0', false)")


def drop_connection() -> None:
    """Have this thread's next statement begin on a new connection.

    Where what Django puts off until the end of a migration fails, it leaves the transaction open
    (`BaseDatabaseSchemaEditor.__exit__`); that connection answers nothing any more.
    """
    connections["default"].close()
    del connections["default"]
