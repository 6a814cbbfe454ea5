"""Builds the requests to Jira Software: the order of issues. Pure: sends nothing.

Shapes follow https://developer.atlassian.com/cloud/jira/software/rest/; the paths are the same on Data Center.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.remote.request import Request

RANKED = 50
"""Issues that one request may rank (operation rankIssues)."""


def rank(issue_ids: Sequence[str], behind: str) -> Request:
    """Put issues behind another, in this order. Answers 204, or 207 with an entry for each where some stay."""
    body = {"issues": list(issue_ids), "rankAfterIssue": behind}
    return Request("PUT", "/rest/agile/1.0/issue/rank", body=body, about="rank issues")
