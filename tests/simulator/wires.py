"""The network: carries requests to the sandboxes within this thread, and lets something happen before or after each.

A sandbox is an ASGI application that waits for nothing outside: its coroutine is stepped to its end by hand. Every
request moves the clock on, so that a moment in a sandbox's own history names the request that caused it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import httpx2

from crosswalk_sandbox.kernel.clock import VirtualClock

READS = re.compile(r"/(search(/jql)?|bulkfetch)$")
TICK = 0.04  # seconds a request takes


@dataclass(slots=True)
class Sent:
    """A request that reached a sandbox. `who` sent it: "crosswalk" or "people"; `status` 0: no answer came back."""

    who: str
    side: str
    method: str
    path: str
    body: bytes
    at: datetime
    status: int = 0
    run: tuple[int | None, int | None] | None = None  # pair and fence of the run that sent it
    struck: bool = False  # something happened right before it
    signed: str = field(default="", repr=False)
    words: str = field(default="", repr=False)  # all of it that may name a record

    def __post_init__(self) -> None:
        self.words = f"{self.path} {self.body!r}"

    @property
    def writes(self) -> bool:
        """Whether it asks for a change."""
        if self.path.endswith("/graphql"):
            return b"mutation" in self.body
        return self.method != "GET" and not READS.search(self.path)

    @property
    def whole_list(self) -> bool:
        """Whether it puts a list in the place of whatever one is there."""
        given = json.loads(self.body).get("fields", {}) if self.method == "PUT" and self.side == "jira" else {}
        return any(isinstance(value, list) for value in given.values())

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S.%f} {self.who} {self.method} {self.side}{self.path} -> {self.status}"


def answer(app: Any, scope: dict[str, Any], body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """What `app` answers; half a body where it hangs up in the middle. Raises ConnectionResetError where it does so
    without an answer."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    start: list[Any] = []
    parts: list[bytes] = []

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
        else:
            parts.append(message.get("body", b""))

    stepped = app(scope, receive, send)
    try:
        stepped.send(None)
    except StopIteration:
        return start[0]["status"], list(start[0]["headers"]), b"".join(parts)
    raise AssertionError(f"a sandbox waits for something outside: {scope['method']} {scope['path']}")


def scope_of(method: str, host: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query,
        "root_path": "",
        "scheme": "http",
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": (host, 80),
        "state": {},
    }


def _nothing(_: Sent) -> None:
    """Nothing happens."""


@dataclass
class Wires(httpx2.BaseTransport):
    """What somebody sends goes through here, and is written into `log`. `apps` are by host, as `aha.sim`.

    `before` and `after` a request something may happen, and either may raise.
    """

    apps: Mapping[str, Any]
    clock: VirtualClock
    who: str
    log: list[Sent]
    before: Callable[[Sent], None] = field(default=_nothing)
    after: Callable[[Sent], None] = field(default=_nothing)
    tick: float = TICK

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2.BaseTransport."""
        host = request.url.host
        path, _, query = request.url.raw_path.partition(b"?")
        body = request.read()
        sent = Sent(self.who, host.partition(".")[0], request.method, path.decode(), body, self.clock.now())
        sent.signed = request.headers.get("authorization", "")
        self.before(sent)
        sent.at = self.clock.advance(self.tick)
        self.log.append(sent)
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        scope = scope_of(request.method, host, path.decode(), query, headers)
        try:
            sent.status, given, content = answer(self.apps[host], scope, body)
        except ConnectionResetError as broken:
            self.after(sent)
            raise httpx2.ReadError(str(broken), request=request) from broken
        self.after(sent)
        declared = next((int(value) for name, value in given if name == b"content-length"), len(content))
        if declared != len(content) and request.method != "HEAD":
            raise httpx2.RemoteProtocolError("the connection broke within the answer", request=request)
        return httpx2.Response(sent.status, headers=given, content=content, request=request)
