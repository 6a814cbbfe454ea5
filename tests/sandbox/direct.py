"""Speaks to a sandbox in this very thread, for tests that ask thousands of times: no socket, no client's URLs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass
class Answered:
    """A status, headers by lower-case name, a body."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "")

    def json(self) -> Any:
        return json.loads(self.content)


class Direct:
    """A client of an application, which need not be served. What the application raises is raised."""

    def __init__(self, app: Any, base: str, authorization: str) -> None:
        self.app, self.authorization = app, authorization
        self.host, self.port = urlsplit(base).hostname, urlsplit(base).port
        self.loop = asyncio.new_event_loop()

    def __enter__(self) -> Direct:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.loop.close()

    def request(self, method: str, address: str, content: bytes | None, headers: Mapping[str, str]) -> Answered:
        """The answer to one request."""
        path, _, query = address.partition("?")
        given = {"Host": f"{self.host}:{self.port}", "Authorization": self.authorization, **headers}
        given |= {"Content-Length": str(len(content))} if content is not None else {}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
            "client": ("127.0.0.1", 1), "server": (self.host, self.port), "state": {},
        }  # fmt: skip
        return self.loop.run_until_complete(self._ask(scope, content or b""))

    async def _ask(self, scope: dict[str, Any], content: bytes) -> Answered:
        answer = Answered(0, {}, b"")

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status_code = message["status"]
                answer.headers = {name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]}
            else:
                answer.content += message.get("body", b"")

        await self.app(scope, receive, send)
        return answer
