"""Tables as CSV that a spreadsheet opens without running anything. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from crosswalk.store.text import visible

# What a spreadsheet takes for the begin of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_SIGNS = "=+-@＝＋－＠"
FORMULA = (*_SIGNS, "\t", "\r", "\n")
# Where commas stand in numbers, spreadsheets split lines at semicolons, see no quotes behind a comma, and end a line at
# each line's end: a cell of theirs may begin within one of ours.
_WITHIN, _GUARDED_WITHIN = (re.compile(f"(?<=[;\t\r\n]){guard}(?=[' \"]*[{re.escape(_SIGNS)}])") for guard in ("", "'"))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table, with a line of names first; no cell can be taken for a formula, and none commands a terminal."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(plain(visible(cell)) for cell in row)
    return out.getvalue()


def plain(text: str) -> str:
    """`text` as a cell, with an apostrophe before what a spreadsheet would reckon with."""
    within = _WITHIN.sub("'", text)
    return f"'{within}" if _is_guarded(text) else within


def meant(cell: str) -> str:
    """The text that `plain` made `cell` of."""
    text = cell[1:] if cell.startswith("'") and _is_guarded(cell[1:]) else cell
    return _GUARDED_WITHIN.sub("", text)


def _is_guarded(text: str) -> bool:
    """Whether it is a formula, or one with apostrophes before it already: those get one more, so that none is lost."""
    return text.lstrip("'").lstrip(" ").startswith(FORMULA)
