"""Time tracking events of Aha! records, as answers show them: wire JSON to parts. Pure; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from crosswalk.aha.wire import Json
from crosswalk.merge.records import Part, Work

WORKLOG = "worklog"
TRACKED = ("feature", "requirement", "initiative")
POINTS = 20
"""What `work_units` says where a record is estimated in points; 10 are minutes."""


def worklogs_in(kind: str, data: Mapping[str, Json]) -> tuple[Part, ...] | None:
    """The work that a record's own answer names; None where it tracks no time: not at all, or in points."""
    listed = data.get("time_tracking_events")
    if kind not in TRACKED or not isinstance(listed, list) or data.get("work_units") == POINTS:
        return None
    found = (worklog_of(entry) for entry in listed if isinstance(entry, dict))
    return tuple(part for part in found if part is not None)


def worklog_of(data: Mapping[str, Json]) -> Part | None:
    """A time tracking event; None for points, and for one without a day."""
    minutes, day = data.get("work_done"), str(data.get("occurred_on") or "")[:10]
    if isinstance(minutes, bool) or not isinstance(minutes, int | float | str) or data.get("work_units") == POINTS:
        return None
    try:
        work = Work(Decimal(str(minutes)), date.fromisoformat(day))
    except (ValueError, ArithmeticError):
        return None
    return Part(str(data.get("id") or ""), key=work.key, name=work.shown, work=work)
