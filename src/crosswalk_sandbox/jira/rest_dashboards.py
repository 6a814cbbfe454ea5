"""Endpoints for dashboards and their gadgets. Data Center only shows them.

Jira Cloud REST v3 group "Dashboards"; Data Center 10.3 `dashboard`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-dashboard/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked, saved
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.rest_filters import read_share, share_json
from crosswalk_sandbox.jira.saved import Dashboard, Gadget, Share
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint, bean

COLORS = ("blue", "red", "yellow", "green", "cyan", "purple", "gray", "white")
OWNER = ("self", "accountId", "displayName", "active", "avatarUrls")
GADGETS = {"com.atlassian.jira.gadgets:filter-results-gadget": "Filter Results",
           "com.atlassian.jira.gadgets:assigned-to-me-gadget": "Assigned to Me",
           "com.atlassian.jira.gadgets:activitystream-gadget": "Activity Stream"}  # fmt: skip


def shown(call: Call, board: Dashboard) -> Json:
    base = call.view.base
    out: Json = {
        "id": board.id,
        "name": board.name,
        "self": f"{base}/dashboard/{board.id}",
        "view": f"{call.jira.root}/secure/Dashboard.jspa?selectPageId={board.id}",
    }
    if not call.cloud:
        return out
    return out | {
        "description": board.description,
        "isFavourite": False,
        "owner": {name: value for name, value in (call.view.person(board.owner) or {}).items() if name in OWNER},
        "popularity": 0,
        "isWritable": saved.may_edit(call.site, board, call.someone),
        "systemDashboard": False,
        "sharePermissions": [share_json(call, share) for share in board.shares],
        "editPermissions": [share_json(call, share) for share in board.edits],
    }


def seen(call: Call) -> list[Dashboard]:
    return [board for board in call.site.dashboards.values() if saved.may_see(call.site, board, call.someone)]


def dashboard_of(call: Call, name: str = "id", *, edit: bool = False) -> Dashboard:
    found = call.site.dashboards.get(call.params[name])
    if found is None or not saved.may_see(call.site, found, call.someone):
        raise NotThere(f"The dashboard with id '{call.params[name][:40]}' does not exist.")
    if edit and not saved.may_edit(call.site, found, call.someone):
        raise NotThere(f"The dashboard with id '{found.id}' does not exist or you may not edit it.")
    return found


def list_dashboards(call: Call) -> Answer:
    """`filter=my` leaves the caller's own."""
    wanted = call.query.get("filter", "")
    if wanted not in ("", "my", "favourite"):
        raise Refusal(400, "The filter must be 'my' or 'favourite'.")  # wording unconfirmed
    boards = [b for b in seen(call) if wanted == "" or (wanted == "my" and b.owner == call.someone.key)]
    start, size = call.number("startAt", 0), call.number("maxResults", 20, 1000)
    page = [shown(call, board) for board in boards[start : start + size]]
    return Answer(200, {"startAt": start, "maxResults": size, "total": len(boards), "dashboards": page})


def search_dashboards(call: Call) -> Answer:
    words = call.query.get("dashboardName", "").lower()
    found = [b for b in seen(call) if words in b.name.lower()]
    if owner := call.query.get("accountId"):
        person = asked.person_named(call, owner)
        found = [b for b in found if person is not None and b.owner == person.key]
    return Answer(200, bean(call, [shown(call, board) for board in sorted(found, key=lambda b: b.name)]))


def get_dashboard(call: Call) -> Answer:
    return Answer(200, shown(call, dashboard_of(call)))


def _shares(call: Call, wire: Json, name: str) -> list[Share]:
    value = wire.get(name)
    if not isinstance(value, list) or len(value) > 100:
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return [read_share(call, one) for one in value]


def create_dashboard(call: Call) -> Answer:
    """200, not 201. POST .../copy makes one with the same gadgets."""
    wire = call.json()
    name = asked.words(wire, "name", "You must specify a name for the dashboard.")
    text = asked.optional(wire, "description")
    shares, edits = _shares(call, wire, "sharePermissions"), _shares(call, wire, "editPermissions")
    like = dashboard_of(call) if "id" in call.params else None
    made = Dashboard(call.site.next_id("dashboard"), name, call.me.key, text, shares, edits)
    for gadget in like.gadgets if like else []:
        number = int(call.site.next_id("gadget"))
        made.gadgets.append(
            Gadget(number, gadget.title, gadget.module, gadget.uri, gadget.color, gadget.row, gadget.column)
        )
    call.site.dashboards[made.id] = made
    return Answer(200, shown(call, made))


def put_dashboard(call: Call) -> Answer:
    held, wire = dashboard_of(call, edit=True), call.json()
    name = asked.words(wire, "name", "You must specify a name for the dashboard.")
    text = asked.optional(wire, "description")
    shares, edits = _shares(call, wire, "sharePermissions"), _shares(call, wire, "editPermissions")
    held.name, held.description, held.shares, held.edits = name, text, shares, edits
    return Answer(200, shown(call, held))


