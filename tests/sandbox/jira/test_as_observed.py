"""What others observed of the real servers, or a document says in passing: permissions, nobody's requests, access
tokens, creating into another status, addresses of pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from .play import TLS, Sandbox, playing

NO_CHECK = {"X-Atlassian-Token": "no-check"}


def allow(jira: Sandbox, *permissions: str) -> None:
    """Dana may read FAB, and this."""
    site = jira.jira.site
    dana = next(person for person in site.people.values() if person.name == "dana")
    site.projects["10000"].grants[dana.key] = {"BROWSE_PROJECTS", *permissions}


@pytest.mark.parametrize(
    ("part", "body", "needs", "deeds"),
    [
        ("comment", {"body": "x"}, "ADD_COMMENTS", ("PUT", "DELETE")),
        ("worklog", {"timeSpent": "1h"}, "WORK_ON_ISSUES", ("PUT", "DELETE")),
        ("attachment", None, "CREATE_ATTACHMENTS", ("DELETE",)),
    ],
)
def test_ones_own_part_is_changed_with_the_permission_for_that(
    jira: Sandbox, part: str, body: Any, needs: str, deeds: tuple[str, ...]
) -> None:
    """https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/"""
    there, more = f"~/issue/FAB-2/{part}", {}
    if part == "comment":
        body = {"body": jira.text("x")}
    elif part == "attachment":
        there, more = "~/issue/FAB-2/attachments", {"files": {"file": ("a.txt", b"x")}, "headers": NO_CHECK}
    allow(jira, needs)
    made = jira.call("POST", there, role="reader", json=body, **more)
    assert made.is_success, made.text
    number = made.json()[0]["id"] if part == "attachment" else made.json()["id"]
    one = f"~/attachment/{number}" if part == "attachment" else f"{there}/{number}"
    for deed in deeds:
        assert jira.call(deed, one, role="reader", json=body).status_code in (400, 403), deed
        right = f"{'EDIT' if deed == 'PUT' else 'DELETE'}_OWN_{part.upper()}S"
        allow(jira, needs, right)
        assert jira.call(deed, one, role="reader", json=body).is_success, deed


BUILT_IN = [
    "ADMINISTER_PROJECTS", "BROWSE_PROJECTS", "MANAGE_SPRINTS_PERMISSION", "VIEW_DEV_TOOLS", "VIEW_READONLY_WORKFLOW",
    "ASSIGNABLE_USER", "ASSIGN_ISSUES", "CLOSE_ISSUES", "CREATE_ISSUES", "DELETE_ISSUES", "EDIT_ISSUES",
    "LINK_ISSUES", "MODIFY_REPORTER", "MOVE_ISSUES", "RESOLVE_ISSUES", "SCHEDULE_ISSUES", "SET_ISSUE_SECURITY",
    "TRANSITION_ISSUES", "MANAGE_WATCHERS", "VIEW_VOTERS_AND_WATCHERS", "ADD_COMMENTS", "DELETE_ALL_COMMENTS",
    "DELETE_OWN_COMMENTS", "EDIT_ALL_COMMENTS", "EDIT_OWN_COMMENTS", "CREATE_ATTACHMENTS", "DELETE_ALL_ATTACHMENTS",
    "DELETE_OWN_ATTACHMENTS", "DELETE_ALL_WORKLOGS", "DELETE_OWN_WORKLOGS", "EDIT_ALL_WORKLOGS", "EDIT_OWN_WORKLOGS",
    "WORK_ON_ISSUES",
]  # fmt: skip
"""Of the document: getAllPermissionSchemes, those that need no other product and that both have."""


def test_permissions_have_the_names_of_the_document(jira: Sandbox) -> None:
    mine = jira.get(f"~/mypermissions?permissions={','.join(BUILT_IN)}&projectKey=FAB")["permissions"]
    assert all(mine[name]["havePermission"] for name in BUILT_IN)
    search = "~/user/permission/search?projectKey=FAB&query=alice&username=alice"
    assert len(jira.get(f"{search}&permissions=BROWSE,EDIT_ISSUE")) == 1
    assert jira.call("GET", f"{search}&permissions=NOTHING").status_code == 400
    if jira.flavour == "cloud":
        assert set(mine) == set(BUILT_IN)
        assert jira.call("GET", "~/mypermissions?permissions=EDIT_ISSUE").status_code == 400
    else:  # it has no parameter for some of them, and answers those of old beside
        assert jira.get("~/mypermissions?permissions=EDIT_ISSUES") == jira.get("~/mypermissions")
        assert mine["EDIT_ISSUE"] == {**mine["EDIT_ISSUES"], "key": "EDIT_ISSUE", "deprecatedKey": True}


def test_nobody_at_a_data_center(dc: Sandbox) -> None:
    """A header tells that a credential did not arrive; searching finds nothing rather than being refused."""
    told = dc.call("GET", "~/serverInfo", role=None)
    assert (told.headers["x-ausername"], "serverTime" in told.json()) == ("anonymous", False)
    assert dc.call("GET", "~/serverInfo").json()["databaseBuildNumber"] == told.json()["buildNumber"]
    found = dc.call("POST", "~/search", role=None, json={"jql": "project = FAB"})
    assert (found.status_code, found.json()["total"]) == (200, 0)
    refused = dc.call("GET", "~/myself", role=None)
    assert (refused.headers["x-ausername"], refused.json()) == (
        "anonymous",
        {"message": "Client must be authenticated to access this resource.", "status-code": 401},
    )


def test_an_access_token_from_its_making_to_its_end(dc: Sandbox) -> None:
    here = "/rest/pat/latest/tokens"

    def works(token: str) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.get(f"{dc.url}/rest/api/2/myself", headers=headers, verify=TLS).is_success

    first, second = (
        dc.call("POST", here, json={"name": "a script", **more}).json() for more in ({"expirationDuration": 2}, {})
    )
    assert first["expiringAt"].endswith("+00:00")
    assert "expiringAt" not in second
    assert works(first["rawToken"])
    listed = dc.get(here)
    assert [one["name"] for one in listed] == ["token 1", "a script", "a script"]
    assert "lastAccessedAt" in listed[0]
    assert "rawToken" not in listed[1]
    dc.clock.advance(2 * 86400)
    assert (works(first["rawToken"]), works(second["rawToken"]), works(dc.credentials["pat"])) == (False, True, True)
    for gone in (listed[0]["id"], second["id"]):
        assert dc.call("DELETE", f"{here}/{gone}").status_code == 204
        assert dc.call("DELETE", f"{here}/{gone}").status_code == 404
    assert not works(second["rawToken"])
    assert not works(dc.credentials["pat"])
    for wrong in ({}, {"name": ""}, {"name": "x", "expirationDuration": 0}):
        assert dc.call("POST", here, json=wrong).status_code == 400


def test_an_issue_is_created_into_another_status_on_cloud(jira: Sandbox) -> None:
    """ "A transition may be applied, to move the issue or subtask to a workflow step other than the default start step"
    (createIssue); not on Data Center: https://jira.atlassian.com/browse/JRASERVER-66881"""
    new: Any = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "A bell"}}
    key = jira.call("POST", "~/issue", json={**new, "transition": {"id": "21"}}).json()["key"]
    status = jira.get(f"~/issue/{key}")["fields"]["status"]["name"]
    assert status == ("In Progress" if jira.flavour == "cloud" else "To Do")
    before = jira.get("/_sandbox/state")
    refused = [jira.call("POST", "~/issue", json={**new, "transition": {"id": number}}) for number in ("51", "77")]
    if jira.flavour == "cloud":
        assert [one.status_code for one in refused] == [400, 400]
        assert list(refused[0].json()["errors"]) == ["resolution"]
        assert jira.get("/_sandbox/state") == before
        after = jira.call("POST", "~/issue", json=new).json()["key"]
        assert int(after.split("-")[1]) == int(key.split("-")[1]) + 1
    else:
        assert [one.status_code for one in refused] == [201, 201]


