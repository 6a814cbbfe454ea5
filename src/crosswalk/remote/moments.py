"""Moments as both servers write them: ISO 8601 with an offset (`2026-01-31T09:30:00.000Z`, and `+0000` in Jira)."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_of(data: object) -> datetime | None:
    """The moment, in UTC, that `data` is the text of; None for anything else, also beyond what clocks here show."""
    try:
        return datetime.fromisoformat(data).astimezone(UTC) if isinstance(data, str) else None
    except (ValueError, OverflowError):
        return None
