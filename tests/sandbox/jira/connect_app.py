"""A Connect app for tests: serves its descriptor, takes lifecycle calls and hooks, and checks every token by itself."""

from __future__ import annotations

import hashlib
import json
import threading
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote

import jwt

# The sandbox lives in its own time, so only the rest of a token is checked against this machine's.
TIMELESS: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


@dataclass
class Got:
    """One request the app got. `claims` are those of its token, once the token was found good."""

    path: str
    headers: dict[str, str]
    body: Any
    claims: dict[str, Any] = field(default_factory=dict)


def plain_qsh(method: str, path: str, query: str = "") -> str:
    """The hash for a request whose query repeats no name: enough to check the sandbox by other means than its own."""
    pairs = sorted(tuple(unquote(half) for half in part.partition("=")[::2]) for part in query.split("&") if part)
    words = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    return hashlib.sha256(f"{method}&{path}&{words}".encode()).hexdigest()


class ConnectApp:
    """Runs below `/app` of a loopback address. `key_host` is where it fetches the keys of signed installations."""

    def __init__(self, key_host: str, **descriptor: Any) -> None:
        self.key_host, self.status = key_host, 204
        self.got: list[Got] = []
        self.secret = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.base = f"http://127.0.0.1:{self.server.server_port}/app"
        self.descriptor: dict[str, Any] = {
            "key": "com.example.crosswalk",
            "name": "Crosswalk",
            "baseUrl": self.base,
            "authentication": {"type": "jwt"},
            "apiMigrations": {"signed-install": True, "context-qsh": True},
            "lifecycle": {step: f"/{step}" for step in ("installed", "enabled", "disabled", "uninstalled")},
            "scopes": ["READ", "WRITE"],
            **descriptor,
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, json.dumps(app.descriptor).encode())

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                got = Got(self.path.removeprefix("/app"), headers, json.loads(raw) if raw else None)
                if got.path == "/installed" and 200 <= app.status < 300:
                    app.secret = got.body["sharedSecret"]
                got.claims = app.checked(got)
                app.got.append(got)
                self._answer(app.status, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler

    def checked(self, got: Got) -> dict[str, Any]:
        """The claims of a request's token. Raises where the token is not good."""
        scheme, _, token = got.headers.get("authorization", "").partition(" ")
        assert scheme == "JWT"
        path, _, query = got.path.partition("?")
        if path in ("/installed", "/uninstalled"):
            kid = jwt.get_unverified_header(token)["kid"]
            with urllib.request.urlopen(f"{self.key_host}/{kid}") as answer:
                key = answer.read().decode()
            claims = jwt.decode(token, key, ["RS256"], audience=self.base, options=TIMELESS)
        else:
            claims = jwt.decode(token, self.secret, ["HS256"], options=TIMELESS | {"verify_aud": False})
        assert claims["qsh"] == plain_qsh("POST", path, query)
        return dict(claims)

    def token(self, method: str, path: str, now: float, **changed: Any) -> str:
        """A token of the app for a request to the site."""
        path, _, query = path.partition("?")
        claims = {
            "iss": self.descriptor["key"],
            "iat": int(now),
            "exp": int(now) + 180,
            "qsh": plain_qsh(method, path, query),
            **changed,
        }
        return jwt.encode({name: value for name, value in claims.items() if value is not None}, self.secret, "HS256")

    def paths(self) -> list[str]:
        return [got.path for got in self.got]

    def __enter__(self) -> ConnectApp:
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)
