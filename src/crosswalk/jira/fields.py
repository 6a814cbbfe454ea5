"""Values of Jira's fields: wire JSON to snapshots, values to wire JSON, by a field's schema. Pure; no I/O, no clock.

A field that is absent from an answer was not readable (MISSING); `null` is empty; a field that holds a set is never
`null` but the empty set. What a field can not hold is refused here, with words a person understands (`Unfit`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from crosswalk.errors import a_or_an
from crosswalk.jira.field_forms import SPRINT, TEAM, minutes, spoken, sprint, team
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import EPIC_LINK, PARENT_LINK, FieldInfo, cascade, choice
from crosswalk.jira.wire import Json
from crosswalk.merge.records import LeftOut, Ref, Snapshot
from crosswalk.merge.values import MISSING, Choice, Element, Maybe, Person, Rich, Value
from crosswalk.richtext.limits import cut, units

NAME_LIMIT = 255
TEXT_LIMIT = 32_767  # characters of long text after conversion; for documents those of the JSON


class Kind(StrEnum):
    """What a field holds. OTHER is what Crosswalk neither reads nor writes."""

    LINE = "line"
    RICH = "rich"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"  # a set of texts: labels
    PERSON = "person"
    PEOPLE = "people"
    ISSUE = "issue"
    EPIC = "epic"  # an issue by its key
    URL = "url"
    MINUTES = "minutes"  # a part of the time tracking; seconds on the wire
    CASCADE = "cascade"  # an entry of a list and one below it
    GROUP = "group"
    GROUPS = "groups"
    TEAM = "team"
    SPRINTS = "sprints"  # read only: it is written as one number, and moving issues between sprints is the teams' own
    FILES = "files"  # what hangs on the issue is read as parts, never as a value
    OTHER = "other"


UNREAD = (Kind.FILES, Kind.OTHER)
SETS = (Kind.CHOICES, Kind.WORDS, Kind.PEOPLE, Kind.GROUPS, Kind.SPRINTS)

_SYSTEM: Mapping[str, Kind] = {
    "summary": Kind.LINE,
    "description": Kind.RICH,
    "environment": Kind.RICH,
    "status": Kind.CHOICE,
    "issuetype": Kind.CHOICE,
    "project": Kind.CHOICE,
    "priority": Kind.CHOICE,
    "resolution": Kind.CHOICE,
    "assignee": Kind.PERSON,
    "reporter": Kind.PERSON,
    "creator": Kind.PERSON,
    "labels": Kind.WORDS,
    "fixVersions": Kind.CHOICES,
    "versions": Kind.CHOICES,
    "components": Kind.CHOICES,
    "duedate": Kind.DATE,
    "created": Kind.MOMENT,
    "updated": Kind.MOMENT,
    "resolutiondate": Kind.MOMENT,
    "timeoriginalestimate": Kind.MINUTES,
    "timeestimate": Kind.MINUTES,
    "timespent": Kind.MINUTES,
    "parent": Kind.ISSUE,
    "attachment": Kind.FILES,
}

_TYPES: Mapping[str, Kind] = {
    "string": Kind.LINE,
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.MOMENT,
    "user": Kind.PERSON,
    "issuelink": Kind.ISSUE,
    "option-with-child": Kind.CASCADE,
    "group": Kind.GROUP,
    "team": Kind.TEAM,
    "parent": Kind.ISSUE,
    **dict.fromkeys(
        ("option", "priority", "status", "issuetype", "resolution", "version", "component", "project", "securitylevel"),
        Kind.CHOICE,
    ),
}

_ITEMS: Mapping[str, Kind] = {
    "string": Kind.WORDS,
    "user": Kind.PEOPLE,
    "group": Kind.GROUPS,
    **dict.fromkeys(("option", "version", "component"), Kind.CHOICES),
}


def kind_of(field: FieldInfo) -> Kind:
    """What `field` holds, by its schema (Jira Cloud REST v3, schema JsonTypeBean)."""
    if field.id in _SYSTEM:
        return _SYSTEM[field.id]
    if field.custom in (EPIC_LINK, PARENT_LINK):
        return Kind.EPIC
    if field.custom.endswith(":textarea"):
        return Kind.RICH
    if field.custom.endswith(":url"):
        return Kind.URL
    if field.custom == SPRINT:
        return Kind.SPRINTS
    if field.custom.endswith(TEAM):
        return Kind.TEAM
    # Ranks and their like call themselves arrays or texts, but are not written as what they are read as.
    if field.custom.startswith("com.pyxis.greenhopper.jira:gh-") and not field.custom.endswith("gh-epic-label"):
        return Kind.OTHER
    if field.type == "array":
        return _ITEMS.get(field.items, Kind.OTHER)
    return _TYPES.get(field.type, Kind.OTHER)


def kinds_of(fields: Mapping[str, FieldInfo]) -> dict[str, Kind]:
    """The kind of each of `fields`, and of the system fields that every server has."""
    return {**_SYSTEM, **{name: kind_of(field) for name, field in fields.items()}}


# ---- reading ------------------------------------------------------------------------------------------


def issue_snapshot(data: Mapping[str, Json], kinds: Mapping[str, Kind], flavour: Flavour, site: str) -> Snapshot:
    """An issue of an answer. Raises ValueError where it has no id."""
    ref = Ref("issue", str(data.get("id") or ""), str(data.get("key") or ""))
    if not ref.id:
        raise ValueError("an issue without an id")
    given = data.get("fields")
    fields: dict[str, Value] = {}
    for name, wire in (given if isinstance(given, dict) else {}).items():
        value = read_value(kinds.get(name, Kind.OTHER), wire, flavour)
        if value is not MISSING:
            fields[name] = value
    changed, parent = fields.get("updated"), fields.get("parent")
    return Snapshot(
        ref,
        fields,
        url=f"{site}/browse/{ref.key}",
        changed_at=changed if isinstance(changed, datetime) else None,
        parent=Ref("issue", parent.id, parent.name) if isinstance(parent, Choice) else None,
    )


def version_snapshot(data: Mapping[str, Json], site: str, project_key: str) -> Snapshot:
    """A version of an answer: name, description, startDate, releaseDate, released, archived. It has no stamp."""
    ref = Ref("version", str(data.get("id") or ""), str(data.get("name") or ""))
    if not ref.id:
        raise ValueError("a version without an id")
    fields: dict[str, Value] = {
        "name": ref.key,
        "description": data.get("description") or None,
        "startDate": _date(data.get("startDate")),
        "releaseDate": _date(data.get("releaseDate")),
        "released": data.get("released") is True,
        "archived": data.get("archived") is True,
    }
    return Snapshot(ref, fields, url=f"{site}/projects/{project_key}/versions/{ref.id}")


def read_value(kind: Kind, data: Json, flavour: Flavour) -> Maybe:
    """The value of a field of `kind`; MISSING where the JSON is not what such a field holds."""
    if data is None:
        return frozenset() if kind in SETS else MISSING if kind in UNREAD else None
    try:
        return _READERS[kind](data, flavour)
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        return MISSING


def _read_set(data: Json, read: Callable[[Json], Element]) -> Maybe:
    return frozenset(read(entry) for entry in data) if isinstance(data, list) else MISSING


def _date(data: Json) -> date | None:
    return date.fromisoformat(data) if isinstance(data, str) and data else None


def _text(data: Json) -> Maybe:
    return (data or None) if isinstance(data, str) else MISSING


def _issue(data: Json) -> Choice:
    return Choice(str(data["id"]) if "id" in data else "", str(data.get("key") or ""))


def _by_key(data: Json) -> Maybe:
    """An issue by its key; a Parent Link may show it inside an object (https://community.developer.atlassian.com/t/54048)
    that holds nothing where there is none."""
    if isinstance(data, dict):
        data = (data.get("data") or {}).get("key")
    return Choice(data, data) if isinstance(data, str) else None if data is None else MISSING


def _group(data: Json) -> Choice:
    """Groups are known by name on both flavours."""
    return Choice(str(data["name"]), str(data["name"]))


_READERS: Mapping[Kind, Callable[[Json, Flavour], Maybe]] = {
    Kind.LINE: lambda data, _: _text(data),
    Kind.RICH: lambda data, flavour: flavour.rich(data),
    Kind.NUMBER: lambda data, _: Decimal(str(data)),
    Kind.DATE: lambda data, _: _date(data),
    Kind.MOMENT: lambda data, _: datetime.fromisoformat(data).astimezone(UTC),
    Kind.CHOICE: lambda data, _: choice(data),
    Kind.CHOICES: lambda data, _: _read_set(data, choice),
    Kind.WORDS: lambda data, _: _read_set(data, str),
    Kind.PERSON: lambda data, flavour: flavour.person(data),
    Kind.PEOPLE: lambda data, flavour: _read_set(data, flavour.person),
    Kind.ISSUE: lambda data, _: _issue(data),
    Kind.EPIC: lambda data, _: _by_key(data),
    Kind.URL: lambda data, _: _text(data),
    Kind.MINUTES: lambda data, _: minutes(data),
    Kind.CASCADE: lambda data, _: cascade(data),
    Kind.GROUP: lambda data, _: _group(data),
    Kind.GROUPS: lambda data, _: _read_set(data, _group),
    Kind.TEAM: lambda data, _: team(data),
    Kind.SPRINTS: lambda data, _: _read_set(data, sprint),
    Kind.FILES: lambda _data, _flavour: MISSING,
    Kind.OTHER: lambda _data, _flavour: MISSING,
}


# ---- writing ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that a field can not hold: what is wrong, what to do about it, and the entry in docs/troubleshooting."""

    words: str
    remedy: str = ""
    code: str = ""

    def __str__(self) -> str:
        return LeftOut(self.words, self.remedy, self.code)


def wire_value(kind: Kind, value: Value, flavour: Flavour) -> Json | Unfit:
    """`value` as a field of `kind` takes it, or why it can not."""
    if value is None:
        return [] if kind in SETS else "" if kind is Kind.MINUTES else None
    if kind in SETS:
        return _write_set(kind, value, flavour)
    match kind, value:
        case Kind.LINE, str():
            return one_line(value)
        case Kind.URL, str():
            return value
        case Kind.RICH, Rich():
            return _rich(value, flavour)
        case Kind.NUMBER, Decimal() if value.is_finite():
            return int(value) if value == value.to_integral_value() else float(value)
        case Kind.DATE, date() if not isinstance(value, datetime):
            return value.isoformat()
        case Kind.MOMENT, datetime():
            # strftime writes a year before 1000 with three digits, which Jira does not read.
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "+0000"
        case _, Choice():
            return _write_choice(kind, value)
        case Kind.MINUTES, Decimal() if value.is_finite():
            return spoken(value)
        case Kind.PERSON, Person():
            return flavour.person_to_wire(value)
    return _mismatch(kind, value)


def _write_choice(kind: Kind, value: Choice) -> Json | Unfit:
    match kind:
        case Kind.CHOICE | Kind.ISSUE:
            return {"id": value.id}
        case Kind.EPIC:
            return value.name or value.id
        case Kind.CASCADE:
            above, _, below = value.id.partition("/")
            return {"id": above, "child": {"id": below}} if below else {"id": above}
        case Kind.GROUP:
            return {"name": value.name or value.id}
        case Kind.TEAM:
            return value.id
    return _mismatch(kind, value)


def one_line(text: str) -> str:
    """`text` on one line; over 255 characters it is cut and ends in an ellipsis; the other side keeps all of it."""
    flat = " ".join(text.splitlines()).strip()
    return flat if units(flat) <= NAME_LIMIT else cut(flat, NAME_LIMIT - 1) + "…"


def _rich(text: Rich, flavour: Flavour) -> Json | Unfit:
    if (length := units(text.source)) > TEXT_LIMIT:
        return Unfit(
            f"The text is too long for Jira: {length:,} of at most {TEXT_LIMIT:,} characters, formatting included.",
            "Shorten it, or attach the long text.",
            "F7",
        )
    try:
        return flavour.rich_to_wire(text)
    except ValueError as error:
        return Unfit(str(error), "Report this: the mapping did not translate the text.", "F15")


def _write_set(kind: Kind, value: Value, flavour: Flavour) -> Json | Unfit:
    if not isinstance(value, frozenset):
        return _mismatch(kind, value)
    written: list[Json] = []
    for element in sorted(value, key=repr):
        match kind, element:
            case Kind.WORDS, str():
                if any(character.isspace() for character in element):
                    return Unfit(f"The label “{element}” contains a space.", "Write it with “_” instead.", "F8")
                if units(element) > NAME_LIMIT:
                    return Unfit(f"The label “{element[:40]}…” is longer than 255 characters.", "Shorten it.", "F8")
                written.append(element)
            case Kind.CHOICES, Choice():
                written.append({"id": element.id})
            case Kind.PEOPLE, Person():
                written.append(flavour.person_to_wire(element))
            case Kind.GROUPS, Choice():
                written.append({"name": element.name or element.id})
            case _:
                return _mismatch(kind, value)
    return written


def _mismatch(kind: Kind, value: Value) -> Unfit:
    what = type(value).__name__.lower()
    if kind in UNREAD:
        return Unfit("Crosswalk does not write this kind of field.", "Switch its rule off.", "F10")
    return Unfit(
        f"The field holds {a_or_an(kind)}, and was given {a_or_an(what)}.", "Map it to a field of its own kind.", "F10"
    )


def set_ops(old: Iterable[Element], new: Iterable[Element], kind: Kind, flavour: Flavour) -> list[Json] | Unfit:
    """What turns the set `old` into `new`, as operations: what others put in meanwhile stays."""
    before, after = frozenset(old), frozenset(new)
    added = wire_value(kind, after - before, flavour)
    removed = wire_value(kind, before - after, flavour)
    if isinstance(added, Unfit):
        return added
    # What is there already may be anything the server once took: it is named as it is.
    gone = removed if not isinstance(removed, Unfit) else sorted(map(str, before - after))
    return [*({"add": entry} for entry in added), *({"remove": entry} for entry in gone)]


VERSION_FIELDS = ("name", "description", "startDate", "releaseDate", "released", "archived")


def version_wire(values: Mapping[str, Value]) -> tuple[dict[str, Json], dict[str, Unfit]]:
    """A version's fields as its calls take them, and those it can not hold."""
    wire: dict[str, Json] = {}
    unfit: dict[str, Unfit] = {}
    for name, value in values.items():
        match name, value:
            case "name", str() if value.strip():
                wire[name] = one_line(value)
            case "description", str() | None:
                wire[name] = value or ""
            case (("startDate" | "releaseDate"), None):
                wire[name] = ""
            case (("startDate" | "releaseDate"), date()) if not isinstance(value, datetime):
                wire[name] = value.isoformat()
            case (("released" | "archived"), bool()):
                wire[name] = value
            case _:
                unfit[name] = Unfit(f"A version has no field “{name}” for this value.", "Switch its rule off.", "F10")
    return wire, unfit
