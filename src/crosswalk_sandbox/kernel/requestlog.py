"""What a sandbox remembers of the requests it saw. Knows no vendor and spoils nothing."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime

from starlette.types import Scope


@dataclass(slots=True)
class Seen:
    """One API request that reached the sandbox. `status` 0: no answer was sent. `fault` is the kind that struck it.

    `limit` is the rule under which it was refused, if a request limit was exceeded.
    """

    number: int
    at: datetime
    method: str
    path: str
    query: str
    status: int = 0
    milliseconds: float = 0.0
    operation: str = ""
    user: str = ""
    fault: str = ""
    applied: bool = True
    limit: str = ""


@dataclass(slots=True)
class RequestLog:
    """The last requests, and counts of all of them since the start or the last `forget`."""

    kept: int = 20_000
    total: int = 0
    seen: deque[Seen] = field(default_factory=deque)
    by_operation: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    by_limit: Counter[str] = field(default_factory=Counter)

    def open(self, at: datetime, scope: Scope) -> Seen:
        """Write down a request that has just come in."""
        self.total += 1
        query = scope["query_string"].decode("latin-1")
        seen = Seen(self.total, at, scope["method"], scope["path"], query)
        self.seen.append(seen)
        if len(self.seen) > self.kept:
            self.seen.popleft()
        return seen

    def close(self, seen: Seen) -> None:
        """Count a request that is done with; what a fault kept from the application has no operation."""
        unknown = "(struck by a fault)" if seen.fault else "(no route)"
        self.by_operation[f"{seen.method} {seen.operation or unknown}"] += 1
        self.by_status[seen.status] += 1
        if seen.limit:
            self.by_limit[seen.limit] += 1

    def peak(self, seconds: float) -> int:
        """The most requests, among those that are kept, that came within so many seconds."""
        most, first = 0, 0
        moments = [seen.at.timestamp() for seen in self.seen]
        for last, moment in enumerate(moments):
            while moments[first] <= moment - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def forget(self) -> None:
        """Start counting anew; numbers go on."""
        self.seen.clear()
        self.by_operation.clear()
        self.by_status.clear()
        self.by_limit.clear()
