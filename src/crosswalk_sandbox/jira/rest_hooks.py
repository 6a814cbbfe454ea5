"""Endpoints that administer webhooks: `/rest/webhooks/1.0/webhook` on Cloud and on Data Center before version 10,
`/rest/jira-webhook/1.0/webhooks` from Data Center 10 on.

In no OpenAPI document. The older shape is that of recorded answers and of
https://developer.atlassian.com/cloud/jira/platform/webhooks/
https://developer.atlassian.com/server/jira/platform/webhooks/
The newer one is that of published clients of Data Center 10: numbers for ids, `active`, stamps in milliseconds, and a
`configuration` of texts that holds the secret; a `secret` beside it is ignored, as reported from there.
"""

from __future__ import annotations

import itertools
import json

from crosswalk_sandbox.jira import jql
from crosswalk_sandbox.jira.refusals import NoPath, NotThere, Refusal
from crosswalk_sandbox.jira.rest_issues import strings
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.subscriptions import Subscription
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint
from crosswalk_sandbox.kernel.hooks import is_address

SECTION = "issue-related-events-section"
NEW = "jira-webhook/1.0/webhooks"
OLD = "webhooks/1.0/webhook"


def is_new(call: Call) -> bool:
    """Whether the request came by the newer path. Raises NoPath where this version has the other one only."""
    new = f"/{NEW}" in call.path
    if not call.cloud and new != (call.jira.flavour.numbers[0] >= 10):
        raise NoPath(call.uri)
    return new


def shown(call: Call, hook: Subscription) -> Json:
    """A webhook's JSON. The secret is never shown, only that there is one."""
    if is_new(call):
        return _shown_new(hook)
    return {
        "name": hook.name,
        "url": hook.url,
        "excludeBody": hook.exclude_body,
        "filters": {SECTION: hook.jql},
        "events": hook.events,
        "enabled": hook.enabled,
        "self": f"{call.root}/rest/{OLD}/{hook.id}",
        "lastUpdatedUser": hook.by,
        "lastUpdatedDisplayName": call.site.people[hook.by].display_name if hook.by in call.site.people else "",
        "lastUpdated": int(hook.at.timestamp() * 1000) if hook.at else 0,
        "isSigned": bool(hook.secret),
    }


def _shown_new(hook: Subscription) -> Json:
    made = hook.made or hook.at
    return {
        "id": hook.id,
        "name": hook.name,
        "createdDate": int(made.timestamp() * 1000) if made else 0,
        "updatedDate": int(hook.at.timestamp() * 1000) if hook.at else 0,
        "events": hook.events,
        "configuration": {
            "EXCLUDE_BODY": "true" if hook.exclude_body else "false",
            "FILTERS": json.dumps({SECTION: hook.jql}),
        },
        "url": hook.url,
        "active": hook.enabled,
        "scopeType": "global",
        "sslVerificationRequired": hook.verify,
    }


def apply(call: Call, hook: Subscription, wire: Json) -> None:
    """Set a webhook from a request. Raises Refusal, changing nothing."""
    name, url = wire.get("name", hook.name), wire.get("url", hook.url)
    errors = {}
    if not isinstance(name, str) or not name.strip():
        errors["name"] = "The name of the webhook must not be empty."
    if not is_address(url):
        errors["url"] = "The URL of the webhook is not valid."
    configuration = wire.get("configuration") if is_new(call) else None
    configuration = configuration if isinstance(configuration, dict) else {}
    query = _filter(wire, configuration, hook.jql)
    if query is None:
        errors["filters"] = "The JQL filter is not valid."
    errors |= _wrong(wire, new=is_new(call))
    if errors:
        raise Refusal(400, errors=errors)
    jql.parse(query or "")
    secret = configuration.get("SECRET") if is_new(call) else wire.get("secret")
    exclude = wire.get("excludeBody", str(configuration.get("EXCLUDE_BODY", hook.exclude_body)).lower() == "true")
    hook.name, hook.url, hook.jql = str(name), str(url), query or ""
    if "events" in wire:
        hook.events, hook.every = strings(wire["events"]), False
    hook.exclude_body = bool(exclude)
    hook.enabled = bool(wire.get("active" if is_new(call) else "enabled", hook.enabled))
    hook.verify = bool(wire.get("sslVerificationRequired", hook.verify))
    hook.secret = secret if isinstance(secret, str) else hook.secret
    hook.by, hook.at = call.me.key, call.site.now()
    hook.made = hook.made or hook.at


