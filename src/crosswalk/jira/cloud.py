"""What only Jira Cloud does: REST v3, documents (ADF), account ids, searches by page token. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from crosswalk import richtext
from crosswalk.jira.metadata import Metadata
from crosswalk.jira.wire import PROPERTY, Json, part
from crosswalk.jira.wire_meta import PAGE, RIGHTS
from crosswalk.merge.records import Ref
from crosswalk.merge.values import Person, Rich
from crosswalk.remote.request import Request


class Cloud:
    """See flavour.Flavour. Operations are those of https://developer.atlassian.com/cloud/jira/platform/rest/v3/."""

    name = "cloud"
    rich_format = "adf"
    api = "/rest/api/3"
    batch = 100  # bulkFetchIssues
    properties_found = True
    most_assignable, assignable_page, assignable_full = 1000, 500, 1
    assignable_paged = True
    edit_query: tuple[tuple[str, str], ...] = (("returnIssue", "true"),)

    def read_many(self, ids: Sequence[str], fields: Iterable[str], *, history: bool = False) -> Request:
        """Operation bulkFetchIssues: reads the database, not the search index."""
        more = {"expand": ["changelog"]} if history else {}
        body = {"issueIdsOrKeys": list(ids), "fields": sorted(fields), **more}
        return Request("POST", f"{self.api}/issue/bulkfetch", body=body, about=f"read {len(ids)} issues")

    def search(self, jql: str, fields: Iterable[str], after: str) -> Request:
        """Operation searchAndReconsileIssuesUsingJqlPost; JQL must restrict, and no total is given."""
        return self._search({"jql": jql, "fields": sorted(fields)}, after)

    def search_made(self, jql: str, after: str) -> Request:
        """The same, with an issue property."""
        return self._search({"jql": jql, "fields": ["created"], "properties": [PROPERTY]}, after)

    def _search(self, asked: Mapping[str, Json], after: str) -> Request:
        body = {**asked, "maxResults": 1000, **({"nextPageToken": after} if after else {})}
        return Request("POST", f"{self.api}/search/jql", body=body, about="search issues")

    def next_page(self, data: Json) -> str:
        """The last page has no token; a page may be shorter than asked for."""
        return "" if data.get("isLast") is True else str(data.get("nextPageToken") or "")

    def projects(self, query: str, start: int, /) -> Request:
        """Operation searchProjects."""
        asked = (("startAt", str(start)), ("maxResults", str(PAGE)), ("orderBy", "key"))
        found = (("query", query),) if query else ()
        return Request("GET", f"{self.api}/project/search", query=asked + found, about="find projects")

    def rights(self, project: str) -> Request:
        """Operation getMyPermissions; the rights asked about must be named."""
        place = (("projectId", project),) if project else ()
        query = (*place, ("permissions", ",".join(RIGHTS)))
        return Request("GET", f"{self.api}/mypermissions", query=query, about="what the account may do")

    def people(self, email: str, start: int = 0) -> Request:
        """Operation findUsers. A whole e-mail address finds also a person who hides it."""
        query = (("query", email), ("startAt", str(start)), ("maxResults", str(PAGE)))
        return Request("GET", f"{self.api}/user/search", query=query, about="find a person")

    def account(self, account_id: str) -> Request:
        """Operation getUser."""
        return Request("GET", f"{self.api}/user", query=(("accountId", account_id),), about="find a person")

    def assignable(self, project: str, start: int, _beginning: str = "", /) -> Request:
        """Operation findAssignableUsers: looks at a range of the first thousand people, and shows those of it that may
        be assigned; so a short page is not the last one."""
        most = str(self.assignable_page)
        query = (("project", project), ("query", ""), ("startAt", str(start)), ("maxResults", most))
        return Request("GET", f"{self.api}/user/assignable/search", query=query, about="list who may be assigned")

    def person(self, data: Mapping[str, Json]) -> Person:
        """The e-mail address is empty where the person hides it."""
        return Person(
            id=str(data.get("accountId") or ""),
            email=str(data.get("emailAddress") or ""),
            name=str(data.get("displayName") or ""),
            active=data.get("active") is not False,
        )

    def person_to_wire(self, person: Person) -> Json:
        """A user by account id."""
        return {"accountId": person.id}

    def rich(self, data: Json) -> Rich | None:
        """A document in canonical form; None for one without content."""
        if not isinstance(data, dict) or not data.get("content"):
            return None
        return Rich("adf", richtext.canonical(data))

    def rich_to_wire(self, text: Rich) -> Json:
        """The document itself."""
        if text.format != "adf":
            raise ValueError(f"Jira Cloud takes documents, not {text.format}.")
        return json.loads(text.source)

    def content_path(self, attachment_id: str, _name: str, /) -> str:
        """Operation getAttachmentContent: answers 303 to a media host."""
        return f"{self.api}/attachment/content/{part(attachment_id)}"

    def below_epic(self, epic: Ref, _metadata: Metadata, /) -> tuple[str, Json]:
        """Epics are parents like any other."""
        return "parent", {"id": epic.id}
