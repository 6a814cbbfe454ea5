"""What is known of a Jira project: types, fields, statuses, versions. Values that can be stored; reads no server.

"Load project data" fills it (see setup.py); forms, the mapping and both directions of fields.py use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crosswalk.jira.wire import Json
from crosswalk.merge.values import Choice, Person

REFERENCE = "Aha! Reference"
"""The custom field that shows the Aha! record on an issue, by the name Aha!'s own integration gives it."""

TEAM_MANAGED, COMPANY_MANAGED = "team-managed", "company-managed"
EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
PARENT_LINK = "com.atlassian.jpo:jpo-custom-field-parent"
"""What an epic stands below on Data Center, where Advanced Roadmaps is there: the key of an issue."""
RANK = "com.pyxis.greenhopper.jira:gh-lexo-rank"
EPIC_NAME = "com.pyxis.greenhopper.jira:gh-epic-label"


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field: `type`, `items`, `custom` are its schema. Of a field on a create screen also what it takes."""

    id: str
    name: str
    type: str = ""
    items: str = ""
    custom: str = ""
    required: bool = False
    default: bool = False
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """An issue type of the project, with the statuses of its workflow and the fields of its create screen.

    `level` is -1 for a sub-task, 0 for an ordinary issue, 1 for an epic.
    """

    id: str
    name: str
    subtask: bool = False
    level: int = 0
    statuses: tuple[Choice, ...] = ()
    fields: Mapping[str, FieldInfo] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkType:
    """A type of links between issues, with its words at either end ("blocks", "is blocked by")."""

    id: str
    name: str
    inward: str = ""
    outward: str = ""

    @property
    def mutual(self) -> bool:
        """Whether both ends say the same, so that neither is the first."""
        return self.inward.casefold() == self.outward.casefold()


@dataclass(frozen=True, slots=True)
class Metadata:
    """A project and its server. `site` is the address people open; `fields` holds every field of the server by id.

    `boards` (with their kind as category) and `people` (who may be assigned; `more_people`: not all of them) are None
    where Jira does not tell. `zone` is the time zone of the account that asked ("Europe/Oslo"), "" where it says none.
    `style` is TEAM_MANAGED or COMPANY_MANAGED, "" where there is no such difference (Data Center) or it is not told.
    `uneditable` are, by the id of a type, the fields of its create screen that its edit screen lacks, where that is
    known. It is kept here because a former version takes no more of a type than it knows.
    """

    site: str
    project: str
    key: str
    name: str = ""
    types: Mapping[str, TypeInfo] = field(default_factory=dict)
    fields: Mapping[str, FieldInfo] = field(default_factory=dict)
    versions: tuple[Choice, ...] = ()
    priorities: tuple[Choice, ...] = ()
    link_types: tuple[LinkType, ...] = ()
    boards: tuple[Choice, ...] | None = None
    people: tuple[Person, ...] | None = None
    more_people: bool = False
    zone: str = ""
    style: str = ""
    uneditable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def field_by_name(self, name: str) -> FieldInfo | None:
        """The custom field people know by `name`."""
        return next((found for found in self.fields.values() if found.name == name and found.custom), None)

    def shows_reference(self) -> bool:
        """Whether the field “Aha! Reference” is on the screens of every issue type."""
        known = self.field_by_name(REFERENCE)
        return known is not None and bool(self.types) and all(known.id in kind.fields for kind in self.types.values())

    def field_by_schema(self, custom: str) -> FieldInfo | None:
        """The field of a custom type, such as the epic link."""
        return next((found for found in self.fields.values() if found.custom == custom), None)

    def dump(self) -> dict[str, Any]:
        """As JSON-able data that `load` turns back."""
        return asdict(self)


def load(data: Mapping[str, Any]) -> Metadata:
    """The metadata that `Metadata.dump` wrote down. Raises KeyError or TypeError for anything else."""
    types = {
        key: TypeInfo(**{**entry, "statuses": _choices(entry["statuses"]), "fields": _load_fields(entry["fields"])})
        for key, entry in data["types"].items()
    }
    return Metadata(
        data["site"],
        data["project"],
        data["key"],
        data["name"],
        types,
        _load_fields(data["fields"]),
        _choices(data["versions"]),
        _choices(data["priorities"]),
        tuple(link_type(entry) for entry in data["link_types"]),
        None if data.get("boards") is None else _choices(data["boards"]),
        None if data.get("people") is None else tuple(Person(**entry) for entry in data["people"]),
        data.get("more_people") is True,
        str(data.get("zone") or ""),
        str(data.get("style") or ""),
        {kind: tuple(names) for kind, names in (data.get("uneditable") or {}).items()},
    )


def style_of(project: Mapping[str, object]) -> str:
    """Who manages a project, as `/project/{id}` says it: `style` is "next-gen" where the team does.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/
    """
    return {"next-gen": TEAM_MANAGED, "classic": COMPANY_MANAGED}.get(str(project.get("style")), "")


def _load_fields(data: Mapping[str, Any]) -> dict[str, FieldInfo]:
    return {key: FieldInfo(**{**entry, "options": _choices(entry["options"])}) for key, entry in data.items()}


def _choices(data: Iterable[Mapping[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(**entry) for entry in data)


def field_info(data: Mapping[str, Json], field_id: str = "") -> FieldInfo:
    """A field as `/field` or createmeta give it. Cloud's createmeta says `fieldId`, the old one names it outside."""
    schema = data.get("schema") or {}
    return FieldInfo(
        id=field_id or str(data.get("fieldId") or data.get("id") or data.get("key") or ""),
        name=str(data.get("name") or ""),
        type=str(schema.get("type") or ""),
        items=str(schema.get("items") or ""),
        custom=str(schema.get("custom") or ""),
        required=data.get("required") is True,
        default=data.get("hasDefaultValue") is True,
        options=tuple(_options(data.get("allowedValues") or [])),
    )


def link_type(data: Mapping[str, Json]) -> LinkType:
    """A type of links as Jira's list gives it, or as it was stored."""
    return LinkType(*(str(data.get(name) or "") for name in ("id", "name", "inward", "outward")))


def _options(listed: Iterable[Json]) -> Iterable[Choice]:
    """What may be chosen; of a cascading list each entry alone, and with each entry below it."""
    for entry in listed:
        if isinstance(entry, dict):
            yield choice(entry)
            for child in entry.get("children") or []:
                yield cascade({**entry, "child": child})


def cascade(data: Mapping[str, Json]) -> Choice:
    """An entry of a cascading list: both ids, and both names with a stroke between them."""
    above, child = choice(data), data.get("child")
    if not isinstance(child, dict):
        return above
    below = choice(child)
    return Choice(f"{above.id}/{below.id}", f"{above.name} / {below.name}")


def type_info(data: Mapping[str, Json]) -> TypeInfo:
    """An issue type as createmeta or a project give it; Data Center has no `hierarchyLevel`, its epics go by name."""
    subtask = data.get("subtask") is True
    level = data.get("hierarchyLevel")
    if not isinstance(level, int):
        level = -1 if subtask else 1 if str(data.get("name")).casefold() == "epic" else 0
    return TypeInfo(str(data.get("id") or ""), str(data.get("name") or ""), subtask, level)


def choice(data: Mapping[str, Json]) -> Choice:
    """An entry of one of Jira's lists: options say `value`, everything else `name`; a status has a category."""
    category = data.get("statusCategory")
    return Choice(
        id=str(data.get("id") or ""),
        name=str(data.get("value") or data.get("name") or data.get("key") or ""),
        category=str(category.get("key") or "") if isinstance(category, dict) else "",
    )
