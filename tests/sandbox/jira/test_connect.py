"""Apps on Jira Cloud: the query string hash, installing, an app's own requests, dynamic webhooks and their end.

Each answer is held against the official document by `tests/official`, as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from crosswalk_sandbox.jira import connect

from ...shared_files import shared
from .connect_app import TIMELESS, ConnectApp, plain_qsh
from .play import Receiver, Sandbox

HOOK = {"event": "jira:issue_updated", "url": "/hooks?key={issue.key}", "filter": "labels = loud"}
DAY = 24 * 3600


def test_the_vendors_vectors_of_the_query_string_hash() -> None:
    vectors = json.loads(shared("fixtures/connect/jwt-signed-urls.json").read_text())
    wrong = []
    for vector in vectors["tests"]:
        parts = urlsplit(vector["signedUrl"])
        method = vector["canonicalUrl"].partition("&")[0]
        (token,) = parse_qs(parts.query)["jwt"]
        claims = jwt.decode(token, vectors["secret"], ["HS256"], options=TIMELESS | {"verify_aud": False})
        if connect.canonical(method, parts.path, parts.query) != vector["canonicalUrl"]:
            wrong.append((vector["name"], connect.canonical(method, parts.path, parts.query)))
        if connect.qsh(method, parts.path, parts.query) != claims["qsh"]:
            wrong.append((vector["name"], "hash"))
    assert not wrong
    assert len(vectors["tests"]) == 78


@contextmanager
def installed(cloud: Sandbox, **descriptor: Any) -> Iterator[ConnectApp]:
    with ConnectApp(cloud.url, **descriptor) as app:
        answer = cloud.call("POST", "/_sandbox/apps", json={"descriptor": f"{app.base}/descriptor.json"})
        assert answer.status_code == 201, answer.text
        yield app


def ask(cloud: Sandbox, app: ConnectApp, method: str, path: str, **more: Any) -> httpx2.Response:
    """One request of the app, signed by it."""
    changed = more.pop("changed", {})
    token = app.token(method, path, cloud.clock.now().timestamp(), **changed)
    headers = {"Authorization": f"JWT {token}", **more.pop("headers", {})}
    return httpx2.request(method, cloud.url + path, headers=headers, timeout=60, **more)


def test_installing_calls_the_app_and_signs_it(cloud: Sandbox) -> None:
    """The app checks each call itself: the first by the public key from the key host, the second by the secret."""
    with installed(cloud) as app:
        first, second = app.got
        assert (first.path, second.path) == ("/installed", "/enabled")
        wanted = ("key", "clientKey", "sharedSecret", "baseUrl", "productType", "eventType")
        assert set(wanted) <= set(first.body)
        assert first.claims["iss"] == first.body["clientKey"] == second.claims["iss"]
        assert first.claims["aud"] == [app.base]
        assert "sharedSecret" not in second.body
        assert httpx2.get(f"{cloud.url}/00000000-0000-4000-8000-000000000000").status_code == 404
        secret = app.secret
        again = cloud.call("POST", "/_sandbox/apps", json={"descriptor": f"{app.base}/descriptor.json"})
        assert again.status_code == 201
        assert app.secret != secret, "each installation has a secret of its own"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"authentication": {"type": "none"}}, "authentication.type"),
        ({"lifecycle": {}}, "installed"),
        ({"scopes": ["EVERYTHING"]}, "no scope EVERYTHING"),
        ({"baseUrl": "ftp://x"}, "baseUrl"),
        ({"modules": {"webhooks": [{"event": "jira:issue_created"}]}}, "a webhook needs"),
    ],
)
def test_a_descriptor_that_can_not_be_installed_is_explained(
    cloud: Sandbox, changed: dict[str, Any], words: str
) -> None:
    with ConnectApp(cloud.url, **changed) as app:
        answer = cloud.call("POST", "/_sandbox/apps", json={"descriptor": f"{app.base}/descriptor.json"})
        assert answer.status_code == 400
        assert words in answer.json()["error"]
        assert not app.got


def test_an_app_that_refuses_is_not_installed(cloud: Sandbox) -> None:
    with ConnectApp(cloud.url) as app:
        app.status = 401
        answer = cloud.call("POST", "/_sandbox/apps", json={"descriptor": f"{app.base}/descriptor.json"})
        assert answer.status_code == 400
        assert "401" in answer.json()["error"]
        assert cloud.get("/_sandbox/apps") == {"apps": []}
    nobody = cloud.call("POST", "/_sandbox/apps", json={"descriptor": "http://127.0.0.1:9/descriptor.json"})
    assert "no descriptor" in nobody.json()["error"]


def test_data_center_has_no_apps(dc: Sandbox) -> None:
    assert dc.call("POST", "/_sandbox/apps", json={"oauth": "x"}).status_code == 400


def test_a_declared_webhook_is_signed_for_each_try(cloud: Sandbox) -> None:
    with installed(cloud, modules={"webhooks": [HOOK]}) as app:
        app.got.clear()
        cloud.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "quiet"}})
        app.status = 503
        key = cloud.create(labels=["loud"])
        cloud.call("PUT", f"~/issue/{key}", json={"fields": {"summary": "Louder"}})
        assert cloud.courier.settle()
        app.status = 200
        cloud.clock.advance(15 * 60)
        assert cloud.courier.settle()
        first, second = app.got
    assert first.path == second.path == f"/hooks?key={key}"
    assert first.body == second.body
    assert first.body["webhookEvent"] == "jira:issue_updated"
    assert first.claims["sub"] == cloud.get("~/myself")["accountId"]
    assert second.claims["iat"] > first.claims["exp"], "a token lives three minutes, so the retry has another"
    assert second.headers["x-atlassian-webhook-retry"] == "1"
    same = "x-atlassian-webhook-identifier"
    assert first.headers[same] == second.headers[same]
    assert "x-hub-signature" not in first.headers


def test_an_app_acts_as_its_own_account(cloud: Sandbox) -> None:
    with installed(cloud) as app:
        me = ask(cloud, app, "GET", "/rest/api/3/myself?expand=groups").json()
        assert (me["displayName"], me["accountType"]) == ("Crosswalk", "app")
        made = ask(cloud, app, "POST", "/rest/api/3/issue/FAB-1/comment", json={"body": cloud.text("Hi")})
        assert made.json()["author"]["accountId"] == me["accountId"]
        refused = ask(cloud, app, "DELETE", "/rest/api/3/issue/FAB-2")
        assert refused.status_code == 403, "the scope DELETE was not asked for"
        token = app.token("GET", "/rest/api/3/myself", cloud.clock.now().timestamp())
        assert httpx2.get(f"{cloud.url}/rest/api/3/myself?jwt={token}").status_code == 200


def test_a_change_of_roles_leaves_an_apps_rights_alone(cloud: Sandbox) -> None:
    with installed(cloud) as app:
        members = {"name": "jira-software-users"}
        wire = {"accountId": next(p for p in cloud.jira.site.people.values() if p.name == "otto").account_id}
        answer = cloud.call("POST", "~/group/user", params={"groupname": members["name"]}, json=wire)
        assert answer.status_code == 201, answer.text
        assert ask(cloud, app, "GET", "/rest/api/3/issue/FAB-1").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"qsh": "0" * 64}, {"qsh": None}, {"exp": None}, {"iss": "com.example.other"}, {"exp": 1}, {"exp": "soon"},
        {"iss": None},
    ],
)  # fmt: skip
def test_a_token_that_is_not_good_is_401(cloud: Sandbox, changed: dict[str, Any]) -> None:
    with installed(cloud) as app:
        assert ask(cloud, app, "GET", "/rest/api/3/myself", changed=changed).status_code == 401
        held, app.secret = app.secret, "another secret, which is long enough for the algorithm"
        assert ask(cloud, app, "GET", "/rest/api/3/myself").status_code == 401
        app.secret = held
        assert ask(cloud, app, "GET", "/rest/api/3/myself").status_code == 200


def test_pages_of_an_app_are_signed_for_one_address_and_administrators_alone_are_led_to_its_settings(
    cloud: Sandbox,
) -> None:
    panel = {"key": "panel", "url": "/panel?id={issue.id}&key={issue.key}"}
    modules = {"webPanels": [panel], "configurePage": {"key": "configure", "url": "/configure"}}
    with installed(cloud, modules=modules) as app:
        path = f"/_sandbox/apps/{app.descriptor['key']}/modules"
        told = cloud.call("GET", f"{path}/panel", params={"issue": "FAB-1", "as": "otto"}).json()
        parts = urlsplit(told["address"])
        issue = cloud.get("~/issue/FAB-1")
        query = parse_qs(parts.query)
        assert (query["id"], query["key"]) == ([issue["id"]], ["FAB-1"])
        claims = jwt.decode(query["jwt"][0], app.secret, ["HS256"], options=TIMELESS | {"verify_aud": False})
        assert claims["qsh"] == plain_qsh("GET", "/panel", f"id={issue['id']}&key=FAB-1")
        claims = jwt.decode(told["token"], app.secret, ["HS256"], options=TIMELESS | {"verify_aud": False})
        assert (claims["qsh"], claims["context"]["jira"]["issue"]["key"]) == ("context-qsh", "FAB-1")
        assert cloud.call("GET", f"{path}/configure").status_code == 200
        refused = cloud.call("GET", f"{path}/configure", params={"as": "otto"})
        assert (refused.status_code, "administrators only" in refused.json()["error"]) == (400, True)
        for wrong in ("nothing", "panel?issue=FAB-999", "panel?as=nobody"):
            assert cloud.call("GET", f"{path}/{wrong}").status_code == 400


def test_an_uninstalled_app_is_told_and_can_do_nothing(cloud: Sandbox) -> None:
    with installed(cloud, modules={"webhooks": [HOOK]}) as app:
        app.got.clear()
        assert cloud.call("DELETE", f"/_sandbox/apps/{app.descriptor['key']}").status_code == 200
        assert app.paths() == ["/disabled", "/uninstalled"]
        assert "sharedSecret" not in app.got[-1].body
        assert ask(cloud, app, "GET", "/rest/api/3/myself").status_code == 401
        cloud.create(labels=["loud"])
        assert cloud.courier.settle()
        assert len(app.got) == 2


def test_the_trace_of_an_apps_request_comes_back_with_its_hooks(cloud: Sandbox) -> None:
    with installed(cloud) as app, Receiver() as receiver:
        cloud.call("POST", "/_sandbox/hooks", json={"url": receiver.url})
        trace = {"X-Atlassian-Webhook-Trace": "mine-1"}
        wire = {"fields": {"summary": "Traced"}}
        ask(cloud, app, "PUT", "/rest/api/3/issue/FAB-1", json=wire, headers=trace)
        cloud.call("PUT", "~/issue/FAB-2", json=wire, headers=trace)
        assert cloud.courier.settle()
    assert [hook.headers.get("x-atlassian-webhook-trace") for hook in receiver.got] == ["mine-1", None]


# ---- dynamic webhooks

PATH = "/rest/api/3/webhook"


def register(url: str, *webhooks: dict[str, Any]) -> dict[str, Any]:
    return {"url": url, "webhooks": list(webhooks)}


ISSUES = {"events": ["jira:issue_updated"], "jqlFilter": "project = FAB"}


def test_a_person_may_not_have_dynamic_webhooks(cloud: Sandbox, dc: Sandbox) -> None:
    for method, path in (("GET", PATH), ("POST", PATH), ("DELETE", PATH), ("PUT", f"{PATH}/refresh"),
                         ("GET", f"{PATH}/failed")):  # fmt: skip
        body = register("http://127.0.0.1:9/x", ISSUES) if method == "POST" else {"webhookIds": [1]}
        more = {} if method == "GET" else {"json": body}
        assert cloud.call(method, path, **more).status_code == 403
    assert dc.call("GET", "/rest/api/2/webhook").status_code == 404


def test_registered_webhooks_are_delivered_together_until_they_expire(cloud: Sandbox) -> None:
    with installed(cloud) as app:
        url = f"{app.base}/dynamic"
        wire = register(url, ISSUES, {"events": ["jira:issue_updated"], "jqlFilter": "issuetype != Bug"},
                        {**ISSUES, "fieldIdsFilter": ["labels"]})  # fmt: skip
        answer = ask(cloud, app, "POST", PATH, json=wire)
        assert answer.status_code == 200
        ids = [entry["createdWebhookId"] for entry in answer.json()["webhookRegistrationResult"]]
        listed = ask(cloud, app, "GET", PATH)
        assert [hook["id"] for hook in listed.json()["values"]] == ids
        assert listed.json()["values"][0]["expirationDate"] == (cloud.clock.now().timestamp() + 30 * DAY) * 1000
        app.got.clear()
        cloud.call("PUT", "~/issue/FAB-2", json={"fields": {"summary": "Once"}})
        assert cloud.courier.settle()
        (hook,) = app.got
        assert hook.body["matchedWebhookIds"] == ids[:2]
        cloud.call("PUT", "~/issue/FAB-2", json={"fields": {"labels": ["new"]}})
        assert cloud.courier.settle()
        assert app.got[-1].body["matchedWebhookIds"] == ids
        cloud.clock.advance(30 * DAY - 1)
        refreshed = ask(cloud, app, "PUT", f"{PATH}/refresh", json={"webhookIds": [ids[0], 999]})
        assert refreshed.json() == {"expirationDate": (cloud.clock.now().timestamp() + 30 * DAY) * 1000}
        cloud.clock.advance(1)
        cloud.call("PUT", "~/issue/FAB-2", json={"fields": {"summary": "Twice"}})
        assert cloud.courier.settle()
        assert app.got[-1].body["matchedWebhookIds"] == ids[:1]
        assert [hook["id"] for hook in ask(cloud, app, "GET", PATH).json()["values"]] == ids[:1]
        assert ask(cloud, app, "DELETE", PATH, json={"webhookIds": ids}).status_code == 202
        assert ask(cloud, app, "GET", PATH).json()["values"] == []


@pytest.mark.parametrize(
    ("webhook", "words"),
    [
        ({"events": ["worklog_created"], "jqlFilter": "project = FAB"}, "worklog_created"),
        ({"events": [], "jqlFilter": "project = FAB"}, "event"),
        ({"events": ["jira:issue_created"], "jqlFilter": "watchers = x"}, "The clause watchers is unsupported"),
        ({"events": ["jira:issue_created"], "jqlFilter": "project = FAB AND status > Done"}, "operator"),
        ({"events": ["jira:issue_created"], "jqlFilter": "NOT (summary ~ x OR project = FAB)"}, "summary"),
        ({"events": ["jira:issue_created"], "jqlFilter": "project = FAB ORDER BY key"}, "Sorting"),
        ({"events": ["jira:issue_created"], "jqlFilter": "project ="}, "JQL"),
        ({"events": ["jira:issue_created"]}, "JQL"),
    ],
)
def test_a_webhook_that_can_not_be_registered_is_explained_beside_the_others(
    cloud: Sandbox, webhook: dict[str, Any], words: str
) -> None:
    with installed(cloud) as app:
        answer = ask(cloud, app, "POST", PATH, json=register(f"{app.base}/d", webhook, ISSUES)).json()
    refused, made = answer["webhookRegistrationResult"]
    assert words in refused["errors"][0]
    assert set(made) == {"createdWebhookId"}


def test_an_app_has_one_address_below_its_own_and_a_hundred_webhooks(cloud: Sandbox) -> None:
    with installed(cloud) as app:
        url = f"{app.base}/d"
        assert ask(cloud, app, "POST", PATH, json=register("http://127.0.0.1:9/x", ISSUES)).status_code == 400
        entries = ask(cloud, app, "POST", PATH, json=register(url, *[ISSUES] * 101)).json()["webhookRegistrationResult"]
        assert [set(entry) for entry in entries] == [{"createdWebhookId"}] * 100 + [{"errors"}]
        assert ask(cloud, app, "POST", PATH, json=register(url + "2", ISSUES)).status_code == 400
        assert ask(cloud, app, "POST", PATH, json={"url": url}).status_code == 400


def test_property_keys_and_merged_versions_can_be_asked_for(cloud: Sandbox) -> None:
    with installed(cloud) as app:
        keys = {"events": ["issue_property_set"], "jqlFilter": "project = FAB", "issuePropertyKeysFilter": ["mine"]}
        merged = {"events": ["jira:version_merged"], "jqlFilter": "project = FAB"}
        ask(cloud, app, "POST", PATH, json=register(f"{app.base}/d", keys, merged))
        app.got.clear()
        cloud.call("PUT", "~/issue/FAB-1/properties/theirs", json=1)
        cloud.call("PUT", "~/issue/FAB-1/properties/mine", json=2)
        made = cloud.call("POST", "~/version", json={"name": "V", "projectId": 10000}).json()["id"]
        cloud.call("PUT", f"~/version/{made}/mergeto/10001")
        assert cloud.courier.settle()
    assert [got.body["webhookEvent"] for got in app.got] == ["issue_property_set", "jira:version_deleted"]
    assert app.got[0].body["property"] == {**app.got[0].body["property"], "key": "mine", "value": 2}


def test_what_was_given_up_is_listed_for_three_days(cloud: Sandbox) -> None:
    with installed(cloud) as app:
        ask(cloud, app, "POST", PATH, json=register(f"{app.base}/d", ISSUES))
        app.got.clear()
        app.status = 500
        cloud.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "Lost"}})
        assert cloud.courier.settle()
        assert ask(cloud, app, "GET", f"{PATH}/failed").json() == {"values": [], "maxResults": 100}
        for _ in range(5):
            cloud.clock.advance(15 * 60)
            assert cloud.courier.settle()
        assert len(app.got) == 6
        found = ask(cloud, app, "GET", f"{PATH}/failed")
        (lost,) = found.json()["values"]
        assert lost["id"] == app.got[0].headers["x-atlassian-webhook-identifier"]
        assert json.loads(lost["body"]) == app.got[0].body
        following = found.json()["next"].removeprefix(cloud.url)
        assert ask(cloud, app, "GET", following).json()["values"] == []
        cloud.clock.advance(3 * DAY + 1)
        assert ask(cloud, app, "GET", f"{PATH}/failed").json()["values"] == []


def test_an_oauth_app_registers_through_the_gateway_and_gets_a_bearer_token(cloud: Sandbox) -> None:
    app = cloud.call("POST", "/_sandbox/apps", json={"oauth": "Planner", "as": "bruno"}).json()
    gateway = f"{cloud.url}/ex/jira/{cloud.credentials['cloud_id']}"
    with httpx2.Client(headers={"Authorization": f"Bearer {app['access_token']}"}) as client, Receiver() as receiver:
        assert client.get(f"{gateway}/rest/api/3/myself").json()["displayName"] == "Bruno Costa"
        assert client.get(f"{cloud.url}/rest/api/3/issue/FAB-1").status_code == 403, "only at the gateway"
        wire = register(receiver.url, *[ISSUES] * 6)
        entries = client.post(f"{gateway}{PATH}", json=wire).json()["webhookRegistrationResult"]
        assert [set(entry) for entry in entries] == [{"createdWebhookId"}] * 5 + [{"errors"}]
        assert client.get(f"{gateway}{PATH}/failed").status_code == 403
        cloud.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "Told"}})
        assert cloud.courier.settle()
        (hook,) = receiver.got
        scheme, _, token = hook.headers["authorization"].partition(" ")
        assert scheme == "Bearer"
        jwt.decode(token, app["client_secret"], ["HS256"], audience=app["client_id"], options=TIMELESS)
        assert len(hook.body["matchedWebhookIds"]) == 5
    wrong = {"Authorization": "Bearer nobody"}
    assert httpx2.get(f"{gateway}/rest/api/3/myself", headers=wrong).status_code == 401


def indexed(kind: str, alias: str = "") -> dict[str, Any]:
    """A module that has the `size` of a property indexed as a type."""
    extraction = {"objectName": "file.size", "type": kind, **({"alias": alias} if alias else {})}
    keyed = {"propertyKey": "mine", "extractions": [extraction]}
    return {"jiraEntityProperties": [{"key": "sizes", "name": {"value": "S"}, "keyConfigurations": [keyed]}]}


@pytest.mark.parametrize(
    ("kind", "value", "query"),
    [
        ("number", 7, "issue.property[mine].file.size > 6 AND issue.property[mine].file.size != 8"),
        ("number", [3, 7], "issue.property[mine].file.size in (7, 9)"),
        ("string", "Big One", 'issue.property[mine].file.size = "Big One"'),
        ("text", "Big One", 'issue.property[mine].file.size ~ "one"'),
        ("date", "2026-03-05T10:00:00+00:00", "issue.property[mine].file.size >= 2026-03-05"),
        ("user", "ME", "issue.property[mine].file.size = currentUser()"),
        ("number", 7, "fileSize = 7 ORDER BY fileSize"),
    ],
)
def test_a_property_that_an_app_had_indexed_is_found(cloud: Sandbox, kind: str, value: Any, query: str) -> None:
    """https://developer.atlassian.com/cloud/jira/platform/modules/entity-property/"""
    value = cloud.get("~/myself")["accountId"] if value == "ME" else value
    with installed(cloud, modules=indexed(kind, "fileSize")):
        assert cloud.call("PUT", "~/issue/FAB-2/properties/mine", json={"file": {"size": value}}).status_code == 201
        assert cloud.call("PUT", "~/issue/FAB-3/properties/mine", json={"file": 1}).status_code == 201
        assert cloud.search(f"project = FAB AND {query}") == ["FAB-2"]
        assert cloud.search("project = FAB AND issue.property[mine].file.size is not EMPTY") == ["FAB-2"]
    assert cloud.call("DELETE", "/_sandbox/apps/com.example.crosswalk").status_code in (200, 204)
    assert cloud.search("project = FAB AND issue.property[mine].file.size is not EMPTY") == []


def test_what_can_not_be_indexed_is_not_installed(cloud: Sandbox) -> None:
    with ConnectApp(cloud.url, modules=indexed("colour")) as app:
        answer = cloud.call("POST", "/_sandbox/apps", json={"descriptor": f"{app.base}/descriptor.json"})
    assert answer.status_code == 400
    assert "jiraEntityProperties" in answer.text


def test_a_dynamic_webhook_may_ask_for_a_property(cloud: Sandbox) -> None:
    """`issue.property` is in the subset that the document names."""
    with installed(cloud, modules=indexed("number")) as app:
        query = "issue.property[mine].file.size = 7"
        wanted = {"events": ["jira:issue_updated"], "jqlFilter": query}
        ask(cloud, app, "POST", PATH, json=register(f"{app.base}/d", wanted))
        cloud.call("PUT", "~/issue/FAB-2/properties/mine", json={"file": {"size": 7}})
        app.got.clear()
        for key in ("FAB-2", "FAB-3"):
            cloud.call("PUT", f"~/issue/{key}", json={"fields": {"summary": "New"}})
        assert cloud.courier.settle()
    assert [got.body["issue"]["key"] for got in app.got] == ["FAB-2"]
