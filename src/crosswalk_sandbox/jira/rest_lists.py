"""Endpoints that administer the short lists of a site: link types, issue types, priorities, resolutions; and show its
statuses.

Jira Cloud REST v3 groups "Issue link types", "Issue types", "Issue priorities", "Issue resolutions", "Status".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-link-types/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-types/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-priorities/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-resolutions/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-status/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-status-categories/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuelinktype/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuetype/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-priority/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-resolution/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-statuscategory/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-status/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.rest_meta import priority_json
from crosswalk_sandbox.jira.state import IssueType, Json, LinkType, Named, Status
from crosswalk_sandbox.jira.tasks import see_task
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

# ---- link types


def link_type_of(call: Call) -> LinkType:
    found = call.site.link_types.get(call.params["issueLinkTypeId"])
    if found is None:
        raise NotThere(f"No issue link type with id '{call.params['issueLinkTypeId'][:40]}' found.")
    return found


def _administrator(call: Call) -> None:
    """Who is none learns nothing on Cloud: link types answer 404 there. Data Center's document knows no 403 either."""
    if not call.me.admin:
        raise NotThere("No issue link type found or you are not an administrator.")  # wording unconfirmed


def _link_values(call: Call, wire: Json, held: LinkType | None) -> list[str]:
    out = []
    for name in ("name", "inward", "outward"):
        if held is not None and name not in wire:
            out.append(str(getattr(held, name)))
            continue
        out.append(asked.words(wire, name, f"The {name} of the issue link type is required."))
    if any(k.name.lower() == out[0].lower() and k is not held for k in call.site.link_types.values()):
        raise Refusal(400, f"An issue link type with the name '{out[0]}' already exists.")  # wording unconfirmed
    return out


def create_link_type(call: Call) -> Answer:
    _administrator(call)
    name, inward, outward = _link_values(call, call.json(), None)
    identity = next(n for n in iter(lambda: call.site.next_id("linktype"), "") if n not in call.site.link_types)
    made = LinkType(identity, name, inward, outward)
    call.site.link_types[identity] = made
    return Answer(201, call.view.link_type(made))


def put_link_type(call: Call) -> Answer:
    _administrator(call)
    held = link_type_of(call)
    held.name, held.inward, held.outward = _link_values(call, call.json(), held)
    return Answer(200, call.view.link_type(held))


def delete_link_type(call: Call) -> Answer:
    """Its links go with it."""
    _administrator(call)
    gone = link_type_of(call)
    for link in [link for link in call.site.links.values() if link.type == gone.id]:
        call.site.part(link)
    del call.site.link_types[gone.id]
    return Answer(204)


# ---- issue types


def type_of(call: Call) -> IssueType:
    found = call.site.types.get(call.params["id"])
    if found is None:
        raise NotThere(f"The issue type with id '{call.params['id'][:40]}' does not exist")
    return found


def _type_name(call: Call, wire: Json, held: IssueType | None) -> str:
    name = asked.words(wire, "name", "You must specify a name.", most=60)
    if any(k.name.lower() == name.lower() and k is not held for k in call.site.types.values()):
        raise Refusal(409, errors={"name": "An issue type with this name already exists."})
    return name


def create_type(call: Call) -> Answer:
    """It joins every project, as the default scheme does."""
    call.admin()
    wire = call.json()
    name, text = _type_name(call, wire, None), asked.optional(wire, "description")
    kind, level = wire.get("type", "standard"), wire.get("hierarchyLevel")
    if kind not in ("standard", "subtask") or level not in (None, 0, -1) or isinstance(level, bool):
        raise field_error("type", "The issue type must be 'subtask' or 'standard'.")
    below = level == -1 or (level is None and kind == "subtask")
    identity = next(n for n in iter(lambda: call.site.next_id("issuetype"), "") if n not in call.site.types)
    made = IssueType(identity, name, -1 if below else 0, text)
    call.site.types[identity] = made
    for project in call.site.projects.values():
        project.types.append(identity)
    return Answer(201, call.view.issue_type(made))


def put_type(call: Call) -> Answer:
    call.admin()
    held, wire = type_of(call), call.json()
    name = _type_name(call, wire, held) if "name" in wire else held.name
    held.description = asked.optional(wire, "description", held.description)
    held.name = name
    return Answer(200, call.view.issue_type(held))


