"""Speaks to a sandbox in this very thread, for tests that ask thousands of times: no socket, no other thread."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import httpx2


class Direct:
    """A client of an application, which need not be served. What the application raises is a 500."""

    def __init__(self, app: Any, base: str, **more: Any) -> None:
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url=base, **more)
        self.loop = asyncio.Runner()

    def __enter__(self) -> Direct:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.loop.run(self.http.aclose())
        self.loop.close()

    def request(self, method: str, address: str, content: bytes | None, headers: Mapping[str, str]) -> httpx2.Response:
        """The answer to one request."""
        return self.loop.run(self.http.request(method, address, content=content, headers=headers))
