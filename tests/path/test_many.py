"""Several integrations beside each other: whose a record is, and what happens when it is moved."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_match import story


def project(system: System, key: str) -> Any:
    """Another project in Jira, like the first."""
    lead = system.jira.get("/myself")
    named = {"leadAccountId": lead["accountId"]} if "accountId" in lead else {"lead": lead["name"]}
    body = {"key": key, "name": f"The {key} project", "projectTypeKey": "software", **named}
    return system.jira.send("POST", "/project", body)


def second(system: System, key: str = "TIN", **mapping: Any) -> Any:
    """The same workspace, joined with another project."""
    from crosswalk.sync import service

    (found,) = service.projects(system.integration.jira, key)
    one = system.integration
    made = service.create_integration(f"Into {key}", one.aha, one.jira, one.workspace, found.id)
    service.set_mapping(made, {**made.mapping, **mapping})
    service.set_enabled(made, True, "a test")
    return made


def workspace(system: System) -> Any:
    """Another workspace, joined with the same project."""
    from crosswalk.sync import service

    made = system.aha.post("/products", {"product": {"name": "Other", "prefix": "OTH"}})["product"]
    system.aha.post("/products/OTH/releases", {"release": {"name": "Spring"}})
    one = system.integration
    other = service.create_integration("Other", one.aha, one.jira, str(made["id"]), one.project)
    service.set_enabled(other, True, "a test")
    return other


def move(system: System, key: str, there: str) -> None:
    """More > Move, in the browser."""
    body = {"issue": key, "project": there}
    httpx2.post(f"{system.jira_at.address}/_sandbox/move", json=body).raise_for_status()


def of(integration: Any, ref: Ref) -> Any:
    from crosswalk.store.models import Pair

    return Pair.objects.filter(integration=integration, left_kind=ref.kind, left_id=ref.id).first()


def test_a_record_belongs_to_one_integration_unless_that_is_said(system: System) -> None:
    from crosswalk.sync import joining, service

    project(system, "TIN")
    ref = system.feature("Bell", 1)
    system.send(ref)
    other = second(system)
    with pytest.raises(Refused, match=f"{ref.key} belongs to the integration “Fable”"):
        service.send(other, [ref], "a test")
    assert ref not in {one.left.ref for one in joining.find(other).proposals}
    service.set_mapping(other, {**other.mapping, "shared": True})
    service.send(other, [ref], "a test")
    system.drain()
    assert (of(other, ref).state, of(other, ref).right_key.partition("-")[0]) == ("agreed", "TIN")
    assert system.pair(ref).right_key.startswith("FAB-")
    assert_quiet(system, ref)


def test_two_projects_of_one_workspace_share_its_releases_and_nothing_else(cloud: System) -> None:
    from crosswalk.store.models import Pair
    from crosswalk.sync import service

    project(cloud, "TIN")
    first, later = cloud.feature("Bell"), cloud.feature("Horn")
    cloud.send(first)
    other = second(cloud)
    service.send(other, [later], "a test")
    cloud.drain()
    assert of(other, later).state == "agreed", of(other, later).reason
    releases = Pair.objects.filter(kind="release", left_id=cloud.aha.record("features", later.key)["release"]["id"])
    assert {pair.integration.name for pair in releases} == {"Fable", "Into TIN"}
    assert len({pair.right_id for pair in releases}) == 2


def test_an_issue_that_is_moved_is_followed_where_an_integration_is(system: System) -> None:
    project(system, "TIN")
    ref = system.feature("Bell", 1)
    key = system.send(ref).right_key
    other = second(system)
    pk, issues = system.pair(ref).pk, len(system.site.issues)
    move(system, key, "TIN")
    system.pass_time(60)
    system.wake(system.pair(ref))
    system.drain()
    pair = of(other, ref)
    assert pair is not None
    assert (pair.pk, pair.state, pair.right_key.partition("-")[0]) == (pk, "agreed", "TIN"), pair.reason
    assert {child.integration_id for child in pair.children.all()} == {other.pk}
    assert of(system.integration, ref) is None
    assert len(system.site.issues) == issues, "nothing is made anew"
    told = [line.why for line in pair.journal.all() if "was moved to the project TIN" in line.what]
    assert told == ["It goes on in the integration “Into TIN”."]
    system.aha.rename("features", ref.key, "Bell of tin")
    system.wake(pair)
    system.drain()
    assert system.issue(pair.right_key)["summary"] == "Bell of tin"


def test_an_issue_that_is_moved_where_no_integration_is_is_asked_about(system: System) -> None:
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import sweep

    project(system, "TIN")
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    move(system, key, "TIN")
    system.aha.rename("features", ref.key, "Bell of tin")
    bridge = current().bridges.of(system.integration)
    assert sweep(system.engine_as_port(), bridge, system.now(), approved=True) == 1
    system.drain()
    pair = system.pair(ref)
    assert pair.state == "asking"
    assert "was moved to the project TIN in Jira" in pair.reason
    assert system.issue(key)["summary"] == "Bell", "nothing is written meanwhile"
    move(system, system.jira.get(f"/issue/{pair.right_id}")["key"], "FAB")
    system.wake(pair)
    system.drain()
    assert system.pair(ref).state == "agreed"
    assert system.jira.get(f"/issue/{pair.right_id}")["fields"]["summary"] == "Bell of tin"


def test_a_hook_reaches_the_pair_of_whichever_integration_has_it(cloud: System) -> None:
    """One address serves every integration of the site: the second one's issue is told about at the first one's."""
    from crosswalk.merge.rules import Side
    from crosswalk.sync import service
    from crosswalk.sync.waking import pairs_about

    project(cloud, "TIN")
    other = second(cloud)
    ref = cloud.feature("Bell")
    service.send(other, [ref], "a test")
    cloud.drain()
    pair = of(other, ref)
    issue = Ref("issue", pair.right_id, pair.right_key)
    found = pairs_about([cloud.integration.pk, other.pk], Side.RIGHT, [issue])
    assert found == [[pair.pk]]


def test_two_workspaces_of_one_project_do_not_import_each_others_issues(cloud: System) -> None:
    from crosswalk.sync import importing

    pair = cloud.send(cloud.feature("Bell"))
    other = workspace(cloud)
    free = story(cloud, "Bell of nobody")
    found = {one.ref.key for one in importing.find(other, importing.Asked("summary ~ Bell"))}
    assert (free in found, pair.right_key in found) == (True, False)


def test_a_feature_that_is_moved_to_another_workspace_is_followed(system: System) -> None:
    other = workspace(system)
    ref = system.feature("Bell", 1)
    key, pk = system.send(ref).right_key, system.pair(ref).pk
    issues = len(system.site.issues)
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    system.aha.send("PUT", f"/features/{ref.id}", {"feature": {"release": release}})
    system.wake(system.pair(ref))
    system.drain()
    pair = of(other, ref)
    assert pair is not None, system.pair(ref).reason
    assert (pair.pk, pair.right_key, pair.state) == (pk, key, "agreed"), pair.reason
    assert pair.left_key.startswith("OTH-")
    assert {child.integration_id for child in pair.children.all()} == {other.pk}
    assert len(system.site.issues) == issues
