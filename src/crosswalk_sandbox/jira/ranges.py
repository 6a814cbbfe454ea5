"""A part of a file, as a `Range` header asks for it. Pure.

getAttachmentContent (206, 400, 416):
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
Several ranges at once are passed over, as RFC 9110 allows.
"""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Malformed(ValueError):
    """The header can not be read."""


class Beyond(ValueError):
    """Nothing of the file is in the range."""


def part(given: str, size: int) -> tuple[int, int] | None:
    """The first byte and the one behind the last; None for the whole file. Raises Malformed or Beyond."""
    if not given or "," in given:
        return None
    found = _ONE.fullmatch(given.strip())
    if found is None or not (found[1] or found[2]):
        raise Malformed(given)
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1 if found[2] else size)
        if found[2] and int(found[2]) < start:
            raise Malformed(given)
    if start >= end:
        raise Beyond(given)
    return start, end
