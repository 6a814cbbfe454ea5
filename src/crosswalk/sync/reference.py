"""The field “Aha! Reference” in Jira: made when an integration is enabled, and said beforehand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crosswalk.errors import CrosswalkError, RemoteError
from crosswalk.jira.metadata import REFERENCE
from crosswalk.jira.setup import INSTEAD
from crosswalk.merge.pairs import Entry
from crosswalk.merge.rules import Side
from crosswalk.remote.checkup import Problem
from crosswalk.store import journal
from crosswalk.store.models import Connection, Integration, ProjectData
from crosswalk.sync import projectdata
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.installation import current

WHERE = "on Jira's default screen and, on Jira Cloud, the project's screens"
SEEN = (
    "All projects with those screens show it. No setting leaves it out: an account that does not administer Jira makes "
    "none, and issues then show their record as a web link."
)
PROMISES = {
    True: f"Enabling makes a field “{REFERENCE}” in Jira. It stands {WHERE}. {SEEN}",
    False: (
        f"No field “{REFERENCE}” will be made, because the account does not administer Jira: "
        "issues show their record as a web link."
    ),
    None: (
        f"If the account administers Jira, which is not known, enabling makes a field “{REFERENCE}” there. It stands "
        f"{WHERE}; a plan does not count it. {SEEN}"
    ),
}
"""What enabling would write in Jira, by whether the account administers it, as the connection's last test found."""
THERE = f"Enabling puts the field “{REFERENCE}”, which Jira has already, {WHERE}."
MADE = f"The field “{REFERENCE}” is on the project's screens in Jira."


def promised(integration: Integration) -> str:
    """What enabling would write in Jira by itself; "" where the field is there, or it is enabled. Reads rows only."""
    loaded = _without(integration)
    if loaded is None:
        return ""
    administers = integration.jira.server.get("administers")
    return THERE if administers and loaded.jira.field_by_name(REFERENCE) else promise(integration.jira)


def counted(integration: Integration, plan: dict[str, Any]) -> dict[str, Any]:
    """A plan (as plandata.as_data gives it) with the field that enabling would make first, where that is sure, and with
    what new issues hold in it."""
    loaded = _without(integration)
    if loaded is None or not integration.jira.server.get("administers"):
        return plan
    there = loaded.jira.field_by_name(REFERENCE) is not None
    jira = NAMES[Side.RIGHT]
    screens = "Jira's default screen" + (" and the project's screens" if loaded.flavour == "cloud" else "")
    change = {"name": "Screens", "field": "screens", "old": "", "new": screens, "lost": False, "given_up": ""}
    patch: dict[str, Any] = {
        "side": jira,
        "kind": "field",
        "record": f"“{REFERENCE}”",
        "what": "field",
        "as": "",
        "below": "",
    }
    patch |= {"cause": "the integration is enabled", "there": there, "changes": [change]}
    counts = {**plan["counts"], jira: {"field": 1, **plan["counts"][jira]}}
    return {**plan, "counts": counts, "patches": [patch, *map(_filled, plan["patches"])]}


def _filled(patch: dict[str, Any]) -> dict[str, Any]:
    """A patch of a plan; a create of an issue with the field, too, which is there by then."""
    if patch["kind"] != "create" or patch["side"] != NAMES[Side.RIGHT] or patch["as"] == "version":
        return patch
    new = f"the address of {patch['record']} in Aha!"
    change = {"name": REFERENCE, "field": "", "old": "", "new": new, "lost": False, "given_up": ""}
    return {**patch, "changes": [*patch["changes"], change]}


def _without(integration: Integration) -> projectdata.Loaded | None:
    """The project data of an integration that is not enabled, and whose project does not show the field yet."""
    try:
        loaded = None if integration.enabled else projectdata.load(integration)
    except CrosswalkError:
        return None  # it can not be enabled like this, and the steps say why
    return loaded if loaded is not None and not loaded.jira.shows_reference() else None


def promise(jira: Connection) -> str:
    """What enabling an integration over `jira` would write there by itself, in a project without the field."""
    return PROMISES[jira.server.get("administers")]


def parted(promise: str) -> tuple[str, str]:
    """A promise in one sentence, and what else there is to know about it ("" for nothing)."""
    first, end, rest = promise.partition(". ")
    return first + end.rstrip(), rest


def make(integration: Integration) -> None:
    """See that the field is there, and tell of it in the history; where it can not be made, links do instead."""
    here, loaded = current(), projectdata.load(integration)
    if loaded.jira.shows_reference():
        return
    try:
        now, problems = here.bridges.prepare(integration.jira, loaded.jira)
    except RemoteError as error:
        what = f"The field “{REFERENCE}” could not be added: {error.message}"
        journal.append(integration.pk, [_told(Problem(what, INSTEAD, error.code))], here.now())
        return
    for row in ProjectData.objects.filter(integration=integration, side="jira"):
        # All else is as old as it was; another stamp has each process build its bridge anew.
        row.data = {**now.dump(), "flavour": loaded.flavour}
        row.loaded_at += timedelta(microseconds=1)
        row.save()
    here.bridges.forget()
    journal.append(integration.pk, [_told(one) for one in problems] or [Entry(MADE)], here.now())


def _told(problem: Problem) -> Entry:
    return Entry(problem.message, level="warning", remedy=problem.remedy, code=problem.code)
