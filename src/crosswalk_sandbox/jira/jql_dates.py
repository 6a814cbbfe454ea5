"""Dates in JQL: literals, periods, and the functions that begin or end a day, week, month or year. Pure.

A query's dates are in the zone of whoever asks, to the minute:
https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ ("Created"). The functions:
https://support.atlassian.com/jira-software-cloud/docs/jql-functions/ ("startOfDay" and the others).
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

FORMATS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
UNITS = {"day": "d", "week": "w", "month": "M", "year": "y"}
_PERIOD = re.compile(r"\s*([-+]?)((?:\d{1,6}[wdhmyM]\s*)+)")
_STEP = re.compile(r"([-+]?)(\d{1,6})([yMwdhm]?)")
_MINUTES = {"w": 7 * 1440, "d": 1440, "h": 60, "m": 1}


def moment(text: str, now: datetime, zone: ZoneInfo, *, number: bool = False) -> datetime | None:
    """The moment a literal means: a date, a date with a time, a period before or after now, or (as a number)
    milliseconds."""
    if number:
        return datetime.fromtimestamp(int(text) / 1000, UTC) if 0 <= int(text) < 4e12 else None
    if found := _PERIOD.fullmatch(text):
        out: datetime | None = now.astimezone(zone)
        for count, unit in re.findall(r"(\d+)([wdhmyM])", found[2]):
            out = step(out, -int(count) if found[1] == "-" else int(count), unit) if out else None
        return out
    for pattern in FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def step(start: datetime, count: int, unit: str) -> datetime | None:
    """So many units later, on the wall clock for days and longer; None beyond the calendar."""
    try:
        if unit in "hm":
            return (start.astimezone(UTC) + timedelta(minutes=count * _MINUTES[unit])).astimezone(start.tzinfo)
        if unit in "wd":
            return start + timedelta(minutes=count * _MINUTES[unit])
        months = start.year * 12 + start.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None


def edge(name: str, increment: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """`startOfDay`, `endOfMonth` ... (lower-case), moved by an increment such as "-1d"; None for a wrong increment.

    Without a unit the increment counts in the function's own period. A week starts on Sunday, as the sandbox's language
    is American English. The end is the last millisecond, found from the start of the next period, so that
    `endOfMonth(-1M)` is the end of last month whatever its length.
    """
    count, unit = 0, UNITS[re.sub("startof|endof", "", name)]
    period = unit
    if increment:
        found = _STEP.fullmatch(increment)
        if found is None:
            return None
        count, unit = int(found[1] + found[2]), found[3] or unit
    here: datetime | None = start_of(now.astimezone(zone), period)
    if name.startswith("end") and here:
        here = step(here, 1, period)
    here = step(here, count, unit) if here else None
    return here - timedelta(milliseconds=1) if here and name.startswith("end") else here


def start_of(here: datetime, period: str) -> datetime:
    """The first moment of the day, week, month or year."""
    here = here.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "w":
        return here - timedelta(days=here.isoweekday() % 7)
    if period == "M":
        return here.replace(day=1)
    return here.replace(month=1, day=1) if period == "y" else here


def day(moment: datetime, zone: ZoneInfo) -> date:
    """The day a moment is on, where somebody lives."""
    return moment.astimezone(zone).date()
