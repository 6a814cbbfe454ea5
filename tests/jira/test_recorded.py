"""Recorded answers of real Jira servers, old and new: records become records, refusals the right error."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.jira.cloud import Cloud
from crosswalk.jira.datacenter import DataCenter
from crosswalk.jira.fields import Kind, issue_snapshot, kind_of, kinds_of, version_snapshot
from crosswalk.jira.metadata import choice, field_info, type_info
from crosswalk.jira.wire_errors import understand, words
from crosswalk.jira.wire_meta import items, next_start
from crosswalk.merge.values import Choice, Person
from crosswalk.remote.request import Answer, Request
from tests.shared_files import ROOT, shared

FOLDER = "fixtures/jira-rest"
ASK = Request("GET", "/rest/api/3/x")
DC, CLOUD = DataCenter(), Cloud()


def names(pattern: str) -> list[str]:
    found = sorted(str(path.relative_to(ROOT)) for path in (ROOT / FOLDER).glob(pattern))
    return found or [f"{FOLDER}/{pattern}"]


def loaded(name: str) -> Any:
    return json.loads(shared(name if name.startswith("fixtures") else f"{FOLDER}/{name}").read_text(encoding="utf-8"))


def answer(status: int, body: Any, media: str = "application/json;charset=UTF-8", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {"content-type": media, **headers}, content)


# ---- refusals recorded on 2026-10-08 ----

REFUSED: dict[str, tuple[type[errors.RemoteError], str]] = {
    "comment_body_not_a_document": (errors.Invalid, "Comment body is not valid!"),
    "comments_max_results_not_a_number": (errors.Invalid, "Failed to convert 'maxResults'"),
    "comments_order_unknown": (errors.Invalid, "should be one of [created]"),
    "gateway_unknown_cloud_id": (errors.NotFound, "No message available"),
    "issue_create_no_project": (errors.Invalid, "Specify a valid project ID or key"),
    "issue_create_no_type": (errors.Invalid, "Specify an issue type"),
    "issue_create_not_json": (errors.Invalid, "error parsing JSON"),
    "issue_edit_not_on_screen": (errors.Invalid, "not on the appropriate screen"),
    "jql_expecting_field": (errors.Invalid, "Expecting a field name"),
    "jql_unbounded": (errors.Invalid, "Unbounded JQL"),
    "link_type_unknown": (errors.NotFound, "Haunts"),
    "search_body_unknown_property": (errors.Invalid, "Invalid request payload"),
    "search_page_token_invalid": (errors.Invalid, "invalid or expired"),
    "search_retired": (errors.NotFound, "has been removed"),
    "token_unsupported_grant": (errors.Invalid, "grant_type must be one of"),
    "transition_missing": (errors.Invalid, "Missing 'transition' identifier"),
    "unknown_issue": (errors.NotFound, "Issue does not exist"),
    "unknown_path": (errors.NotFound, "No endpoint GET"),
    "unknown_project": (errors.NotFound, "No project could be found"),
    "user_search_no_query": (errors.Invalid, "must be provided"),
}
CODES = {
    "gateway_unknown_cloud_id": "Q8",
    "issue_create_no_project": "F17",
    "issue_edit_not_on_screen": "F2",
    "jql_expecting_field": "Q4",
    "jql_unbounded": "Q2",
    "link_type_unknown": "L7",
    "search_page_token_invalid": "Q3",
    "search_retired": "Q1",
    "unknown_issue": "A7",
    "unknown_path": "Q7",
    "unknown_project": "A8",
}
GOOD = {"jql_field_unknown_anonymous"}


@pytest.mark.parametrize("name", names("cloud-observed-2026-10-08/*.json"))
def test_a_recorded_answer_of_jira_cloud(name: str) -> None:
    recorded = loaded(name)
    response, stem = recorded["response"], Path(name).stem
    headers = {key.lower(): str(value) for key, value in response["headers"].items()}
    got = Answer(response["status"], headers, json.dumps(response["body"]).encode())
    if stem in GOOD:
        assert understand(ASK, got) == response["body"]
        return
    kind, said = REFUSED[stem]
    with pytest.raises(kind) as caught:
        understand(ASK, got)
    assert type(caught.value) is kind
    assert said in caught.value.said
    assert caught.value.status == response["status"]
    assert caught.value.code == CODES.get(stem, caught.value.code)
    assert not caught.value.retryable
    if isinstance(caught.value, errors.Invalid) and isinstance(response["body"].get("errors"), dict):
        assert dict(caught.value.fields) == response["body"]["errors"]


@pytest.mark.parametrize("name", [*names("jira-ruby/*invalid*.json"), *names("jira-ruby/*missing*.json")])
def test_a_recorded_refusal_of_a_server(name: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        understand(ASK, answer(400, loaded(name)))
    assert caught.value.message


# ---- records ----

ISSUES = (
    "jira-ruby/issue.json",
    "jira-ruby/issue__10002.json",
    "jira-ruby/project__SAMPLEPROJECT.issues.json",
    "jira-ruby/board__1_issues.json",
    "jira-ruby/sprint__1_issues.json",
    "go-jira/issues_in_sprint.json",
)


@pytest.mark.parametrize("name", ISSUES)
@pytest.mark.parametrize("flavour", [CLOUD, DC], ids=["cloud", "datacenter"])
def test_recorded_issues(name: str, flavour: Cloud | DataCenter) -> None:
    data = loaded(name)
    for entry in [data] if "fields" in data else items(data):
        snapshot = issue_snapshot(entry, kinds_of({}), flavour, "https://jira.example.com")
        assert snapshot.ref.id == str(entry["id"])
        assert snapshot.ref.key == str(entry.get("key") or "")
        given = entry.get("fields") or {}
        if isinstance(given.get("updated"), str):
            assert snapshot.changed_at is not None
            assert snapshot.changed_at.tzinfo is UTC
        for field, kind in {"status": Choice, "priority": Choice, "issuetype": Choice, "assignee": Person}.items():
            if isinstance(given.get(field), dict):
                assert isinstance(snapshot.get(field), kind)
        for field in ("labels", "fixVersions", "components"):
            if field in given:
                assert isinstance(snapshot.get(field), frozenset)
        assert not {name for name in snapshot.fields if name not in given}


def test_a_recorded_issue_value_by_value() -> None:
    (entry, *_) = items(loaded("jira-ruby/issue.json"))
    snapshot = issue_snapshot(entry, kinds_of({}), DC, "https://jira.example.com")
    assert snapshot.get("summary") == "blarg from in example.rb"
    assert snapshot.get("duedate") is None
    assert snapshot.get("description") is None
    assert snapshot.get("assignee") == Person("person04")
    assert snapshot.url == "https://jira.example.com/browse/SAMPLEPROJECT-13"
    assert snapshot.changed_at is not None
    assert snapshot.changed_at.isoformat() == "2011-12-15T02:35:06+00:00"


@pytest.mark.parametrize("name", ["version__10000", "version__10000.put", "version.post"])
def test_recorded_versions(name: str) -> None:
    snapshot = version_snapshot(loaded(f"jira-ruby/{name}.json"), "https://jira.example.com", "SAM")
    assert snapshot.ref.key
    assert isinstance(snapshot.get("released"), bool)


def test_recorded_fields_and_types() -> None:
    known = {info.id: info for info in map(field_info, loaded("aha-services/jira_field.json"))}
    kinds = {name: kind_of(info) for name, info in known.items()}
    assert kinds["summary"] is Kind.LINE
    assert kinds["description"] is Kind.RICH
    assert kinds["labels"] is Kind.WORDS
    assert kinds["fixVersions"] is Kind.CHOICES
    assert {kind_of(info) for info in known.values() if info.custom.endswith(":url")} <= {Kind.LINE}
    for kind in loaded("aha-services/jira_createmeta.json")["projects"][0]["issuetypes"]:
        info = type_info(kind)
        fields = [field_info(entry, name) for name, entry in kind["fields"].items()]
        assert info.level == (-1 if info.subtask else 1 if info.name == "Epic" else 0)
        assert {field.id for field in fields} >= {"summary", "issuetype", "project"}
        assert any(field.required for field in fields)
        versions = next(field for field in fields if field.id == "fixVersions")
        assert all(option.id and option.name for option in versions.options)


def test_recorded_lists() -> None:
    for kind in loaded("aha-services/jira_project_statuses.json"):
        assert all(choice(status).id and choice(status).name for status in kind["statuses"])
    for name in ("go-jira/all_statuses", "go-jira/all_priorities", "jira-ruby/priority", "jira-ruby/status"):
        assert all(choice(entry).id and choice(entry).name for entry in loaded(f"{name}.json"))
    page = loaded("aha-services/projects_page_1.json")
    assert [entry["key"] for entry in items(page)] == ["AC", "ADP"]
    assert next_start(page) == 2
    assert items(loaded("jira-ruby/project.json"))[0]["key"]
    assert {entry["name"] for entry in items(loaded("jira-ruby/issueLinkType.json"))}
    ways = loaded("go-jira/transitions.json")["transitions"]
    assert [choice(way["to"]).category for way in ways] == ["in-flight", "completed"]
    assert loaded("go-jira/remote_links.json")[0]["globalId"]


@pytest.mark.parametrize("name", [n for n in names("*/*.json") if "cloud-observed" not in n])
def test_every_other_recorded_answer_is_read(name: str) -> None:
    data = loaded(name)
    assert understand(ASK, answer(200, data)) == data
    assert isinstance(items(data), list)
    assert next_start(data) is None or "startAt" in data
    assert isinstance(words(data)[0], str)