def alternatives(call: Call) -> Answer:
    held = type_of(call)
    others = [k for k in call.site.types.values() if k is not held and k.level == held.level]
    return Answer(200, [call.view.issue_type(kind) for kind in others])


def delete_type(call: Call) -> Answer:
    """Its issues become `alternativeIssueTypeId`; without one a type in use stays."""
    call.admin()
    gone, wanted = type_of(call), call.query.get("alternativeIssueTypeId")
    other = call.site.types.get(wanted) if wanted else None
    if wanted and (other is None or other is gone or other.level != gone.level):
        raise Refusal(400, "The alternative issue type is not valid.")  # wording unconfirmed
    held = [issue for issue in call.site.issues.values() if issue.type == gone.id]
    if held and other is None:
        raise Refusal(409 if call.cloud else 400, "The issue type is used by issues. Name an alternative.")
    for issue in held:
        issue.type = other.id if other else issue.type
    for project in call.site.projects.values():
        project.types = [one for one in project.types if one != gone.id]
    del call.site.types[gone.id]
    return Answer(204)


# ---- priorities and resolutions


def _named(call: Call, among: dict[str, Named], what: str) -> Named:
    found = among.get(call.params["id"])
    if found is None:
        raise NotThere(f"The {what} with id '{call.params['id'][:40]}' does not exist.")
    return found


def _new_name(wire: Json, among: dict[str, Named], held: Named | None) -> str:
    name = asked.words(wire, "name", "You must specify a name.", most=60)
    if any(one.name.lower() == name.lower() and one is not held for one in among.values()):
        raise field_error("name", f"The name '{name}' is already in use.")  # wording unconfirmed
    return name


def _create(call: Call, among: dict[str, Named], counter: str) -> Answer:
    call.admin()
    wire = call.json()
    name, text = _new_name(wire, among, None), asked.optional(wire, "description")
    identity = next(n for n in iter(lambda: call.site.next_id(counter), "") if n not in among)
    among[identity] = Named(identity, name, text)
    return Answer(201, {"id": identity})


def _put(call: Call, among: dict[str, Named], what: str) -> Answer:
    call.admin()
    held, wire = _named(call, among, what), call.json()
    name = _new_name(wire, among, held) if "name" in wire else held.name
    held.description = asked.optional(wire, "description", held.description)
    held.name = name
    return Answer(204)


def get_priority(call: Call) -> Answer:
    return Answer(200, priority_json(call, _named(call, call.site.priorities, "priority").id))


def create_priority(call: Call) -> Answer:
    asked.words(call.json(), "statusColor", "You must specify a status color.")
    return _create(call, call.site.priorities, "priority")


def put_priority(call: Call) -> Answer:
    return _put(call, call.site.priorities, "priority")


def get_resolution(call: Call) -> Answer:
    return Answer(200, call.view.resolution(_named(call, call.site.resolutions, "resolution")))


def create_resolution(call: Call) -> Answer:
    return _create(call, call.site.resolutions, "resolution")


def put_resolution(call: Call) -> Answer:
    return _put(call, call.site.resolutions, "resolution")


def delete_resolution(call: Call) -> Answer:
    """Its issues get `replaceWith`; 303 with the address of a task."""
    call.admin()
    gone = _named(call, call.site.resolutions, "resolution")
    other = call.query.get("replaceWith", "")
    if other not in call.site.resolutions or other == gone.id:
        raise Refusal(400, "A resolution to replace it with must be given.")  # wording unconfirmed
    for issue in call.site.issues.values():
        if issue.values.get("resolution") == gone.id:
            issue.values["resolution"] = other
    for project in call.site.projects.values():
        for way in project.transitions:
            way.sets_resolution = other if way.sets_resolution == gone.id else way.sets_resolution
    del call.site.resolutions[gone.id]
    return see_task(call)


# ---- statuses


CATEGORIES = {"new": "TODO", "undefined": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}


def status_json(status: Status) -> Json:
    """A status as the bulk endpoints of Cloud show it."""
    return {
        "id": status.id,
        "name": status.name,
        "statusCategory": CATEGORIES[status.category.key],
        "scope": {"type": "GLOBAL"},
        "description": status.description,
    }


