"""Endpoints for people. Cloud finds them by `query` and accountId, Data Center by `username`; a hidden e-mail still
finds its owner.

Jira Cloud REST v3 groups "Users", "User search", "Myself".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-myself/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/
"""

from __future__ import annotations

from crosswalk_sandbox.jira.nobody import NOT_SIGNED_IN
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Json, Person
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint


def myself(call: Call) -> Answer:
    more: Json = {"locale": "en_US", "groups": {"size": 1, "items": []}, "applicationRoles": {"size": 1, "items": []}}
    out = call.view.full_person(call.me) | more | {"expand": "groups,applicationRoles"}
    return Answer(200, out | {"emailAddress": call.me.email})


def browsing(call: Call, *, signed_in: bool = False) -> None:
    """Refuses on Cloud who may not browse users, with 401 whoever has to be `signed_in`; of Data Center no page says
    what becomes of them: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/."""
    if call.cloud and not call.everywhere("USER_PICKER"):
        if signed_in and call.person is None:
            raise Refusal(401, NOT_SIGNED_IN)
        raise Refusal(403, "You do not have permission to browse users.")  # wording unconfirmed


def get_user(call: Call) -> Answer:
    browsing(call, signed_in=True)
    name = "accountId" if call.cloud else "username"
    wanted, key = call.query.get(name), call.query.get("key")
    if not wanted and not (key and not call.cloud):
        raise NotThere(f"The '{name}' query parameter must be provided")  # no 400 is documented of this operation
    wire: Json = {"accountId": wanted} if call.cloud else ({"name": wanted} if wanted else {"key": key})
    found = call.jira.flavour.find_person(call.site, wire)
    if found is None:
        text = (
            "Specified user does not exist or you do not have required permissions"
            if call.cloud
            else f"The user named '{wanted or key}' does not exist"
        )
        raise NotThere(text)
    return Answer(200, call.view.full_person(found))


EVERYBODY = (".", "%", "_", '""', "''")


def matching(call: Call, query: str) -> list[Person]:
    """People whose name or e-mail has a word that begins so; a hidden e-mail must be given in full.

    On Data Center some signs find everybody (https://jira.atlassian.com/browse/JRASERVER-29069). On Cloud an account id
    finds whose it is: so the Python client `jira` looks up those it is given (https://github.com/pycontribs/jira).
    """
    wanted = query.strip().lower()
    if wanted in EVERYBODY and not call.cloud:
        wanted = ""
    found = []
    for person in call.site.people.values():
        words = [person.display_name.lower(), *person.display_name.lower().split()]
        if not call.cloud:
            words.append(person.name)
        words += [person.email.lower()] if not (call.cloud and person.email_hidden) else []
        if call.cloud and wanted == person.account_id.lower():
            words.append(wanted)
        if wanted == person.email.lower() or any(word.startswith(wanted) for word in words):
            found.append(person)
    kinds = {True: call.flag("includeActive", True), False: call.flag("includeInactive")}
    return [person for person in found if kinds[person.active]]


def paged(call: Call, people: list[Person]) -> Answer:
    start, size = call.number("startAt", 0), call.number("maxResults", 50, 1000)
    return Answer(200, [call.view.full_person(person) for person in people[start : start + size]])


def search_users(call: Call) -> Answer:
    """Who may not browse users finds nobody on Cloud; of Data Center no page says what becomes of them:
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/ (findUsers)."""
    query = call.query.get("query") if call.cloud else call.query.get("username")
    account = call.query.get("accountId") if call.cloud else None
    if not account and (query is None or (not query and not call.cloud)):
        raise Refusal(400, "The username or property query parameter must be provided")
    if call.cloud and not call.everywhere("USER_PICKER"):
        return Answer(200, [])
    if account:
        return paged(call, [p for p in call.site.people.values() if p.account_id == account])
    return paged(call, matching(call, query or ""))


FIRST = 1000  # of the people of a site, no more are looked at for who may be assigned


def assignable(call: Call) -> Answer:
    """People who can be assigned issues of a project (or of an issue's project)."""
    place = call.query.get("project") or call.query.get("projectKeys")
    key = call.query.get("issueKey") or call.query.get("issueId")
    if key:
        call.params["issueIdOrKey"] = key
        project = call.site.projects[call.issue().project]
    elif place:
        project = call.project(place.split(",")[0])
    else:
        raise Refusal(
            400, "Either the 'project' or the 'issueKey' query parameter must be provided."
        )  # wording unconfirmed
    query = call.query.get("query") if call.cloud else call.query.get("username")
    if call.cloud and call.query.get("accountId"):
        people = [p for p in call.site.people.values() if p.account_id == call.query["accountId"]]
    else:
        people = matching(call, query or "")
    if call.cloud:  # a range of the first thousand, of which those are shown who may be assigned
        start, size = call.number("startAt", 0), call.number("maxResults", 50, 1000)
        people = people[:FIRST][start : start + size]
    else:
        people = [p for p in people if call.site.allowed(p, project, "ASSIGNABLE_USER")]
        people = people[: call.number("maxResults", 50, 100)]
    shown = [p for p in people if call.site.allowed(p, project, "ASSIGNABLE_USER")]
    return Answer(200, [call.view.full_person(person) for person in shown])


def picker(call: Call) -> Answer:
    query = call.query.get("query")
    if query is None:
        raise Refusal(400, "The query parameter must be provided")
    people = matching(call, query)
    if call.cloud and not call.everywhere("USER_PICKER"):  # as the documents say, an exact name alone finds anybody
        people = [person for person in people if person.display_name.lower() == query.strip().lower()]
    users: list[Json] = []
    for person in people:
        full = call.view.full_person(person)
        keep = ("accountId", "accountType") if call.cloud else ("name", "key")
        shown: Json = {name: full[name] for name in keep}
        shown |= {"displayName": person.display_name, "html": f"{person.display_name} - {person.email}"}
        if call.cloud:
            shown["html"] = f"<strong>{person.display_name}</strong>"
        users.append(shown)
    text = f"Showing {len(users)} of {len(users)} matching users"
    return Answer(200, {"users": users, "total": len(users), "header": text})


def bulk_users(call: Call) -> Answer:
    """Cloud: people by accountId, paged."""
    wanted = call.query.getlist("accountId")
    if not wanted:
        raise Refusal(400, "The 'accountId' query parameter must be provided.")  # wording unconfirmed
    people = [call.view.full_person(p) for p in call.site.people.values() if p.account_id in wanted]
    start, size = call.number("startAt", 0), call.number("maxResults", 10, 200)
    values = people[start : start + size]
    body: Json = {
        "maxResults": size,
        "startAt": start,
        "total": len(people),
        "isLast": start + size >= len(people),
        "values": values,
    }
    return Answer(200, body)


def all_users(call: Call) -> Answer:
    browsing(call)
    return paged(call, list(call.site.people.values()))


CLOUD = ("cloud",)
ENDPOINTS = [
    Endpoint("GET", "api/X/myself", myself, "getCurrentUser"),
    Endpoint("GET", "api/X/user", get_user, "getUser"),
    Endpoint("GET", "api/X/user/search", search_users, "findUsers"),
    Endpoint("GET", "api/X/user/assignable/search", assignable, "findAssignableUsers"),
    Endpoint("GET", "api/X/user/picker", picker, "findUsersForPicker"),
    Endpoint("GET", "api/X/user/bulk", bulk_users, "bulkGetUsers", CLOUD),
    Endpoint("GET", "api/X/users/search", all_users, "getAllUsers", CLOUD),
]
