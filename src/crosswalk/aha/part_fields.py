"""What hangs on records of Aha!, as answers show it: wire JSON to parts. Pure; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from crosswalk.aha.fields import Kind, person, read_value
from crosswalk.aha.wire import Json
from crosswalk.merge.records import Part
from crosswalk.merge.values import Rich
from crosswalk.richtext.copies import split_heading


def comment_of(data: Mapping[str, Json]) -> Part:
    """A comment of an answer."""
    rich = read_value(Kind.RICH, data.get("body"))
    twin, text = split_heading("html", rich.source) if isinstance(rich, Rich) else ("", "")
    user, made_at = data.get("user"), read_value(Kind.MOMENT, data.get("created_at"))
    return Part(
        str(data.get("id") or ""),
        Rich("html", text.strip()) if text.strip() else None,
        twin,
        url=str(data.get("url") or ""),
        author=person(user) if isinstance(user, dict) else None,
        made_at=made_at.astimezone(UTC) if isinstance(made_at, datetime) else None,
        whole=rich if isinstance(rich, Rich) else None,
    )
