"""Integrations as files: export one, apply one. Every fault names the file and the line; nothing is half applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from crosswalk.errors import Refused
from crosswalk.merge.values import Choice
from crosswalk.store.models import Connection, Integration
from crosswalk.store.new_integrations import Wish
from crosswalk.sync import drafts, planwords, projectdata, service, templates
from crosswalk.sync.connect import Say, unheard
from crosswalk.sync.files import IntegrationFile, faults_in, read
from crosswalk.sync.mapping import MappingRefused, Problem, parse

PERSON = "a file"
NAME = "file"
"""How faults call a file that came without a name."""


def export(integration: Integration) -> str:
    """The integration as a file's text."""
    return _file_of(integration).as_text()


def _file_of(integration: Integration) -> IntegrationFile:
    return IntegrationFile(
        integration.name,
        integration.aha.name,
        integration.workspace_key,
        integration.jira.name,
        integration.project_key,
        parse(integration.mapping),
        integration.enabled,
    )


Agreed = Callable[[Mapping[str, Any]], bool]
"""Whether a person, shown what a change of the mapping would write, wants it."""


def apply(name: str, text: str, *, dry_run: bool, agreed: Agreed | None = None, say: Say = unheard) -> Iterator[str]:
    """Make or change the integration that the file `name` describes; says line by line what it did, or would do.

    With `dry_run` a change of the mapping shows its plan, too: what it would write on both sides. Otherwise `agreed` is
    shown that plan, where it would write anything, and nothing is changed unless it says so; None asks nobody. `say` is
    told each list that is read for a new integration.

    Raises FileRefused, with lines, for a file that does not fit; then nothing was changed.
    """
    wanted = read(name, text)
    aha = _connection(name, text, "aha", wanted.aha_connection)
    jira = _connection(name, text, "jira", wanted.jira_connection)
    found = Integration.objects.filter(name=wanted.integration).first()
    if found is None:
        yield from _make(name, text, wanted, (aha, jira), dry_run=dry_run, say=say)
        return
    yield from _change(name, text, wanted, found, dry_run=dry_run, agreed=agreed)


def wish(text: str) -> Wish | None:
    """What the file asks for where its integration is not there yet, to be made in the background; else None.

    Raises FileRefused, with lines, where a connection, the workspace or the project is not there.
    """
    wanted = read(NAME, text)
    if Integration.objects.filter(name=wanted.integration).exists():
        return None
    aha = _connection(NAME, text, "aha", wanted.aha_connection)
    jira = _connection(NAME, text, "jira", wanted.jira_connection)
    workspace = _place(NAME, text, "aha.workspace", aha, wanted.workspace)
    project = _place(NAME, text, "jira.project", jira, wanted.project)
    return Wish(wanted.integration, aha, jira, workspace.id, project.id, text)


def filled(made: Integration, text: str) -> Iterator[str]:
    """Have `made`, which was made of this file's wish, be as the file says; line by line what was done."""
    yield f"{made.name}: is made: {made.workspace_key} with {made.project_key}"
    yield from _change(NAME, text, read(NAME, text), made, dry_run=False)


@dataclass(frozen=True, slots=True)
class Drift:
    """In what a file and its integration differ: `lines` about the mapping, a sentence each, and `switched`, whether
    the file says that it is switched on or off where the integration is not; `wanted` is the file's mapping."""

    lines: tuple[str, ...]
    switched: bool | None
    wanted: dict[str, Any]


def drift(found: Integration, text: str, name: str = NAME) -> Drift:
    """In what `text`, a file that is about `found`, differs from what runs. Reads no side, and changes nothing.

    Raises FileRefused, with lines, for a file that does not fit.
    """
    wanted, before = read(name, text), _file_of(found)
    if wanted.integration != found.name:
        problem = Problem(
            "integration",
            f"the file is about “{wanted.integration}”, and this is “{found.name}”.",
            "Open that one, or write this name.",
        )
        raise faults_in(name, text, (problem,))
    _raise_where_it_does_not_fit(name, text, wanted, found)
    lines = drafts.changes(found, before.mapping.as_data(), wanted.mapping.as_data())
    switched = wanted.enabled if wanted.enabled != before.enabled else None
    return Drift(lines, switched, wanted.mapping.as_data())


