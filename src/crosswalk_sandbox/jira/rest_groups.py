"""Endpoints for groups and who is in them.

Jira Cloud REST v3 groups "Groups", "Group and user picker"; Data Center 10.3 `group`, `groups`, `groupuserpicker`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-group-and-user-picker/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-group/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-groups/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-groupuserpicker/
"""

from __future__ import annotations

from urllib.parse import quote

from crosswalk_sandbox.jira import asked, directory
from crosswalk_sandbox.jira.directory import Group
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_users import browsing, matching
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean


def short(call: Call, group: Group) -> Json:
    """A group in a list."""
    if call.cloud:
        return {
            "name": group.name,
            "groupId": group.id,
            "self": f"{call.view.base}/group?groupId={group.id}",
        }
    return {"name": group.name, "self": f"{call.view.base}/group?groupname={quote(group.name)}"}


def shown(call: Call, group: Group) -> Json:
    """A group with its people, all of them where `expand=users` asks for them."""
    people = [call.view.full_person(call.site.people[key]) for key in group.members if key in call.site.people]
    start, end = 0, len(people) - 1
    expanded = next((part for part in call.many("expand") if part.startswith("users")), "")
    if expanded.startswith("users[") and expanded.endswith("]"):
        first, _, last = expanded[6:-1].partition(":")
        if first.isdecimal() and last.isdecimal() and len(first) + len(last) < 12:
            start, end = int(first), min(int(last), len(people) - 1)
    end = min(end, start + 49)
    items = people[start : end + 1] if expanded else []
    page: Json = {
        "size": len(people), "items": items, "max-results": 50, "start-index": start if expanded else 0,
        "end-index": max(end, 0) if expanded else 0,
    }  # fmt: skip
    return short(call, group) | {"users": page, "expand": "users"}


def get_group(call: Call) -> Answer:
    _may_browse(call)
    return Answer(200, shown(call, asked.group_asked(call)))


def _may_browse(call: Call) -> None:
    """Groups are shown to who has "Browse users and groups": here to everybody who is in one."""
    if not directory.groups_of(call.site, call.someone):
        raise Refusal(403, "You are not authorized to browse users and groups.")  # wording unconfirmed


def create_group(call: Call) -> Answer:
    call.admin()
    name = asked.words(call.json(), "name", "Group name must not be empty.")
    if directory.group_named(call.site, name):
        raise Refusal(400, f"Group with name '{name}' already exists.")  # wording unconfirmed
    group = Group(directory.group_id(name), name)
    call.site.groups[group.id] = group
    return Answer(201, shown(call, group))


def remove_group(call: Call) -> Answer:
    """What is restricted to the group goes over to `swapGroup`, or stays restricted to nobody."""
    call.admin()
    group = asked.group_asked(call)
    swap = call.query.get("swapGroup")
    other = directory.group_named(call.site, swap) if swap else None
    if swap and other is None:
        raise NotThere(f"The group named '{swap}' does not exist.")
    if group.name == directory.ADMINISTRATORS:
        raise Refusal(400, "The last group with administrators cannot be removed.")  # wording unconfirmed
    del call.site.groups[group.id]
    for issue in call.site.issues.values():
        for comment in issue.comments:
            held = comment.visibility or {}
            if other and held.get("type") == "group" and held.get("value") == group.name:
                comment.visibility = {"type": "group", "value": other.name}
    for project in call.site.projects.values():
        for actors in project.actors.values():
            if group.id in actors.groups:
                actors.groups.remove(group.id)
    for role in call.site.roles.values():
        if group.id in role.defaults.groups:
            role.defaults.groups.remove(group.id)
    directory.regrant_all(call.site)
    return Answer(200)


def members(call: Call) -> Answer:
    _may_browse(call)
    group = asked.group_asked(call)
    people = [call.site.people[key] for key in group.members if key in call.site.people]
    people = [p for p in people if p.active or call.flag("includeInactiveUsers")]
    return Answer(200, bean(call, [call.view.full_person(p) for p in people], 50, 50))


