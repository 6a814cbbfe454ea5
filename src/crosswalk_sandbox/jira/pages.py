"""The pages on which a person plays with a stand-in Jira: board, issue, hook deliveries, request log; and the JSON they
live on.

A page changes an issue by the same rules as REST does, in wiki text, as the person chosen on the page.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from crosswalk_sandbox.jira import accept, edit, hooks, richtext
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.edit import Desk
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.state import Comment, Issue, Json, Person, Rich
from crosswalk_sandbox.kernel.pages import page

STATIC = Path(__file__).parent / "static"
NAV = (("/", "Board"), ("/hooks", "Hooks"), ("/requests", "Requests"))
OWN = "/_sandbox/jira"


def routes() -> list[BaseRoute]:
    """The routes of the pages and of their JSON."""
    return [
        Route("/", board_page, methods=["GET"]),
        Route("/browse/{key}", issue_page, methods=["GET"]),
        Route("/hooks", hooks_page, methods=["GET"]),
        Route("/requests", requests_page, methods=["GET"]),
        Route(f"{OWN}/board", board_json, methods=["GET"]),
        Route(f"{OWN}/issues", create_issue, methods=["POST"]),
        Route(f"{OWN}/issues/{{key}}", issue_json, methods=["GET"]),
        Route(f"{OWN}/issues/{{key}}", change_issue, methods=["POST"]),
        Mount("/_jira", StaticFiles(directory=STATIC)),
    ]


# ---- the pages


def _frame(request: Request, title: str, body: str, script: str) -> HTMLResponse:
    jira = _jira(request)
    name = "Jira Cloud sandbox" if jira.flavour.name == "cloud" else "Jira Data Center sandbox"
    people = "".join(
        f'<option value="{escape(person.key)}"{" selected" if person.name == "bruno" else ""}>'
        f"{escape(person.display_name)}</option>"
        for person in jira.site.people.values()
    )
    acting = (
        '<link rel="stylesheet" href="/_jira/jira.css">'
        f'<label class="acting">Acting as<select id="acting" data-testid="acting">{people}</select></label>'
    )
    return page(title, acting + body, sandbox=name, kind=jira.flavour.name, nav=NAV, scripts=(f"/_jira/{script}",))


async def board_page(request: Request) -> Response:
    """The board: a column for each status, cards to drag or to move with a list and a button."""
    project = next(iter(_jira(request).site.projects.values()))
    kinds = "".join(
        f"<option>{escape(kind.name)}</option>"
        for kind in (_jira(request).site.types[t] for t in project.types)
        if not kind.subtask
    )
    body = f"""<h1>{escape(project.name)} ({escape(project.key)})</h1>
<form id="create" class="two" data-testid="create">
<label>New issue<input name="summary" data-testid="create-summary" required maxlength="255" autocomplete="off"></label>
<label>Type<select name="type" data-testid="create-type">{kinds}</select></label>
<button class="main" data-testid="create-go">Create</button>
</form>
<div class="board" id="board" data-testid="board" aria-busy="true"></div>"""
    return _frame(request, "Board", body, "board.js")


async def issue_page(request: Request) -> Response:
    """One issue: its fields, transitions, comments, links."""
    key = request.path_params["key"]
    if _jira(request).site.issue(key) is None:
        return page("No such issue", f"<h1>No issue {escape(key)}</h1>", sandbox="Jira sandbox", nav=NAV)
    body = f"""<p><a href="/">Board</a> / <span class="key" data-testid="key">{escape(key)}</span></p>
<div id="issue" data-key="{escape(key)}" data-testid="issue" aria-busy="true"></div>"""
    return _frame(request, key, body, "issue.js")


async def hooks_page(request: Request) -> Response:
    """Where hooks go, and what became of each."""
    body = """<h1>Hook deliveries</h1>
<form id="subscribe" class="two"><label>Send hooks to<input name="url" type="url" required
data-testid="hook-url"></label>
<label>Secret (optional)<input name="secret" autocomplete="off" data-testid="hook-secret"></label>
<div><button class="main" data-testid="hook-add">Add</button></div></form>
<ul id="subscriptions" data-testid="subscriptions"></ul>
<div class="wide"><table><thead><tr><th>No.</th><th>Event</th><th>State</th><th>To</th><th>Body</th></tr></thead>
<tbody id="rows" data-testid="deliveries"></tbody></table></div>"""
    return _frame(request, "Hooks", body, "hooks.js")


async def requests_page(request: Request) -> Response:
    """The requests the REST API has seen, newest first."""
    body = """<h1>Requests</h1><p class="soft" id="total" data-testid="total"></p>
