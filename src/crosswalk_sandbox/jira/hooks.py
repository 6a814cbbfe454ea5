"""Hooks of a stand-in Jira: the bodies in the recorded shapes, the delivery headers, the signature, who gets which.

Events and headers: https://developer.atlassian.com/cloud/jira/platform/webhooks/ and the recorded payloads. Issue
objects in hooks are in the shape of REST v2 on both flavours: long text is wiki markup, self links are /rest/api/2.
Nothing is sent here; the kernel's courier does that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from crosswalk_sandbox.jira import jql, search
from crosswalk_sandbox.jira.changelog import created_items
from crosswalk_sandbox.jira.compare import present
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import (
    Attachment,
    Change,
    Comment,
    Issue,
    Json,
    Link,
    Person,
    Subscription,
    Version,
    Worklog,
)
from crosswalk_sandbox.jira.traits import Asker
from crosswalk_sandbox.jira.views import View

Build = Callable[[View], Json]

# Up to five retries, five to fifteen minutes apart, by chance. The sandbox takes the middle, so that runs can be
# repeated.
CLOUD_RETRIES = (10.0, 10.0, 10.0, 10.0, 10.0)
SHORT = {"summary", "issuetype", "project", "assignee", "priority", "status"}


@dataclass(slots=True)
class Event:
    """Something that happened. `body` builds the part of the JSON that belongs to it; `issue` is what a JQL filter
    looks at."""

    name: str
    body: Build
    issue: Issue | None = None
    secondary: bool = False
    person: Person | None = None
    extra: Json = field(default_factory=dict)


class Posting:
    """Where deliveries go: the kernel's courier, or nowhere."""

    def __init__(self, post: Callable[..., object] | None = None) -> None:
        self._post = post

    def __call__(self, url: str, headers: Json, body: bytes, label: str, retries: tuple[float, ...]) -> None:
        if self._post is not None:
            self._post(
                url, {key: str(value) for key, value in headers.items()}, body, retry_minutes=retries, label=label
            )


def signature(secret: str, body: bytes) -> str:
    """`X-Hub-Signature` of a body: "sha256=" and the hex HMAC."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(site: Site, view: View, event: Event, posting: Posting) -> None:
    """Send an event to every subscription that wants it."""
    for subscription in list(site.subscriptions.values()):
        if not subscription.enabled or (subscription.events and event.name not in subscription.events):
            continue
        if event.issue is not None and subscription.jql and not _matches(site, view, subscription, event.issue):
            continue
        body = {"timestamp": int(site.now().timestamp() * 1000), "webhookEvent": event.name} | event.body(view)
        raw = b"" if subscription.exclude_body else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        number = int(site.next_id("delivery"))
        headers = _headers(view, event, subscription, raw, number)
        retries = CLOUD_RETRIES if view.flavour.name == "cloud" else ()
        posting(_address(subscription, event), headers, raw, event.name, retries)


def _matches(site: Site, view: View, subscription: Subscription, issue: Issue) -> bool:
    try:
        query = jql.parse(subscription.jql)
    except Refusal:
        return False
    admin = next(person for person in site.people.values() if person.admin)
    found = search.Searcher(site, Asker(admin, view.flavour.name == "cloud"))
    test = found.test(query.where) if query.where else None
    return test is None or (not found.errors and test(present(issue)))


def _headers(view: View, event: Event, subscription: Subscription, raw: bytes, number: int) -> Json:
    headers: Json = {"Content-Type": "application/json; charset=utf-8"}
    if view.flavour.name == "cloud":
        seed = f"{view.site.cloud_id}:{number}".encode()
        headers |= {
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": hashlib.md5(seed, usedforsecurity=False).hexdigest(),
            "X-Atlassian-Webhook-Flow": "Secondary" if event.secondary else "Primary",
            "X-Atlassian-Webhook-Trace": hashlib.md5(b"trace" + seed, usedforsecurity=False).hexdigest(),
        }
    else:
        headers["User-Agent"] = "Atlassian HttpClient 3.0.4 / JIRA-10.3.24 (10030024) / Default"
    if subscription.secret:
        headers["X-Hub-Signature"] = signature(subscription.secret, raw)
    return headers


def _address(subscription: Subscription, event: Event) -> str:
    """The address with its variables filled in: `{issue.key}` and, before version 10, `${issue.key}`."""
    url = subscription.url
    if event.issue is not None and "{" in url:
        values = {
            "issue.key": event.issue.key,
            "issue.id": event.issue.id,
            "project.key": event.issue.key.split("-")[0],
        }
        for name, value in values.items():
            url = url.replace("${" + name + "}", value).replace("{" + name + "}", value)
    return url


# ---- what each event carries ------------------------------------------------------------------------------


def _user(view: View, person: Person | None) -> Json:
    return {"user": view.person(person.key)} if person else {}


def issue_created(person: Person, issue: Issue, change_id: str) -> Event:
    """jira:issue_created, with every first value in the changelog."""

    def body(view: View) -> Json:
        items = created_items(view.site, view.flavour, issue)
        change = Change(change_id, person.key, issue.created, items)
        return {
            "issue_event_type_name": "issue_created",
            **_user(view, person),
            "issue": full_issue(view, issue),
            "changelog": {"id": change_id, "items": view.items(change)},
        }

    return Event("jira:issue_created", body, issue, person=person)


def issue_updated(person: Person, issue: Issue, change: Change, kind: str = "issue_updated") -> Event:
    """jira:issue_updated."""

    def body(view: View) -> Json:
        return {
            "issue_event_type_name": kind,
            **_user(view, person),
            "issue": full_issue(view, issue),
            "changelog": {"id": change.id, "items": view.items(change)},
        }

    return Event("jira:issue_updated", body, issue, person=person)


def issue_deleted(person: Person, issue: Issue, *, secondary: bool = False) -> Event:
    """jira:issue_deleted."""
    return Event(
        "jira:issue_deleted", lambda v: {**_user(v, person), "issue": v.issue(issue)}, issue, secondary, person
    )


def full_issue(view: View, issue: Issue) -> Json:
    """An issue as an issue event shows it: every field, `comment` and `worklog` on Data Center only."""
    names = {f.id for f in view.site.fields.values()}
    return view.issue(issue, names - ({"comment", "worklog"} if view.flavour.name == "cloud" else set()))


def comment_events(flavour: str, person: Person, issue: Issue, comment: Comment, verb: str) -> list[Event]:
    """Cloud: one comment event with a short issue. Data Center: an issue event as well, and the comment event without
    an issue."""
    if flavour == "cloud":

        def short(view: View) -> Json:
            return {"comment": view.comment(issue, comment), "issue": short_issue(view, issue)}

        return [Event(f"comment_{verb}", short, issue, person=person)]
    kinds = {"created": "issue_commented", "updated": "issue_comment_edited", "deleted": "issue_comment_deleted"}

    def long(view: View) -> Json:
        body = {"issue_event_type_name": kinds[verb], **_user(view, person), "issue": full_issue(view, issue)}
        return body if verb == "deleted" else body | {"comment": view.comment(issue, comment)}

    def alone(view: View) -> Json:
        out: Json = {"comment": view.comment(issue, comment)}
        return out if verb == "created" else _user(view, person) | out

    return [
        Event("jira:issue_updated", long, issue, person=person),
        Event(f"comment_{verb}", alone, issue, person=person),
    ]


def short_issue(view: View, issue: Issue) -> Json:
    """The short issue in Cloud's comment events."""
    return view.issue(issue, SHORT)


