"""What only Jira Data Center and Server do: REST v2, wiki text, user names, searches by number, epic links. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crosswalk.jira.metadata import EPIC_LINK, Metadata
from crosswalk.jira.wire import Json, part
from crosswalk.jira.wire_meta import PAGE
from crosswalk.merge.records import Ref
from crosswalk.merge.values import Person, Rich
from crosswalk.remote.request import Request


class DataCenter:
    """See flavour.Flavour. Operations are those of https://developer.atlassian.com/server/jira/platform/rest/."""

    name = "datacenter"
    rich_format = "wiki"
    api = "/rest/api/2"
    batch = 100
    properties_found = False
    edit_query: tuple[tuple[str, str], ...] = ()
    most_assignable, assignable_page, assignable_full = 1000, 100, 100
    assignable_paged = False

    def read_many(self, ids: Sequence[str], fields: Iterable[str], *, history: bool = False) -> Request:
        """One issue is read by itself; several by a search, which is told not to mind those that are gone."""
        if len(ids) == 1:
            query = (("fields", ",".join(sorted(fields))), *((("expand", "changelog"),) if history else ()))
            return Request("GET", f"{self.api}/issue/{part(ids[0])}", query=query, about="read an issue")
        found = self._search(f"id in ({','.join(ids)})", fields, 0, len(ids))
        return replace(found, body={**found.body, "expand": ["changelog"]}) if history else found

    def search(self, jql: str, fields: Iterable[str], after: str) -> Request:
        """Operation searchUsingSearchRequest."""
        return self._search(jql, fields, int(after or 0), 500)

    def search_made(self, jql: str, after: str) -> Request:
        """The same; each issue's property is read by itself afterwards."""
        return self._search(jql, ["created"], int(after or 0), 500)

    def _search(self, jql: str, fields: Iterable[str], start: int, most: int) -> Request:
        body = {"jql": jql, "fields": sorted(fields), "startAt": start, "maxResults": most, "validateQuery": False}
        return Request("POST", f"{self.api}/search", body=body, about="search issues")

    def next_page(self, data: Json) -> str:
        """The number of the next issue."""
        end = int(data.get("startAt", 0)) + len(data.get("issues") or [])
        return str(end) if data.get("issues") and end < int(data.get("total", 0)) else ""

    def projects(self, _query: str, _start: int, /) -> Request:
        """Operation getAllProjects: all of them, in one answer; the caller chooses."""
        return Request("GET", f"{self.api}/project", about="find projects")

    def rights(self, project: str) -> Request:
        """Operation getPermissions: every right there is."""
        place = (("projectId", project),) if project else ()
        return Request("GET", f"{self.api}/mypermissions", query=place, about="what the account may do")

    def people(self, email: str, start: int = 0) -> Request:
        """Operation findUsers: `username` is compared with user name, name and e-mail address. Who is
        deactivated comes along and says so; Cloud never shows them."""
        query = (("username", email), ("startAt", str(start)), ("maxResults", str(PAGE)), ("includeInactive", "true"))
        return Request("GET", f"{self.api}/user/search", query=query, about="find a person")

    def account(self, account_id: str) -> Request:
        """Operation getUser: by user name, which is the id of a person here."""
        return Request("GET", f"{self.api}/user", query=(("username", account_id),), about="find a person")

    def assignable(self, project: str, _start: int, beginning: str = "", /) -> Request:
        """Operation findAssignableUsers: a hundred at most, and no pages; `username` is the beginning of a user name,
        of a word of the name, or of the e-mail address."""
        some = (("username", beginning),) if beginning else ()
        query = (("project", project), *some, ("maxResults", str(self.assignable_page)))
        return Request("GET", f"{self.api}/user/assignable/search", query=query, about="list who may be assigned")

    def person(self, data: Mapping[str, Json]) -> Person:
        """By user name, because that is what a field takes. It changes when an administrator renames the user."""
        return Person(
            id=str(data.get("name") or data.get("key") or ""),
            email=str(data.get("emailAddress") or ""),
            name=str(data.get("displayName") or ""),
            active=data.get("active") is not False,
        )

    def person_to_wire(self, person: Person) -> Json:
        """A user by user name."""
        return {"name": person.id}

    def rich(self, data: Json) -> Rich | None:
        """Wiki text as stored; None for none."""
        return Rich("wiki", data) if isinstance(data, str) and data else None

    def rich_to_wire(self, text: Rich) -> Json:
        """The text itself."""
        if text.format != "wiki":
            raise ValueError(f"Jira Data Center takes wiki text, not {text.format}.")
        return text.source

    def content_path(self, attachment_id: str, name: str, /) -> str:
        """The attachment's `content`, but below the address that Crosswalk reaches, not the one browsers do (T8)."""
        return f"/secure/attachment/{part(attachment_id)}/{part(name)}"

    def below_epic(self, epic: Ref, metadata: Metadata, /) -> tuple[str, Json]:
        """The Epic Link field holds the epic's key."""
        found = metadata.field_by_schema(EPIC_LINK)
        return (found.id if found else "", epic.key)
