"""Permission schemes: who holds which permission in the projects that have the scheme. Knows no HTTP.

A grant names a holder, and a project or an issue says who that is: the actors of a role, the members of a group, the
lead; of an issue its reporter, its assignee, or the people of one of its fields.
Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permission-schemes/ (holder object)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.site import Site
    from crosswalk_sandbox.jira.state import Issue, Project

DEFAULT = 0
OF_ISSUES = ("reporter", "assignee", "userCustomField")
"""Holders that only an issue tells."""
BARE = ("anyone", "assignee", "projectLead", "reporter")
"""Holders that need no parameter."""
TYPES = (*BARE, "applicationRole", "group", "projectRole", "user", "userCustomField")
"""Holders that this Jira has; the others are of service desks, and of fields for groups."""


@dataclass(slots=True)
class Grant:
    """One permission of one holder. `parameter` is the id of a role, group or field, or a person's key; "" for none."""

    id: int
    holder: str
    parameter: str
    permission: str


@dataclass(slots=True)
class Scheme:
    """A permission scheme."""

    id: int
    name: str
    description: str = ""
    grants: list[Grant] = field(default_factory=list)

    def has(self, holder: str, parameter: str, permission: str) -> bool:
        wanted = (holder, parameter, permission)
        return any((one.holder, one.parameter, one.permission) == wanted for one in self.grants)


def first(rights: Mapping[str, set[str]]) -> Scheme:
    """The scheme of a fresh site: each role, by its id, has its permissions."""
    held = [(role, key) for role, keys in rights.items() for key in sorted(keys)]
    grants = [Grant(number, "projectRole", role, key) for number, (role, key) in enumerate(held, start=10100)]
    return Scheme(DEFAULT, "Default Permission Scheme", "Every role has the rights that its name tells.", grants)


def of_role(scheme: Scheme, role: str) -> set[str]:
    """The permissions that a scheme grants to a role."""
    return {one.permission for one in scheme.grants if (one.holder, one.parameter) == ("projectRole", role)}


def hand_over(site: Site, role: str, other: str) -> None:
    """In every scheme, what a role has is the other's from now on."""
    for scheme in site.schemes.values():
        for one in list(scheme.grants):
            if (one.holder, one.parameter) == ("projectRole", role):
                scheme.grants.remove(one)
                if not scheme.has("projectRole", other, one.permission):
                    scheme.grants.append(Grant(one.id, "projectRole", other, one.permission))


def personally(site: Site, key: str, project: Project, issue: Issue, permission: str) -> bool:
    """Whether somebody holds a permission for what the person is to this issue."""
    for one in site.schemes[project.scheme].grants:
        if one.permission == permission and one.holder in OF_ISSUES:
            held = issue.values.get(one.parameter if one.holder == "userCustomField" else one.holder)
            if key == held or (isinstance(held, list) and key in held):
                return True
    return False
