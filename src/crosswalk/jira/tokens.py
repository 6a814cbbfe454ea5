"""Reads which issues carry the tokens of creates: Jira's search can not be asked for a property that no app declared.

So what this account made is listed, and the property of each is read (docs/decisions/0002).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crosswalk import errors
from crosswalk.jira import wire
from crosswalk.jira.project import Project
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Ref

REMEMBERED = 50_000  # issues whose tokens are known


class Tokens:
    """The tokens of the issues of one project. Raises RemoteError."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, str] = {}

    def since(self, minutes: int) -> Iterator[tuple[str, Ref]]:
        """What this account made in these last minutes of the server's clock: issues with their tokens, "" for none.

        From the newest on, so that none is passed over: what is made between two pages, or grows older than the window,
        moves only what was seen already. From the oldest on, each page would begin behind as many as left meanwhile.
        """
        flavour = self._project.flavour
        jql = (
            f"project = {self._project.id} AND creator = currentUser() "
            f'AND created >= "-{minutes}m" ORDER BY created DESC'
        )
        for issue in self._project.pages(lambda after: flavour.search_made(jql, after)):
            number = str(issue["id"])
            token = self._known.get(number) or self._read(issue)
            if token:  # one that is not there may still come
                self._known[number] = token
            yield token, Ref("issue", number, str(issue.get("key") or ""))
        if len(self._known) >= REMEMBERED:
            self._known.clear()

    def _read(self, issue: Mapping[str, Json]) -> str:
        if self._project.flavour.properties_found:
            value = (issue.get("properties") or {}).get(wire.PROPERTY)
        else:
            try:
                api = self._project.api
                value = self._project.send(wire.issue_property(api, str(issue["id"]))).get("value")
            except errors.NotFound:
                return ""
        return str(value.get("token") or "") if isinstance(value, dict) else ""
