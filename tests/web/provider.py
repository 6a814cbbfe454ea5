"""An OpenID Connect provider of our own on loopback: real HTTP, RS256 keys, codes that work once, PKCE checked.

It signs in whoever `claims` says, at once. What a faulty or hostile provider would do is set on it beforehand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "crosswalk: client", "s3cret & more"


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    """The same under the same name: making one takes as long as a sign-in."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """State of the provider; `issuer` is known once it serves."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.issuer = ""
        self.key, self.stranger = _key("own"), _key("a stranger's")
        self.claims: dict[str, Any] = {"sub": "u-1", "preferred_username": "olga", "groups": ["dev"]}
        self.lies: dict[str, Any] = {}  # claims that replace the right ones; None removes
        self.discovery: dict[str, Any] = {}
        self.refuses = ""
        self.signs_with: tuple[str, Any] | None = None
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def document(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.discovery,
        }

    def keys(self) -> dict[str, Any]:
        """The public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked.append(query)
        code = secrets.token_urlsafe(8)
        self._codes[code] = query
        answer = {"error": self.refuses} if self.refuses else {"code": code, "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code; each works once."""
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        asked = self._codes.pop(form["code"], None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        good = [unquote(part) for part in pair] == [CLIENT, SECRET] and asked is not None
        if not good or asked is None or asked["code_challenge"] != digest or asked["code_challenge_method"] != "S256":
            return 400, {"error": "invalid_grant", "error_description": SECRET}
        if form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_request"}
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        mixed = {**right, **self.claims, **self.lies}
        claims = {name: value for name, value in mixed.items() if value is not None}
        algorithm, key = self.signs_with or ("RS256", self.key)
        token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "k1"})
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Provider]:
    """A provider that answers at `host`."""
    provider = Provider(host)

    class Handler(BaseHTTPRequestHandler):
        def _json(self, status: int, body: object) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/keys":
                self._json(200, provider.keys())
            else:
                self._json(200, provider.document())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self._json(*provider.token(form, self.headers.get("Authorization", "")))

        def log_message(self, *_: object) -> None:
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
