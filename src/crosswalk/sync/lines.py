"""The field lines of a mapping against what both sides can hold: which count, which are wrong, and constants. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosswalk.errors import a_or_an
from crosswalk.jira.edits import GRANT
from crosswalk.jira.metadata import LinkType
from crosswalk.merge.records import FieldType, Snapshot
from crosswalk.merge.rules import Direction, Rule, Side, Translation, Untranslatable, is_whole
from crosswalk.merge.values import MISSING, Choice
from crosswalk.sync.above import BELOW_EPICS, is_above, sent
from crosswalk.sync.conversions import Ends, conversion, misdirected, senseless, translation
from crosswalk.sync.maplines import PartLine
from crosswalk.sync.mapping import RANKED, FieldLine, Problem
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.turning import Beside, constant

TABLES = (("workflow_status", "status"), ("releases", "fixVersions"))  # what has a table of its own
TEXT = FieldType("line", "Constant")
NO_REPORTER = (
    "the account may not set the reporter of “{}”, or the field is not on its screens: the line is left out, and "
    "everything else is carried."
)
TOO_LOW = "no “{}” stands below a “{}” in Jira: the line is left out, and everything else is carried."
HIGHER = "Map what is above to a type that is higher in Jira's hierarchy, or switch the line off."
NO_FILES = "files are not carried to Jira by this mapping, so the field's are not either."
NO_PARENT = "Switch the line off, or set it by hand in Jira."
SCREEN = "See whether its name is written right, put it on the screen and load the project data, or switch it off."
SCREEN_OF_TYPE = "Put it on that screen and load the project data, if it is wanted there. All else is carried."
SCREEN_TO_EDIT = "Put it on that screen too and load the project data. All else is carried."
LAYOUT = "See whether its name is written right, or add it to the layout in Aha! and load the project data."


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several issue types that records of a kind become: the fields it takes, the statuses of its workflow."""

    fields: frozenset[str]
    statuses: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """What both sides can hold, per Aha! kind: statuses, the fields that the Jira type takes, and what each holds."""

    aha_statuses: Mapping[str, tuple[Choice, ...]]
    jira_statuses: Mapping[str, tuple[Choice, ...]]
    jira_fields: Mapping[str, frozenset[str]]
    rich_format: str
    link_types: tuple[LinkType, ...] = ()
    aha_types: Mapping[str, Mapping[str, FieldType]] = field(default_factory=dict)
    jira_types: Mapping[str, Mapping[str, FieldType]] = field(default_factory=dict)
    links_above: frozenset[str] = frozenset()
    rank: str = ""
    parents: Mapping[str, str] = field(default_factory=dict)
    type_names: Mapping[str, Choice] = field(default_factory=dict)
    zone: str = ""
    reference: str = ""
    variants: Mapping[str, Mapping[str, Variant]] = field(default_factory=dict)
    """Per kind whose records become issues of several types, what each type, by its id, has."""
    uneditable: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Per kind, what the edit screen of each of its issue types, by name, lacks of what the create screen has."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """How high in Jira's hierarchy the usual type of a kind is, where Jira tells it."""
    own_options: Mapping[str, Mapping[str, tuple[Choice, ...]]] = field(default_factory=dict)
    """Per Jira field whose options differ between issue types, what each type, by its id, has."""

    def lacking(self, kind: str, type_: str) -> frozenset[str]:
        """Fields that other issue types of a kind take and this one does not; none of a type that no rule names."""
        variant = self.variants.get(kind, {}).get(type_)
        return frozenset() if variant is None else self.jira_fields[kind] - variant.fields

    def statuses_of(self, kind: str, type_: str) -> tuple[Choice, ...]:
        """The Jira statuses of an issue of this type; of one that no rule names, those of all types of the kind."""
        variant = self.variants.get(kind, {}).get(type_)
        return self.jira_statuses.get(kind, ()) if variant is None else variant.statuses

    def stands_below(self, kind: str, above: str) -> bool:
        """Whether issues of a kind may stand below those of the kind `above`; so, too, where no level is told."""
        own, higher = self.levels.get(kind), self.levels.get(above)
        return own is None or higher is None or own < higher

    def ends(self, kind: str, line: FieldLine, type_: str = "") -> tuple[FieldType, FieldType] | None:
        """What the two fields of a line hold, in an issue of the type with the id `type_`; None where that is not
        known."""
        aha, jira = self.aha_types.get(kind, {}).get(line.aha), self.jira_field(kind, line.jira, type_)
        return (aha, jira) if aha is not None and jira is not None else None

    def jira_field(self, kind: str, name: str, type_: str = "") -> FieldType | None:
        """What a Jira field holds, with the options that an issue of this type has; of one that is not known, those of
        all types of the kind."""
        held, own = self.jira_types.get(kind, {}).get(name), self.own_options.get(name, {}).get(type_)
        if held is None or own is None:
            return held
        named = next((one.name for one in self.type_names.values() if one.id == type_), "")
        return replace(held, options=own, of_type=named)


