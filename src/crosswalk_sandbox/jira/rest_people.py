"""Endpoints that administer people, and look for them by what they may do. Data Center creates and renames them; Cloud
invites and removes.

Jira Cloud REST v3 groups "Users", "User search", "Myself"; Data Center 10.3 `user`, `mypreferences`, `auth`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-mypreferences/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-session/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-websudo/
"""

from __future__ import annotations

import hashlib
import re

from crosswalk_sandbox.jira import asked, catalogue, directory, hooks
from crosswalk_sandbox.jira.datacenter import SESSION, session_of
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_users import matching, paged
from crosswalk_sandbox.jira.state import Json, Person, Project
from crosswalk_sandbox.jira.web import FAILED, Answer, Call, Endpoint, bean

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


# ---- administration


def create_user(call: Call) -> Answer:
    """201. On Cloud the name comes from the address; somebody who is there already is answered as they are."""
    call.admin()
    wire, errors = call.json(), dict[str, str]()
    email, name = wire.get("emailAddress"), wire.get("name")
    if not isinstance(email, str) or not EMAIL.fullmatch(email) or len(email) > 255:
        errors["emailAddress" if call.cloud else "email"] = "You must specify a valid email address."
        email = ""
    if call.cloud:
        name = email.partition("@")[0]
        if not isinstance(wire.get("products"), list):
            errors["products"] = "The products must be specified."  # wording unconfirmed
        held = next((p for p in call.site.people.values() if p.email.lower() == email.lower()), None)
        if held is not None and not errors:
            return Answer(201, call.view.full_person(held))
    elif not isinstance(name, str) or not name.strip() or len(name) > 255 or name != name.strip():
        errors["username"] = "You must specify a username."
    elif any(p.name == name.lower() for p in call.site.people.values()):
        errors["username"] = "A user with that username already exists."
    shown = wire.get("displayName", name)
    if not isinstance(shown, str) or not shown.strip() or len(shown) > 255:
        errors["displayName"] = "You must specify a full name."
    if errors:
        raise Refusal(400, errors=errors)
    number = next(n for n in range(10101, 10**6) if f"JIRAUSER{n}" not in call.site.people)
    account = f"712020:{number:08d}-0000-4000-8000-{number:012d}"
    person = Person(f"JIRAUSER{number}", str(name).lower(), account, str(shown).strip(), email)
    call.site.people[person.key] = person
    _join_users(call, wire, person)
    call.jira.tell(hooks.user_event(person, "created"))
    return Answer(201, call.view.full_person(person) | ({} if call.cloud else {"applicationKeys": ["jira-software"]}))


def _join_users(call: Call, wire: Json, person: Person) -> None:
    """Somebody with access to a product is in its group; no access is asked for with an empty list."""
    products = wire.get("products" if call.cloud else "applicationKeys")
    users = directory.group_named(call.site, directory.USERS)
    if users is not None and products != []:
        users.members.append(person.key)
        directory.regrant_all(call.site)


def put_user(call: Call) -> Answer:
    """Data Center: renames, changes name, address and whether somebody is active."""
    call.admin()
    person, wire, errors = asked.person_asked(call), call.json(), dict[str, str]()
    name, email, shown = (wire.get(key) for key in ("name", "emailAddress", "displayName"))
    if name is not None and (not isinstance(name, str) or not name.strip() or len(name) > 255):
        errors["username"] = "You must specify a username."
    elif name is not None and any(p.name == str(name).lower() and p is not person for p in call.site.people.values()):
        errors["username"] = "A user with that username already exists."
    if email is not None and (not isinstance(email, str) or not EMAIL.fullmatch(email)):
        errors["email"] = "You must specify a valid email address."
    if shown is not None and (not isinstance(shown, str) or not shown.strip() or len(shown) > 255):
        errors["displayName"] = "You must specify a full name."
    active = asked.flag(wire, "active", person.active)
    if not active and person.key == call.me.key:
        errors["active"] = "You cannot deactivate yourself."
    if errors:
        raise Refusal(400, errors=errors)
    person.name = str(name).lower() if name is not None else person.name
    person.email = str(email) if email is not None else person.email
    person.display_name = str(shown).strip() if shown is not None else person.display_name
    person.active = active
    call.jira.tell(hooks.user_event(person, "updated"))
    return Answer(200, call.view.full_person(person))