def statuses(call: Call) -> Answer:
    """GET /statuses by `id`, /statuses/byNames by `name`."""
    by_name = call.path.endswith("/byNames")
    wanted = call.query.getlist("name" if by_name else "id")
    if not 0 < len(wanted) <= 50:
        raise Refusal(400, "Between 1 and 50 statuses can be asked for.")  # wording unconfirmed
    found = [s for s in call.site.statuses.values() if (s.name if by_name else s.id) in wanted]
    return Answer(200, [status_json(status) for status in found])


def search_statuses(call: Call) -> Answer:
    words, category = call.query.get("searchString", "").lower(), call.query.get("statusCategory")
    found = [s for s in call.site.statuses.values() if words in s.name.lower()]
    if project := call.query.get("projectId"):
        held = call.project(project).statuses
        found = [s for s in found if s.id in held]
    found = [s for s in found if not category or CATEGORIES[s.category.key] == category]
    return Answer(200, bean(call, [status_json(status) for status in found], 200, 200))


def dc_page(call: Call) -> Answer:
    """Data Center's pages of types, priorities, resolutions and statuses: `{kind}/page`."""
    kind = call.path.rstrip("/").split("/")[-2]
    site, view = call.site, call.view
    rows: dict[str, list[Json]] = {
        "issuetype": [view.issue_type(one) for one in site.types.values()],
        "priority": [priority_json(call, one) for one in site.priorities],
        "resolution": [view.resolution(one) for one in site.resolutions.values()],
        "status": [view.status(one) for one in site.statuses.values()],
    }
    words = call.query.get("query", "").lower()
    return Answer(200, bean(call, [row for row in rows[kind] if words in str(row["name"]).lower()], 100, 1000))


def get_category(call: Call) -> Answer:
    wanted = call.params["idOrKey"]
    found = next((c for c in call.site.categories if wanted in (str(c.id), c.key)), None)
    if found is None:
        raise NotThere(f"The status category with id or key '{wanted[:40]}' does not exist")
    return Answer(200, call.view.category(found))


CLOUD, DC = ("cloud",), ("dc",)
LINK = "api/X/issueLinkType"
ENDPOINTS = [
    Endpoint("POST", LINK, create_link_type, "createIssueLinkType"),
    Endpoint("PUT", f"{LINK}/{{issueLinkTypeId}}", put_link_type, "updateIssueLinkType"),
    Endpoint("DELETE", f"{LINK}/{{issueLinkTypeId}}", delete_link_type, "deleteIssueLinkType"),
    Endpoint("POST", "api/X/issuetype", create_type, "createIssueType"),
    Endpoint("PUT", "api/X/issuetype/{id}", put_type, "updateIssueType"),
    Endpoint("DELETE", "api/X/issuetype/{id}", delete_type, "deleteIssueType"),
    Endpoint("GET", "api/X/issuetype/{id}/alternatives", alternatives, "getAlternativeIssueTypes"),
    Endpoint("GET", "api/X/priority/{id}", get_priority, "getPriority"),
    Endpoint("POST", "api/X/priority", create_priority, "createPriority", CLOUD),
    Endpoint("PUT", "api/X/priority/{id}", put_priority, "updatePriority", CLOUD),
    Endpoint("GET", "api/X/resolution/{id}", get_resolution, "getResolution"),
    Endpoint("POST", "api/X/resolution", create_resolution, "createResolution", CLOUD),
    Endpoint("PUT", "api/X/resolution/{id}", put_resolution, "updateResolution", CLOUD),
    Endpoint("DELETE", "api/X/resolution/{id}", delete_resolution, "deleteResolution", CLOUD),
    Endpoint("GET", "api/X/statuses", statuses, "getStatusesById", CLOUD),
    Endpoint("GET", "api/X/statuses/byNames", statuses, "getStatusesByName", CLOUD),
    Endpoint("GET", "api/X/statuses/search", search_statuses, "search", CLOUD),
    Endpoint("GET", "api/X/statuscategory/{idOrKey}", get_category, "getStatusCategory"),
    *(
        Endpoint("GET", f"api/X/{kind}/page", dc_page, name, DC)
        for kind, name in (
            ("issuetype", "getPaginatedIssueTypes"),
            ("priority", "getPriorities"),
            ("resolution", "getPaginatedResolutions"),
            ("status", "getPaginatedStatuses"),
        )
    ),
]
