"""Adds an option that one side has and the other lacks, at a person's word; and says where that can be offered."""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.aha import wire as aha_wire
from crosswalk.aha.metadata import CHOSEN
from crosswalk.errors import Refused
from crosswalk.jira import adding
from crosswalk.jira.metadata import FieldInfo
from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration, JournalEntry
from crosswalk.sync import projectdata, service
from crosswalk.sync.connect import flavour_of
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import FieldLine, Mapping, parse
from crosswalk.sync.missing import missing_option
from crosswalk.sync.projectdata import Loaded


def add_option(integration: Integration, field: str, value: str, side: Side, kind: str = "") -> None:
    """Add the option `value` on `side` to the field of the line called `field`, and load the project data again.

    The line is that of records of `kind`; without one, the line has to mean the same field on every kind.
    """
    loaded, mapping = projectdata.load(integration), parse(integration.mapping)
    kind, line = _line(loaded, mapping, side, field, kind)
    bridges = current().bridges
    if side is Side.RIGHT:
        client, flavour = bridges.client(integration.jira), flavour_of(integration.jira)
        among = _lacking(loaded, mapping, kind, line, value) or {"": FieldInfo(line.jira, line.name)}
        adding.add_option(client, flavour, integration.project, among, value)
    else:
        definition = _definition(loaded, kind, line)
        if not definition:
            raise Refused(
                f"“{line.name}” is no custom field with options in Aha!.", remedy="Load the project data.", code="F9"
            )
        bridges.client(integration.aha).send(aha_wire.create_option(definition, value))
    service.load_project_data(integration)


def addable(lines: Iterable[JournalEntry]) -> set[int]:
    """The lines of the journal whose missing option can be added: where the record still waits for it, the server lets
    it be added from outside, and the account is not known to lack the right."""
    asking = [one for one in lines if one.code == "F9" and one.pair is not None and one.pair.state == "asking"]
    known: dict[int, tuple[Loaded, Mapping] | None] = {}
    found = set()
    for one in asking:
        if one.integration_id not in known:
            known[one.integration_id] = _known(one.integration)
        if (both := known[one.integration_id]) is not None and _can_add(one, *both):
            found.add(one.pk)
    return found


def _known(integration: Integration) -> tuple[Loaded, Mapping] | None:
    try:
        return projectdata.load(integration), parse(integration.mapping)
    except Refused:
        return None


def _can_add(entry: JournalEntry, loaded: Loaded, mapping: Mapping) -> bool:
    missing = missing_option(f"{entry.what} {entry.why}")
    if missing is None or entry.pair is None:
        return False
    value, side = missing
    try:
        kind, line = _line(loaded, mapping, side, entry.field, entry.pair.kind)
        if side is Side.LEFT:
            return bool(_definition(loaded, kind, line))
        fields = _lacking(loaded, mapping, kind, line, value).values()
        if not fields or not all(adding.can_add(loaded.flavour, field) for field in fields):
            return False
        for field in fields:
            adding.option_of(field, value)
    except Refused:
        return False
    return entry.integration.jira.server.get("administers") is not False


def _line(loaded: Loaded, mapping: Mapping, side: Side, name: str, kind: str) -> tuple[str, FieldLine]:
    """The kind and the line of this name. Raises Refused where there is none, or it means several fields."""
    among = {kind: mapping.fields.get(kind, ())} if kind else mapping.fields
    every = [(one, line) for one, lines in among.items() for line in lines]
    found = {one: line for one, line in every if line.name.casefold() == name.casefold()}
    if not found:
        names = ", ".join(dict.fromkeys(line.name for _, line in every))
        of = f" of {kind}s" if kind else ""
        raise Refused(f"The mapping has no line “{name}”{of}.", remedy=f"There are: {names}.")
    meant = {
        line.jira if side is Side.RIGHT else _definition(loaded, one, line) or line.aha for one, line in found.items()
    }
    if len(meant) > 1:
        raise Refused(
            f"“{name}” is a field of its own on each of: {', '.join(found)}.", remedy="Say with --kind which one."
        )
    return next(iter(found.items()))


def _definition(loaded: Loaded, kind: str, line: FieldLine) -> str:
    """The id of the custom field of records of `kind` that a line names, if it has options; "" for none.

    Aha! defines a custom field for each kind of record anew, often under the same key.
    """
    held = (one for one in loaded.aha.custom_fields if one.kind == kind and one.holds in CHOSEN)
    return next((one.id for one in held if f"custom:{one.key}" == line.aha), "")


def _lacking(loaded: Loaded, mapping: Mapping, kind: str, line: FieldLine, value: str) -> dict[str, FieldInfo]:
    """The Jira field of a line as each issue type of this kind, by its id, has it: of the types that lack the option;
    where none does, of all."""
    types = projectdata.kinds_of_issue(loaded, mapping).get(kind, ())
    fields = {one.id: one.fields[line.jira] for one in types if line.jira in one.fields}
    known = {of: {option.name.casefold() for option in one.options} for of, one in fields.items()}
    return {of: one for of, one in fields.items() if value.casefold() not in known[of]} or fields
