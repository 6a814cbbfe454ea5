"""What each field of an issue or a version holds, for whoever joins it to another field. Pure; no I/O."""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk.jira.field_forms import TIME, TIMES
from crosswalk.jira.fields import Kind, kind_of, kinds_of
from crosswalk.jira.metadata import FieldInfo, Metadata, TypeInfo
from crosswalk.merge.records import FieldType
from crosswalk.merge.values import Choice

READ_ONLY = frozenset(
    {
        *("created", "updated", "creator", "resolutiondate", "timespent", "issuetype", "project"),
        "resolution",  # only the screen of a transition takes it
    }
)
CHOSEN = (Kind.CHOICE, Kind.CHOICES, Kind.CASCADE)
SHOWN_ONLY = (Kind.SPRINTS, Kind.OTHER)
NAMES = {
    "timeoriginalestimate": "Original estimate",
    "timeestimate": "Remaining estimate",
    "timespent": "Time spent",
    "created": "Created",
    "updated": "Updated",
    "status": "Status",
    "attachment": "Attachment",
}
VERSION: Mapping[str, FieldType] = {
    "name": FieldType("line", "Name"),
    "description": FieldType("line", "Description"),
    "startDate": FieldType("date", "Start date"),
    "releaseDate": FieldType("date", "Release date"),
    "released": FieldType("flag", "Released"),
    "archived": FieldType("flag", "Archived"),
}


def described(metadata: Metadata, kind: TypeInfo) -> dict[str, FieldType]:
    """Every field of issues of a type, by id; those that are not on its create screen too, since they can be read."""
    known = {**metadata.fields, **kind.fields}
    return {name: _field(name, held, known.get(name)) for name, held in kinds_of(known).items()}


def writable(kind: TypeInfo) -> frozenset[str]:
    """The fields that issues of a type take, as far as the create screen says."""
    times = frozenset(TIMES) if TIME in kind.fields else frozenset()
    return frozenset(kind.fields) | times


def uneditable(metadata: Metadata, kind: TypeInfo) -> frozenset[str]:
    """Those of them that can not be changed once an issue is made, as far as its edit screen tells."""
    lacks = frozenset(metadata.uneditable.get(kind.id, ()))
    return lacks | (frozenset(TIMES) if TIME in lacks else frozenset())


def own_options(metadata: Metadata) -> dict[str, dict[str, tuple[Choice, ...]]]:
    """The fields whose options are not the same for every issue type that has them: what each type, by its id, has.

    Contexts and what apps add make them differ: createmeta gives `allowedValues` for each type by itself.
    """
    found: dict[str, dict[str, tuple[Choice, ...]]] = {}
    for kind in metadata.types.values():
        for name, info in kind.fields.items():
            if kind_of(info) in CHOSEN and name not in READ_ONLY:
                found.setdefault(name, {})[kind.id] = info.options
    return {name: held for name, held in found.items() if len(set(map(frozenset, held.values()))) > 1}


def _field(name: str, held: Kind, info: FieldInfo | None) -> FieldType:
    options = info.options if info else ()
    label = NAMES.get(name) or (info.name if info else name)
    shown_only = held in SHOWN_ONLY or name in READ_ONLY or (info is not None and _reckoned(info))
    return FieldType(held, label, shown_only, options, closed=held in CHOSEN)


def _reckoned(info: FieldInfo) -> bool:
    """Whether Jira only shows the field: its own type says so, or it is a system field outside all screens."""
    return info.custom.endswith(":readonlyfield") or (not info.custom and kind_of(info) is Kind.OTHER)
