"""A plan as a table for a spreadsheet: a line for each difference, and for what needs somebody. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

HEAD = ("side", "does", "record", "what", "below", "field", "before", "after", "why")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""


def as_csv(plan: Mapping[str, Any]) -> str:
    """The plan (as errands.as_data gives it) with a heading line; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in _rows(plan):
        writer.writerow([plain(cell) for cell in row])
    return out.getvalue()


def plain(text: str) -> str:
    """`text` as a spreadsheet shows it and does not reckon with it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _rows(plan: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for patch in plan["patches"]:
        head = tuple(str(patch[name]) for name in ("side", "kind", "record", "what", "below"))
        for change in patch["changes"] or [{"name": "", "old": "", "new": ""}]:
            yield (*head, change["name"], change["old"], change["new"], patch["cause"])
    for one in plan["doubts"]:
        yield (
            "",
            "needs somebody",
            one["record"],
            "",
            "",
            one["field"],
            "",
            "",
            f"{one['why']} {one['remedy']}".strip(),
        )
