"""Every request the connector builds, held against the vendor's own OpenAPI documents: method, path, query, body."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest

from crosswalk.jira import wire, wire_agile, wire_dynamic, wire_meta
from crosswalk.jira.cloud import Cloud
from crosswalk.jira.datacenter import DataCenter
from crosswalk.jira.edits import edit_of
from crosswalk.jira.fields import kinds_of
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import FieldInfo, Metadata
from crosswalk.jira.wire_meta import items, next_start
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.values import Choice, Person, Rich
from crosswalk.remote.request import File, Request
from crosswalk.richtext import canonical
from tests.shared_files import shared

CLOUD, DC = Cloud(), DataCenter()
DOCUMENTS = {
    "cloud": "fixtures/openapi/jira-cloud-platform-v3.json",
    "datacenter": "fixtures/openapi/jira-dc-10.3.json",
}
CLOUD_ONLY = {
    "screen_scheme_of",
    "screen_scheme_mappings",
    "screen_schemes",
    "field_contexts",
    "create_option",
    "attachment_content",
    *("dynamic_webhooks", "register_dynamic", "refresh_dynamic", "delete_dynamic"),
}
DOC = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}]}


@functools.cache
def document(flavour: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shared(DOCUMENTS[flavour]).read_text(encoding="utf-8"))
    if flavour == "datacenter":
        mend(loaded)
    return loaded


def mend(loaded: dict[str, Any]) -> None:
    """Where Data Center's document is known to be wrong: values of fields need not be objects, dates have no time, and
    a property holds any JSON."""
    beans = loaded["components"]["schemas"]
    beans["IssueUpdateBean"]["properties"]["fields"]["additionalProperties"] = {}
    for name in ("startDate", "releaseDate"):
        del beans["VersionBean"]["properties"][name]["format"]
    beans["EntityPropertyBean"]["properties"]["value"] = {}
    put = loaded["paths"]["/api/2/issue/{issueIdOrKey}/properties/{propertyKey}"]["put"]
    put["requestBody"]["content"]["application/json"]["schema"] = {}


@functools.cache
def routes(flavour: str) -> list[tuple[re.Pattern[str], int, dict[str, Any]]]:
    """What fits each documented path, how many places it has to be filled, and its operations."""
    return [
        (re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))), template.count("{"), operations)
        for template, operations in document(flavour)["paths"].items()
    ]


def operation_of(flavour: str, request: Request) -> dict[str, Any]:
    """The documented operation a request calls. Fails where there is none."""
    path = request.path if flavour == "cloud" else request.path.removeprefix("/rest")
    if flavour == "cloud":
        path = path.replace("/rest/api/2/serverInfo", "/rest/api/3/serverInfo")
    matches = []
    for pattern, places, operations in routes(flavour):
        if request.method.lower() in operations and pattern.fullmatch(path):
            matches.append((places, operations[request.method.lower()]))
    assert matches, f"{request.call} is in no document of {flavour}"
    found: dict[str, Any] = min(matches, key=lambda match: match[0])[1]
    return found


def check_query(operation: dict[str, Any], request: Request) -> None:
    known = {entry["name"]: entry for entry in operation.get("parameters", []) if entry["in"] == "query"}
    # Data Center's document tells of `expand` in the words of getTransitions alone.
    told = {name for name in ("expand",) if f"{name}=" in operation.get("description", "")}
    assert {name for name, _ in request.query} <= known.keys() | told
    required = {name for name, entry in known.items() if entry.get("required")}
    assert required <= {name for name, _ in request.query}


def check_body(flavour: str, operation: dict[str, Any], request: Request) -> None:
    if request.files:
        assert "multipart/form-data" in operation["requestBody"]["content"]
        return
    if "requestBody" not in operation:
        assert request.body is None
        return
    schema = next(iter(operation["requestBody"]["content"].values())).get("schema") or {}
    if "$ref" in schema:
        schema = {"components": document(flavour)["components"], **schema}
    body = request.body
    if isinstance(body, dict) and "started" in body:
        # Jira takes a moment's zone without a colon only, though the document calls it a date-time.
        body = {**body, "started": re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", body["started"])}
    jsonschema_rs.Draft4Validator(schema).validate(body)


FILE = File("file", "a.txt", "text/plain", b"hi")


def plain(flavour: Flavour) -> dict[str, Request]:
    """One request of each builder in wire.py and wire_meta.py, by the builder's name."""
    api = flavour.api
    fields = {"project": {"id": "10000"}, "issuetype": {"id": "10001"}, "summary": "x", "labels": ["a"]}
    body = wire.issue_body(fields, properties={wire.PROPERTY: {"token": "t", "record": "PRJ-1", "url": "https://x"}})
    edit = wire.issue_body({"summary": "y"}, {"fixVersions": [{"add": {"id": "1"}}, {"remove": {"id": "2"}}]})
    return {
        "server_info": wire.server_info(),
        "myself": wire.myself(api),
        "issue": wire.issue(api, "10001", ["summary", "status"]),
        "create_issue": wire.create_issue(api, body),
        "create_issues": wire.create_issues(api, [body, body]),
        "update_issue": wire.update_issue(api, "10001", edit, flavour.edit_query),
        "transitions": wire.transitions(api, "10001"),
        "comments": wire.comments(api, "10001", 0),
        "add_comment": wire.add_comment(api, "10001", DOC if flavour is CLOUD else "Hi"),
        "change_comment": wire.change_comment(api, "10001", "10100", DOC if flavour is CLOUD else "Hi"),
        "remove_comment": wire.remove_comment(api, "10001", "10100"),
        "move_issue": wire.move_issue(api, "10001", "31"),
        "issue_property": wire.issue_property(api, "10001"),
        "put_issue_property": wire.put_issue_property(api, "10001", {"token": "t"}),
        "remote_links": wire.remote_links(api, "10001"),
        "put_remote_link": wire.put_remote_link(api, "10001", "crosswalk:1", "https://x.example.com", "PRJ-1"),
        "link_issues": wire.link_issues(api, "10001", "10002"),
        "link_by_type": wire.link_by_type(api, "10000", "10001", "10002"),
        "remove_issue": wire.remove_issue(api, "10001"),
        "remove_link": wire.remove_link(api, "10003"),
        "worklogs": wire.worklogs(api, "10001", 0),
        "add_worklog": wire.add_worklog(api, "10001", 5400, "2027-01-31"),
        "remove_worklog": wire.remove_worklog(api, "10001", "10100"),
        "attachment_meta": wire.attachment_meta(api),
        "attachments": wire.attachments(api, "10001"),
        "add_attachment": wire.add_attachment(api, "10001", FILE),
        "remove_attachment": wire.remove_attachment(api, "10200"),
        "attachment_content": wire.attachment_content(api, "10200"),
        "fetch_attachment": wire.fetch_attachment(api, "10200"),
        "versions": wire.versions(api, "10000"),
        "version": wire.version(api, "10000"),
        "create_version": wire.create_version(api, "10000", {"name": "1.0", "releaseDate": "2027-01-01"}),
        "update_version": wire.update_version(api, "10000", {"released": True, "name": "2.0"}),
        "project": wire_meta.project(api, "FAB"),
        "project_statuses": wire_meta.project_statuses(api, "10000"),
        "issue_types": wire_meta.issue_types(api, "10000", 50),
        "type_fields": wire_meta.type_fields(api, "10000", "10001", 0),
        "edit_fields": wire_meta.edit_fields(api, "10001"),
        "all_fields": wire_meta.all_fields(api),
        "priorities": wire_meta.priorities(api),
        "link_types": wire_meta.link_types(api),
        "field_contexts": wire_meta.field_contexts(api, "customfield_10050", "10000", ("10001",), 0),
        "create_option": wire_meta.create_option(api, "customfield_10050", "10100", "Gold", "10200"),
        "create_field": wire_meta.create_field(api, "Aha! Reference", "The record."),
        "add_to_default_screen": wire_meta.add_to_default_screen(api, "customfield_10050"),
        "screens": wire_meta.screens(api, 0),
        "screen_tabs": wire_meta.screen_tabs(api, "1"),
        "add_to_screen": wire_meta.add_to_screen(api, "1", "2", "customfield_10050"),
        "screen_scheme_of": wire_meta.screen_scheme_of(api, "10000"),
        "screen_scheme_mappings": wire_meta.screen_scheme_mappings(api, "10000", 0),
        "screen_schemes": wire_meta.screen_schemes(api, ("1", "2")),
        "dynamic_webhooks": wire_dynamic.dynamic_webhooks(100),
        "register_dynamic": wire_dynamic.register_dynamic("https://crosswalk.example.com/hooks/jira/x", "project = 1"),
        "refresh_dynamic": wire_dynamic.refresh_dynamic([10000]),
        "delete_dynamic": wire_dynamic.delete_dynamic([10000]),
    }


