"""Puts the stand-in Aha! together: account, endpoints, activity webhook, control API, pages.

`build` is what `python -m crosswalk_sandbox aha` and tests call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from crosswalk_sandbox.aha import (
    pages,
    rest_account,
    rest_definitions,
    rest_history,
    rest_integrations,
    rest_parts,
    rest_people,
    rest_plans,
    rest_records,
    rest_time,
)
from crosswalk_sandbox.aha.acting import Acting
from crosswalk_sandbox.aha.activity import Activity
from crosswalk_sandbox.aha.answers import ANSWERS
from crosswalk_sandbox.aha.call import NOT_FOUND, Call, Door, Table
from crosswalk_sandbox.aha.extensions import Shelf
from crosswalk_sandbox.aha.graphql import server
from crosswalk_sandbox.aha.graphql.reading import Desk
from crosswalk_sandbox.aha.oauth import OAuth
from crosswalk_sandbox.aha.seeds import OWNER_KEY, REVIEWER_KEY, account_for
from crosswalk_sandbox.aha.settings import Settings
from crosswalk_sandbox.aha.state import KINDS, Account
from crosswalk_sandbox.aha.world import world_of
from crosswalk_sandbox.kernel.app import Gated, build_app
from crosswalk_sandbox.kernel.clock import Clock
from crosswalk_sandbox.kernel.control import Control
from crosswalk_sandbox.kernel.requests import object_of

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]


PARTS = (
    rest_records,
    rest_plans,
    rest_parts,
    rest_time,
    rest_integrations,
    rest_people,
    rest_account,
    rest_definitions,
    rest_history,
)


def endpoints(shelf: Shelf | None = None) -> Table:
    """Every REST endpoint that is served."""
    table = Table()
    (shelf or Shelf()).add_to(table)
    for part in PARTS:
        part.add_to(table)
    return table


def build(seed: str = "demo", clock: Clock | None = None) -> tuple[Gated, dict[str, str]]:
    """The application and its credentials. Raises ValueError for an unknown seed.

    `app.state` gets `account`, `activity` and `add_hook(url)` besides what the kernel puts there.
    """
    account = account_for(seed, clock or Clock())
    control = Control(
        account.clock, lambda: summary(account), api=("/api/", "/attachments/", "/oauth/"), answers=ANSWERS
    )
    account.past.faults = control.faults.seconds
    control.world, control.doubles = world_of(account), lambda: doubles(account)
    control.limits = lambda: windows(account)
    activity = Activity(account, control.courier, lambda: str(app.state.base_url))
    shelf = Shelf()
    door = Door(account, endpoints(shelf))

    async def download(request: Request) -> Response:
        return _download(account, request)

    async def missing(_request: Request, _error: Exception) -> Response:
        return HTMLResponse(NOT_FOUND, 404)

    async def graphql(request: Request) -> Response:
        return await _graphql(door, request)

    routes = [
        Route("/api/v2/graphql", graphql, methods=["POST"]),
        Route("/api/v1/{path:path}", door.answer, methods=METHODS),
        Route("/attachments/{id}/token/{token}", download),
        Route("/_sandbox/hooks/urls", _hooks(activity), methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/hooks", _hooks(activity), methods=["POST", "DELETE"]),
        Route("/_sandbox/settings", _settings(account), methods=["GET", "POST"]),
        *OAuth(door).routes(),
        *pages.routes(account, Acting(door), shelf),
        Mount("/_static/aha", StaticFiles(directory=pages.STATIC)),
    ]
    app = build_app(routes, control, {404: missing, 405: missing})
    app.direct = (("/api/v1/",), _Direct(door))
    app.keeping.only_reads = _only_reads
    app.state.account, app.state.activity, app.state.add_hook = account, activity, activity.add
    jira = next(iter(account.integrations.values()))
    owner = account.users[0]
    credentials = {
        "user": owner.email,
        "token": OWNER_KEY,
        "reviewer_token": REVIEWER_KEY,
        "workspace": account.products[0].prefix,
        "integration_id": jira.id,
    }
    return app, credentials


def summary(account: Account) -> Mapping[str, object]:
    """What the account holds, in numbers, and anything that should not be."""
    keys = _keys(account)
    return {
        "records": {kind: account.count(kind) for kind in KINDS},
        "comments": len(account.comments),
        "attachments": len(account.attachments),
        "audits": len(account.audits),
        "deletions": len(account.deletions),
        "jira_keys": len(keys),
        "jira_keys_on_two_records": doubles(account)["records_of_one_issue"],
        "settings": asdict(account.settings),
    }


def _keys(account: Account) -> Mapping[tuple[str, str], list[str]]:
    """The records that each Jira key stands on."""
    keys: dict[tuple[str, str], list[str]] = {}
    for field in account.fields.values():
        if field.name == "key":
            keys.setdefault((field.integration.id, field.value), []).append(field.record.ref)
    return keys


def doubles(account: Account) -> Mapping[str, object]:
    """What should not be: two records that name one issue, and one record that names two in one integration."""
    keys: dict[tuple[str, str], list[str]] = {}
    for field in account.fields.values():
        if field.name == "key":
            keys.setdefault((field.integration.id, field.record.ref), []).append(field.value)
    return {
        "records_of_one_issue": {key: refs for (_, key), refs in _keys(account).items() if len(refs) > 1},
        "issues_of_one_record": {ref: found for (_, ref), found in keys.items() if len(found) > 1},
    }


def windows(account: Account) -> list[tuple[str, float, int]]:
    """The account's limits: https://www.aha.io/api#rate-limiting."""
    settings = account.settings
    return [("second", 1.0, settings.per_second), ("minute", 60.0, settings.per_minute)]


