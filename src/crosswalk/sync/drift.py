"""Looks, a few times a day, whether what a mapping names is still there on both sides, before a record fails by it.

What was only renamed is known by its id: it is taken, and the mapping follows. Everything else stays as it was loaded:
a person loads it anew and sees on the mapping's page what became of each line.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from crosswalk.errors import CrosswalkError
from crosswalk.merge.pairs import Entry
from crosswalk.store import journal
from crosswalk.store.models import Integration, ProjectData
from crosswalk.sync import differences, projectdata
from crosswalk.sync.connect import Bridges
from crosswalk.sync.following import follow
from crosswalk.sync.mapping import Mapping, parse
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.renames import followed

EVERY = timedelta(hours=6)
REMEDY = "Press Load project data in the settings: the mapping's page then marks each line that does not fit."
PASSING = "The Jira version"  # releases make, rename and remove versions: that is no change of the project

log = structlog.get_logger(__name__)


def look_if_due(bridges: Bridges, integration: Integration, now: datetime) -> None:
    """Look, where that was not done for EVERY; what can not be asked now is asked at the next look."""
    loads = ProjectData.objects.filter(integration=integration).values_list("loaded_at", flat=True)
    last = max([*loads, *([integration.drift_at] if integration.drift_at else [])], default=now)
    if abs(now - last) < EVERY:  # a moment far ahead was noted before the clock was set back
        return
    try:
        look(bridges, integration, now)
    except CrosswalkError as error:
        log.warning("project data not compared", integration=integration.pk, error=error.message)


def look(bridges: Bridges, integration: Integration, now: datetime) -> str:
    """What is not there any more that the mapping names, line by line; "" for nothing. Kept, and told once."""
    before = projectdata.load(integration)
    there = bridges.load(integration.aha, integration.workspace, integration.jira, integration.project)
    mapping = parse(integration.mapping)
    found = "\n".join(affected(mapping, before, there))
    if found and not affected(followed(mapping, before, there), before, there):
        projectdata.keep(integration, there, now)
        follow(integration, before, there, now)
        bridges.forget()
        found = ""
    if found and found != integration.drift:
        line = Entry(found.replace("\n", " "), level="warning", remedy=REMEDY, code="F14")
        journal.append(integration.pk, [line], now)
    Integration.objects.filter(pk=integration.pk).update(drift=found, drift_at=now)
    return found


def affected(mapping: Mapping, before: Loaded, now: Loaded) -> list[str]:
    """What is gone or renamed, then where the mapping does not fit any more by it; nothing where it still fits.

    A field that Jira asks for of late, and nothing fills, keeps every new record of its kind from being made.
    """
    gone = [one for one in differences.between(before, now) if one.before and one.thing != PASSING]
    renamed = {one.before: one.now for one in gone if one.now}
    known = {(one.where, one.what) for one in differences.faults(mapping, before)}
    new = [one for one in differences.faults(mapping, now, renamed) if (one.where, one.what) not in known]
    asked = {(one.kind, one.type, one.field) for one in differences.needed(mapping, before)}
    lacking = [one for one in differences.needed(mapping, now) if (one.kind, one.type, one.field) not in asked]
    lines = [*map(str, gone), *(f"The mapping: {one}" for one in new)] if new else []
    return [*lines, *map(str, lacking)]
