"""Webhooks as an administrator sets them, by REST, and what a delivery carries besides its body."""

from __future__ import annotations

import hashlib
import hmac
import threading
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from crosswalk_sandbox.jira import deliver
from crosswalk_sandbox.jira.hooks import Event

from .play import Receiver, Sandbox

OLD, NEW = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
SECTION = "issue-related-events-section"

# Which path a site has, and the same webhook in the shape of that path.
SURFACES = [("cloud", "", OLD), ("dc", "9.12.15", OLD), ("dc", "10.3.24", NEW)]


def settings(sandbox: Sandbox, **values: Any) -> None:
    answer = sandbox.call("POST", "/_sandbox/settings", json=values)
    assert answer.status_code == 200, answer.text


def wire(path: str, url: str, jql: str = "", secret: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {"name": "Crosswalk", "url": url, "events": ["jira:issue_created"], "filters": {SECTION: jql}}
    return out | ({"configuration": {"SECRET": secret}} if path == NEW else {"secret": secret})


def own_path(path: str, made: httpx2.Response) -> str:
    return f"{path}/{made.json().get('id') or made.json()['self'].rpartition('/')[2]}"


@pytest.fixture
def surface(request: pytest.FixtureRequest) -> tuple[Sandbox, str]:
    flavour, version, path = request.param
    sandbox: Sandbox = request.getfixturevalue(flavour)
    if version:
        settings(sandbox, version=version)
    return sandbox, path


on_each_surface = pytest.mark.parametrize("surface", SURFACES, indirect=True, ids=["cloud", "dc9", "dc10"])


@on_each_surface
def test_made_changed_and_deleted(surface: tuple[Sandbox, str]) -> None:
    jira, path = surface
    with Receiver() as receiver:
        made = jira.call("POST", path, json=wire(path, receiver.url, "project = FAB AND labels = loud", "s3cret"))
        assert made.status_code == 201
        assert "s3cret" not in made.text
        jira.create()
        key = jira.create(labels=["loud"])
        jira.call("PUT", "~/issue/FAB-1", json={"fields": {"labels": ["loud"]}})
        assert jira.courier.settle()
        (hook,) = receiver.got
        assert hook.body["issue"]["key"] == key
        digest = hmac.new(b"s3cret", hook.raw, hashlib.sha256).hexdigest()
        assert hook.headers["x-hub-signature"] == f"sha256={digest}"
        own = own_path(path, made)
        assert jira.get(own) == made.json()
        off = {"active": False} if path == NEW else {"enabled": False}
        assert jira.call("PUT", own, json=off).status_code == 200
        jira.create(labels=["loud"])
        assert jira.courier.settle()
        assert len(receiver.got) == 1
        assert jira.call("DELETE", own).status_code == 204
        assert jira.call("GET", own).status_code == 404
        assert jira.get(path) == []


@on_each_surface
def test_each_path_has_its_own_shape_and_the_other_path_is_not_there(surface: tuple[Sandbox, str]) -> None:
    jira, path = surface
    made = jira.call("POST", path, json=wire(path, "http://127.0.0.1:9/x", "project = FAB", "s")).json()
    if path == OLD:
        assert set(made) == {
            "name", "url", "excludeBody", "filters", "events", "enabled", "self", "lastUpdatedUser",
            "lastUpdatedDisplayName", "lastUpdated", "isSigned",
        }  # fmt: skip
        assert made["filters"] == {SECTION: "project = FAB"}
        assert made["isSigned"] is True
    else:
        assert set(made) == {
            "id", "name", "createdDate", "updatedDate", "events", "configuration", "url", "active", "scopeType",
            "sslVerificationRequired",
        }  # fmt: skip
        assert isinstance(made["id"], int)
        assert made["configuration"]["EXCLUDE_BODY"] == "false"
    assert jira.call("GET", OLD if path == NEW else NEW).status_code == 404
    assert jira.call("GET", f"{path}/{'9' * 5000}").status_code == 404


def test_data_center_10_signs_only_with_the_secret_in_the_configuration(dc: Sandbox) -> None:
    with Receiver() as receiver:
        dc.call("POST", NEW, json=wire(NEW, receiver.url) | {"secret": "s3cret", "configuration": {}})
        dc.create()
        assert dc.courier.settle()
        assert "x-hub-signature" not in receiver.got[0].headers


def test_the_vendors_vector_of_a_signature() -> None:
    """https://developer.atlassian.com/cloud/jira/platform/webhooks/"""
    expected = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert deliver.signature("It's a Secret to Everybody", b"Hello World!") == expected


@on_each_surface
def test_only_an_administrator_may(surface: tuple[Sandbox, str]) -> None:
    jira, path = surface
    assert jira.call("GET", path, role="reader").status_code == 403
    assert jira.call("POST", path, role="reader", json=wire(path, "http://127.0.0.1:9/x")).status_code == 403
    wrong = jira.call("POST", path, json={"name": "", "url": "ftp://x"})
    assert set(wrong.json()["errors"]) == {"name", "url"}
    switch = "active" if path == NEW else "enabled"
    wrong = jira.call(
        "POST", path, json={"name": "x", "url": "http://[", "events": "all", "excludeBody": 1, switch: ""}
    )
    assert set(wrong.json()["errors"]) == {"url", "events", "excludeBody", switch}
    assert jira.call("POST", path, json=wire(path, "http://127.0.0.1:9/x", "project =")).status_code == 400


@on_each_surface
def test_a_webhook_that_asks_for_no_event_gets_none(surface: tuple[Sandbox, str]) -> None:
    """Such a one is there for a workflow's post function:
    https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html"""
    jira, path = surface
    with Receiver() as receiver:
        assert jira.call("POST", path, json=wire(path, receiver.url) | {"events": []}).status_code == 201
        jira.create()
        assert jira.courier.settle()
        assert receiver.got == []


@pytest.mark.parametrize("wrong", [{"url": "http://[::1"}, {"url": "http://a:b/"}, {"url": "http://x", "jql": "a ="}])
def test_the_control_api_takes_no_receiver_without_sense(jira: Sandbox, wrong: dict[str, str]) -> None:
    assert jira.call("POST", "/_sandbox/hooks", json=wrong).status_code == 400
    assert jira.get("/_sandbox/hooks/urls") == {"urls": []}


@on_each_surface
def test_an_address_is_filled_in_and_a_body_can_be_left_out(surface: tuple[Sandbox, str]) -> None:
    jira, path = surface
    dollar = "$" if jira.flavour == "dc" and path == OLD else ""
    with Receiver() as receiver:
        url = receiver.url + f"?key={dollar}{{issue.key}}&project={dollar}{{project.id}}"
        made = jira.call("POST", path, json=wire(path, url, secret="s") | {"excludeBody": True})
        assert made.status_code == 201
        key = jira.create()
        assert jira.courier.settle()
    (hook,) = receiver.got
    assert hook.raw == b""
    assert hook.headers["x-hub-signature"] == deliver.signature("s", b"")
    (sent,) = jira.courier.past
    assert sent.url == receiver.url + f"?key={key}&project=10000"


def test_a_jql_filter_looks_at_issues_and_at_what_hangs_on_them(jira: Sandbox) -> None:
    with Receiver() as receiver:
        jira.call("POST", "/_sandbox/hooks", json={"url": receiver.url, "jql": "labels = loud"})
        for labels in ([], ["loud"]):
            key = jira.create(labels=labels)
            jira.call("POST", f"~/issue/{key}/comment", json={"body": jira.text("x")})
            jira.call("POST", f"~/issue/{key}/worklog", json={"timeSpent": "1h"})
            jira.call("PUT", f"~/issue/{key}/properties/p", json=1)
            no_check = {"X-Atlassian-Token": "no-check"}
            jira.call("POST", f"~/issue/{key}/attachments", files={"file": ("a", b"x")}, headers=no_check)
        link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "FAB-1"}, "outwardIssue": {"key": "FAB-2"}}
        jira.call("POST", "~/issueLink", json=link)
        jira.call("POST", "~/version", json={"name": "V", "projectId": 10000})
        assert jira.courier.settle()
    events = receiver.events()
    filtered = {"jira:issue_created", "comment_created", "worklog_created", "issue_property_set", "attachment_created"}
    assert {event: events.count(event) for event in filtered} == dict.fromkeys(filtered, 1)
    assert {"issuelink_created", "jira:version_created"} <= set(events), "these have no issue to filter by"


