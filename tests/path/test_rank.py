"""The order of requirements in Aha! is their rank in Jira; people may rank in Jira until it changes again."""

from __future__ import annotations

from typing import Any

import httpx2

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look
from tests.path.system import System

PLACE = (
    "mutation ($id: ID!, $at: Int) {updateRequirement(id: $id, attributes: {position: $at})"
    "{errors {attributes {name}}}}"
)


def place(system: System, requirement: str, position: int) -> None:
    """A product owner drags a requirement to another place."""
    body = {"query": PLACE, "variables": {"id": requirement, "at": position}}
    headers = {"Authorization": f"Bearer {system.aha_at.secret}"}
    answer = httpx2.post(f"{system.aha_at.address}/api/v2/graphql", json=body, headers=headers).json()
    assert answer["data"]["updateRequirement"]["errors"]["attributes"] == [], answer


def ranked(system: System, ref: Ref) -> list[str]:
    """The summaries of the sub-tasks in the order of the backlog."""
    issues = [system.site.issue(pair.right_key) for pair in system.children(ref)]
    return [str(issue.values["summary"]) for issue in sorted(issues, key=lambda one: one.rank)]


def planned(system: System, ref: Ref) -> list[str]:
    found: list[dict[str, Any]] = system.aha.record("features", ref.key)["requirements"]
    return [one["name"] for one in sorted(found, key=lambda one: one["position"])]


def rank_calls(system: System) -> int:
    return sum(path.endswith("/issue/rank") for _, path in system.requests("jira"))


def test_a_new_order_in_aha_becomes_the_rank(system: System) -> None:
    ref = system.feature("Bell", 4)
    system.send(ref)
    assert ranked(system, ref) == planned(system, ref)
    assert rank_calls(system) == 0, "they were made in their order"
    children = system.children(ref)
    place(system, children[3].left_id, 1)
    system.wake(children[3])
    system.drain()
    assert planned(system, ref)[0] == "Bell part 4"
    assert ranked(system, ref) == planned(system, ref)
    assert rank_calls(system) == 1
    assert_quiet(system, ref)


def test_people_rank_in_jira_until_the_order_in_aha_changes_again(system: System) -> None:
    ref = system.feature("Bell", 3)
    system.send(ref)
    look(system, ref)
    children = system.children(ref)
    body = {"issues": [children[2].right_key], "rankBeforeIssue": children[0].right_key}
    path = f"{system.jira_at.address}/rest/agile/1.0/issue/rank"
    httpx2.put(path, json=body, auth=(system.jira_at.user, system.jira_at.secret)).raise_for_status()
    assert_quiet(system, ref)
    assert ranked(system, ref)[0] == "Bell part 3"
    place(system, children[1].left_id, 1)
    look(system, ref)
    assert ranked(system, ref) == planned(system, ref) == ["Bell part 2", "Bell part 1", "Bell part 3"]
    assert_quiet(system, ref)


def test_without_the_line_nothing_is_ranked(cloud: System) -> None:
    fields = cloud.integration.mapping["fields"]
    cloud.remap(fields={**fields, "requirement": [one for one in fields["requirement"] if one["name"] != "Rank"]})
    ref = cloud.feature("Bell", 2)
    cloud.send(ref)
    place(cloud, cloud.children(ref)[1].left_id, 1)
    look(cloud, ref)
    assert ranked(cloud, ref) == ["Bell part 1", "Bell part 2"]
    assert rank_calls(cloud) == 0


def test_an_account_that_may_not_rank_is_told_once_and_the_rest_goes_on(cloud: System) -> None:
    ref = cloud.feature("Bell", 2)
    cloud.send(ref)
    for project in cloud.site.projects.values():
        for person in project.grants:
            project.grants[person] = project.grants[person] - {"SCHEDULE_ISSUES"}
    child = cloud.children(ref)[1]
    place(cloud, child.left_id, 1)
    cloud.aha.rename("requirements", child.left_id, "Renamed")
    look(cloud, ref)
    child.refresh_from_db()
    assert cloud.jira.summary(child.right_key) == "Renamed"
    lines = [line for line in cloud.journal(ref) if "order below" in line.what]
    assert len(lines) == 1
    assert "Schedule Issues" in lines[0].remedy
    assert_quiet(cloud, ref)
