"""A field that an issue type's edit screen lacks: new issues get it, nobody can change it, and the mapping says so."""

from __future__ import annotations

import pytest

from crosswalk_sandbox.jira.state import Screen
from tests.path.system import System

LACKS = "the edit screen of “Story” lacks “Due date”: new issues get it, later changes are not carried."


def take_off(system: System, name: str, *, of: str = "Story") -> None:
    """The field is no more on the screen on which issues of a type are edited; on that for new ones it stays."""
    project, screens = system.site.project("FAB"), system.site.screens
    kind = next(one for one in project.types if system.site.types[one].name == of)
    screens["9"] = Screen("9", "Edit", [one for one in screens["1"].fields if one != name])
    project.screens |= {(kind, "edit"): "9"}


def put_back(system: System) -> None:
    system.site.screens["9"].fields[:] = system.site.screens["1"].fields


def look(system: System) -> list[str]:
    from crosswalk.sync import drift
    from crosswalk.sync.installation import current

    return drift.look(current().bridges, system.integration, system.now()).splitlines()


def test_it_is_noticed_before_a_record_fails_by_it_and_told_with_its_line(system: System) -> None:
    ref = system.feature("Bell", due_date="2026-12-01")
    pair = system.send(ref)
    assert look(system) == []
    take_off(system, "duedate")
    (told,) = look(system)
    assert told.startswith("The mapping: “Due date” (fields.feature[")
    assert LACKS in told
    assert "Put it on that screen" in told
    assert system.issue(pair.right_key)["duedate"] == "2026-12-01", "nothing was written"
    put_back(system)
    assert look(system) == []


def test_it_stays_in_the_mapping_which_says_it_beside_the_line_and_keeps_nobody_from_using_it(system: System) -> None:
    from crosswalk.sync import differences, projectdata, service
    from crosswalk.sync.mapping import parse

    system.send(system.feature("Bell"))
    take_off(system, "duedate")
    before = projectdata.load(system.integration)
    service.load_project_data(system.integration)
    told = list(map(str, differences.between(before, projectdata.load(system.integration))))
    assert "Among the fields that the edit screen of a Story lacks in Jira “Due date” is new." in told
    loaded, mapping = projectdata.load(system.integration), parse(system.integration.mapping)
    (fault,) = differences.faults(mapping, loaded)
    assert (fault.what, fault.mild) == (LACKS, True)
    service.set_mapping(system.integration, system.integration.mapping)
    pair = system.send(system.feature("Horn", due_date="2026-12-24"))
    assert (pair.state, system.issue(pair.right_key)["duedate"]) == ("agreed", "2026-12-24"), "new issues get it"


@pytest.mark.parametrize("where", ["/editmeta$", "/search"])
def test_what_jira_does_not_tell_is_not_said(system: System, where: str) -> None:
    from crosswalk.sync import projectdata, service

    take_off(system, "duedate")
    system.fault("jira", kind="status", status=403, path_regex=where, times=0)
    assert look(system) == []
    service.load_project_data(system.integration)
    assert projectdata.load(system.integration).jira.uneditable == {}


def test_a_process_of_a_former_version_reads_what_is_stored(system: System) -> None:
    """While one is upgraded without a stop both read the same rows; it takes of a type what it knows, and no more."""
    from crosswalk.store.models import ProjectData
    from crosswalk.sync import service

    take_off(system, "duedate")
    service.load_project_data(system.integration)
    stored = ProjectData.objects.get(integration=system.integration, side="jira").data
    assert any("duedate" in lacks for lacks in stored["uneditable"].values())
    for kind in stored["types"].values():
        assert set(kind) == {"id", "name", "subtask", "level", "statuses", "fields"}


def test_a_line_that_goes_to_aha_alone_is_none_of_it(system: System) -> None:
    from crosswalk.sync import service

    system.send(system.feature("Bell"))
    mapping = system.integration.mapping
    for line in mapping["fields"]["feature"]:
        if line["name"] == "Due date":
            line["direction"] = "to aha"
    service.set_mapping(system.integration, mapping)
    take_off(system, "duedate")
    assert look(system) == []


def test_of_a_type_that_nothing_becomes_nothing_is_said(system: System) -> None:
    system.send(system.feature("Bell"))
    take_off(system, "duedate", of="Bug")
    assert look(system) == []
