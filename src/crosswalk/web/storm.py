"""When hooks are looked at: a single one at once, in a storm many together. Pure; the clock is passed in.

The looking fights the keeping of hooks for the processor and the database's one writer. So the more hooks come in a
second, the rarer the looks, to one a second. Which pairs a look wakes is decided elsewhere (sync/calm.py).
"""

from __future__ import annotations

GAP = 0.25
"""Seconds: hooks that follow each other faster belong together."""
MANY = 2000
"""Hooks a second for which one look a second is enough."""
FIRST, LONGEST = 0.05, 1.0
"""Seconds from one look to the next while hooks belong together: at least, at most."""


class Storm:
    """What one process knows of the hooks that came to it lately. Not for several threads at once."""

    def __init__(self) -> None:
        self._heard = self._looked = self._look = float("-inf")
        self._count = 0

    def look(self, now: float, count: int) -> float:
        """Seconds until the `count` hooks that came at `now` are to be looked at."""
        alone = now - self._heard >= GAP
        self._heard = now
        self._count += count
        if alone:
            return self._next(now, 0.0)
        if self._look <= now:
            rate = self._count / max(now - self._looked, FIRST)
            return self._next(now, min(max(FIRST, rate / MANY), LONGEST))
        return self._look - now

    def _next(self, now: float, wait: float) -> float:
        self._looked, self._look, self._count = now, now + wait, 0
        return wait

    def stored(self, now: float) -> None:
        """What came was stored by `now`: storing alone is no lull."""
        self._heard = now
