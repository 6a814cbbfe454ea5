"""Endpoints for permission schemes, their grants, and the scheme of a project.

Jira Cloud REST v3 groups "Permission schemes", "Project permission schemes".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permission-schemes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-permission-schemes/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-permissionscheme/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked, catalogue, directory
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.rest_roles import short as short_role
from crosswalk_sandbox.jira.schemes import BARE, DEFAULT, TYPES, Grant, Scheme
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint

EXPANDS = ("user", "group", "projectRole", "field", "all")
DETAIL = {"user": "user", "group": "group", "projectRole": "projectRole", "userCustomField": "field"}
"""What a holder can be expanded to, by its type."""


# ---- as they are shown


def scheme_json(call: Call, scheme: Scheme, *, full: bool = True) -> Json:
    """A scheme, with its grants unless it is shortened."""
    out: Json = {
        "expand": "permissions,user,group,projectRole,field,all",
        "id": scheme.id,
        "self": f"{call.view.base}/permissionscheme/{scheme.id}",
        "name": scheme.name,
        "description": scheme.description,
    }
    return out | ({"permissions": [grant_json(call, scheme, one) for one in scheme.grants]} if full else {})


def grant_json(call: Call, scheme: Scheme, grant: Grant) -> Json:
    place = f"{call.view.base}/permissionscheme/{scheme.id}/permission/{grant.id}"
    return {"id": grant.id, "self": place, "holder": _holder(call, grant), "permission": grant.permission}


def _holder(call: Call, grant: Grant) -> Json:
    """Cloud has the identifier as `value`, too, and of a group its name beside; Data Center shows on request what the
    identifier stands for."""
    out: Json = {"type": grant.holder}
    parameter = value = grant.parameter
    if grant.holder == "group" and (group := call.site.groups.get(grant.parameter)):
        parameter = group.name
    if grant.holder == "user" and (person := call.site.people.get(grant.parameter)):
        parameter = value = person.account_id if call.cloud else person.key
    if parameter:
        out |= {"parameter": parameter} | ({"value": value} if call.cloud else {})
    if grant.holder in DETAIL:
        out["expand"] = DETAIL[grant.holder]
    if not call.cloud and {"all", out.get("expand")} & set(call.many("expand")):
        out |= _detail(call, grant)
    return out


def _detail(call: Call, grant: Grant) -> Json:
    site = call.site
    if grant.holder == "user" and grant.parameter in site.people:
        return {"user": call.view.person(grant.parameter)}
    if grant.holder == "projectRole" and grant.parameter in site.roles:
        return {"projectRole": short_role(call, site.roles[grant.parameter])}
    if grant.holder == "group" and (group := site.groups.get(grant.parameter)):
        return {"group": {"name": group.name, "self": f"{call.view.base}/group?groupname={group.name}"}}
    return {}


# ---- as they are asked for


def _scheme(call: Call) -> Scheme:
    number = asked.whole(call.params["schemeId"])
    found = call.site.schemes.get(number) if number is not None else None
    if found is None:
        raise NotThere(f"Permission scheme with id {call.params['schemeId'][:40]} cannot be found")
    return found


def _grant(call: Call, scheme: Scheme) -> Grant:
    number = asked.whole(call.params["grantId"])
    found = next((one for one in scheme.grants if one.id == number), None)
    if found is None:
        raise NotThere(f"Permission grant with id {call.params['grantId'][:40]} cannot be found")  # unconfirmed
    return found


def _named(call: Call, wire: Json, held: Scheme | None) -> str:
    name = asked.words(wire, "name", "The name of the permission scheme must be specified.")  # wording unconfirmed
    if any(one is not held and one.name.lower() == name.lower() for one in call.site.schemes.values()):
        raise field_error("name", "A permission scheme with this name already exists.")  # wording unconfirmed
    return name


def _given(call: Call, wire: object) -> tuple[str, str, str]:
    """The holder, its parameter and the permission of a grant in a body. Raises Refusal."""
    holder = wire.get("holder") if isinstance(wire, dict) else None
    if not isinstance(wire, dict) or not isinstance(holder, dict):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    permission, kind = wire.get("permission"), holder.get("type")
    if not isinstance(permission, str) or permission not in catalogue.PERMISSIONS:
        raise field_error("permission", f"Unrecognized permission: {str(permission)[:80]}")
    if not isinstance(kind, str) or kind not in TYPES:
        raise field_error("type", f"Unrecognized type of permission holder: {str(kind)[:80]}")  # wording unconfirmed
    if kind in BARE:
        return kind, "", permission
    found = _identified(call, kind, holder)
    if found is None:
        raise field_error("parameter", f"The {kind} of the permission holder does not exist.")  # wording unconfirmed
    return kind, found, permission


def _identified(call: Call, kind: str, holder: Json) -> str | None:
    """Whom a holder means: `value` goes before `parameter`, as a group's name can change."""
    given = [str(holder[name]) for name in ("value", "parameter") if isinstance(holder.get(name), str | int)]
    site = call.site
    for one in given:
        if kind == "group" and (group := site.groups.get(one) or directory.group_named(site, one)):
            return group.id
        if kind == "user" and (person := asked.person_named(call, one)):
            return person.key
        if kind == "projectRole" and one in site.roles:
            return one
        if kind == "userCustomField" and one in site.fields and site.fields[one].kind in ("person", "people"):
            return one
        if kind == "applicationRole" and one == "jira-software":
            return one
    return "" if kind == "applicationRole" and not given else None


