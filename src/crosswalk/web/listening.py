"""One connection to the service, before anybody is known: how much may come, and how long it may take, until a request
is a request. Knows HTTP/1.1; refuses to know what is asked.

uvicorn reads a head of any length, for as long as it takes. Behind a proxy that has limits nobody gets here with more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST: Final = 64 * 1024
"""Bytes of a head, or of what follows a body: some eight times what proxies and browsers send at most."""
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 48\r\nconnection: close\r\n\r\n"
    b"Too large: at most 64 KB stand before the body.\n"
)


class Listening(HttpToolsProtocol):
    """uvicorn's own, and a connection on which nothing is asked ends after `patience` seconds, whatever drips in."""

    patience = 30.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._unread = 0  # bytes that came since something was whole
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._asked()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        super().data_received(data)
        if self._unread > MOST and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._unread = 0
        self._asked()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        idle = not self.pipeline
        super().on_response_complete()
        if idle:
            self._wait()

    def _wait(self) -> None:
        self._asked()
        self._end = self.loop.call_later(self.patience, self.transport.close)

    def _asked(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None


def served(
    app: Callable[..., Awaitable[None]], patience: int, listening: type[Listening] = Listening
) -> uvicorn.Config:
    """How uvicorn serves `app`, and how many seconds it waits for requests under way when it ends.

    What proxies forward is believed as far as CROSSWALK_PROXIES says (visitor.py): uvicorn would believe whoever asks
    from this machine.
    """
    return uvicorn.Config(
        app,
        http=listening,
        proxy_headers=False,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=patience,
    )
