"""Who gets an event of a stand-in Jira, with which headers, signed how, and how often it is tried.

Facts: https://developer.atlassian.com/cloud/jira/platform/webhooks/ for Cloud; on Data Center
https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html, no header of Atlassian's own and no
second try. The body and the events are made in hooks.py, the posting is the kernel courier's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from crosswalk_sandbox.jira import connect, jql, search
from crosswalk_sandbox.jira.compare import present
from crosswalk_sandbox.jira.hooks import Event
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue
from crosswalk_sandbox.jira.subscriptions import App, Subscription
from crosswalk_sandbox.jira.traits import Asker
from crosswalk_sandbox.jira.views import View
from crosswalk_sandbox.kernel.hooks import AT_ONCE, Courier, Delivery, Terms

LARGEST = 25 * 1024 * 1024
MOST_RETRIES = 5
# Deliveries of a site to one host under way at once.
WIDTHS = {"Primary": 20, "Secondary": 10}
AFTER_VERSION_10 = 8  # how many at once is tunable from 10.3.5; the number here is the sandbox's own


class Posting:
    """Where deliveries go: the kernel's courier, or nowhere."""

    def __init__(self, courier: Courier | None = None) -> None:
        self.courier = courier

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, terms: Terms, label: str) -> None:
        if self.courier is not None:
            self.courier.post(url, headers, body, terms, label=label)

    def given_up(self, owner: str) -> list[Delivery]:
        """Deliveries of an app that failed after every retry, the oldest first."""
        past = list(self.courier.past) if self.courier is not None else []
        return [d for d in past if d.terms.owner == owner and d.state == "failed" and len(d.attempts) > MOST_RETRIES]


