"""Small rules of the documents, at their edges: how many, who may, what an answer's headers tell."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from crosswalk_sandbox.jira.flavour import stamp

from .play import Sandbox


def test_a_get_with_a_body(jira: Sandbox) -> None:
    """https://developer.atlassian.com/changelog/#CHANGE-2328"""
    assert jira.call("GET", "~/myself", content=b"{}").status_code == (403 if jira.flavour == "cloud" else 200)


def test_a_new_parent_in_the_changelog(cloud: Sandbox) -> None:
    assert cloud.call("PUT", "~/issue/FAB-4", json={"fields": {"parent": {"key": "FAB-1"}}}).status_code == 204
    (item,) = cloud.get("~/issue/FAB-4/changelog")["values"][-1]["items"]
    told = {"field": "IssueParentAssociation", "to": "10000", "toString": "FAB-1"}
    assert {name: item[name] for name in told} == told


@pytest.mark.parametrize(("number", "status"), [(50, 201), (51, 400)])
def test_so_many_issues_are_created_at_once(jira: Sandbox, number: int, status: int) -> None:
    one = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "x"}}
    answer = jira.call("POST", "~/issue/bulk", json={"issueUpdates": [one] * number})
    assert (answer.status_code, len(jira.jira.site.issues)) == (status, 7 + (number if status == 201 else 0))


def test_only_an_administrator_writes_without_mail(jira: Sandbox) -> None:
    site = jira.jira.site
    dana = next(person for person in site.people.values() if person.name == "dana")
    site.projects["10000"].grants[dana.key].add("EDIT_ISSUES")
    body = {"fields": {"summary": "Quiet"}}
    refused = jira.call("PUT", "~/issue/FAB-2?notifyUsers=false", json=body, role="reader")
    assert (refused.status_code, jira.get("~/issue/FAB-2")["fields"]["summary"] == "Quiet") == (400, False)
    assert jira.call("PUT", "~/issue/FAB-2", json=body, role="reader").status_code == 204
    assert jira.call("PUT", "~/issue/FAB-2?notifyUsers=false", json=body).status_code == 204


@pytest.mark.parametrize(("number", "status"), [(60, 200), (61, 413)])
def test_so_many_files_are_attached_at_once(jira: Sandbox, number: int, status: int) -> None:
    files = [("file", (f"{n}.txt", b"x", "text/plain")) for n in range(number)]
    headers = {"X-Atlassian-Token": "no-check"}
    assert jira.call("POST", "~/issue/FAB-2/attachments", files=files, headers=headers).status_code == status


def test_headers_name_the_caller_and_the_request(jira: Sandbox) -> None:
    first, second = jira.call("GET", "~/myself"), jira.call("GET", "~/myself")
    assert first.headers["x-arequestid"] != second.headers["x-arequestid"]
    if jira.flavour == "cloud":
        assert first.headers["x-aaccountid"] == first.json()["accountId"].replace(":", "%3A")
        assert first.headers["atl-traceid"] == first.headers["x-arequestid"]
    else:
        assert first.headers["x-ausername"] == "alice"
    nobody = jira.call("GET", "~/serverInfo", role=None).headers
    assert "x-aaccountid" not in nobody
    assert nobody.get("x-ausername") == (None if jira.flavour == "cloud" else "anonymous")


PARTS = [
    ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
    ("bytes=7-", 206, b"789", "bytes 7-9/10"),
    ("bytes=-3", 206, b"789", "bytes 7-9/10"),
    ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
    ("bytes=0-1,3-4", 200, b"0123456789", None),
    ("bytes=10-", 416, None, None),
    ("bytes=4-2", 400, None, None),
    ("lines=1-2", 400, None, None),
]


@pytest.mark.parametrize(("asked", "status", "body", "told"), PARTS)
def test_a_part_of_a_file(cloud: Sandbox, asked: str, status: int, body: bytes | None, told: str | None) -> None:
    file = {"file": ("a.txt", b"0123456789", "text/plain")}
    sent = cloud.call("POST", "~/issue/FAB-2/attachments", files=file, headers={"X-Atlassian-Token": "no-check"})
    path = f"~/attachment/content/{sent.json()[0]['id']}"
    answer = cloud.call("GET", f"{path}?redirect=false", headers={"Range": asked})
    assert (answer.status_code, answer.headers.get("content-range")) == (status, told)
    assert body is None or answer.content == body
    media = cloud.call("GET", path).headers["location"].removeprefix(cloud.url)
    assert cloud.call("GET", media, role=None, headers={"Range": asked}).status_code == status


