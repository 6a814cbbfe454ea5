"""Work that nobody waits for gives way to what somebody waits for, in this process: they share one interpreter, and on
SQLite one writer. A load is a thread that computes and writes without pause; a run is short.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from crosswalk.remote.budget import hurried

LONGEST = 0.5
"""Seconds for which a step gives way at most: what is never quiet must not keep a load from its end."""
_ours: ContextVar[bool] = ContextVar("ours", default=False)
_changed = threading.Condition()
_going: set[object] = set()


@contextmanager
def first() -> Iterator[None]:
    """Inside, whatever is unhurried in other threads gives way."""
    mine, before = object(), _ours.set(True)
    with _changed:
        _going.add(mine)
    try:
        yield
    finally:
        _ours.reset(before)
        with _changed:
            _going.discard(mine)
            _changed.notify_all()


def give_way(longest: float = LONGEST) -> None:
    """Before a step of unhurried work, where nothing of it is under way: wait until nothing goes first.

    At most `longest` seconds; whatever is hurried just goes on.
    """
    if not _going or hurried() or _ours.get():
        return
    with _changed:
        _changed.wait_for(lambda: not _going, longest)
