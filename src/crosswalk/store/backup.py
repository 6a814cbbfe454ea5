"""Copies of the database, and the way back. Knows the two databases' own tools; nothing of what is kept in them.

A copy of SQLite is made by SQLite's own back-up (https://www.sqlite.org/backup.html), one of PostgreSQL by pg_dump. The
keys are not in it: whoever has both can act as people in Aha! and Jira.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection, connections

from crosswalk.config import Config, Database
from crosswalk.errors import Refused
from crosswalk.store.locks import only_one

KEPT: Final = 5
"""Of so many changes of the tables the copies from before are kept; older ones go."""
_BEFORE: Final = "before-"
_PART: Final = ".part"
_MOMENT: Final = re.compile(r"-\d{8}-\d{6}\.\w+$")


def name_for(config: Config, now: datetime, why: str = "") -> Path:
    """Where a copy of this moment goes."""
    ending = "dump" if config.database.postgres else "sqlite3"
    return config.backups / f"{_BEFORE if why else ''}{why}{'-' if why else ''}{now:%Y%m%d-%H%M%S}.{ending}"


def before(config: Config, now: datetime, change: str) -> Path:
    """A copy before the tables are changed by `change`. Raises Refused where there can be none."""
    made = write(config, name_for(config, now, change))
    for half in config.backups.glob(f"{_BEFORE}*{_PART}*"):  # of a start that was killed, with SQLite's own file of it
        half.unlink()
    for path in _too_many(config.backups.glob(f"{_BEFORE}*")):
        path.unlink()
    return made


def _too_many(copies: Iterable[Path]) -> Iterator[Path]:
    """Those of `copies` that are to go: all but the first and the last one of each of the last changes.

    A change that fails, or is killed, is begun with each start, and whatever keeps the service up starts it again and
    again: the copy of what no change has touched yet would be the first to go.
    """
    of: dict[str, list[Path]] = {}
    for path in sorted(copies, key=lambda path: path.stat().st_mtime):
        change = _MOMENT.sub("", path.name)
        of[change] = [*of.pop(change, []), path]
    groups = list(of.values())
    for group in groups[:-KEPT]:
        yield from group
    for group in groups[-KEPT:]:
        yield from group[1:-1]


def write(config: Config, path: Path) -> Path:
    """Copy the database to the new file `path`, while others use it. Raises Refused where that fails."""
    if path.exists():
        raise Refused(f"{path} is there already.", remedy="Name another file.")
    with _whole(path, f"No back-up could be written to {path}") as beside:
        if config.database.postgres:
            _run("pg_dump", config.database, "--format=custom", f"--file={beside}")
        else:
            _copy(config.database.path, beside)
    return path


_REMEDY: Final = "Make room there, or look at who may write there."


@contextmanager
def _whole(path: Path, fault: str) -> Iterator[Path]:
    """A new file beside `path`, which becomes `path` once all is in it. Raises Refused, saying `fault` and why."""
    beside = path.with_name(f"{path.name}{_PART}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield beside
        beside.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise Refused(f"{fault}: {_words(error)}.", remedy=_REMEDY) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def _words(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")


def _copy(source: Path, target: Path) -> None:
    """What stands in `source`, with all that was committed, into `target`; whole or not at all."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as one,
        closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other)
        other.execute("PRAGMA journal_mode=DELETE")  # a single file, whoever copies it on


_REMEDIES: Final = {
    "pg_dump": "It must be at least as new as the server. Or back up by other means and set CROSSWALK_BACKUP=no.",
    "pg_restore": "Nothing was restored. See that the copy is whole, and that pg_restore is as new as what made it.",
}


def _run(program: str, database: Database, *arguments: str) -> None:
    """Run a program of PostgreSQL's on `database`; the password does not stand among its arguments."""
    found = shutil.which(program)
    if found is None:
        raise Refused(
            f"The program {program} is not here, and a back-up needs it.",
            remedy="Install PostgreSQL's client programs, or back up by other means and set CROSSWALK_BACKUP=no.",
        )
    env = {**os.environ, **{f"PG{name.upper()}": value for name, value in database.encryption}}
    if database.password:
        env["PGPASSWORD"] = database.password
    place = [f"--host={database.host}", f"--port={database.port}", f"--username={database.user}"]
    done = subprocess.run(
        [found, *place, f"--dbname={database.name}", "--no-password", *arguments],
        check=False,
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        room = any(sign in said for sign in ("No space left", "File too large", "quota", "Permission denied"))
        what = said.removeprefix(f"{program}: error: ").rstrip(".")
        raise Refused(f"{program} failed: {what}.", remedy=_REMEDY if room else _REMEDIES[program])


def restore(config: Config, path: Path, aside: Path) -> Path | None:
    """Put the copy `path` in the database's place; gives where the present one was put, None where there was none.

    Raises Refused where the service runs, where the copy is none, or on PostgreSQL where the database is not empty.
    """
    if config.database.postgres:
        if connection.introspection.table_names():
            raise Refused(
                "The database is not empty.", remedy="Make an empty one and name it in CROSSWALK_DATABASE_URL."
            )
        connections.close_all()
        _run("pg_restore", config.database, "--no-owner", "--single-transaction", "--exit-on-error", str(path))
        return None
    _check_copy(path)
    connections.close_all()
    with closing(only_one(config.home)):
        there = config.database.path.resolve()
        try:
            kept = write(config, aside) if there.exists() and there.stat().st_size else None
        except Refused as refused:
            if not _unreadable(refused.__cause__):
                raise
            return _replaced(there, aside, path)
        try:
            _copy(path, there)
        except (OSError, sqlite3.Error) as error:
            raise Refused(f"{there} was not replaced: {_words(error)}.", remedy=_REMEDY) from None
    return kept


def _unreadable(error: BaseException | None) -> bool:
    """Whether SQLite can not even copy what is there: just then somebody puts a back-up in its place."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF in (
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_CORRUPT,
    )


def _replaced(there: Path, aside: Path, path: Path) -> Path:
    """Put the copy `path` in the place of what can not be read, whose files go to `aside` as they are."""
    with _whole(there, f"{there} was not replaced") as beside:
        _copy(path, beside)
        # What stands beside goes first: SQLite would take it for a part of the new file.
        for end in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                shutil.move(there.with_name(f"{there.name}{end}"), aside.with_name(f"{aside.name}{end}"))
    return aside


def _check_copy(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as found:
            whole = found.execute("PRAGMA integrity_check").fetchone()[0]
            ours = found.execute("SELECT count(*) FROM sqlite_master WHERE name = 'store_pair'").fetchone()[0]
    except sqlite3.Error as error:
        raise Refused(f"{path} is not a copy of a database: {_words(error)}.", remedy="Name another file.") from None
    if whole != "ok" or not ours:
        why = "it is damaged" if whole != "ok" else "it is not Crosswalk's"
        raise Refused(f"{path} can not be restored: {why}.", remedy="Name another file.")
