"""A bulk operation on issues, as its task tells of it. Knows no HTTP and no flavour.

Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class BulkTask:
    """The issues it was done to, and for each of the others why not. The work is done when the request is answered; a
    client is told so only when it asks a second time, as the real server takes its time."""

    id: str
    by: str
    at: datetime
    done: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    asked: int = field(default=0, repr=False)  # how the time is told that it takes, and nothing of the site

    def told(self) -> tuple[bool, list[str]]:
        """Whether it is over, and the issues that are done, for one who asks."""
        self.asked += 1
        over = self.asked > 1
        return over, self.done if over else self.done[: len(self.done) // 2]
