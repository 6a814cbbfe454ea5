"""What the mapping editor's form says: the posted values as a mapping's data, for one kind of record. Pure.

The form is the mapping's own data in inputs, so what a person typed is shown again as it was, right or wrong, and the
place of a fault ("fields.feature[2].direction") leads to the input it is shown beside. Nothing is saved here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosswalk.merge.brake import Brake
from crosswalk.merge.records import FieldType
from crosswalk.merge.rules import Side
from crosswalk.sync.conversions import conversion
from crosswalk.sync.maplines import brake_data
from crosswalk.sync.mapping import BRAKE, PARTS, SHARED, VERSION, WORKLOG, Problem

MOST = 400  # rows of one table
Posted = Mapping[str, str]
Data = dict[str, Any]
Fields = Mapping[str, FieldType]


@dataclass(frozen=True, slots=True)
class Known:
    """The fields of both sides that may be joined, by their ids."""

    aha: Fields
    jira: Fields


def kind_read(data: Data, kind: str, posted: Posted, known: Known) -> tuple[Data, list[Problem]]:
    """`data` with what the form says about `kind`; and what is wrong with names that were typed into the lists."""
    problems: list[Problem] = []
    type_ = _text(posted, "type")
    if not type_:
        return {name: _without(table, kind) for name, table in data.items()}, problems
    lines = list(_lines(posted))
    if any(_text(posted, name) for name in ("add-aha", "add-jira")):
        lines += _added(posted, known, problems)
    problems += _same_names(kind, lines)
    constants = dict(_pairs(posted, "c", "field", "value"))
    constants |= _constant(posted, known, problems)
    return {
        **data,
        "types": {**data.get("types", {}), kind: _type(posted, type_)},
        "fields": {**data.get("fields", {}), kind: lines},
        "statuses": _kept(data.get("statuses", {}), kind, dict(_pairs(posted, "s", "jira", "aha"))),
        "statuses_to_jira": _kept(data.get("statuses_to_jira", {}), kind, dict(_pairs(posted, "b", "aha", "jira"))),
        "constants": _kept(data.get("constants", {}), kind, constants),
    }, problems


def _kept(table: Data, kind: str, wanted: Data) -> Data:
    return {**_without(table, kind), **({kind: wanted} if wanted else {})}


def _without(table: Any, kind: str) -> Any:
    return {key: value for key, value in table.items() if key != kind} if isinstance(table, dict) else table


def _text(posted: Posted, name: str) -> str:
    return str(posted.get(name, "")).strip()[:2000]


def _type(posted: Posted, type_: str) -> Data:
    removed = {
        name: word for name in ("removed", "removed_in_jira") if (word := _text(posted, name)) not in ("", "ask")
    }
    if type_.casefold() == VERSION:
        return {"type": VERSION, **removed}
    found: Data = {"type": type_, "relation": _text(posted, "relation") or "parent"}
    if create := _text(posted, "create"):
        found["create"] = create
    by, types = _text(posted, "by"), dict(_pairs(posted, "y", "value", "type"))
    if by or types:
        found |= {"by": by, "types": types} if by else {"types": types}
    return found | removed


def _lines(posted: Posted) -> Iterator[Data]:
    gone = _text(posted, "act")
    for number in _numbers(posted, lambda n: f"l{n}-aha"):
        if gone == f"remove-{number}":
            continue
        line: Data = {
            name: _text(posted, f"l{number}-{name}") for name in ("name", "aha", "jira", "direction", "conflict")
        }
        options = dict(_pairs(posted, f"l{number}-o", "here", "there"))
        yield {**line, "options": options} if options else line


def _same_names(kind: str, lines: list[Data]) -> Iterator[Problem]:
    """Lines that are called alike: what was agreed about the one would be taken for the other's."""
    first: dict[str, int] = {}
    for number, line in enumerate(lines):
        if line["name"] and line["aha"] not in SHARED and first.setdefault(line["name"], number) != number:
            what = f"another line is called “{line['name']}”, too."
            yield Problem(f"fields.{kind}[{number}].name", what, "Give it a name of its own.")


def _pairs(posted: Posted, prefix: str, key: str, value: str) -> Iterator[tuple[str, str]]:
    """The rows of a table that hold something."""
    for number in _numbers(posted, lambda n: f"{prefix}{n}-{key}"):
        here, there = _text(posted, f"{prefix}{number}-{key}"), _text(posted, f"{prefix}{number}-{value}")
        if here and there:
            yield here, there


