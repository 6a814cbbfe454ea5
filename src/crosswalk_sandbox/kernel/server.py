"""Serves a sandbox: in the foreground until Ctrl-C, or in a thread for as long as a `with` block lasts.

Knows nothing of what the sandbox answers. An application needs `app.state.base_url`, which is set here before the first
request, because records carry absolute addresses.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import cast

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

RESET = "sandbox.reset"
CLOSE = "sandbox.close"


class _Line:
    """Hands the application two ways to drop its connection, as `scope[RESET]` and `scope[CLOSE]`.

    ASGI has no word for "hang up without an answer"; uvicorn's `send` belongs to an object that owns the transport.
    """

    def __init__(self, app: Starlette) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            if isinstance(transport, asyncio.Transport):
                scope[RESET] = lambda: _reset(transport)
                scope[CLOSE] = transport.close
        # Whoever hangs up within what it sends asked for nothing: nothing happened, and there is nobody to answer.
        with contextlib.suppress(ClientDisconnect):
            await self.app(scope, receive, send)


def _reset(transport: asyncio.Transport) -> None:
    """Drop the connection with a TCP reset, as a crashed server or an impatient proxy does."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        # SO_LINGER with a time of 0 makes close() send RST instead of FIN.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class _Server(uvicorn.Server):
    """uvicorn, except that it stops at once; its own loop looks for the exit flag every 100 ms and then waits again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None
        self._back: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        await super().startup(sockets)
        self.ready.set()

    def away(self, seconds: float) -> None:
        """Refuse connections for so long, as a server does that is down. Called on the server's own loop."""
        addresses = [sock.getsockname()[:2] for server in self.servers for sock in server.sockets]
        if not addresses:
            return  # away already
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        self._back = asyncio.create_task(self._come_back(seconds, addresses))

    async def _come_back(self, seconds: float, addresses: list[tuple[str, int]]) -> None:
        await asyncio.sleep(seconds)
        loop = asyncio.get_running_loop()
        self.servers = [await loop.create_server(self._protocol, sock=_bind(host, port)[0]) for host, port in addresses]

    def _protocol(self) -> asyncio.Protocol:
        """What uvicorn's own start makes for each connection."""
        kind = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return kind(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def main_loop(self) -> None:
        assert self._wake is not None
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 10
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), timeout=1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._back is not None:
            self._back.cancel()
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        for task in list(self.server_state.tasks):
            task.cancel()
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
        await self.lifespan.shutdown()

    def stop(self) -> None:
        """Ask the server to stop; safe from any thread and from a signal handler."""
        self.should_exit = True
        if self._loop is not None and self._wake is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def handle_exit(self, *_: object) -> None:
        """Ctrl-C and SIGTERM: stop quietly."""
        self.stop()


def _bind(host: str, port: int) -> tuple[socket.socket, str]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off only where it can read it (40 ms an answer).
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    sock.listen(2048)
    shown = f"[{host}]" if family == socket.AF_INET6 else host
    return sock, f"http://{shown}:{sock.getsockname()[1]}"


def _is_news(record: logging.LogRecord) -> bool:
    """A request cut off because the sandbox stops is no news; any other exception is a fault of the sandbox."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError)


def _server(app: Starlette) -> _Server:
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    config = uvicorn.Config(
        _Line(app),
        http="httptools",
        ws="none",
        loop="asyncio",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # the gate writes it, by the sandbox's own clock
        timeout_keep_alive=75,
    )
    server = _Server(config)
    app.state.away = server.away
    return server


def _nothing() -> None:
    """Nothing to prepare."""


def run(
    app: Starlette,
    host: str = "127.0.0.1",
    port: int = 0,
    announce: Callable[[str], None] | None = None,
    prepare: Callable[[], object] = _nothing,
) -> None:
    """Serve `app` in the foreground until Ctrl-C or SIGTERM. `announce` gets the address once it answers connections.

    `prepare` runs when the address is known and nothing has been answered. Raises OSError when the port is taken.
    """
    sock, url = _bind(host, port)
    app.state.base_url = url
    with contextlib.ExitStack() as undo:
        undo.callback(sock.close)
        prepare()
        undo.pop_all()
    server = _server(app)
    if announce is not None:
        announce(url)
    server.run(sockets=[sock])


class Running:
    """Serves `app` in a thread: `with Running(app) as base_url:`. Starting and stopping takes some milliseconds."""

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app, self.host, self.port = app, host, port
        self.base_url = ""

    def __enter__(self) -> str:
        sock, self.base_url = _bind(self.host, self.port)
        self.app.state.base_url = self.base_url
        self._server = _server(self.app)
        self._thread = threading.Thread(target=self._server.run, args=([sock],), name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(60):
            raise RuntimeError(f"the sandbox at {self.base_url} did not start within 60 s")
        return self.base_url

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join(10)