def _connection(name: str, text: str, kind: str, wanted: str) -> Connection:
    found = Connection.objects.filter(kind=kind, name=wanted).first()
    if found is None:
        names = ", ".join(f"“{one}”" for one in Connection.objects.filter(kind=kind)) or "none yet"
        problem = Problem(f"{kind}.connection", f"there is no connection “{wanted}”.", f"There are: {names}.")
        raise faults_in(name, text, (problem,))
    return found


def _make(
    name: str, text: str, wanted: IntegrationFile, ends: tuple[Connection, Connection], *, dry_run: bool, say: Say
) -> Iterator[str]:
    aha, jira = ends
    workspace = _place(name, text, "aha.workspace", aha, wanted.workspace)
    project = _place(name, text, "jira.project", jira, wanted.project)
    yield f"{wanted.integration}: {'would be made' if dry_run else 'is made'}: {workspace.name} with {project.name}"
    if dry_run:
        return
    made = service.create_integration(wanted.integration, aha, jira, workspace.id, project.id, say)
    try:
        yield from _change(name, text, wanted, made, dry_run=False)
    except Refused:
        made.delete()
        raise


def _place(name: str, text: str, where: str, connection: Connection, wanted: str) -> Choice:
    try:
        return service.called(connection, wanted)
    except Refused as error:
        raise faults_in(name, text, (Problem(where, error.message, error.remedy),)) from None


def _change(
    name: str,
    text: str,
    wanted: IntegrationFile,
    found: Integration,
    *,
    dry_run: bool,
    agreed: Agreed | None = None,
) -> Iterator[str]:
    before = _file_of(found)
    _raise_where_it_does_not_fit(name, text, wanted, found)
    if not dry_run and wanted.mapping != before.mapping:
        if not _wanted(found, wanted, agreed):
            yield f"{found.name}: nothing was changed"
            return
        with _told_by_line(name, text):
            service.set_mapping(found, wanted.mapping.as_data())
        if found.enabled:
            drafts.again(found, PERSON)
    would = "would be" if dry_run else "is"
    yield f"{found.name}: the mapping {'is as it was' if wanted.mapping == before.mapping else f'{would} changed'}"
    yield from (f"  {line}" for line in drafts.changes(found, before.mapping.as_data(), wanted.mapping.as_data()))
    if dry_run and wanted.mapping != before.mapping:
        yield f"{found.name}: what that would write"
        yield from (f"  {line}" for line in planwords.lines(templates.plan_of(found, wanted.mapping)))
    if wanted.enabled != before.enabled:
        if not dry_run:
            service.set_enabled(found, wanted.enabled, PERSON)
        yield f"{found.name}: {would} switched {'on' if wanted.enabled else 'off'}"


def _raise_where_it_does_not_fit(name: str, text: str, wanted: IntegrationFile, found: Integration) -> None:
    """Refuse a file of another workspace or project, and a mapping that does not fit the project data."""
    before = _file_of(found)
    for label, there, here in (
        ("aha.connection", before.aha_connection, wanted.aha_connection),
        ("aha.workspace", before.workspace, wanted.workspace),
        ("jira.connection", before.jira_connection, wanted.jira_connection),
        ("jira.project", before.project, wanted.project),
    ):
        if there != here:
            problem = Problem(label, f"the integration is joined with “{there}” for good.", "Make another integration.")
            raise faults_in(name, text, (problem,))
    with _told_by_line(name, text):
        service.check_mapping(wanted.mapping, projectdata.load(found))


@contextmanager
def _told_by_line(name: str, text: str) -> Iterator[None]:
    """Faults of a mapping become faults of the file, with their lines."""
    try:
        yield
    except MappingRefused as error:
        raise faults_in(name, text, error.problems) from None
    except projectdata.NoSuchTypeError as error:
        raise faults_in(name, text, (Problem(f"types.{error.kind}", error.message, error.remedy),)) from None


def _wanted(found: Integration, wanted: IntegrationFile, agreed: Agreed | None) -> bool:
    """Whether the change is to be made: where a person is asked, and it would write something, by their word."""
    if agreed is None:
        return True
    plan = templates.plan_of(found, wanted.mapping)
    return not plan["patches"] or agreed(plan)