def constants(mapping: Map, lists: Lists, kind: str, right: Snapshot | None, type_: str = "") -> tuple[Rule, ...]:
    """A rule for each constant of a kind. Its value is part of its name, so that another value is another rule.

    It reads the record's name, which is always there, and makes nothing of it. What an issue of the type with the id
    `type_` lacks is left out.
    """
    found, lacks = [], lists.lacking(kind, type_)
    for name, text in mapping.constants.get(kind, {}).items():
        held = lists.jira_field(kind, name, type_)
        if held is None or name in lacks:
            continue
        form = translation(Ends(TEXT, held, rich=lists.rich_format))
        meant = constant(text, form, right.get(name) if right else MISSING)
        found.append(Rule(f"{held.name} = {text}", "name", name, Direction.TO_RIGHT, translation=meant))
    return tuple(found)


def beside(mapping: Map, lists: Lists, place: tuple[str, str, str], form: Translation) -> Translation:
    """`form`, the translation of a line, where constants of that list are left to Jira; `place` is the kind, the Jira
    field, and the id of the issue's type."""
    kind, name, _ = place
    text, held = mapping.constants.get(kind, {}).get(name), lists.jira_field(*place)
    if text is None or held is None or is_whole(form):
        return form
    own = translation(Ends(TEXT, held, rich=lists.rich_format)).to_right(text)
    return Beside(form, own) if isinstance(own, frozenset) else form


def check_fields(mapping: Map, lists: Lists, kind: str) -> Iterable[Problem]:
    """What in the field lines and constants of a kind does not fit the project data."""
    for index, line in enumerate(mapping.fields.get(kind, ())):
        if line.direction is not Direction.OFF:
            yield from _check_line(mapping, lists, kind, f"fields.{kind}[{index}]", line)
    for name, text in mapping.constants.get(kind, {}).items():
        yield from _check_constant(mapping, lists, kind, name, text)
    yield from _check_variants(mapping, lists, kind)
    yield from _check_edit_screens(mapping, lists, kind)


def _check_line(mapping: Map, lists: Lists, kind: str, where: str, line: FieldLine) -> Iterable[Problem]:
    if line.jira == lists.rank != "":
        yield from _check_rank(mapping, kind, where, line)
    elif is_above(line.aha, line.jira, lists.links_above):
        if lists.parents.get(kind) == "" and sent(mapping, line.aha) and mapping.types[kind].relation != "relates":
            yield Problem(f"{where}.jira", no_parent(kind, mapping.types[kind].type), NO_PARENT, mild=True)
        elif sent(mapping, line.aha) and not lists.stands_below(kind, line.aha):
            what = TOO_LOW.format(mapping.types[kind].type, mapping.types[line.aha].type)
            yield Problem(f"{where}.jira", what, HIGHER, mild=True)
    else:
        yield from _check_ends(mapping, lists, kind, where, line)


def _check_variants(mapping: Map, lists: Lists, kind: str) -> Iterable[Problem]:
    """What some of several issue types do not take: said once a type, and left out there."""
    written = {line.jira: line.name for line in mapping.fields.get(kind, ()) if line.direction.writes(Side.RIGHT)}
    written |= {name: name for name in mapping.constants.get(kind, {}) if name not in written}
    names = {one.id: one.name for one in lists.type_names.values()}
    for type_ in lists.variants.get(kind, {}):
        lacks = lists.lacking(kind, type_)
        if told := ", ".join(f"“{label}”" for name, label in written.items() if name in lacks):
            what = f"the create screen of “{names.get(type_, type_)}” lacks {told}: left out for issues of that type."
            yield Problem(f"types.{kind}.types", what, SCREEN_OF_TYPE, mild=True)


def _check_edit_screens(mapping: Map, lists: Lists, kind: str) -> Iterable[Problem]:
    """What Jira takes for a new issue, and lets nobody change after."""
    for index, line in enumerate(mapping.fields.get(kind, ())):
        types = [name for name, lacks in lists.uneditable.get(kind, {}).items() if line.jira in lacks]
        if types and line.direction.writes(Side.RIGHT):
            named = " and ".join(f"“{name}”" for name in types)
            what = f"the edit screen of {named} lacks “{line.name}”: new issues get it, later changes are not carried."
            yield Problem(f"fields.{kind}[{index}].jira", what, SCREEN_TO_EDIT, mild=True)


def _check_rank(mapping: Map, kind: str, where: str, line: FieldLine) -> Iterable[Problem]:
    """The order of records: what it is joined with, which way it goes, and which kinds have one."""
    if line.aha != "position":
        yield Problem(where, "the rank is joined with the position in Aha!, and with nothing else.", "Write: position.")
    elif why := unranked(kind, line.direction):
        ways = "to jira, to aha or both" if kind == "requirement" else "to jira"
        yield Problem(where, why, f"Write: {ways}.")
    elif kind not in RANKED or (kind == "feature" and "release" not in mapping.types):
        what = "only requirements, and features of releases that are sent, are ranked."
        yield Problem(where, what, "Leave the line out, or send releases.")


