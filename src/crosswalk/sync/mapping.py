"""A mapping as people write it: types, field lines with a direction, status table, options. Parsed and checked here.

It speaks in names people see (issue type "Story", status "In Progress"), never in ids, so that it can be read, kept
in a file and applied to another project. rulebook.py turns it into rules with the project data at hand. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from crosswalk.errors import Refused
from crosswalk.merge.brake import Brake
from crosswalk.merge.rules import Direction, Side
from crosswalk.sync.maplines import (
    BRAKE,
    CREATES,
    DELETED,
    DIRECTIONS,
    IMPORTS,
    KINDS,
    NOBODY,
    NOWHERE,
    PARTS,
    POLICIES,
    RANKED,
    RELATIONS,
    REMOVED,
    REPEATED,
    SETTINGS,
    SHARED,
    TIMED,
    USUAL,
    USUAL_BRAKE,
    VERSION,
    WORDS,
    WORKLOG,
    FieldLine,
    Link,
    PartLine,
    Standins,
    TypeLine,
    brake_data,
    brake_of,
)

__all__ = (
    "BRAKE",
    "CREATES",
    "DELETED",
    "DIRECTIONS",
    "IMPORTS",
    "KINDS",
    "PARTS",
    "POLICIES",
    "RANKED",
    "RELATIONS",
    "REMOVED",
    "REPEATED",
    "SETTINGS",
    "SHARED",
    "TIMED",
    "USUAL",
    "VERSION",
    "WORDS",
    "WORKLOG",
    "FieldLine",
    "Link",
    "Mapping",
    "MappingRefused",
    "PartLine",
    "Problem",
    "Standins",
    "TypeLine",
    "counts_below",
    "creates",
    "parse",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a mapping: where (a path such as "fields.feature[2].direction"), what, and what to write.

    What is `mild` is said beside its line and keeps nobody from using the mapping: that line is left out.
    """

    where: str
    what: str
    remedy: str = ""
    mild: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}".strip()


