"""The sandbox's hooks beside recorded ones: the same keys at the same places, values of the same types.

Custom fields differ from site to site and are left out; so is what depends on the age of a recording, named below.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ...shared_files import shared
from .play import Receiver, Sandbox, playing

FOLDER = "fixtures/jira-webhooks"

# Keys that are not compared, with the reason.
APART = {
    "name": "users of Cloud carried name and key until 2019",
    "key": "as name",
    "emailAddress": "hooks of Cloud carry no e-mail address any more",
    "accountType": "not in recordings before 2019-07",
    "statuscategorychangedate": "Cloud since 2019; not in older recordings",
    "hierarchyLevel": "Cloud since 2020",
    "simplified": "Cloud since 2019",
    "projectTypeKey": "Server since 7; not in the oldest recordings",
    "avatarId": "left out for issue types without a picture of their own",
    "aggregatetimespent": "left out of deletions of Cloud",
    "percent": "only where time was logged",
    "remainingEstimate": "as percent",
    "remainingEstimateSeconds": "as percent",
    "timeSpent": "as percent",
    "timeSpentSeconds": "as percent",
}


def shape(value: Any, path: str = "") -> dict[str, set[str]]:
    """Every path in a JSON value with the types found there; list entries share a path."""
    kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    out: dict[str, set[str]] = {path: {kind}}
    inner = (
        value.items()
        if isinstance(value, dict)
        else [("[]", entry) for entry in value]
        if isinstance(value, list)
        else []
    )
    for key, entry in inner:
        if not key.startswith("customfield_") and key not in APART:
            for where, kinds in shape(entry, f"{path}.{key}").items():
                out.setdefault(where, set()).update(kinds)
    return out


def differences(recorded: Any, ours: Any) -> list[str]:
    """What is missing in ours, too much in ours, or of another type. A null or an empty list may stand for anything."""
    theirs, mine = shape(recorded), shape(ours)
    out = []
    for path in sorted(theirs.keys() ^ mine.keys()):
        parent = path.rpartition(".")[0]
        empty = "NoneType" in theirs.get(parent, set()) | mine.get(parent, set())
        if empty or parent not in theirs or parent not in mine or path.endswith("[]"):
            continue
        out.append(f"{'missing' if path in theirs else 'too much'}: {path}")
    for path in theirs.keys() & mine.keys():
        if (
            theirs[path] | mine[path] not in ({*theirs[path]}, {*mine[path]})
            and "NoneType" not in theirs[path] | mine[path]
        ):
            out.append(f"{path}: recorded {theirs[path]}, ours {mine[path]}")
    return out


def play_all(sandbox: Sandbox) -> dict[str, Any]:
    """One of every event; the first body of each, by event name and event type."""
    with Receiver() as receiver:
        sandbox.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        key = sandbox.create(
            labels=["a"], description=sandbox.text("Hello"), components=[{"name": "App"}], priority={"id": "2"}
        )
        sandbox.call("PUT", f"~/issue/{key}", json={"fields": {"summary": "Other"}})
        who = (
            {"accountId": sandbox.get("~/myself").get("accountId")} if sandbox.flavour == "cloud" else {"name": "alice"}
        )
        sandbox.call("PUT", f"~/issue/{key}/assignee", json=who)
        sandbox.call("POST", f"~/issue/{key}/transitions", json={"transition": {"id": "21"}})
        made = sandbox.call("POST", f"~/issue/{key}/comment", json={"body": sandbox.text("Hi")}).json()["id"]
        sandbox.call("PUT", f"~/issue/{key}/comment/{made}", json={"body": sandbox.text("Ho")})
        sandbox.call("DELETE", f"~/issue/{key}/comment/{made}")
        sandbox.call("POST", f"~/issue/{key}/worklog", json={"timeSpent": "1w"})
        link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": key}, "outwardIssue": {"key": "FAB-1"}}
        sandbox.call("POST", "~/issueLink", json=link)
        sandbox.call("POST", "~/version", json={"name": "V", "projectId": 10000, "releaseDate": "2027-02-01"})
        files = {"file": ("a.png", b"hi", "image/png")}
        sandbox.call("POST", f"~/issue/{key}/attachments", files=files, headers={"X-Atlassian-Token": "no-check"})
        sandbox.call("DELETE", f"~/issue/{key}")
        assert sandbox.courier.settle()
        out: dict[str, Any] = {}
        for hook in receiver.got:
            body = hook.body
            out.setdefault(body["webhookEvent"] + "/" + body.get("issue_event_type_name", ""), body)
        return out


@pytest.fixture(scope="module", params=["cloud", "dc"])
def heard(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    with playing(request.param) as sandbox:
        return request.param, play_all(sandbox)


CLOUD = {
    "jira:issue_created/issue_created": "mm-issue-created",
    "jira:issue_updated/issue_updated": "mm-issue-updated-renamed",
    "jira:issue_updated/issue_assigned": "mm-issue-updated-assigned",
    "jira:issue_updated/issue_generic": "mm-issue-updated-started-working",
    "jira:issue_deleted/": "mm-issue-deleted",
    "comment_created/": "mm-cloud-comment-created",
    "comment_updated/": "mm-cloud-comment-updated",
    "comment_deleted/": "mm-cloud-comment-deleted",
    "worklog_created/": "zulip-worklog_created",
}
DC = {
    "jira:issue_updated/issue_commented": "mm-server-issue-updated-commented-1",
    "jira:issue_updated/issue_comment_edited": "mm-server-issue-updated-comment-edited",
    "jira:issue_updated/issue_comment_deleted": "mm-server-issue-updated-comment-deleted",
    "jira:issue_updated/issue_work_started": "mm-server-issue-updated-in-progress",
    "jira:issue_updated/issue_updated": "mm-server-issue-updated-many-fields",
    "comment_created/": "mm-server-comment-created",
    "comment_updated/": "mm-server-comment-updated",
    "comment_deleted/": "mm-server-comment-deleted",
}


def test_hooks_are_like_the_recorded_ones(heard: tuple[str, dict[str, Any]]) -> None:
    flavour, bodies = heard
    wrong = []
    for event, name in (CLOUD if flavour == "cloud" else DC).items():
        recorded = json.loads((shared(FOLDER) / f"{name}.json").read_text())
        wrong += [f"{event} {text}" for text in differences(recorded, bodies[event])]
    assert not wrong, "\n".join(wrong)


def test_events_without_a_model_carry_what_the_notes_say(heard: tuple[str, dict[str, Any]]) -> None:
    flavour, bodies = heard
    link = bodies["issuelink_created/"]
    assert {"timestamp", "webhookEvent", "issueLink"} == set(link)
    assert isinstance(link["issueLink"]["sourceIssueId"], int)
    assert bodies["jira:version_created/"]["version"]["name"] == "V"
    assert set(bodies["attachment_created/"]) == {"timestamp", "webhookEvent", "attachment"}
    assert ("jira:worklog_updated/issue_work_logged" in bodies) is (flavour == "dc")


def test_long_text_in_hooks_is_wiki_markup_and_links_are_v2(heard: tuple[str, dict[str, Any]]) -> None:
    issue = heard[1]["jira:issue_created/issue_created"]["issue"]
    assert issue["fields"]["description"] == "Hello"
    assert "/rest/api/2/issue/" in issue["self"]