def signature(secret: str, body: bytes) -> str:
    """`X-Hub-Signature` of a body: "sha256=" and the hex HMAC."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(site: Site, view: View, event: Event, posting: Posting, trace: str = "") -> None:
    """Send an event to every subscription that wants it. `trace` is what an app attached to the request behind it."""
    cloud = view.flavour.name == "cloud"
    wanting = [s for s in list(site.subscriptions.values()) if wants(site, s, event, cloud=cloud)]
    for subscription in (s for s in wanting if s.kind != "dynamic"):
        _send(site, view, event, posting, ([subscription], trace))
    by_app: dict[str, list[Subscription]] = {}
    for subscription in (s for s in wanting if s.kind == "dynamic"):
        by_app.setdefault(subscription.app, []).append(subscription)
    for together in by_app.values():
        _send(site, view, event, posting, (together, trace))


def wants(site: Site, subscription: Subscription, event: Event, *, cloud: bool) -> bool:
    """Whether a subscription asks for this event: by name, by its filters, and not yet expired."""
    if not subscription.enabled or (subscription.expires is not None and subscription.expires <= site.now()):
        return False
    if subscription.app and not (subscription.app in site.apps and site.apps[subscription.app].enabled):
        return False
    if not subscription.every and not {event.name, *event.aliases} & set(subscription.events):
        return False
    narrowed = event.name == "jira:issue_updated" and subscription.fields is not None
    if narrowed and not event.fields & set(subscription.fields or ()):
        return False
    if event.property and subscription.property_keys is not None and event.property not in subscription.property_keys:
        return False
    if event.issue is None or not subscription.jql:
        return True
    return _matches(site, subscription, event.issue, cloud=cloud)


def _matches(site: Site, subscription: Subscription, issue: Issue, *, cloud: bool) -> bool:
    try:
        query = jql.parse(subscription.jql)
    except Refusal:
        return False
    admin = next(person for person in site.people.values() if person.admin)
    found = search.Searcher(site, Asker(admin, cloud))
    test = found.test(query.where) if query.where else None
    return test is None or (not found.errors and test(present(issue)))


def _send(site: Site, view: View, event: Event, posting: Posting, how: tuple[list[Subscription], str]) -> None:
    subscriptions, trace = how
    first = subscriptions[0]
    body = {"timestamp": int(site.now().timestamp() * 1000), "webhookEvent": event.name} | event.body(view)
    if first.kind == "dynamic":
        body["matchedWebhookIds"] = [s.id for s in subscriptions]
    headers, raw = _sealed(first, body)
    number = int(site.next_id("delivery"))
    cloud = view.flavour.name == "cloud"
    if cloud and len(raw) > LARGEST:
        return
    url = address(first, event, dollars=not cloud and view.flavour.numbers[0] < 10)
    flow = "Secondary" if event.secondary else "Primary"
    if not cloud:
        own = {"User-Agent": f"Atlassian HttpClient 3.0.4 / JIRA-{view.flavour.version} / Default"}
        posting(
            url, headers | own, raw, replace(_unpromised(site, view, url), bare=_bare(first, body, own)), event.name
        )
        return
    identifier = hashlib.md5(f"{site.cloud_id}:{number}".encode(), usedforsecurity=False).hexdigest()
    own = {
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": identifier,
        "X-Atlassian-Webhook-Flow": flow,
        **({"X-Atlassian-Webhook-Trace": trace} if trace else {}),
    }
    dress = _dress(site, site.apps[first.app], url, event) if first.app else _retry_header
    delay = site.habits.secondary_delay if event.secondary else 0.0
    lane, width = (f"{flow} {urlsplit(url).hostname}", WIDTHS[flow]) if site.habits.concurrent else ("", 1)
    terms = Terms(delay, retry_minutes(identifier), retried, dress, lane, width, first.app, _bare(first, body, own))
    posting(url, headers | own, raw, terms, event.name)


def _sealed(subscription: Subscription, body: Mapping[str, object]) -> tuple[dict[str, str], bytes]:
    """A body as it is sent, and the headers that depend on it."""
    raw = b"" if subscription.exclude_body else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if subscription.secret:
        headers["X-Hub-Signature"] = signature(subscription.secret, raw)
    return headers, raw


def _bare(
    subscription: Subscription, body: Mapping[str, object], own: Mapping[str, str]
) -> Callable[[], tuple[Mapping[str, str], bytes]]:
    """The same without `changelog`, which some hooks of the real Jira lack."""

    def bare() -> tuple[Mapping[str, str], bytes]:
        headers, raw = _sealed(subscription, {name: value for name, value in body.items() if name != "changelog"})
        return {**headers, **own}, raw

    return bare


def retried(status: int | None) -> bool:
    """Whether Cloud tries again: no connection, no answer in time, or one of these answers."""
    return status is None or status in (408, 409, 425, 429) or status >= 500


def retry_minutes(identifier: str) -> tuple[float, ...]:
    """When Cloud tries again: up to five times, five to fifteen minutes apart. The chance is drawn from the
    identifier, so that a run can be repeated."""
    draws = hashlib.blake2b(identifier.encode(), digest_size=MOST_RETRIES).digest()
    return tuple(5 + 10 * draw / 255 for draw in draws)


def _unpromised(site: Site, view: View, url: str) -> Terms:
    """Data Center: one try. Up to version 9 in order; from 10 on asynchronous, in no order."""
    if view.flavour.numbers[0] >= 10 and site.habits.concurrent:
        return Terms(lane=str(urlsplit(url).hostname), width=AFTER_VERSION_10)
    return AT_ONCE


def _retry_header(retry: int) -> Mapping[str, str]:
    return {"X-Atlassian-Webhook-Retry": str(retry)} if retry else {}


def _dress(site: Site, app: App, url: str, event: Event) -> Callable[[int], Mapping[str, str]]:
    """The headers of a try to an app: its token is signed anew, because it lives three minutes."""
    subject = event.person.account_id if event.person else ""

    def dress(retry: int) -> Mapping[str, str]:
        now = site.now()
        if app.kind == "connect":
            given = "JWT " + connect.signed(app, now, connect.Signing("POST", url, subject))
        else:
            given = "Bearer " + connect.oauth_token(app, now)
        return {"Authorization": given, **_retry_header(retry)}

    return dress


def address(subscription: Subscription, event: Event, *, dollars: bool) -> str:
    """The address with its variables filled in: `{issue.key}`, written `${issue.key}` on Data Center before 10."""
    url = subscription.url
    values = dict(event.variables)
    if event.issue is not None:
        key = event.issue.key
        values |= {"issue.key": key, "issue.id": event.issue.id, "project.id": event.issue.project}
        values["project.key"] = key.rpartition("-")[0]
    for name, value in values.items():
        url = url.replace(("$" if dollars else "") + "{" + name + "}", value)
    return url
