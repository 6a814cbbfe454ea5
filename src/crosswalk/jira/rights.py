"""What the account of a connection may do in Jira, and in a project; and what it lacks, in people's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crosswalk import errors
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.wire import Json
from crosswalk.remote.checkup import Problem
from crosswalk.remote.client import Client

RIGHTS: Mapping[str, tuple[str, str]] = {
    "BROWSE_PROJECTS": ("see the project", "A8"),
    "CREATE_ISSUES": ("make issues", "A14"),
    "EDIT_ISSUES": ("change issues", "A10"),
    "TRANSITION_ISSUES": ("move issues through the workflow", "S4"),
    "LINK_ISSUES": ("link issues", "L6"),
    "MODIFY_REPORTER": ("set the reporter", "U5"),
    "ADD_COMMENTS": ("comment", "A14"),
    "ADMINISTER_PROJECTS": ("make versions for releases", "A9"),
}
"""What the account needs in a project, in people's words, with the entry in docs/troubleshooting."""

ASK_FOR_RIGHT = "Ask a Jira administrator to give it that right in the project's permission scheme."

HOOKS = "one click registers the webhook"
NO_HOOKS = "the account does not administer Jira: an administrator pastes the address"


def given(client: Client, flavour: Flavour, project: str = "") -> Mapping[str, Json]:
    """What Jira says of each right in a project, or (without one) anywhere and of the global ones."""
    return (client.send(flavour.rights(project)) or {}).get("permissions") or {}


def missing_rights(client: Client, flavour: Flavour, project: str) -> tuple[Problem, ...]:
    """The rights an account lacks in a project."""
    return tuple(
        Problem(f"The account may not {RIGHTS[name][0]} in this project ({name}).", ASK_FOR_RIGHT, RIGHTS[name][1])
        for name in _lacking(given(client, flavour, project))
    )


def lacking_anywhere(found: Mapping[str, Json]) -> Iterator[Problem]:
    """What the account may do in no project. Who sees none is told that alone: all else follows from it."""
    lacking = _lacking(found)
    if "BROWSE_PROJECTS" in lacking:
        yield Problem("The account sees no project in Jira (BROWSE_PROJECTS).", ASK_FOR_RIGHT, "A8")
        return
    for name in lacking:
        what, code = RIGHTS[name]
        yield Problem(f"The account may {what} in no project ({name}).", ASK_FOR_RIGHT, code)


def has(found: Mapping[str, Json], name: str) -> bool:
    """Whether the account has the right of this name."""
    return (found.get(name) or {}).get("havePermission") is True


def _lacking(found: Mapping[str, Json]) -> list[str]:
    return [name for name in RIGHTS if not has(found, name)]


def in_project(client: Client, flavour: Flavour, project: str) -> tuple[Problem, ...]:
    """What the account lacks in a project, also where it does not even see it."""
    try:
        return missing_rights(client, flavour, project)
    except errors.NotFound:
        what = f"The account does not see the project with id {project} (BROWSE_PROJECTS)."
        return (Problem(what, "Ask a Jira administrator to give it that right, or restore the project.", "A8"),)
