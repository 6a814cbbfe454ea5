"""Endpoints for dynamic webhooks: what an app registers for itself, for thirty days.

Jira Cloud REST v3 group "Webhooks". Only Connect and OAuth 2.0 apps may: everybody else gets 403. The document declares
`expirationDate` a number and shows a stamp in its examples; the number of milliseconds is taken.
Documents:
https://developer.atlassian.com/cloud/jira/platform/webhooks/ (the thirty days, the numbers)
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crosswalk_sandbox.jira import jql
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.rest_hooks import next_number
from crosswalk_sandbox.jira.rest_issues import strings
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.subscriptions import App, Subscription
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean
from crosswalk_sandbox.kernel.hooks import is_address

LIFE = timedelta(days=30)
FAILURES_KEPT = timedelta(hours=72)
MOST = {"connect": 100, "oauth": 5}
EVENTS = frozenset(
    {f"jira:issue_{verb}" for verb in ("created", "updated", "deleted")}
    | {f"comment_{verb}" for verb in ("created", "updated", "deleted")}
    | {f"issue_property_{verb}" for verb in ("set", "deleted")}
    | {f"sprint_{verb}" for verb in ("created", "updated", "closed", "deleted", "started")}
    | {
        f"jira:version_{verb}"
        for verb in ("released", "unreleased", "created", "moved", "updated", "merged", "deleted")
    }
)
FIELDS = {
    "issuekey", "key", "issue", "id", "project", "issuetype", "type", "status", "priority", "assignee", "reporter",
    "issue.property",
}  # fmt: skip
OPERATORS = {"=", "!=", "in", "not in"}


def app_of(call: Call) -> App:
    """The app that asks. Raises Refusal 403 for a person."""
    if call.app is None:
        raise Refusal(403, "Only Connect and OAuth 2.0 apps can use this operation.")
    return call.app


def own(call: Call, app: App) -> list[Subscription]:
    """The app's dynamic webhooks; expired ones are gone. An OAuth app sees those of the person it acts for."""
    site = call.site
    for hook in [h for h in site.subscriptions.values() if h.expires is not None and h.expires <= site.now()]:
        del site.subscriptions[hook.id]
    return [h for h in site.subscriptions.values() if h.kind == "dynamic" and h.app == app.key]


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def shown(hook: Subscription) -> Json:
    out: Json = {"id": hook.id, "jqlFilter": hook.jql, "events": hook.events, "url": hook.url}
    if hook.fields is not None:
        out["fieldIdsFilter"] = hook.fields
    if hook.property_keys is not None:
        out["issuePropertyKeysFilter"] = hook.property_keys
    return out | ({"expirationDate": milliseconds(hook.expires)} if hook.expires else {})


def list_dynamic(call: Call) -> Answer:
    return Answer(200, bean(call, [shown(hook) for hook in own(call, app_of(call))], 100, 100))


def register(call: Call) -> Answer:
    """Each webhook is taken or refused by itself; the answers stand in the order of the request."""
    app = app_of(call)
    wire = call.json(("url", "webhooks"))
    url, entries = wire.get("url"), wire.get("webhooks")
    if not isinstance(url, str) or not is_address(url):
        raise Refusal(400, "The URL must be specified and valid.")  # wording unconfirmed, as the next three
    if app.kind == "connect" and not url.startswith(app.base_url):
        raise Refusal(400, "The URL must use the same base URL as the app.")
    if any(hook.url != url for hook in own(call, app)):
        raise Refusal(400, "Only a single URL per app is allowed to be registered.")
    if not isinstance(entries, list) or not entries:
        raise Refusal(400, "At least one webhook must be specified.")
    return Answer(200, {"webhookRegistrationResult": [_register(call, app, url, entry) for entry in entries]})