def delete_user(call: Call) -> Answer:
    """Data Center removes somebody who has left no trace; Cloud takes the account's access away."""
    call.admin()
    person, site = asked.person_asked(call), call.site
    if person.key == call.me.key:
        raise Refusal(400, "You cannot remove yourself.")  # wording unconfirmed
    reported = [i for i in site.issues.values() if person.key in (i.values.get("reporter"), i.values.get("assignee"))]
    leads = [p for p in site.projects.values() if p.lead == person.key]
    written = [
        i for i in site.issues.values() if person.key == i.creator or any(c.author == person.key for c in i.comments)
    ]
    if reported or leads or written:
        raise Refusal(
            400,
            f"Cannot delete user '{person.name}', the user has {len(reported)} issues reported or assigned to them, "
            f"{len(leads)} projects led by them and activity on {len(written)} issues.",
        )  # wording unconfirmed
    gone = call.jira.as_now(hooks.user_event(person, "deleted"))
    for group in site.groups.values():
        if person.key in group.members:
            group.members.remove(person.key)
    held = [r.defaults for r in site.roles.values()]
    for actors in [*held, *(a for p in site.projects.values() for a in p.actors.values())]:
        actors.users = [key for key in actors.users if key != person.key]
    for issue in site.issues.values():
        issue.watchers = [key for key in issue.watchers if key != person.key]
        issue.voters = [key for key in issue.voters if key != person.key]
    del site.people[person.key]
    directory.regrant_all(site)
    call.jira.tell(gone)
    return Answer(204)


def put_password(call: Call) -> Answer:
    """Data Center. A sandbox's passwords are fixed, so the change is only checked."""
    call.admin()
    asked.person_asked(call)
    asked.words(call.json(), "password", "You must specify a password.")
    return Answer(204)


# ---- finding


def _holders(call: Call, projects: list[Project], permissions: list[str]) -> Answer:
    words = call.query.get("query" if call.cloud else "username", "")
    if call.cloud and call.query.get("accountId"):
        people = [p for p in call.site.people.values() if p.account_id == call.query["accountId"]]
    else:
        people = (
            [p for p in call.site.people.values() if p.active] if words in ("", ".", "%") else matching(call, words)
        )
    held = [p for p in people if all(call.site.allowed(p, place, key) for place in projects for key in permissions)]
    return paged(call, held)


def _places(call: Call) -> list[Project]:
    if key := call.query.get("issueKey"):
        call.params["issueIdOrKey"] = key
        return [call.site.projects[call.issue().project]]
    if key := call.query.get("projectKey"):
        return [call.project(key)]
    raise Refusal(400, "Either the 'projectKey' or the 'issueKey' query parameter must be provided.")  # unconfirmed


def viewers(call: Call) -> Answer:
    """Who may not browse users finds nobody on Cloud (findUsersWithBrowsePermission)."""
    if call.cloud and not call.everywhere("USER_PICKER"):
        return Answer(200, [])
    return _holders(call, _places(call), ["BROWSE_PROJECTS"])


def with_permissions(call: Call) -> Answer:
    wanted = call.many("permissions")
    if not wanted:
        raise Refusal(400, "The 'permissions' query parameter must be provided.")  # wording unconfirmed
    unknown = [key for key in wanted if key not in catalogue.PERMISSIONS and key not in catalogue.OLD_PERMISSIONS]
    if unknown:
        raise Refusal(400, f"Unrecognized permission: {unknown[0]}")  # wording unconfirmed here
    places = _places(call)
    if not call.me.admin and not all(call.site.allowed(call.me, p, "ADMINISTER_PROJECTS") for p in places):
        raise Refusal(403, "You must have administrator rights to search by permission.")  # wording unconfirmed
    return _holders(call, places, [catalogue.OLD_PERMISSIONS.get(key, key) for key in wanted])


