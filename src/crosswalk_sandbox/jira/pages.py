"""The pages on which a person plays with a stand-in Jira: board, backlog, versions, issue; and the JSON they live on.

A page changes things as the person chosen on it, by REST itself (`acting`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from crosswalk_sandbox.jira import play, richtext
from crosswalk_sandbox.jira.acting import OWN, Acting
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.state import Json, Person, Project
from crosswalk_sandbox.kernel.pages import Look, page
from crosswalk_sandbox.kernel.requests import object_of
from crosswalk_sandbox.kernel.watching import LINKS, watching_routes

STATIC = Path(__file__).parent / "static"
NAV = (("/", "Board"), ("/backlog", "Backlog"), ("/versions", "Versions"))
Handler = Callable[[Request], Awaitable[Response]]
KEYS = (
    "<kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> go from card to card, with <kbd>Shift</kbd> they move it, "
    "<kbd>M</kbd> opens its menu, <kbd>Enter</kbd> opens it."
)
BOARD = """<div class="row spread"><h1>{title}</h1>
<button class="main" type="button" id="new" data-testid="create">Create issue</button></div>
<div class="inline"><label>Project<select id="project" data-testid="project">{projects}</select></label>
<label>Find<input id="find" type="search" data-testid="find" placeholder="key, summary, label"></label>
<label>Assignee<select id="who" data-testid="who"><option value="">Anybody</option></select></label></div>
<p id="may" class="soft" data-testid="may"></p>
<div class="board {kind}" id="board" data-kind="{kind}" data-testid="board" aria-busy="true"></div>
<p class="soft" id="keys">{keys}</p>"""
VERSIONS = """<div class="row spread"><h1>Versions of {project}</h1>
<button class="main" type="button" id="new" data-testid="create">Create version</button></div>
<div class="inline"><label>Project<select id="project" data-testid="project">{projects}</select></label></div>
<p id="may" class="soft" data-testid="may"></p>
<div class="wide" tabindex="0" role="region" aria-label="Versions"><table data-testid="versions"><thead><tr>
<th>Version</th><th>State</th><th>Start</th><th>Release</th><th>Issues</th><td></td></tr></thead>
<tbody id="versions"></tbody></table></div>"""
ISSUE = """<p class="soft"><a href="/?project={project}">Board</a> / <span id="above"></span>
<span class="key" data-testid="key">{key}</span></p>
<div id="issue" data-key="{key}" data-project="{project}" data-testid="issue" aria-busy="true"></div>"""


def routes(jira: Jira, acting: Acting) -> list[BaseRoute]:
    """The routes of the pages and of their JSON."""
    name = "Sandbox Jira Cloud" if jira.flavour.name == "cloud" else "Sandbox Jira Data Center"
    people = sorted(jira.site.people.values(), key=lambda person: person.name != "bruno")
    keys = [(person.key, person.display_name) for person in people]
    look = Look(name, jira.flavour.name, "Atlassian", (*NAV, *LINKS), keys)
    return [
        Route("/", _board(look, "Board", "columns")),
        Route("/backlog", _board(look, "Backlog", "lines")),
        Route("/versions", _versions(look)),
        Route("/browse/{key}", _issue(look)),
        Route(f"{OWN}/as/{{person}}/{{path:path}}", acting),
        Route(f"{OWN}/board", _project_json(play.board)),
        Route(f"{OWN}/versions", _project_json(play.versions)),
        Route(f"{OWN}/issues/{{key}}", _issue_json),
        Route(f"{OWN}/files/{{id}}", _file),
        Route(f"{OWN}/preview", _preview, methods=["POST"]),
        *watching_routes(look, secret=True),
        Mount("/_jira", StaticFiles(directory=STATIC)),
    ]


# ---- the pages


def _jira(request: Request) -> Jira:
    jira = request.app.state.jira
    assert isinstance(jira, Jira)
    jira.root = str(request.app.state.base_url)
    return jira


def _project(jira: Jira, request: Request) -> Project:
    """The project asked for, or the first."""
    asked = jira.site.project(request.query_params.get("project", ""))
    return asked or next(iter(jira.site.projects.values()))


def _choice(jira: Jira, project: Project) -> str:
    return "".join(
        f'<option value="{escape(one.key)}"{" selected" if one is project else ""}>{escape(one.name)}</option>'
        for one in jira.site.projects.values()
    )


def _board(look: Look, title: str, kind: str) -> Handler:
    scripts = ("/_static/board.js", "/_jira/fields.js", "/_jira/board.js")

    async def show(request: Request) -> Response:
        jira = _jira(request)
        project = _project(jira, request)
        heading = f"{title} of {escape(project.name)}" if kind == "lines" else escape(project.name)
        body = BOARD.format(title=heading, projects=_choice(jira, project), kind=kind, keys=KEYS)
        return page(title, body, look, scripts)

    return show


def _versions(look: Look) -> Handler:
    async def show(request: Request) -> Response:
        jira = _jira(request)
        project = _project(jira, request)
        body = VERSIONS.format(project=escape(project.name), projects=_choice(jira, project))
        return page("Versions", body, look, ("/_jira/versions.js",))

    return show


def _issue(look: Look) -> Handler:
    async def show(request: Request) -> Response:
        jira, key = _jira(request), request.path_params["key"]
        issue = jira.site.issue(key)
        if issue is None:
            words = f"<h1>There is no issue {escape(key)}</h1><p><a href='/'>To the board</a></p>"
            return page("No such issue", words, look, status=404)
        project = jira.site.projects[issue.project]
        body = ISSUE.format(key=escape(issue.key), project=escape(project.key))
        return page(issue.key, body, look, ("/_jira/fields.js", "/_jira/issue.js"))

    return show


# ---- their JSON


def _person(jira: Jira, request: Request) -> Person:
    people = jira.site.people
    return people.get(request.query_params.get("as", "")) or next(p for p in people.values() if p.name == "bruno")


def _project_json(make: Callable[[Jira, Person, Project], Json]) -> Handler:
    async def answer(request: Request) -> Response:
        jira = _jira(request)
        return JSONResponse(make(jira, _person(jira, request), _project(jira, request)))

    return answer


async def _issue_json(request: Request) -> Response:
    jira = _jira(request)
    issue = jira.site.issue(request.path_params["key"])
    person = _person(jira, request)
    if issue is None or not jira.site.sees(person, issue):
        return JSONResponse({"error": jira.flavour.no_issue}, 404)
    return JSONResponse(play.issue_json(jira, person, issue))


async def _file(request: Request) -> Response:
    """A file of an issue. Only pictures are shown; anything else is for saving, because it may hold script."""
    found = _jira(request).site.attachments.get(request.path_params["id"])
    if found is None:
        return JSONResponse({"error": "There is no such file."}, 404)
    picture = found.media in play.PICTURES
    how = "inline" if picture else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(found.filename, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(found.data, 200, headers, found.media if picture else "application/octet-stream")


async def _preview(request: Request) -> Response:
    """Wiki markup as HTML, as an issue would show it."""
    try:
        text = (await object_of(request)).get("text")
    except ValueError:
        text = None
    return JSONResponse({"html": richtext.html_of(richtext.from_wiki(text if isinstance(text, str) else ""))})