def test_delivery_headers_on_cloud(cloud: Sandbox) -> None:
    with Receiver() as receiver:
        cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        key = cloud.create(fixVersions=[{"id": "10000"}])
        cloud.call("POST", "~/version/10000/removeAndSwap", json={})
        cloud.call("POST", f"~/issue/{key}/comment", json={"body": cloud.text("x")})
        cloud.call("DELETE", f"~/issue/{key}")
        assert cloud.courier.settle()
        identities = [hook.headers["x-atlassian-webhook-identifier"] for hook in receiver.got]
        assert len(set(identities)) == len(identities)
        flows = [(hook.body["webhookEvent"], hook.headers["x-atlassian-webhook-flow"]) for hook in receiver.got]
        assert flows[-2:] == [("jira:issue_deleted", "Primary"), ("comment_deleted", "Secondary")]
        assert {("jira:version_deleted", "Primary"), ("jira:issue_updated", "Secondary")} <= set(flows)
        for hook in receiver.got:
            assert hook.headers["user-agent"] == "Atlassian Webhook HTTP Client"
            assert hook.headers["content-type"].startswith("application/json")
            assert not {"x-hub-signature", "x-atlassian-webhook-retry", "x-atlassian-webhook-trace"} & set(hook.headers)


def test_data_center_sends_no_header_of_its_own_and_tries_once(dc: Sandbox) -> None:
    with Receiver(status=503) as receiver:
        dc.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        dc.create()
        for _ in range(8):
            assert dc.courier.settle()
            dc.clock.advance(15 * 60)
        assert dc.courier.settle()
    (hook,) = receiver.got
    assert not [name for name in hook.headers if name.startswith("x-atlassian")]
    assert "JIRA-10.3.24" in hook.headers["user-agent"]


