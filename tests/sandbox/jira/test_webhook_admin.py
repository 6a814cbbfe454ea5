"""Webhooks as an administrator sets them, by REST, and what a delivery carries besides its body."""

from __future__ import annotations

from .play import Receiver, Sandbox

PATH = {"cloud": "/rest/webhooks/1.0/webhook", "dc": "/rest/jira-webhook/1.0/webhooks"}


def test_made_changed_and_deleted(jira: Sandbox) -> None:
    path = PATH[jira.flavour]
    with Receiver() as receiver:
        wire = {
            "name": "Crosswalk",
            "url": receiver.url + "?key={issue.key}",
            "events": ["jira:issue_created"],
            "filters": {"issue-related-events-section": "project = FAB AND labels = loud"},
            "secret": "s3cret",
        }
        made = jira.call("POST", path, json=wire)
        assert made.status_code == 201
        assert made.json()["isSigned"] is True
        assert "s3cret" not in made.text
        jira.create()
        jira.create(labels=["loud"])
        jira.call("PUT", "~/issue/FAB-1", json={"fields": {"labels": ["loud"]}})
        assert jira.courier.settle()
        (hook,) = receiver.got
        assert hook.body["issue"]["key"] == "FAB-8"
        own = made.json()["self"].removeprefix(jira.url)
        assert jira.call("PUT", own, json={"enabled": False, "active": False}).status_code == 200
        jira.create(labels=["loud"])
        assert jira.courier.settle()
        assert len(receiver.got) == 1
        assert jira.call("DELETE", own).status_code == 204
        assert jira.get(path) == []


def test_only_an_administrator_may(jira: Sandbox) -> None:
    assert jira.call("GET", PATH[jira.flavour], role="reader").status_code == 403
    wrong = jira.call("POST", PATH[jira.flavour], json={"name": "", "url": "ftp://x"})
    assert set(wrong.json()["errors"]) == {"name", "url"}


def test_delivery_headers(cloud: Sandbox) -> None:
    with Receiver() as receiver:
        cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        key = cloud.create()
        cloud.call("POST", f"~/issue/{key}/comment", json={"body": cloud.text("x")})
        cloud.call("DELETE", f"~/issue/{key}")
        assert cloud.courier.settle()
        identities = [hook.headers["x-atlassian-webhook-identifier"] for hook in receiver.got]
        assert len(set(identities)) == len(identities)
        flows = [(hook.body["webhookEvent"], hook.headers["x-atlassian-webhook-flow"]) for hook in receiver.got]
        assert flows[-2:] == [("jira:issue_deleted", "Primary"), ("comment_deleted", "Secondary")]
        assert all("x-hub-signature" not in hook.headers for hook in receiver.got)


def test_a_retry_carries_the_same_identifier(cloud: Sandbox) -> None:
    with Receiver(status=503) as receiver:
        cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        cloud.create()
        assert cloud.courier.settle()
        receiver.status = 200
        cloud.clock.advance(15 * 60)
        assert cloud.courier.settle()
        first, second = receiver.got
        assert first.headers["x-atlassian-webhook-identifier"] == second.headers["x-atlassian-webhook-identifier"]
        assert first.raw == second.raw
