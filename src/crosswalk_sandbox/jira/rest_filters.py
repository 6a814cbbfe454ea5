"""Endpoints for saved filters and who may see them.

Jira Cloud REST v3 groups "Filters", "Filter sharing"; Data Center 10.3 `filter`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filter-sharing/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-filter/
"""

from __future__ import annotations

from urllib.parse import quote

from crosswalk_sandbox.jira import asked, directory, jql, saved, search
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.rest_groups import short as group_json
from crosswalk_sandbox.jira.rest_roles import shown as role_json
from crosswalk_sandbox.jira.saved import Filter, Share
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint, bean

MISSING = "The selected filter is not available to you, perhaps it has been deleted or had its permissions changed."
DEFAULT_COLUMNS = ["issuetype", "issuekey", "summary", "assignee", "reporter", "priority", "status", "resolution",
                   "created", "updated", "duedate"]  # fmt: skip
SCOPES = ("GLOBAL", "AUTHENTICATED", "PRIVATE")


def shown(call: Call, kept: Filter) -> Json:
    """A filter as its own endpoints show it."""
    base, empty = call.view.base, {"size": 0, "items": [], "max-results": 1000, "start-index": 0, "end-index": 0}
    out: Json = {
        "self": f"{base}/filter/{kept.id}",
        "id": kept.id,
        "name": kept.name,
        "description": kept.description,
        "owner": call.view.person(kept.owner),
        "jql": kept.jql,
        "viewUrl": f"{call.root}/issues/?filter={kept.id}",
        "searchUrl": f"{base}/search{'/jql' if call.cloud else ''}?jql={quote(kept.jql)}",
        "favourite": call.someone.key in kept.favourites,
        "favouritedCount": len(kept.favourites),
        "sharePermissions": [share_json(call, share) for share in kept.shares],
        "sharedUsers": empty,
        "subscriptions": empty,
    }
    if not call.cloud:
        return out | {"editable": saved.may_edit(call.site, kept, call.someone)}
    return out | {"editPermissions": [share_json(call, share) for share in kept.edits]}


def share_json(call: Call, share: Share) -> Json:
    site = call.site
    # Data Center still says "loggedin" for everybody who is signed in.
    kind = "loggedin" if share.kind == "authenticated" else share.kind
    out: Json = {"id": share.id, "type": "project" if kind == "projectRole" else kind}
    if share.kind == "group" and share.target in site.groups:
        out["group"] = group_json(call, site.groups[share.target])
    if share.kind == "user":
        out["user"] = call.view.person(share.target)
    if share.kind in ("project", "projectRole") and share.target in site.projects:
        project = site.projects[share.target]
        out["project"] = call.view.project(project)
        if share.role in site.roles:
            role = site.roles[share.role]
            out["role"] = role_json(call, role, project.actors.get(role.id, directory.Actors()), project)
    return out


def _inner(wire: Json, name: str) -> Json:
    value = wire.get(name)
    return value if isinstance(value, dict) else {}


def read_share(call: Call, wire: object) -> Share:
    """A share from a request. Raises Refusal."""
    if not isinstance(wire, dict):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    kind, site = wire.get("type"), call.site
    kind = "authenticated" if kind == "loggedin" else kind
    if kind in ("global", "authenticated"):
        return Share(int(site.next_id("share")), str(kind))
    if kind == "group":
        inner = _inner(wire, "group")
        name = wire.get("groupname") or inner.get("name")
        identity = wire.get("groupId") or inner.get("groupId")
        group = site.groups.get(str(identity)) if identity else directory.group_named(site, str(name))
        if group is not None:
            return Share(int(site.next_id("share")), "group", group.id)
        raise field_error("sharePermissions", f"Group: '{str(name or identity)[:80]}' does not exist.")
    if kind == "user":
        inner = _inner(wire, "user")
        person = asked.person_named(call, wire.get("accountId") or wire.get("userKey") or inner.get("accountId"))
        if person is not None:
            return Share(int(site.next_id("share")), "user", person.key)
        raise field_error("sharePermissions", "The user does not exist.")
    if kind in ("project", "projectRole"):
        return _project_share(call, wire)
    raise field_error("sharePermissions", f"'{str(kind)[:80]}' is not a valid share type.")


def _project_share(call: Call, wire: Json) -> Share:
    project = call.site.project(str(wire.get("projectId") or _inner(wire, "project").get("id")))
    if project is None or not call.site.allowed(call.me, project, "BROWSE_PROJECTS"):
        raise field_error("sharePermissions", "The project does not exist.")
    role = wire.get("projectRoleId") or _inner(wire, "role").get("id")
    if role is not None and str(role) not in call.site.roles:
        raise field_error("sharePermissions", "The project role does not exist.")
    number = int(call.site.next_id("share"))
    return Share(number, "projectRole" if role is not None else "project", project.id, str(role or ""))


