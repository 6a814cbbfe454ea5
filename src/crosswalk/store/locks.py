"""A lock on a file, which ends with the process that holds it. Knows files; not what they keep others from."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from crosswalk.config import FILE
from crosswalk.errors import Refused


def only_one(home: Path) -> TextIO:
    """The lock of whoever works on the SQLite database of `home`, or changes it. A link may lead to it from several."""
    return take_lock(lock_of(home))


def lock_of(home: Path) -> Path:
    """The file that is locked then."""
    return (home / FILE).resolve().parent / "engine.lock"


def take_lock(path: Path) -> TextIO:
    """The file `path`, locked until it is closed or the process ends, however it ends."""
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        other = file.read().strip() or "unknown"
        file.close()
        raise Refused(
            f"Another Crosswalk process (number {other}) does the work of {path.parent} already.",
            remedy="Stop that process first, or set CROSSWALK_HOME to another folder.",
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