def assignable_in_all(call: Call) -> Answer:
    keys = call.many("projectKeys")
    if not keys:
        raise Refusal(400, "The 'projectKeys' query parameter must be provided.")  # wording unconfirmed
    return _holders(call, [call.project(key) for key in keys], ["ASSIGNABLE_USER"])


QUERY = re.compile(r"\s*(is assignee of|is reporter of|is watcher of|is voter of)\s+\(?([A-Za-z0-9, -]+?)\)?\s*")


def by_query(call: Call) -> Answer:
    """Cloud's structured search: `is assignee of (FAB-1, FAB)` and its like, joined by OR."""
    text = call.query.get("query", "")
    keys: list[str] = []
    for part in re.split(r"\s+OR\s+", text):
        found = QUERY.fullmatch(part)
        if found is None:
            raise Refusal(400, f"The query '{text[:200]}' could not be parsed.")  # wording unconfirmed
        places = {one.strip().upper() for one in found[2].split(",")}
        for issue in call.site.issues.values():
            if {issue.key, call.site.projects[issue.project].key} & places and call.may(issue, "BROWSE_PROJECTS"):
                relation = found[1].split()[1]
                lists = {"watcher": issue.watchers, "voter": issue.voters}
                keys += lists[relation] if relation in lists else [str(issue.values.get(relation))]
    people = [call.site.people[key] for key in dict.fromkeys(keys) if key in call.site.people]
    if call.path.endswith("/key"):
        return Answer(200, bean(call, [{"accountId": p.account_id, "key": p.key} for p in people], 100, 100))
    return Answer(200, bean(call, [call.view.full_person(p) for p in people], 100, 100))


def user_list(call: Call) -> Answer:
    """Data Center: everybody, for administrators, by a cursor."""
    call.admin()
    start = int(c) if (c := call.query.get("cursor", "0")).isdecimal() and len(c) < 10 else 0
    size, people = call.number("maxResults", 50, 1000), list(call.site.people.values())
    out: Json = {"maxResults": size, "values": [call.view.full_person(p) for p in people[start : start + size]]}
    last = start + size >= len(people)
    return Answer(200, out | {"isLast": last} | ({} if last else {"nextCursor": str(start + size)}))


def email_of(call: Call) -> Answer:
    """Cloud. For apps that Atlassian has approved; the owner of a token is none."""
    asked.person_asked(call)
    raise Refusal(401, "The app is not authorized to read e-mail addresses.")  # wording unconfirmed


def migration(call: Call) -> Answer:
    """Cloud: accountIds for old names and keys."""
    names, keys = call.query.getlist("username"), call.query.getlist("key")
    if not names and not keys:
        raise Refusal(400, "The 'username' or 'key' query parameter must be provided.")  # wording unconfirmed
    found = [p for p in call.site.people.values() if p.name in names or p.key in keys]
    return Answer(200, [{"username": p.name, "key": p.key, "accountId": p.account_id} for p in found])


# ---- oneself


def preference(call: Call) -> Answer:
    """GET, PUT (the body is the value) and DELETE of one of the caller's own settings."""
    key = call.query.get("key")
    if not key or len(key) > 255:
        raise NotThere("key is required") if not key else Refusal(400, "The key is too long.")
    if call.method == "PUT":
        held = call.site.properties.setdefault(("preference", call.me.key), {})
        held[key] = call.body if call.body is not None else ""
        return Answer(204)
    held = call.site.properties.get(("preference", call.me.key), {})
    if key not in held:
        raise NotThere(f"key not found: '{key}'")
    if call.method == "DELETE":
        del held[key]
        return Answer(204)
    return Answer(200, held[key])