def filter_of(call: Call, *, edit: bool = False, own: bool = False) -> Filter:
    """The filter of the path. Raises Refusal: an unknown filter and one of others look the same."""
    kept = call.site.filters.get(call.params["id"])
    override = call.someone.admin and call.flag("overrideSharePermissions")
    if kept is None or not (override or saved.may_see(call.site, kept, call.someone)):
        if "/permission" in call.path:
            raise NotThere(MISSING)
        raise Refusal(400, MISSING)
    if own and kept.owner != call.someone.key:
        raise Refusal(400 if call.cloud else 401, "Filter can only be deleted by its owner.")  # wording unconfirmed
    if edit and not override and not saved.may_edit(call.site, kept, call.someone):
        raise Refusal(400, "You do not have permission to edit this filter.")  # wording unconfirmed
    return kept


def _query(call: Call, text: object) -> str:
    """A query that Jira would run. Raises Refusal."""
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > 20000:
        raise field_error("jql", "The JQL must be a string.")
    search.find(call.site, call.asker, jql.parse(text))
    return text


def _named(call: Call, wire: Json, held: Filter | None) -> str:
    name = asked.words(wire, "name", "You must specify a name to save this filter as.")
    mine = [f for f in call.site.filters.values() if f.owner == (held.owner if held else call.me.key)]
    if any(f.name.lower() == name.lower() and f is not held for f in mine):
        raise field_error("filterName", "Filter with same name already exists.")
    return name


def _shares(call: Call, wire: Json, name: str) -> list[Share]:
    value = wire.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > 100:
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return [read_share(call, one) for one in value]


def create_filter(call: Call) -> Answer:
    """200, not 201."""
    wire = call.json()
    name, query = _named(call, wire, None), _query(call, wire.get("jql"))
    text = asked.optional(wire, "description")
    favourites = [call.me.key] if asked.flag(wire, "favourite") else []
    shares, edits = _shares(call, wire, "sharePermissions"), _shares(call, wire, "editPermissions")
    kept = Filter(call.site.next_id("filter"), name, call.me.key, query, text, shares, edits, favourites)
    call.site.filters[kept.id] = kept
    return Answer(200, shown(call, kept))


def put_filter(call: Call) -> Answer:
    kept, wire = filter_of(call, edit=True), call.json()
    name = _named(call, wire, kept) if "name" in wire or call.cloud else kept.name
    query = _query(call, wire["jql"]) if "jql" in wire else kept.jql
    text = asked.optional(wire, "description", kept.description)
    shares = _shares(call, wire, "sharePermissions") if "sharePermissions" in wire else kept.shares
    edits = _shares(call, wire, "editPermissions") if "editPermissions" in wire else kept.edits
    if "favourite" in wire:
        _favour(call, kept, on=asked.flag(wire, "favourite"))
    kept.name, kept.jql, kept.description, kept.shares, kept.edits = name, query, text, shares, edits
    return Answer(200, shown(call, kept))


def delete_filter(call: Call) -> Answer:
    kept = filter_of(call, own=not call.someone.admin)
    if any(board.filter == kept.id for board in call.site.boards.values()):
        raise Refusal(400, "The filter is used by a board.")  # wording unconfirmed
    del call.site.filters[kept.id]
    return Answer(204)


def get_filter(call: Call) -> Answer:
    return Answer(200, shown(call, filter_of(call)))


def favourites(call: Call) -> Answer:
    kept = [f for f in call.site.filters.values() if call.someone.key in f.favourites]
    return Answer(200, [shown(call, f) for f in kept if saved.may_see(call.site, f, call.someone)])


def mine(call: Call) -> Answer:
    also = call.flag("includeFavourites")
    return Answer(
        200,
        [
            shown(call, f)
            for f in call.site.filters.values()
            if f.owner == call.me.key or (also and call.me.key in f.favourites)
        ],
    )


def search_filters(call: Call) -> Answer:
    """Those the caller may see; without `expand` with hardly more than the name."""
    everything = call.someone.admin and call.flag("overrideSharePermissions")
    kept = [f for f in call.site.filters.values() if everything or saved.may_see(call.site, f, call.someone)]
    if name := call.query.get("filterName", "").lower():
        kept = [f for f in kept if name in f.name.lower()]
    if ids := call.query.getlist("id"):
        kept = [f for f in kept if f.id in ids]
    if owner := call.query.get("accountId"):
        person = asked.person_named(call, owner)
        kept = [f for f in kept if person is not None and f.owner == person.key]
    if project := call.query.get("projectId"):
        kept = [f for f in kept if any(s.target == project and s.kind.startswith("project") for s in f.shares)]
    wanted = {"self", "id", "name", *call.many("expand")}
    entries = [{k: v for k, v in shown(call, f).items() if k in wanted} for f in sorted(kept, key=lambda f: f.name)]
    return Answer(200, bean(call, entries, 50, 100))


def _favour(call: Call, kept: Filter, *, on: bool) -> None:
    if on and call.me.key not in kept.favourites:
        kept.favourites.append(call.me.key)
    if not on and call.me.key in kept.favourites:
        kept.favourites.remove(call.me.key)


def set_favourite(call: Call) -> Answer:
    kept = filter_of(call)
    _favour(call, kept, on=call.method == "PUT")
    return Answer(200, shown(call, kept))


