"""The list of misbehaviours switched on, and which of them strikes a request or a hook. Sends nothing itself."""

from __future__ import annotations

import hashlib
import math
import re
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, get_args

from crosswalk_sandbox.kernel.hooks import Fate

Kind = Literal[
    "status",  # answer `status` with `body` and `headers` instead
    "reset_before",  # drop the connection, the request is not applied
    "reset_after",  # apply the request, then drop the connection without an answer
    "slow",  # apply it, answer `seconds` of real time later
    "truncated",  # answer with the right length and half the body
    "html_200",  # 200 with a page instead of data, as a proxy or a captive portal does
    "login_redirect",  # 302 to a login page
    "drip",  # apply it, let the body come byte by byte over `seconds` of real time
    "400",  # these answer as the vendor's own server does (the table `Answers`), unless `body` or `headers` say else
    "401",
    "403",
    "captcha",  # 403: the password was wrong so often that a person has to solve a riddle
    "404",
    "409",
    "413",
    "429",  # too many requests, with Retry-After where `retry_after` is given
    "429_global",  # Jira Cloud's points for all sites of an app; this and the next three say so, and till when
    "429_tenant",
    "429_burst",
    "429_issue",
    "429_gateway",  # from the layer before the product: X-RateLimit-Reset, and no Retry-After
    "500",
    "502",
    "503",  # with Retry-After, 5 seconds unless `retry_after` is given
    "504",  # apply the request, then answer that the time was up
    "world",  # first make `change`, a change of the world (world.py): what was listed is gone when it is read
    "hook_first",  # apply it, deliver the hooks it causes, and only then answer
    "lag",  # read by the application: searches do not see changes younger than `seconds`
    "stale",  # read by the application: reads answer the state of `seconds` ago
    "hook_lost",
    "hook_double",
    "hook_late",  # `seconds` later by the sandbox's clock; lets later hooks overtake it
    "hook_reordered",  # held back until the next hook to the same address is posted, and sent behind it
    "hook_bare",  # without what it tells of the change: Jira's `changelog`, Aha!'s `changes`
]
KINDS: tuple[str, ...] = get_args(Kind)
HOOK_KINDS = ("hook_lost", "hook_double", "hook_late", "hook_reordered", "hook_bare")
PASSIVE_KINDS = ("lag", "stale")


HURRIED: ContextVar[bool] = ContextVar("hurried", default=False)
"""Whether the hooks that are posted now go out at once, because "hook_first" struck the request that causes them."""


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer that stands in for the real one. `applied`: the request is carried out all the same.

    `wait` tells, for a moment, after how many seconds the client may come back; the answer says so in X-RateLimit-Reset
    and, unless it is `tacit`, in Retry-After.
    """

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    applied: bool = False
    wait: Callable[[datetime], float] | None = None
    tacit: bool = False

    def waiting(self, now: datetime, seconds: float | None) -> dict[str, str]:
        """The headers that say how long to wait; `seconds` is what a rule asks for."""
        told = {} if seconds is None else {"Retry-After": f"{seconds:g}"}
        if self.wait is None:
            return told
        seconds = self.wait(now) if seconds is None else seconds
        reset = datetime.fromtimestamp(math.ceil(now.timestamp() + seconds), UTC)
        if not told and not self.tacit:
            told = {"Retry-After": str(math.ceil(seconds))}
        return {**told, "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%SZ}"}


def after(seconds: float) -> Callable[[datetime], float]:
    """Always so many seconds."""
    return lambda _now: seconds


def next_hour(now: datetime) -> float:
    """The seconds until the next full hour of UTC, when points are new."""
    return 3600 - now.timestamp() % 3600


Answers = Mapping[str, Canned]
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
TIME_UP = "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>"
ANSWERS: Answers = {
    "400": Canned(400, '{"error": "The request was refused, as it was told to be."}'),
    "401": Canned(401, '{"error": "The credential has expired."}'),
    "403": Canned(403, '{"error": "You may not do this."}'),
    "captcha": Canned(
        403, "<html><body><h1>Basic Authentication Failure - Reason : AUTHENTICATION_DENIED</h1></body></html>"
    ),
    "404": Canned(404, '{"error": "Not found."}'),
    "409": Canned(409, '{"error": "Somebody else is changing this."}'),
    "413": Canned(413, "<html><head><title>413 Request Entity Too Large</title></head><body></body></html>"),
    "429": Canned(429),
    "429_global": Canned(429, headers={"RateLimit-Reason": "jira-quota-global-based"}, wait=next_hour),
    "429_tenant": Canned(429, headers={"RateLimit-Reason": "jira-quota-tenant-based"}, wait=next_hour),
    "429_burst": Canned(429, headers={"RateLimit-Reason": "jira-burst-based"}, wait=after(1)),
    "429_issue": Canned(429, headers={"RateLimit-Reason": "jira-per-issue-on-write"}, wait=after(2)),
    "429_gateway": Canned(
        429, headers={"X-Failure-Category": "FAILURE_CLIENT_RATE_LIMITED"}, wait=after(1), tacit=True
    ),
    "500": Canned(500, '{"error": "Something went wrong."}'),
    "502": Canned(502, BAD_GATEWAY),
    "503": Canned(503, headers={"Retry-After": "5"}),
    "504": Canned(504, TIME_UP, applied=True),
}
"""What the kinds that are named after an answer send; a vendor's own bodies go over them.