def _register(call: Call, app: App, url: str, wire: object) -> Json:
    entry = wire if isinstance(wire, dict) else {}
    events, query = strings(entry.get("events")), entry.get("jqlFilter")
    errors = [f"The event {event} is not supported" for event in events if event not in EVENTS]
    if not events:
        errors.append("At least one event must be specified")
    errors += refused_clauses(query) if isinstance(query, str) else ["The JQL filter must be specified"]
    if not errors and len(own(call, app)) >= MOST[app.kind]:
        errors.append(f"The limit of {MOST[app.kind]} webhooks is reached")
    if errors:
        return {"errors": errors}
    hook = Subscription(next_number(call.site), app.name, url, list(dict.fromkeys(events)), str(query))
    hook.kind, hook.app, hook.by, hook.at = "dynamic", app.key, app.person, call.site.now()
    hook.expires = call.site.now() + LIFE
    if isinstance(entry.get("fieldIdsFilter"), list):
        hook.fields = strings(entry["fieldIdsFilter"])
    if isinstance(entry.get("issuePropertyKeysFilter"), list):
        hook.property_keys = strings(entry["issuePropertyKeysFilter"])
    call.site.subscriptions[hook.id] = hook
    return {"createdWebhookId": hook.id}


def refused_clauses(query: str) -> list[str]:
    """What of a JQL filter is outside the subset for dynamic webhooks. Empty for none.
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/ (registerDynamicWebhooks)"""
    try:
        tree = jql.parse(query)
    except Refusal as refusal:
        return [*refusal.messages, *refusal.errors.values()]
    out = []
    for clause in _clauses(tree.where):
        if clause.field.text.lower() not in FIELDS:
            out.append(f"The clause {clause.field.text} is unsupported")
        elif clause.operator.lower() not in OPERATORS or clause.predicates:
            out.append(f"The operator {clause.operator} is unsupported")
    return out + (["Sorting is unsupported"] if tree.order else [])


def _clauses(tree: jql.Tree | None) -> Iterator[jql.Clause]:
    """Every clause of a query tree, whatever joins them."""
    if isinstance(tree, jql.Clause):
        yield tree
    elif isinstance(tree, jql.Not):
        yield from _clauses(tree.inner)
    elif tree is not None:
        for part in tree.parts:
            yield from _clauses(part)


def _wanted(call: Call) -> list[int]:
    given = call.json(("webhookIds",)).get("webhookIds")
    if not isinstance(given, list) or not given:
        raise Refusal(400, "The list of webhook IDs must be specified.")
    return [one for one in given if isinstance(one, int) and not isinstance(one, bool)]


def delete_dynamic(call: Call) -> Answer:
    """202. Ids that are not the app's own are ignored."""
    app, wanted = app_of(call), _wanted(call)
    for hook in [h for h in own(call, app) if h.id in wanted]:
        del call.site.subscriptions[hook.id]
    return Answer(202)


def refresh(call: Call) -> Answer:
    """Thirty more days from now."""
    app, wanted = app_of(call), _wanted(call)
    expires = call.site.now() + LIFE
    for hook in own(call, app):
        if hook.id in wanted:
            hook.expires = expires
    return Answer(200, {"expirationDate": milliseconds(expires)})


def failed(call: Call) -> Answer:
    """What was given up after every retry in the last 72 hours, oldest first; Connect apps only."""
    app = app_of(call)
    if app.kind != "connect":
        raise Refusal(403, "Only Connect apps can use this operation.")
    after, most = call.number("after", 0), call.number("maxResults", 100, 100)
    since = max(after + 1, milliseconds(call.site.now() - FAILURES_KEPT))
    found = [(milliseconds(d.attempts[-1].at), d) for d in call.jira.posting.given_up(app.key)]
    found = sorted((pair for pair in found if pair[0] >= since), key=lambda pair: pair[0])[:most]
    values = [
        {
            "id": delivery.headers["X-Atlassian-Webhook-Identifier"],
            "url": delivery.url,
            "failureTime": at,
            **({"body": delivery.body.decode()} if delivery.body else {}),
        }
        for at, delivery in found
    ]
    out: Json = {"values": values, "maxResults": most}
    if found:
        out["next"] = f"{call.root}{call.path}?after={found[-1][0]}&maxResults={most}"
    return Answer(200, out)


CLOUD = ("cloud",)
ENDPOINTS = [
    Endpoint("GET", "api/X/webhook", list_dynamic, "getDynamicWebhooksForApp", CLOUD, told=Refusal.body),
    Endpoint("POST", "api/X/webhook", register, "registerDynamicWebhooks", CLOUD),
    Endpoint("DELETE", "api/X/webhook", delete_dynamic, "deleteWebhookById", CLOUD),
    Endpoint("PUT", "api/X/webhook/refresh", refresh, "refreshWebhooks", CLOUD),
    Endpoint("GET", "api/X/webhook/failed", failed, "getFailedWebhooks", CLOUD),
]
