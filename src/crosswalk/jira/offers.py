"""What lets nobody choose it any more on an issue: options and the like, and types of links, that were deleted."""

from __future__ import annotations

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.fields import Kind
from crosswalk.jira.history import History
from crosswalk.jira.metadata import field_info
from crosswalk.jira.project import VERSION, Project
from crosswalk.merge.records import Ref
from crosswalk.merge.values import Choice, Element

LISTS = (Kind.CHOICE, Kind.CHOICES, Kind.CASCADE)
BOTH = (("expand", "editmeta,changelog"),)
UNABLE = "components"
"""What can not be switched off and stay on issues, as options can, and versions that are archived."""


def withdrawn(project: Project, ref: Ref, name: str, entries: frozenset[Element]) -> frozenset[Element]:
    """Those of `entries` that the field `name` of the issue `ref` offers no more; none where it may not be edited.

    An entry may be switched off and stay on the issues that have it: what the history says of one counts. Who deletes
    an option leaves no word there.
    """
    if ref.kind == VERSION or project.kinds.get(name) not in LISTS:
        return frozenset()
    data = project.send(wire.issue(project.api, ref.id, ["updated"], BOTH))
    shown = ((data.get("editmeta") or {}).get("fields") or {}).get(name)
    if not isinstance(shown, dict) or not isinstance(shown.get("allowedValues"), list):
        return frozenset()
    offered = {one.id for one in field_info(shown, name).options}
    gone = [one for one in entries if isinstance(one, Choice) and one.id not in offered]
    history = History(data.get("changelog"), project.custom_names)
    return frozenset(one for one in gone if name == UNABLE or not history.took_out(name, one.id))


def links_as(project: Project, type_: str) -> bool:
    """Whether the type of links with this id is still there; none is where links are switched off."""
    try:
        known = wire_meta.items(project.send(wire_meta.link_types(project.api)))
    except errors.NotFound:
        return False
    return any(str(one.get("id")) == type_ for one in known)
