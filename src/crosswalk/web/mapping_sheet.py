"""What the mapping editor shows of one kind of record: rows of inputs with their choices, and faults beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from crosswalk.merge.records import FieldType
from crosswalk.merge.rules import Direction, Side
from crosswalk.sync import differences, projectdata
from crosswalk.sync.above import is_above
from crosswalk.sync.conversions import AHA_WORDS, JIRA_WORDS, SAYS, conversion, misdirected, senseless
from crosswalk.sync.lines import TABLES, unranked
from crosswalk.sync.maplines import LINKABLE
from crosswalk.sync.mapping import DIRECTIONS, KINDS, VERSION, FieldLine, Problem, TypeLine, creates
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.translate import Summary
from crosswalk.sync.wording import CREATES, RELATIONS, WAYS
from crosswalk.web.mapping_form import Known, labels
from crosswalk.web.mapping_rows import ConstantRow, LineRow, OptionRow, StatusRow
from crosswalk.web.mapping_usual import as_proposed, is_usual, names_by_way, unit, usual_lines

STATUS = ("workflow_status", "status")
PROPER = {
    ("name", "summary"): f"on one line of {Summary.LONGEST} characters; a shortened name never goes back to Aha!",
    STATUS: "by the table of statuses",
    ("releases", "fixVersions"): "the version that is the release's pair",
    ("tags", "labels"): "each tag as a label: spaces become underscores",
}
SET_BACK = {
    "to aha": "a status changed in Aha! is set back to Jira's",
    "to jira": "a status changed in Jira is set back to Aha!'s",
}
DOCUMENTS = {
    ("initiative", "created_by_user"): "https://www.aha.io/api/resources/initiatives/update_an_initiative",
}
"""Where a vendor says which ways a field of a kind of record goes."""
IMPORTED = ("initiative", "epic", "feature")
MOST_OPTIONS = 100
CODE = re.compile(r" \([A-Z]\d+\)$")
TYPED = ("add-aha", "add-jira", "add-constant", "add-constant-value")


def anchor(name: str, number: int = 0) -> str:
    """A line's place within its page, by its name; by its number where the name has no letters."""
    plain = "-".join(re.findall(r"[^\W_]+", name.casefold()))
    return f"line-{plain or number}"


