"""Reads which issues carry the tokens of creates: Jira's search can not be asked for a property that no app declared.

So what this account made is listed, and the property of each is read (docs/decisions/0002).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from crosswalk import errors
from crosswalk.jira import wire
from crosswalk.jira.project import Project
from crosswalk.jira.window import Window
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Ref

REMEMBERED = 50_000  # issues whose tokens are known


class Tokens:
    """The tokens of the issues of one project. Raises RemoteError."""

    def __init__(self, project: Project, window: Window) -> None:
        self._project, self._window = project, window
        self._known: dict[str, str] = {}

    def since(self, moment: datetime) -> Iterator[tuple[str, Ref]]:
        """What this account made since then, the newest first: issues with their tokens, "" for none; some twice."""
        own, ask = " AND creator = currentUser()", self._project.flavour.search_made
        for issue in self._window.since(moment, "created", own, ask):
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
