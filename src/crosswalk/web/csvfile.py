"""Tables as CSV that a spreadsheet opens without running anything. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the begin of a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table, with a line of names first; a cell that would be a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell for cell in row])
    return out.getvalue()
