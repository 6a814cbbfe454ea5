"""Tables as CSV that a spreadsheet opens without running anything. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from crosswalk.store.text import visible

# What a spreadsheet takes for the begin of a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table, with a line of names first; no cell can be taken for a formula, and none commands a terminal."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(plain(visible(cell)) for cell in row)
    return out.getvalue()


def plain(text: str) -> str:
    """`text` as a cell, with an apostrophe before it where a spreadsheet would reckon with it."""
    return f"'{text}" if _is_guarded(text) else text


def meant(cell: str) -> str:
    """The text that `plain` made `cell` of."""
    return cell[1:] if cell.startswith("'") and _is_guarded(cell[1:]) else cell


def _is_guarded(text: str) -> bool:
    """Whether it is a formula, or one with apostrophes before it already: those get one more, so that none is lost."""
    return text.lstrip("'").lstrip(" ").startswith(FORMULA)
