"""What each field of an Aha! record holds, for whoever joins it to another field. Pure; no I/O."""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.aha.fields import FIELDS, Kind
from crosswalk.aha.metadata import CustomField
from crosswalk.aha.patches import CREATORS, READ_ONLY
from crosswalk.merge.records import FieldType

SHOWN_ONLY = frozenset({Kind.LINKS, Kind.SCORE, Kind.FORMULA, Kind.FILES, Kind.OTHER})
"""Custom fields that Aha! reckons itself, or that take something else than they show."""
OLDER = {"string": "line", "number": "number", "date": "date", "url": "url", "note": "rich", "array": "words"}
"""What project data from before the finer words meant."""


def described(kind: str, custom: Iterable[CustomField]) -> dict[str, FieldType]:
    """Every field of a `kind` of record, by the name snapshots know it by."""
    found = {
        name: FieldType(held, name.replace("_", " ").capitalize(), read_only=_shown_only(kind, name))
        for name, held in FIELDS[kind].items()
    }
    if "release" in found:
        found["releases"] = FieldType(Kind.CHOICES, "Release")
    for one in custom:
        if one.kind == kind:
            holds = one.holds or OLDER.get(one.type, "other")
            closed = holds in (Kind.OPTION, Kind.OPTIONS) and bool(one.options)
            found[f"custom:{one.key}"] = FieldType(holds, one.name, holds in SHOWN_ONLY, one.options, closed)
    return found


def _shown_only(kind: str, name: str) -> bool:
    return name in READ_ONLY or (name == "created_by_user" and kind not in CREATORS)
