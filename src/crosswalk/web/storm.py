"""When hooks are looked at: a single one at once, in a storm ever more of them together. Pure; the clock is passed in.

The looking, and the runs that it wakes, fight the keeping of hooks for the processor and the database's one writer. So
the longer a storm lasts, the rarer the looks: their number grows with the logarithm of the storm's length, and so do
the runs of a pair that many hooks are about.
"""

from __future__ import annotations

STORM = 0.25
"""Seconds: hooks that follow each other faster are a storm."""
FIRST, FACTOR, LONGEST = 0.2, 4.0, 5.0
"""Seconds until the first look in a storm; for each second of its age so many until the next one; seconds at most."""
SURE = 1.0
"""Seconds: a look that is so far away surely sees what is being stored now."""


class Storm:
    """What one process knows of the hooks that came to it lately. Not for several threads at once."""

    def __init__(self) -> None:
        self._began = self._heard = self._look = float("-inf")

    def look(self, now: float) -> float | None:
        """Seconds until what comes at `now` is to be looked at; None where a look that is on its way sees it."""
        if now - self._heard >= STORM:
            self._began = self._heard = now
            return 0.0
        self._heard = now
        if self._look - now > SURE:
            return None
        if self._look <= now:
            self._look = now + min(max(FIRST, FACTOR * (now - self._began)), LONGEST)
        return self._look - now

    def stored(self, now: float) -> None:
        """What came was stored by `now`: storing alone is no lull."""
        self._heard = now