def locale(_call: Call) -> Answer:
    return Answer(200, {"locale": "en_US"})


# ---- sessions of Data Center (https://developer.atlassian.com/server/jira/platform/cookie-based-authentication/)


INFO: Json = {"loginCount": 1, "previousLoginTime": "2026-10-01T08:00:00.000+0200"}


def session(call: Call) -> Answer:
    """Who is signed in, by whatever proof."""
    return Answer(
        200, {"self": f"{call.view.base}/user?username={call.me.name}", "name": call.me.name, "loginInfo": INFO}
    )


def sign_in(call: Call) -> Answer:
    """A name and a password begin a session; its cookie is then the proof."""
    wire = call.json()
    given = (str(wire.get("username")), str(wire.get("password")))
    person = call.site.people.get(call.jira.flavour.credentials.basic.get(given, ""))
    if person is None or not person.active:
        # The words as observed on a Server: https://github.com/tanium/octobot/pull/333
        refused = Refusal(401, "Login failed").body()
        return Answer(401, refused, {"X-Seraph-LoginReason": FAILED})
    number = f"{call.site.cloud_id}/session/{call.site.next_id('session')}"
    value = hashlib.blake2b(number.encode(), digest_size=16).hexdigest().upper()
    call.site.sessions[value] = person.key
    cookie = f"{SESSION}={value}; Path=/; HttpOnly"
    return Answer(200, {"session": {"name": SESSION, "value": value}, "loginInfo": INFO}, {"Set-Cookie": cookie})


def sign_out(call: Call) -> Answer:
    """The session ends, if there is one."""
    call.site.sessions.pop(session_of(call.headers), None)
    return Answer(204)


def end_websudo(_call: Call) -> Answer:
    """A sandbox asks no administrator for the password twice, so there is nothing to end."""
    return Answer(204)


CLOUD, DC = ("cloud",), ("dc",)
ENDPOINTS = [
    Endpoint("POST", "api/X/user", create_user, "createUser"),
    Endpoint("PUT", "api/X/user", put_user, "updateUser", DC),
    Endpoint("DELETE", "api/X/user", delete_user, "removeUser"),
    Endpoint("PUT", "api/X/user/password", put_password, "changeUserPassword", DC),
    Endpoint("GET", "api/X/user/viewissue/search", viewers, "findUsersWithBrowsePermission"),
    Endpoint("GET", "api/X/user/permission/search", with_permissions, "findUsersWithAllPermissions"),
    Endpoint("GET", "api/X/user/assignable/multiProjectSearch", assignable_in_all, "findBulkAssignableUsers"),
    Endpoint("GET", "api/X/user/search/query", by_query, "findUsersByQuery", CLOUD, told=Refusal.body),
    Endpoint("GET", "api/X/user/search/query/key", by_query, "findUserKeysByQuery", CLOUD, told=Refusal.body),
    Endpoint("GET", "api/X/user/list", user_list, "getUserList", DC),
    Endpoint("GET", "api/X/user/email", email_of, "getUserEmail", CLOUD),
    Endpoint("GET", "api/X/user/bulk/migration", migration, "bulkGetUsersMigration", CLOUD),
    Endpoint("GET", "api/X/mypreferences", preference, "getPreference"),
    Endpoint("PUT", "api/X/mypreferences", preference, "setPreference"),
    Endpoint("DELETE", "api/X/mypreferences", preference, "removePreference"),
    Endpoint("GET", "api/X/mypreferences/locale", locale, "getLocale", CLOUD),
    Endpoint("GET", "auth/1/session", session, "currentUser", DC),
    Endpoint("POST", "auth/1/session", sign_in, "login", DC),
    Endpoint("DELETE", "auth/1/session", sign_out, "logout", DC),
    Endpoint("DELETE", "auth/1/websudo", end_websudo, "release", DC),
]
