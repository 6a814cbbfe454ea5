"""The migrated, empty SQLite database: made once, by whichever process needs it first, and copied by all that follow.

It lies in var/, named after what decides its tables: the migrations, the lock, this Python. Knows no Django.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "tests"


@functools.cache
def _path() -> Path:
    known = hashlib.sha256(sys.version.encode())
    for path in (ROOT / "requirements" / "dev.txt", *sorted((ROOT / "src").rglob("migrations/*.py"))):
        known.update(path.name.encode() + path.read_bytes())
    return FOLDER / f"template-{known.hexdigest()[:20]}.sqlite3"


def kept(make: Callable[[Path], None]) -> Path:
    """The database; `make` is given a path to make it at, where nobody did. Whoever comes meanwhile waits."""
    path = _path()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            fresh = FOLDER / f"{os.getpid()}.sqlite3"
            make(fresh)
            with closing(sqlite3.connect(fresh)) as made:
                made.execute("PRAGMA journal_mode=DELETE")  # one file, whatever is copied when
            for old in FOLDER.glob("template-*"):
                old.unlink()
            fresh.rename(path)
    return path


def lay(home: Path) -> None:
    """Give a home a database with every table, where one is at hand; else the service makes its tables itself."""
    if _path().exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_path(), home / "crosswalk.sqlite3")
