"""The walk a first client takes: who am I, what is there, create, read back, edit, move, link, hear about it."""

from __future__ import annotations

import hashlib
import hmac

from .play import Receiver, Sandbox


def test_create_read_edit_move_and_delete(jira: Sandbox) -> None:
    assert jira.get("~/serverInfo")["deploymentType"] == ("Cloud" if jira.flavour == "cloud" else "Server")
    key = jira.create(description=jira.text("Ring twice"), labels=["bell"], fixVersions=[{"name": "spring 2027"}])
    fields = jira.get(f"~/issue/{key}")["fields"]
    assert fields["summary"] == "A bell"
    assert fields["description"] == jira.text("Ring twice")
    assert [version["name"] for version in fields["fixVersions"]] == ["spring 2027"]
    assert fields["status"]["name"] == "To Do"
    edit = {"fields": {"summary": "A louder bell"}, "update": {"labels": [{"add": "loud"}, {"remove": "bell"}]}}
    assert jira.call("PUT", f"~/issue/{key}", json=edit).status_code == 204
    moved = jira.call("POST", f"~/issue/{key}/transitions", json={"transition": {"id": "21"}})
    assert (moved.status_code, moved.content) == (204, b"")
    assert moved.headers["content-type"] == "text/html;charset=UTF-8"
    fields = jira.get(f"~/issue/{key}")["fields"]
    assert (fields["summary"], fields["labels"], fields["status"]["name"]) == ("A louder bell", ["loud"], "In Progress")
    assert jira.call("DELETE", f"~/issue/{key}").status_code == 204
    assert jira.call("GET", f"~/issue/{key}").status_code == 404


def test_bulk_create_says_which_failed(jira: Sandbox) -> None:
    good = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "One"}}
    bad = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}}}
    token = {"properties": [{"key": "crosswalk", "value": {"token": "t-1"}}]}
    answer = jira.call("POST", "~/issue/bulk", json={"issueUpdates": [good | token, bad, good]})
    assert answer.status_code == 201
    assert len(answer.json()["issues"]) == 2
    (error,) = answer.json()["errors"]
    assert error["failedElementNumber"] == 1
    assert error["elementErrors"]["errors"] == {"summary": "You must specify a summary of the issue."}
    first = answer.json()["issues"][0]["key"]
    assert jira.get(f"~/issue/{first}/properties/crosswalk")["value"] == {"token": "t-1"}
    assert jira.call("POST", "~/issue/bulk", json={"issueUpdates": [bad]}).status_code == 400


def test_hooks_come_signed_and_in_order(jira: Sandbox) -> None:
    with Receiver() as receiver:
        jira.call("POST", "/_sandbox/hooks", json={"url": receiver.url, "secret": "s3cret"})
        key = jira.create()
        jira.call("PUT", f"~/issue/{key}", json={"fields": {"summary": "Two bells"}})
        jira.call("POST", f"~/issue/{key}/comment", json={"body": jira.text("Ding")})
        jira.call("DELETE", f"~/issue/{key}")
        assert jira.courier.settle()
        events = receiver.events()
        assert events[:2] == ["jira:issue_created", "jira:issue_updated"]
        heard = ["comment_created"] if jira.flavour == "cloud" else ["jira:issue_updated", "comment_created"]
        assert events[2 : 2 + len(heard)] == heard
        assert "jira:issue_deleted" in events
        for hook in receiver.got:
            wanted = "sha256=" + hmac.new(b"s3cret", hook.raw, hashlib.sha256).hexdigest()
            assert hook.headers["x-hub-signature"] == wanted
        items = receiver.got[1].body["changelog"]["items"]
        assert [(item["field"], item["fromString"], item["toString"]) for item in items] == [
            ("summary", "A bell", "Two bells")
        ]
        assert ("fieldId" in items[0]) is (jira.flavour == "cloud")


def test_search_finds_by_label_and_updated(jira: Sandbox) -> None:
    key = jira.create(labels=["horn"])
    jira.clock.advance(5)
    assert jira.search("project = FAB AND labels = horn") == [key]
    assert key in jira.search('project = FAB AND updated >= "-5m" ORDER BY updated ASC')
