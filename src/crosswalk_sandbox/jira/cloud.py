"""Jira Cloud: what it does its own way. Accounts by accountId, API tokens, ADF on v3, `parent` for every level.

Facts: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/ and the errors recorded on 2026-10-08.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crosswalk_sandbox.jira.flavour import Caller, Credentials, Flavour, avatars, basic_of, page_of
from crosswalk_sandbox.jira.refusals import NO_ISSUE_CLOUD
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json, Person


class Cloud(Flavour):
    name = "cloud"
    deployment = "Cloud"
    version = "1001.0.0-SNAPSHOT"
    numbers = (1001, 0, 0)
    build = 100295
    apis = ("2", "3", "latest")
    no_issue = NO_ISSUE_CLOUD
    project_missing = "Specify a valid project ID or key"
    type_missing = "Specify an issue type"
    changelog_ids = True
    shows_levels = True
    adf_apis = ("3",)
    hides_email_in_hooks = True
    events_by_category = False

    project_extra: ClassVar[Json] = {"simplified": False, "style": "classic", "isPrivate": False, "properties": {}}

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials

    def authenticate(self, site: Site, headers: Mapping[str, str], *, gateway: bool) -> Caller:
        """A scoped token works at the gateway only, an unscoped one at the site only.
        https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account

        A credential that is not known leaves the caller anonymous: what a public site shows to everybody is still
        answered.
        """
        if "authorization" not in headers:
            return Caller(None)
        pair = basic_of(headers)
        if pair is None:
            return Caller(None, failed=True)
        known = self.credentials.scoped if gateway else self.credentials.basic
        pair = (pair[0].lower(), pair[1])
        if pair in known:
            return Caller(site.people[known[pair]])
        return Caller(None, failed=True, must_fail=not gateway and pair in self.credentials.scoped)

    def caller_header(self, person: Person | None) -> dict[str, str]:
        return {"X-AACCOUNTID": person.account_id.replace(":", "%3A")} if person is not None else {}

    def refuse_scheme(self, headers: Mapping[str, str]) -> Json | None:
        """A site takes no bearer token but one of Connect's; others observed this at every path."""
        bearer = headers.get("authorization", "").lower().startswith("bearer ")
        return {"error": "Failed to parse Connect Session Auth Token"} if bearer else None

    def refuse_anonymous(self, accept: str = "*/*") -> tuple[str, str]:
        """The words are not JSON, whatever they are said to be; others observed which type goes with what is asked."""
        media = "application/json" if "application/json" in accept else "text/html;charset=UTF-8"
        return media if accept else "text/plain", "Client must be authenticated to access this resource."

    def person(self, base: str, person: Person) -> Json:
        out: Json = {
            "self": f"{base}/user?accountId={person.account_id.replace(':', '%3A')}",
            "accountId": person.account_id,
            "avatarUrls": avatars(base.split("/rest/", maxsplit=1)[0], "user", 10340),
            "displayName": person.display_name,
            "active": person.active,
            "timeZone": person.zone,
            "accountType": "app" if person.app else "atlassian",
        }
        if not person.email_hidden:
            out["emailAddress"] = person.email
        return out

    def find_person(self, site: Site, wire: Json) -> Person | None:
        wanted = wire.get("accountId") or wire.get("id")
        return next((p for p in site.people.values() if p.account_id == wanted), None)

    def person_id(self, person: Person) -> str:
        return person.account_id

    def create_types(self, start: int, size: int, entries: list[Json]) -> Json:
        return page_of(start, size, entries, "issueTypes")

    def create_fields(self, start: int, size: int, entries: list[Json]) -> Json:
        return page_of(start, size, entries, "fields")
