"""An integration's mapping follows what was renamed on a side, and the history says so."""

from __future__ import annotations

from datetime import datetime

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.store import journal, versions
from crosswalk.store.models import Integration
from crosswalk.sync import wording
from crosswalk.sync.mapping import parse
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.renames import followed

WHAT = "The mapping follows new names."


def follow(integration: Integration, before: Loaded, now: Loaded, at: datetime) -> bool:
    """Use the mapping with the names of the load `now`; whether that changed it. The mapping before is kept."""
    try:
        mapping = parse(integration.mapping)
    except Refused:
        return False
    wanted = followed(mapping, before, now)
    if wanted is mapping:
        return False
    told = wording.changes(integration.mapping, wanted.as_data(), wording.names(now.aha, now.jira))
    versions.keep(integration, wanted.as_data(), "", WHAT, at)
    Integration.objects.filter(pk=integration.pk).update(mapping=wanted.as_data())
    integration.refresh_from_db()
    why = "What it names was renamed, and is known by its id."
    journal.append(integration.pk, [Entry(f"{WHAT} {' '.join(told)}".strip(), why=why)], at)
    return True
