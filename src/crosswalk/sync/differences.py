"""What is different between two loads of project data, and where a mapping does not fit any more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crosswalk.jira.described import own_options
from crosswalk.jira.field_forms import SPRINT
from crosswalk.jira.metadata import COMPANY_MANAGED, TEAM_MANAGED, FieldInfo, TypeInfo
from crosswalk.merge.rules import Direction, Side
from crosswalk.remote.checkup import Problem as Check
from crosswalk.sync import projectdata
from crosswalk.sync.mapping import VERSION, Problem, TypeLine, creates
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.misfits import check
from crosswalk.sync.projectdata import Loaded


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that came, went or was renamed: which list, its name before and now ("" where it was not there)."""

    thing: str
    before: str
    now: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.thing} “{self.now}” is new."
        if not self.now:
            return f"{self.thing} “{self.before}” is gone."
        return f"{self.thing} “{self.before}” is called “{self.now}” now."


def between(before: Loaded, now: Loaded) -> tuple[Difference, ...]:
    """Everything that is different, list by list."""
    apart = frozenset({*own_options(before.jira), *own_options(now.jira)})
    old, new = _lists(before, apart), _lists(now, apart)
    return tuple(found for thing in {**old, **new} for found in _compared(thing, old.get(thing), new.get(thing)))


