"""Lists the issues of a project since a moment, as JQL counts: in minutes back from the server's now.

That needs neither the server's clock nor its time zone, but the window moves on while it is listed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TypeAlias

from crosswalk.jira.project import Project
from crosswalk.jira.wire import Json
from crosswalk.remote.request import Request

OVERLAP = 2  # minutes: JQL compares whole minutes, and the search index is some seconds late
Ask: TypeAlias = Callable[[str, str], Request]
"""The request for one page: of which JQL, and after what."""


class Window:
    """`now` is this machine's clock; only differences of it are used. Raises RemoteError."""

    def __init__(self, project: Project, now: Callable[[], datetime]) -> None:
        self._project, self._now = project, now

    def since(self, moment: datetime, stamp: str, also: str, ask: Ask) -> Iterator[dict[str, Json]]:
        """Every issue whose `stamp` is not older than `moment` and for which the JQL `also` holds; some come twice.

        From the newest on: what is made or changed between two pages moves only what was seen already. The oldest
        leave the window unseen where its pages took longer than it reaches back beyond `moment` (a wait for the
        limits, thousands of issues); it is listed once more then, so much wider.
        """
        overlap = OVERLAP
        while True:
            age = self._age(moment)
            jql = f'project = {self._project.id}{also} AND {stamp} >= "-{age + overlap}m" ORDER BY {stamp} DESC'
            yield from self._project.pages(partial(ask, jql))
            took = self._age(moment) - age
            if took < overlap:
                return
            overlap += 2 * took

    def _age(self, moment: datetime) -> int:
        """Minutes since then, rounded up."""
        return max(0, math.ceil((self._now() - moment).total_seconds() / 60))