<div class="wide"><table><thead><tr><th>No.</th><th>Request</th><th>Operation</th>
<th>Who</th><th>Status</th><th>ms</th></tr></thead>
<tbody id="rows" data-testid="requests"></tbody></table></div>"""
    return _frame(request, "Requests", body, "requests.js")


# ---- their JSON


def _jira(request: Request) -> Jira:
    jira = request.app.state.jira
    assert isinstance(jira, Jira)
    jira.root = str(request.app.state.base_url)
    return jira


def _desk(jira: Jira, given: Json) -> Desk:
    person = jira.site.people.get(str(given.get("as")))
    chosen: Person = person or next(p for p in jira.site.people.values() if p.name == "bruno")
    return Desk(jira.site, jira.flavour, chosen)


async def _given(request: Request) -> Json:
    try:
        given = await request.json()
    except (ValueError, RecursionError):
        given = None
    return given if isinstance(given, dict) else {}


def _name(jira: Jira, key: object) -> str:
    person = jira.site.people.get(str(key))
    return person.display_name if person else ""


def _targets(jira: Jira, issue: Issue) -> list[str]:
    """Names of the statuses the issue can be moved to now."""
    project = jira.site.projects[issue.project]
    possible = [t for t in project.transitions if (not t.sources or issue.status in t.sources) and not t.required]
    return list(dict.fromkeys(jira.site.statuses[t.to].name for t in possible if t.to != issue.status))


def _card(jira: Jira, issue: Issue) -> Json:
    site = jira.site
    labels, versions = issue.values.get("labels"), issue.values.get("fixVersions")
    return {
        "key": issue.key,
        "summary": str(issue.values.get("summary") or ""),
        "type": site.types[issue.type].name,
        "status": site.statuses[issue.status].name,
        "assignee": _name(jira, issue.values.get("assignee")),
        "labels": labels if isinstance(labels, list) else [],
        "versions": [site.versions[v].name for v in versions] if isinstance(versions, list) else [],
        "targets": _targets(jira, issue),
    }


async def board_json(request: Request) -> Response:
    jira = _jira(request)
    project = next(iter(jira.site.projects.values()))
    issues = sorted((i for i in jira.site.issues.values() if i.project == project.id), key=lambda i: i.rank)
    columns = [jira.site.statuses[s].name for s in project.statuses]
    return JSONResponse({"columns": columns, "cards": [_card(jira, issue) for issue in issues]})


async def issue_json(request: Request) -> Response:
    jira = _jira(request)
    issue = jira.site.issue(request.path_params["key"])
    if issue is None:
        return JSONResponse({"error": "There is no such issue."}, 404)
    text = issue.values.get("description")
    project = jira.site.projects[issue.project]
    assignees = [p for p in jira.site.people.values() if jira.site.allowed(p, project, "ASSIGNABLE_USER")]
    return JSONResponse(
        _card(jira, issue)
        | {
            "description": text.wiki if isinstance(text, Rich) else "",
            "rendered": richtext.html_of(text) if isinstance(text, Rich) else "",
            "assigneeKey": issue.values.get("assignee") or "",
            "people": [{"key": p.key, "name": p.display_name} for p in assignees],
            "fields": _others(jira, issue),
            "comments": [
                {
                    "id": c.id,
                    "author": _name(jira, c.author),
                    "html": richtext.html_of(c.body),
                    "at": c.created.isoformat(),
                }
                for c in issue.comments
            ],
            "remoteLinks": [
                {"title": str(link.object.get("title")), "url": str(link.object.get("url"))}
                for link in issue.remote_links
            ],
            "links": [_link(jira, issue, link.id) for link in jira.site.links_of(issue)],
            "history": [
                {
                    "at": change.at.isoformat(),
                    "who": _name(jira, change.author),
                    "what": ", ".join(f"{i.field}: {_short(i.from_text)} → {_short(i.to_text)}" for i in change.items),
                }
                for change in reversed(issue.changes)
            ],
        }
    )


def _short(text: str | None) -> str:
    text = text or "(none)"
    return text if len(text) <= 60 else text[:59] + "…"


def _link(jira: Jira, issue: Issue, link_id: str) -> Json:
    link = jira.site.links[link_id]
    kind = jira.site.link_types[link.type]
    outward = link.source == issue.id
    other = jira.site.issues[link.target if outward else link.source]
    return {"words": kind.outward if outward else kind.inward, "key": other.key}


def _others(jira: Jira, issue: Issue) -> list[Json]:
    """Custom fields and the like, as name and text; the Aha! Reference field is one of them where it exists."""
    view = jira.hook_view
    out: list[Json] = []
    for field in jira.site.fields.values():
        if not (field.custom or field.id in ("priority", "parent", "duedate")) or field.kind in ("rank", "hidden"):
            continue
        value = view.fields(issue, {field.id}).get(field.id)
        if value not in (None, [], ""):
            out.append({"name": field.name, "text": _words(value)})
    return out


def _words(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("displayName") or value.get("value") or value.get("key") or value.get("name") or "")
    return ", ".join(_words(one) for one in value) if isinstance(value, list) else str(value)


def _refused(refusal: Refusal) -> Response:
    return JSONResponse({"error": " ".join([*refusal.messages, *refusal.errors.values()])}, 400)


async def create_issue(request: Request) -> Response:
    """`{"summary", "type", "as"}`: a new issue in the board's project."""
    jira, given = _jira(request), await _given(request)
    desk = _desk(jira, given)
    project = next(iter(jira.site.projects.values()))
    fields: Json = {
        "project": {"id": project.id},
        "issuetype": {"name": given.get("type")},
        "summary": given.get("summary"),
    }
    epic_name = jira.site.of_kind("epicname")
    if epic_name and given.get("type") == "Epic":
        fields[epic_name.id] = given.get("summary")
    try:
        issue = edit.create(desk, {"fields": fields})
    except Refusal as refusal:
        return _refused(refusal)
    jira.tell(hooks.issue_created(desk.person, issue, jira.site.next_id("change")))
    return JSONResponse({"key": issue.key})