def worklog_events(flavour: str, person: Person, issue: Issue, log: Worklog, change: Change, verb: str) -> list[Event]:
    """worklog_created/updated/deleted without the issue, and the issue event that logging work also is on
    Data Center."""

    def body(view: View) -> Json:
        log_json = {"comment": ""} | view.worklog(issue, log)
        out: Json = {"worklog": log_json}
        return out | ({"isFromIssueLimitTransformation": False} if flavour == "cloud" and verb != "updated" else {})

    events = [Event(f"worklog_{verb}", body, None, person=person)]
    if flavour == "dc":
        updated = issue_updated(person, issue, change, "issue_work_logged")
        events += [updated, Event("jira:worklog_updated", updated.body, issue, person=person)]
    return events


def link_event(link: Link, verb: str, *, secondary: bool = False) -> Event:
    """issuelink_created/deleted: numbers only, no keys, no user."""

    def body(view: View) -> Json:
        kind = view.site.link_types[link.type]
        shown: Json = {
            "id": int(link.id),
            "sourceIssueId": int(link.source),
            "destinationIssueId": int(link.target),
            "issueLinkType": {
                "id": int(kind.id),
                "name": kind.name,
                "outwardName": kind.outward,
                "inwardName": kind.inward,
                "isSubTaskLinkType": False,
                "isSystemLinkType": False,
            },
            "systemLink": False,
            "sequence": None,
        }
        return {"issueLink": shown}

    return Event(f"issuelink_{verb}", body, secondary=secondary)


def version_event(version: Version, verb: str, merged_to: Version | None = None) -> Event:
    """jira:version_created, _updated, _released, _unreleased, _deleted, _moved. A merged version is deleted with
    `mergedTo`."""

    def body(view: View) -> Json:
        out: Json = {"version": view.version(version)}
        return out | ({"mergedTo": view.version(merged_to)} if merged_to else {})

    return Event(f"jira:version_{verb}", body)


def attachment_event(file: Attachment, verb: str, *, secondary: bool = False) -> Event:
    """attachment_created/deleted. No issue in it, as a live site's log showed."""
    return Event(f"attachment_{verb}", lambda view: {"attachment": view.attachment(file)}, secondary=secondary)
