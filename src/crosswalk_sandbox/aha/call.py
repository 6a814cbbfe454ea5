"""One API request as the endpoints see it, and the table that finds the endpoint for a path.

Checks the key, the limits and the right to write before an endpoint runs, and turns refusals into answers.
Knows no endpoint.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast
from urllib.parse import unquote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from crosswalk_sandbox.aha.forms import form, wanted_of
from crosswalk_sandbox.aha.people import NONE, User, may_write
from crosswalk_sandbox.aha.refusals import Bad, Crowded, Forbidden, Missing, Refusal, TooLarge, Unauthorized
from crosswalk_sandbox.aha.show import PLURAL, Json, Show
from crosswalk_sandbox.aha.state import Account, Kind, Product, Record
from crosswalk_sandbox.kernel.keeping import REPLAYED
from crosswalk_sandbox.kernel.limits import Window, Windows
from crosswalk_sandbox.kernel.packed import Packed
from crosswalk_sandbox.kernel.requests import parsed, whole

JSON_TYPE = "application/json; charset=utf-8"
T = TypeVar("T")
MOST_BYTES = 30 * 1024 * 1024
"""What a body, or a field of a form, may have; the real Aha! publishes no number."""
NOT_FOUND = "<!DOCTYPE html><html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>"


@dataclass(slots=True)
class File:
    """An uploaded file."""

    name: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One authorised request. `body` is its JSON object (or its form fields); `args` are the parts of the path.

    `parts` are the fields and files of a form in the order they came, for where names come more than once.
    """

    account: Account
    user: User
    show: Show
    args: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, object]
    files: Mapping[str, File] = field(default_factory=dict)
    writing: bool = False
    path: str = ""
    parts: Sequence[tuple[str, str | File]] = ()

    def given(self, name: str) -> Mapping[str, object]:
        """The object of that name in the body. Raises Bad when it is not there."""
        found = self.body.get(name)
        if not isinstance(found, dict):
            raise Bad(f"param is missing or the value is empty: {name}")
        return found

    def record(self, kind: Kind, arg: str = "id") -> Record:
        """The record named in the path, by id or reference number. Raises Missing."""
        found = self.account.find(kind, self.args[arg])
        if found is None:
            raise Missing
        self._admit(found.product)
        return found

    def sees(self, product: Product) -> bool:
        """Whether the key's user has any role in the workspace."""
        return self.user.role_in(product.id) != NONE

    def _admit(self, product: Product) -> None:
        """Raises Missing for a workspace one may not see (measured: such records are 404), Forbidden to write there."""
        if not self.sees(product):
            raise Missing
        if self.writing and not may_write(self.user.role_in(product.id)):
            raise Forbidden("You do not have permission to perform this action")

    def administrator(self) -> None:
        """Raises Forbidden for somebody who may not administer the account."""
        if "administer_account" not in self.user.administers:
            raise Forbidden("You do not have permission to perform this action")

    def product(self, arg: str = "product") -> Product:
        """The workspace named in the path. Raises Missing."""
        found = self.account.product(self.args[arg])
        if found is None:
            raise Missing
        self._admit(found)
        return found

    def one(self, record: Record) -> Json:
        """The answer about one record, under its singular name. `fields` may stand in the query or in the body:
        https://www.aha.io/api#requesting-additional-fields"""
        asked = self.query.get("fields") or self.body.get("fields")
        wanted = wanted_of(record.kind, asked if isinstance(asked, str) else "", short=False)
        return {record.kind: form(self.show, record, wanted)}

    def page(self, name: str, items: Sequence[T], make: Callable[[T], object]) -> Json:
        """One page of a list with its `pagination`. https://www.aha.io/api#pagination: 30 a page, 200 at most."""
        size = min(_whole(self.query.get("per_page"), 30), 200)
        number = _whole(self.query.get("page"), 1)
        shown = [make(item) for item in items[(number - 1) * size : number * size]]
        pages = math.ceil(len(items) / size)
        return {
            name: shown,
            "pagination": {"total_records": len(items), "total_pages": pages, "current_page": number},
        }

    def records(self, kind: Kind, items: Sequence[Record], make: Callable[[Record], object] | None = None) -> Json:
        """A page of records, in the short form unless `fields` or `make` say otherwise."""
        asked = self.query.get("fields", "")
        if make is None or asked:
            wanted = wanted_of(kind, asked, short=True)
            return self.page(PLURAL[kind], items, lambda record: form(self.show, record, wanted))
        return self.page(PLURAL[kind], items, make)