class Sheet:
    """Everything a template needs for one kind. `data` is a mapping's data, right or wrong."""

    def __init__(self, loaded: Loaded, data: Mapping[str, Any], kind: str, problems: Sequence[Problem] = ()) -> None:
        self.kind, self.data, self.problems = kind, data, tuple(problems)
        self.type: Mapping[str, Any] = data.get("types", {}).get(kind) or {}
        self.version = str(self.type.get("type", "")).casefold() == VERSION
        self._loaded = loaded
        self._lists = projectdata.lists(loaded, self._one(loaded))
        self.known = Known(self._lists.aha_types.get(kind, {}), self._lists.jira_types.get(kind, {}))

    def _one(self, loaded: Loaded) -> Map:
        """A mapping of this kind alone, switched on, with the types that are there."""
        names = {one.name.casefold() for one in loaded.jira.types.values()} | {VERSION}
        type_ = str(self.type.get("type", ""))
        if type_.casefold() not in names or self.kind not in KINDS:
            return Map({self.kind: TypeLine(VERSION)} if self.kind in KINDS else {})
        others = {v: t for v, t in (self.type.get("types") or {}).items() if str(t).casefold() in names}
        return Map(
            {self.kind: TypeLine(type_, str(self.type.get("relation") or "parent"), Direction.BOTH, types=others)}
        )

    @property
    def relations(self) -> dict[str, str]:
        """How records of this kind may hang on their parent; with what is chosen, though it may not be."""
        barred = set() if self.kind in LINKABLE else {"relates"}
        barred -= {str(self.type.get("relation"))}
        return {word: said for word, said in RELATIONS.items() if word not in barred}

    @property
    def creates(self) -> dict[str, str]:
        """On which side new ones may be made; of the default, which that is."""
        return {**CREATES, "": f"the default: {CREATES[_made(self.kind, {**self.type, 'create': ''})]}"}

    @property
    def brought_below(self) -> str:
        """The type of issues that become requirements by themselves, whatever else is imported; "" for none."""
        line = self.data.get("types", {}).get("requirement") or {}
        return str(line.get("type", "")) if line and _made("requirement", line) in ("to aha", "both") else ""

    @property
    def imported(self) -> bool:
        """Whether what is made in Jira becomes a record by the mapping's `imports`, not by its type's own line."""
        return self.kind in IMPORTED

    def faults(self, *places: str) -> list[Problem]:
        """What is wrong at these places and below them."""
        return [one for one in self.problems if any(_at(one.where, place) for place in places)]

    @cached_property
    def beside(self) -> dict[str, list[Problem]]:
        """What is wrong, by the input it is shown beside."""
        kind = self.kind
        found = {
            name: self.faults(f"types.{kind}.{name}") for name in ("create", "relation", "removed", "removed_in_jira")
        }
        exact = [one for one in self.problems if one.where == f"types.{kind}"]
        return found | {
            "type": self.faults(f"types.{kind}.type"),
            "by": [*exact, *self.faults(f"types.{kind}.by", f"types.{kind}.types")],
            "list": [one for one in self.problems if one.where == f"fields.{kind}"],
            **{name.replace("-", "_"): self.faults(name) for name in TYPED},
        }

    @cached_property
    def elsewhere(self) -> list[Problem]:
        """What is wrong where this sheet shows no input."""
        mine = [f"{name}.{self.kind}" for name in ("types", "fields", "statuses", "statuses_to_jira", "constants")]
        return [one for one in self.problems if not any(_at(one.where, place) for place in (*mine, "add-"))]

    # ---- the type ----

    @cached_property
    def types(self) -> list[str]:
        """The types that may be chosen."""
        if self.kind == "release":
            return [VERSION]
        found = [one.name for one in self._loaded.jira.types.values()]
        here = str(self.type.get("type", ""))
        return found if here in found or not here else [here, *found]

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """What this kind usually becomes."""
        return () if self.kind == "release" else differences.advice(self._loaded)

    @cached_property
    def by_rows(self) -> list[tuple[str, str]]:
        """Values of the field that chooses the type, and the types."""
        return [*((str(v), str(t)) for v, t in (self.type.get("types") or {}).items()), ("", "")]

    # ---- lines ----

    @cached_property
    def lines(self) -> list[LineRow]:
        """The fields table."""
        listed = self.data.get("fields", {}).get(self.kind) or []
        return [self._line(number, line) for number, line in enumerate(listed) if isinstance(line, dict)]

    @property
    def on(self) -> list[LineRow]:
        """The lines that carry something, and those that are wrong."""
        return [row for row in self.lines if row.faults or row.data.get("direction") != "off"]

    @property
    def own(self) -> list[LineRow]:
        """Those of them that somebody decided on, or has to: they are not as proposed, or something is wrong."""
        return [row for row in self.on if not row.usual]

    @property
    def usual(self) -> list[LineRow]:
        """Those of them that are as proposed."""
        return [row for row in self.on if row.usual]

    @property
    def usual_names(self) -> list[tuple[str, list[str]]]:
        """What these are called, by the way they go."""
        return names_by_way([row.data for row in self.usual])

    @property
    def as_proposed(self) -> bool:
        """Whether all about the type but its name is as proposed, and nothing is wrong with it."""
        wrong = any(self.beside[name] for name in ("relation", "removed", "removed_in_jira", "by"))
        return not wrong and as_proposed(self._loaded, self.kind, self.type)

    @property
    def off(self) -> list[LineRow]:
        """The lines that are switched off."""
        return [row for row in self.lines if row not in self.on]

    def _line(self, number: int, line: Mapping[str, Any]) -> LineRow:
        names = _ends(line)
        aha, jira = self.known.aha.get(names[0]), self.known.jira.get(names[1])
        own = names in TABLES or is_above(*names, self._lists.links_above) or names[1] == self._lists.rank != ""
        ends = (aha, jira) if aha and jira and not own else None
        cell = conversion(*ends) if ends else None
        says = PROPER.get(names) or (
            CODE.sub("", SAYS[cell.name]) if cell else "the pair of what stands above" if own else ""
        )
        if names == STATUS and (back := SET_BACK.get(str(line.get("direction")))):
            says = f"{says}; {back}"
        if jira and names[1] == self._lists.rank != "":
            jira = replace(jira, holds="order")
            says = "the place in the order, as it changes on one side; where it did on both, that of Aha! counts"
        faults, refused = self.faults(f"fields.{self.kind}[{number}]"), senseless(*ends) if ends else ""
        return LineRow(
            number,
            line,
            aha,
            jira,
            [(word, label, self._no(names[1], ends, word)) for word, label in WAYS.items()],
            says,
            refused,
            _options(line, aha, all_of_them=bool(cell and _has_options(cell.name) and jira and jira.options)),
            self._choices(jira, names[1]),
            faults,
            self._anchor(number, line),
            DOCUMENTS.get((self.kind, names[0]), ""),
            not faults and not refused and is_usual(line, self._usual),
            unit(line, self._listed, self._holds_minutes),
        )

    @cached_property
    def _usual(self) -> tuple[FieldLine, ...]:
        return usual_lines(self._loaded, self.data, self.kind)

    @property
    def _listed(self) -> list[Mapping[str, Any]]:
        return [one for one in self.data.get("fields", {}).get(self.kind) or [] if isinstance(one, dict)]

    def _holds_minutes(self, name: str) -> bool:
        return name in self.known.jira and self.known.jira[name].holds == "minutes"

    def _choices(self, jira: FieldType | None, name: str) -> list[tuple[str, str]]:
        """The names of a Jira field's options; those that not every type of this kind has say which do."""
        names = list(dict.fromkeys(one.name for one in jira.options))[:MOST_OPTIONS] if jira else []
        only = projectdata.options_of_some(self._loaded, self._one(self._loaded), self.kind, name)
        return [(one, f"only {', '.join(only[one])}" if one in only else "") for one in names]

    def _no(self, jira: str, ends: tuple[FieldType, FieldType] | None, word: str) -> str:
        """Why a direction can not be chosen; "" where it can."""
        if jira == self._lists.rank != "":
            return unranked(self.kind, DIRECTIONS[word])
        return misdirected(*ends, DIRECTIONS[word]) if ends else ""

    def _anchor(self, number: int, line: Mapping[str, Any]) -> str:
        """Where the line stands on the page: by its name, which a later line may have, too."""
        listed = self.data.get("fields", {}).get(self.kind) or []
        name = str(line.get("name", ""))
        before = [one for one in listed[:number] if isinstance(one, dict) and str(one.get("name", "")) == name]
        return anchor(name, number) if not before else f"line-{number}"

    @cached_property
    def aha_fields(self) -> list[tuple[str, str]]:
        """What may be added: label and kind of field."""
        return _listed(self.known.aha, AHA_WORDS)

    @cached_property
    def jira_fields(self) -> list[tuple[str, str]]:
        """What may be added: label and kind of field."""
        return _listed(self.known.jira, JIRA_WORDS)

    # ---- tables ----

    @cached_property
    def aha_statuses(self) -> list[str]:
        """The statuses of this kind in Aha!."""
        return [one.name for one in self._lists.aha_statuses.get(self.kind, ())]

    @cached_property
    def jira_statuses(self) -> list[str]:
        """The statuses of the type in Jira."""
        return [one.name for one in self._lists.jira_statuses.get(self.kind, ())]

    @cached_property
    def statuses(self) -> list[StatusRow]:
        """Each status of Jira, and what it is in Aha!."""
        return self._table("statuses", self.jira_statuses)

    @cached_property
    def statuses_back(self) -> list[StatusRow]:
        """Each status of Aha!, and the Jira status it leads to where several mean the same."""
        return self._table("statuses_to_jira", self.aha_statuses)

    def _table(self, name: str, known: Sequence[str]) -> list[StatusRow]:
        table = self.data.get(name, {}).get(self.kind) or {}
        rows = [*known, *(one for one in table if one.casefold() not in {status.casefold() for status in known})]
        by_name = {str(key).casefold(): str(value) for key, value in table.items()}
        return [
            StatusRow(row, by_name.get(row.casefold(), ""), self.faults(f"{name}.{self.kind}.{row}")) for row in rows
        ]

    @property
    def set_back(self) -> str:
        """What becomes of a status that is changed on the side that does not lead; "" where both lead."""
        ways = [SET_BACK.get(str(line.get("direction"))) for line in self._listed if _ends(line) == STATUS]
        return next((f"{one[0].upper()}{one[1:]}." for one in ways if one), "")

    @property
    def named(self) -> int:
        """How many of Jira's statuses mean something in Aha!."""
        return sum(bool(row.chosen) for row in self.statuses)

    @property
    def led(self) -> int:
        """How many of Aha!'s statuses lead to one in Jira: one that is chosen, of that name, or joined with it."""
        meant = {row.chosen.casefold() for row in self.statuses if row.chosen}
        names = {one.casefold() for one in self.jira_statuses}
        return sum(bool(row.chosen) or row.name.casefold() in meant | names for row in self.statuses_back)

    @property
    def opened(self) -> dict[str, bool]:
        """Which parts of the page are unfolded from the start: those in which something wants an answer."""
        tables = [*self.statuses, *self.statuses_back]
        added = self.beside["add_constant"] + self.beside["add_constant_value"]
        return {
            "statuses": any(row.faults for row in tables),
            "constants": bool(added) or any(row.needed or row.faults for row in self.constants),
        }

    @cached_property
    def link_words(self) -> list[str]:
        """The words that Jira's links show on their issues."""
        ends = ((one.outward, one.inward) for one in self._loaded.jira.link_types)
        return sorted({word for pair in ends for word in pair if word})

    @cached_property
    def constants(self) -> list[ConstantRow]:
        """What is always set, and what Jira asks for and nothing gives."""
        table = self.data.get("constants", {}).get(self.kind) or {}
        asked = {one.field: one for one in self.needed}
        return [self._constant(name, str(table.get(name, "")), name in asked) for name in {**table, **asked}]

    def _constant(self, name: str, value: str, needed: bool) -> ConstantRow:
        field = self.known.jira.get(name)
        options = [one for one, _ in self._choices(field, name)]
        if value and options and value not in options:
            options.insert(0, value)
        label = field.name if field else name
        return ConstantRow(name, label, value, options, needed, self.faults(f"constants.{self.kind}.{name}"))

    @cached_property
    def needed(self) -> tuple[differences.Needed, ...]:
        """Required Jira fields without a source."""
        lines = self.data.get("fields", {}).get(self.kind) or []
        given = {
            str(line.get("jira"))
            for line in lines
            if DIRECTIONS.get(str(line.get("direction")), Direction.OFF).writes(Side.RIGHT)
        }
        one = self._one(self._loaded)
        constants = {self.kind: dict(self.data.get("constants", {}).get(self.kind) or {})}
        if self.type.get("create") == "off":
            return ()
        found = differences.needed(replace(one, constants=constants), self._loaded)
        return tuple(item for item in found if item.field not in given)


