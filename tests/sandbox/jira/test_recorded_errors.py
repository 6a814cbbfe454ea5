"""Each error recorded from Jira Cloud on 2026-10-08 comes back the same, where the sandbox has that endpoint."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from ...shared_files import shared
from .play import Sandbox

FOLDER = "fixtures/jira-rest/cloud-observed-2026-10-08"
# The recordings were made without signing in, on a public project. Where the sandbox's FAB is not public somebody who
# may
# read but not write stands in; the anonymous ones are those whose answer depends on being nobody.
ROLE: dict[str, str | None] = {
    "comment_body_not_a_document": "reader",
    "issue_create_no_project": None,
    "issue_create_not_json": None,
    "issue_edit_not_on_screen": "reader",
    "jql_field_unknown_anonymous": None,
    "search_retired": None,
    "unknown_issue": None,
    "unknown_project": None,
    "unknown_path": None,
    "user_search_no_query": None,
    "gateway_unknown_cloud_id": None,
}
# Recorded of nobody; whoever is signed in is named in the refusal.
SIGNED_IN = {"comment_body_not_a_document": ("You do not", "Dana Weiss, you do not")}
# Atlassian's log-in host is no part of Jira.
ELSEWHERE = {"token_unsupported_grant"}
NAMES = [
    "comment_body_not_a_document",
    "comments_max_results_not_a_number",
    "comments_order_unknown",
    "gateway_unknown_cloud_id",
    "issue_create_no_project",
    "issue_create_no_type",
    "issue_create_not_json",
    "issue_edit_not_on_screen",
    "jql_expecting_field",
    "jql_field_unknown_anonymous",
    "jql_unbounded",
    "link_type_unknown",
    "search_body_unknown_property",
    "search_page_token_invalid",
    "search_retired",
    "transition_missing",
    "unknown_issue",
    "unknown_path",
    "unknown_project",
    "user_search_no_query",
]


def test_no_recording_is_forgotten() -> None:
    assert {path.stem for path in shared(FOLDER).glob("*.json")} == {*NAMES, *ELSEWHERE}


def _ours(text: str) -> str:
    return text.replace("PUB", "FAB")


@pytest.mark.parametrize("name", NAMES)
def test_recorded_error(cloud: Sandbox, name: str) -> None:
    recorded = json.loads((shared(FOLDER) / f"{name}.json").read_text())
    request, response = recorded["request"], json.loads(_ours(json.dumps(recorded["response"])))
    role = ROLE.get(name, "")
    auth = None if role is None else cloud.auth(role)
    path = _ours(request["path"]).removeprefix("https://api.atlassian.com")
    more: dict[str, Any] = {}
    if isinstance(request["body"], str):
        more = {"content": request["body"], "headers": {"Content-Type": "application/json"}}
    elif request["body"] is not None:
        more = {"json": json.loads(_ours(json.dumps(request["body"])))}
    got = httpx2.request(request["method"], cloud.url + path, auth=auth, **more)
    body, wanted = got.json(), response["body"]
    if "timestamp" in wanted:
        wanted["timestamp"] = body["timestamp"]
    if name in SIGNED_IN:
        wanted["errorMessages"] = [said.replace(*SIGNED_IN[name]) for said in wanted["errorMessages"]]
    assert (got.status_code, body) == (response["status"], wanted)
    for header, value in response["headers"].items():
        assert header in got.headers
        if not value.startswith("<"):
            assert got.headers[header] == value
