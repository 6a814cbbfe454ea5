"""Text as both databases take it. Knows columns, not what they mean."""

from __future__ import annotations


def fit(text: str, length: int | None = None) -> str:
    """`text` without what PostgreSQL refuses (NUL, halves of a character), at most `length` characters, … at a cut.

    A server's broken answer must not keep the line that tells about it out of the journal.
    """
    clean = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return clean if length is None or len(clean) <= length else clean[: length - 1] + "…"
