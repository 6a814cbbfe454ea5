"""What is looked at before the service works on a database: each thing that is wrong becomes a clear refusal.

Nothing is changed until all of it was looked at. A refusal says what is wrong, where, and what mends it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Final

from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder

from crosswalk.config import Config
from crosswalk.errors import Refused
from crosswalk.store import backup, schema
from crosswalk.store.database import alone, drop_connection, patient
from crosswalk.store.locks import only_one

MADE: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that is right shows a moment before this."""
TRIES: Final = 30
"""How often a change of a table that is in use is tried. A back-up by other means may use all tables for a minute."""
_PAUSE: Final = 1.0
_LOCKED: Final = "lock timeout"
READ_ONLY: Final = "session is read-only"
"""What the connection to a PostgreSQL that takes no writes fails with."""
_PUT_BACK: Final = "Put a back-up in its place: crosswalk restore FILE."
# What the databases say (https://www.sqlite.org/rescode.html, https://www.postgresql.org/docs/current/libpq.html), what
# that means, and what mends it; the first that fits.
_MEANINGS: Final = (
    ("file is not a database", "is not a SQLite database", _PUT_BACK),
    ("malformed", "is damaged", _PUT_BACK),
    ("readonly", "can not be written to", "Look at who owns it, and whether the disk is read-only."),
    ("unable to open", "can not be opened", "Look at who owns it, and whether the disk is read-only."),
    ("disk is full", "has no room left", "Make room on the disk."),
    ("No space left", "has no room left", "Make room on the server's disk."),
    # Also what SQLite says of a quota, or of a limit of the process.
    ("disk I/O", "can not be read or written", "Look at the disk: whether it is full, at a limit of yours, or broken."),
    ("database is locked", "is locked", "Another process writes to it and does not stop: end that one."),
    ("password authentication failed", "does not accept the password", "Look at CROSSWALK_DATABASE_URL."),
    ("does not exist", "is not there", "Make it, or look at CROSSWALK_DATABASE_URL."),
    (READ_ONLY, "only lets itself be read", "Name the server that takes writes, not a copy of it."),
    ("or later is required", "is on a server that is too old", "Use a newer server."),
    ("permission denied", "does not let this user make tables", "Give the user the right: it owns its schema."),
    (_LOCKED, "is in use: its tables can not be changed now", "Start again; nothing was changed."),
    ("failed to resolve", "is on a server of unknown name", "Look at CROSSWALK_DATABASE_URL, and at the name service."),
    ("onnection", "does not answer", "Start the server, or look at CROSSWALK_DATABASE_URL."),
)


def place_of(config: Config) -> str:
    """Where the database is, without its password."""
    found = config.database
    return f"{found.host}:{found.port}/{found.name}" if found.postgres else str(found.path)


@contextmanager
def refusing(config: Config) -> Iterator[None]:
    """What the database says inside becomes a Refused."""
    try:
        yield
    except Error as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        for sign, meaning, remedy in _MEANINGS:
            if sign in str(error):
                raise Refused(f"The database {place_of(config)} {meaning}: {said}.", remedy=remedy) from error
        raise Refused(f"The database {place_of(config)} can not be used: {said}.", remedy=_PUT_BACK) from error


def make_tables(config: Config, now: datetime, tries: int = TRIES) -> None:
    """See that the tables are those of this version. Raises Refused, and then nothing was changed.

    Before tables that hold something are changed, a back-up is made. A change whose table is in use is tried `tries`
    times.
    """
    check_clock(now)
    with refusing(config), alone(config):
        schema.check_encoding()
        used = _is_ours(config)
        if newer := schema.newer():
            raise Refused(
                f"The database {place_of(config)} was used by a newer version of Crosswalk ({newer[-1]}).",
                remedy="Start that version. To go back to this one, restore the back-up that was made before.",
            )
        if missing := schema.missing():
            _change(config, now, missing, tries if used else 0)


def check_clock(now: datetime) -> None:
    """Raises Refused for a clock that was never set: tokens, limits and certificates go by it."""
    if now < MADE:
        raise Refused(
            f"The clock of this machine says {now:%Y-%m-%d %H:%M}, which can not be.",
            remedy="Set it (NTP does), then start again.",
        )


def _is_ours(config: Config) -> bool:
    """Whether Crosswalk worked here before. Raises Refused where only something else did."""
    if any(app == "store" for app, _ in MigrationRecorder(connection).applied_migrations()):
        return True
    if other := schema.foreign():
        raise Refused(
            f"The database {place_of(config)} holds tables of something else, such as {other[0]}.",
            remedy="Name an empty database for Crosswalk.",
        )
    return False


def _change(config: Config, now: datetime, missing: list[str], tries: int) -> None:
    """Make the tables those of this version, or leave them as they are. Without `tries` nobody used them yet."""
    kept = ""
    if not tries:
        call_command("migrate", interactive=False, verbosity=0)
        return
    try:
        with _stopped(config):
            if config.backup:
                first = next((name for name in missing if name.startswith("store ")), missing[0])
                kept = str(backup.before(config, now, first.replace(" ", "-")))
            migrate(tries)
    except Error as error:
        left = schema.missing()
        what = f"The change “{left[0] if left else missing[-1]}” of the tables of {place_of(config)}"
        where = f"Its copy from before is {kept}. " if kept else ""
        if _LOCKED in str(error):
            raise Refused(
                f"{what} was tried {tries} times and taken back: somebody uses the table all the time.",
                remedy="Let a back-up or report that runs there end (pg_stat_activity shows it), then start again.",
            ) from error
        raise Refused(
            f"{what} failed and was taken back: {str(error).splitlines()[0]}.",
            remedy=f"{where}Start the former version (after `crosswalk restore`, if it refuses), and report this.",
        ) from error


def migrate(tries: int, pause: Callable[[float], None] = time.sleep) -> None:
    """Make what is missing, each change as a whole. One whose table is in use steps back and comes again.

    Whoever uses a table stands behind a change that waits for it: so it waits a moment only, `tries` times.
    """
    for left in reversed(range(tries)):
        try:
            with patient():
                call_command("migrate", interactive=False, verbosity=0)
            return
        except Error as error:
            drop_connection()
            if not left or _LOCKED not in str(error):
                raise
            pause(_PAUSE)


@contextmanager
def _stopped(config: Config) -> Iterator[None]:
    """On SQLite no process of the former version works meanwhile; on PostgreSQL any may (docs/how-to/upgrade.md)."""
    if config.database.postgres:
        yield
        return
    with closing(only_one(config.home)):
        yield
