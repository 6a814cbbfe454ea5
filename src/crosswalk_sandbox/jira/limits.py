"""Jira Cloud's request limits as the sandbox counts them. Data Center has none unless an administrator sets one.

https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ : burst per endpoint and method (GET and POST 100/s,
PUT and DELETE 50/s, GET issue 150/s), and 20 writes in 2 s and 100 in 30 s on one issue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from crosswalk_sandbox.kernel.limits import Bucket, Verdict, Window, Windows

BURST = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}


class Asked(Protocol):
    """What an endpoint tells about itself here."""

    @property
    def method(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Refused:
    verdict: Verdict
    reason: str


class Limits:
    """Judges each request. `None` from `judge` lets it pass."""

    def __init__(self, *, active: bool) -> None:
        self.active = active
        self.buckets = {method: Windows([Bucket("burst", size, size)]) for method, size in BURST.items()}
        self.get_issue = Windows([Bucket("burst", 150, 150)])
        self.per_issue = Windows([Window("2s", 20, 2.0), Window("30s", 100, 30.0)])

    def judge(self, endpoint: Asked, issue: str, now: datetime) -> Refused | None:
        """The refusal for a request now, or None."""
        if not self.active:
            return None
        seconds = now.timestamp()
        windows = self.get_issue if endpoint.name == "getIssue" else self.buckets[endpoint.method]
        verdict = windows.hit(endpoint.name, seconds)
        if not verdict.allowed:
            return Refused(verdict, "jira-burst-based")
        if issue:
            verdict = self.per_issue.hit(issue, seconds)
            if not verdict.allowed:
                return Refused(verdict, "jira-per-issue-on-write")
        return None


def refusal_headers(refused: Refused, now: datetime) -> dict[str, str]:
    """The headers of a 429."""
    reset = datetime.fromtimestamp(max(refused.verdict.reset, now.timestamp()), UTC)
    return {
        "Retry-After": str(max(1, math.ceil(refused.verdict.retry_after))),
        "X-RateLimit-Limit": str(refused.verdict.limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "RateLimit-Reason": refused.reason,
    }