def _numbers(posted: Posted, name: Callable[[int], str]) -> Iterator[int]:
    return (number for number in range(MOST) if name(number) in posted)


# ---- names typed into lists -------------------------------------------------------------------------------------


def named(text: str, fields: Fields) -> str:
    """The id of the field that `text` names: as the list shows it, or its id; "" where none or several are meant."""
    if text in fields:
        return text
    shown = {label: name for name, label in labels(fields).items()}
    if text in shown:
        return shown[text]
    found = [name for name, one in fields.items() if one.name.casefold() == text.casefold()]
    return found[0] if len(found) == 1 else ""


def labels(fields: Fields) -> dict[str, str]:
    """What each field is called in lists: its name, with its id behind it where another one has that name too."""
    names = Counter(one.name.casefold() for one in fields.values())
    return {
        name: one.name if one.name and names[one.name.casefold()] == 1 else f"{one.name} ({name})"
        for name, one in fields.items()
    }


def _chosen(posted: Posted, place: str, fields: Fields, product: str, problems: list[Problem]) -> str:
    text = _text(posted, place)
    found = named(text, fields) if text else ""
    if text and not found:
        several = sum(one.name.casefold() == text.casefold() for one in fields.values()) > 1
        what = f"{product} has several fields “{text}”." if several else f"{product} has no field “{text}” here."
        problems.append(Problem(place, what, "Choose one from the list."))
    elif not text:
        problems.append(Problem(place, f"choose the field in {product}, too."))
    return found


def _added(posted: Posted, known: Known, problems: list[Problem]) -> Iterator[Data]:
    aha = _chosen(posted, "add-aha", known.aha, "Aha!", problems)
    jira = _chosen(posted, "add-jira", known.jira, "Jira", problems)
    if aha and jira:
        direction = usual_direction(known.aha[aha], known.jira[jira])
        name = known.aha[aha].name
        yield {"name": name, "aha": aha, "jira": jira, "direction": direction, "conflict": "newest"}


def usual_direction(aha: FieldType, jira: FieldType) -> str:
    """Both ways where that is possible, else the one that is."""
    cell = conversion(aha, jira)
    to = set(cell.to) if cell else set(Side)
    to -= {side for side, end in ((Side.LEFT, aha), (Side.RIGHT, jira)) if end.read_only}
    return {
        frozenset(Side): "both",
        frozenset({Side.RIGHT}): "to jira",
        frozenset({Side.LEFT}): "to aha",
    }.get(frozenset(to), "off")


def _constant(posted: Posted, known: Known, problems: list[Problem]) -> Data:
    text, value = _text(posted, "add-constant"), _text(posted, "add-constant-value")
    if not text and not value:
        return {}
    field = _chosen(posted, "add-constant", known.jira, "Jira", problems)
    if field and not value:
        problems.append(Problem("add-constant-value", "enter the value that is always set."))
    return {field: value} if field and value else {}


# ---- what hangs on records --------------------------------------------------------------------------------------


def parts_read(data: Data, posted: Posted) -> Data:
    """`data` with what the form says about comments, files, links and work, imports, sharing and where issues show."""
    parts = {
        kind: {
            "direction": _text(posted, f"{kind}-direction"),
            **{name: f"{kind}-{name}" in posted for name in ("edits", "removes", "private")},
            **({"below": f"{kind}-below" in posted} if kind == WORKLOG else {}),
        }
        for kind in PARTS
    }
    people = {side: _text(posted, f"people-{side}") for side in ("aha", "jira")}
    links = dict(_pairs(posted, "k", "aha", "jira"))
    screens = dict(_pairs(posted, "r", "field", "value"))
    whole = {"imports": _text(posted, "imports") or "none", "shared": "shared" in posted}
    link = {name: _text(posted, f"link-{name}") for name in ("aha_integration", "aha_field")}
    hanging = {"parts": parts, "people": people, "link_types": links, "screens": screens}
    brake = _brake(posted)
    return {
        **{name: value for name, value in data.items() if name != "brake"},
        **whole,
        "link": link,
        **hanging,
        **brake,
    }


def _brake(posted: Posted) -> Data:
    """What the form says about the brake and is not as usual; what is no number is left for the check to refuse."""
    texts = {name: _text(posted, f"brake-{name}") for name in BRAKE}
    numbers = {name: int(text) if text.isdecimal() else text for name, text in texts.items() if text}
    usual = brake_data(Brake())
    said = {name: number for name, number in numbers.items() if number != usual[name]}
    return {"brake": said} if said else {}