def test_the_next_page_is_of_the_same_list(cloud: Sandbox) -> None:
    page = cloud.get("~/field/search?type=custom&query=e&maxResults=1")
    found = [one["id"] for one in page["values"]]
    while "nextPage" in page:
        page = cloud.get(page["nextPage"].removeprefix(cloud.url))
        found += [one["id"] for one in page["values"]]
    assert found == [one["id"] for one in cloud.get("~/field/search?type=custom&query=e")["values"]]
    assert len(found) > 2


def test_small_words(jira: Sandbox) -> None:
    no_project = jira.call("POST", "~/component", json={"name": "Bells"})
    assert (no_project.status_code, list(no_project.json()["errors"])) == (400, ["project"])
    files = {"file": ("Prüfung.txt", b"x", "text/plain")}
    (sent,) = jira.call("POST", "~/issue/FAB-2/attachments", files=files, headers=NO_CHECK).json()
    got = jira.call("GET", sent["content"].removeprefix(jira.url), follow_redirects=True)
    assert "filename*=UTF-8''Pr%C3%BCfung.txt" in got.headers["content-disposition"]


ASKED = [("application/json", "application/json"), ("*/*", "text/html;charset=UTF-8"), ("", "text/plain")]


def test_a_stranger_at_cloud(cloud: Sandbox) -> None:
    """An unknown credential is told by a header of every answer; a bearer token is for the gateway."""
    name, _ = cloud.auth()
    for path in ("project/FAB", "issue/FAB-1", "serverInfo"):
        answer = httpx2.get(f"{cloud.url}/rest/api/3/{path}", auth=(name, "wrong"), verify=TLS)
        assert answer.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED", path
    for accept, media in ASKED:
        refused = cloud.call("GET", "~/myself", role=None, headers={"Accept": accept})
        assert (refused.status_code, refused.headers["content-type"]) == (401, media)
        assert refused.text == "Client must be authenticated to access this resource."
    bearer = cloud.call("GET", "~/serverInfo", role=None, headers={"Authorization": "Bearer a-token"})
    assert (bearer.status_code, bearer.json()) == (403, {"error": "Failed to parse Connect Session Auth Token"})