The headers of limits: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ (points are new every full
hour of UTC, a burst is over in a second, writes on one issue count for two).
"""


BODILESS = (204, 205, 304)  # RFC 9110, 15
LONGEST = 1e9  # seconds; no calendar ends so soon
# RFC 9110, 5.1 and 5.5
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_TEXT = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(slots=True)
class Fault:
    """One rule. Strikes requests whose method and path match, from the `nth` match on (1 is the first), `times` times.

    `method` "*" is any; `path_regex` is searched in the path (for a hook: in its address and in its event name).
    `times` 0 is without end. `probability` thins the matches, drawn from `seed`. `applied` says, for the kinds that
    replace an answer, whether the request is carried out first (504: it always is). `retry_after` is in seconds.
    `change` belongs to the kind "world". Raises ValueError for a rule without sense.
    """

    kind: Kind
    method: str = "*"
    path_regex: str = ".*"
    nth: int | None = None
    times: int = 1
    probability: float = 1.0
    seed: int = 0
    status: int = 500
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    retry_after: float | None = None
    applied: bool = False
    change: Mapping[str, object] = field(default_factory=dict)
    number: int = 0
    matched: int = 0
    struck: int = 0
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}; known: {', '.join(KINDS)}")
        if not 0 <= self.probability <= 1:
            raise ValueError("probability lies between 0 and 1")
        for name, text in self.headers.items():
            # A line break would let a rule write a second header, and the server refuses one with no answer at all.
            if not HEADER_NAME.fullmatch(name) or not HEADER_TEXT.fullmatch(text):
                raise ValueError(f"headers: {name!r} can not be a header")
        if not 200 <= self.status <= 599:
            raise ValueError("status lies between 200 and 599")
        if self.kind == "status" and self.body and self.status in BODILESS:
            raise ValueError(f"an answer {self.status} has no body")
        if not all(0 <= held <= LONGEST for held in (self.seconds, self.retry_after or 0.0)):
            raise ValueError(f"seconds and retry_after lie between 0 and {LONGEST:g}")
        if self.times < 0 or (self.nth is not None and self.nth < 1):
            raise ValueError("times is not negative, nth counts from 1")
        self.method = self.method.upper()
        try:
            self._pattern = re.compile(self.path_regex)
        except re.error as error:
            raise ValueError(f"path_regex: {error}") from error

    def fits(self, method: str, path: str) -> bool:
        """Whether the rule speaks about such a request at all."""
        return self.method in ("*", method) and self._pattern.search(path) is not None

    def strikes(self) -> bool:
        """Count one fitting request and say whether the fault strikes it."""
        self.matched += 1
        if self.times and self.struck >= self.times:
            return False
        if self.matched < (self.nth or 1) or _draw(self.seed, self.matched) >= self.probability:
            return False
        self.struck += 1
        return True


def _draw(seed: int, turn: int) -> float:
    """A number in [0, 1) that depends on nothing but the seed and the turn, so that a run can be repeated."""
    digest = hashlib.blake2b(f"{seed}:{turn}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


class Faults:
    """The rules that are switched on. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []
        self._next = 1

    def add(self, fault: Fault) -> Fault:
        """Switch a rule on; answers it with its number."""
        with self._lock:
            fault.number, self._next = self._next, self._next + 1
            self._rules.append(fault)
        return fault

    def clear(self, number: int | None = None) -> int:
        """Switch off the rule of that number, or all; answers how many went."""
        with self._lock:
            before = len(self._rules)
            self._rules = [rule for rule in self._rules if number is not None and rule.number != number]
            return before - len(self._rules)

    def all(self) -> list[Fault]:
        """Every rule switched on, spent ones too."""
        with self._lock:
            return list(self._rules)

    def holds(self, fault: Fault) -> bool:
        """Whether a rule is still switched on, be it spent."""
        with self._lock:
            return any(rule is fault for rule in self._rules)

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request, if any; the first rule that strikes wins."""
        if not self._rules:
            return None
        with self._lock:
            for rule in self._rules:
                if rule.kind in HOOK_KINDS or rule.kind in PASSIVE_KINDS:
                    continue
                if rule.fits(method, path) and rule.strikes():
                    return rule
        return None

    def seconds(self, kind: Literal["lag", "stale"], method: str = "*", path: str = "") -> float:
        """How many seconds of index lag or staleness hold for this request; 0 for none."""
        if not self._rules:
            return 0.0
        with self._lock:
            for rule in self._rules:
                if rule.kind == kind and rule.fits(method, path) and rule.strikes():
                    return rule.seconds
        return 0.0

    def fate(self, url: str, label: str) -> Fate:
        """What becomes of a hook delivery to `url` about `label`."""
        if not self._rules:
            return Fate()
        hurried = HURRIED.get()
        lost, copies, late, overtaken, bare = False, 1, 0.0, False, False
        with self._lock:
            for rule in self._rules:
                if rule.kind not in HOOK_KINDS or not rule.fits("POST", f"{url} {label}") or not rule.strikes():
                    continue
                lost = lost or rule.kind == "hook_lost"
                copies += rule.kind == "hook_double"
                late += rule.seconds if rule.kind == "hook_late" else 0.0
                overtaken = overtaken or rule.kind == "hook_reordered"
                bare = bare or rule.kind == "hook_bare"
        return Fate(lost, copies, late, overtaken, hurried, bare)
