"""The order of issues on a board, as strings that sort (LexoRank-like). Pure arithmetic on strings; knows no
request.

Document of the endpoint, rankIssues: https://developer.atlassian.com/cloud/jira/software/rest/api-group-issue/
The form of the strings is that of recorded issues; no page states it.
"""

from __future__ import annotations

from crosswalk_sandbox.jira.site import Site

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
STEP = 8 * 36


def last(site: Site) -> str:
    """A rank after every issue of the site."""
    number = next(site.counters["rank"])
    return _written((number - 9999) * STEP + 36**5 * 18)


def _written(number: int) -> str:
    out = ""
    for _ in range(6):
        number, digit = divmod(number, 36)
        out = DIGITS[digit] + out
    return f"0|{out}:"


def between(low: str, high: str) -> str:
    """A rank strictly between two; "" stands for no limit on that side."""
    a = low.removeprefix("0|").replace(":", "") if low else ""
    b = high.removeprefix("0|").replace(":", "") if high else ""
    out = ""
    position = 0
    while True:
        x = DIGITS.index(a[position]) if position < len(a) else 0
        y = DIGITS.index(b[position]) if b and position < len(b) else 36
        if y - x > 1:
            out += DIGITS[(x + y) // 2]
            out = out.ljust(6, "0")
            return f"0|{out[:6]}:{out[6:]}"
        out += DIGITS[x]
        if x != y:
            b = ""
        position += 1
