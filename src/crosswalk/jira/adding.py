"""Adds an option to a custom field of Jira, where the account may and the server can."""

from __future__ import annotations

from crosswalk import errors
from crosswalk.jira import wire_meta
from crosswalk.jira.flavour import Flavour
from crosswalk.remote.client import Client

BY_HAND = "A Jira administrator can add it under Custom fields; then load the project data."


def add_option(client: Client, flavour: Flavour, project: str, field_id: str, value: str) -> None:
    """Add the option `value` where the field counts for `project`. Raises RemoteError or Refused."""
    if flavour.name != "cloud" or not field_id.startswith("customfield_"):
        raise errors.Refused(
            "This Jira lets nobody add an option of this field from outside.", remedy=BY_HAND, code="F9"
        )
    start: int | None = 0
    everywhere = own = ""
    while start is not None and not own:
        data = client.send(wire_meta.field_contexts(flavour.api, field_id, start))
        for entry in wire_meta.items(data):
            if str(entry.get("projectId") or "") == project:
                own = str(entry.get("contextId"))
            elif entry.get("isGlobalContext") is True:
                everywhere = str(entry.get("contextId"))
        start = wire_meta.next_start(data)
    if not (own or everywhere):
        raise errors.Refused("The field does not count for this project.", remedy=BY_HAND, code="F9")
    client.send(wire_meta.create_option(flavour.api, field_id, own or everywhere, value))
