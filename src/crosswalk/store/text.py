"""Text as both databases, and a terminal, take it. Knows columns, not what they mean."""

from __future__ import annotations

import re

_COMMANDS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)")


def fit(text: str, length: int | None = None) -> str:
    """`text` without what PostgreSQL refuses (NUL, halves of a character), at most `length` characters, … at a cut.

    A server's broken answer must not keep the line that tells about it out of the journal.
    """
    clean = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return clean if length is None or len(clean) <= length else clean[: length - 1] + "…"


def visible(text: str) -> str:
    """`text` with what would command a terminal written out; its lines stay lines."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
