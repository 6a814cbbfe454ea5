"""Which field becomes which, and how: one table of the types of both sides. Pure; values are turned in turning.py.

A row is what an Aha! field holds, a column what a Jira field holds, in the connectors' own words. A cell names the
conversion (SAYS has its words); ">" after it: only to Jira, "<": only to Aha!; "." has no sense, `senseless` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from crosswalk.merge.records import FieldType
from crosswalk.merge.rules import SAME, Direction, Mirrored, MirroredWhole, Side, Translation, Untranslatable
from crosswalk.sync import choosing, turning
from crosswalk.sync.translate import People, RichText

GRID = """
         line     rich   url  number  date moment choice  choices words   person people minutes flag sprints issue team
line     short    plain  link digits  iso  iso    named   joined  joined  .      .      digits  .    joined< key<  team
rich     bare     rich   .    .       .    .      .       .       .       .      .      .       .    .       .     .
number   spelled  .      .    same    .    .      .       .       .       .      .      same    .    .       .     .
estimate spelled  .      .    same    .    .      .       .       .       .      .      same    .    .       .     .
score    spelled> .      .    same>   .    .      .       .       .       .      .      .       .    .       .     .
formula  short>   plain> .    digits> iso> iso>   named>  .       .       .      .      .       .    .       .     .
date     dated    .      .    .       same noon   .       .       .       .      .      .       .    .       .     .
moment   dated    .      .    .       day  same   .       .       .       .      .      .       .    .       .     .
url      unlink   plain  same .       .    .      .       .       .       .      .      .       .    .       key<  .
flag     .        .      .    .       .    .      .       .       .       .      .      .       same .       .     .
option   short    plain  .    digits  iso  .      named   one     one     .      .      .       .    joined< .     team
options  listed   .      .    .       .    .      several named   label   .      .      .       .    named<  .     .
links    listed>  .      .    .       .    .      .       named>  label>  .      .      .       .    .       .     .
person   called>  .      .    .       .    .      .       .       .       people single .       .    .       .     .
people   listed>  .      .    .       .    .      .       .       .       among  mailed .       .    .       .     .
choice   called>  .      .    .       .    .      chosen> .       .       .      .      .       .    .       .     .
choices  names>   .      .    .       .    .      .       chosen> tagged> .      .      .       .    .       .     .
"""
AHA_LIKE: Mapping[str, str] = {"open option": "option", "words": "options", "status": "choice"}
JIRA_LIKE: Mapping[str, str] = {"cascade": "choice", "group": "choice", "groups": "choices", "epic": "issue"}
"""Types that go the same ways as another one of their side."""


AHA_WORDS: Mapping[str, str] = {
    "line": "text",
    "rich": "note",
    "number": "number",
    "estimate": "estimate",
    "score": "score or scorecard",
    "formula": "formula",
    "date": "date",
    "moment": "moment",
    "url": "address",
    "flag": "yes or no",
    "option": "choice of a list",
    "open option": "choice of a list, or other text",
    "options": "several of a list",
    "words": "tags",
    "links": "linked records",
    "person": "user",
    "people": "users",
    "status": "status",
    "choice": "other record",
    "choices": "several records",
    "files": "files",
    "other": "field that Crosswalk does not know",
}
JIRA_WORDS: Mapping[str, str] = {
    "line": "text",
    "rich": "paragraph",
    "url": "address",
    "number": "number",
    "date": "date",
    "moment": "date and time",
    "choice": "choice (list, radio buttons, priority, version, project ...)",
    "cascade": "cascading choice",
    "choices": "several choices (list, checkboxes, versions, components)",
    "words": "labels",
    "person": "user",
    "people": "users",
    "group": "group",
    "groups": "groups",
    "team": "team",
    "minutes": "time tracking",
    "flag": "yes or no",
    "sprints": "sprint",
    "issue": "parent",
    "epic": "epic link",
    "files": "files of the issue",
    "other": "field that Crosswalk does not know",
}
WHY: Mapping[str, str] = {
    "rich": "only texts become a paragraph",
    "url": "only a text that is an address becomes one",
    "number": "only numbers, and texts of digits, become a number",
    "date": "only dates, and texts such as 2027-01-31, become a date",
    "moment": "only dates and moments become one",
    "choice": "only a name of something becomes a choice",
    "cascade": "only a choice, or a text such as “Above / Below”, becomes a cascading choice",
    "choices": "only choices, tags and names become entries of a list",
    "words": "only choices, tags and names become labels",
    "person": "only a user becomes a user",
    "people": "only users become users",
    "group": "only a name becomes a group",
    "groups": "only names become groups",
    "team": "only a name becomes a team, by a table of options that gives each team's id",
    "minutes": "only an estimate or a number of minutes becomes a time",
    "flag": "only yes or no becomes yes or no",
    "sprints": "issues are put into sprints in Jira",
    "issue": "parents are set by the mapping's types",
    "epic": "parents are set by the mapping's types",
    "files": "only files hang on an issue",
    "other": "Crosswalk can not read this kind of Jira field",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How a pair of types is converted, and on which sides it can be written."""

    name: str
    to: frozenset[Side] = frozenset(Side)