def delete_dashboard(call: Call) -> Answer:
    try:
        held = dashboard_of(call)
    except NotThere as hidden:
        raise Refusal(400, *hidden.messages) from hidden  # the one refusal that is documented of this operation
    if held.owner != call.someone.key:
        raise Refusal(400, "The dashboard can only be deleted by its owner.")  # wording unconfirmed
    del call.site.dashboards[held.id]
    return Answer(204)


# ---- gadgets


def gadget_json(gadget: Gadget) -> Json:
    out: Json = {"id": gadget.id, "color": gadget.color, "title": gadget.title}
    out["position"] = {"row": gadget.row, "column": gadget.column}
    return out | ({"moduleKey": gadget.module} if gadget.module else {"uri": gadget.uri})


def available(_call: Call) -> Answer:
    return Answer(200, {"gadgets": [{"moduleKey": key, "title": title} for key, title in GADGETS.items()]})


def list_gadgets(call: Call) -> Answer:
    held, ids = dashboard_of(call, "dashboardId"), call.query.getlist("gadgetId")
    return Answer(200, {"gadgets": [gadget_json(g) for g in held.gadgets if not ids or str(g.id) in ids]})


def _place(wire: Json, row: int, column: int) -> tuple[int, int]:
    place = wire.get("position", {"row": row, "column": column})
    if not isinstance(place, dict) or not all(
        type(place.get(n)) is int and 0 <= place[n] < 100 for n in ("row", "column")
    ):
        raise field_error("position", "The position is not valid.")
    return place["row"], place["column"]


def _color(wire: Json, held: str) -> str:
    color = wire.get("color", held)
    if color not in COLORS:
        raise field_error("color", f"The color must be one of {', '.join(COLORS)}.")
    return str(color)


def add_gadget(call: Call) -> Answer:
    held, wire = dashboard_of(call, "dashboardId", edit=True), call.json()
    module, uri = asked.optional(wire, "moduleKey"), asked.optional(wire, "uri")
    if bool(module) == bool(uri) or (module and module not in GADGETS):
        raise Refusal(400, "Exactly one known 'moduleKey' or 'uri' must be given.")  # wording unconfirmed
    title = asked.optional(wire, "title", GADGETS.get(module, "Gadget"), most=255)
    color, (row, column) = _color(wire, "blue"), _place(wire, len(held.gadgets), 0)
    gadget = Gadget(int(call.site.next_id("gadget")), title, module, uri, color, row, column)
    held.gadgets.append(gadget)
    return Answer(200, gadget_json(gadget))


def _gadget(call: Call) -> tuple[Dashboard, Gadget]:
    held = dashboard_of(call, "dashboardId", edit=True)
    found = next((g for g in held.gadgets if str(g.id) == call.params["gadgetId"]), None)
    if found is None:
        raise NotThere("The dashboard gadget was not found.")
    return held, found


def put_gadget(call: Call) -> Answer:
    _, gadget = _gadget(call)
    wire = call.json()
    title = asked.optional(wire, "title", gadget.title, most=255)
    color, (row, column) = _color(wire, gadget.color), _place(wire, gadget.row, gadget.column)
    gadget.title, gadget.color, gadget.row, gadget.column = title, color, row, column
    return Answer(204)


def delete_gadget(call: Call) -> Answer:
    held, gadget = _gadget(call)
    held.gadgets.remove(gadget)
    return Answer(204)


CLOUD = ("cloud",)
ONE, GADGET = "api/X/dashboard/{id}", "api/X/dashboard/{dashboardId}/gadget"
ENDPOINTS = [
    Endpoint("GET", "api/X/dashboard", list_dashboards, "getAllDashboards", told=Refusal.body),
    Endpoint("POST", "api/X/dashboard", create_dashboard, "createDashboard", CLOUD),
    Endpoint("GET", "api/X/dashboard/search", search_dashboards, "getDashboardsPaginated", CLOUD, told=Refusal.body),
    Endpoint("GET", "api/X/dashboard/gadgets", available, "getAllAvailableDashboardGadgets", CLOUD),
    Endpoint("GET", ONE, get_dashboard, "getDashboard"),
    Endpoint("PUT", ONE, put_dashboard, "updateDashboard", CLOUD),
    Endpoint("DELETE", ONE, delete_dashboard, "deleteDashboard", CLOUD),
    Endpoint("POST", f"{ONE}/copy", create_dashboard, "copyDashboard", CLOUD),
    Endpoint("GET", GADGET, list_gadgets, "getAllGadgets", CLOUD),
    Endpoint("POST", GADGET, add_gadget, "addGadget", CLOUD),
    Endpoint("PUT", f"{GADGET}/{{gadgetId}}", put_gadget, "updateGadget", CLOUD),
    Endpoint("DELETE", f"{GADGET}/{{gadgetId}}", delete_gadget, "removeGadget", CLOUD),
]
