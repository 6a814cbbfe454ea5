"""Groups, project roles, and the rights that follow from them. Knows no HTTP.

A right comes from a role: whoever is an actor of a role in a project, alone or through a group, has what the permission
scheme grants to the role. The sandbox has one scheme for all projects. Membership of `jira-administrators` makes an
administrator.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permission-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/
https://support.atlassian.com/jira-cloud-administration/docs/manage-project-roles/
https://support.atlassian.com/jira-cloud-administration/docs/manage-global-permissions/
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.site import Site
    from crosswalk_sandbox.jira.state import Json, Person, Project

ADMINISTRATORS, USERS = "jira-administrators", "jira-software-users"
ROLE_IDS = {"Administrators": "10002", "Developers": "10001", "Users": "10000"}
ROLE_WORDS = {
    "Administrators": "A project role that represents administrators in a project",
    "Developers": "A project role that represents developers in a project",
    "Users": "A project role that represents users in a project",
}


@dataclass(slots=True)
class Group:
    """`members` are keys of people, in the order they joined."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Actors:
    """Who fills a role: keys of people, and ids of groups."""

    users: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def copy(self) -> Actors:
        return Actors(list(self.users), list(self.groups))


@dataclass(slots=True)
class Role:
    """A project role. `defaults` are the actors that a new project starts with; `permissions` what the scheme grants
    it."""

    id: str
    name: str
    description: str
    permissions: set[str] = field(default_factory=set)
    defaults: Actors = field(default_factory=Actors)


def group_id(name: str) -> str:
    """The id of a new group: a UUID that only the name decides."""
    return str(uuid.UUID(bytes=hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=16).digest()))


def plant(site: Site, rights: Mapping[str, set[str]]) -> None:
    """Groups and roles for a fresh site, so that every project's grants stay as they are.

    `rights` names for each role of `ROLE_IDS` what the scheme grants it.
    """
    for name in (ADMINISTRATORS, USERS):
        site.groups[group_id(name)] = Group(group_id(name), name)
    members = {key for project in site.projects.values() for key in project.grants}
    for person in site.people.values():
        if person.admin:
            site.groups[group_id(ADMINISTRATORS)].members.append(person.key)
        if person.key in members:
            site.groups[group_id(USERS)].members.append(person.key)
    for name, number in ROLE_IDS.items():
        site.roles[number] = Role(number, name, ROLE_WORDS[name], set(rights[name]))
    site.roles[ROLE_IDS["Administrators"]].defaults.groups.append(group_id(ADMINISTRATORS))
    for project in site.projects.values():
        _seat(site, project)


def _seat(site: Site, project: Project) -> None:
    """Make each person who has rights in a project an actor of the role that gives just these."""
    for key, granted in project.grants.items():
        role = next((r for r in site.roles.values() if r.permissions == granted), None)
        if role is None:
            raise ValueError(f"{project.key}: no role gives {key} just these rights: {', '.join(sorted(granted))}")
        project.actors.setdefault(role.id, Actors()).users.append(key)


def regrant(site: Site, project: Project) -> None:
    """Work out a project's grants anew from its roles and from the scopes of apps."""
    project.grants = {}
    for role_id, actors in project.actors.items():
        for key in holders(site, actors):
            project.grants.setdefault(key, set()).update(site.roles[role_id].permissions)
    for app in site.apps.values():
        if app.rights:
            project.grants[app.person] = set(app.rights)


def regrant_all(site: Site) -> None:
    """After a group has changed: the grants of every project, and who is an administrator."""
    administrators = group_named(site, ADMINISTRATORS)
    chiefs = {app.person for app in site.apps.values() if app.kind == "connect" and "ADMIN" in app.scopes}
    for person in site.people.values():
        member = administrators is not None and person.key in administrators.members
        person.admin = member or person.key in chiefs
    for project in site.projects.values():
        regrant(site, project)


def holders(site: Site, actors: Actors) -> list[str]:
    """The keys of all people who are actors, alone or through a group."""
    through = [key for one in actors.groups if one in site.groups for key in site.groups[one].members]
    return list(dict.fromkeys([*actors.users, *through]))


def group_named(site: Site, name: str) -> Group | None:
    """The group with this name; names are not case-sensitive."""
    return next((g for g in site.groups.values() if g.name.lower() == name.lower()), None)


def groups_of(site: Site, person: Person) -> list[Group]:
    return [group for group in site.groups.values() if person.key in group.members]


def role_named(site: Site, name: str) -> Role | None:
    return next((role for role in site.roles.values() if role.name == name), None)


def may_read(site: Site, project: Project, visibility: Json | None, person: Person | None) -> bool:
    """Whether somebody may read a comment or work log that is restricted to a group or role:
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/ (schema Visibility)."""
    if visibility is None:
        return True
    if person is None:
        return False
    name = str(visibility.get("value"))
    if visibility.get("type") == "group":
        group = group_named(site, name)
        return group is not None and person.key in group.members
    role = role_named(site, name)
    return role is not None and person.key in holders(site, project.actors.get(role.id, Actors()))
