"""How long a pair is left alone while hooks about it keep coming. Pure; the clock is passed in.

A hook is looked at and its pair run at once, unless it comes in a storm: more hooks than people's edits make. Then a
pair is run once, and next when nothing more was said of it for a while, or at the latest some time after that began. So
how often it is run does not depend on how many hooks there are, nor on how quick the machine is; while what other pairs
are told of, and what a person asks for, is done at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

MANY: Final = 50
"""Hooks of about a second and a half that wake pairs and are a storm: no person's edits are."""
HALF: Final = 1.0
"""Seconds after which a hook counts half."""
LATELY: Final = timedelta(seconds=2)
"""How long before a storm a pair was run that need not be run again as it begins."""
QUIET: Final = timedelta(seconds=2)
"""How long nothing may be said of a pair before it is run again. Longer than the time between two looks in a storm."""
LONGEST: Final = timedelta(seconds=30)
"""How long it is left alone at most."""


@dataclass(slots=True)
class _Left:
    """A pair that was named in this storm, or just before it: since when it waits, and until when."""

    since: datetime
    until: datetime


class Calm:
    """What one process knows of the hooks it looked at lately. Not for several threads at once."""

    def __init__(self) -> None:
        self._heat, self._at = 0.0, datetime.min.replace(tzinfo=UTC)
        self._named: dict[int, _Left] = {}

    def hear(self, hooks: int, pair_ids: Iterable[int], now: datetime) -> Mapping[int, datetime]:
        """`hooks` were looked at that wake these pairs: until when some of them are left alone; the others are not."""
        age = max(0.0, (now - self._at).total_seconds())
        self._heat, self._at = self._heat * 0.5 ** (age / HALF) + hooks, now
        if self._heat < MANY:
            lately = {pair_id: left for pair_id, left in self._named.items() if now - left.since < LATELY}
            self._named = lately | {pair_id: _Left(now, now) for pair_id in pair_ids}
            return {}
        return {pair_id: until for pair_id in pair_ids if (until := self._left(pair_id, now)) is not None}

    def _left(self, pair_id: int, now: datetime) -> datetime | None:
        known = self._named.get(pair_id)
        if known is None:
            self._named[pair_id] = _Left(now, now)
            return None
        if known.until <= now:  # it was run since
            known.since = now
        known.until = min(now + QUIET, known.since + LONGEST)
        return known.until
