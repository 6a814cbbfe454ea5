"""A Jira site as the Connect app meets it, by other means than the product's: it signs by itself and hosts its key."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.fixtures_store import Clock
from tests.processes import settings_at

from crosswalk.config import Config

URL = "https://crosswalk.example.com"
KID = "3f1c5a0e-0000-4000-8000-000000000001"


@cache
def key_pair(name: str = "atlassian") -> tuple[Any, str]:
    """The private key, and the public one as PEM; the same under the same name."""
    assert name
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def plain_qsh(method: str, path: str, query: str = "") -> str:
    """For a query that repeats no name."""
    pairs = sorted(tuple(unquote(half) for half in part.partition("=")[::2]) for part in query.split("&") if part)
    words = "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs if name != "jwt"
    )
    return hashlib.sha256(f"{method}&{path}&{words}".encode()).hexdigest()


@dataclass
class JiraSite:
    """One site; `browser` is the Django client by which it calls."""

    browser: Any
    clock: Clock
    client_key: str = "site-1"
    address: str = "https://fable.atlassian.net"
    secret: str = "the secret that fable shares with the app, number 1"
    installs: int = field(default=0)

    def claims(self, method: str, target: str, **changed: Any) -> dict[str, Any]:
        path, _, query = target.partition("?")
        at = int(self.clock().timestamp())
        found = {"iss": self.client_key, "iat": at, "exp": at + 180, "qsh": plain_qsh(method, path, query), **changed}
        return {name: value for name, value in found.items() if value is not None}

    def by_atlassian(self, target: str, *, key: Any = None, kid: str = KID, **changed: Any) -> str:
        claims = self.claims("POST", target, **{"aud": [URL], **changed})
        return jwt.encode(claims, key or key_pair()[0], "RS256", {"kid": kid})

    def by_site(self, method: str, target: str, *, secret: str = "", **changed: Any) -> str:
        return jwt.encode(self.claims(method, target, **changed), secret or self.secret, "HS256")

    def told(self, **changed: Any) -> dict[str, Any]:
        return {
            "key": "crosswalk-sync",
            "clientKey": self.client_key,
            "sharedSecret": self.secret,
            "baseUrl": self.address,
            "productType": "jira",
            **changed,
        }

    def post(self, target: str, token: str, body: dict[str, Any] | str) -> Any:
        return self.browser.post(
            target, body, content_type="application/json", headers={"Authorization": f"JWT {token}"}
        )

    def install(self, token: str = "", **changed: Any) -> Any:
        """Announce an installation; each a second after the one before, with a secret of its own."""
        if not token:
            self.clock.forward(1)
            self.installs += 1
            self.secret = f"the secret that {self.client_key} shares with the app, number {self.installs}"
        token = token or self.by_atlassian("/connect/installed")
        return self.post("/connect/installed", token, self.told(**changed))

    def turn(self, step: str) -> Any:
        return self.post(f"/connect/{step}", self.by_site("POST", f"/connect/{step}"), self.told(sharedSecret=None))

    def uninstall(self) -> Any:
        self.clock.forward(1)
        token = self.by_atlassian("/connect/uninstalled")
        return self.post("/connect/uninstalled", token, self.told(sharedSecret=None))

    def open(self, target: str, **changed: Any) -> Any:
        """Open a page of the app, as Jira's browser does in an iframe."""
        joint = "&" if "?" in target else "?"
        return self.browser.get(f"{target}{joint}jwt={self.by_site('GET', target, **changed)}")


class _Keys(BaseHTTPRequestHandler):
    """The key host."""

    def do_GET(self) -> None:
        found = {f"/{KID}": key_pair()[1], "/large": "-" * 50_000, "/page": "<html>hello</html>"}.get(self.path)
        self.send_response(200 if found else 403)
        self.end_headers()
        self.wfile.write((found or "<Error>AccessDenied</Error>").encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@contextmanager
def key_host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Keys)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def reached(database: Config, clock: Clock, keys: str) -> Iterator[None]:
    """The service as it runs at URL, with `keys` as key host, in the time of `clock`."""
    from crosswalk.sync import installation
    from crosswalk.sync.connect import Bridges

    config = settings_at(database.home, CROSSWALK_URL=URL, CROSSWALK_CONNECT_KEYS=keys)
    before = installation.current()
    bridges = Bridges(config, clock, clock.forward)
    with installation.instead(replace(before, config=config, bridges=bridges, now=clock)):
        yield
    bridges.close()