def _compared(thing: str, old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> Iterator[Difference]:
    if old is None or new is None:
        return  # the list's owner came or went, and that is said
    for key in {**old, **new}:
        if old.get(key, "") != new.get(key, ""):
            yield Difference(thing, old.get(key, ""), new.get(key, ""))


def _lists(loaded: Loaded, apart: frozenset[str]) -> dict[str, dict[str, str]]:
    """Each list by what people call it: id and name of what is in it. Options of the fields `apart` are those of one
    issue type each."""
    types = loaded.jira.types
    found = {
        "The Jira issue type": {key: one.name for key, one in types.items()},
        "The Jira version": {one.id: one.name for one in loaded.jira.versions},
        "The Jira priority": {one.id: one.name for one in loaded.jira.priorities},
        "The Jira link type": {one.id: one.name for one in loaded.jira.link_types},
    }
    for thing, held in (("The Jira board", loaded.jira.boards), ("The person in Jira", loaded.jira.people)):
        if held is not None:
            found[thing] = {one.id: one.name for one in held}
    for info in types.values():
        for name, entries in _of_type(info, apart).items():
            found.setdefault(name, {}).update(entries)
        if (lacks := loaded.jira.uneditable.get(info.id)) is not None:
            named = {one: info.fields[one].name for one in lacks if one in info.fields}
            found[f"Among the fields that the edit screen of a {info.name} lacks in Jira"] = named
    for kind, statuses in loaded.aha.statuses.items():
        found[f"The Aha! {kind} status"] = {one.id: one.name for one in statuses}
    for custom in loaded.aha.custom_fields:
        found.setdefault(f"The Aha! {custom.kind} field", {})[custom.key] = custom.name
        if custom.options:
            found[f"In Aha!'s {custom.kind} field “{custom.name}” the option"] = {
                one.id: one.name for one in custom.options
            }
    found["The Aha! release"] = {one.id: one.name for one in loaded.aha.releases}
    return found


def _of_type(info: TypeInfo, apart: frozenset[str]) -> dict[str, dict[str, str]]:
    found = {
        f"The {info.name} status in Jira": {one.id: one.name for one in info.statuses},
        f"The {info.name} field in Jira": {one.id: one.name for one in info.fields.values()},
        f"What a {info.name} needs in Jira:": {one.id: one.name for one in info.fields.values() if one.required},
    }
    for one in info.fields.values():
        if one.options and "version" not in (one.type, one.items) and one.type != "priority":  # said once, above
            where = f"In Jira's field “{one.name}”" + (f" of a {info.name}" if one.id in apart else "")
            found[f"{where} the option"] = {option.id: option.name for option in one.options}
    return found


def faults(mapping: Map, loaded: Loaded, renamed: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """Where `mapping` does not fit the project data, each with its place; `renamed` says what old names are now."""
    gone = {kind: found for kind in mapping.types if (found := tuple(_type_faults(mapping, loaded, kind)))}
    fitting = replace(mapping, types={kind: line for kind, line in mapping.types.items() if kind not in gone})
    problems = [problem for found in gone.values() for problem in found]
    problems += check(fitting, projectdata.lists(loaded, fitting))
    return tuple(_with_name(problem, renamed or {}) for problem in problems)


def _type_faults(mapping: Map, loaded: Loaded, kind: str) -> Iterable[Problem]:
    line = mapping.types[kind]
    if line.type == VERSION or not creates(kind, line):
        return
    known = {one.name.casefold(): one.name for one in loaded.jira.types.values()}
    names = ", ".join(sorted(known.values())) or "none"
    named = {f"types.{kind}.type": line.type, **{f"types.{kind}.types.{v}": t for v, t in line.types.items()}}
    for where, name in named.items():
        if name.casefold() not in known:
            what = f"the Jira project {loaded.jira.key} has no issue type “{name}”."
            yield Problem(where, what, f"Choose one of: {names}.")


def boardless(mapping: Map, loaded: Loaded) -> tuple[Check, ...]:
    """What to know where a line carries the sprint and the project has no board with sprints.

    Sprints belong to boards: https://developer.atlassian.com/cloud/jira/software/rest/ (operation createSprint).
    """
    field, boards = loaded.jira.field_by_schema(SPRINT), loaded.jira.boards
    lines = [line for some in mapping.fields.values() for line in some if field and line.jira == field.id]
    carried = [line.name for line in lines if line.direction is not Direction.OFF]
    if not carried or boards is None or any(one.category != "kanban" for one in boards):
        return ()
    what = f"No Scrum board shows issues of {loaded.jira.key}, so they are in no sprint and “{carried[0]}” stays empty."
    return (Check(what, "Make a Scrum board for the project in Jira, or switch the line off.", "F12"),)


def _with_name(problem: Problem, renamed: Mapping[str, str]) -> Problem:
    for old, new in renamed.items():
        if f"“{old}”" in problem.what:
            return replace(problem, remedy=f"It is called “{new}” now. {problem.remedy}")
    return problem


def goes(kind: str, line: TypeLine) -> bool:
    """Whether records of a kind are made in Jira."""
    return Side.RIGHT in creates(kind, line)


FILLED = frozenset({"summary", "project", "issuetype", "parent"})
"""What Crosswalk itself gives every issue it makes (jira/making.py); an epic's name follows the summary."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A Jira field that is asked for when an issue of `type` is made, and that nothing fills."""

    kind: str
    type: str
    field: str
    name: str
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"Jira asks for “{self.name}” when a {self.type} is made, and nothing fills it: no new {self.kind} can be "
            "sent. Map it, or give it a fixed value."
        )


def needed(mapping: Map, loaded: Loaded) -> tuple[Needed, ...]:
    """Required Jira fields that no line and no constant gives a value."""
    fitting = {kind: line for kind, line in mapping.types.items() if not tuple(_type_faults(mapping, loaded, kind))}
    found = []
    for kind, infos in projectdata.kinds_of_issue(loaded, replace(mapping, types=fitting)).items():
        if not goes(kind, mapping.types[kind]):
            continue
        given = {line.jira for line in mapping.fields.get(kind, ()) if line.direction.writes(Side.RIGHT)}
        given |= set(mapping.constants.get(kind, ())) | FILLED
        for info in infos:
            found += [
                Needed(kind, info.name, one.id, one.name, tuple(option.name for option in one.options))
                for one in asked_for(info)
                if one.id not in given
            ]
    return tuple(found)


def asked_for(info: TypeInfo) -> tuple[FieldInfo, ...]:
    """What Jira requires of a new issue of this type, and has no value of its own for nor gets one from Crosswalk."""
    return tuple(
        one
        for one in info.fields.values()
        if one.required and not one.default and one.id not in FILLED and not one.custom.endswith("epic-label")
    )


STYLES = {
    TEAM_MANAGED: "This project is team-managed: its types, fields and statuses are its own, set in its own settings.",
    COMPANY_MANAGED: "This project is company-managed: a Jira administrator sets its types, screens and workflows, and "
    "other projects may share them.",
}


def advice(loaded: Loaded) -> tuple[str, ...]:
    """Who manages the project, and what the kinds of records usually become with its types, as sentences."""
    types = loaded.jira.types.values()
    above = [one.name for one in types if one.level > 0]
    plain = [one.name for one in types if one.level == 0 and not one.subtask]
    below = [one.name for one in types if one.subtask]
    story = next((name for name in plain if name.casefold() in ("story", "feature")), plain[0] if plain else "")
    found = [STYLES[loaded.jira.style]] if loaded.jira.style in STYLES else []
    if above and below:
        found.append(f"Epic as {above[0]}, feature as {story} and requirement as {below[0]} keep every level apart.")
        found.append(f"If your features are large, make them {above[0]} and their requirements {story}.")
    elif below:
        found.append(f"This project has no type above {story}: features become {story}, requirements {below[0]}.")
    elif story:
        found.append(f"This project has no sub-tasks: requirements become {story}, joined to their feature by a link.")
    return tuple(found)