WORDS = [
    ("GET", "~/group/member", b"", 400, "The group ID and group name can not be empty."),
    ("GET", "~/group/member?groupname=a&groupId=b", b"", 400, "The query parameters 'groupId' and 'groupname' are"),
    ("GET", "~/group/member?groupname=no-such", b"", 404, "The group named 'no-such' does not exist"),
    ("GET", "~/group/member?groupId=0-0", b"", 404, "The group with group ID '0-0' does not exist"),
    ("GET", "~/search/jql?jql=project=FAB&maxResults=0", b"", 400, "The maxResults parameter must be between"),
    ("GET", "~/search/jql?jql=project=FAB&maxResults=5001", b"", 400, "The maxResults parameter must be between"),
    ("POST", "~/search/jql", b'{"jql": "project = FAB", "maxResults": -1}', 400, "The maxResults parameter must be"),
    ("POST", "~/search/jql", b"", 400, "No content to map to Object due to end of input"),
]


@pytest.fixture(scope="module")
def reading() -> Iterator[Sandbox]:
    with playing("cloud") as sandbox:
        yield sandbox


@pytest.mark.parametrize(("method", "path", "body", "status", "words"), WORDS)
def test_words_of_cloud(reading: Sandbox, method: str, path: str, body: bytes, status: int, words: str) -> None:
    answer = reading.call(method, path, content=body, headers={"Content-Type": "application/json"} if body else {})
    assert (answer.status_code, answer.json()["errorMessages"][0][: len(words)]) == (status, words)


