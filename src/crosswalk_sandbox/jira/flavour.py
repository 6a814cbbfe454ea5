"""What differs between Jira Cloud and Jira Data Center, as one interface with two answers (cloud.py, datacenter.py).

Knows nothing of routes; everything else in this package asks here instead of asking which Jira it is. How stamps, names
of events and avatars look is recorded of both.
"""

from __future__ import annotations

import base64
import binascii
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json, Person


@dataclass(slots=True)
class Credentials:
    """What is accepted as proof: secret by log-in name for Basic, log-in name by token for Bearer. `scoped` tokens are
    Cloud's."""

    basic: dict[tuple[str, str], str] = field(default_factory=dict)
    bearer: dict[str, str] = field(default_factory=dict)
    scoped: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person, or nobody. `failed` tells that a credential was sent and is not known."""

    person: Person | None
    failed: bool = False
    must_fail: bool = False


class Flavour(ABC):
    """One kind of Jira."""

    credentials: Credentials
    name: str
    deployment: str
    version: str
    numbers: tuple[int, ...]
    build: int
    apis: tuple[str, ...]
    no_issue: str
    project_missing: str
    type_missing: str
    changelog_ids: bool
    shows_levels: bool
    adf_apis: tuple[str, ...]
    hides_email_in_hooks: bool
    project_extra: ClassVar[Json]
    project_expand = "description,lead,issueTypes,url,projectKeys,permissions,insight"
    colors: ClassVar[dict[str, str]] = {}  # of status categories by their keys, where they are its own
    no_worklog_comment: ClassVar[Json] = {}
    events_by_category: bool

    @abstractmethod
    def authenticate(self, site: Site, headers: Mapping[str, str], *, gateway: bool) -> Caller:
        """Who sends these headers (lower-case names)."""

    @abstractmethod
    def caller_header(self, person: Person | None) -> dict[str, str]:
        """The header that names who asked."""

    def refuse_scheme(self, headers: Mapping[str, str]) -> Json | None:
        """The body of a 403 for a credential of a kind that is for another address."""
        del headers
        return None

    @abstractmethod
    def refuse_anonymous(self, accept: str = "*/*") -> tuple[str, str]:
        """Media type and body of the 401 for somebody who has to sign in."""

    @abstractmethod
    def person(self, base: str, person: Person) -> Json:
        """A person's JSON."""

    @abstractmethod
    def find_person(self, site: Site, wire: Json) -> Person | None:
        """The person that a value like `{"accountId": ...}` or `{"name": ...}` means."""

    @abstractmethod
    def person_id(self, person: Person) -> str:
        """What the changelog writes as a person's id."""

    @abstractmethod
    def create_types(self, start: int, size: int, entries: list[Json]) -> Json:
        """The envelope of `createmeta/{project}/issuetypes`."""

    @abstractmethod
    def create_fields(self, start: int, size: int, entries: list[Json]) -> Json:
        """The envelope of `createmeta/{project}/issuetypes/{type}`."""

    def transition_event(self, category_before: str, category_after: str, name: str = "") -> str:
        """The `issue_event_type_name` of a transition of this name between status categories.

        Cloud calls every transition generic; the standard workflows of Server fire resolved, closed, reopened, work
        started, work stopped (recorded payloads of both).
        """
        if not self.events_by_category:
            return "issue_generic"
        if name.lower().startswith("close"):
            return "issue_closed"
        moves = {("indeterminate", "new"): "issue_work_stopped"}
        if category_before == category_after:
            return "issue_generic"
        if category_before == "done":
            return "issue_reopened"
        kinds = {"done": "issue_resolved", "indeterminate": "issue_work_started"}
        return moves.get((category_before, category_after)) or kinds.get(category_after, "issue_generic")


def stamp(moment: datetime, site: Site) -> str:
    """A moment as Jira writes it (recorded): milliseconds, the site's own zone, an offset without a colon."""
    return _stamp(moment, site.zone)


@lru_cache(maxsize=65_536)  # an issue shows the same moments every time it is read
def _stamp(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    # strftime writes a year before 1000 with three digits, and an offset of before time zones with its seconds.
    return local.replace(tzinfo=None).isoformat(timespec="milliseconds") + local.strftime("%z")[:5]


def as_lead(person: Json | None) -> Json:
    """A person as the lead of a project, which tells less of them than other places: so recorded of both Jiras."""
    untold = ("emailAddress", "timeZone", "accountType")
    return {name: value for name, value in (person or {}).items() if name not in untold}


def avatars(base: str, kind: str, number: int) -> Json:
    """The `avatarUrls` of a person or a project."""
    address, which = f"{base}/secure/{kind}avatar?", f"avatarId={number}"
    return {
        "48x48": f"{address}{which}",
        "24x24": f"{address}size=small&{which}",
        "16x16": f"{address}size=xsmall&{which}",
        "32x32": f"{address}size=medium&{which}",
    }


def basic_of(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """User and secret of a Basic header, or None."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, secret = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (user, secret) if colon else None


def page_of(start: int, size: int, entries: list[Json], name: str) -> Json:
    """One page of a list, in the envelope with `startAt`, `maxResults`, `total`."""
    return {"startAt": start, "maxResults": size, "total": len(entries), name: entries[start : start + size]}


@lru_cache(maxsize=4096)
def spoken_day(day: str) -> str:
    """A day as a person reads it: 01/Jul/27."""
    return date.fromisoformat(day).strftime("%d/%b/%y")


def utc_stamp(moment: datetime) -> str:
    """A moment as sprints write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
