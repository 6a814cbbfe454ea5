"""Writes docs/reference/fields.md from the mapping's defaults and the table of conversions.

Run by hand; a test holds the file against it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.path.matrix.reasons import BESIDE
from tests.path.matrix.rows import ROWS
from tests.path.matrix.things import THINGS

from crosswalk.aha.metadata import HOLDS
from crosswalk.jira.described import READ_ONLY
from crosswalk.jira.metadata import REFERENCE
from crosswalk.merge.records import FieldType
from crosswalk.merge.rules import Direction, Side
from crosswalk.sync import defaults
from crosswalk.sync.conversions import AHA_LIKE, AHA_WORDS, GRID, JIRA_LIKE, JIRA_WORDS, SAYS, WHY, misdirected
from crosswalk.sync.mapping import DIRECTIONS, USUAL, WORDS, FieldLine, Mapping, TypeLine, creates

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "fields.md"
HEAD = """# Fields: what is carried, which way, and how

Written from the code by `./run python -m tools.fields_page`. Every direction can be changed for each field: `to jira`,
`to aha`, `both`, `once to jira`, `once to aha`, `off`. Sets (tags, labels, versions, lists of options) are merged entry
by entry, formatted texts paragraph by paragraph; an empty value empties the other side.
"""
MAKING = """## Lines, options and constants

A line joins two fields by the names the products themselves use; a custom field in Aha! is `custom:KEY`, in Jira
`customfield_NUMBER`. `options` says which option in Aha! is which in Jira; options of equal name need no entry.
`constants` sets fields in Jira to a fixed value, and puts it back when somebody changes it; entries that a list holds
besides stay.

```yaml
fields:
  feature:
  - {name: Tier, aha: "custom:customer_tier", jira: customfield_10030, options: {Commuter: Commuters}}
  - {name: Sprint, aha: "custom:sprint", jira: customfield_10020, direction: to aha}
constants:
  feature: {priority: Low, labels: from-aha, customfield_10033: 2027-06-01}
```

Estimates may stand in two lines, one to the time tracking and one to a number field: which one counts is told by the
units of the record in Aha!, minutes or points. Points never become a time: what remains of an estimate in points, which
Jira has no field for, stays in Aha!, and so do points where no line leads to a number field. When a record changes its
units, the field of the other units keeps what it held. A mapping that joins fields without sense is refused, with the
reason.

**A moment's day.** Where a date is joined with a moment (*created* with a date field, a date field with a *date and
time*), the day is that in the time zone of the Jira account that Crosswalk works as. It stands in the profile of that
account, is read with the project data and shown there; without one it is UTC. A date becomes noon of its day in that
zone. After a change of the profile load the project data: what is in step then stays as it is, and the next change
counts in the new zone. A text shows a moment whole, with its offset. Work keeps the day of its author's own clock.
"""
GRID_HEAD = """## The conversions

A row is what the Aha! field holds, a column what the Jira field holds. `>` only to Jira, `<` only to Aha!, `.` has no
sense. Files become files of the issue (`hung`, only to Jira), and nothing else.
"""


GAPS_HEAD = """## What does not exist, and why

`tests/path/matrix` plays every field on Jira Cloud and on Jira Data Center: made, changed, cleared and deleted from
either side, in every direction, and quiet afterwards. These cells do not exist, by the vendors' own interfaces:
"""


def page() -> str:
    """The page's text."""
    parts = [HEAD, *_flows(), *_lines(), GAPS_HEAD, *_gaps(), MAKING, GRID_HEAD, "```", GRID.strip("\n"), "```", ""]
    parts += _table(("word", "what it does"), sorted(SAYS.items()))
    parts += ["## What the rows and columns are", ""]
    rows = ((f"`{name}`", word, _classes(name), _like(AHA_LIKE, name)) for name, word in AHA_WORDS.items())
    parts += _table(("row", "in Aha!", "custom fields of this type", "same as"), rows)
    columns = ((f"`{name}`", word, WHY.get(name, ""), _like(JIRA_LIKE, name)) for name, word in JIRA_WORDS.items())
    parts += _table(("column", "in Jira", "why not everything becomes one", "same as"), columns)
    return "\n".join(parts).rstrip() + "\n"


def _lines() -> Iterable[str]:
    for kind, lines in (
        ("A feature", (*defaults.FEATURE, *_around("feature"))),
        ("A requirement", (*defaults.REQUIREMENT, *_around("requirement"))),
        ("An epic", (*defaults.EPIC, *_around("epic"))),
        ("An initiative", defaults.INITIATIVE),
        ("A release (a version in Jira)", defaults.RELEASE),
    ):
        yield f"## {kind}"
        yield ""
        yield from _table(("field", "Aha!", "Jira", "direction at first"), map(_line, lines))
    yield "A line is there from the beginning only if the issue type has the Jira field on its create screen. Besides:"
    yield ""
    named = (
        (line.name, f"`{line.aha}`", f"a {holds} field called {' or '.join(names)}", WORDS[line.direction])
        for line, holds, names in defaults.BY_NAME
    )
    joined = ("custom fields", "any name", "a field of the same name, if its type is as good as the same", "both")
    yield from _table(("field", "Aha!", "Jira", "direction at first"), (*named, joined))
    yield "By a line that somebody writes:"
    yield ""
    head = ("field", "Aha!", "Jira", "directions there are")
    yield from _table(
        head, ((name, "a custom field, such as a text", f"`{jira}`", _ways(jira)) for name, jira in SHOWN)
    )
    parts = (
        (kind, WORDS[line.direction], "yes" if line.edits else "no", "yes" if line.removes else "no")
        for kind, line in USUAL.items()
    )
    yield from _table(("what hangs on records", "direction at first", "edits follow", "removals follow"), parts)


