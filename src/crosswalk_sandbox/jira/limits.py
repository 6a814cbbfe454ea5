"""Jira's request limits as the sandbox counts them: Cloud's bursts, points and writes on one issue; Data Center's own.

https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ : burst per endpoint and method (GET and POST 100/s,
PUT and DELETE 50/s, GET issue 150/s, its changelog 200/s), 20 writes in 2 s and 100 in 30 s on one issue, and points
an hour for apps, a wall until the next full hour of UTC. Requests with an API token cost no points, unless the settings
say so. Data Center has one token bucket a person, off until an administrator switches it on:
https://confluence.atlassian.com/adminjiraserver/improving-instance-stability-with-rate-limiting-983794911.html
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol

from crosswalk_sandbox.kernel.limits import Bucket, Verdict, Window, Windows

BURST = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
LARGER = {"getIssue": 150, "getChangeLogs": 200}
HOUR = 3600
NEAR = 0.2


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


@dataclass(slots=True)
class Settings:
    """What can be set at `/_sandbox/limits`.

    `points_for_tokens`: API tokens cost points as apps do. `points_scope` is "global" (all sites of an app together) or
    "tenant"; the word stands in the refusal. `dc_*` is the bucket an administrator of Data Center can switch on.
    """

    active: bool
    points_per_hour: int = 65_000
    points_for_tokens: bool = False
    points_scope: str = "global"
    dc_on: bool = False
    dc_requests: int = 10
    dc_seconds: int = 1
    dc_most: int = 50

    def change(self, given: Mapping[str, object]) -> None:
        """Set what is given. Raises ValueError; then nothing has changed."""
        known = asdict(self)
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"no setting {name!r}; there are {', '.join(known)}")
            if type(value) is not type(known[name]) or (isinstance(value, int) and value < 0):
                raise ValueError(f"{name}: {value!r} can not be taken")
            if name == "points_scope" and value not in ("global", "tenant"):
                raise ValueError("points_scope is global or tenant")
            if name.startswith("dc_") and value == 0 and not isinstance(value, bool):
                raise ValueError(f"{name} is at least 1")
        for name, value in given.items():
            setattr(self, name, value)


class Limits:
    """Judges each request. `None` from `judge` lets it pass. `active` is for Cloud's limits."""

    def __init__(self, *, active: bool) -> None:
        self.settings = Settings(active)
        self.buckets = {method: Windows([Bucket("burst", size, size)]) for method, size in BURST.items()}
        self.larger = {name: Windows([Bucket("burst", size, size)]) for name, size in LARGER.items()}
        self.per_issue = Windows([Window("2s", 20, 2.0), Window("30s", 100, 30.0)])
        self.points: Counter[int] = Counter()
        self._bucket: tuple[Bucket, Windows] | None = None
        self._last: Verdict | None = None

    def judge(self, endpoint: Asked, issue: str, now: datetime, *, app: bool = False) -> Refused | None:
        """The refusal for a request now, or None. `issue` is the one written to, `app` whether it costs points."""
        self._last = None
        if not self.settings.active:
            return None
        seconds = now.timestamp()
        if self._costs(app) and self._left(seconds) < 1:
            reset = float(_hour(seconds) + HOUR)
            verdict = Verdict(False, reset - seconds, self.settings.points_per_hour, 0, reset, "points")
            return Refused(verdict, f"jira-quota-{self.settings.points_scope}-based")
        windows = self.larger.get(endpoint.name) or self.buckets.get(endpoint.method) or self.buckets["GET"]
        verdict = self._last = windows.hit(endpoint.name, seconds)
        if not verdict.allowed:
            return Refused(verdict, "jira-burst-based")
        if issue:
            verdict = self.per_issue.hit(issue, seconds)
            if not verdict.allowed:
                return Refused(verdict, "jira-per-issue-on-write")
        return None

    def judge_person(self, person: str, now: datetime) -> Refused | None:
        """Data Center: the refusal for a request of this person now, or None."""
        self._last = None
        bucket = self.bucket
        if bucket is None:
            return None
        self._last = verdict = bucket.hit(person, now.timestamp())
        return None if verdict.allowed else Refused(verdict, "dc-token-bucket")

    @property
    def bucket(self) -> Windows | None:
        """Data Center's bucket, as it is set now; None while it is off."""
        settings = self.settings
        if not settings.dc_on:
            return None
        rule = Bucket("dc", settings.dc_most, settings.dc_requests / settings.dc_seconds)
        if self._bucket is None or self._bucket[0] != rule:
            self._bucket = (rule, Windows([rule]))
        return self._bucket[1]

    def charge(self, method: str, body: object, now: datetime, *, app: bool) -> None:
        """Count the points of a request that was answered."""
        if self.settings.active and self._costs(app):
            self.points[_hour(now.timestamp())] += points_of(method, body)

    def used(self, now: datetime) -> int:
        """The points that the present hour has cost."""
        return self.points[_hour(now.timestamp())]

    def headers(self, now: datetime, *, app: bool) -> dict[str, str]:
        """The headers about limits on an answer that was let through; to be asked right after `judge`."""
        seconds, last = now.timestamp(), self._last
        if last is None:
            return {}
        if self.settings.dc_on:
            return _dc_headers(last, self.settings, 0)
        limit, left = last.limit, last.remaining
        out = {}
        if self._costs(app):
            out = self._points_headers(seconds)
            limit, left = self.settings.points_per_hour, self._left(seconds)
        shown = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left)}
        return shown | out | ({"X-RateLimit-NearLimit": "true"} if left < NEAR * limit else {})

    def _points_headers(self, seconds: float) -> dict[str, str]:
        """https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ : r is what is left, t when it is new."""
        name = f'"{self.settings.points_scope}-app-quota"'
        wait = math.ceil(_hour(seconds) + HOUR - seconds)
        return {
            "Beta-RateLimit-Policy": f"{name};q={self.settings.points_per_hour};w={HOUR}",
            "Beta-RateLimit": f"{name};r={self._left(seconds)};t={wait}",
        }

    def _costs(self, app: bool) -> bool:
        return app or self.settings.points_for_tokens

    def _left(self, seconds: float) -> int:
        return max(0, self.settings.points_per_hour - self.points[_hour(seconds)])


