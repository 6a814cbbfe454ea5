"""The gate in front of a sandbox's application: logs each API request and lets a fault strike it.

Knows no vendor; which requests are struck is decided by the fault list.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosswalk_sandbox.kernel.clock import Clock
from crosswalk_sandbox.kernel.faults import HURRIED, Answers, Canned, Fault, Faults
from crosswalk_sandbox.kernel.requestlog import RequestLog, Seen
from crosswalk_sandbox.kernel.server import CLOSE, RESET

LOGIN_PAGE = "<!doctype html><html><head><title>Log in</title></head><body><h1>Log in</h1><form></form></body></html>"
OWN = ("/_sandbox/", "/_static/")
APPLIED = ("reset_after", "slow", "drip", "truncated", "world", "hook_first")
PIECES = 20
Call = tuple[Scope, Receive, Send]


@lru_cache(maxsize=4)
def _http_date(second: datetime) -> bytes:
    return format_datetime(second, usegmt=True).encode()


class Gate:
    """ASGI: `app` behind the gate. `api` are the path prefixes that are logged and struck; all others pass.

    `answers` are the bodies of the kinds of faults named after an answer; `change` changes the world, and `settle`
    waits until the hooks that are due have been delivered.
    """

    def __init__(self, app: ASGIApp, clock: Clock, faults: Faults, log: RequestLog, api: tuple[str, ...]) -> None:
        self.app, self.clock, self.faults, self.log, self.api = app, clock, faults, log, api
        self.answers: Answers = {}
        self.change: Callable[[Fault, Scope], Awaitable[None]] | None = None
        self.settle: Callable[[], object] = bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.api) or scope["path"].startswith(OWN):
            await self.app(scope, receive, send)
            return
        now = self.clock.now()
        seen = self.log.open(now, scope)
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                shown = (now + timedelta(seconds=self.clock.skew)).replace(microsecond=0)
                message["headers"] = [*message["headers"], (b"date", _http_date(shown))]
            await send(message)

        try:
            await self._pass(seen, (scope, receive, noted))
        finally:
            seen.milliseconds = (time.perf_counter() - began) * 1000
            seen.user = scope.get("sandbox.user", "")
            seen.limit = scope.get("sandbox.limit", "")
            # An application with a table of its own behind one route says itself which operation it was.
            seen.operation = scope.get("sandbox.operation") or getattr(scope.get("route"), "name", "") or ""
            self.log.close(seen)

    async def _pass(self, seen: Seen, call: Call) -> None:
        fault = self.faults.strike(seen.method, seen.path)
        if fault is None:
            await self.app(*call)
            return
        seen.fault = fault.kind
        canned = self.answers.get(fault.kind)
        seen.applied = fault.applied or fault.kind in APPLIED or (canned is not None and canned.applied)
        await self._strike(fault, call, applied=seen.applied)

    async def _hold_up(self, fault: Fault) -> None:
        """Real seconds, whatever the sandbox's clock is: the client's own time-out runs on them.

        Who switches the fault off holds nobody up any more.
        """
        until = time.monotonic() + fault.seconds
        while (left := until - time.monotonic()) > 0 and self.faults.holds(fault):
            await asyncio.sleep(min(left, 0.05))

    async def _strike(self, fault: Fault, call: Call, *, applied: bool) -> None:
        scope, receive, send = call
        if fault.kind == "slow":
            await self._hold_up(fault)
            await self.app(*call)
            return
        if fault.kind == "world":
            if self.change is not None:
                await self.change(fault, scope)
            await self.app(*call)
            return
        answer: list[Message] = []
        if applied:

            async def keep(message: Message) -> None:
                answer.append(message)

            hurried = HURRIED.set(fault.kind == "hook_first")
            await self.app(scope, receive, keep)
            HURRIED.reset(hurried)
        if fault.kind in ("reset_before", "reset_after"):
            await _hang_up(scope, receive)
        elif fault.kind == "truncated":
            await _send_half(answer, call)
        elif fault.kind == "drip":
            await _send_drop_by_drop(answer, send, fault.seconds)
        elif fault.kind == "hook_first":
            await asyncio.to_thread(self.settle)
            for message in answer:
                await send(message)
        else:
            await self._replacement(fault, scope)(scope, receive, send)

    def _replacement(self, fault: Fault, scope: Scope) -> Response:
        """The answer that stands in for the real one."""
        headers = dict(fault.headers)
        if fault.kind == "html_200":
            return Response(fault.body or LOGIN_PAGE, 200, headers, media_type="text/html")
        if fault.kind == "login_redirect":
            return Response("", 302, {"Location": f"{scope['app'].state.base_url}/login", **headers})
        canned = self.answers.get(fault.kind) or Canned(fault.status)
        body, status = fault.body or canned.body, canned.status
        waiting = canned.waiting(self.clock.now(), fault.retry_after)
        headers = {**canned.headers, **waiting, **headers}
        media = "text/html" if body.lstrip().startswith("<") else "application/json"
        named = any(name.lower() == "content-type" for name in headers)
        return Response(body, status, headers, media_type=None if named else media)


async def _hang_up(scope: Scope, receive: Receive, how: str = RESET) -> None:
    """Drop the connection and wait until the server has noticed. Raises ConnectionResetError where there is none."""
    drop = scope.get(how)
    if drop is None:
        raise ConnectionResetError("the sandbox hung up, as it was told to")
    drop()
    while (await receive())["type"] != "http.disconnect":
        pass


def _body_of(answer: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in answer if message["type"] == "http.response.body")


async def _send_half(answer: list[Message], call: Call) -> None:
    """Promise the whole body, send half of it, close."""
    scope, receive, send = call
    body = _body_of(answer)
    await send(answer[0])
    if len(body) < 2:
        await send({"type": "http.response.body", "body": body})
        return
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await _hang_up(scope, receive, CLOSE)


async def _send_drop_by_drop(answer: list[Message], send: Send, seconds: float) -> None:
    """The whole body, in pieces spread over the time."""
    body = _body_of(answer)
    await send(answer[0])
    size = max(1, -(-len(body) // PIECES))
    began, starts = time.monotonic(), range(0, len(body), size)
    for number, start in enumerate(starts, 1):
        # Who knows the length has the whole with the last piece. A sleep may end a little early.
        while (left := began + seconds * number / len(starts) - time.monotonic()) > 0:
            await asyncio.sleep(left)
        await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
    await send({"type": "http.response.body", "body": b""})