SHOWN = (
    ("Sprint", "sprint"),
    ("Resolution", "resolution"),
    ("Moment the issue was created", "created"),
    ("Moment of the last change", "updated"),
)
"""What Jira alone says. A sprint stands in a custom field of Jira Software."""


def _ways(jira: str) -> str:
    """The directions of a line from a text field of Aha! to a field that Jira only shows."""
    assert jira in READ_ONLY or jira == "sprint", f"{jira} can be written: say so"
    ends = (
        FieldType("line", "Text"),
        FieldType({"sprint": "sprints", "resolution": "choice"}.get(jira, "moment"), "", True),
    )
    return ", ".join(
        word for word, way in DIRECTIONS.items() if way is not Direction.OFF and not misdirected(*ends, way)
    )


def _around(kind: str) -> tuple[FieldLine, ...]:
    """The lines about order and parents that a kind has besides."""
    if kind == "release":
        return ()
    every = {"initiative": TypeLine("Initiative"), "epic": TypeLine("Epic"), "feature": TypeLine("Story")}
    above = defaults.parent_lines(kind, {**every, "requirement": TypeLine("Sub-task")}, "parent")
    return (*above, *defaults.rank_lines(kind, "Rank", "Aha! Rank"))


def _flows() -> Iterable[str]:
    """Every thing that is carried, by the direction it has at first, each direction read from the code."""
    columns: dict[str, list[str]] = {"both": [], "to jira": [], "to aha": [], "once to jira": [], "off": []}
    for name, word in _things():
        columns[word].append(name)
    yield "## What flows which way at first"
    yield ""
    heads = {
        "both": "both ways",
        "to jira": "Aha! to Jira",
        "to aha": "Jira to Aha!",
        "once to jira": "to Jira, when made",
        "off": "off until somebody switches it on",
    }
    yield from _table(
        ("direction", "what"), ((f"**{heads[word]}**", "; ".join(found)) for word, found in columns.items())
    )
    yield "Of the same name on several kinds of record: all that have it. Details stand below."
    yield ""


def _things() -> Iterable[tuple[str, str]]:
    """Each thing that is carried, and the word for its direction."""
    ways: dict[tuple[str, str], list[str]] = {}
    for kind in ("feature", "requirement", "epic", "initiative", "release"):
        for line in (*defaults.LINES[kind], *_around(kind)):
            name = f"Release {line.name.lower()}" if kind == "release" and line.name == "Name" else line.name
            ways.setdefault((name, WORDS[line.direction]), []).append(kind)
    several = {name for name, _ in ways if sum(one == name for one, _ in ways) > 1}
    for (name, word), kinds in ways.items():
        yield f"{name} of {_listed(kinds)}" if name in several else name, word
    yield from ((line.name, WORDS[line.direction]) for line, _, _ in defaults.BY_NAME)
    yield "custom fields of equal name", WORDS[FieldLine("", "", "").direction]
    yield from ((f"{kind}s", WORDS[line.direction]) for kind, line in USUAL.items())
    for kind in ("requirement", "feature", "release"):
        yield f"new {kind}s", _made(kind, TypeLine("Story"))
    for kind, line in defaults.higher_types([("Epic", 1), ("Initiative", 2)]).items():
        yield f"new {kind}s", _made(kind, line)
    yield (
        "features, epics and initiatives made in Jira (by `imports`)",
        "off" if Mapping().imports == "none" else "to aha",
    )
    yield f"{REFERENCE} (a field of that name; where the issue type has none, a web link, once)", "to jira"
    yield "constants", "to jira"
    yield from ((f"{name} (by a line into a custom field)", _ways(jira).split(", ")[0]) for name, jira in SHOWN)


def _made(kind: str, line: TypeLine) -> str:
    """On which side new records of a kind are made across at first, as a direction."""
    sides = creates(kind, line)
    return "both" if len(sides) == 2 else "to jira" if Side.RIGHT in sides else "to aha" if sides else "off"


def _listed(kinds: list[str]) -> str:
    return ", ".join(f"{kind}s" for kind in kinds)


def _gaps() -> list[str]:
    """The exceptions of the matrix, as its tables name them."""
    rows = [
        (one.name, cell, gap.why, gap.instead, f"[document]({gap.document})" if gap.document else "")
        for one in (*ROWS, *THINGS)
        for cell, gap in one.missing.items()
    ]
    rows += [
        (name, cell, gap.why, gap.instead, f"[document]({gap.document})" if gap.document else "")
        for name, cell, gap in BESIDE
    ]
    return _table(("what", "cell", "why", "what happens instead", "by"), rows)


def _line(line: FieldLine) -> tuple[str, ...]:
    return line.name, f"`{line.aha}`", f"`{line.jira}`", WORDS[line.direction]


def _classes(name: str) -> str:
    return ", ".join(sorted(type_ for type_, holds in HOLDS.items() if holds == name))


def _like(table: object, name: str) -> str:
    found = table.get(name, "") if isinstance(table, dict) else ""
    return f"`{found}`" if found else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    def line(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(cells)} |"

    return [line(head), f"|{'---|' * len(head)}", *map(line, rows), ""]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stderr.write(f"wrote {PAGE}\n")