def _check_ends(mapping: Map, lists: Lists, kind: str, where: str, line: FieldLine) -> Iterable[Problem]:
    """Whether both fields are there, and can be joined this way."""
    known, ends = lists.jira_fields.get(kind), lists.ends(kind, line)
    shown = line.jira in ("status", "created", "updated", "attachment") or (
        not line.direction.writes(Side.RIGHT) and line.jira in lists.jira_types.get(kind, {})
    )
    if known is not None and line.jira not in known and not shown and line.jira == "reporter":
        yield Problem(f"{where}.jira", NO_REPORTER.format(mapping.types[kind].type), GRANT, mild=True)
    elif known is not None and line.jira not in known and not shown:
        what = f"the Jira field “{line.jira}” is not on the create screen of “{mapping.types[kind].type}”."
        yield Problem(f"{where}.jira", what, SCREEN)
    elif kind in lists.aha_types and not _in_aha(line.aha, lists.aha_types[kind]):
        what = f"Aha! has no field “{line.aha}” on {a_or_an(kind)}."
        yield Problem(f"{where}.aha", what, LAYOUT)
    elif ends is not None and (line.aha, line.jira) not in TABLES:
        if why := senseless(*ends):
            yield Problem(where, why, "Map it to a field of its own kind.")
        elif why := misdirected(*ends, line.direction):
            yield Problem(f"{where}.direction", why, "Turn the direction around.")
        elif line.jira == "attachment" and not _to_jira(mapping.parts.get("attachment")):
            yield Problem(where, NO_FILES, "Let files go to Jira on the sheet “Comments, files, links”.")
        else:
            yield from _check_options(where, line, *ends)


def _to_jira(line: PartLine | None) -> bool:
    return line is not None and line.direction.writes(Side.RIGHT)


def no_parent(kind: str, type_: str) -> str:
    """Why a line about what records of a kind stand below is left out."""
    why = f"Jira Data Center has no field that says what an issue of the type “{type_}” stands below"
    if kind in BELOW_EPICS:
        why = f"the Epic Link, by which Jira Data Center says this, is not on the screen of “{type_}”"
    elif kind == "epic":
        why = f"the Parent Link (Advanced Roadmaps), by which Data Center says this, is not on the screen of “{type_}”"
    return f"{why}: the line is left out, and everything else is carried."


def unranked(kind: str, direction: Direction) -> str:
    """Why the order of records of a kind can not be carried that way; "" where it can."""
    if direction.once:
        return "an order is kept in step, and never set once."
    if kind != "requirement" and direction.writes(Side.LEFT):
        return (
            "Jira's backlog has what stands in many releases in one row: the order in a release comes from Aha! only."
        )
    return ""


def _in_aha(name: str, known: Mapping[str, FieldType]) -> bool:
    return name in known or name.startswith("integration:")


def _check_options(where: str, line: FieldLine, aha: FieldType, jira: FieldType) -> Iterable[Problem]:
    """A table of options may name only what is there."""
    cell = conversion(aha, jira)
    if line.options and cell is not None and cell.name not in ("named", "label", "one", "several", "chosen", "team"):
        yield Problem(f"{where}.options", "these two fields have no options.", "Leave the table out.")
        return
    for here, there in line.options.items():
        for name, end, product in ((here, aha, "Aha!"), (there, jira, "Jira")):
            if end.options and end.closed and not _among(name, end.options):
                what = f"“{end.name}” in {product} has no option “{name}”."
                yield Problem(f"{where}.options.{here}", what, f"Known are: {_listed(end.options)}.")


def _among(name: str, options: Sequence[Choice]) -> bool:
    return any(one.name.casefold() == name.casefold() for one in options)


def _listed(options: Sequence[Choice]) -> str:
    names = list(dict.fromkeys(one.name for one in options))
    return ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")


def _check_constant(mapping: Map, lists: Lists, kind: str, name: str, text: str) -> Iterable[Problem]:
    where, known = f"constants.{kind}.{name}", lists.jira_fields.get(kind)
    held = lists.jira_types.get(kind, {}).get(name)
    if known is None or name not in known or held is None:
        yield Problem(where, f"the Jira field “{name}” is not on the create screen of this type.", SCREEN)
    elif held.read_only or senseless(TEXT, held):
        what = f"“{held.name}” in Jira can not be set to a fixed value."
        yield Problem(where, what, "Choose a field that takes a text, a number, a date or an option.")
    elif isinstance(meant := translation(Ends(TEXT, held, rich=lists.rich_format)).to_right(text), Untranslatable):
        choose = (
            "Choose one of its options, or add it in Jira and load the project data."  # there is no table of options
        )
        yield Problem(where, f"{meant.reason}.", choose if meant.code == "F9" else meant.remedy)
    elif not isinstance(meant, frozenset):
        for line in mapping.fields.get(kind, ()):
            if line.jira == name and line.direction.writes(Side.RIGHT):
                what = f"the line “{line.name}” sets “{held.name}”, too: each would undo the other."
                yield Problem(where, what, "Take the fixed value out, or let the line go to aha.")