def own(flavour: Flavour) -> dict[str, Request]:
    """What a flavour builds by itself."""
    return {
        "read_many (one)": flavour.read_many(["10001"], ["summary"]),
        "read_many": flavour.read_many(["10001", "10002"], ["summary", "status"]),
        "search": flavour.search("project = 10000", ["updated"], ""),
        "search_made": flavour.search_made("project = 10000", ""),
        "search_made (page)": flavour.search_made("project = 10000", "500"),
        "projects": flavour.projects("fab", 0),
        "rights": flavour.rights("10000"),
        "people": flavour.people("ann@example.com"),
        "account": flavour.account("ann"),
        "assignable": flavour.assignable("FAB", 0),
    }


def every() -> Iterator[Any]:
    for flavour in (CLOUD, DC):
        for name, request in {**plain(flavour), **own(flavour)}.items():
            if flavour is CLOUD or name not in CLOUD_ONLY:
                yield pytest.param(flavour.name, request, id=f"{flavour.name}: {name}")


@pytest.mark.parametrize(("flavour", "request_"), list(every()))
def test_a_request_is_one_the_vendor_documents(flavour: str, request_: Request) -> None:
    operation = operation_of(flavour, request_)
    check_query(operation, request_)
    check_body(flavour, operation, request_)
    assert request_.about
    assert not (request_.method == "GET" and request_.body is not None), "Jira Cloud refuses a GET with a body"


