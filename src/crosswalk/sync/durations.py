"""Values of a field for people: minutes as people write them, everything else as shown.py says it. Pure."""

from __future__ import annotations

from decimal import Decimal

from crosswalk.merge.plan import Change
from crosswalk.merge.values import Maybe
from crosswalk.sync.shown import LONG, one_line, shown

TIMES = frozenset({"timeoriginalestimate", "timeestimate", "timespent"})
"""Fields of an issue whose numbers are minutes; what they are joined with holds minutes, too."""


def minutes(value: Decimal) -> str:
    """`value` minutes in hours and minutes: "40 h", "1 h 30 min", "-15 min"."""
    whole = int(value)
    if value != whole:
        return f"{value.normalize():f} min"
    sign, (hours, rest) = ("-" if whole < 0 else ""), divmod(abs(whole), 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return sign + " ".join(parts)


def said(jira: str, value: Maybe, limit: int = LONG) -> str:
    """`value` of a rule whose field in Jira is called `jira`."""
    return minutes(value) if isinstance(value, Decimal) and jira in TIMES else shown(value, limit)


def in_line(jira: str, value: Maybe, limit: int = 120) -> str:
    """The same on one line, as plans and samples show it."""
    return minutes(value) if isinstance(value, Decimal) and jira in TIMES else one_line(value, limit)


def in_plan(change: Change, value: Maybe) -> str:
    """The same of a change in a plan, on whichever side it is."""
    return in_line(change.across if change.across in TIMES else change.field, value)
