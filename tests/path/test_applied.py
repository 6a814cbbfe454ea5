"""A new integration that is made of a file in the background, for a program that does not wait for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.path.system import System
from tests.path.test_api import Ask, ask

__all__ = ["ask"]


def file_of(system: System, name: str = "Second", **changes: str) -> str:
    """The file of the integration that is there, under another name, with parts of it written otherwise."""
    from crosswalk.sync import ascode

    text = ascode.export(system.integration)
    for was, now in {system.integration.name: name, **changes}.items():
        assert was in text
        text = text.replace(was, now, 1)
    return text


def work() -> None:
    """What the background does: the integrations that were asked for."""
    from crosswalk.store.models import NewIntegration
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    for row in NewIntegration.objects.filter(finished_at=None):
        of(current())["new"].run(f"new:{row.pk}")


def begun(ask: Ask, text: str) -> str:
    """Where to ask how far it is."""
    status, said = ask("POST", "/apply", {"file": text, "dry_run": False, "wait": False})
    assert (status, said["ended"], said["trouble"], said["integration"]) == (202, False, "", None)
    return str(said["address"]).removeprefix("/api/v1")


def test_it_is_made_as_the_file_says_and_says_so_where_it_is_asked(cloud: System, ask: Ask) -> None:
    from crosswalk.store.models import Integration, JournalEntry

    text = file_of(cloud)
    where = begun(ask, text)
    assert not Integration.objects.filter(name="Second").exists()
    assert begun(ask, text) == where, "asked twice, it is made once"
    assert ask("GET", where)[1]["lines"] == []
    work()
    status, said = ask("GET", where)
    made = Integration.objects.get(name="Second")
    assert (status, said["ended"], said["integration"], said["trouble"]) == (200, True, made.pk, "")
    assert said["lines"][0] == f"Second: is made: {made.workspace_key} with {made.project_key}"
    assert made.mapping == cloud.integration.mapping
    assert made.enabled == cloud.integration.enabled
    assert JournalEntry.objects.filter(integration=made, what="The integration is made.").get().person == "eve"
    status, again = ask("POST", "/apply", {"file": text, "dry_run": False, "wait": False})
    assert (status, again["lines"]) == (200, ["Second: the mapping is as it was"]), "it is there: nothing is made"


def test_what_can_not_be_is_said_at_once_or_where_it_is_asked(cloud: System, ask: Ask) -> None:
    from crosswalk.store.models import Integration, NewIntegration

    key = cloud.integration.project_key
    nowhere = file_of(cloud, **{f"project: {key}": "project: NOWHERE"})
    status, refused = ask("POST", "/apply", {"file": nowhere, "dry_run": False, "wait": False})
    assert (status, refused["faults"][0]["where"][:5]) == (422, "file:")
    assert not NewIntegration.objects.exists()
    odd = file_of(cloud, **{"type: Story": "type: Fairy tale"})
    where = begun(ask, odd)
    work()
    _, said = ask("GET", where)
    assert (said["ended"], said["integration"]) == (True, None)
    assert "Fairy tale" in said["trouble"]
    assert not Integration.objects.filter(name="Second").exists(), "nothing is half applied"


def test_where_the_service_ends_in_between_the_file_is_applied_when_it_goes_on(cloud: System, ask: Ask) -> None:
    from crosswalk.store import new_integrations as rows
    from crosswalk.store.models import NewIntegration
    from crosswalk.sync import service

    where = begun(ask, file_of(cloud))
    (row,) = NewIntegration.objects.all()
    made = service.create_integration("Second", row.aha, row.jira, row.workspace, row.project)
    rows.keep(row.pk, made)
    assert ask("GET", where)[1]["integration"] is None
    work()
    _, said = ask("GET", where)
    assert (said["ended"], said["integration"], said["trouble"]) == (True, made.pk, "")


@pytest.mark.parametrize("number", ["0", "999", "x", "-1"])
def test_an_address_that_is_none_is_refused(cloud: System, ask: Ask, number: Any) -> None:
    assert ask("GET", f"/apply/{number}")[0] in (404, 422)