def _whole(value: str | None, default: int) -> int:
    """A page number or size; what is none is the default."""
    return (
        int(value) if value and value.isascii() and value.isdecimal() and 0 < len(value) < 8 and int(value) else default
    )


class NoContent:
    """What an endpoint answers for 204."""


NOTHING = NoContent()
Endpoint = Callable[[Call], object]


@dataclass(slots=True)
class _Node:
    parts: dict[str, _Node] = field(default_factory=dict)
    named: _Node | None = None
    ends: dict[str, tuple[Endpoint, tuple[str, ...], str, bool]] = field(default_factory=dict)


class Table:
    """Endpoints by method and path; a path part in braces takes anything. A fixed part goes before a braced one."""

    def __init__(self) -> None:
        self.root = _Node()
        self.operations: list[str] = []

    def add(self, operation: str, endpoint: Endpoint, *, viewer: bool = False) -> None:
        """Serve an operation such as "GET /features/{id}". `viewer`: a write that a read-only user may make too."""
        method, path = operation.split(" ")
        node, names = self.root, []
        for part in path.strip("/").split("/"):
            if part.startswith("{"):
                names.append(part[1:-1])
                node.named = node = node.named or _Node()
            else:
                node = node.parts.setdefault(part, _Node())
        node.ends[method] = endpoint, tuple(names), operation, viewer or method == "GET"
        self.operations.append(operation)

    def find(self, method: str, parts: list[str]) -> tuple[Endpoint, dict[str, str], str, bool] | None:
        """The endpoint for a path below /api/v1, its arguments, its operation, and whether viewers may call it."""
        found = _walk(self.root, parts, 0, method, [])
        if found is None:
            return None
        (endpoint, names, operation, viewer), taken = found
        return endpoint, dict(zip(names, taken, strict=True)), operation, viewer


def _walk(
    node: _Node, parts: list[str], at: int, method: str, taken: list[str]
) -> tuple[tuple[Endpoint, tuple[str, ...], str, bool], list[str]] | None:
    if at == len(parts):
        end = node.ends.get(method)
        return (end, taken) if end else None
    following = node.parts.get(parts[at])
    found = _walk(following, parts, at + 1, method, taken) if following else None
    if found is None and node.named is not None and parts[at]:
        found = _walk(node.named, parts, at + 1, method, [*taken, parts[at]])
    return found