def _at(where: str, place: str) -> bool:
    if not where.startswith(place):
        return False
    return len(where) == len(place) or where[len(place)] in ".[" or place.endswith("-")


def _made(kind: str, line: Mapping[str, Any]) -> str:
    """On which side new ones of a type's line are made, in a mapping's words; the line may be wrong."""
    relation = "relates" if line.get("relation") == "relates" else "parent"
    create = DIRECTIONS.get(str(line.get("create") or ""))
    sides = creates(kind, TypeLine(str(line.get("type", "")), relation, create))
    return "off" if not sides else "both" if len(sides) == 2 else "to jira" if Side.RIGHT in sides else "to aha"


def _ends(line: Mapping[str, Any]) -> tuple[str, str]:
    return str(line.get("aha", "")), str(line.get("jira", ""))


def _has_options(name: str) -> bool:
    return name in ("named", "label", "one", "several", "chosen")


def _options(line: Mapping[str, Any], aha: FieldType | None, *, all_of_them: bool) -> list[OptionRow]:
    """What the line's table of options says, and every option of the Aha! field where Jira has some to choose."""
    table = {str(here): str(there) for here, there in (line.get("options") or {}).items()}
    names = [one.name for one in aha.options[:MOST_OPTIONS]] if aha and all_of_them else []
    return [OptionRow(name, table.get(name, "")) for name in [*names, *(n for n in table if n not in names)]]


def _listed(fields: Mapping[str, FieldType], words: Mapping[str, str]) -> list[tuple[str, str]]:
    shown = labels(fields)
    found = [(shown[name], words.get(one.holds, one.holds)) for name, one in fields.items() if one.holds != "other"]
    return sorted(found, key=lambda pair: pair[0].casefold())


def others(data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Every kind with the type it becomes, for the way between the sheets; "" where it is not mapped."""
    types = data.get("types", {})
    for kind in KINDS:
        line = types.get(kind) or {}
        off = line.get("create") == "off"
        yield kind, "" if not line else f"{line.get('type', '')}{' (off)' if off else ''}"
