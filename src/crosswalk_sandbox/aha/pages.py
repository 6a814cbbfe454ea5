"""The pages on which a person plays with the stand-in Aha!: a board of features, and a record.

A record's page lies at the address that the record shows as its `url`. Pages draw themselves from `play`,
where the edits go as well.
"""

from __future__ import annotations

import threading
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from crosswalk_sandbox.aha.call import NOT_FOUND
from crosswalk_sandbox.aha.history import WEB
from crosswalk_sandbox.aha.play import Handler, Play
from crosswalk_sandbox.aha.state import KINDS, Account, Kind
from crosswalk_sandbox.kernel.pages import page
from crosswalk_sandbox.kernel.watching import LINKS, watching_routes

STATIC = Path(__file__).parent / "static"
SANDBOX = "Sandbox Aha!"
NAV = (("/", "Features"),)
SCRIPTS = ("/_static/aha/aha.js",)
BOARD = """<h1>Features of {workspace}</h1>
<div class="two"><label>Columns<select id="by" data-testid="by"><option value="release">Releases</option>
<option value="status">Statuses</option></select></label>
<label>Find<input id="find" type="search" data-testid="find"></label></div>
<form id="new-feature"><div class="two"><label>New feature<input name="name" required data-testid="new-name"></label>
<label>In release<select name="release" data-testid="new-release"></select></label></div>
<p><button class="main" data-testid="new-save">Add feature</button></p></form>
<div id="board" class="board" data-testid="board"></div>"""
RECORD = """<p class="soft"><a href="/">Features</a> <span id="trail"></span></p>
<h1><span class="key" id="ref" data-testid="ref">{ref}</span> <span id="title" data-testid="title"></span></h1>
<p id="links" data-testid="links"></p>
<form id="record" class="record" data-kind="{kind}" data-ref="{ref}">
<label>Name<input name="name" required data-testid="name"></label>
<div class="two">
<label>Status<select name="workflow_status" data-testid="status"></select></label>
<label data-only="feature requirement epic">Assignee
<select name="assigned_to_user" data-testid="assignee"></select></label>
<label data-only="feature epic">Release<select name="release" data-testid="release"></select></label>
<label data-only="feature epic">Due date<input name="due_date" type="date" data-testid="due"></label>
<label data-only="release">Release date<input name="release_date" type="date" data-testid="release-date"></label>
<label data-only="feature requirement epic">Tags<input name="tags" placeholder="one, two" data-testid="tags"></label>
</div>
<div><span id="description-label" class="soft">Description</span>
<div class="tools" role="toolbar" aria-label="Text">
<button type="button" data-do="bold">Bold</button> <button type="button" data-do="italic">Italic</button>
<button type="button" data-do="insertUnorderedList">List</button>
<button type="button" data-do="insertOrderedList">Numbers</button></div>
<div id="description" class="shown" contenteditable="true" role="textbox" aria-multiline="true"
 aria-labelledby="description-label" data-testid="description"></div></div>
<p><button class="main" data-testid="save">Save</button> <span id="dirty" class="soft" data-testid="dirty"></span></p>
</form>
<section data-only="feature"><h2>Requirements</h2><div id="requirements" data-testid="requirements"></div>
<form id="add-requirement" class="two"><label>New requirement<input name="name" required data-testid="requirement-name">
</label><p><button data-testid="requirement-save">Add requirement</button></p></form></section>
<section><h2>Comments</h2><div id="comments" data-testid="comments"></div>
<form id="add-comment"><label>New comment
<textarea name="body" required rows="3" data-testid="comment-body"></textarea></label>
<p><button data-testid="comment-save">Add comment</button></p></form></section>
<section><h2>Fields of integrations</h2><div id="fields" data-testid="fields"></div></section>"""


def routes(account: Account, lock: threading.RLock) -> list[BaseRoute]:
    """The routes of the pages. `lock` is the one that API requests hold."""
    return [
        Route("/", _board_page(account)),
        *[Route(f"/{WEB[kind]}/{{ref}}", _record_page(account, kind)) for kind in KINDS],
        *Play(account, lock).routes(),
        *watching_routes(SANDBOX, NAV, addresses=True),
    ]


def _board_page(account: Account) -> Handler:
    async def show(_: Request) -> Response:
        body = BOARD.format(workspace=escape(account.products[0].name))
        return page("Features", body, sandbox=SANDBOX, kind="aha", nav=(*NAV, *LINKS), scripts=SCRIPTS)

    return show


def _record_page(account: Account, kind: Kind) -> Handler:
    async def show(request: Request) -> Response:
        record = account.find(kind, request.path_params["ref"])
        if record is None:
            return HTMLResponse(NOT_FOUND, 404)
        body = RECORD.format(kind=kind, ref=escape(record.ref))
        return page(record.ref, body, sandbox=SANDBOX, kind="aha", nav=(*NAV, *LINKS), scripts=SCRIPTS)

    return show
