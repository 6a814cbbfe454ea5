"""Reads what a request says about people, groups, names and lists, refusing what Jira refuses. Changes nothing."""

from __future__ import annotations

from crosswalk_sandbox.jira import directory
from crosswalk_sandbox.jira.directory import Group, Role
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Json, Person
from crosswalk_sandbox.jira.web import Call


def words(wire: Json, name: str, missing: str, *, most: int = 255) -> str:
    """A text that must be there. Raises Refusal naming the property."""
    value = wire.get(name)
    if not isinstance(value, str) or not value.strip():
        raise field_error(name, missing)
    if len(value) > most:
        raise field_error(name, f"The {name} must not exceed {most} characters in length.")
    return value.strip()


def optional(wire: Json, name: str, held: str = "", *, most: int = 32767) -> str:
    """A text that may be left out; then what is held."""
    value = wire.get(name, held)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise field_error(name, f"The {name} must be a string of at most {most} characters.")
    return value


def texts(wire: Json, name: str) -> list[str]:
    """A list of texts, or of numbers as texts. Raises Refusal for anything else."""
    value = wire.get(name)
    if not isinstance(value, list) or not all(
        isinstance(one, str | int) and not isinstance(one, bool) and len(str(one)) < 300 for one in value
    ):
        raise field_error(name, f"{name} must be an array.")
    return [str(one) for one in value]


def flag(wire: Json, name: str, held: bool = False) -> bool:
    """True or false; as text too, which the vendor's JSON reader takes for them."""
    value = {"true": True, "false": False}.get(str(wire.get(name, held)).lower())
    if not isinstance(value, bool):
        raise field_error(name, f"{name} must be true or false.")
    return value


def whole(value: object) -> int | None:
    """A number from 0, also as text; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 10**15 else None
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 16 else None


def person_named(call: Call, given: object) -> Person | None:
    """The person with this accountId (Cloud), or with this name or key (Data Center)."""
    if not isinstance(given, str):
        return None
    if call.cloud:
        return call.jira.flavour.find_person(call.site, {"accountId": given})
    found = call.jira.flavour.find_person(call.site, {"name": given})
    return found or call.jira.flavour.find_person(call.site, {"key": given})


def person_asked(call: Call) -> Person:
    """The person that the query means. Raises Refusal or NotThere."""
    names = ("accountId",) if call.cloud else ("username", "key", "userKey")
    given = next((call.query[name] for name in names if call.query.get(name)), None)
    if given is None:
        raise Refusal(400, f"The '{names[0]}' query parameter must be provided")
    found = person_named(call, given)
    if found is None:
        raise NotThere(
            "Specified user does not exist or you do not have required permissions"
            if call.cloud
            else f"The user named '{given}' does not exist"
        )
    return found


def group_asked(call: Call) -> Group:
    """The group that `groupname` or (Cloud) `groupId` means. Raises Refusal or NotThere."""
    name, identity = call.query.get("groupname"), call.query.get("groupId") if call.cloud else None
    if not name and not identity:
        raise Refusal(400, "The group ID and group name can not be empty.")  # so observed by others on Cloud, as below
    if name and identity:
        raise Refusal(400, "The query parameters 'groupId' and 'groupname' are mutually exclusive.")
    found = call.site.groups.get(identity) if identity else directory.group_named(call.site, str(name))
    if found is None:
        raise NotThere(f"The group {f'with group ID {identity!r}' if identity else f'named {name!r}'} does not exist")
    return found


def role_asked(call: Call) -> Role:
    found = call.site.roles.get(call.params["id"])
    if found is None:
        raise NotThere(f"Can not retrieve a role actor for a null project role. Role id: {call.params['id'][:40]}")
    return found


def administered(call: Call, project_name: str = "projectIdOrKey") -> None:
    """Raises Refusal unless the caller administers Jira or the project of the path."""
    project = call.project(call.params[project_name])
    if not call.me.admin and not call.site.allowed(call.me, project, "ADMINISTER_PROJECTS"):
        raise Refusal(403, "You cannot edit the configuration of this project.")