class Door:
    """Where every API request comes in: finds the endpoint, checks key, limit and rights, reads the body, answers."""

    def __init__(self, account: Account, table: Table) -> None:
        self.account = account
        self.table = table
        self.tokens: dict[str, User] = {}  # by OAuth 2.0
        self.lock = threading.RLock()
        self._rates: tuple[int, int] = (0, 0)
        self._windows = Windows([])

    async def answer(self, request: Request) -> Response:
        """Answer one request below /api/v1."""
        # Split before it is decoded, so that a value with a slash (an address, say) is one part of the path.
        raw = request.scope["raw_path"].decode("ascii", "replace").removeprefix("/api/v1").strip("/")
        parts = [unquote(part) for part in raw.split("/")]
        # Rails answers HEAD as GET without the body (Rack::Head).
        method = "GET" if request.method == "HEAD" else request.method
        found = self.table.find(method, parts)
        if found is None:
            return HTMLResponse(NOT_FOUND, 404)
        endpoint, args, operation, viewer = found
        request.scope["sandbox.operation"] = operation.partition(" ")[2]
        return await self.serve(request, endpoint, args, viewer=viewer)

    async def serve(
        self, request: Request, endpoint: Endpoint, args: Mapping[str, str], *, viewer: bool = False
    ) -> Response:
        """Answer a request by `endpoint`, once key, limit and rights are in order. `viewer`: readers may call it."""
        headers: dict[str, str] = {}
        try:
            user = self._user(request)
            self._judge(request, headers)
            if not viewer and not user.writes:
                raise Forbidden("You do not have permission to perform this action")
            body, files, parts = await _body(request)
            show = Show(self.account, request.app.state.base_url)
            call = Call(self.account, user, show, args, request.query_params, body, files, not viewer)
            call.path, call.parts = request.scope["path"], parts
            request.scope["sandbox.user"] = user.email
            with self.lock:
                result = endpoint(call)
            answer = _response(result)
        except Refusal as refusal:
            page, status = refusal.page, refusal.status
            answer = HTMLResponse(page, status) if page else Packed(refusal.body, status)
        return self._answer(answer, headers)

    def _answer(self, answer: Response, headers: Mapping[str, str]) -> Response:
        answer.headers.update(headers)
        if isinstance(answer, JSONResponse):
            answer.headers["Content-Type"] = JSON_TYPE
        return answer

    def _user(self, request: Request) -> User:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        given = key.strip()
        known = (user for user in self.account.users if user.key and user.key == given)
        user = next(known, self.tokens.get(given)) if scheme.lower() == "bearer" else None
        if user is None or not user.enabled:
            raise Unauthorized("Invalid API key")
        return user

    def _judge(self, request: Request, headers: dict[str, str]) -> None:
        """Count the request against the account's limits, 300 a minute and 20 a second. Raises Crowded.

        https://www.aha.io/api#rate-limiting
        """
        settings, now = self.account.settings, self.account.clock.now().timestamp()
        if not settings.limits or request.scope.get(REPLAYED):
            return
        rates = (settings.per_second, settings.per_minute)
        if rates != self._rates:
            self._rates = rates
            self._windows = Windows([Window("second", rates[0], 1.0), Window("minute", rates[1], 60.0)])
        verdict = self._windows.hit("account", now)
        minute = self._windows.look("minute", "account", now) if verdict.allowed else verdict
        headers["X-Ratelimit-Limit"] = str(minute.limit)
        headers["X-Ratelimit-Remaining"] = str(minute.remaining)
        headers["X-Ratelimit-Reset"] = str(math.ceil(minute.reset))
        if not verdict.allowed:
            request.scope["sandbox.limit"] = verdict.rule
            headers["Retry-After"] = str(max(1, math.ceil(verdict.retry_after)))
            raise Crowded("Too many requests")


def _response(result: object) -> Response:
    if result is NOTHING:
        return Response(status_code=204)
    if isinstance(result, Response):
        return result
    return Packed(result)


Parts = Sequence[tuple[str, str | File]]


async def _body(request: Request) -> tuple[Mapping[str, object], Mapping[str, File], Parts]:
    """The JSON object of a request, or the fields and files of its form. Raises Bad or TooLarge."""
    if request.method in ("GET", "HEAD"):
        return {}, {}, ()
    kind = request.headers.get("content-type", "")
    try:
        if kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
            return await _form(request)
        raw = await whole(request, MOST_BYTES)
    except (ClientDisconnect, HTTPException, MultiPartException, ValueError) as error:
        raise Bad("The request body can not be read") from error
    if raw is None:
        raise TooLarge("The request body is too large")
    if not raw.strip():
        return {}, {}, ()
    try:
        given = parsed(raw)
    except (ValueError, RecursionError) as error:
        raise Bad("The request body is not valid JSON") from error
    if not isinstance(given, dict):
        raise Bad("The request body is not a JSON object")
    return given, {}, ()


async def _form(request: Request) -> tuple[Mapping[str, object], Mapping[str, File], Parts]:
    """Form fields, `feature[name]=x` being {"feature": {"name": "x"}} as in Rails, and files under their own names."""
    fields: dict[str, object] = {}
    files: dict[str, File] = {}
    parts: list[tuple[str, str | File]] = []
    async with request.form(max_part_size=MOST_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content_type = value.content_type or "application/octet-stream"
                files[name] = File(value.filename or "file", content_type, await value.read())
                parts.append((name, files[name]))
                continue
            parts.append((name, value))
            outer, _, inner = name.partition("[")
            if not inner:
                fields[name] = value
                continue
            holder = fields.setdefault(outer, {})
            if isinstance(holder, dict):
                cast("dict[str, object]", holder)[inner.rstrip("]")] = value
    return fields, files, parts