TRIES = {200: 1, 204: 1, 301: 1, 400: 1, 401: 1, 404: 1, 410: 1, 408: 6, 409: 6, 425: 6, 429: 6, 500: 6, 503: 6, 599: 6}


def test_cloud_tries_again_after_some_answers_at_most_five_times(cloud: Sandbox) -> None:
    with ExitStack() as stack:
        receivers = {status: stack.enter_context(Receiver(status=status)) for status in TRIES}
        for receiver in receivers.values():
            cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        cloud.create()
        for _ in range(8):
            assert cloud.courier.settle()
            cloud.clock.advance(15 * 60)
        assert cloud.courier.settle()
    assert {status: len(receiver.got) for status, receiver in receivers.items()} == TRIES
    for receiver in receivers.values():
        assert len({hook.headers["x-atlassian-webhook-identifier"] for hook in receiver.got}) == 1
        assert len({hook.raw for hook in receiver.got}) == 1
        retries = [hook.headers.get("x-atlassian-webhook-retry") for hook in receiver.got]
        assert retries == [None, "1", "2", "3", "4", "5"][: len(retries)]


def test_retries_lie_five_to_fifteen_minutes_apart_and_not_always_the_same() -> None:
    waits = [deliver.retry_minutes(f"identifier {n}") for n in range(100)]
    assert all(len(one) == 5 and min(one) >= 5 and max(one) <= 15 for one in waits)
    assert len(set(waits)) == 100
    assert min(map(min, waits)) < 6
    assert max(map(max, waits)) > 14


def test_secondary_hooks_can_lag_behind(cloud: Sandbox) -> None:
    settings(cloud, secondary_delay=600)
    with Receiver() as receiver:
        key = cloud.create()
        cloud.call("POST", f"~/issue/{key}/comment", json={"body": cloud.text("x")})
        cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        cloud.call("DELETE", f"~/issue/{key}")
        assert cloud.courier.settle()
        assert receiver.events() == ["jira:issue_deleted"]
        cloud.clock.advance(600)
        assert cloud.courier.settle()
    assert receiver.events() == ["jira:issue_deleted", "comment_deleted"]


def test_cloud_sends_twenty_primary_and_ten_secondary_hooks_at_once(cloud: Sandbox) -> None:
    settings(cloud, concurrent=True)
    seen: list[tuple[str, int]] = []
    for secondary, most in ((False, 20), (True, 10)):
        # Each receiver's answer waits until the published number of deliveries has come together.
        with Receiver() as receiver:
            receiver.gate = threading.Barrier(most)
            cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
            cloud.jira.tell(*(Event(f"e{n}", lambda _view: {}, secondary=secondary) for n in range(most * 2)))
            assert cloud.courier.settle(10)
            cloud.call("DELETE", "/_sandbox/hooks")
            seen.append(("secondary" if secondary else "primary", len(receiver.got)))
    assert seen == [("primary", 40), ("secondary", 20)]


def test_a_body_over_25_megabytes_is_dropped_on_cloud(cloud: Sandbox) -> None:
    cloud.call("POST", "/_sandbox/hooks", json={"url": "http://127.0.0.1:9/x"})
    cloud.jira.tell(Event("large", lambda _view: {"text": "x" * deliver.LARGEST}))
    assert cloud.courier.waiting() == 0
    assert not cloud.courier.past


def test_settings_that_make_no_sense_are_refused(jira: Sandbox) -> None:
    for wrong in ({"colour": 1}, {"concurrent": 1}, {"secondary_delay": -1}, {"version": "new"}, {"version": 9}, []):
        assert jira.call("POST", "/_sandbox/settings", json=wrong).status_code == 400, wrong
    if jira.flavour == "cloud":
        assert jira.call("POST", "/_sandbox/settings", json={"version": "9.12.1"}).status_code == 400