def _only_reads(scope: Scope, body: bytes) -> bool:
    """A GraphQL document without the word "mutation" changes nothing."""
    return bool(scope["path"] == "/api/v2/graphql" and b"mutation" not in body)


WEBHOOKS = "/api/v1/webhooks/"


class _Direct:
    """The REST endpoints as an ASGI application."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(WEBHOOKS) and scope["method"] in ("GET", "POST"):
            scope["sandbox.operation"] = f"{WEBHOOKS}{{token}}"
            answer: Response = _incoming(self.door.account, scope["path"].removeprefix(WEBHOOKS))
        elif scope["method"] in METHODS:
            answer = await self.door.answer(Request(scope, receive, send))
        else:
            answer = HTMLResponse(NOT_FOUND, 404)
        await answer(scope, receive, send)


async def _graphql(door: Door, request: Request) -> Response:
    """POST /api/v2/graphql; a reader may ask, and is refused only what would write."""

    def endpoint(call: Call) -> object:
        request.scope["sandbox.operation"] = f"/api/v2/graphql {server.roots(call.body)}".strip()
        return server.answer(Desk(call.account, call.user, call.show), call.body)

    return await door.serve(request, endpoint, {}, viewer=True)


def _incoming(account: Account, token: str) -> Response:
    """What another system tells an integration of Aha!'s own, by its callback token and without a key.

    200 whatever becomes of it; 410 for an unknown token and for an integration that is switched off
    (https://www.aha.io/api/resources/webhooks/process_a_jira_webhook). Nothing comes of it here: the stand-in has no
    integration of its own that would change a record.
    """
    known = any(one.enabled and one.callback_token == token for one in account.integrations.values())
    return Response(status_code=200 if known else 410)


def _download(account: Account, request: Request) -> Response:
    """A file by its address with a token; no key is needed."""
    found = account.attachments.get(request.path_params["id"])
    token = request.path_params["token"].removesuffix(".download")
    if found is None or found.token != token:
        return HTMLResponse(NOT_FOUND, 404)
    if found.url:
        return RedirectResponse(found.url)
    # A control character in a header would end the connection.
    printable = "".join(c if 32 <= ord(c) < 127 else "?" for c in found.file_name).replace('"', "'")
    headers = {"Content-Disposition": f'attachment; filename="{printable}"'}
    # The type was chosen by whoever uploaded the file; a browser may not guess a page in it.
    return Response(found.data, 200, {**headers, "X-Content-Type-Options": "nosniff"}, found.content_type)


Handler = Callable[[Request], Awaitable[Response]]


def _hooks(activity: Activity) -> Handler:
    """`/_sandbox/hooks`: who gets the activity webhook. POST {"url": ...}, DELETE [{"url": ...}]; GET at `.../urls`."""

    async def hooks(request: Request) -> Response:
        try:
            given = await object_of(request) if request.method != "GET" else {}
            url = given.get("url")
            if request.method == "POST":
                activity.add(str(url))
            elif request.method == "DELETE":
                activity.remove(str(url) if url is not None else None)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"urls": activity.urls})

    return hooks


def _settings(account: Account) -> Handler:
    """`/_sandbox/settings`: what Aha! leaves open; POST changes the settings it names."""

    async def settings(request: Request) -> Response:
        try:
            given = await object_of(request) if request.method == "POST" else {}
            for name, value in given.items():
                _check_setting(name, value)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        for name, value in given.items():
            setattr(account.settings, name, value)
        return JSONResponse(asdict(account.settings))

    return settings


MOST = 1e9  # of any number here: no calendar ends in so many seconds


def _check_setting(name: str, value: object) -> None:
    """Raises ValueError for a setting that does not exist or a value of another type."""
    known = asdict(Settings())
    if name not in known:
        raise ValueError(f"no setting {name!r}; there are {', '.join(known)}")
    wanted = (int, float) if isinstance(known[name], float) else (type(known[name]),)
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise ValueError(f"{name}: {value!r} has the wrong type")
    if isinstance(value, int | float) and not isinstance(value, bool) and not 0 <= value <= MOST:
        raise ValueError(f"{name} lies between 0 and {MOST:g}")