def _hour(seconds: float) -> int:
    return int(seconds // HOUR) * HOUR


def points_of(method: str, body: object) -> int:
    """1 for a write; for a read 1 and 1 for each object in the answer, 2 for a person."""
    if method != "GET":
        return 1
    objects = body if isinstance(body, list) else [body]
    if isinstance(body, dict):
        objects = next(
            (body[name] for name in ("issues", "values", "comments") if isinstance(body.get(name), list)), [body]
        )
    return 1 + sum(
        2 if isinstance(one, dict) and ("accountType" in one or "emailAddress" in one) else 1 for one in objects
    )


def _dc_headers(verdict: Verdict, settings: Settings, retry_after: int) -> dict[str, str]:
    """Data Center's, on every answer once its limit is on."""
    return {
        "X-RateLimit-Limit": str(settings.dc_most),
        "X-RateLimit-Remaining": str(verdict.remaining),
        "X-RateLimit-FillRate": str(settings.dc_requests),
        "X-RateLimit-Interval-Seconds": str(settings.dc_seconds),
        "Retry-After": str(retry_after),
    }


def refusal_headers(refused: Refused, now: datetime, settings: Settings) -> dict[str, str]:
    """The headers of a 429."""
    wait = max(1, math.ceil(refused.verdict.retry_after))
    if refused.reason == "dc-token-bucket":
        return _dc_headers(refused.verdict, settings, wait)
    # Up, as Retry-After is: a reset that was cut down to the second would lie before the wait is over.
    reset = datetime.fromtimestamp(math.ceil(max(refused.verdict.reset, now.timestamp())), UTC)
    return {
        "Retry-After": str(wait),
        "X-RateLimit-Limit": str(refused.verdict.limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "RateLimit-Reason": refused.reason,
    }
