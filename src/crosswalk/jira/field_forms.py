"""Fields of Jira whose JSON has a form of its own: time tracking, sprints, teams. Pure; no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from crosswalk.jira.wire import Json
from crosswalk.merge.values import Choice

SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
TEAM = ":rm-teams-custom-field-team"
"""How the type of Advanced Roadmaps' team field ends on Data Center; on Cloud the schema says "team"."""
TIME = "timetracking"
TIMES: Mapping[str, str] = {"timeoriginalestimate": "originalEstimate", "timeestimate": "remainingEstimate"}
"""The fields that show an estimate, and how the one field that takes it calls them."""

_SPRINT_TEXT = re.compile(r"\[.*?\bid=(\d+).*?\bname=(.*?)(?:,\w+=|\]$)", re.DOTALL)


def minutes(data: Json) -> Decimal:
    """Seconds as whole minutes: what Aha! counts in."""
    return (Decimal(str(data)) / 60).quantize(Decimal(1), ROUND_HALF_UP)


def spoken(value: Decimal) -> str:
    """Minutes as time tracking takes them; no weeks and days, whose length each Jira sets for itself."""
    return f"{value.quantize(Decimal(1), ROUND_HALF_UP):f}m"


def sprint(data: Json) -> Choice:
    """A sprint: an object on Cloud, a text such as `Sprint@1f[id=3,rapidViewId=2,name=Second,...]` on Data Center."""
    if isinstance(data, dict):
        return Choice(str(data["id"]), str(data.get("name") or ""))
    found = _SPRINT_TEXT.search(data)
    if found is None:
        raise ValueError(f"not a sprint: {data!r}")
    return Choice(found[1], found[2])


def team(data: Json) -> Choice:
    """A team: an object, or only its id."""
    if isinstance(data, dict):
        return Choice(str(data["id"]), str(data.get("name") or data.get("title") or ""))
    return Choice(str(data), str(data))


def taken_by(name: str) -> str:
    """The field that a create or an edit sends for the field `name`."""
    return TIME if name in TIMES else name


def behind(name: str) -> tuple[str, ...]:
    """The fields that what is sent as `name` may stand for."""
    return tuple(TIMES) if name == TIME else (name,)


def gathered(fields: Mapping[str, Json]) -> dict[str, Json]:
    """`fields` as they are sent: estimates are parts of one field."""
    sent = {name: value for name, value in fields.items() if name not in TIMES}
    if times := {TIMES[name]: value for name, value in fields.items() if name in TIMES}:
        sent[TIME] = times
    return sent
