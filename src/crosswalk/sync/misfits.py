"""Where a mapping does not fit the project data. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.errors import a_or_an
from crosswalk.merge.rules import Side
from crosswalk.sync.lines import Lists, check_fields
from crosswalk.sync.linktypes import check_links
from crosswalk.sync.maplines import LINKABLE
from crosswalk.sync.mapping import VERSION, Problem, TypeLine, creates
from crosswalk.sync.mapping import Mapping as Map


def check(mapping: Map, lists: Lists) -> tuple[Problem, ...]:
    """What in `mapping` does not fit the project data: unknown fields and statuses, directions that can not work."""
    per_kind = tuple(
        problem
        for kind in mapping.types
        for problem in (
            *_check_type(mapping, lists, kind),
            *check_fields(mapping, lists, kind),
            *_check_statuses(mapping, lists, kind),
        )
    )
    return (*per_kind, *check_links(mapping, lists.link_types))


def _check_type(mapping: Map, lists: Lists, kind: str) -> Iterable[Problem]:
    line, known = mapping.types[kind], lists.aha_types.get(kind, {})
    if line.by and known and line.by not in known:
        yield Problem(
            f"types.{kind}.by", f"Aha! has no field “{line.by}” on {a_or_an(kind)}.", "Load the project data again."
        )
    if line.relation == "relates" and kind not in LINKABLE and line.type != VERSION:
        what = f"{a_or_an(kind)} never stands below anything by an issue link: that is for requirements."
        yield Problem(f"types.{kind}.relation", what, "Write: parent.")
    yield from _check_removed(kind, line)
    if Side.LEFT not in creates(kind, line):
        return
    where = f"types.{kind}.create"
    if kind != "requirement":
        what = f"{a_or_an(kind)} that is made in Jira comes to Aha! by a setting of the whole mapping, `imports`."
        yield Problem(where, what, "Write: to jira; and choose below “Issues that appear in Jira” what is brought.")


def _check_removed(kind: str, line: TypeLine) -> Iterable[Problem]:
    """A version holds no label and is shared by issues; an initiative in Aha! holds no tags."""
    for name, word in (("removed", line.removed), ("removed_in_jira", line.removed_in_jira)):
        where = f"types.{kind}.{name}"
        if line.type == VERSION and word in ("mark", "delete"):
            yield Problem(where, "releases and versions are neither marked nor deleted.", "Write: ask, or unlink.")
        elif kind == "initiative" and name == "removed_in_jira" and word == "mark":
            yield Problem(
                where, "an initiative in Aha! has no tags to be marked with.", "Write: ask, unlink or delete."
            )


def _check_statuses(mapping: Map, lists: Lists, kind: str) -> Iterable[Problem]:
    aha = {status.name.casefold() for status in lists.aha_statuses.get(kind, ())}
    jira = {status.name.casefold() for status in lists.jira_statuses.get(kind, ())}
    for name, wanted in mapping.statuses.get(kind, {}).items():
        where = f"statuses.{kind}.{name}"
        if jira and name.casefold() not in jira:
            yield Problem(where, f"Jira has no status “{name}” for this type.", "Load the project data again.")
        if aha and wanted.casefold() not in aha:
            yield Problem(
                where, f"Aha! has no status “{wanted}” for {a_or_an(kind)}.", f"Known are: {_names(lists, kind)}."
            )
    for name, wanted in mapping.statuses_to_jira.get(kind, {}).items():
        where = f"statuses_to_jira.{kind}.{name}"
        if aha and name.casefold() not in aha:
            yield Problem(
                where, f"Aha! has no status “{name}” for {a_or_an(kind)}.", f"Known are: {_names(lists, kind)}."
            )
        if jira and wanted.casefold() not in jira:
            yield Problem(where, f"Jira has no status “{wanted}” for this type.", "Load the project data again.")


def _names(lists: Lists, kind: str) -> str:
    return ", ".join(status.name for status in lists.aha_statuses.get(kind, ())) or "none"
