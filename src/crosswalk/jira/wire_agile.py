"""Builds the requests to Jira Software: the order of issues, and boards. Pure: sends nothing.

Shapes follow https://developer.atlassian.com/cloud/jira/software/rest/; the paths are the same on Data Center.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.remote.request import Request

RANKED = 50
"""Issues that one request may rank (operation rankIssues)."""


def rank(issue_ids: Sequence[str], *, behind: str = "", before: str = "") -> Request:
    """Put issues behind or before another, in this order. Answers 204, or 207 with an entry each where some stay."""
    place = {"rankAfterIssue": behind} if behind else {"rankBeforeIssue": before}
    return Request("PUT", "/rest/agile/1.0/issue/rank", body={"issues": list(issue_ids), **place}, about="rank issues")


def boards(project: str, start: int) -> Request:
    """A page of the boards whose filter names a project, by its key (operation getAllBoards)."""
    query = (("projectKeyOrId", project), ("startAt", str(start)), ("maxResults", "50"))
    return Request("GET", "/rest/agile/1.0/board", query=query, about="list the boards")
