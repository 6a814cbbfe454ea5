"""When hooks are looked at: a single one at once, in a storm ever more of them together. Pure; the clock is passed in.

The looking, and the runs that it wakes, fight the keeping of hooks for the processor and the database's one writer. So
the longer a storm lasts, the rarer the looks: their number grows with the logarithm of the storm's length, and so do
the runs of a pair that many hooks are about.
"""

from __future__ import annotations

GAP = 0.25
"""Seconds: hooks that follow each other faster belong together."""
MANY = 50
"""Hooks that belong together are a storm from this number on: no person's edits are."""
FIRST, FACTOR, LONGEST = 0.2, 4.0, 5.0
"""Seconds until the first look in a storm; for each second of its age so many until the next one; seconds at most."""


class Storm:
    """What one process knows of the hooks that came to it lately. Not for several threads at once."""

    def __init__(self) -> None:
        self._began = self._heard = self._look = float("-inf")
        self._count = 0

    def look(self, now: float, count: int) -> float:
        """Seconds until the `count` hooks that came at `now` are to be looked at."""
        if now - self._heard >= GAP:
            self._began = self._heard = now
            self._count = count
            return 0.0
        self._heard = now
        self._count += count
        if self._look <= now:
            age = now - self._began if self._count >= MANY else 0.0
            self._look = now + min(max(FIRST, FACTOR * age), LONGEST)
        return self._look - now

    def stored(self, now: float) -> None:
        """What came was stored by `now`: storing alone is no lull."""
        self._heard = now
