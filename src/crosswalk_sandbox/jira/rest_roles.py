"""Endpoints for project roles and their actors, and for permissions.

Jira Cloud REST v3 groups "Project roles", "Project role actors", "Permissions".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-roles/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-role-actors/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-role/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-permissions/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked, catalogue, directory, schemes
from crosswalk_sandbox.jira.directory import Actors, Role
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Json, Project
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint

# ---- roles and their actors


def short(call: Call, role: Role, project: Project | None = None) -> Json:
    place = f"project/{project.id}/role" if project else "role"
    return {
        "self": f"{call.view.base}/{place}/{role.id}",
        "name": role.name,
        "id": int(role.id),
        "description": role.description,
    }


def shown(call: Call, role: Role, actors: Actors, project: Project | None = None) -> Json:
    """A role with who fills it."""
    out: list[Json] = []
    for key in actors.users:
        if (person := call.site.people.get(key)) is None:
            continue
        own: Json = {"actorUser": {"accountId": person.account_id}} if call.cloud else {"name": person.name}
        kind = "atlassian-user-role-actor"
        out.append({"id": _number(role, key), "displayName": person.display_name, "type": kind, **own})
    for one in actors.groups:
        if (group := call.site.groups.get(one)) is None:
            continue
        named: Json = {"name": group.name, "displayName": group.name, "groupId": group.id}
        own = {"actorGroup": named} if call.cloud else {"name": group.name}
        kind = "atlassian-group-role-actor"
        out.append({"id": _number(role, group.id), "displayName": group.name, "type": kind, **own})
    return short(call, role, project) | {"actors": out}


def _number(role: Role, key: str) -> int:
    return 10000 + sum(f"{role.id}/{key}".encode()) % 90000


def all_roles(call: Call) -> Answer:
    call.admin()
    return Answer(200, [shown(call, role, role.defaults) for role in call.site.roles.values()])


def get_role(call: Call) -> Answer:
    call.admin()
    role = asked.role_asked(call)
    return Answer(200, shown(call, role, role.defaults))


def _name(call: Call, wire: Json, held: Role | None) -> str:
    name = asked.words(wire, "name", "A role name must be specified.")
    if any(r.name.lower() == name.lower() and r is not held for r in call.site.roles.values()):
        raise Refusal(409, f"A project role with name '{name}' already exists.")
    return name


def create_role(call: Call) -> Answer:
    """200, not 201. No scheme grants a new role anything."""
    call.admin()
    wire = call.json()
    role = Role("", _name(call, wire, None), asked.optional(wire, "description"))
    while not role.id or role.id in call.site.roles:
        role.id = call.site.next_id("role")
    call.site.roles[role.id] = role
    return Answer(200, shown(call, role, role.defaults))


def change_role(call: Call) -> Answer:
    """POST changes what is given, PUT everything."""
    call.admin()
    role, wire = asked.role_asked(call), call.json()
    name = _name(call, wire, role) if call.method == "PUT" or "name" in wire else role.name
    role.description = asked.optional(wire, "description", "" if call.method == "PUT" else role.description)
    role.name = name
    return Answer(200, shown(call, role, role.defaults))


def delete_role(call: Call) -> Answer:
    call.admin()
    role = asked.role_asked(call)
    swap = call.query.get("swap")
    other = call.site.roles.get(swap) if swap else None
    if swap and (other is None or other is role):
        raise NotThere("The role to swap with does not exist.")  # wording unconfirmed
    granted = any(schemes.of_role(scheme, role.id) for scheme in call.site.schemes.values())
    used = any(p.actors.get(role.id) for p in call.site.projects.values()) or granted
    if used and other is None:
        raise Refusal(409, "The role is in use. Name another with 'swap'.")  # wording unconfirmed
    for project in call.site.projects.values():
        gone = project.actors.pop(role.id, None)
        if gone and other:
            into = project.actors.setdefault(other.id, Actors())
            into.users = list(dict.fromkeys([*into.users, *gone.users]))
            into.groups = list(dict.fromkeys([*into.groups, *gone.groups]))
    if other:
        schemes.hand_over(call.site, role.id, other.id)
    del call.site.roles[role.id]
    directory.regrant_all(call.site)
    return Answer(204)


def _administered(call: Call) -> None:
    """Who does not administer the project is told that there is no role. Raises NotThere."""
    project = call.project(call.params["projectIdOrKey"])
    if not call.me.admin and not call.site.allowed(call.me, project, "ADMINISTER_PROJECTS"):
        raise NotThere("The project role was not found, or you do not administer the project.")  # unconfirmed


def roles_of_project(call: Call) -> Answer:
    """An address by name. Only project administrators see them."""
    _administered(call)
    project = call.project(call.params["projectIdOrKey"])
    base = f"{call.view.base}/project/{project.id}/role"
    return Answer(200, {role.name: f"{base}/{role.id}" for role in call.site.roles.values()})


def role_details(call: Call) -> Answer:
    project = call.project(call.params["projectIdOrKey"])
    default = {"admin": False, "default": False, "roleConfigurable": True}
    return Answer(
        200,
        [
            short(call, r, project) | default | {"admin": r.name == "Administrators", "translatedName": r.name}
            for r in call.site.roles.values()
        ],
    )


def role_of_project(call: Call) -> Answer:
    _administered(call)
    project, role = call.project(call.params["projectIdOrKey"]), asked.role_asked(call)
    return Answer(200, shown(call, role, project.actors.get(role.id, Actors()), project))


def _actors(call: Call, users: list[str], groups: list[str], ids: list[str]) -> Actors:
    """People and groups by what a request calls them. Raises NotThere for one that is not known."""
    out = Actors()
    for given in users:
        person = asked.person_named(call, given)
        if person is None:
            raise NotThere(
                f"We can't find '{given[:80]}' in any accessible user directory. Check they're still active."
            )
        out.users.append(person.key)
    for given in groups:
        group = directory.group_named(call.site, given)
        if group is None:
            raise NotThere(f"We can't find '{given[:80]}' in any accessible user directory.")
        out.groups.append(group.id)
    for given in ids:
        if given not in call.site.groups:
            raise NotThere(f"We can't find a group with id '{given[:80]}'.")
        out.groups.append(given)
    return out


def _given(call: Call) -> Actors:
    wire = call.json(("user", "group", "groupId"))
    lists = [asked.texts(wire, n) if wire.get(n) is not None else [] for n in ("user", "group", "groupId")]
    if not any(lists):
        raise Refusal(400, "At least one of 'user', 'group' and 'groupId' must be given.")  # wording unconfirmed
    return _actors(call, *lists)


def add_actors(call: Call) -> Answer:
    _administered(call)
    project, role = call.project(call.params["projectIdOrKey"]), asked.role_asked(call)
    new, held = _given(call), project.actors.get(role.id, Actors())
    if set(new.users) & set(held.users) or set(new.groups) & set(held.groups):
        raise Refusal(400, "User or group is already a member of the project role.")  # wording unconfirmed
    project.actors[role.id] = Actors([*held.users, *new.users], [*held.groups, *new.groups])
    directory.regrant(call.site, project)
    return Answer(200, shown(call, role, project.actors[role.id], project))


def set_actors(call: Call) -> Answer:
    """`categorisedActors` names everybody who is to fill the role from now on."""
    _administered(call)
    project, role = call.project(call.params["projectIdOrKey"]), asked.role_asked(call)
    wire = call.json(("id", "categorisedActors")).get("categorisedActors")
    if not isinstance(wire, dict):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    names = ("atlassian-user-role-actor", "atlassian-group-role-actor", "atlassian-group-role-actor-id")
    lists = [asked.texts(wire, name) if name in wire else [] for name in names]
    project.actors[role.id] = _actors(call, *lists)
    directory.regrant(call.site, project)
    return Answer(200, shown(call, role, project.actors[role.id], project))


def remove_actor(call: Call) -> Answer:
    _administered(call)
    project, role = call.project(call.params["projectIdOrKey"]), asked.role_asked(call)
    held = project.actors.get(role.id, Actors())
    user, group, identity = (call.query.get(name) for name in ("user", "group", "groupId"))
    if not (user or group or identity):
        raise Refusal(400, "One of 'user', 'group' and 'groupId' must be given.")  # wording unconfirmed
    gone = _actors(call, [user] if user else [], [group] if group else [], [identity] if identity else [])
    if not (set(gone.users) & set(held.users) or set(gone.groups) & set(held.groups)):
        raise NotThere("The actor is not in the project role.")  # wording unconfirmed
    held.users = [key for key in held.users if key not in gone.users]
    held.groups = [one for one in held.groups if one not in gone.groups]
    directory.regrant(call.site, project)
    return Answer(204)


def default_actors(call: Call) -> Answer:
    """GET, POST and DELETE of the actors that new projects start with."""
    call.admin()
    role = asked.role_asked(call)
    if call.method == "POST":
        new = _given(call)
        role.defaults.users = list(dict.fromkeys([*role.defaults.users, *new.users]))
        role.defaults.groups = list(dict.fromkeys([*role.defaults.groups, *new.groups]))
    elif call.method == "DELETE":
        user, group, identity = (call.query.get(name) for name in ("user", "group", "groupId"))
        gone = _actors(call, [user] if user else [], [group] if group else [], [identity] if identity else [])
        role.defaults.users = [key for key in role.defaults.users if key not in gone.users]
        role.defaults.groups = [one for one in role.defaults.groups if one not in gone.groups]
    return Answer(200, shown(call, role, role.defaults))


# ---- permissions


def all_permissions(call: Call) -> Answer:
    call.admin()
    known = {**catalogue.PERMISSIONS, **catalogue.GLOBAL_PERMISSIONS}
    out: Json = {
        key: {
            "key": key,
            "name": name,
            "type": "PROJECT" if key in catalogue.PERMISSIONS else "GLOBAL",
            "description": name,
        }
        for key, name in known.items()
    }
    return Answer(200, {"permissions": out})


def check(call: Call) -> Answer:
    """POST /permissions/check: for oneself, or as an administrator for `accountId`."""
    wire = call.json(("accountId", "globalPermissions", "projectPermissions"))
    person = call.someone
    if (given := wire.get("accountId")) is not None and given != person.account_id:
        if not person.admin:
            raise Refusal(403, "Only Jira administrators can perform this operation.")
        other = asked.person_named(call, given)
        if other is None:
            raise Refusal(400, "The user does not exist.")  # wording unconfirmed
        person = other
    wanted = asked.texts(wire, "globalPermissions") if wire.get("globalPermissions") is not None else []
    unknown = [key for key in wanted if key not in catalogue.GLOBAL_PERMISSIONS]
    entries = wire.get("projectPermissions") or []
    if unknown or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refusal(400, f"Unrecognized permission: {unknown[0][:80]}" if unknown else BAD_PAYLOAD)
    out: list[Json] = []
    for entry in entries:
        projects = (
            [p for n in asked.texts(entry, "projects") if (p := call.site.project(n))] if entry.get("projects") else []
        )
        issues = [i for n in asked.texts(entry, "issues") if (i := call.site.issue(n))] if entry.get("issues") else []
        for key in asked.texts(entry, "permissions"):
            have = [int(p.id) for p in projects if call.site.allowed(person, p, key)]
            on = [int(i.id) for i in issues if call.site.may(person, i, key)]
            out.append({"permission": key, "projects": have, "issues": on})
    mine = [key for key in wanted if person.admin or (person.key and key != "ADMINISTER")]
    return Answer(200, {"globalPermissions": mine, "projectPermissions": out})


def permitted(call: Call) -> Answer:
    wanted = asked.texts(call.json(("permissions",)), "permissions")
    projects = [p for p in call.site.projects.values() if all(call.site.allowed(call.person, p, key) for key in wanted)]
    return Answer(200, {"projects": [{"id": int(p.id), "key": p.key} for p in projects]})


CLOUD, DC = ("cloud",), ("dc",)
PROJECT = "api/X/project/{projectIdOrKey}/role"
ENDPOINTS = [
    Endpoint("GET", "api/X/role", all_roles, "getAllProjectRoles"),
    Endpoint("POST", "api/X/role", create_role, "createProjectRole"),
    Endpoint("GET", "api/X/role/{id}", get_role, "getProjectRoleById"),
    Endpoint("POST", "api/X/role/{id}", change_role, "partialUpdateProjectRole"),
    Endpoint("PUT", "api/X/role/{id}", change_role, "fullyUpdateProjectRole"),
    Endpoint("DELETE", "api/X/role/{id}", delete_role, "deleteProjectRole"),
    Endpoint("GET", "api/X/role/{id}/actors", default_actors, "getProjectRoleActorsForRole"),
    Endpoint("POST", "api/X/role/{id}/actors", default_actors, "addProjectRoleActorsToRole"),
    Endpoint("DELETE", "api/X/role/{id}/actors", default_actors, "deleteProjectRoleActorsFromRole"),
    Endpoint("GET", PROJECT, roles_of_project, "getProjectRoles"),
    Endpoint("GET", "api/X/project/{projectIdOrKey}/roledetails", role_details, "getProjectRoleDetails", CLOUD),
    Endpoint("GET", f"{PROJECT}/{{id}}", role_of_project, "getProjectRole"),
    Endpoint("POST", f"{PROJECT}/{{id}}", add_actors, "addActorUsers"),
    Endpoint("PUT", f"{PROJECT}/{{id}}", set_actors, "setActors"),
    Endpoint("DELETE", f"{PROJECT}/{{id}}", remove_actor, "deleteActor"),
    Endpoint("GET", "api/X/permissions", all_permissions, "getAllPermissions"),
    Endpoint("POST", "api/X/permissions/check", check, "getBulkPermissions", CLOUD),
    Endpoint("POST", "api/X/permissions/project", permitted, "getPermittedProjects", CLOUD),
]