@pytest.mark.parametrize("sign", [".", "%25", "_", "''"])
def test_some_signs_find_everybody_on_data_center(jira: Sandbox, sign: str) -> None:
    people = [person for person in jira.jira.site.people.values() if not person.app]
    next(person for person in people if person.name == "dana").active = False
    found = jira.get(f"~/user/search?username={sign}&query={sign}&includeInactive=true")
    assert len(found) == (len(people) if jira.flavour == "dc" else 0)
    if jira.flavour == "dc":
        assert len(jira.get(f"~/user/search?username={sign}")) == len(people) - 1
        gone = jira.get(f"~/user/search?username={sign}&includeInactive=true&includeActive=false")
        assert [person["name"] for person in gone] == ["dana"]


def test_a_page_of_less_than_nothing_is_the_largest_on_data_center(dc: Sandbox) -> None:
    every = dc.get("~/search?jql=project=FAB&maxResults=-1&fields=summary")
    assert (every["maxResults"], len(every["issues"])) == (1000, every["total"])
    sent = dc.call("POST", "~/search", json={"jql": "project = FAB", "maxResults": -1, "fields": ["summary"]}).json()
    assert (sent["maxResults"], len(sent["issues"])) == (1000, every["total"])
    assert dc.get("~/search?jql=project=FAB&maxResults=0")["issues"] == []


@pytest.mark.parametrize("field", ["fixVersions", "components", "priority"])
def test_a_value_without_a_name_is_named_null(jira: Sandbox, field: str) -> None:
    wrong = {} if field == "priority" else [{}]
    refused = jira.call("PUT", "~/issue/FAB-2", json={"fields": {field: wrong}})
    assert (refused.status_code, "'null'" in refused.json()["errors"][field]) == (400, True)
    link = {"inwardIssue": {"key": "FAB-2"}, "outwardIssue": {"key": "FAB-3"}}
    assert "'null'" in jira.call("POST", "~/issueLink", json=link).json()["errorMessages"][0]


NOTHING = [
    {"type": "doc", "version": 1, "content": []},
    {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": []}]},
    {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]},
    {"type": "doc", "version": 1, "content": [{"type": "paragraph"}, {"type": "paragraph"}]},
]
RULE = {"type": "doc", "version": 1, "content": [{"type": "rule"}]}


@pytest.mark.parametrize("body", NOTHING, ids=str)
def test_a_comment_that_says_nothing_is_refused(cloud: Sandbox, body: object) -> None:
    answers = [
        cloud.call("POST", "~/issue/FAB-2/comment", json={"body": body}),
        cloud.call("PUT", "~/issue/FAB-2/comment/10000", json={"body": body}),
        cloud.call("POST", "/rest/api/2/issue/FAB-2/comment", json={"body": " \n"}),
    ]
    told = {"errorMessages": [], "errors": {"comment": "Comment body can not be empty!"}}
    assert [(one.status_code, one.json()) for one in answers] == [(400, told)] * 3
    assert cloud.call("POST", "~/issue/FAB-2/comment", json={"body": RULE}).status_code == 201


def test_what_is_very_deep_or_long_is_refused_at_once(cloud: Sandbox) -> None:
    deep = b'{"type":"paragraph","content":[' * 450 + b"]}" * 450
    body = b'{"body":{"type":"doc","version":1,"content":[' + deep + b"]}}"
    headers = {"Content-Type": "application/json"}
    assert cloud.call("POST", "~/issue/FAB-2/comment", content=body, headers=headers).status_code == 400
    for text in ("{color:red}", "{code:x}\n", "a {quote} "):
        sent = {"fields": {"description": text * 300_000}}
        assert cloud.call("PUT", "/rest/api/2/issue/FAB-2", json=sent).status_code == 400


def test_a_new_projects_key_and_name_are_checked(cloud: Sandbox) -> None:
    assert cloud.get("~/projectvalidate/key?key=BEL") == {"errorMessages": [], "errors": {}}
    assert set(cloud.get("~/projectvalidate/key?key=FAB")["errors"]) == {"projectKey"}
    assert cloud.get("~/projectvalidate/validProjectKey?key=BEL") == "BEL"
    for taken in ("FAB", "a b", ""):
        key = cloud.get(f"~/projectvalidate/validProjectKey?key={taken}")
        assert cloud.get(f"~/projectvalidate/key?key={key}")["errors"] == {}
    assert cloud.get("~/projectvalidate/validProjectName?name=Bells") == "Bells"
    assert cloud.get("~/projectvalidate/validProjectName?name=Fable Bicycles") == "Fable Bicycles 2"
    assert cloud.call("GET", "~/projectvalidate/validProjectName").status_code == 400


@pytest.mark.parametrize("wrong", ["1d", 5, ["1d"]])
def test_estimates_come_as_an_object(jira: Sandbox, wrong: object) -> None:
    refused = jira.call("PUT", "~/issue/FAB-2", json={"fields": {"timetracking": wrong}})
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"timetracking"})


