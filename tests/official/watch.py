"""Starts a sandbox as `crosswalk_sandbox.kernel.server.Running` does, and has every exchange judged as it happens.

The watcher stands behind the gate: an answer that a fault makes is not the sandbox's own.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosswalk_sandbox.kernel.server import Running as Unwatched
from tests.official import documents, exchanges
from tests.official.exchanges import Exchange


class Findings:
    """What the watchers found; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: list[str] = []
        self.good: Counter[tuple[str, str]] = Counter()
        """Good answers that fit, by product and operation."""
        self.kept: list[Exchange] | None = None
        """Where a test wants them, the exchanges of a document's operations, whatever became of them."""

    def judge(self, exchange: Exchange) -> None:
        """Hold one exchange against its document."""
        operation = exchanges.operation_of(exchange)
        wrong = exchanges.complaints(exchange)
        with self._lock:
            self._wrong += wrong
            if operation is not None and 200 <= exchange.status < 400 and not wrong:
                self.good[exchange.product, operation.id] += 1
            if operation is not None and self.kept is not None:
                self.kept.append(exchange)

    def take(self) -> list[str]:
        """The complaints since the last call."""
        with self._lock:
            wrong, self._wrong = self._wrong, []
        return wrong

    @contextmanager
    def keeping(self) -> Iterator[list[Exchange]]:
        """The exchanges of the block, as they come."""
        with self._lock:
            self.kept = kept = []
        try:
            yield kept
        finally:
            with self._lock:
                self.kept = None


FINDINGS = Findings()
"""Of the whole run; `tests/conftest.py` takes them after each test."""


class Watcher:
    """ASGI: passes everything on, and has what went by judged before the answer leaves."""

    def __init__(self, app: ASGIApp, product: str) -> None:
        self.app, self.product = app, product

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # HEAD is GET without a body (RFC 9110, 9.3.2); no document lists it.
        if scope["type"] != "http" or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
            return
        sent, whole = [], []
        start: list[Message] = []
        body: list[bytes] = []

        async def reading() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                sent.append(message.get("body", b""))
                if not message.get("more_body"):
                    whole.append(True)
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
            elif message["type"] == "http.response.body":
                body.append(message.get("body", b""))
                if not message.get("more_body"):
                    headers = _headers(scope)
                    unread = not whole and headers.get("content-length", "0") != "0"
                    answer = {k.decode().lower(): v.decode("latin-1") for k, v in start[0]["headers"]}
                    FINDINGS.judge(
                        Exchange(
                            self.product,
                            scope["method"],
                            scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
                            scope["query_string"].decode("latin-1"),
                            headers.get("user-agent", ""),
                            headers.get("content-type", ""),
                            None if unread else b"".join(sent),
                            start[0]["status"],
                            answer.get("content-type", ""),
                            b"".join(body),
                            bool(scope.get("sandbox.operation") or getattr(scope.get("route"), "name", "")),
                        )
                    )
            await send(message)

        await self.app(scope, reading, sending)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}


def product_of(app: Starlette) -> str:
    """Which vendor's server an application stands in for; "" for none."""
    state: Any = app.state
    if hasattr(state, "jira"):
        return str(state.jira.flavour.name)
    return "aha" if hasattr(state, "account") else ""


class Running(Unwatched):
    """A sandbox in a thread, watched where the documents are present."""

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(app, host, port)
        gate: Any = getattr(app, "gate", None)
        product = product_of(app)
        if gate is not None and product and documents.present() and not isinstance(gate.app, Watcher):
            gate.app = Watcher(gate.app, product)
