"""Reads what a webhook of Jira concerns, and checks its signature. Pure. A hook is a hint: no value is taken from it.

Events and headers: https://developer.atlassian.com/cloud/jira/platform/webhooks/. Some bodies name no issue: worklogs
carry its id, comments of a Data Center only an address, links two ids.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from crosswalk.jira.wire import Json
from crosswalk.merge.records import Ref

METHODS = ("sha256", "sha384", "sha512")
IDENTIFIER = "x-atlassian-webhook-identifier"
"""The header that names a delivery; the same over all its retries. Cloud only."""

WORKED = ("worklog_updated", "issue_deleted")
"""Events after which the work on an issue may be another; what it took goes with it."""

_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,99}-[0-9]{1,18}")
_NOT_LETTERS = re.compile(r"[^a-z]")
_ISSUE_IN_ADDRESS = re.compile(r"/rest/api/[^/]+/issue/([^/?#]+)/(?:comment|worklog|attachment)")


@dataclass(frozen=True, slots=True)
class HookNews:
    """What a hook concerns: records, and the id of the project where it is known.

    `not_ours` says why there is nothing to look at; empty where there is. `above` is what the record stands below,
    where that has to know of the work on a record that is in no pair.
    """

    event: str
    refs: tuple[Ref, ...] = ()
    project: str = ""
    not_ours: str = ""
    above: tuple[Ref, ...] = ()

    @property
    def created(self) -> str:
        """The id of the issue that it says was made; "" where it says something else."""
        return self.refs[0].id if self.event.endswith("issue_created") and self.refs else ""

    @property
    def deleted(self) -> bool:
        """Whether it says that the one record it names was deleted: no request could tell that of an issue later."""
        return self.event.removeprefix("jira:") == "issue_deleted" and len(self.refs) == 1


def signed(secret: str, body: bytes, header: str) -> bool:
    """Whether `header` (X-Hub-Signature, `method=hex`) is the signature of the raw `body`, in constant time."""
    method, _, given = header.strip().partition("=")
    if method.lower() not in METHODS:
        return False
    digest = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(digest.encode(), given.strip().lower().encode())


def hook_refs(payload: Json, address: str = "") -> HookNews:
    """What `payload` (parsed JSON; None where the body is excluded) concerns.

    `address` is what follows the secret in the hook's address: it may name the issue of a hook without body.
    """
    if not isinstance(payload, dict) or not payload:
        return _without_body(address)
    event = str(payload.get("webhookEvent") or payload.get("issue_event_type_name") or "")
    if isinstance(payload.get("issue"), dict) and (issue := _issue(payload["issue"])):
        up, worked = _parent(payload), event.endswith(WORKED) or any(_is_work(item) for item in _items(payload))
        told = (issue, *(up if _is_placed(event, payload) else ()))
        return HookNews(event, told, _project(payload["issue"]), above=up if worked else ())
    for read in (_by_version, _by_link, _by_worklog, _by_address):
        if refs := read(payload):
            return HookNews(event, refs, _id(_dict(payload, "version").get("projectId")))
    if event.startswith(("project_", "jira:project_")):
        project = _id(_dict(payload, "project").get("id"))
        return HookNews(event, project=project, not_ours="A project's own settings are not kept in step.")
    thing = event.removeprefix("jira:").partition("_")[0] or "unnamed event"
    return HookNews(event, not_ours=f"Crosswalk keeps nothing in step that a hook about “{thing}” tells of.")


def actor(payload: Json) -> str:
    """Who did what `payload` tells of, by name; empty where it does not say so.

    Issue events name a `user`, comments and work an author:
    https://developer.atlassian.com/server/jira/platform/webhooks/#example-callback-for-an-issue-related-event
    """
    if not isinstance(payload, dict):
        return ""
    people = (
        payload.get("user"),
        _dict(payload, "comment").get("updateAuthor"),
        _dict(payload, "worklog").get("updateAuthor"),
    )
    named = (str(one.get("displayName") or one.get("name") or "") for one in people if isinstance(one, dict))
    return next((name for name in named if name), "")


def _without_body(address: str) -> HookNews:
    """What the address names, into which Jira writes `{issue.key}`, `{issue.id}` and `{version.id}` (before Data Center
    10 with a dollar before them), as a part of its path or a parameter of any such name; not all events fill them in
    (https://jira.atlassian.com/browse/JRASERVER-68087).
    """
    path, _, query = address.partition("?")
    words = [("issue", part) for part in path.split("/")] + parse_qsl(query)
    named = [(_NOT_LETTERS.sub("", name.casefold()), value.strip()) for name, value in words]
    numbers = {name: value for name, value in named if value.isascii() and value.isdigit()}
    key = next((value for _, value in named if _KEY.fullmatch(value)), "")
    if (found := next((numbers[name] for name in ("issueid", "issue", "id") if name in numbers), "")) or key:
        return HookNews("", (Ref("issue", found, key),))
    if found := next((numbers[name] for name in ("versionid", "version") if name in numbers), ""):
        return HookNews("", (Ref("version", found),))
    return HookNews("", not_ours="The hook has no body and its address names no issue (untick “Exclude body”).")


def _issue(issue: Mapping[str, Json]) -> Ref | None:
    found, key = _id(issue.get("id")), str(issue.get("key") or "")
    return Ref("issue", found, key) if found or key else None


def _is_placed(event: str, payload: Mapping[str, Json]) -> bool:
    """Whether an issue is new or was moved: what it stands below may have to know it."""
    moved = any("parent" in str(item.get("field")).lower() for item in _items(payload))
    return moved or event.endswith("issue_created")


def _is_work(item: Mapping[str, Json]) -> bool:
    return str(item.get("field")).casefold() in ("timespent", "worklogid", "worklogtimespent")


def _parent(payload: Mapping[str, Json]) -> tuple[Ref, ...]:
    above = _issue(_dict(_dict(payload["issue"], "fields"), "parent"))
    return (above,) if above else ()


def _items(payload: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    listed = _dict(payload, "changelog").get("items")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _project(issue: Mapping[str, Json]) -> str:
    return _id(_dict(_dict(issue, "fields"), "project").get("id"))


def _by_version(payload: Mapping[str, Json]) -> tuple[Ref, ...]:
    """A version; where it was merged into another, that one too."""
    version = _dict(payload, "version")
    merged = payload.get("mergedTo") or version.get("mergedTo")
    merged = merged if isinstance(merged, dict) else {"id": merged}
    return tuple(
        Ref("version", _id(entry.get("id")), str(entry.get("name") or ""))
        for entry in (version, merged)
        if _id(entry.get("id"))
    )


def _by_link(payload: Mapping[str, Json]) -> tuple[Ref, ...]:
    link = _dict(payload, "issueLink")
    ends = (_id(link.get("sourceIssueId")), _id(link.get("destinationIssueId")))
    return tuple(Ref("issue", end) for end in ends if end)


def _by_worklog(payload: Mapping[str, Json]) -> tuple[Ref, ...]:
    found = _id(_dict(payload, "worklog").get("issueId"))
    return (Ref("issue", found),) if found else ()


def _by_address(payload: Mapping[str, Json]) -> tuple[Ref, ...]:
    """The issue in the address of a comment, worklog or attachment: `.../issue/10013/comment/10082`."""
    for name in ("comment", "worklog", "attachment"):
        found = _ISSUE_IN_ADDRESS.search(str(_dict(payload, name).get("self") or ""))
        if found:
            part = found[1]
            return (Ref("issue", part) if part.isdigit() else Ref("issue", "", part),)
    return ()


def _dict(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _id(value: Json) -> str:
    """An id as text: links and worklogs carry numbers in some bodies and texts in others."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
