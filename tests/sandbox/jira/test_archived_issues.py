"""Issues that are archived: they are read, and neither found nor changed, until they are brought back."""

from __future__ import annotations

from typing import Any

import pytest

from .play import Sandbox

FAMILY = "key in (FAB-2, {0}, FAB-3)"


def turn(jira: Sandbox, key: str, *, archived: bool = True, role: str = "") -> int:
    """Archive an issue, or bring it back; the status."""
    if jira.flavour == "dc":
        return jira.call("PUT", f"~/issue/{key}/{'archive' if archived else 'restore'}", role=role).status_code
    path = "~/issue/archive" if archived else "~/issue/unarchive"
    return jira.call("PUT", path, json={"issueIdsOrKeys": [key]}, role=role).status_code


def test_an_archived_issue_is_read_and_neither_found_nor_changed(jira: Sandbox) -> None:
    part = jira.create("Sub-task", parent={"key": "FAB-2"})
    jira.clock.advance(60)
    good, refused = (200, 400) if jira.flavour == "cloud" else (204, 403)
    query = FAMILY.format(part)
    assert set(jira.search(query)) == {"FAB-2", "FAB-3", part}
    assert turn(jira, "FAB-2", role="reader") == 403
    assert turn(jira, part) == refused
    assert turn(jira, "FAB-2") == good
    assert turn(jira, "FAB-2") == refused
    jira.clock.advance(60)
    assert jira.search(query) == ["FAB-3"]
    assert jira.get("~/issue/FAB-2")["key"] == "FAB-2"
    body: dict[str, Any] = {"body": jira.text("x")}
    assert jira.call("PUT", "~/issue/FAB-2", json={"fields": {"summary": "New"}}).status_code == 400
    assert jira.call("POST", "~/issue/FAB-2/comment", json=body).status_code in (400, 403)
    assert jira.get("~/issue/FAB-2/transitions")["transitions"] == []
    assert jira.call("DELETE", f"~/issue/{part}").status_code == 403
    board = jira.get("/rest/agile/1.0/board/1/issue?maxResults=100")["issues"]
    assert "FAB-2" not in [issue["key"] for issue in board]
    assert turn(jira, part, archived=False) == refused
    assert turn(jira, "FAB-2", archived=False) == good
    jira.clock.advance(60)
    assert set(jira.search(query)) == {"FAB-2", "FAB-3", part}
    assert jira.call("PUT", "~/issue/FAB-2", json={"fields": {"summary": "New"}}).status_code == 204


def test_many_are_archived_at_once_and_what_was_wrong_is_told(cloud: Sandbox) -> None:
    part = cloud.create("Sub-task", parent={"key": "FAB-2"})
    answer = cloud.call("PUT", "~/issue/archive", json={"issueIdsOrKeys": ["FAB-2", part, "FAB-99", "10003"]})
    assert answer.json() == {
        "numberOfIssuesUpdated": 3,
        "errors": {
            "issueIsSubtask": {"count": 1, "issueIdsOrKeys": [part], "message": "Issue is subtask."},
            "issuesNotFound": {"count": 1, "issueIdsOrKeys": ["FAB-99"], "message": "Issue not found."},
        },
    }
    many = ["FAB-3", *(f"NO-{number}" for number in range(1000))]
    assert cloud.call("PUT", "~/issue/archive", json={"issueIdsOrKeys": many}).status_code == 412
    assert cloud.jira.site.issues[cloud.get("~/issue/FAB-3")["id"]].archived


def test_what_a_query_finds_is_archived_by_a_task(cloud: Sandbox) -> None:
    answer = cloud.call("POST", "~/issue/archive", json={"jql": "project = FAB AND key <= FAB-3"})
    assert answer.status_code == 202
    assert cloud.call("GET", answer.json().removeprefix(cloud.url)).json()["status"] == "COMPLETE"
    cloud.clock.advance(60)
    assert cloud.search("key <= FAB-3 AND project = FAB") == []


@pytest.mark.parametrize("wire", [{}, {"jql": "colour ="}, {"jql": 1}, {"jql": ""}, {"issueIdsOrKeys": "FAB-1"}])
def test_a_body_that_can_not_be_read_archives_nothing(cloud: Sandbox, wire: dict[str, Any]) -> None:
    assert cloud.call("POST", "~/issue/archive", json=wire).status_code == 400
    assert cloud.call("PUT", "~/issue/archive", json=wire).status_code == 400
    assert not [issue for issue in cloud.jira.site.issues.values() if issue.archived]
