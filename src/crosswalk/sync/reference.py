"""The field “Aha! Reference” in Jira: made when an integration is enabled, and said beforehand."""

from __future__ import annotations

from datetime import timedelta

from crosswalk.errors import CrosswalkError, RemoteError
from crosswalk.jira.metadata import REFERENCE
from crosswalk.jira.setup import INSTEAD
from crosswalk.merge.pairs import Entry
from crosswalk.remote.checkup import Problem
from crosswalk.store import journal
from crosswalk.store.models import Connection, Integration, ProjectData
from crosswalk.sync import projectdata
from crosswalk.sync.installation import current

PROMISES = {
    True: f"Enabling puts a field “{REFERENCE}” on the project's screens in Jira.",
    False: (
        f"No field “{REFERENCE}” will be made, because the account does not administer Jira: "
        "issues show their record as a web link."
    ),
    None: (
        f"Enabling puts a field “{REFERENCE}” on the project's screens in Jira, if the account administers Jira; "
        "otherwise issues show their record as a web link."
    ),
}
"""What enabling would write in Jira, by whether the account administers it, as the connection's last test found."""
MADE = f"The field “{REFERENCE}” is on the project's screens in Jira."


def promised(integration: Integration) -> str:
    """What enabling would write in Jira by itself; "" where the field is there, or it is enabled. Reads rows only."""
    try:
        there = integration.enabled or projectdata.load(integration).jira.shows_reference()
    except CrosswalkError:
        return ""  # it can not be enabled like this, and the steps say why
    return "" if there else promise(integration.jira)


def promise(jira: Connection) -> str:
    """What enabling an integration over `jira` would write there by itself, in a project without the field."""
    return PROMISES[jira.server.get("administers")]


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