def _cells() -> dict[tuple[str, str], Cell]:
    head, *rows = GRID.strip("\n").splitlines()
    columns, arrows = head.split(), {">": frozenset({Side.RIGHT}), "<": frozenset({Side.LEFT})}
    found = {}
    for row in rows:
        name, *cells = row.split()
        for column, cell in zip(columns, cells, strict=True):
            if cell != ".":
                found[name, column] = Cell(cell.rstrip("<>"), arrows.get(cell[-1], frozenset(Side)))
    return found


FILES = ("files", "files")
"""The one pair beside the grid: a custom field's files hang on the issue."""
CELLS: Mapping[tuple[str, str], Cell] = {**_cells(), FILES: Cell("hung", frozenset({Side.RIGHT}))}


@dataclass(frozen=True, slots=True)
class Ends:
    """The two fields of a line, and what turning their values needs: options by table, people, Jira's rich format, and
    the time zone in which a moment has a day. Where values go one way only, nothing is read `back`."""

    aha: FieldType
    jira: FieldType
    table: Mapping[str, str] = field(default_factory=dict)
    people: People = field(default_factory=People)
    rich: str = "adf"
    zone: str = ""
    back: bool = True

    @property
    def options(self) -> choosing.Options:
        """What both fields can hold, and the line's table."""
        return choosing.Options(
            self.aha.options, self.jira.options, self.table, self.aha.closed, self.jira.closed, self.jira.of_type
        )

    @property
    def each(self) -> Translation:
        """The translation of one entry of a list."""
        if self.jira.holds == "words":
            return choosing.Label(self.options)
        return choosing.Named(self.options, self.jira.name)


MAKERS: Mapping[str, Callable[[Ends], Translation]] = {
    "same": lambda _: SAME,
    "short": lambda _: turning.Short(),
    "plain": lambda ends: turning.Plain(ends.rich),
    "bare": lambda _: Mirrored(turning.Plain("html")),
    "rich": lambda ends: RichText(ends.rich),
    "link": lambda _: turning.Link(),
    "unlink": lambda _: Mirrored(turning.Link()),
    "digits": lambda _: turning.Digits(),
    "spelled": lambda _: Mirrored(turning.Digits()),
    "iso": lambda ends: turning.Iso(moment=ends.jira.holds == "moment", zone=ends.zone),
    "dated": lambda ends: Mirrored(turning.Iso(moment=ends.aha.holds == "moment", zone=ends.zone)),
    "noon": lambda ends: turning.Noon(ends.zone),
    "day": lambda ends: Mirrored(turning.Noon(ends.zone)),
    "named": lambda ends: ends.each,
    "label": lambda ends: ends.each,
    "one": lambda ends: choosing.One(ends.each),
    "several": lambda ends: MirroredWhole(choosing.One(Mirrored(ends.each))),
    "joined": lambda ends: choosing.Joined(ends.each, ends.back),
    "listed": lambda ends: MirroredWhole(choosing.Joined(SAME, ends.back)),
    "people": lambda ends: ends.people,
    "single": lambda ends: choosing.One(ends.people),
    "mailed": lambda ends: choosing.Mailed(ends.people),
    "among": lambda ends: MirroredWhole(choosing.One(Mirrored(choosing.Mailed(ends.people)))),
    "called": lambda _: choosing.Shown(),
    "key": lambda _: choosing.Shown(),
    "names": lambda ends: MirroredWhole(choosing.Joined(choosing.Shown(), ends.back)),
    "tagged": lambda _: choosing.Tagged(),
    "chosen": lambda ends: choosing.Chosen(ends.each),
    "team": lambda ends: choosing.Team(ends.options),
    "hung": lambda _: SAME,
}
"""A cell's word, and the translation it stands for."""

