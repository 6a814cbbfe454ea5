"""One Aha! type becomes several Jira types, by the value of a field."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.sync.mapping import MappingRefused
from crosswalk_sandbox.jira.state import Screen
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_import import bring, pair_of
from tests.path.test_match import story


def by_kind(system: System, **line: Any) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, "feature": {**types["feature"], **line}})


def type_of(system: System, key: str) -> str:
    return str(system.issue(key)["issuetype"]["name"])


def test_the_type_follows_the_field_and_the_rest_takes_the_usual_one(system: System) -> None:
    plain, odd = system.feature("Bell"), system.feature("Lamp", 1)
    kind = system.aha.record("features", odd.key)["workflow_kind"]["name"]
    by_kind(system, by="workflow_kind", types={kind.upper(): "Bug"})
    other = system.feature("Horn", workflow_kind="Improvement")
    for ref in (plain, odd, other):
        assert system.send(ref).state == "agreed", system.pair(ref).reason
    wanted = {
        ref: "Bug" if system.aha.record("features", ref.key)["workflow_kind"]["name"] == kind else "Story"
        for ref in (plain, odd, other)
    }
    assert {ref: type_of(system, system.pair(ref).right_key) for ref in wanted} == wanted
    assert set(wanted.values()) == {"Bug", "Story"}
    assert type_of(system, system.children(odd)[0].right_key) == "Sub-task"
    for ref in wanted:
        assert_quiet(system, ref, looks=1)
    system.aha.put(f"/features/{other.id}", {"feature": {"workflow_kind": kind}})
    assert_quiet(system, other, looks=1)
    assert type_of(system, system.pair(other).right_key) == "Story", "chosen once"


def test_what_the_screen_of_one_type_lacks_is_left_out_there_and_said_once(cloud: System) -> None:
    """Each issue of that type wanted a person, for every field. One that becomes the other type gets what it lacked."""
    from crosswalk.sync import rulebook, service
    from crosswalk.sync.mapping import parse
    from crosswalk.sync.projectdata import lists, load

    project, screens = cloud.site.project("FAB"), cloud.site.screens
    types = {cloud.site.types[one].name: one for one in project.types}
    lacked = {"duedate", next(one.id for one in cloud.site.fields.values() if one.name == "Aha! Reference")}
    screens["9"] = Screen("9", "Short", [name for name in screens["1"].fields if name not in lacked])
    project.screens |= {(types["Bug"], operation): "9" for operation in ("create", "edit")}
    service.load_project_data(cloud.integration)
    by_kind(cloud, by="workflow_kind", types={"Bug fix": "Bug"})
    mapping = parse(cloud.integration.mapping)
    (told,) = rulebook.check(mapping, lists(load(cloud.integration), mapping))
    assert (told.mild, "“Bug” lacks “Due date”" in str(told)) == (True, True)
    ref = cloud.feature("Bell", workflow_kind="Bug fix", due_date="2027-01-31")
    key = cloud.send(ref).right_key
    cloud.aha.rename("features", ref.key, "Horn")
    look(cloud, ref)
    assert (warnings(cloud, ref), cloud.jira.summary(key), cloud.issue(key)["duedate"]) == ([], "Horn", None)
    cloud.jira.edit(key, issuetype={"id": types["Story"]})
    look(cloud, ref)
    assert cloud.issue(key)["duedate"] == "2027-01-31"


def test_what_is_brought_from_jira_has_the_value_that_its_type_stands_for(cloud: System) -> None:
    by_kind(cloud, by="workflow_kind", types={"Bug fix": "Bug", "Research": "Bug"})
    key = story(cloud, "A brass bell", issuetype={"name": "Bug"})
    assert bring(cloud, 'summary ~ "brass"') == 1
    pair = pair_of(cloud, key)
    assert (pair.state, type_of(cloud, key)) == ("agreed", "Bug")
    assert cloud.aha.record("features", pair.left_key)["workflow_kind"]["name"] == "Bug fix"


def test_a_rule_that_can_not_work_is_refused(cloud: System) -> None:
    with pytest.raises(MappingRefused, match=r"types\.feature\.by: Aha! has no field “colour”"):
        by_kind(cloud, by="colour", types={"red": "Bug"})
    with pytest.raises(MappingRefused, match=r"types\.feature\.relation: a feature never stands below anything by an"):
        by_kind(cloud, relation="relates")
    with pytest.raises(MappingRefused, match="Write both, or neither"):
        by_kind(cloud, by="workflow_kind")


def test_only_requirements_are_offered_to_hang_by_a_link(cloud: System) -> None:
    from tests.path.test_deletions import signed_in

    browser = signed_in()
    for kind in ("requirement", "feature", "epic"):
        page = browser.get(f"/integrations/{cloud.integration.pk}/mapping/{kind}/").content.decode()
        assert ('value="relates"' in page) == (kind == "requirement")
        assert 'value="parent"' in page
