"""Endpoints that administer webhooks: `/rest/webhooks/1.0/webhook` on Cloud, `/rest/jira-webhook/1.0/webhooks` on Data
Center 10.

In no official document; the shapes are those of https://developer.atlassian.com/cloud/jira/platform/webhooks/ and of
recorded answers. The Data Center 10 body nests `configuration` (with the secret under it, which is unconfirmed).
"""

from __future__ import annotations

import itertools

from crosswalk_sandbox.jira import jql
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_issues import strings
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json, Subscription
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

SECTION = "issue-related-events-section"
NEW = "jira-webhook/1.0/webhooks"
OLD = "webhooks/1.0/webhook"


def shown(call: Call, hook: Subscription) -> Json:
    """A webhook's JSON. The secret is never shown, only that there is one."""
    path = OLD if call.cloud else NEW
    out: Json = {
        "name": hook.name,
        "url": hook.url,
        "excludeBody": hook.exclude_body,
        "filters": {SECTION: hook.jql},
        "events": hook.events,
        "enabled": hook.enabled,
        "self": f"{call.root}/rest/{path}/{hook.id}",
        "lastUpdatedUser": hook.by,
        "lastUpdatedDisplayName": call.site.people[hook.by].display_name if hook.by in call.site.people else "",
        "lastUpdated": int(hook.at.timestamp() * 1000) if hook.at else 0,
        "isSigned": bool(hook.secret),
    }
    if not call.cloud:
        out |= {"id": hook.id, "active": hook.enabled, "sslVerificationRequired": True, "configuration": {}}
    return out


def apply(call: Call, hook: Subscription, wire: Json) -> None:
    """Set a webhook from a request. Raises Refusal, changing nothing."""
    name, url = wire.get("name", hook.name), wire.get("url", hook.url)
    errors = {}
    if not isinstance(name, str) or not name.strip():
        errors["name"] = "The name of the webhook must not be empty."
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        errors["url"] = "The URL of the webhook is not valid."
    filters, configuration = wire.get("filters") or {}, wire.get("configuration") or {}
    query = filters.get(SECTION, hook.jql) if isinstance(filters, dict) else None
    if not isinstance(query, str):
        errors["filters"] = "The JQL filter is not valid."
    if errors:
        raise Refusal(400, errors=errors)
    jql.parse(str(query or ""))
    secret = wire.get("secret", configuration.get("SECRET") if isinstance(configuration, dict) else None)
    hook.name, hook.url, hook.jql = str(name), str(url), str(query or "")
    hook.events = strings(wire["events"]) if "events" in wire else hook.events
    hook.exclude_body = bool(wire.get("excludeBody", hook.exclude_body))
    hook.enabled = bool(wire.get("enabled", wire.get("active", hook.enabled)))
    hook.secret = secret if isinstance(secret, str) else hook.secret
    hook.by, hook.at = call.me.key, call.site.now()


def subscribe(site: Site, url: str, secret: str = "", *, jql_filter: str = "", name: str = "Sandbox") -> Subscription:
    """A webhook for every event, as the sandbox's own control API makes it."""
    hook = Subscription(next_number(site), name, url, jql=jql_filter, secret=secret, at=site.now())
    site.subscriptions[hook.id] = hook
    return hook


def next_number(site: Site) -> int:
    return next(n for n in itertools.count(1) if n not in site.subscriptions)


def hook_of(call: Call) -> Subscription:
    found = call.site.subscriptions.get(int(call.params["id"])) if call.params["id"].isdecimal() else None
    if found is None:
        raise NotThere("No webhook with id " + call.params["id"] + " was found.")
    return found


def list_hooks(call: Call) -> Answer:
    call.admin()
    return Answer(200, [shown(call, hook) for hook in call.site.subscriptions.values()])


def create_hook(call: Call) -> Answer:
    call.admin()
    hook = Subscription(next_number(call.site), "", "")
    apply(call, hook, call.json())
    call.site.subscriptions[hook.id] = hook
    return Answer(201, shown(call, hook), {"Location": str(shown(call, hook)["self"])})


def get_hook(call: Call) -> Answer:
    call.admin()
    return Answer(200, shown(call, hook_of(call)))


def put_hook(call: Call) -> Answer:
    call.admin()
    hook = hook_of(call)
    apply(call, hook, call.json())
    return Answer(200, shown(call, hook))


def delete_hook(call: Call) -> Answer:
    call.admin()
    del call.site.subscriptions[hook_of(call).id]
    return Answer(204)


def for_apps_only(_call: Call) -> Answer:
    """Dynamic webhooks belong to OAuth 2.0 and Connect apps; a token's owner is none."""
    raise Refusal(403, "Only Connect and OAuth 2.0 apps can use this operation.")


def _rows(path: str, flavour: str) -> list[Endpoint]:
    on = (flavour,)
    return [
        Endpoint("GET", path, list_hooks, "(webhooks: list)", on),
        Endpoint("POST", path, create_hook, "(webhooks: create)", on),
        Endpoint("GET", path + "/{id}", get_hook, "(webhooks: get)", on),
        Endpoint("PUT", path + "/{id}", put_hook, "(webhooks: edit)", on),
        Endpoint("DELETE", path + "/{id}", delete_hook, "(webhooks: delete)", on),
    ]


ENDPOINTS = [
    *_rows(OLD, "cloud"),
    *_rows(NEW, "dc"),
    Endpoint("GET", "api/X/webhook", for_apps_only, "getDynamicWebhooksForApp", ("cloud",)),
    Endpoint("POST", "api/X/webhook", for_apps_only, "registerDynamicWebhooks", ("cloud",)),
]