def test_an_unknown_way_to_adjust_the_estimate_changes_nothing(jira: Sandbox) -> None:
    """Both documents name the ways: new, leave, manual, auto."""
    log = jira.call("POST", "~/issue/FAB-2/worklog", json={"timeSpent": "1h"}).json()["id"]
    before = jira.get("/_sandbox/state")
    for method, path, body in (
        ("POST", "~/issue/FAB-2/worklog", {"timeSpent": "1h"}),
        ("PUT", f"~/issue/FAB-2/worklog/{log}", {"timeSpent": "2h"}),
        ("DELETE", f"~/issue/FAB-2/worklog/{log}", None),
    ):
        answer = jira.call(method, f"{path}?adjustEstimate=never", json=body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["adjustEstimate"]), method
    assert jira.get("/_sandbox/state") == before


def test_sprints_in_an_unknown_state_are_refused(jira: Sandbox) -> None:
    """Valid values are future, active, closed, say both documents."""
    path = "/rest/agile/1.0/board/1/sprint"
    assert jira.call("GET", f"{path}?state=active,over").status_code == 400
    assert [one["state"] for one in jira.get(f"{path}?state=active")["values"]] == ["active"]
    for board in ("9" * 5000, "9", "x"):
        assert jira.call("POST", f"/_sandbox/boards/{board}", json={"name": "B"}).status_code == 400


def test_what_comes_before_the_operation_is_refused_in_each_servers_form(jira: Sandbox) -> None:
    kind = "application/problem+json" if jira.flavour == "cloud" else "application/json"
    text = jira.call("POST", "~/issue", content=b"a=b", headers={"Content-Type": "text/plain"})
    method = jira.call("PUT", "~/issue/FAB-1/comment", json={})
    for answer, status in ((text, 415), (method, 405)):
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, kind)
        assert answer.json()["status" if jira.flavour == "cloud" else "status-code"] == status
    patched = jira.call("PATCH", "~/issue/FAB-1")  # the gateway of Cloud passes none on
    assert (patched.status_code, "json" in patched.headers["content-type"]) == (
        (400, False) if jira.flavour == "cloud" else (405, True)
    )


def test_a_body_that_the_document_leaves_open_may_have_more(jira: Sandbox) -> None:
    """Of issues, remote links and groups it says `additionalProperties: true`; the client `atlassian-python-api` sends
    `notifyUsers` in the body of an edit."""
    new = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "A bell"}, "more": 1}
    made = jira.call("POST", "~/issue", json=new)
    assert made.status_code == 201, made.text
    key = made.json()["key"]
    assert jira.call("POST", "~/issue/bulk", json={"issueUpdates": [new], "more": 1}).status_code == 201
    edit = {"fields": {"summary": "A horn"}, "notifyUsers": "true"}
    assert jira.call("PUT", f"~/issue/{key}", json=edit).status_code == 204
    assert jira.get(f"~/issue/{key}")["fields"]["summary"] == "A horn"
    way = jira.get(f"~/issue/{key}/transitions")["transitions"][0]["id"]
    assert (
        jira.call("POST", f"~/issue/{key}/transitions", json={"transition": {"id": way}, "more": 1}).status_code == 204
    )
    link = {"object": {"url": "https://example.com/", "title": "t"}, "more": 1}
    assert jira.call("POST", f"~/issue/{key}/remotelink", json=link).status_code in (200, 201)
    assert jira.call("POST", "~/group", json={"name": "Crew", "more": 1}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "~/version", {"name": "V", "projectId": 10000}),
        ("PUT", "~/version/10000", {"name": "V"}),
        ("POST", "~/component", {"name": "C", "project": "FAB"}),
        ("POST", "~/filter", {"name": "F", "jql": "project = FAB"}),
        ("POST", "~/search/jql", {"jql": "project = FAB"}),
        ("PUT", "~/issue/FAB-1/assignee", {"accountId": None}),
    ],
)
def test_a_body_that_the_document_closes_may_not(cloud: Sandbox, method: str, path: str, body: dict[str, Any]) -> None:
    """As recorded of a search."""
    before = cloud.get("/_sandbox/state")
    answer = cloud.call(method, path, json={**body, "colour": 1})
    words = "Invalid request payload. Refer to the REST API documentation and try again."
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [words]})
    assert cloud.get("/_sandbox/state") == before
    assert cloud.call(method, path, json=body).is_success


def test_an_old_moment_is_written_in_full(cloud: Sandbox) -> None:
    """Its year was written with three digits and its offset with seconds, which nobody reads."""
    old = datetime(999, 12, 31, 17, tzinfo=UTC)
    assert re.fullmatch(r"0999-12-31T\d\d:\d\d:\d\d\.000[+-]\d{4}", stamp(old, cloud.jira.site))
