"""Records as they were a while ago, for reads that are stale and lists that lag behind where a fault says so.

Aha! itself promises neither; whoever works with it through a cache or a replica meets both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crosswalk_sandbox.aha.state import Record

KEPT = 20
Kind = Literal["lag", "stale"]


def _never(_kind: Kind, _method: str, _path: str) -> float:
    return 0.0


class Past:
    """The last states of each record that was changed; `faults` says how far back a request sees."""

    def __init__(self) -> None:
        self.faults: Callable[[Kind, str, str], float] = _never
        self._states: dict[str, deque[tuple[datetime, Record | None]]] = {}

    def remember(self, record: Record, moment: datetime) -> None:
        """Keep the state before a change at `moment`."""
        was = copy(record)
        was.description, was.tags = copy(record.description), list(record.tags)
        was.custom = {key: copy(value) for key, value in record.custom.items()}
        was.fields, was.comments = list(record.fields), list(record.comments)
        was.requirements = list(record.requirements)
        self._keep(record, moment, was)

    def entered(self, record: Record, moment: datetime) -> None:
        """Keep that there was no such record before `moment`."""
        self._keep(record, moment, None)

    def _keep(self, record: Record, moment: datetime, was: Record | None) -> None:
        self._states.setdefault(record.id, deque(maxlen=KEPT)).append((moment, was))

    def as_of(self, record: Record, moment: datetime) -> Record | None:
        """The record at a moment; None where it was not there yet."""
        return next((was for at, was in self._states.get(record.id, ()) if at > moment), record)

    def seen(self, kind: Kind, path: str, records: Iterable[Record], now: datetime) -> Iterator[Record]:
        """The records as a GET of `path` sees them."""
        seconds = self.faults(kind, "GET", path)
        if not seconds:
            yield from records
            return
        for record in records:
            was = self.as_of(record, now - timedelta(seconds=seconds))
            if was is not None:
                yield was
