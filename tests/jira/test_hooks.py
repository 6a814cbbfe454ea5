"""Webhooks of Jira: every recorded body gives news, signatures are checked, and what is not ours says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosswalk.jira.wire_hooks import hook_refs, signed
from crosswalk.merge.records import Ref
from tests.shared_files import ROOT, shared

FOLDER = "fixtures/jira-webhooks"
FILES = sorted(path.name for path in (ROOT / FOLDER).glob("*.json")) or ["(absent).json"]
ISSUE = {"id": "10013", "key": "FAB-1", "fields": {"project": {"id": "10000", "key": "FAB"}}}


@pytest.mark.parametrize("name", FILES)
def test_a_recorded_hook_names_its_issue(name: str) -> None:
    shared(FOLDER)
    payload = json.loads(shared(f"{FOLDER}/{Path(name).name}").read_text(encoding="utf-8"))
    news = hook_refs(payload)
    assert news.not_ours == ""
    assert news.event == payload["webhookEvent"]
    assert news.refs
    assert all(ref.kind == "issue" and ref.id.isdigit() for ref in news.refs)
    if "issue" in payload:
        assert [(ref.id, ref.key) for ref in news.refs] == [(str(payload["issue"]["id"]), payload["issue"]["key"])]
        project = ((payload["issue"].get("fields") or {}).get("project") or {}).get("id", "")
        assert news.project == project


SELF = "https://jira.example.com/jira/rest/api/2/issue/10013"
OURS: list[tuple[dict[str, Any], list[Ref], str]] = [
    ({"webhookEvent": "jira:issue_updated", "issue": ISSUE}, [Ref("issue", "10013")], "10000"),
    ({"issue_event_type_name": "issue_generic", "issue": {"id": 10013}}, [Ref("issue", "10013")], ""),
    ({"webhookEvent": "comment_created", "comment": {"self": f"{SELF}/comment/1"}}, [Ref("issue", "10013")], ""),
    ({"webhookEvent": "worklog_created", "worklog": {"issueId": "10013"}}, [Ref("issue", "10013")], ""),
    ({"webhookEvent": "worklog_created", "worklog": {"self": f"{SELF}/worklog/1"}}, [Ref("issue", "10013")], ""),
    ({"webhookEvent": "issuelink_created", "issueLink": {"sourceIssueId": 1, "destinationIssueId": 2}},
     [Ref("issue", "1"), Ref("issue", "2")], ""),
    ({"webhookEvent": "jira:version_released", "version": {"id": "5", "name": "1.0", "projectId": 10000}},
     [Ref("version", "5")], "10000"),
    ({"webhookEvent": "jira:version_deleted", "version": {"id": "5", "name": "1.0"}, "mergedTo": {"id": "6"}},
     [Ref("version", "5"), Ref("version", "6")], ""),
    ({"webhookEvent": "jira:version_deleted", "version": {"id": "5"}, "mergedTo": 6},
     [Ref("version", "5"), Ref("version", "6")], ""),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "refs", "project"), OURS)
def test_events_that_concern_records(payload: dict[str, Any], refs: list[Ref], project: str) -> None:
    news = hook_refs(payload)
    assert list(news.refs) == refs
    assert news.project == project
    assert news.not_ours == ""


NOT_OURS: list[Any] = [
    {"webhookEvent": "sprint_started", "sprint": {"id": 1}},
    {"webhookEvent": "board_updated", "board": {"id": 1}},
    {"webhookEvent": "user_created", "user": {"accountId": "x"}},
    {"webhookEvent": "project_deleted", "project": {"id": 10000, "key": "FAB"}},
    {"webhookEvent": "comment_created", "comment": {"self": "https://jira.example.com/somewhere"}},
    {"webhookEvent": "jira:issue_updated", "issue": {}},
    {"webhookEvent": "worklog_created", "worklog": None},
    {"issue": "FAB-1"},
    {"hello": "world"},
    {},
    None,
    [],
    "text",
    7,
]


@pytest.mark.parametrize("payload", NOT_OURS)
def test_what_is_not_ours_says_why(payload: Any) -> None:
    news = hook_refs(payload)
    assert news.refs == ()
    assert news.not_ours


def test_a_project_is_named_although_it_is_not_kept_in_step() -> None:
    assert hook_refs({"webhookEvent": "project_updated", "project": {"id": 10000}}).project == "10000"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("?issue_id=10013&issue_key=FAB-1", ("issue", "10013", "FAB-1")),
        ("?issueKey=FAB-1", ("issue", "", "FAB-1")),
        ("?anything=FAB_2-17&user_id=alice", ("issue", "", "FAB_2-17")),
        ("?issue.id=10013", ("issue", "10013", "")),
        ("FAB-1", ("issue", "", "FAB-1")),
        ("10013/", ("issue", "10013", "")),
        ("?version=10400", ("version", "10400", "")),
        ("?issue_key=${issue.key}", None),
        ("?issue_key={issue.key}&project=FAB&version=", None),
        ("?issue_key=fab", None),
        ("?issue_id=\u0661", None),
        ("?" + "&=;%" * 100, None),
        ("", None),
    ],
)
def test_a_hook_without_body_is_read_from_its_address(address: str, named: tuple[str, str, str] | None) -> None:
    assert [(ref.kind, ref.id, ref.key) for ref in hook_refs(None, address).refs] == ([named] if named else [])
    assert ("Exclude body" in hook_refs(None, address).not_ours) is (named is None)


# The vendor's own example: https://developer.atlassian.com/cloud/jira/platform/webhooks/ (signed webhooks).
SECRET, BODY = "It's a Secret to Everybody", b"Hello World!"
SIGNATURE = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def test_signatures() -> None:
    assert signed(SECRET, BODY, SIGNATURE)
    assert signed(SECRET, BODY, f" SHA256={SIGNATURE[7:].upper()} ")
    assert not signed("another", BODY, SIGNATURE)
    assert not signed(SECRET, BODY + b" ", SIGNATURE)
    for header in ("", "sha256=", "sha1=abc", SIGNATURE[7:], "md5=" + "0" * 32, "sha256=" + "é" * 64):
        assert not signed(SECRET, BODY, header)


def test_work_names_what_the_issue_stands_below_and_an_edit_does_not() -> None:
    issue = {"id": "10013", "key": "FAB-3", "fields": {"parent": {"id": "10001", "key": "FAB-1"}}}
    for more in (
        {"webhookEvent": "jira:worklog_updated"},
        {"webhookEvent": "jira:issue_deleted"},
        {"webhookEvent": "jira:issue_updated", "changelog": {"items": [{"field": "timespent"}]}},
    ):
        news = hook_refs({"issue": issue, **more})
        assert (news.refs, news.above) == ((Ref("issue", "10013"),), (Ref("issue", "10001"),))
    edit = {"webhookEvent": "jira:issue_updated", "changelog": {"items": [{"field": "summary"}]}}
    assert hook_refs({"issue": issue, **edit}).above == ()
