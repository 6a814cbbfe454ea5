"""Adds an option to a custom field of Jira, where the account may and the server can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosswalk import errors
from crosswalk.jira import wire_meta
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import FieldInfo
from crosswalk.remote.client import Client

BY_HAND = "A Jira administrator can add it under Custom fields; then load the project data."
CASCADING = "option-with-child"


@dataclass(frozen=True, slots=True)
class Option:
    """An option that is to be added; `above` is the id of the one it is to stand below, in a cascading list."""

    name: str
    above: str = ""


def can_add(flavour: str, field: FieldInfo | None) -> bool:
    """Whether a Jira of this flavour lets options of the field be added: Cloud, of its custom lists of options.

    Versions, teams and projects are chosen, too, but are no options of their field. Data Center's REST only reads them
    (https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-customfields/).
    """
    if flavour != "cloud" or field is None or not field.id.startswith("customfield_"):
        return False
    return field.type in ("option", CASCADING) or field.items == "option"


def option_of(field: FieldInfo, value: str) -> Option:
    """What is to be added to the field so that it has `value`: of “Above / Below” in a cascading list the one below.

    Raises Refused where the one above is not there either.
    """
    if field.type != CASCADING or " / " not in value:
        return Option(value)
    known = {one.name.casefold(): one.id for one in field.options if "/" not in one.id}
    parts = value.split(" / ")
    for number in range(len(parts) - 1, 0, -1):
        above, below = " / ".join(parts[:number]), " / ".join(parts[number:])
        if above.casefold() in known:
            return Option(below, known[above.casefold()])
    raise errors.Refused(
        f"“{parts[0]}”, below which “{value}” would stand, is no option of “{field.name}” in Jira.",
        remedy=f"Add “{parts[0]}” first, then this one.",
        code="F9",
    )


def add_option(client: Client, flavour: Flavour, project: str, fields: Mapping[str, FieldInfo], value: str) -> None:
    """Add the option `value` where a field counts for issues of `project`; `fields` is the field as each issue type,
    by its id, has it. Raises RemoteError or Refused."""
    field = next(iter(fields.values()))
    if not can_add(flavour.name, field):
        raise errors.Refused(
            "This Jira lets nobody add an option of this field from outside.", remedy=BY_HAND, code="F9"
        )
    made = {kind: option_of(one, value) for kind, one in fields.items()}
    contexts: dict[str, Option] = {}
    start: int | None = 0
    while start is not None:
        data = client.send(wire_meta.field_contexts(flavour.api, field.id, project, fields, start))
        for entry in wire_meta.items(data):
            if entry.get("contextId") is not None:
                contexts.setdefault(str(entry["contextId"]), made[str(entry.get("issueTypeId"))])
        start = wire_meta.next_start(data)
    if not contexts:
        raise errors.Refused("The field does not count for this project.", remedy=BY_HAND, code="F9")
    for context, option in contexts.items():
        client.send(wire_meta.create_option(flavour.api, field.id, context, option.name, option.above))