SOFTWARE = [
    pytest.param("fixtures/openapi/jira-cloud-software.json", "/rest", id="cloud"),
    pytest.param(DOCUMENTS["datacenter"], "", id="datacenter"),
]


@pytest.mark.parametrize(("file", "base"), SOFTWARE)
def test_boards_are_asked_for_as_the_vendor_documents_it(file: str, base: str) -> None:
    request = wire_agile.boards("FAB", 50)
    paths = json.loads(shared(file).read_text(encoding="utf-8"))["paths"]
    check_query(paths[f"{base}{request.path.removeprefix('/rest')}"]["get"], request)
    assert request.body is None


def builders(module: ModuleType) -> set[str]:
    """The public functions of a module that build a request."""
    functions = inspect.getmembers(module, inspect.isfunction)
    return {
        name
        for name, function in functions
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation == "Request"
    }


def test_no_builder_is_forgotten() -> None:
    assert builders(wire) | builders(wire_meta) | builders(wire_dynamic) == plain(CLOUD).keys()


def test_only_creates_and_transitions_are_not_repeatable() -> None:
    once = {name for name, request in plain(CLOUD).items() if not request.repeatable}
    made = {"create_issue", "create_issues", "create_version", "create_field", "create_option", "add_comment"}
    made |= {"add_worklog", "add_attachment", "register_dynamic"}
    assert once == made | {"move_issue"}
    assert all(request.repeatable for flavour in (CLOUD, DC) for request in own(flavour).values())