def _grants(call: Call, wire: Json) -> list[Grant]:
    """The grants of a body, each once; none where it has no list."""
    entries = wire.get("permissions")
    if not isinstance(entries, list):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    each = dict.fromkeys(_given(call, entry) for entry in entries)
    return [Grant(_number(call), *one) for one in each]


def _number(call: Call) -> int:
    held = {one.id for scheme in call.site.schemes.values() for one in scheme.grants}
    return next(number for number in iter(lambda: int(call.site.next_id("grant")), -1) if number not in held)


# ---- endpoints


def schemes(call: Call) -> Answer:
    full = bool(call.many("expand"))
    return Answer(200, {"permissionSchemes": [scheme_json(call, one, full=full) for one in call.site.schemes.values()]})


def create_scheme(call: Call) -> Answer:
    """201. With grants or without."""
    call.admin()
    wire = call.json()
    name, words = _named(call, wire, None), asked.optional(wire, "description")
    grants = _grants(call, wire) if wire.get("permissions") is not None else []
    made = Scheme(int(call.site.next_id("permissionscheme")), name, words, grants)
    call.site.schemes[made.id] = made
    return Answer(201, scheme_json(call, made))


def get_scheme(call: Call) -> Answer:
    return Answer(200, scheme_json(call, _scheme(call)))


def change_scheme(call: Call) -> Answer:
    """A list of grants takes the place of those held; without one they stay."""
    call.admin()
    scheme, wire = _scheme(call), call.json()
    name = _named(call, wire, scheme) if "name" in wire or call.cloud else scheme.name
    words = asked.optional(wire, "description", scheme.description)
    grants = _grants(call, wire) if wire.get("permissions") is not None else scheme.grants
    scheme.name, scheme.description, scheme.grants = name, words, grants
    directory.regrant_all(call.site)
    return Answer(200, scheme_json(call, scheme))


def delete_scheme(call: Call) -> Answer:
    call.admin()
    scheme = _scheme(call)
    if scheme.id == DEFAULT or any(project.scheme == scheme.id for project in call.site.projects.values()):
        raise Refusal(403, "A permission scheme that is the default, or a project's, cannot be deleted.")  # unconfirmed
    del call.site.schemes[scheme.id]
    return Answer(204)


def scheme_grants(call: Call) -> Answer:
    scheme = _scheme(call)
    shown = [grant_json(call, scheme, one) for one in scheme.grants]
    return Answer(200, {"permissions": shown, "expand": ",".join(EXPANDS)})


def create_grant(call: Call) -> Answer:
    """201. The same grant twice is refused."""
    call.admin()
    scheme, wire = _scheme(call), call.json()
    unknown = [name for name in call.many("expand") if name not in (*EXPANDS, "permissions")]
    given = _given(call, wire)
    if unknown or scheme.has(*given):
        raise Refusal(400, "The permission grant is there already." if not unknown else f"Unknown: {unknown[0][:80]}")
    made = Grant(_number(call), *given)
    scheme.grants.append(made)
    directory.regrant_all(call.site)
    return Answer(201, grant_json(call, scheme, made))


def get_grant(call: Call) -> Answer:
    scheme = _scheme(call)
    return Answer(200, grant_json(call, scheme, _grant(call, scheme)))


def delete_grant(call: Call) -> Answer:
    call.admin()
    scheme = _scheme(call)
    scheme.grants.remove(_grant(call, scheme))
    directory.regrant_all(call.site)
    return Answer(204)


def scheme_of_project(call: Call) -> Answer:
    asked.administered(call, "projectKeyOrId")
    scheme = call.site.schemes[call.project(call.params["projectKeyOrId"]).scheme]
    return Answer(200, scheme_json(call, scheme, full=bool(call.many("expand"))))


def assign_scheme(call: Call) -> Answer:
    """Only who administers Jira gives a project another scheme; the answer is shortened."""
    project = call.project(call.params["projectKeyOrId"])
    call.admin()
    number = asked.whole(call.json(("id",)).get("id"))
    scheme = call.site.schemes.get(number) if number is not None else None
    if scheme is None:
        raise NotThere("The permission scheme cannot be found")  # wording unconfirmed
    project.scheme = scheme.id
    directory.regrant(call.site, project)
    return Answer(200, scheme_json(call, scheme, full=False))


ONE = "api/X/permissionscheme/{schemeId}"
GRANTS = f"{ONE}/permission"
OF_PROJECT = "api/X/project/{projectKeyOrId}/permissionscheme"
ENDPOINTS = [
    Endpoint("GET", "api/X/permissionscheme", schemes, "getAllPermissionSchemes"),
    Endpoint("POST", "api/X/permissionscheme", create_scheme, "createPermissionScheme"),
    Endpoint("GET", ONE, get_scheme, "getPermissionScheme"),
    Endpoint("PUT", ONE, change_scheme, "updatePermissionScheme"),
    Endpoint("DELETE", ONE, delete_scheme, "deletePermissionScheme"),
    Endpoint("GET", GRANTS, scheme_grants, "getPermissionSchemeGrants"),
    Endpoint("POST", GRANTS, create_grant, "createPermissionGrant"),
    Endpoint("GET", f"{GRANTS}/{{grantId}}", get_grant, "getPermissionSchemeGrant"),
    Endpoint("DELETE", f"{GRANTS}/{{grantId}}", delete_grant, "deletePermissionSchemeEntity"),
    Endpoint("GET", OF_PROJECT, scheme_of_project, "getAssignedPermissionScheme"),
    Endpoint("PUT", OF_PROJECT, assign_scheme, "assignPermissionScheme"),
]
