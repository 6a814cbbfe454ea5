"""One Aha! type becomes several Jira types, by the value of a field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from crosswalk.merge.rules import Side
from crosswalk.sync.mapping import MappingRefused
from crosswalk_sandbox.jira.state import Screen
from tests.path.looking import assert_quiet, look, only_warning, warnings
from tests.path.matrix.hands import put_in_aha, put_in_jira
from tests.path.system import System
from tests.path.test_fields import custom, line, remap
from tests.path.test_import import bring, pair_of
from tests.path.test_match import story

METAL = "customfield_10090"
BUGS: dict[str, Any] = {"by": "workflow_kind", "types": {"Bug fix": "Bug"}}


def by_kind(system: System, **line: Any) -> None:
    system.remap(types=typed(system, **line))


def typed(system: System, **line: Any) -> dict[str, Any]:
    types = system.integration.mapping["types"]
    return {**types, "feature": {**types["feature"], **line}}


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
    from crosswalk.sync import misfits, service
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
    (told,) = misfits.check(mapping, lists(load(cloud.integration), mapping))
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


def test_options_that_differ_by_issue_type_are_each_types_own(system: System) -> None:
    """The options of the first type were taken for all: what only another had was refused, and its ids were wrong."""
    from crosswalk.sync import differences
    from crosswalk.sync.options import add_option
    from crosswalk.sync.projectdata import load
    from tests.path.test_deletions import signed_in

    put_in_aha(system, "metal", "SelectConstant", ("Gold", "Tin", "Brass"))
    put_in_jira(system, METAL, "select", ("Gold", "Tin"))
    other = {"do": "own_options", "field": METAL, "type": "Bug", "options": "Gold, Brass"}
    assert httpx2.post(f"{system.jira_at.address}/_sandbox/world", json=other).is_success
    remap(system, line("Metal", "custom:metal", METAL, options={"Tin": "Brass"}), types=typed(system, **BUGS))
    now = load(system.integration)
    story, bug = (next(kind for kind in now.jira.types.values() if kind.name == name) for name in ("Story", "Bug"))
    as_story = {**now.jira.types, bug.id: replace(bug, fields={**bug.fields, METAL: story.fields[METAL]})}
    told = {str(one) for one in differences.between(replace(now, jira=replace(now.jira, types=as_story)), now)}
    assert told == {
        f"In Jira's field “{METAL} select” of a Bug the option “{what}."
        for what in ("Gold” is gone", "Tin” is gone", "Gold” is new", "Brass” is new")
    }
    page = signed_in().get(f"/integrations/{system.integration.pk}/mapping/feature/").content.decode()
    for shown in (">Gold<", ">Tin (only Story)<", " selected>Brass (only Bug)<"):
        assert shown in page
    assert ">Gold (" not in page

    fix, plain = (
        system.feature("Bell", workflow_kind=kind, custom_fields={"metal": "Tin"}) for kind in ("Bug fix", "New")
    )
    keys = [system.send(one).right_key for one in (fix, plain)]
    assert [system.issue(key)[METAL]["value"] for key in keys] == ["Brass", "Tin"], "the table's, where the type has it"
    assert_quiet(system, fix, 1)
    system.aha.put(f"/features/{plain.id}", {"feature": {"name": "Horn", "custom_fields": {"metal": "Brass"}}})
    system.jira.edit(keys[0], **{METAL: {"value": "Gold"}})
    for one in (fix, plain):
        look(system, one)
    asked = only_warning(system, plain)
    assert (asked.code, "in Jira for a “Story”" in asked.why) == ("F9", True)
    assert (system.jira.summary(keys[1]), custom(system, fix, "metal")) == ("Horn", "Gold")
    if system.flavour == "cloud":
        add_option(system.integration, "Metal", "Brass", Side.RIGHT)
        look(system, plain)
        assert (system.issue(keys[1])[METAL]["value"], system.pair(plain).state) == ("Brass", "agreed")
        own = [
            [one.name for one in kind.fields[METAL].options] for kind in load(system.integration).jira.types.values()
        ]
        assert sorted(map(list, set(map(tuple, own)))) == [["Gold", "Brass"], ["Gold", "Tin", "Brass"]]
    system.jira.edit(keys[0], issuetype={"name": "Story"})
    system.aha.put(f"/features/{fix.id}", {"feature": {"custom_fields": {"metal": "Tin"}}})
    look(system, fix)
    held = {"cloud": "Brass", "dc": "Tin"}[system.flavour]
    assert (system.issue(keys[0])[METAL]["value"], warnings(system, fix)) == (held, []), "by the type that it has now"
