"""Requests and answers as pages and files show them. Reads the store only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db.models import QuerySet

from crosswalk.store.exchanges import meant, of_lines
from crosswalk.store.models import JournalEntry, RequestEntry

AT_ONCE = 200  # lines whose requests are fetched together


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; `status` is 0 where none came."""

    side: str
    at: datetime
    call: str
    status: int
    seconds: float
    error: str
    sent: str
    got: str

    def data(self) -> dict[str, object]:
        """As a file has it."""
        at = self.at.isoformat(timespec="milliseconds")
        own = {"call": self.call, "status": self.status, "seconds": round(self.seconds, 3), "error": self.error}
        return {"side": self.side, "at": at, **own, "sent": self.sent, "got": self.got}


def shown(line: JournalEntry, rows: Sequence[RequestEntry]) -> list[Exchange]:
    """`rows`, which are of the run that wrote `line`."""
    return [
        Exchange(
            "aha" if row.connection_id == line.integration.aha_id else "jira",
            datetime.fromtimestamp(row.at, UTC),
            row.call,
            row.status or 0,
            row.seconds or 0.0,
            row.error,
            _laid_out(row.sent),
            _laid_out(row.got),
        )
        for row in rows
    ]


def with_exchanges(lines: QuerySet[JournalEntry]) -> Iterator[tuple[JournalEntry, list[Exchange]]]:
    """Each line with the requests that it is about."""
    left = iter(lines.iterator(AT_ONCE))
    while some := list(islice(left, AT_ONCE)):
        found = of_lines(some)
        for line in some:
            yield line, shown(line, meant(line, found.get(line.pk, [])))


def _laid_out(text: str) -> str:
    """With the JSON in it, where it is whole, over several lines."""
    head, gap, body = text.partition("\n\n")
    try:
        return head + gap + json.dumps(json.loads(body), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
