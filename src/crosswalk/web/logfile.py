"""Lines of the journal as a file, with the requests behind each: what the page Log and `crosswalk log` give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from crosswalk.store.models import JournalEntry
from crosswalk.sync.csvfile import as_csv
from crosswalk.web.exchanges import Exchange, with_exchanges

FORMS = ("csv", "json")
COLUMNS = (
    *("at", "integration", "aha", "jira", "run", "level", "what", "why"),
    *("side", "field", "old", "new", "remedy", "code", "person", "cause", "requests"),
)


def written(lines: QuerySet[JournalEntry], form: str) -> str:
    """`lines` in one of FORMS, in their order."""
    rows = [_row(line, found) for line, found in with_exchanges(lines)]
    if form == "csv":
        return as_csv(COLUMNS, [[*(str(row[name]) for name in COLUMNS[:-1]), _calls(row)] for row in rows])
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _calls(row: Mapping[str, object]) -> str:
    """The requests of a line in a cell: the file as JSON has them whole."""
    found = row["requests"]
    return "; ".join(f"{one['call']} {one['status']}" for one in found) if isinstance(found, list) else ""


def _row(line: JournalEntry, found: Sequence[Exchange]) -> dict[str, object]:
    own = ("level", "what", "why", "side", "field", "old", "new", "remedy", "code", "person", "cause")
    return {
        "at": line.at.isoformat(timespec="milliseconds"),
        "integration": line.integration.name,
        "aha": line.pair.left_key if line.pair else "",
        "jira": line.pair.right_key if line.pair else "",
        "run": str(line.run or ""),
        **{name: str(getattr(line, name)) for name in own},
        "requests": [one.data() for one in found],
    }