SAYS: Mapping[str, str] = {
    "same": "unchanged",
    "short": "unchanged; Jira's holds one line of 255 characters",
    "plain": "a paragraph, and its words on the way back",
    "bare": "the words, and a paragraph on the way back",
    "rich": "formatted text, merged paragraph by paragraph",
    "link": "a text that is an address",
    "unlink": "a text that is an address",
    "digits": "a number; a text that is none is refused and shown (F11)",
    "spelled": "digits; a text that is no number is refused and shown (F11)",
    "iso": "a date as 2027-01-31, a moment as 2027-01-31T12:00:00+00:00",
    "dated": "a date as 2027-01-31, a moment as 2027-01-31T12:00:00+00:00",
    "noon": "noon of that day, and the day of a moment on the way back, in the time zone of the Jira account",
    "day": "the day, and noon of it on the way back, in the time zone of the Jira account",
    "named": "by the line's table of options, else by equal name (F9)",
    "label": "a label: spaces become underscores; an option of that name on the way back",
    "one": "a list of one; a longer one is refused on the way back",
    "several": "the one entry of the list; a longer list is refused",
    "joined": "entries between commas; one that holds a comma is refused where the text is read back",
    "listed": "entries between commas; one that holds a comma is refused where the text is read back",
    "people": "by exact e-mail address",
    "single": "a list of one user",
    "mailed": "by exact e-mail address",
    "among": "the one user of the list; a longer list is refused",
    "called": "its name",
    "key": "its key",
    "names": "their names between commas",
    "tagged": "a label of that name",
    "chosen": "the choice of that name",
    "team": "by the line's table of options, which gives each team's name or id; else by equal name; names are known "
    "of teams that issues of the project show on Jira Cloud; on Data Center none are looked up, so there by id (F9)",
    "hung": "each file is attached to the issue, as files of the record are; one that is attached in Jira goes to the "
    "description in Aha!",
}
"""What each word of the table means, for docs/reference/fields.md."""


def conversion(aha: FieldType, jira: FieldType) -> Cell | None:
    """How these two fields are converted; None where that has no sense."""
    return CELLS.get((AHA_LIKE.get(aha.holds, aha.holds), JIRA_LIKE.get(jira.holds, jira.holds)))


def translation(ends: Ends) -> Translation:
    """The translation between two fields; of those that have no conversion, one that says why not."""
    cell = conversion(ends.aha, ends.jira)
    if cell is None:
        why = senseless(ends.aha, ends.jira)
        return turning.Never(Untranslatable(why, "Map it to a field of its own kind.", "F10"))
    return MAKERS[cell.name](ends if len(cell.to) > 1 else replace(ends, back=False))


def senseless(aha: FieldType, jira: FieldType) -> str:
    """Why these two fields can not be joined; "" where they can."""
    if conversion(aha, jira) is not None:
        return ""
    if aha.holds == "files":
        why = "no field of Jira holds files: they hang on the issue itself, so choose Attachment"
    elif aha.holds == "other":
        why = "Crosswalk can not read this kind of Aha! field"
    else:
        why = WHY.get(jira.holds, "a text holds nothing of that kind")
    here, there = AHA_WORDS.get(aha.holds, aha.holds), JIRA_WORDS.get(jira.holds, jira.holds)
    return f"“{aha.name}” in Aha! ({here}) can not become “{jira.name}” in Jira ({there}): {why}."


def misdirected(aha: FieldType, jira: FieldType, direction: Direction) -> str:
    """Why a line of this direction can not work although its types fit; "" where it can."""
    cell = conversion(aha, jira)
    for side, end, product in ((Side.RIGHT, jira, "Jira"), (Side.LEFT, aha, "Aha!")):
        if not direction.writes(side) or cell is None:
            continue
        if end.read_only:
            return f"{product} only shows “{end.name}” and takes no value for it."
        if side not in cell.to:
            return f"from a value as “{end.name}” in {product} nothing can be written there."
    return ""
