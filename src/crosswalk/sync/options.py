"""Adds an option that one side has and the other lacks, at a person's word."""

from __future__ import annotations

from crosswalk.aha import wire as aha_wire
from crosswalk.errors import Refused
from crosswalk.jira.adding import add_option as add_in_jira
from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration
from crosswalk.sync import projectdata, service
from crosswalk.sync.connect import flavour_of
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import FieldLine, parse


def add_option(integration: Integration, field: str, value: str, side: Side) -> None:
    """Add the option `value` on `side` to the field of the line called `field`, and load the project data again."""
    line = _line(integration, field)
    bridges = current().bridges
    if side is Side.RIGHT:
        client = bridges.client(integration.jira)
        add_in_jira(client, flavour_of(integration.jira), integration.project, line.jira, value)
    else:
        bridges.client(integration.aha).send(aha_wire.create_option(_definition(integration, line), value))
    service.load_project_data(integration)


def _line(integration: Integration, field: str) -> FieldLine:
    mapping = parse(integration.mapping)
    found = [line for lines in mapping.fields.values() for line in lines if line.name.casefold() == field.casefold()]
    if not found:
        names = ", ".join(dict.fromkeys(line.name for lines in mapping.fields.values() for line in lines))
        raise Refused(f"The mapping has no line “{field}”.", remedy=f"There are: {names}.")
    return found[0]


def _definition(integration: Integration, line: FieldLine) -> str:
    known = projectdata.load(integration).aha.custom_fields
    found = next((one.id for one in known if f"custom:{one.key}" == line.aha and one.id), "")
    if not found:
        raise Refused(
            f"“{line.name}” is no custom field with options in Aha!.", remedy="Load the project data.", code="F9"
        )
    return found
