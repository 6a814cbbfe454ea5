"""Looks, a few times a day, whether what a mapping names is still there on both sides, before a record fails by it.

What was only renamed is known by its id: it is taken, and the mapping follows; so is another key of the project or the
workspace. Everything else stays as it was loaded: a person loads it anew and sees on the mapping's page what became of
each line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.db.models import QuerySet

from crosswalk.errors import CrosswalkError
from crosswalk.merge.pairs import Entry
from crosswalk.store import journal, pairs
from crosswalk.store.models import Integration, JournalEntry, Pair, ProjectData
from crosswalk.sync import differences, projectdata
from crosswalk.sync.connect import Bridges
from crosswalk.sync.following import follow
from crosswalk.sync.mapping import Mapping, Problem, parse
from crosswalk.sync.moved import STRAYED
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.renames import followed
from crosswalk.sync.staying import LACKS

EVERY = timedelta(hours=6)
SOON = timedelta(minutes=10)
"""The same where a record was found in another project or workspace, which may have another key, or a field was not."""
MEANWHILE = timedelta(hours=1)
"""The same while something is gone: perhaps somebody puts it right."""
REMEDY = "Press Load project data in the settings: the mapping's page then marks each line that does not fit."
BY_MAPPING = "F"
"""The first letter of the codes of records that are not carried because of a field, an option or a type."""
STUCK = (Pair.State.ASKING, Pair.State.PARKED)
_LINE = re.compile(r"fields\.(\w+)\[(\d+)\]")
PASSING = "The Jira version"  # releases make, rename and remove versions: that is no change of the project

log = structlog.get_logger(__name__)


def look_if_due(bridges: Bridges, integration: Integration, now: datetime) -> None:
    """Look, where that was not done for EVERY; what can not be asked now is asked at the next look."""
    loads = ProjectData.objects.filter(integration=integration).values_list("loaded_at", flat=True)
    last = max([*loads, *([integration.drift_at] if integration.drift_at else [])], default=now)
    soon = _strayed(integration, last) or _lacked(integration, last)
    every = SOON if soon else MEANWHILE if integration.drift else EVERY
    if abs(now - last) < every:  # a moment far ahead was noted before the clock was set back
        return
    try:
        look(bridges, integration, now)
    except CrosswalkError as error:
        log.warning("project data not compared", integration=integration.pk, error=error.message)


def _strayed(integration: Integration, since: datetime) -> bool:
    """Whether a record was found in another project or workspace since then; one that was before was looked for."""
    if not Pair.objects.filter(integration=integration, state=Pair.State.ASKING, code=STRAYED).exists():
        return False
    return JournalEntry.objects.filter(integration=integration, code=STRAYED, at__gt=since).exists()


def _lacked(integration: Integration, since: datetime) -> bool:
    """Whether a record was found since then that shows a field no more: others will be."""
    return JournalEntry.objects.filter(integration=integration, code=LACKS, at__gt=since).exists()


def look(bridges: Bridges, integration: Integration, now: datetime) -> str:
    """What is not there any more that the mapping names, line by line; "" for nothing. Kept, and told once."""
    before = projectdata.load(integration)
    there = bridges.load(integration.aha, integration.workspace, integration.jira, integration.project)
    if (before.aha.key, before.jira.key) != (there.aha.key, there.jira.key):
        before = _with_keys(bridges, integration, before, there, now)
    mapping = parse(integration.mapping)
    found = "\n".join(affected(mapping, before, there))
    if found and not affected(followed(mapping, before, there), before, there):
        projectdata.keep(integration, there, now)
        follow(integration, before, there, now)
        bridges.forget()
        found = ""
    if integration.drift and not found:
        stuck = Pair.objects.filter(integration=integration, state__in=STUCK, code__startswith=BY_MAPPING)
        _look_again(stuck, now, "What the mapping names is there again.")
    if found and found != integration.drift:
        line = Entry(found.replace("\n", " "), level="warning", remedy=REMEDY, code="F14")
        journal.append(integration.pk, [line], now)
    Integration.objects.filter(pk=integration.pk).update(drift=found, drift_at=now)
    return found


def _with_keys(bridges: Bridges, integration: Integration, before: Loaded, there: Loaded, now: datetime) -> Loaded:
    """The workspace or the project is known by its id: that its key is another one now is taken, and told.

    What asked because of it is looked at again.
    """
    places = (
        ("workspace", "Aha!", before.aha.key, there.aha.key),
        ("project", "Jira", before.jira.key, there.jira.key),
    )
    why = "It is known by its id. Records that asked for that reason are looked at again."
    said = [f"The {what} {old} in {side} has the key {new} now." for what, side, old, new in places if old != new]
    kept = replace(before, aha=replace(before.aha, key=there.aha.key), jira=replace(before.jira, key=there.jira.key))
    projectdata.keep(integration, kept, projectdata.loaded_at(integration) or now)
    integration.workspace_key, integration.project_key = there.aha.key, there.jira.key
    integration.save(update_fields=["workspace_key", "project_key"])
    journal.append(integration.pk, [Entry(one, why) for one in said], now)
    bridges.forget()
    _look_again(Pair.objects.filter(integration=integration, state=Pair.State.ASKING, code=STRAYED), now, said[0])
    return kept


def _look_again(stuck: QuerySet[Pair], now: datetime, cause: str) -> None:
    chosen = list(stuck.values_list("pk", flat=True))
    pairs.retry(chosen, now)
    pairs.mark_dirty(chosen, now, cause=cause)


def affected(mapping: Mapping, before: Loaded, now: Loaded) -> list[str]:
    """What is gone or renamed, then where the mapping does not fit any more by it; nothing where it still fits.

    A field that Jira asks for of late, and nothing fills, keeps every new record of its kind from being made.
    """
    aside = {PASSING, *_unused(mapping, before)}
    gone = [one for one in differences.between(before, now) if one.before and one.thing not in aside]
    renamed = {one.before: one.now for one in gone if one.now}
    known = {(one.where, one.what) for one in differences.faults(mapping, before)}
    new = [one for one in differences.faults(mapping, now, renamed) if (one.where, one.what) not in known]
    asked = {(one.kind, one.type, one.field) for one in differences.needed(mapping, before)}
    lacking = [one for one in differences.needed(mapping, now) if (one.kind, one.type, one.field) not in asked]
    lines = [*map(str, gone), *(f"The mapping: {_named(mapping, one)}" for one in new)] if new else []
    return [*lines, *_anew(mapping, before, now), *map(str, lacking)]


def _anew(mapping: Mapping, before: Loaded, now: Loaded) -> list[str]:
    """Custom fields in Aha! that the mapping names and that were deleted and made once more, by the same key."""
    was = {(one.kind, one.key): one.id for one in before.aha.custom_fields if one.id}
    used = {(kind, line.aha) for kind, lines in mapping.fields.items() for line in lines}
    return [
        f"The Aha! {one.kind} field “{one.name}” is another one now: what records held in the former one is gone there."
        for one in now.aha.custom_fields
        if (one.kind, f"custom:{one.key}") in used and was.get((one.kind, one.key), one.id) != one.id
    ]


def _unused(mapping: Mapping, loaded: Loaded) -> set[str]:
    """The lists of what belongs to an issue type that nothing becomes: what goes there affects nothing."""
    used = {name.casefold() for line in mapping.types.values() for name in (line.type, *line.types.values())}
    others = [one.name for one in loaded.jira.types.values() if one.name.casefold() not in used]
    lists = (
        *("The {} status in Jira", "The {} field in Jira", "What a {} needs in Jira:"),
        "Among the fields that the edit screen of a {} lacks in Jira",
    )
    return {thing.format(name) for name in others for thing in lists}


def _named(mapping: Mapping, fault: Problem) -> str:
    """A fault with the name of its line, which is what people know: numbers count lines of a file."""
    found = _LINE.match(fault.where)
    lines = mapping.fields.get(found[1], ()) if found else ()
    if found is None or int(found[2]) >= len(lines):
        return str(fault)
    return str(replace(fault, where=f"“{lines[int(found[2])].name}” ({fault.where})"))
