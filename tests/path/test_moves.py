"""Requirements that are moved below another feature, on either side; one that was not sent brings a question."""

from __future__ import annotations

import httpx2

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, press_retry, warnings
from tests.path.system import System

MOVE = (
    "mutation ($id: ID!, $feature: ID!) {updateRequirement(id: $id, attributes: {feature: {id: $feature}})"
    "{errors {attributes {name}}}}"
)


def move_in_aha(system: System, requirement: str, feature: Ref) -> None:
    """A product owner drags a requirement to another feature."""
    body = {"query": MOVE, "variables": {"id": requirement, "feature": feature.id}}
    headers = {"Authorization": f"Bearer {system.aha_at.secret}"}
    answer = httpx2.post(f"{system.aha_at.address}/api/v2/graphql", json=body, headers=headers).json()
    assert answer["data"]["updateRequirement"]["errors"]["attributes"] == [], answer


def move_in_jira(system: System, key: str, parent: str) -> None:
    """An engineer gives a sub-task another parent: in the issue on Cloud, by More > Move on Data Center."""
    if system.flavour == "dc":
        kind = next(one.id for one in system.site.types.values() if one.subtask)
        body = {"issue": key, "project": "FAB", "type": kind, "parent": parent}
        httpx2.post(f"{system.jira_at.address}/_sandbox/move", json=body).raise_for_status()
    else:
        system.jira.edit(key, parent={"key": parent})


def above(system: System, key: str) -> str:
    return str(system.issue(key)["parent"]["key"])


def feature_of(system: System, requirement: str) -> str:
    return str(system.aha.record("requirements", requirement)["feature"]["id"])


def test_moved_in_aha(system: System) -> None:
    one, two = system.feature("Bell", 1), system.feature("Lamp")
    system.send(one)
    system.send(two)
    (child,) = system.children(one)
    move_in_aha(system, child.left_id, two)
    system.aha.rename("requirements", child.left_id, "Moved and renamed")
    system.wake(child)
    system.drain()
    child.refresh_from_db()
    assert system.jira.summary(child.right_key) == "Moved and renamed", "the rest goes on"
    if system.flavour == "dc":
        (line,) = warnings(system, two)
        assert line.what in child.reason
        assert "More > Move" in child.remedy
        assert (line.code, line.field) == ("L9", "Parent")
        assert above(system, child.right_key) == system.pair(one).right_key
        move_in_jira(system, child.right_key, system.pair(two).right_key)
        press_retry(system, two)
        child.refresh_from_db()
    assert child.state == "agreed", child.reason
    assert above(system, child.right_key) == system.pair(two).right_key
    assert [one.pk for one in system.children(two)] == [child.pk]
    assert_quiet(system, two)
    assert_quiet(system, one)


def test_moved_in_jira(system: System) -> None:
    one, two = system.feature("Bell", 2), system.feature("Lamp")
    system.send(one)
    system.send(two)
    child, _ = system.children(one)
    move_in_jira(system, child.right_key, system.pair(two).right_key)
    look(system, one)
    child.refresh_from_db()
    assert feature_of(system, child.left_id) == two.id
    assert child.state == "agreed", child.reason
    assert [one.pk for one in system.children(two)] == [child.pk]
    assert child.left_key.startswith(f"{two.key}-")
    assert_quiet(system, two)
    assert_quiet(system, one)


def test_moved_below_a_feature_that_was_not_sent_brings_the_question(system: System) -> None:
    one, two = system.feature("Bell", 1), system.feature("Lamp", 1)
    system.send(one)
    (child,) = system.children(one)
    before = len(system.site.issues)
    move_in_aha(system, child.left_id, two)
    system.aha.put(f"/requirements/{child.left_id}", {"requirement": {"name": "Moved and renamed"}})
    system.wake(child)
    system.drain()
    child.refresh_from_db()
    assert child.state == "asking"
    assert f"{two.key}, which it stands below in Aha!, is not sent" in child.reason
    assert f"Send {two.key}" in child.remedy
    assert system.jira.summary(child.right_key) == "Moved and renamed", "the rest was carried"
    assert len(system.site.issues) == before
    assert_quiet(system, one)
    if system.flavour == "dc":
        return
    system.send(two)
    child.refresh_from_db()
    assert child.state == "agreed", child.reason
    assert above(system, child.right_key) == system.pair(two).right_key
    assert len(system.site.issues) == before + 2
    assert_quiet(system, two)


def test_moved_in_jira_below_an_issue_in_no_pair_is_refused(system: System) -> None:
    one = system.feature("Bell", 1)
    system.send(one)
    (child,) = system.children(one)
    story = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "Nobody knows it"}
    stranger = system.jira.send("POST", "/issue", {"fields": story})["key"]
    move_in_jira(system, child.right_key, stranger)
    look(system, one)
    child.refresh_from_db()
    assert child.state == "asking"
    assert stranger in child.reason
    assert feature_of(system, child.left_id) == one.id
    assert above(system, child.right_key) == stranger
    assert_quiet(system, one)
