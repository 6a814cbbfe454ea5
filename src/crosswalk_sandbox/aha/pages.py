"""The pages on which a person plays with the stand-in Aha!: a board of features, and a record.

A record's page lies at the address that the record shows as its `url`. Pages draw themselves from `/_play/...`,
where the edits go as well; every rule is in `actions`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from crosswalk_sandbox.aha import actions
from crosswalk_sandbox.aha.call import NOT_FOUND
from crosswalk_sandbox.aha.history import WEB, web_path
from crosswalk_sandbox.aha.refusals import Bad, Missing, Refusal
from crosswalk_sandbox.aha.show import iso, stamp
from crosswalk_sandbox.aha.state import KINDS, Account, Kind, Record, User
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
Handler = Callable[[Request], Awaitable[Response]]
Json = dict[str, object]


def routes(account: Account, lock: threading.RLock) -> list[BaseRoute]:
    """The routes of the pages. `lock` is the one that API requests hold."""

    def play(answer: Callable[[Request, Mapping[str, object]], object]) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                given = await _object(request)
                with lock:
                    return JSONResponse(answer(request, given))
            except Refusal as refusal:
                return JSONResponse({"error": refusal.message}, refusal.status)

        return handler

    def find(request: Request) -> Record:
        kind = next((kind for kind in KINDS if kind == request.path_params["kind"]), None)
        found = account.find(kind, request.path_params["ref"]) if kind else None
        if found is None:
            raise Missing
        return found

    def change(request: Request, given: Mapping[str, object]) -> object:
        return _record(account, actions.update(account, _actor(account, given), find(request), given))

    def add(_: Request, given: Mapping[str, object]) -> object:
        release = account.find("release", str(given.get("release")))
        if release is None:
            raise Missing
        user = _actor(account, given)
        record = actions.blank(account, "feature", release.product, user)
        record.release = release
        siblings = [other for other in account.all("feature") if other.release is release]
        return _record(account, actions.create(account, user, record, given, siblings=siblings))

    def require(request: Request, given: Mapping[str, object]) -> object:
        feature, user = find(request), _actor(account, given)
        record = actions.blank(account, "requirement", feature.product, user)
        record.parent = feature
        actions.create(account, user, record, given, siblings=feature.requirements)
        return _record(account, feature)

    def comment(request: Request, given: Mapping[str, object]) -> object:
        record = find(request)
        body = "".join(f"<p>{escape(line)}</p>" for line in str(given.get("body", "")).splitlines() if line.strip())
        actions.comment(account, _actor(account, given), record, body)
        return _record(account, record)

    stem = "/_play/{kind}/{ref}"
    return [
        Route("/", _board_page(account)),
        *[Route(f"/{web}/{{ref}}", _record_page(account, kind)) for kind, web in WEB_PATHS],
        Route("/_play/board", play(lambda _, __: _board(account))),
        Route("/_play/features", play(add), methods=["POST"]),
        Route(stem, play(lambda request, _: _record(account, find(request))), methods=["GET"]),
        Route(stem, play(change), methods=["POST"]),
        Route(f"{stem}/requirements", play(require), methods=["POST"]),
        Route(f"{stem}/comments", play(comment), methods=["POST"]),
        *watching_routes(SANDBOX, NAV, addresses=True),
    ]


WEB_PATHS: tuple[tuple[Kind, str], ...] = tuple((kind, WEB[kind]) for kind in KINDS)


def _actor(account: Account, given: Mapping[str, object]) -> User:
    """Who edits on the page: the first person, unless another is named."""
    return account.user(str(given.get("as", ""))) or account.users[0]


async def _object(request: Request) -> Mapping[str, object]:
    if request.method == "GET":
        return {}
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise Bad("no JSON") from error
    if not isinstance(given, dict):
        raise Bad("a JSON object is wanted")
    return given


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


# ---- what the pages draw -------------------------------------------------------------------------------


def _jira(record: Record) -> Json | None:
    """The Jira issue that the integration fields name, or the link in the custom field."""
    fields = {field.name: field.value for field in record.fields}
    if fields.get("key"):
        return {"key": fields["key"], "url": fields.get("url", "")}
    link = record.custom.get("jira_url")
    if link is not None and isinstance(link.value, str):
        return {"key": link.value.rstrip("/").rsplit("/", 1)[-1], "url": link.value}
    return None


def _card(record: Record) -> Json:
    return {
        "ref": record.ref,
        "name": record.name,
        "path": web_path(record),
        "status": record.status.name,
        "release": record.release.ref if record.release else "",
        "who": record.owner.name if record.owner else "",
        "tags": record.tags,
        "due": iso(record.due),
        "jira": _jira(record),
    }


def _board(account: Account) -> Json:
    product = account.products[0]
    return {
        "releases": [
            {"ref": release.ref, "name": release.name, "date": iso(release.release_date), "path": web_path(release)}
            for release in account.all("release")
        ],
        "statuses": [status.name for status in product.workflows["feature"].statuses],
        "features": [_card(feature) for _, feature in zip(range(1000), account.all("feature"), strict=False)],
    }


def _record(account: Account, record: Record) -> Json:
    return {
        **_card(record),
        "kind": record.kind,
        "updated": stamp(record.updated_at),
        "description": record.description.body,
        "email": record.owner.email if record.owner else "",
        "release_date": iso(record.release_date),
        "statuses": [status.name for status in record.product.workflows[record.kind].statuses],
        "people": [{"name": user.name, "email": user.email} for user in account.users],
        "releases": [{"ref": release.ref, "name": release.name} for release in account.all("release")],
        "parent": _card(record.parent) if record.parent else None,
        "requirements": [_card(requirement) for requirement in record.requirements],
        "comments": [
            {"who": comment.user.name, "at": stamp(comment.created_at), "body": comment.body}
            for comment in record.comments
        ],
        "fields": [{"name": field.name, "value": field.value} for field in record.fields],
    }