def _wrong(wire: Json, *, new: bool) -> dict[str, str]:
    """What of a webhook has another type than the answer shows. The wording is unconfirmed."""
    events = wire.get("events", [])
    switches = ("active", "sslVerificationRequired") if new else ("enabled",)
    wrong = [name for name in ("excludeBody", *switches) if not isinstance(wire.get(name, True), bool)]
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        wrong.append("events")
    return {name: f"The value of {name} is not valid." for name in wrong}


def _filter(wire: Json, configuration: Json, held: str) -> str | None:
    """The JQL filter in a request, the one held where it names none, None for something else than a text."""
    filters = wire.get("filters")
    if filters is None and isinstance(text := configuration.get("FILTERS"), str):
        try:
            filters = json.loads(text)
        except (ValueError, RecursionError):
            return None
    if filters is None:
        return held
    query = filters.get(SECTION, "") if isinstance(filters, dict) else None
    return query if isinstance(query, str) else None


def subscribe(site: Site, url: str, secret: str = "", *, jql_filter: str = "", name: str = "Sandbox") -> Subscription:
    """A webhook for every event, as the sandbox's own control API makes it."""
    hook = Subscription(next_number(site), name, url, jql=jql_filter, secret=secret, at=site.now(), every=True)
    site.subscriptions[hook.id] = hook
    return hook


def next_number(site: Site) -> int:
    return next(n for n in itertools.count(1) if n not in site.subscriptions)


def hook_of(call: Call) -> Subscription:
    named = call.params["id"]
    # Longer than any number here; the conversion of a very long one is refused.
    found = call.site.subscriptions.get(int(named)) if named.isdecimal() and len(named) < 20 else None
    if found is None or found.kind != "admin":
        raise NotThere("No webhook with id " + call.params["id"] + " was found.")
    return found


def list_hooks(call: Call) -> Answer:
    is_new(call)
    call.admin()
    return Answer(200, [shown(call, hook) for hook in call.site.subscriptions.values() if hook.kind == "admin"])


def create_hook(call: Call) -> Answer:
    new = is_new(call)
    call.admin()
    hook = Subscription(next_number(call.site), "", "")
    apply(call, hook, call.json())
    call.site.subscriptions[hook.id] = hook
    return Answer(201, shown(call, hook), {"Location": f"{call.root}/rest/{NEW if new else OLD}/{hook.id}"})


def get_hook(call: Call) -> Answer:
    is_new(call)
    call.admin()
    return Answer(200, shown(call, hook_of(call)))


def put_hook(call: Call) -> Answer:
    is_new(call)
    call.admin()
    hook = hook_of(call)
    apply(call, hook, call.json())
    return Answer(200, shown(call, hook))


def delete_hook(call: Call) -> Answer:
    is_new(call)
    call.admin()
    del call.site.subscriptions[hook_of(call).id]
    return Answer(204)


def _rows(path: str, on: tuple[str, ...]) -> list[Endpoint]:
    return [
        Endpoint("GET", path, list_hooks, "(webhooks: list)", on),
        Endpoint("POST", path, create_hook, "(webhooks: create)", on),
        Endpoint("GET", path + "/{id}", get_hook, "(webhooks: get)", on),
        Endpoint("PUT", path + "/{id}", put_hook, "(webhooks: edit)", on),
        Endpoint("DELETE", path + "/{id}", delete_hook, "(webhooks: delete)", on),
    ]


ENDPOINTS = [*_rows(OLD, ("cloud", "dc")), *_rows(NEW, ("dc",))]