async def change_issue(request: Request) -> Response:
    """`{"move": status}`, `{"comment": text}`, `{"fields": {...}}` (REST v2 shapes) or `{"delete": true}`,
    with `"as"`."""
    jira, given = _jira(request), await _given(request)
    issue = jira.site.issue(request.path_params["key"])
    if issue is None:
        return JSONResponse({"error": "There is no such issue."}, 404)
    desk = _desk(jira, given)
    try:
        if "move" in given:
            _move(jira, desk, issue, str(given["move"]))
        elif "comment" in given:
            _comment(jira, desk, issue, given["comment"])
        elif given.get("delete") is True:
            doomed = [issue, *jira.site.children(issue)]
            events = [jira.as_now(hooks.issue_deleted(desk.person, one)) for one in doomed]
            edit.delete(desk, issue, with_subtasks=True)
            jira.tell(*events)
        else:
            change = edit.edit(desk, issue, {"fields": _person_field(jira, given.get("fields"))})
            if change is not None:
                jira.tell(hooks.issue_updated(desk.person, issue, change))
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse({"key": issue.key})


def _person_field(jira: Jira, fields: object) -> Json:
    """The page names an assignee by key; REST on Cloud by account id."""
    out = dict(fields) if isinstance(fields, dict) else {}
    if isinstance(key := out.get("assignee"), str):
        person = jira.site.people.get(key)
        names: Json = {"accountId": person.account_id, "name": person.name} if person else {}
        out["assignee"] = names or None
    return out


def _move(jira: Jira, desk: Desk, issue: Issue, status: str) -> None:
    possible = edit.transitions_of(jira.site, issue, desk.person)
    found = next((t for t in possible if jira.site.statuses[t.to].name == status and not t.required), None)
    if found is None:
        held = jira.site.statuses[issue.status].name
        raise Refusal(400, f"The workflow has no transition from {held} to {status} for {desk.person.display_name}.")
    before = jira.site.statuses[issue.status].category.key
    change = edit.transition(desk, issue, {"transition": {"id": found.id}})
    if change is not None:
        kind = jira.flavour.transition_event(before, jira.site.statuses[issue.status].category.key)
        jira.tell(hooks.issue_updated(desk.person, issue, change, kind))


def _comment(jira: Jira, desk: Desk, issue: Issue, text: object) -> None:
    if not jira.site.allowed(desk.person, jira.site.projects[issue.project], "ADD_COMMENTS"):
        raise Refusal(400, "You do not have the permission to comment on this issue.")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(400, "Comment body can not be empty!")
    body = accept.long_text(False, "comment", text)
    now = jira.site.now()
    issue.remember(now)
    comment = Comment(jira.site.next_id("comment"), desk.person.key, desk.person.key, body, now, now)
    issue.comments.append(comment)
    issue.updated = now
    jira.tell(*hooks.comment_events(jira.flavour.name, desk.person, issue, comment, "created"))