def edited(flavour: Flavour, **changes: Any) -> dict[str, Any]:
    info = FieldInfo("customfield_1", "Epic Link", custom="com.pyxis.greenhopper.jira:gh-epic-link")
    before = Snapshot(Ref("issue", "1"), {"labels": frozenset({"a", "b"}), "fixVersions": frozenset({Choice("1")})})
    return edit_of(changes, kinds_of({"customfield_1": info}), flavour, before).body


def test_sets_are_sent_as_what_is_added_and_removed() -> None:
    body = edited(CLOUD, labels=frozenset({"b", "c"}), fixVersions=frozenset({Choice("2")}), summary="x")
    assert body["fields"] == {"summary": "x"}
    assert body["update"] == {
        "labels": [{"add": "c"}, {"remove": "a"}],
        "fixVersions": [{"add": {"id": "2"}}, {"remove": {"id": "1"}}],
    }
    assert edited(CLOUD, labels=frozenset({"a", "b"})) == {}
    assert edited(CLOUD, labels=None)["update"] == {"labels": [{"remove": "a"}, {"remove": "b"}]}
    assert edited(CLOUD, components=frozenset({Choice("7")}))["fields"] == {"components": [{"id": "7"}]}
    assert edited(CLOUD, parent=None)["update"] == {"parent": [{"set": {"none": True}}]}


def test_people_and_text_in_each_flavours_form() -> None:
    person = Person("id-1", "ann@example.com", "Ann")
    assert edited(CLOUD, assignee=person, description=Rich("adf", canonical(DOC)))["fields"] == {
        "assignee": {"accountId": "id-1"},
        "description": DOC,
    }
    assert edited(DC, assignee=person, description=Rich("wiki", "*x*"))["fields"] == {
        "assignee": {"name": "id-1"},
        "description": "*x*",
    }
    assert edited(DC, customfield_1=Choice("FAB-1", "FAB-1"))["fields"] == {"customfield_1": "FAB-1"}


def test_an_epic_is_a_parent_on_cloud_and_a_field_on_data_center() -> None:
    epic = Ref("issue", "10001", "FAB-1")
    info = FieldInfo("customfield_1", "Epic Link", custom="com.pyxis.greenhopper.jira:gh-epic-link")
    known = Metadata("", "10000", "FAB", fields={"customfield_1": info})
    assert CLOUD.below_epic(epic, known) == ("parent", {"id": "10001"})
    assert DC.below_epic(epic, known) == ("customfield_1", "FAB-1")
    assert DC.below_epic(epic, Metadata("", "10000", "FAB"))[0] == ""


PAGES: list[tuple[Any, int, int | None]] = [
    ({"issueTypes": [{}], "startAt": 0, "maxResults": 1, "total": 3}, 1, 1),
    ({"fields": [{}, {}], "startAt": 1, "maxResults": 2, "total": 3}, 2, None),
    ({"values": [{}], "startAt": 0, "maxResults": 1, "total": 9, "isLast": True}, 1, None),
    ({"values": [{}, {}], "startAt": 2, "maxResults": 2, "isLast": False}, 2, 4),
    ({"values": [], "startAt": 2, "maxResults": 2, "isLast": False}, 0, None),
    ([{}, {}], 2, None),
    ({"issueLinkTypes": [{}]}, 1, None),
    (None, 0, None),
    ({"errorMessages": []}, 0, None),
]


@pytest.mark.parametrize(("data", "count", "following"), PAGES)
def test_pages_of_every_envelope(data: Any, count: int, following: int | None) -> None:
    assert len(items(data)) == count
    assert next_start(data) == following


def test_the_next_page_of_a_search() -> None:
    ask: Callable[[Any], str] = CLOUD.next_page
    assert ask({"issues": [{}], "nextPageToken": "abc"}) == "abc"
    assert ask({"issues": [], "isLast": True, "nextPageToken": "abc"}) == ""
    assert ask({"issues": []}) == ""
    ask = DC.next_page
    assert ask({"issues": [{}, {}], "startAt": 2, "total": 5}) == "4"
    assert ask({"issues": [{}], "startAt": 4, "total": 5}) == ""
    assert ask({"issues": [], "startAt": 0, "total": 5}) == ""
