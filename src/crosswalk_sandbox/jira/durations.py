"""Durations as Jira reads and writes them, "1w 2d 3h 4m", with the site's own days and weeks. Pure arithmetic.

A day has 8 hours and a week 5 days until an administrator says otherwise (schema TimeTrackingConfiguration); a number
alone is in the default unit, minutes.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-time-tracking/
https://confluence.atlassian.com/adminjiraserver0905/configuring-time-tracking-1207178350.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhm])")


@dataclass(frozen=True, slots=True)
class Working:
    """How long a working day and a working week are."""

    hours_per_day: float = 8.0
    days_per_week: float = 5.0

    @property
    def units(self) -> dict[str, float]:
        """Seconds of each unit, the longest first."""
        day = self.hours_per_day * 3600
        return {"w": day * self.days_per_week, "d": day, "h": 3600, "m": 60}

    def read(self, text: object) -> int | None:
        """Seconds of a duration; None for anything that is none."""
        if not isinstance(text, str):
            return None
        text = text.strip().lower()
        if text.isdecimal() and len(text) < 9:
            return int(text) * 60
        if not text or len(text) > 40 or _PART.sub("", text).strip():
            return None
        return int(sum(float(number) * self.units[unit] for number, unit in _PART.findall(text)))

    def write(self, seconds: int) -> str:
        """A duration in whole units, seconds left over not shown; "0m" for nothing."""
        parts = []
        left = float(seconds)
        for unit, length in self.units.items():
            count, left = divmod(left, length)
            if count:
                parts.append(f"{int(count)}{unit}")
        return " ".join(parts) or "0m"
