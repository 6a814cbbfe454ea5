"""Jira Data Center 10.3: what it does its own way. Users by name and key, personal access tokens, wiki markup, Epic
Link.

Facts: https://developer.atlassian.com/server/jira/platform/rest/v10003/intro/ and the recorded Server payloads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote

from crosswalk_sandbox.jira.flavour import Caller, Credentials, Flavour, avatars, basic_of
from crosswalk_sandbox.jira.refusals import NO_ISSUE_DC
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json, Person

SESSION = "JSESSIONID"


def session_of(headers: Mapping[str, str]) -> str:
    """The value of the session's cookie, or ""."""
    cookies = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return next((value for name, _, value in cookies if name == SESSION), "")


class DataCenter(Flavour):
    name = "dc"
    deployment = "Server"
    version = "10.3.24"
    numbers = (10, 3, 24)
    build = 10030024
    apis = ("2", "latest")
    no_issue = NO_ISSUE_DC
    project_missing = "project is required"
    type_missing = "issue type is required"
    changelog_ids = False
    shows_levels = False
    adf_apis = ()
    hides_email_in_hooks = False
    events_by_category = True
    project_extra: ClassVar[Json] = {"archived": False}
    # As others observed on 10.4.
    project_expand = "description,lead,url,projectKeys"
    colors: ClassVar[dict[str, str]] = {"new": "default", "indeterminate": "inprogress", "done": "success"}
    no_worklog_comment: ClassVar[Json] = {"comment": ""}

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials

    def authenticate(self, site: Site, headers: Mapping[str, str], *, gateway: bool) -> Caller:
        """A wrong name, password or token is always refused here, never treated as anonymous; a session that has ended
        is. https://developer.atlassian.com/server/jira/platform/cookie-based-authentication/"""
        given = headers.get("authorization")
        if given is None or gateway:
            key = site.sessions.get(session_of(headers))
            return Caller(site.people.get(key) if key and not gateway else None, must_fail=gateway)
        scheme, _, token = given.partition(" ")
        found = None
        if scheme.lower() == "bearer":
            found = self._bearer(site, token.strip())
        elif pair := basic_of(headers):
            found = self.credentials.basic.get(pair)
        if found is None:
            return Caller(None, failed=True, must_fail=True)
        return Caller(site.people[found])

    def _bearer(self, site: Site, token: str) -> str | None:
        """Whose personal access token this is: one that was printed, or one that somebody made."""
        if (made := site.tokens.get(token)) is not None:
            return made.person if made.holds(site.now()) and made.person in site.people else None
        printed = self.credentials.bearer.get(token)
        return None if printed in site.revoked else printed

    def caller_header(self, person: Person | None) -> dict[str, str]:
        """Also for nobody: who looks there knows that a credential did not arrive. Observed by others on 10.3."""
        return {"X-AUSERNAME": quote(person.name, safe="") if person is not None else "anonymous"}

    def refuse_anonymous(self, accept: str = "*/*") -> tuple[str, str]:
        del accept
        text = "Client must be authenticated to access this resource."  # observed by others on 10.3
        return "application/json;charset=UTF-8", json.dumps({"message": text, "status-code": 401})

    def person(self, base: str, person: Person) -> Json:
        return {
            "self": f"{base}/user?username={person.name}",
            "name": person.name,
            "key": person.key,
            "emailAddress": person.email,
            "avatarUrls": avatars(base.split("/rest/", maxsplit=1)[0], "user", 10122),
            "displayName": person.display_name,
            "active": person.active,
            "timeZone": person.zone,
        }

    def find_person(self, site: Site, wire: Json) -> Person | None:
        name, key = wire.get("name"), wire.get("key")
        if name is not None:
            return next((p for p in site.people.values() if p.name == str(name).lower()), None)
        return next((p for p in site.people.values() if p.key == key), None)

    def person_id(self, person: Person) -> str:
        return person.key

    def create_types(self, start: int, size: int, entries: list[Json]) -> Json:
        return self._values(start, size, entries)

    def create_fields(self, start: int, size: int, entries: list[Json]) -> Json:
        return self._values(start, size, entries)

    def _values(self, start: int, size: int, entries: list[Json]) -> Json:
        values = entries[start : start + size]
        last = start + len(values) >= len(entries)
        return {"maxResults": size, "startAt": start, "total": len(entries), "isLast": last, "values": values}