def test_small_things_of_each_jira(jira: Sandbox) -> None:
    """What recordings show, and a document or its example does."""
    cloud, key = jira.flavour == "cloud", jira.create()
    bruno = jira.get("~/user/assignable/search?project=FAB&query=bruno&username=bruno")[0]
    who = {"accountId": bruno["accountId"]} if cloud else {"name": bruno["name"]}
    jira.call("PUT", f"~/issue/{key}", json={"fields": {"assignee": who}})
    histories = jira.get(f"~/issue/{key}?expand=changelog")["changelog"]["histories"]
    (item,) = [one for history in histories for one in history["items"] if one["field"] == "assignee"][:1]
    people = {"tmpFromAccountId": None, "tmpToAccountId": item["to"]}
    assert {name: item.get(name, "-") for name in people} == (people if cloud else dict.fromkeys(people, "-"))
    assert ("defaultLocale" in jira.get("~/serverInfo")) == cloud
    made = jira.call("POST", "/rest/agile/1.0/sprint", json={"name": "S", "originBoardId": 1}).json()
    assert ("createdDate" in made) == cloud
    jira.clock.advance(5)
    found = jira.get("~/search/jql" if cloud else "~/search", params={"jql": f"key = {key}", "fields": "summary"})
    boards = jira.get("/rest/agile/1.0/board/1/issue")
    for listed in (found["issues"][0], boards["issues"][0]):
        assert listed["expand"].startswith("renderedFields,names" if cloud else "operations,versionedRepresentations")


def test_what_would_be_taken_is_told_in_a_header(jira: Sandbox) -> None:
    method = jira.call("PUT", "~/issue/FAB-1/comment", json={})
    assert (method.status_code, method.headers["allow"]) == (405, "GET, POST")
    text = jira.call("POST", "~/issue", content=b"x", headers={"Content-Type": "text/plain"})
    assert (text.status_code, text.headers["accept"]) == (415, "application/json")
    refused = jira.call("POST", "~/issue/FAB-1/comment", role="reader", json={"body": jira.text("x")})
    assert refused.json()["errorMessages"] == ["Dana Weiss, you do not have the permission to comment on this issue."]


def test_a_search_tells_the_second_of_the_last_change_on_data_center(jira: Sandbox) -> None:
    jira.clock.advance(0.679)
    key = jira.create()
    if jira.flavour == "cloud":
        jira.clock.advance(5)
    path = "~/search/jql" if jira.flavour == "cloud" else "~/search"
    (found,) = jira.get(f"{path}?jql=key={key}&fields=updated")["issues"]
    issue = jira.get(f"~/issue/{key}?fields=updated")["fields"]["updated"]
    assert issue[19:23] == ".679"
    assert found["fields"]["updated"] == (issue if jira.flavour == "cloud" else issue.replace(".679", ".000"))


def test_shapes_as_recorded(jira: Sandbox) -> None:
    """Of Cloud, and of Data Center 10.4, by https://github.com/kmoneil/jr."""
    cloud = jira.flavour == "cloud"
    key = jira.create()
    for field, value in (("summary", "B"), ("summary", "C"), ("customfield_10020", 1)):
        jira.clock.advance(1)
        assert jira.call("PUT", f"~/issue/{key}", json={"fields": {field: value}}).status_code == 204
    told = jira.get(f"~/issue/{key}?expand=changelog")["changelog"]["histories"]
    items = [entry["items"][0] for entry in (told[::-1] if cloud else told)]
    assert [item["toString"] for item in items] == ["B", "C", "FAB Sprint 1"]
    assert (items[2]["from"], items[2]["fromString"]) == ("", "")
    (way, *_) = jira.get(f"~/issue/{key}/transitions")["transitions"]
    assert way["to"]["statusCategory"]["colorName"] == ("yellow" if cloud else "inprogress")
    assert ("opsbarSequence" in way, "description" in way) == (not cloud, not cloud)
    project = jira.get("~/project/FAB")
    assert ("insight" in project["expand"], "emailAddress" in project["lead"]) == (cloud, False)
    link = {"object": {"url": "https://example.com/", "title": "T"}}
    assert jira.call("POST", f"~/issue/{key}/remotelink", json=link).is_success
    (shown,) = jira.get(f"~/issue/{key}/remotelink")
    assert shown["object"] == {**link["object"], "icon": {}, "status": {"icon": {}}}
