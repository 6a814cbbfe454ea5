"""`update` reaches the parts of an issue: work logs and links with a create, comments too with an edit or a transition;
and nothing is changed where a part of it makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

from .play import Receiver, Sandbox

BASE = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "A bell"}
LINK = {"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "FAB-2"}}}
WORK = {"add": {"timeSpent": "60m", "started": "2026-07-05T11:05:00.000+0000"}}


def parts(jira: Sandbox, key: str) -> tuple[list[str], list[int], list[str]]:
    """Ends of links, seconds of work, ids of comments."""
    fields = jira.get(f"~/issue/{key}")["fields"]
    ends = [(link.get("outwardIssue") or link["inwardIssue"])["key"] for link in fields["issuelinks"]]
    logs = [log["timeSpentSeconds"] for log in fields["worklog"]["worklogs"]]
    return ends, logs, [comment["id"] for comment in fields["comment"]["comments"]]


def test_a_create_logs_work_and_links(jira: Sandbox) -> None:
    with Receiver() as receiver:
        assert jira.call("POST", "/_sandbox/hooks", json={"url": receiver.url}).is_success
        wire = {"fields": BASE, "update": {"worklog": [WORK], "issuelinks": [LINK]}}
        answer = jira.call("POST", "~/issue", json=wire)
        assert answer.status_code == 201, answer.text
        assert jira.courier.settle()
    assert parts(jira, answer.json()["key"]) == (["FAB-2"], [3600], [])
    assert {"jira:issue_created", "worklog_created", "issuelink_created"} <= set(receiver.events())


def test_an_edit_changes_comments_work_and_links(jira: Sandbox) -> None:
    key = jira.create()
    update: dict[str, Any] = {"comment": [{"add": {"body": jira.text("Hi")}}], "worklog": [WORK], "issuelinks": [LINK]}
    wire = {"fields": {"summary": "New"}, "update": update}
    assert jira.call("PUT", f"~/issue/{key}", json=wire).status_code == 204
    ends, logs, (comment,) = parts(jira, key)
    assert (ends, logs) == (["FAB-2"], [3600])
    other = {"edit": {"id": comment, "body": jira.text("Ho")}}
    assert jira.call("PUT", f"~/issue/{key}", json={"update": {"comment": [other]}}).status_code == 204
    assert "Ho" in jira.call("GET", f"~/issue/{key}/comment/{comment}").text
    gone = {"update": {"comment": [{"remove": {"id": comment}}]}}
    assert jira.call("PUT", f"~/issue/{key}", json=gone).status_code == 204
    assert parts(jira, key)[2] == []
    meta = jira.get(f"~/issue/{key}/editmeta")["fields"]
    assert [meta[name]["operations"] for name in ("comment", "worklog", "issuelinks")] == [
        ["add", "edit", "remove"],
        ["add"],
        ["add"],
    ]


def test_a_transition_takes_them_too(jira: Sandbox) -> None:
    key = jira.create()
    update = {"worklog": [WORK], "comment": [{"add": {"body": jira.text("On it")}}]}
    wire = {"transition": {"id": "21"}, "update": update}
    assert jira.call("POST", f"~/issue/{key}/transitions", json=wire).status_code == 204
    _, logs, comments = parts(jira, key)
    assert (logs, len(comments)) == ([3600], 1)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("comment", {"add": {"body": 7}}),
        ("comment", {"add": {}}),
        ("comment", {"edit": {"id": "4711", "body": "x"}}),
        ("comment", {"remove": {"id": "4711"}}),
        ("comment", {"set": {"body": "x"}}),
        ("worklog", {"add": {"timeSpent": "soon"}}),
        ("worklog", {"set": {}}),
        ("worklog", 7),
        ("issuelinks", {"add": {"type": {"name": "Eats"}, "outwardIssue": {"key": "FAB-2"}}}),
        ("issuelinks", {"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "NOPE-1"}}}),
        ("issuelinks", {"add": {"type": {"name": "Blocks"}}}),
        ("issuelinks", {"add": []}),
    ],
)
def test_what_makes_no_sense_changes_nothing(jira: Sandbox, name: str, operation: Any) -> None:
    before = jira.get("/_sandbox/state")
    update = {name: [operation]}
    made = jira.call("POST", "~/issue", json={"fields": BASE, "update": update})
    edited = jira.call("PUT", "~/issue/FAB-3", json={"fields": {"summary": "New"}, "update": update})
    moved = jira.call("POST", "~/issue/FAB-3/transitions", json={"transition": {"id": "21"}, "update": update})
    assert [answer.status_code for answer in (made, edited, moved)] == [400, 400, 400]
    assert jira.get("/_sandbox/state") == before
    issue = jira.get("~/issue/FAB-3")["fields"]
    assert (issue["summary"] != "New", issue["status"]["name"]) == (True, "To Do")


def test_a_reader_does_nothing_by_it(jira: Sandbox) -> None:
    before = jira.get("/_sandbox/state")
    for update in ({"worklog": [WORK]}, {"issuelinks": [LINK]}, {"comment": [{"add": {"body": jira.text("x")}}]}):
        assert jira.call("PUT", "~/issue/FAB-3", json={"update": update}, role="reader").status_code in (400, 403)
        made = jira.call("POST", "~/issue", json={"fields": BASE, "update": update}, role="reader")
        assert made.status_code in (400, 403)
    assert jira.get("/_sandbox/state") == before


REASON = {
    "type": "planner:sync",
    "description": "Carried over",
    "actor": {"id": "robot", "displayName": "Robot", "colour": "red"},
    "extraData": {"run": "7"},
    "colour": "red",
}
TOLD = {**REASON, "actor": {"id": "robot", "displayName": "Robot"}}
del TOLD["colour"]


def reasons(jira: Sandbox, key: str) -> list[Any]:
    """What the history tells of the reasons for its changes, oldest first."""
    histories = jira.get(f"~/issue/{key}?expand=changelog")["changelog"]["histories"]
    return [one.get("historyMetadata") for one in histories][::-1]


def test_the_history_keeps_the_reason_that_a_client_tells(jira: Sandbox) -> None:
    """As the documents' schemas of a change have it; a transition sets properties, too."""
    key = jira.create()
    wire: dict[str, Any] = {"fields": {"summary": "Another"}, "historyMetadata": REASON}
    assert jira.call("PUT", f"~/issue/{key}", json=wire).status_code == 204
    jira.call("PUT", f"~/issue/{key}", json={"fields": {"summary": "A third"}})
    way = jira.get(f"~/issue/{key}/transitions")["transitions"][0]["id"]
    wire = {"transition": {"id": way}, "historyMetadata": REASON, "properties": [{"key": "told", "value": [1]}]}
    assert jira.call("POST", f"~/issue/{key}/transitions", json=wire).status_code == 204
    assert reasons(jira, key)[-3:] == [TOLD, None, TOLD]
    assert jira.get(f"~/issue/{key}/properties/told")["value"] == [1]


@pytest.mark.parametrize(
    "reason", ["x", [], {"type": 1}, {"actor": "x"}, {"actor": {"id": 1}}, {"extraData": {"a": []}}]
)
def test_a_reason_of_another_shape_is_refused_and_nothing_changed(jira: Sandbox, reason: Any) -> None:
    key = jira.create()
    way = jira.get(f"~/issue/{key}/transitions")["transitions"][0]["id"]
    before = jira.get(f"~/issue/{key}")
    for method, place, wire in (
        ("PUT", "", {"fields": {"summary": "Another"}}),
        ("POST", "/transitions", {"transition": {"id": way}, "properties": [{"key": "told", "value": 1}]}),
    ):
        answer = jira.call(method, f"~/issue/{key}{place}", json={**wire, "historyMetadata": reason})
        assert answer.status_code == 400
    assert jira.get(f"~/issue/{key}") == before
    assert jira.get(f"~/issue/{key}/properties")["keys"] == []