class MappingRefused(Refused):
    """A mapping that can not be used; `problems` names every fault at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("The mapping can not be used: " + " ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Mapping:
    """The mapping of one integration.

    `statuses` maps, per Aha! kind, a Jira status name to an Aha! status name; `statuses_to_jira` says the reverse where
    several Jira statuses mean the same in Aha!; `screens` holds values for fields that a Jira transition asks for, by
    the field's name; `parts` what hangs on records, by kind; `link_types` names for an Aha! link type the words that a
    Jira link shows on the issue where the Aha! link begins ("Depends on": "is blocked by"); `constants`, per Aha! kind,
    fixed values of Jira fields, as text; `imports` is a word of IMPORTS; `shared` lets a record be in a pair of another
    integration, too; `brake` says how many deletes are done without a person's word.
    """

    types: Dict[str, TypeLine] = field(default_factory=dict)
    fields: Dict[str, tuple[FieldLine, ...]] = field(default_factory=dict)
    statuses: Dict[str, Dict[str, str]] = field(default_factory=dict)
    link: Link = NOWHERE
    parts: Dict[str, PartLine] = field(default_factory=dict)
    statuses_to_jira: Dict[str, Dict[str, str]] = field(default_factory=dict)
    screens: Dict[str, str] = field(default_factory=dict)
    people: Standins = NOBODY
    link_types: Dict[str, str] = field(default_factory=dict)
    constants: Dict[str, Dict[str, str]] = field(default_factory=dict)
    imports: str = "none"
    shared: bool = False
    brake: Brake = USUAL_BRAKE

    def as_data(self) -> dict[str, Any]:
        """The mapping as JSON-able data that `parse` reads back equal."""
        return {
            "types": {kind: _type_data(line) for kind, line in self.types.items()},
            "fields": {kind: [_line_data(line) for line in lines] for kind, lines in self.fields.items()},
            "statuses": {kind: dict(table) for kind, table in self.statuses.items()},
            "link": {"aha_integration": self.link.aha_integration, "aha_field": self.link.aha_field},
            "parts": {kind: _part_data(kind, line) for kind, line in self.parts.items()},
            "statuses_to_jira": {kind: dict(table) for kind, table in self.statuses_to_jira.items()},
            "screens": dict(self.screens),
            "people": {"aha": self.people.aha, "jira": self.people.jira},
            "link_types": dict(self.link_types),
            "constants": {kind: dict(table) for kind, table in self.constants.items()},
            **({} if self.imports == "none" else {"imports": self.imports}),
            **({"shared": True} if self.shared else {}),
            **({"brake": said} if (said := _brake_data(self.brake)) else {}),
        }


def creates(kind: str, line: TypeLine) -> tuple[Side, ...]:
    """The sides on which records of `kind` are made: both for requirements that hang by a parent, else Jira."""
    usual = Direction.BOTH if kind == "requirement" and line.relation != "relates" else Direction.TO_RIGHT
    direction = usual if line.create is None else line.create
    return tuple(side for side in Side if direction.writes(side))


def _type_data(line: TypeLine) -> dict[str, Any]:
    removed = {
        name: word
        for name, word in (("removed", line.removed), ("removed_in_jira", line.removed_in_jira))
        if word != "ask"
    }
    if line.type == VERSION:
        return {"type": line.type, **removed}
    create = {} if line.create is None else {"create": WORDS[line.create]}
    rule = {"by": line.by, "types": dict(line.types)} if line.by else {}
    return {"type": line.type, "relation": line.relation, **create, **rule, **removed}


def _part_data(kind: str, line: PartLine) -> dict[str, Any]:
    below = {} if line.below == USUAL[kind].below else {"below": line.below}
    direction = WORDS[line.direction]
    return {"direction": direction, "edits": line.edits, "removes": line.removes, "private": line.private, **below}


def counts_below(mapping: Mapping, kind: str) -> bool:
    """Whether the work on what stands below a record of `kind`, and is in no pair, counts for that record."""
    line = mapping.parts.get(WORKLOG)
    return line is not None and line.below and line.direction.writes(Side.LEFT) and kind in TIMED


def _brake_data(brake: Brake) -> dict[str, int]:
    usual = brake_data(USUAL_BRAKE)
    return {name: number for name, number in brake_data(brake).items() if number != usual[name]}


def _line_data(line: FieldLine) -> dict[str, Any]:
    word = {policy: name for name, policy in POLICIES.items()}[line.conflict]
    direction = WORDS[line.direction]
    data = {"name": line.name, "aha": line.aha, "jira": line.jira, "direction": direction, "conflict": word}
    return {**data, "options": dict(line.options)} if line.options else data


def parse(data: object) -> Mapping:
    """The mapping that `data` (as from JSON or YAML) describes. Raises MappingRefused with every fault in it."""
    reader = _Reader()
    top = reader.table("", data, SETTINGS)
    mapping = Mapping(
        types={kind: reader.type_line(f"types.{kind}", line) for kind, line in reader.kinds("types", top).items()},
        fields={
            kind: reader.field_lines(f"fields.{kind}", lines) for kind, lines in reader.kinds("fields", top).items()
        },
        statuses={
            kind: reader.status_table(f"statuses.{kind}", table, "Jira status: Aha! status")
            for kind, table in reader.kinds("statuses", top).items()
        },
        link=reader.link(top.get("link")),
        parts=reader.parts(top.get("parts")),
        statuses_to_jira={
            kind: reader.status_table(f"statuses_to_jira.{kind}", table, "Aha! status: Jira status")
            for kind, table in reader.kinds("statuses_to_jira", top).items()
        },
        people=reader.standins(top.get("people")),
        screens=reader.status_table("screens", top.get("screens"), "field: value"),
        link_types=reader.status_table("link_types", top.get("link_types"), "Aha! link type: Jira's words"),
        constants={
            kind: reader.status_table(f"constants.{kind}", table, "Jira field: value")
            for kind, table in reader.kinds("constants", top).items()
        },
        imports=reader.one_of("imports", top.get("imports"), {word: word for word in IMPORTS}, "none"),
        shared=bool(reader.flag("shared", top.get("shared"))),
        brake=reader.brake(top.get("brake")),
    )
    if "feature" not in mapping.types and not reader.problems:
        reader.fault("types", "it does not say what a feature becomes in Jira.", "Add: feature: {type: Story}")
    if reader.problems:
        raise MappingRefused(tuple(reader.problems))
    return mapping


def _plain(value: object) -> bool:
    """Whether YAML made something of what a person wrote as a number or a date."""
    return isinstance(value, int | float | date) and not isinstance(value, bool)


class _Reader:
    """Reads the parts and collects what is wrong with them, so that a person is told everything at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, where: str, what: str, remedy: str = "") -> None:
        self.problems.append(Problem(where, what, remedy))

    def table(self, where: str, data: object, known: tuple[str, ...]) -> dict[str, Any]:
        """`data` as a table with only `known` keys."""
        if data is None:
            return {}
        if not isinstance(data, dict):
            self.fault(where or "mapping", "a table of names and values is expected here.")
            return {}
        for key in data:
            if key not in known:
                self.fault(f"{where}.{key}".strip("."), "there is no such setting.", f"Known are: {', '.join(known)}.")
        return {str(key): value for key, value in data.items() if key in known}

    def kinds(self, where: str, top: Dict[str, Any]) -> dict[str, Any]:
        return self.table(where, top.get(where), KINDS)

    def text(self, where: str, data: object, default: str | None = None) -> str:
        """`data` as text; a missing one is `default`, or a fault where there is none."""
        if data is None and default is not None:
            return default
        if isinstance(data, str) and data.strip():
            return data.strip()
        self.fault(where, "it is missing." if data is None else "a text is expected here.")
        return ""

    def one_of(self, where: str, data: object, known: Dict[str, Any], default: str) -> Any:
        word = self.text(where, data, default)
        if word and word not in known:
            self.fault(where, f"“{word}” is not known.", f"Write one of: {', '.join(known)}.")
        return known.get(word, known[default])

    def type_line(self, where: str, data: object) -> TypeLine:
        if isinstance(data, str):
            data = {"type": data}
        table = self.table(where, data, ("type", "relation", "create", "by", "types", *DELETED))
        relation = self.one_of(f"{where}.relation", table.get("relation"), {r: r for r in RELATIONS}, "parent")
        given = table.get("create")
        create = None if given is None else self.one_of(f"{where}.create", given, CREATES, "both")
        by = "" if table.get("by") is None else self.text(f"{where}.by", table["by"])
        types = self.status_table(f"{where}.types", table.get("types"), "value: Jira type")
        if bool(by) != bool(types):
            self.fault(where, "`by` names an Aha! field and `types` a type for its values.", "Write both, or neither.")
        words = {word: word for word in REMOVED}
        removed = {name: self.one_of(f"{where}.{name}", table.get(name), words, "ask") for name in DELETED}
        return TypeLine(self.text(f"{where}.type", table.get("type")), relation, create, by, types, **removed)

    def field_lines(self, where: str, data: object) -> tuple[FieldLine, ...]:
        if not isinstance(data, list):
            self.fault(where, "a list of field lines is expected here.")
            return ()
        lines = tuple(self.field_line(f"{where}[{index}]", line) for index, line in enumerate(data))
        for side, names in (("aha", [line.aha for line in lines]), ("jira", [line.jira for line in lines])):
            for name in sorted({name for name in names if name and names.count(name) > 1} - REPEATED):
                self.fault(where, f"the {side} field “{name}” stands in more than one line.", "Keep one of them.")
        return lines

    def field_line(self, where: str, data: object) -> FieldLine:
        table = self.table(where, data, ("name", "aha", "jira", "direction", "conflict", "options"))
        aha, jira = self.text(f"{where}.aha", table.get("aha")), self.text(f"{where}.jira", table.get("jira"))
        return FieldLine(
            self.text(f"{where}.name", table.get("name"), aha or "?"),
            aha,
            jira,
            self.one_of(f"{where}.direction", table.get("direction"), DIRECTIONS, "both"),
            self.one_of(f"{where}.conflict", table.get("conflict"), POLICIES, "newest"),
            self.status_table(f"{where}.options", table.get("options"), "Aha! option: Jira option"),
        )

    def status_table(self, where: str, data: object, what: str = "Jira status: Aha! status") -> dict[str, str]:
        """A table of names or values as people write it; numbers stand for their digits."""
        if data is None:
            return {}
        if not isinstance(data, dict):
            self.fault(where, f"a table “{what}” is expected here.")
            return {}
        written = {str(key): str(value) if _plain(value) else value for key, value in data.items()}
        return {key: self.text(f"{where}.{key}", value) for key, value in written.items()}

    def parts(self, data: object) -> dict[str, PartLine]:
        found = self.table("parts", data, PARTS)
        return {kind: self.part_line(f"parts.{kind}", line, USUAL[kind]) for kind, line in found.items()}

    def part_line(self, where: str, data: object, usual: PartLine) -> PartLine:
        names = ("edits", "removes", "private", *(("below",) if where.endswith(WORKLOG) else ()))
        table = self.table(where, data, ("direction", *names))
        direction = self.one_of(f"{where}.direction", table.get("direction"), DIRECTIONS, WORDS[usual.direction])
        flags = {name: self.flag(f"{where}.{name}", table.get(name)) for name in names}
        return replace(usual, direction=direction, **{name: flag for name, flag in flags.items() if flag is not None})

    def brake(self, data: object) -> Brake:
        table, given = self.table("brake", data, tuple(BRAKE)), dict[str, int]()
        for name, number in table.items():
            least, most = BRAKE[name]
            if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
                self.fault(f"brake.{name}", f"a whole number from {least} to {most:,} is expected here.")
            else:
                given[name] = number
        return brake_of(given)

    def standins(self, data: object) -> Standins:
        table = self.table("people", data, ("aha", "jira"))
        emails = {name: self.text(f"people.{name}", value) for name, value in table.items() if value not in (None, "")}
        for name, email in emails.items():
            if email and "@" not in email:
                self.fault(f"people.{name}", f"“{email}” is no e-mail address.", "Write the address of who stands in.")
        return Standins(emails.get("aha", ""), emails.get("jira", ""))

    def flag(self, where: str, data: object) -> bool | None:
        """`data` as yes or no; None where it is absent."""
        if data is None or isinstance(data, bool):
            return data
        self.fault(where, "yes or no is expected here.", "Write true or false.")
        return None

    def link(self, data: object) -> Link:
        table = self.table("link", data, ("aha_integration", "aha_field"))
        texts = {key: "" if table.get(key) in (None, "") else self.text(f"link.{key}", table[key]) for key in table}
        return Link(texts.get("aha_integration", ""), texts.get("aha_field", ""))
