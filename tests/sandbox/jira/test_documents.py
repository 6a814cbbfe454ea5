"""Every endpoint is in the vendor's document under its name, and the answers of the main ones fit the document."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint

from . import documents
from .play import Sandbox


def official(endpoint: Endpoint, flavour: str) -> tuple[str, str]:
    """Document and path of an endpoint."""
    if flavour == "dc":
        return "dc", "/" + endpoint.template.replace("api/X", "api/2")
    document = "software" if endpoint.template.startswith("agile/") else "cloud"
    return document, "/rest/" + endpoint.template.replace("api/X", "api/3")


NAMED = [(e, f) for e in ENDPOINTS for f in e.on if not e.name.startswith("(")]


@pytest.mark.parametrize(("endpoint", "flavour"), NAMED, ids=lambda value: getattr(value, "name", value))
def test_endpoint_is_documented(endpoint: Endpoint, flavour: str) -> None:
    document, path = official(endpoint, flavour)
    found = documents.operation(document, endpoint.method, path)
    assert found is not None, f"{endpoint.method} {path} is not in the document"
    if flavour == "cloud":
        assert found["operationId"].split(".")[-1] == endpoint.name or document == "software"


ISSUE = "/issue/{issueIdOrKey}"
READS = [
    ("/serverInfo", {}),
    ("/myself", {}),
    ("/mypermissions", {"query": "?permissions=BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER&projectKey=FAB"}),
    ("/configuration", {}),
    ("/project/search", {"query": "?expand=lead,issueTypes,description"}),
    ("/project", {}),
    ("/project/{projectIdOrKey}", {"projectIdOrKey": "FAB"}),
    ("/project/{projectIdOrKey}/statuses", {"projectIdOrKey": "FAB"}),
    ("/project/{projectIdOrKey}/components", {"projectIdOrKey": "FAB"}),
    ("/project/{projectIdOrKey}/versions", {"projectIdOrKey": "FAB"}),
    ("/project/{projectIdOrKey}/version", {"projectIdOrKey": "FAB"}),
    ("/version/{id}", {"id": "10001"}),
    ("/version/{id}/relatedIssueCounts", {"id": "10001"}),
    ("/component/{id}", {"id": "10001"}),
    ("/issue/createmeta/{projectIdOrKey}/issuetypes", {"projectIdOrKey": "FAB"}),
    ("/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", {"projectIdOrKey": "FAB", "issueTypeId": "10001"}),
    ("/field", {}),
    ("/field/search", {}),
    ("/issuetype", {}),
    ("/issuetype/{id}", {"id": "10001"}),
    ("/priority", {}),
    ("/priority/search", {}),
    ("/resolution", {}),
    ("/resolution/search", {}),
    ("/status", {}),
    ("/status/{idOrName}", {"idOrName": "Done"}),
    ("/statuscategory", {}),
    ("/label", {}),
    ("/issueLinkType", {}),
    (ISSUE, {"query": "?expand=changelog,renderedFields,names,schema,transitions,editmeta&properties=*all"}),
    (ISSUE + "/editmeta", {}),
    (ISSUE + "/transitions", {"query": "?expand=transitions.fields"}),
    (ISSUE + "/changelog", {}),
    (ISSUE + "/comment", {}),
    (ISSUE + "/worklog", {}),
    (ISSUE + "/remotelink", {}),
    (ISSUE + "/properties", {}),
    ("/attachment/meta", {}),
    ("/user/search", {"query": "?query=a&username=a"}),
    ("/user/assignable/search", {"query": "?project=FAB&query=&username="}),
    ("/user/picker", {"query": "?query=ali"}),
    ("/users/search", {}),
    ("/search/jql", {"query": "?jql=project=FAB&fields=*all"}),
    ("/search", {"query": "?jql=project=FAB"}),
    ("/screens", {}),
]
# Data Center's document declares the item where these answer a list or a page, see documents.FAULTS.
DC_LISTS = {
    "/project", "/field", "/issuetype", "/priority", "/resolution", "/status", "/statuscategory", "/user/search",
    "/user/assignable/search", "/project/{projectIdOrKey}/versions", "/project/{projectIdOrKey}/components",
    "/project/{projectIdOrKey}/statuses", ISSUE + "/remotelink",
}  # fmt: skip
DC_PAGES = {
    "/issue/createmeta/{projectIdOrKey}/issuetypes",
    "/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
    "/project/{projectIdOrKey}/version",
    "/issueLinkType",
    ISSUE + "/transitions",
}
# Retired on Cloud; on Data Center the document gives `GET /screens` the answers of another operation.
UNUSABLE = {("/search", "cloud"), ("/screens", "dc")}
HAS = {(e.template, f) for e in ENDPOINTS for f in e.on if e.method == "GET"}


@pytest.fixture(params=["cloud", "dc"])
def lively(request: pytest.FixtureRequest) -> Any:
    """A sandbox in which FAB-2 has one of everything."""
    from .play import playing

    with playing(request.param) as sandbox:
        sandbox.call("POST", "~/issue/FAB-2/comment", json={"body": sandbox.text("Hello")})
        sandbox.call("POST", "~/issue/FAB-2/worklog", json={"timeSpent": "1h 30m"})
        sandbox.call(
            "PUT", "~/issue/FAB-2", json={"fields": {"summary": "Other", "timetracking": {"originalEstimate": "2d"}}}
        )
        sandbox.call("PUT", "~/issue/FAB-2/properties/x", json={"a": 1})
        target = {"globalId": "g-1", "object": {"url": "https://example.com", "title": "T"}}
        sandbox.call("POST", "~/issue/FAB-2/remotelink", json=target)
        link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "FAB-2"}, "outwardIssue": {"key": "FAB-4"}}
        assert sandbox.call("POST", "~/issueLink", json=link).status_code == 201
        files = {"file": ("a.txt", b"hi", "text/plain")}
        sandbox.call("POST", "~/issue/FAB-2/attachments", files=files, headers={"X-Atlassian-Token": "no-check"})
        sandbox.clock.advance(10)
        yield sandbox


def test_reads_fit_the_document(lively: Sandbox) -> None:
    wrong: list[str] = []
    checked = 0
    for path, params in READS:
        if ("api/X" + path, lively.flavour) not in HAS or (path, lively.flavour) in UNUSABLE:
            continue
        address = path
        for name, value in {"issueIdOrKey": "FAB-2", **params}.items():
            address = address.replace("{" + name + "}", str(value))
        body = lively.get("~" + address + str(params.get("query", "")))
        prefix = "/rest/api/3" if lively.flavour == "cloud" else "/api/2"
        schema = documents.schema_of(lively.flavour, "GET", prefix + path, 200)
        if schema is None:
            continue
        bodies = [body]
        if lively.flavour == "dc" and path in DC_PAGES:
            assert isinstance(body, dict)
            continue
        if lively.flavour == "dc" and path in DC_LISTS and schema.get("type") != "array":
            bodies = body
        for one in bodies:
            wrong += [f"{path} {text}" for text in documents.complaints(lively.flavour, schema, one)]
        checked += 1
    assert checked >= 25
    assert not wrong, "\n".join(wrong)


def test_writes_fit_the_document(lively: Sandbox) -> None:
    prefix = "/rest/api/3" if lively.flavour == "cloud" else "/api/2"
    issue = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "x"}}
    remote = {"object": {"url": "https://example.com", "title": "T"}}
    writes: list[tuple[str, str, Any, int]] = [
        ("POST", "/issue", issue, 201),
        ("POST", "/issue/bulk", {"issueUpdates": [issue, {}]}, 201),
        ("POST", ISSUE + "/comment", {"body": lively.text("Hi")}, 201),
        ("POST", ISSUE + "/worklog", {"timeSpentSeconds": 3600}, 201),
        ("POST", ISSUE + "/remotelink", remote, 201 if lively.flavour == "cloud" else 200),
        ("POST", "/version", {"name": "V", "projectId": 10000, "releaseDate": "2027-01-01"}, 201),
        ("PUT", "/version/10001", {"description": "d"}, 200),
        ("POST", "/field", {"name": "N", "type": "com.atlassian.jira.plugin.system.customfieldtypes:url"}, 201),
    ]
    if lively.flavour == "cloud":
        writes.append(("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["FAB-1", "FAB-2", "NOPE-1"]}, 200))
        writes.append(("POST", "/search/jql", {"jql": "project = FAB", "fields": ["summary"]}, 200))
    wrong: list[str] = []
    for method, path, body, status in writes:
        answer = lively.call(method, "~" + path.replace("{issueIdOrKey}", "FAB-2"), json=body)
        assert answer.status_code == status, (path, answer.text)
        schema = documents.schema_of(lively.flavour, method, prefix + path.replace("10001", "{id}"), status)
        if schema is not None:
            wrong += [f"{path} {text}" for text in documents.complaints(lively.flavour, schema, answer.json())]
    assert not wrong, "\n".join(wrong)
