"""An integration's mapping follows what was renamed on a side, and the history says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.store import journal, versions
from crosswalk.store.models import Integration, Template
from crosswalk.sync import wording
from crosswalk.sync.mapping import parse
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.renames import followed

WHAT = "The mapping follows new names."


def base_of(integration: Integration) -> dict[str, Any]:
    """The template as the integration last took it: a draft is taken once it was the mapping."""
    taken = integration.taken
    used = (versions.digest(one.data) for one in versions.used(integration)) if "next" in taken else ()
    found: dict[str, Any] = taken["next"] if taken.get("wanted") in used else taken.get("base") or {}
    return found


def _template_too(integration: Integration, before: Loaded, now: Loaded) -> None:
    """What was renamed is nobody's own setting: the template follows, and the integration has taken it so.

    Not where others use it with other accounts, whose names stayed; nor where a draft waits. The template itself only
    where nothing of it is still to be taken.
    """
    template = integration.template
    ends = {(one.aha_id, one.jira_id) for one in template.users.all()} if template else set()
    base = base_of(integration)
    waits = "next" in integration.taken and base is not integration.taken["next"]
    if template is None or len(ends) > 1 or not base or waits:
        return
    wanted = followed(parse(base), before, now).as_data()
    if versions.digest(template.data) == versions.digest(base):
        Template.objects.filter(pk=template.pk).update(data=wanted)
    Integration.objects.filter(pk=integration.pk).update(taken={"base": wanted})


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
    _template_too(integration, before, now)
    versions.keep(integration, wanted.as_data(), "", WHAT, at)
    Integration.objects.filter(pk=integration.pk).update(mapping=wanted.as_data())
    integration.refresh_from_db()
    why = "What it names was renamed, and is known by its id."
    journal.append(integration.pk, [Entry(f"{WHAT} {' '.join(told)}".strip(), why=why)], at)
    return True
