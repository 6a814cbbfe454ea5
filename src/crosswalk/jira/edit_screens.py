"""What the edit screen of an issue type lacks of what its create screen has: set once, and not to be changed after."""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk import errors
from crosswalk.jira import wire_meta
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import TypeInfo
from crosswalk.remote.client import Client

ELSEWHERE = frozenset({"project", "issuetype", "parent", "attachment", "issuelinks"})
"""What is changed by operations of its own, whatever the screen has."""
_UNTOLD = (errors.Invalid, errors.Forbidden, errors.NotFound, errors.ServerFault)


def lacking(
    client: Client, flavour: Flavour, project: str, types: Mapping[str, TypeInfo]
) -> dict[str, tuple[str, ...]]:
    """What the edit screens of `types` (by id) lack, of those of which it can be told.

    Jira tells what may be edited of an issue, and not of a type: so it is asked of the newest open one of each. Of an
    issue that nobody may edit (a step of the workflow may forbid that) it tells no field at all, and nothing is known.
    """
    found = {}
    for kind, issue in _newest(client, flavour, project).items():
        if kind in types and (shown := _editable(client, flavour.api, issue)):
            found[kind] = tuple(sorted(set(types[kind].fields) - shown - ELSEWHERE))
    return found


def _newest(client: Client, flavour: Flavour, project: str) -> dict[str, str]:
    """An issue of each type, by the type's id: of the types that the newest issues have."""
    jql = f"project = {project} AND statusCategory != Done ORDER BY created DESC"
    try:
        issues = wire_meta.items(client.send(flavour.search(jql, ["issuetype"], "")))
    except _UNTOLD:
        return {}
    found: dict[str, str] = {}
    for issue in issues:
        kind = (issue.get("fields") or {}).get("issuetype") or {}
        found.setdefault(str(kind.get("id")), str(issue.get("id")))
    return found


def _editable(client: Client, api: str, issue: str) -> set[str]:
    try:
        answer = client.send(wire_meta.edit_fields(api, issue))
    except _UNTOLD:
        return set()
    fields = answer.get("fields") if isinstance(answer, dict) else None
    return set(fields) if isinstance(fields, dict) else set()
