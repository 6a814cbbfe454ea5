"""The mapping an ordinary project needs, so that nobody has to write one first. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosswalk.jira.metadata import LinkType
from crosswalk.merge.records import FieldType
from crosswalk.merge.rules import Direction
from crosswalk.merge.values import Choice
from crosswalk.sync.above import LINKED
from crosswalk.sync.conversions import conversion, misdirected
from crosswalk.sync.maplines import LINKABLE
from crosswalk.sync.mapping import RANKED, USUAL, FieldLine, Link, TypeLine

REPORTER = FieldLine("Reporter", "created_by_user", "reporter")
"""Who made it. Aha! takes that of every kind but initiatives (aha/patches.py, CREATORS)."""
FEATURE = (
    FieldLine("Name", "name", "summary"),
    FieldLine("Description", "description", "description"),
    FieldLine("Status", "workflow_status", "status", Direction.TO_LEFT),
    FieldLine("Release", "releases", "fixVersions", Direction.TO_RIGHT),
    FieldLine("Assignee", "assigned_to_user", "assignee"),
    FieldLine("Due date", "due_date", "duedate"),
    FieldLine("Tags", "tags", "labels", Direction.OFF),
    REPORTER,
    FieldLine("Estimate", "original_estimate", "timeoriginalestimate"),
    FieldLine("Remaining estimate", "remaining_estimate", "timeestimate"),
)
REQUIREMENT = (
    FieldLine("Name", "name", "summary"),
    FieldLine("Description", "description", "description"),
    FieldLine("Status", "workflow_status", "status", Direction.TO_LEFT),
    FieldLine("Assignee", "assigned_to_user", "assignee"),
    REPORTER,
    FieldLine("Estimate", "original_estimate", "timeoriginalestimate"),
    FieldLine("Remaining estimate", "remaining_estimate", "timeestimate"),
)
RELEASE = (
    FieldLine("Name", "name", "name", Direction.TO_RIGHT),
    FieldLine("Release date", "release_date", "releaseDate", Direction.TO_RIGHT),
    FieldLine("Released", "released", "released", Direction.TO_RIGHT),
)
PARTS = USUAL
WORK = (
    FieldLine("Name", "name", "summary"),
    FieldLine("Description", "description", "description"),
    FieldLine("Status", "workflow_status", "status", Direction.TO_LEFT),
    FieldLine("Assignee", "assigned_to_user", "assignee"),
)
EPIC = (*WORK, REPORTER)
INITIATIVE = (*WORK, replace(REPORTER, direction=Direction.ONCE_TO_RIGHT))
LINES = {"initiative": INITIATIVE, "epic": EPIC, "feature": FEATURE, "requirement": REQUIREMENT, "release": RELEASE}
ALWAYS = {"summary", "description", "status"}

IN_PROGRESS = ("in progress", "in development", "in design", "under development", "started", "doing")
DONE = ("shipped", "done", "ready to ship", "completed", "closed", "released")


def field_lines(kind: str, jira_fields: frozenset[str]) -> tuple[FieldLine, ...]:
    """The usual lines of `kind`, without those whose Jira field the type does not have."""
    lines = LINES[kind]
    if kind == "release":
        return lines
    return tuple(line for line in lines if line.jira in ALWAYS or line.jira in jira_fields)


POINTS = ("story points", "story point estimate")
BY_NAME: tuple[tuple[FieldLine, str, tuple[str, ...]], ...] = (
    (FieldLine("Points", "original_estimate", ""), "number", POINTS),
    (FieldLine("Start date", "start_date", ""), "date", ("start date",)),
    (FieldLine("Score", "score", "", Direction.TO_RIGHT), "number", ("aha! score",)),
)
"""Lines for Jira fields that are custom there and go by a usual name: the line, what the field holds, its names."""


def named_lines(aha: Mapping[str, FieldType], jira: Mapping[str, FieldType]) -> tuple[FieldLine, ...]:
    """The lines of BY_NAME whose fields both sides have."""
    return tuple(
        replace(line, jira=name)
        for line, holds, names in BY_NAME
        for name in [n for n, one in jira.items() if one.holds == holds and one.name.casefold() in names][:1]
        if line.aha in aha
    )


def custom_lines(aha: Mapping[str, FieldType], jira: Mapping[str, FieldType]) -> tuple[FieldLine, ...]:
    """Both ways, for custom fields of equal name and types that go both ways without loss of form.

    Where the name is not the only one of its kind on a side, nobody knows which is meant: no line.
    """
    here = _by_name({name: one for name, one in aha.items() if name.startswith("custom:")})
    there = _by_name({name: one for name, one in jira.items() if name.startswith("customfield_")})
    return tuple(
        FieldLine(aha[here[name]].name, here[name], there[name])
        for name in here
        if name in there and _alike(aha[here[name]], jira[there[name]])
    )


def _by_name(fields: Mapping[str, FieldType]) -> dict[str, str]:
    names = [one.name.casefold() for one in fields.values()]
    return {
        one.name.casefold(): name for name, one in fields.items() if one.name and names.count(one.name.casefold()) == 1
    }


def _alike(aha: FieldType, jira: FieldType) -> bool:
    cell = conversion(aha, jira)
    return cell is not None and cell.name in ALIKE and not misdirected(aha, jira, Direction.BOTH)


ALIKE = frozenset({"same", "short", "rich", "named", "label", "mailed"})


def parent_lines(kind: str, types: Mapping[str, TypeLine], jira: str) -> tuple[FieldLine, ...]:
    """The line about what a record of `kind` stands below; `jira` is the field that says so there."""
    above = {"requirement": ("feature",), "feature": ("epic", "initiative"), "epic": ("initiative",)}.get(kind, ())
    known = next((one for one in above if one in types), "")
    if types[kind].relation == "relates":
        jira = LINKED if kind in LINKABLE else ""
    if not known or not jira:
        return ()
    name = "Parent" if known == "feature" else known.capitalize()
    return (FieldLine(name, known, jira),)


def rank_lines(kind: str, rank: str, number: str) -> tuple[FieldLine, ...]:
    """The lines about the order in Aha!: the rank of features and (both ways) requirements, and a number to look at."""
    ranked = rank and kind in RANKED
    ways = Direction.BOTH if kind == "requirement" else Direction.TO_RIGHT
    lines = (FieldLine("Rank", "position", rank, ways),) if ranked else ()
    shown = number and kind in ("feature", "requirement", "epic")
    return (*lines, *((FieldLine("Aha! Rank", "position", number, Direction.TO_RIGHT),) if shown else ()))


def higher_types(types: Sequence[tuple[str, int]]) -> dict[str, TypeLine]:
    """What initiatives and epics become where a project has types above the ordinary ones (name, level): off at first.

    Where only one level is there, both become its type; a feature stands below its epic.
    """
    levels = sorted({level for _, level in types})
    if not levels:
        return {}
    first = [name for name, level in types if level == levels[0]]
    epic = TypeLine(_preferred(first, ("epic",)) or first[0], "parent", Direction.OFF)
    above = next((name for name, level in types if len(levels) > 1 and level == levels[1]), "")
    initiative = TypeLine(above or epic.type, "parent", Direction.OFF)
    return {"initiative": initiative, "epic": epic}


def type_lines(names: Sequence[str], subtasks: Sequence[str]) -> dict[str, TypeLine]:
    """What features, requirements and releases become, given the names of a project's types and of its sub-tasks.

    A Story where there is one; requirements become sub-tasks, or else linked issues.
    """
    feature = _preferred(names, ("story", "feature", "task")) or (names[0] if names else "Story")
    types = {"feature": TypeLine(feature), "release": TypeLine("version")}
    if subtasks:
        types["requirement"] = TypeLine(_preferred(subtasks, ("sub-task", "subtask")) or subtasks[0], "parent")
    elif linked := _preferred(names, ("task", "story")):
        types["requirement"] = TypeLine(linked, "relates")
    return types


def _preferred(names: Sequence[str], wanted: Sequence[str]) -> str:
    by_name = {name.casefold(): name for name in names}
    return next((by_name[name] for name in wanted if name in by_name), "")


def statuses(jira: Sequence[Choice], aha: Sequence[Choice]) -> dict[str, str]:
    """A status table by equal names first, then by category: to do, in progress, done.

    Aha! statuses come in the order of their workflow; those that count as complete have the category "done". What
    "new" in Jira means in Aha! is the workflow's first status.
    """
    if not aha:
        return {}
    by_name = {status.name.casefold(): status.name for status in aha}
    opening = [status for status in aha if status.category != "done"]
    ending = [status for status in aha if status.category == "done"]
    first = (opening or aha)[0].name
    middle = _preferred([status.name for status in opening], IN_PROGRESS) or (opening[1:2] or opening or aha)[0].name
    last = _preferred([status.name for status in ending], DONE) or (ending or aha)[0].name
    by_category = {"new": first, "indeterminate": middle, "done": last}
    return {
        status.name: by_name.get(status.name.casefold()) or by_category.get(status.category, first) for status in jira
    }


LINKS = (
    ("Relates to", "relates", "outward"),
    ("Blocked by", "blocks", "inward"),
    ("Depends on", "blocks", "inward"),
    ("Duplicated by", "duplicate", "inward"),
)
"""Aha! link types, and the Jira type and end that say the same. The first line of a Jira type is its way to Aha!."""


def link_types(jira: Sequence[LinkType]) -> dict[str, str]:
    """A table of link types, as far as this Jira has them."""
    by_name = {one.name.casefold(): one for one in jira}
    return {aha: getattr(by_name[name], end) for aha, name, end in LINKS if name in by_name}


def link(aha_integration: str, url_fields: Sequence[str]) -> Link:
    """Where the issue is shown in Aha!: a URL custom field whose key speaks of Jira, else an integration's fields.

    Aha! takes many links in one request for the one, and only one for the other.
    """
    named = [key for key in url_fields if "jira" in key.casefold()]
    return Link("", named[0]) if named else Link(aha_integration, "")
