"""The pages on which a person plays with the stand-in Aha!: a board of features with a drawer, and a record alone.

A record's page lies at the address that the record shows as its `url`
(https://www.aha.io/api/resources/features/get_a_specific_feature). Pages draw themselves from `play`; edits go by
`acting`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from crosswalk_sandbox.aha.acting import STEM, Acting
from crosswalk_sandbox.aha.call import NOT_FOUND
from crosswalk_sandbox.aha.extension_pages import SCRIPTS as EXTENSION_SCRIPTS
from crosswalk_sandbox.aha.extension_pages import Place
from crosswalk_sandbox.aha.extensions import Shelf
from crosswalk_sandbox.aha.history import WEB
from crosswalk_sandbox.aha.play import Play
from crosswalk_sandbox.aha.state import KINDS, Account, Kind
from crosswalk_sandbox.kernel.pages import Look, page
from crosswalk_sandbox.kernel.watching import LINKS, watching_routes

STATIC = Path(__file__).parent / "static"
NAV = (("/", "Features"), ("/extensions", "Extensions"))
METHODS = ["GET", "POST", "PUT", "DELETE"]
RECORD_SCRIPTS = ("/_static/aha/editor.js", "/_static/aha/record.js")
BOARD_SCRIPTS = ("/_static/board.js", *RECORD_SCRIPTS, "/_static/aha/board.js")
Handler = Callable[[Request], Awaitable[Response]]
BOARD = """<div class="row spread"><h1>Features of {workspace}</h1><div class="row">
<button type="button" id="new-release" data-testid="create-release">Add release</button>
<button class="main" type="button" id="new" data-testid="create">Add feature</button></div></div>
<div class="inline"><label>Columns<select id="by" data-testid="by"><option value="release">Releases</option>
<option value="status">Statuses</option></select></label>
<label>Find<input id="find" type="search" data-testid="find" placeholder="name, number, tag"></label>
<label>Assignee<select id="who" data-testid="who"><option value="">Anybody</option></select></label></div>
<p id="may" class="soft" data-testid="may"></p>
<div class="withdrawer"><div><div id="board" class="board" data-testid="board" aria-busy="true"></div>
<p class="soft"><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> go from card to card, with <kbd>Shift</kbd> they
move it, <kbd>M</kbd> opens its menu, <kbd>Enter</kbd> opens the record, <kbd>Esc</kbd> closes it.</p></div>
<aside id="drawer" class="drawer" aria-label="Record" hidden data-testid="drawer"></aside></div>"""
RECORD = """<p class="soft"><a href="/">Features</a></p>
<h1 class="hidden">{ref}</h1><div id="record" class="panel" data-kind="{kind}" data-ref="{ref}"></div>"""


def routes(account: Account, acting: Acting, shelf: Shelf) -> list[BaseRoute]:
    """The routes of the pages."""
    people = [(user.email, user.name) for user in account.users]
    look = Look("Sandbox Aha!", "aha", "Aha! Labs", (*NAV, *LINKS), people)
    extending = Place(account, shelf, acting.lock, look)
    return [
        Route("/", _board_page(account, look)),
        *[Route(f"/{WEB[kind]}/{{ref}}", _record_page(account, kind, extending)) for kind in KINDS],
        *extending.routes(),
        Route(f"{STEM}{{person}}/{{path:path}}", acting.answer, methods=METHODS),
        *Play(account, acting.lock).routes(),
        *watching_routes(look),
    ]


def _board_page(account: Account, look: Look) -> Handler:
    async def show(_: Request) -> Response:
        return page("Features", BOARD.format(workspace=escape(account.products[0].name)), look, BOARD_SCRIPTS)

    return show


def _record_page(account: Account, kind: Kind, extending: Place) -> Handler:
    async def show(request: Request) -> Response:
        record = account.find(kind, request.path_params["ref"])
        if record is None:
            return HTMLResponse(NOT_FOUND, 404)
        body = RECORD.format(kind=kind, ref=escape(record.ref)) + extending.beside(kind, record)
        answer = page(record.ref, body, extending.look, (*RECORD_SCRIPTS, *EXTENSION_SCRIPTS))
        answer.headers.update(extending.policy())
        return answer

    return show
