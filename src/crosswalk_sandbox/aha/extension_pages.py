"""Where installed extensions run: beside a record, on pages of their own, with their settings. Draws nothing itself.

The code of an extension runs in the browser, in `static/extensions.js`, which stands in for the place that Aha! gives
it. That place has React, which the sandbox does not ship: whoever wants to see a view puts both files of it here first
(PUT /_play/libraries/react and .../react-dom). A page may reach the hosts that extensions name, and no others.
What extensions are given is typed in https://github.com/aha-app/aha-cli, the vendor's program.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.aha.call import NOT_FOUND
from crosswalk_sandbox.aha.extensions import Extension, Shelf
from crosswalk_sandbox.aha.play import Given, Json, answering
from crosswalk_sandbox.aha.refusals import Bad, Missing
from crosswalk_sandbox.aha.state import Account, Kind, Record
from crosswalk_sandbox.kernel.pages import POLICY, Look, page

TYPES: dict[Kind, str] = {"feature": "Feature", "epic": "Epic", "requirement": "Requirement"}
LIBRARIES = ("react", "react-dom")
MOST = 4 * 1024 * 1024
SCRIPTS = ("/_static/aha/extensions.js",)
LIST = """<h1>Extensions</h1><p class="soft">Installed with <code>aha extension:install</code>. Settings of the account
hold for everybody; yours hold for you, and come first.</p><div id="extensions" class="panel"></div>"""
VIEW = """<h1 class="hidden">{title}</h1>
<div id="view" class="panel" data-extension="{identifier}" data-view="{view}"></div>"""
BESIDE = """<section id="beside" class="panel" aria-label="Extensions" data-kind="{kind}" data-ref="{ref}" hidden>
</section>"""


class Place:
    """What the host of extensions asks for, and their pages."""

    def __init__(self, account: Account, shelf: Shelf, lock: threading.RLock, look: Look) -> None:
        self.account, self.shelf, self.lock, self.look = account, shelf, lock, look
        self.libraries: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """The pages, and what they ask for."""
        return [
            Route("/extensions", self._list),
            Route("/extensions/{identifier}/{view}", self._view),
            Route("/_play/libraries/{name}", self._library, methods=["GET", "PUT"]),
            Route("/_play/extensions/{identifier}/{script}.js", self._script),
            Route("/_play/extensions", answering(self.lock, self.all)),
            Route("/_play/extensions/{identifier}/settings", answering(self.lock, self.set), methods=["POST"]),
            Route("/_play/extensions/{identifier}/fields", answering(self.lock, self.keep), methods=["POST"]),
        ]

    def policy(self) -> dict[str, str]:
        """What a page may load and reach: its own, and what installed extensions name."""
        hosts = sorted({source for one in self.shelf.held.values() for source in one.sources()})
        return {
            "Content-Security-Policy": POLICY.replace("connect-src 'self'", " ".join(["connect-src 'self'", *hosts]))
        }

    def beside(self, kind: Kind, record: Record) -> str:
        """The place beside a record; nothing where no extension may stand."""
        return BESIDE.format(kind=kind, ref=escape(record.ref)) if kind in TYPES else ""

    # ---- pages

    async def _list(self, _request: Request) -> Response:
        return self._page("Extensions", LIST)

    async def _view(self, request: Request) -> Response:
        held = self.shelf.held.get(request.path_params["identifier"])
        view = held.contributes("views").get(request.path_params["view"], {}) if held else {}
        if held is None or view.get("host") != "page":
            return HTMLResponse(NOT_FOUND, 404)
        title, name = escape(str(view["title"])), escape(request.path_params["view"])
        return self._page(str(view["title"]), VIEW.format(title=title, identifier=escape(held.identifier), view=name))

    def _page(self, title: str, body: str) -> Response:
        answer = page(title, body, self.look, SCRIPTS)
        answer.headers.update(self.policy())
        return answer

    # ---- code

    async def _library(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in LIBRARIES:
            return JSONResponse({"error": f"only {' and '.join(LIBRARIES)}"}, 404)
        if request.method == "PUT":
            given = await request.body()
            if len(given) > MOST:
                return JSONResponse({"error": "too large"}, 413)
            self.libraries[name] = given.decode("utf-8", "replace")
            return Response(status_code=204)
        return _code(self.libraries[name]) if name in self.libraries else HTMLResponse(NOT_FOUND, 404)

    async def _script(self, request: Request) -> Response:
        held = self.shelf.held.get(request.path_params["identifier"])
        code = held.scripts.get(request.path_params["script"]) if held else None
        if held is None or code is None:
            return HTMLResponse(NOT_FOUND, 404)
        # So that what the code registers is known to be this extension's.
        return _code(f"aha.executeExtension({json.dumps(held.identifier)}, () => {{\n{code}\n}});")

    # ---- data

    def all(self, request: Request, _given: Given) -> Json:
        """The extensions, with settings as they hold for `as`, and the record of `kind` and `ref` if they are given."""
        record = self._record(request)
        person = request.query_params.get("as", "")
        return {
            "libraries": all(name in self.libraries for name in LIBRARIES),
            "account": {"domain": self.account.domain},
            "record": _stub(record) if record else None,
            "extensions": [_told(one, person, record) for one in self.shelf.held.values()],
        }

    def _record(self, request: Request) -> Record | None:
        kind = next((kind for kind in TYPES if kind == request.query_params.get("kind")), None)
        found = self.account.find(kind, request.query_params.get("ref", "")) if kind else None
        if kind and found is None:
            raise Missing
        return found

    def set(self, request: Request, given: Given) -> Json:
        """Settings, of the account or (`scope` user) of a person."""
        held = self.shelf.find(request.path_params["identifier"])
        values, scope = given.get("values"), given.get("scope")
        known = held.contributes("settings")
        if not isinstance(values, dict) or not all(name in known and scope in _scopes(known[name]) for name in values):
            raise Bad("There is no such setting there")
        place = held.account if scope == "account" else held.own.setdefault(str(given.get("as")), {})
        for name, value in values.items():
            if value == "":
                place.pop(name, None)
            else:
                place[name] = value
        return {}

    def keep(self, request: Request, given: Given) -> Json:
        """A value that an extension stores with a record."""
        held = self.shelf.find(request.path_params["identifier"])
        held.fields.setdefault(str(given.get("record")), {})[str(given.get("name"))] = given.get("value")
        return {}


def _scopes(setting: object) -> list[object]:
    found = setting.get("scope") if isinstance(setting, dict) else None
    return found if isinstance(found, list) else []


def _code(text: str) -> Response:
    return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})


def _stub(record: Record) -> Json:
    kind = TYPES[record.kind]
    return {"id": record.id, "uniqueId": record.id, "typename": kind, "type": kind, "referenceNum": record.ref}


def _told(one: Extension, person: str, record: Record | None) -> Json:
    return {
        "identifier": one.identifier,
        "name": one.name,
        "version": one.version,
        "scripts": sorted(one.scripts),
        "settings": one.settings(person),
        "account": one.account,
        "own": one.own.get(person, {}),
        "asked": {
            name: {"title": part["title"], "description": part.get("description", ""), "scope": part["scope"]}
            for name, part in one.contributes("settings").items()
        },
        "views": list(_parts(one, "views", record)),
        "commands": list(_parts(one, "commands", record)),
        "fields": one.fields.get(record.id, {}) if record else {},
    }


def _parts(one: Extension, kind: str, record: Record | None) -> Iterator[Json]:
    """Views or commands; of a record's page those that are for its kind."""
    for name, part in one.contributes(kind).items():
        types = part.get("recordTypes")
        fits = isinstance(types, list) and record is not None and TYPES.get(record.kind) in types
        if fits or (record is None and types is None):
            yield {"name": name, "title": part["title"], "host": part.get("host", "")}
