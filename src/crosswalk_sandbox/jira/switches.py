"""The control API of a stand-in Jira beside the kernel's: what an administrator does on pages that have no REST, and
what a test or a demo sets up.

====================================  ==================================================================
``GET|POST /_sandbox/settings``       how hooks are delivered (`site.Habits`); `version` on Data Center
``POST /_sandbox/people/{name}``      ``{"displayName", "active"}``: user_updated
``POST /_sandbox/boards/{number}``    ``{"name"}``: board_updated; ``{"type"}``: board_configuration_changed
``GET|POST /_sandbox/apps``           ``{"descriptor": address}`` installs a Connect app (Cloud);
                                      ``{"oauth": name, "as": person}`` lets an OAuth 2.0 app in
``DELETE /_sandbox/apps/{key}``       uninstalls it
``GET /_sandbox/apps/{key}/modules/{module}``  the signed address of a page of a Connect app, for ``?as=`` a
                                      person, beside ``?issue=`` an issue, and the token the page may ask for
``GET /{kid}``                        the public key that checks a signed installation: the sandbox's own
                                      address is the key host to give an app
====================================  ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from crosswalk_sandbox.jira import apps, connect, hooks
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.site import Habits
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.subscriptions import App
from crosswalk_sandbox.kernel.control import named_number
from crosswalk_sandbox.kernel.requests import object_of

Page = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """The routes of the control API."""
    return [
        Route("/_sandbox/settings", _answering(_settings), methods=["GET", "POST"]),
        Route("/_sandbox/people/{name}", _answering(_person), methods=["POST"]),
        Route("/_sandbox/boards/{number}", _answering(_board), methods=["POST"]),
        Route("/_sandbox/apps", _answering(_apps), methods=["GET", "POST"]),
        Route("/_sandbox/apps/{key}", _answering(_uninstall), methods=["DELETE"]),
        Route("/_sandbox/apps/{key}/modules/{module}", _answering(_module), methods=["GET"]),
        Route("/{kid:uuid}", _key, methods=["GET"]),
    ]


def _answering(page: Page) -> Page:
    """A wish that makes no sense is a 400 that says why."""

    async def answer(request: Request) -> Response:
        jira = _jira(request)
        jira.root = str(request.app.state.base_url)
        try:
            return await page(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)

    return answer


def _jira(request: Request) -> Jira:
    jira = request.app.state.jira
    assert isinstance(jira, Jira)
    return jira


# ---- settings


async def _settings(request: Request) -> Response:
    jira = _jira(request)
    habits, data_center = jira.site.habits, jira.flavour.name == "dc"
    given = await object_of(request) if request.method == "POST" else {}
    version = given.pop("version", None)
    for name, value in given.items():
        _check(name, value)
    if version is not None:
        if not data_center or not isinstance(version, str) or not re.fullmatch(r"\d{1,2}(\.\d{1,3}){1,2}", version):
            raise ValueError("version: a number like 9.12.15 is wanted, and only Data Center has one")
        _run_as(jira, version)
    for name, value in given.items():
        setattr(habits, name, value)
    return JSONResponse(asdict(habits) | ({"version": jira.flavour.version} if data_center else {}))


def _check(name: str, value: object) -> None:
    """Raises ValueError for a setting that does not exist or a value of another type."""
    known = asdict(Habits())
    if name not in known:
        raise ValueError(f"no setting {name!r}; there are {', '.join(known)}, version")
    if isinstance(known[name], bool):
        if not isinstance(value, bool):
            raise ValueError(f"{name}: {value!r} has the wrong type")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e6:
        raise ValueError(f"{name}: a number of seconds is wanted")


def _run_as(jira: Jira, version: str) -> None:
    """Be another version of Data Center: before 10 webhooks are administered elsewhere, and their addresses are
    filled in otherwise."""
    numbers = tuple(int(part) for part in version.split("."))
    jira.flavour.version, jira.flavour.numbers = version, (*numbers, 0)[:3]
    jira.flavour.build = int(f"{numbers[0]}{numbers[1]:02d}{(*numbers, 0)[2]:04d}")


# ---- people and boards


def _text(given: Json, name: str, default: str) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise ValueError(f"{name}: a text of at most 255 characters is wanted")
    return value


async def _person(request: Request) -> Response:
    """Cloud has no REST for it: people look after their own accounts."""
    jira, given, name = _jira(request), await object_of(request), request.path_params["name"]
    person = next((p for p in jira.site.people.values() if p.name == name), None)
    if person is None:
        raise ValueError(f"there is no {name}")
    person.display_name = _text(given, "displayName", person.display_name)
    person.active = bool(given.get("active", person.active))
    jira.tell(hooks.user_event(person, "updated"))
    return JSONResponse(jira.hook_view.full_person(person))


async def _board(request: Request) -> Response:
    """A board is renamed and set up on its pages only."""
    jira, given = _jira(request), await object_of(request)
    board = jira.site.boards.get(named_number(request))
    if board is None:
        raise ValueError("there is no such board")
    name, kind = _text(given, "name", board.name), given.get("type", board.kind)
    if kind not in ("scrum", "kanban"):
        raise ValueError("type: scrum or kanban")
    changes = (("updated", board.name != name), ("configuration_changed", board.kind != kind))
    board.name, board.kind = name, str(kind)
    jira.tell(*(hooks.board_event(board, verb) for verb, changed in changes if changed))
    return JSONResponse({"name": board.name, "type": board.kind})


# ---- apps


def _shown(app: App) -> Json:
    return {"key": app.key, "kind": app.kind, "name": app.name, "baseUrl": app.base_url, "scopes": app.scopes}


async def _apps(request: Request) -> Response:
    jira = _jira(request)
    if request.method == "GET":
        return JSONResponse({"apps": [_shown(app) for app in jira.site.apps.values()]})
    if jira.flavour.name != "cloud":
        raise ValueError("only Jira Cloud has Connect and OAuth 2.0 apps of this sort")
    given = await object_of(request)
    if isinstance(given.get("descriptor"), str):
        # In a thread: the app may call back before it answers.
        app = await run_in_threadpool(apps.install, jira, str(given["descriptor"]))
        return JSONResponse(_shown(app), 201)
    person = next((p for p in jira.site.people.values() if p.name == given.get("as", "alice")), None)
    if not isinstance(given.get("oauth"), str) or person is None:
        raise ValueError('{"descriptor": address} or {"oauth": name, "as": person} is wanted')
    app = apps.let_in(jira, person, str(given["oauth"]))
    secrets = {"client_id": app.key, "client_secret": app.secret, "access_token": app.token}
    return JSONResponse(_shown(app) | secrets, 201)


async def _uninstall(request: Request) -> Response:
    jira = _jira(request)
    app = jira.site.apps.get(request.path_params["key"])
    if app is None:
        raise ValueError("there is no such app")
    await run_in_threadpool(apps.uninstall, jira, app)
    return JSONResponse({})


async def _module(request: Request) -> Response:
    jira, asked = _jira(request), request.query_params
    app = jira.site.apps.get(request.path_params["key"])
    person = next((p for p in jira.site.people.values() if p.name == asked.get("as", "alice")), None)
    issue = jira.site.issue(asked["issue"]) if asked.get("issue") else None
    if app is None or person is None or (issue is None and asked.get("issue")):
        raise ValueError("there is no such app, person or issue")
    return JSONResponse(apps.inside(jira, app, request.path_params["module"], (person, issue)))


async def _key(request: Request) -> Response:
    key = connect.install_key()
    if _jira(request).flavour.name != "cloud" or str(request.path_params["kid"]) != key.id:
        return PlainTextResponse("Not found", 404)
    return PlainTextResponse(key.public, media_type="application/x-pem-file")
