"""The gate in front of a sandbox's application: logs each API request and lets a fault strike it.

Knows no vendor; which requests are struck is decided by the fault list.
"""

from __future__ import annotations

import asyncio
import time

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosswalk_sandbox.kernel.clock import Clock
from crosswalk_sandbox.kernel.faults import Fault, Faults
from crosswalk_sandbox.kernel.requestlog import RequestLog, Seen
from crosswalk_sandbox.kernel.server import CLOSE, RESET

LOGIN_PAGE = "<!doctype html><html><head><title>Log in</title></head><body><h1>Log in</h1><form></form></body></html>"
OWN = ("/_sandbox/", "/_static/")


class Gate:
    """ASGI: `app` behind the gate. `api` are the path prefixes that are logged and struck; all others pass."""

    def __init__(self, app: ASGIApp, clock: Clock, faults: Faults, log: RequestLog, api: tuple[str, ...]) -> None:
        self.app, self.clock, self.faults, self.log, self.api = app, clock, faults, log, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.api) or scope["path"].startswith(OWN):
            await self.app(scope, receive, send)
            return
        seen = self.log.open(self.clock.now(), scope)
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            await send(message)

        try:
            await self._pass(seen, (scope, receive, noted))
        finally:
            seen.milliseconds = (time.perf_counter() - began) * 1000
            seen.user = scope.get("sandbox.user", "")
            route = getattr(scope.get("route"), "name", "") or ""
            # An application with a table of its own behind one route says itself which operation it was.
            seen.operation = scope.get("sandbox.operation", route)
            self.log.close(seen)

    async def _pass(self, seen: Seen, call: tuple[Scope, Receive, Send]) -> None:
        fault = self.faults.strike(seen.method, seen.path)
        if fault is None:
            await self.app(*call)
            return
        seen.fault = fault.kind
        seen.applied = fault.applied or fault.kind in ("reset_after", "slow", "truncated")
        await _strike(fault, self.app, call)


async def _strike(fault: Fault, app: ASGIApp, call: tuple[Scope, Receive, Send]) -> None:
    scope, receive, send = call
    if fault.kind == "reset_before":
        await _hang_up(scope, receive)
        return
    if fault.kind == "slow":
        # Real seconds, whatever the sandbox's clock is: the client's own time-out runs on them.
        await asyncio.sleep(fault.seconds)
        await app(scope, receive, send)
        return
    answer: list[Message] = []
    if fault.applied or fault.kind in ("reset_after", "truncated"):

        async def keep(message: Message) -> None:
            answer.append(message)

        await app(scope, receive, keep)
    if fault.kind == "reset_after":
        await _hang_up(scope, receive)
    elif fault.kind == "truncated":
        await _send_half(answer, call)
    else:
        await _replacement(fault, scope)(scope, receive, send)


def _replacement(fault: Fault, scope: Scope) -> Response:
    """The answer that stands in for the real one."""
    headers = dict(fault.headers)
    if fault.kind == "html_200":
        return Response(fault.body or LOGIN_PAGE, 200, headers, media_type="text/html")
    if fault.kind == "login_redirect":
        return Response("", 302, {"Location": f"{scope['app'].state.base_url}/login", **headers})
    body, status = fault.body, fault.status
    if fault.kind == "429":
        status = 429
        if fault.retry_after is not None:
            headers["Retry-After"] = f"{fault.retry_after:g}"
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


async def _send_half(answer: list[Message], call: tuple[Scope, Receive, Send]) -> None:
    """Promise the whole body, send half of it, close."""
    scope, receive, send = call
    body = b"".join(message.get("body", b"") for message in answer if message["type"] == "http.response.body")
    await send(answer[0])
    if len(body) < 2:
        await send({"type": "http.response.body", "body": body})
        return
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await _hang_up(scope, receive, CLOSE)