def add_member(call: Call) -> Answer:
    call.admin()
    group = asked.group_asked(call)
    wire = call.json()
    person = asked.person_named(call, wire.get("accountId") if call.cloud else wire.get("name"))
    if person is None:
        raise NotThere("Cannot add user. The user does not exist.")  # wording unconfirmed
    if person.key in group.members:
        raise Refusal(400, f"Cannot add user '{person.name}', user is already a member of '{group.name}'")
    group.members.append(person.key)
    directory.regrant_all(call.site)
    return Answer(201, shown(call, group))


def remove_member(call: Call) -> Answer:
    call.admin()
    group, person = asked.group_asked(call), asked.person_asked(call)
    if person.key not in group.members:
        raise Refusal(400, f"Cannot remove user '{person.name}' from group '{group.name}' since user is not a member.")
    if group.name == directory.ADMINISTRATORS and group.members == [person.key]:
        raise Refusal(400, "The last administrator cannot be removed.")  # wording unconfirmed
    group.members.remove(person.key)
    directory.regrant_all(call.site)
    return Answer(200)


def bulk(call: Call) -> Answer:
    call.admin()
    ids, names = call.query.getlist("groupId"), call.query.getlist("groupName")
    groups = [g for g in call.site.groups.values() if not (ids or names) or g.id in ids or g.name in names]
    return Answer(200, bean(call, [{"name": g.name, "groupId": g.id} for g in groups]))


def found(call: Call, query: str) -> Json:
    """The groups whose name holds the words, as both pickers show them."""
    out = [g for g in call.site.groups.values() if query.lower() in g.name.lower()]
    out = (
        [g for g in out if g.name not in call.query.getlist("exclude")]
        if directory.groups_of(call.site, call.someone)
        else []
    )
    size = call.number("maxResults", 20, 50)
    entries: list[Json] = []
    for group in sorted(out, key=lambda g: g.name)[:size]:
        entry: Json = {"name": group.name, "html": group.name, "labels": []}
        entries.append(entry | ({"groupId": group.id} if call.cloud else {}))
    return {"header": f"Showing {len(entries)} of {len(out)} matching groups", "total": len(out), "groups": entries}


def pick(call: Call) -> Answer:
    return Answer(200, found(call, call.query.get("query", "")))


def pick_both(call: Call) -> Answer:
    query = call.query.get("query")
    if query is None:
        raise Refusal(400, "The 'query' query parameter must be provided.")
    browsing(call, signed_in=True)
    people = matching(call, query)
    users: list[Json] = []
    for person in people[: call.number("maxResults", 20, 50)]:
        full = call.view.full_person(person)
        keep = ("accountId", "accountType", "displayName") if call.cloud else ("name", "key", "displayName")
        users.append({name: full[name] for name in keep} | {"html": person.display_name})
    header = f"Showing {len(users)} of {len(people)} matching users"
    return Answer(
        200, {"users": {"users": users, "total": len(people), "header": header}, "groups": found(call, query)}
    )


def groups_of_user(call: Call) -> Answer:
    browsing(call, signed_in=True)
    if not call.query.get("accountId"):
        raise NotThere("The 'accountId' query parameter must be provided")  # no 400 is documented of this operation
    return Answer(200, [short(call, g) for g in directory.groups_of(call.site, asked.person_asked(call))])


CLOUD, DC = ("cloud",), ("dc",)
ENDPOINTS = [
    Endpoint("GET", "api/X/group", get_group, "getGroup", CLOUD),
    # Gone from Data Center 10's document; still what the Python client `jira` asks for.
    Endpoint("GET", "api/X/group", get_group, "(group)", DC),
    Endpoint("POST", "api/X/group", create_group, "createGroup"),
    Endpoint("DELETE", "api/X/group", remove_group, "removeGroup"),
    Endpoint("GET", "api/X/group/member", members, "getUsersFromGroup"),
    Endpoint("POST", "api/X/group/user", add_member, "addUserToGroup"),
    Endpoint("DELETE", "api/X/group/user", remove_member, "removeUserFromGroup"),
    Endpoint("GET", "api/X/group/bulk", bulk, "bulkGetGroups", CLOUD),
    Endpoint("GET", "api/X/groups/picker", pick, "findGroups"),
    Endpoint("GET", "api/X/groupuserpicker", pick_both, "findUsersAndGroups"),
    Endpoint("GET", "api/X/user/groups", groups_of_user, "getUserGroups", CLOUD),
]