def change_owner(call: Call) -> Answer:
    kept = filter_of(call, own=not call.someone.admin)
    person = asked.person_named(call, call.json(("accountId",)).get("accountId"))
    if person is None:
        raise Refusal(400, "The user does not exist.")  # wording unconfirmed
    if any(f.owner == person.key and f.name.lower() == kept.name.lower() for f in call.site.filters.values()):
        raise Refusal(400, "The new owner already owns a filter with this name.")  # wording unconfirmed
    kept.owner = person.key
    return Answer(204)


# ---- columns, shares, the scope of new filters


def get_columns(call: Call) -> Answer:
    kept, fields = filter_of(call), call.site.fields
    if kept.columns is None and call.cloud:
        raise NotThere("No columns have been set for this filter.")  # wording unconfirmed
    labels = {"issuekey": "Key", **{name: field.name for name, field in fields.items()}}
    names = kept.columns if kept.columns is not None else DEFAULT_COLUMNS
    return Answer(200, [{"label": labels[name], "value": name} for name in names if name in labels])


def put_columns(call: Call) -> Answer:
    kept = filter_of(call, edit=True)
    names = asked.texts(call.json(), "columns")
    unknown = [name for name in names if name != "issuekey" and name not in call.site.fields]
    if unknown:
        raise Refusal(400, f"The column '{unknown[0][:80]}' does not exist.")  # wording unconfirmed
    kept.columns = list(dict.fromkeys(names))
    return Answer(200)


def reset_columns(call: Call) -> Answer:
    filter_of(call, edit=True).columns = None
    return Answer(204)


def get_shares(call: Call) -> Answer:
    return Answer(200, [share_json(call, share) for share in filter_of(call).shares])


def _share(call: Call, kept: Filter) -> Share:
    found = next((share for share in kept.shares if str(share.id) == call.params["permissionId"]), None)
    if found is None:
        raise NotThere("The share permission does not exist.")  # wording unconfirmed
    return found


def get_share(call: Call) -> Answer:
    return Answer(200, share_json(call, _share(call, filter_of(call))))


def add_share(call: Call) -> Answer:
    """201 with every share of the filter."""
    kept = filter_of(call, edit=True)
    share = read_share(call, call.json())
    same = [s for s in kept.shares if (s.kind, s.target, s.role) == (share.kind, share.target, share.role)]
    if not same:
        kept.shares.append(share)
    return Answer(201, [share_json(call, one) for one in kept.shares])


def delete_share(call: Call) -> Answer:
    kept = filter_of(call, edit=True)
    kept.shares.remove(_share(call, kept))
    return Answer(204)


def share_scope(call: Call) -> Answer:
    """The preference of each person; PRIVATE until it is set."""
    key = ("preference", call.me.key)
    if call.method == "PUT":
        scope = call.json(("scope",)).get("scope")
        if scope not in SCOPES:
            raise Refusal(400, f"The scope must be one of {', '.join(SCOPES)}.")  # wording unconfirmed
        call.site.properties.setdefault(key, {})["sharing"] = scope
    return Answer(200, {"scope": call.site.properties.get(key, {}).get("sharing", "PRIVATE")})


CLOUD = ("cloud",)
ONE = "api/X/filter/{id}"
ENDPOINTS = [
    Endpoint("POST", "api/X/filter", create_filter, "createFilter"),
    Endpoint("GET", "api/X/filter/favourite", favourites, "getFavouriteFilters"),
    Endpoint("GET", "api/X/filter/my", mine, "getMyFilters", CLOUD),
    Endpoint("GET", "api/X/filter/search", search_filters, "getFiltersPaginated", CLOUD, told=Refusal.body),
    Endpoint("GET", "api/X/filter/defaultShareScope", share_scope, "getDefaultShareScope"),
    Endpoint("PUT", "api/X/filter/defaultShareScope", share_scope, "setDefaultShareScope"),
    Endpoint("GET", ONE, get_filter, "getFilter"),
    Endpoint("PUT", ONE, put_filter, "updateFilter"),
    Endpoint("DELETE", ONE, delete_filter, "deleteFilter"),
    Endpoint("PUT", f"{ONE}/favourite", set_favourite, "setFavouriteForFilter", CLOUD),
    Endpoint("DELETE", f"{ONE}/favourite", set_favourite, "deleteFavouriteForFilter", CLOUD),
    Endpoint("PUT", f"{ONE}/owner", change_owner, "changeFilterOwner", CLOUD),
    Endpoint("GET", f"{ONE}/columns", get_columns, "getColumns"),
    Endpoint("PUT", f"{ONE}/columns", put_columns, "setColumns"),
    Endpoint("DELETE", f"{ONE}/columns", reset_columns, "resetColumns"),
    Endpoint("GET", f"{ONE}/permission", get_shares, "getSharePermissions"),
    Endpoint("POST", f"{ONE}/permission", add_share, "addSharePermission"),
    Endpoint("GET", f"{ONE}/permission/{{permissionId}}", get_share, "getSharePermission"),
    Endpoint("DELETE", f"{ONE}/permission/{{permissionId}}", delete_share, "deleteSharePermission"),
]
