"""Groups, project roles, and the rights that follow from them. Knows no HTTP.

A right comes from the project's permission scheme: mostly through a role, whose actors in the project, alone or through
a group, have what the scheme grants to the role. Membership of `jira-administrators` makes an administrator.
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

from crosswalk_sandbox.jira import schemes

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
    """A project role. `defaults` are the actors that a new project starts with."""

    id: str
    name: str
    description: str
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
        site.roles[number] = Role(number, name, ROLE_WORDS[name])
    site.schemes[schemes.DEFAULT] = schemes.first({number: rights[name] for name, number in ROLE_IDS.items()})
    site.roles[ROLE_IDS["Administrators"]].defaults.groups.append(group_id(ADMINISTRATORS))
    for project in site.projects.values():
        _seat(site, project)


def _seat(site: Site, project: Project) -> None:
    """Make each person who has rights in a project an actor of the role that gives just these."""
    for key, granted in project.grants.items():
        scheme = site.schemes[project.scheme]
        role = next((r for r in site.roles.values() if schemes.of_role(scheme, r.id) == granted), None)
        if role is None:
            raise ValueError(f"{project.key}: no role gives {key} just these rights: {', '.join(sorted(granted))}")
        project.actors.setdefault(role.id, Actors()).users.append(key)


def regrant(site: Site, project: Project) -> None:
    """Work out a project's grants anew from its scheme and from the scopes of apps."""
    project.grants = {}
    for grant in site.schemes[project.scheme].grants:
        for key in _whom(site, project, grant):
            project.grants.setdefault(key, set()).add(grant.permission)
    for app in site.apps.values():
        if app.rights:
            project.grants[app.person] = set(app.rights)


def _whom(site: Site, project: Project, grant: schemes.Grant) -> list[str]:
    """The keys of the people that a grant means in a project; nobody where only an issue tells."""
    if grant.holder == "projectRole":
        return holders(site, project.actors.get(grant.parameter, Actors()))
    if grant.holder == "group":
        return holders(site, Actors(groups=[grant.parameter]))
    if grant.holder == "applicationRole":
        return [key for group in site.groups.values() if group.name == USERS for key in group.members]
    own = {"user": [grant.parameter], "projectLead": [project.lead], "anyone": list(site.people)}
    return own.get(grant.holder, [])


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
