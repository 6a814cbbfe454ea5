"""What the tests of the Jira sandbox share: a running sandbox with a client for each person, and a receiver
of hooks."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2

from crosswalk_sandbox.jira import build
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.official.watch import Running

TLS = ssl.create_default_context()
"""Made once, as making it takes longer than a request to a sandbox, which needs none."""


@dataclass
class Sandbox:
    """A running stand-in. `api` is the path of the flavour's newest REST version."""

    flavour: str
    url: str
    credentials: dict[str, str]
    clock: VirtualClock
    jira: Jira
    courier: Any
    app: Any = None

    @property
    def api(self) -> str:
        return "/rest/api/3" if self.flavour == "cloud" else "/rest/api/2"

    def auth(self, role: str = "") -> tuple[str, str]:
        """Name and secret of alice (""), of the "reader" dana or of the "outsider" otto."""
        prefix = f"{role}_" if role else ""
        if self.flavour == "cloud":
            return self.credentials[prefix + "email"], self.credentials[prefix + "token"]
        return self.credentials[prefix + "username"], self.credentials[prefix + "password"]

    def call(self, method: str, path: str, *, role: str | None = "", **more: Any) -> httpx2.Response:
        """One request as somebody; `role` None is nobody. `~` at the start of the path stands for the REST API."""
        path = self.api + path[1:] if path.startswith("~") else path
        auth = None if role is None else self.auth(role)
        return httpx2.request(method, self.url + path, auth=auth, timeout=60, verify=TLS, **more)

    def get(self, path: str, **more: Any) -> Any:
        answer = self.call("GET", path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def text(self, words: str) -> Any:
        """A plain paragraph in the flavour's format of long text."""
        if self.flavour == "dc":
            return words
        return {
            "type": "doc",
            "version": 1,
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}],
        }

    def create(self, kind: str = "Story", **fields: Any) -> str:
        """A new issue in FAB; its key."""
        fields = {"project": {"key": "FAB"}, "issuetype": {"name": kind}, "summary": "A bell", **fields}
        answer = self.call("POST", "~/issue", json={"fields": fields})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])

    def search(self, jql: str, fields: str = "summary", **more: Any) -> list[str]:
        """The keys that a query finds."""
        path = "~/search/jql" if self.flavour == "cloud" else "~/search"
        found = self.get(path, params={"jql": jql, "fields": fields, "maxResults": 100}, **more)
        return [issue["key"] for issue in found["issues"]]


@contextmanager
def playing(flavour: str, seed: str = "demo") -> Iterator[Sandbox]:
    """A sandbox that runs on a clock of its own."""
    clock = VirtualClock()
    app, credentials = build(flavour, seed, clock)
    with Running(app) as url:
        yield Sandbox(flavour, url, credentials, clock, app.state.jira, app.state.control.courier, app)


@dataclass
class Received:
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # with five in the queue, twenty deliveries at once are refused at times


class Receiver:
    """An address that takes hooks and keeps them; answers `status`, with a `gate` once so many wait at it."""

    def __init__(self, status: int = 200) -> None:
        self.got: list[Received] = []
        self.status = status
        self.gate: threading.Barrier | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.got.append(Received({k.lower(): v for k, v in self.headers.items()}, raw))
                if receiver.gate is not None:
                    receiver.gate.wait(60)
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"

    def __enter__(self) -> Receiver:
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def events(self) -> list[str]:
        return [hook.body["webhookEvent"] for hook in self.got]


def basic(user: str, secret: str) -> str:
    """The value of a Basic header."""
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
