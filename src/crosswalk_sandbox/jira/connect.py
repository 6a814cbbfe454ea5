"""Atlassian Connect as the site does it: the query string hash, tokens, the key that signs an installation.

Facts: https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/ and
https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/. Sends nothing; who installs is in
apps.py.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote_plus, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from crosswalk_sandbox.jira.subscriptions import App

LIFE = 180
OAUTH_LIFE = 3600


# ---- the query string hash


def canonical(method: str, path: str, query: str) -> str:
    """The canonical request: method, path and sorted query, joined by "&". The path is without the base path of the
    app or the site."""
    path = path.rstrip("/").replace("&", "%26") or "/"
    values: dict[str, list[str]] = {}
    for part in query.split("&") if query else []:
        name, _, value = part.partition("=")
        if unquote_plus(name) != "jwt":
            values.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    pairs = (
        f"{_encoded(name)}={','.join(_encoded(value) for value in sorted(values[name]))}" for name in sorted(values)
    )
    return f"{method.upper()}&{path if path.startswith('/') else '/' + path}&{'&'.join(pairs)}"


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def qsh(method: str, path: str, query: str) -> str:
    """The hash of the canonical request, a claim of every token that goes with a request."""
    return hashlib.sha256(canonical(method, path, query).encode()).hexdigest()


# ---- tokens


@dataclass(frozen=True, slots=True)
class Signing:
    """The request a token is for: method, whole address, and the accountId of who caused it ("" for nobody)."""

    method: str
    url: str
    subject: str = ""


def _claims(app: App, now: datetime, signing: Signing) -> dict[str, object]:
    parts = urlsplit(signing.url)
    path = parts.path.removeprefix(urlsplit(app.base_url).path.rstrip("/"))
    at = int(now.timestamp())
    claims: dict[str, object] = {
        "iss": app.client_key,
        "iat": at,
        "exp": at + LIFE,
        "qsh": qsh(signing.method, path, parts.query),
        "context": {},
    }
    return claims | ({"sub": signing.subject} if signing.subject else {})


def signed(app: App, now: datetime, signing: Signing) -> str:
    """A token of the site for a request to the app, signed with the shared secret."""
    return jwt.encode(_claims(app, now, signing), app.secret, "HS256")


def signed_context(app: App, now: datetime, subject: str, context: dict[str, object]) -> str:
    """A token that a page of the app inside Jira asks for: for no one request, and with what the page stands beside."""
    claims = _claims(app, now, Signing("GET", app.base_url, subject)) | {"qsh": "context-qsh", "context": context}
    return jwt.encode(claims, app.secret, "HS256")


def signed_install(app: App, now: datetime, signing: Signing) -> str:
    """A token for `installed` and `uninstalled`: RS256, with the key's id, meant for the app's base address."""
    key = install_key()
    claims = _claims(app, now, signing) | {"aud": [app.base_url]}
    return jwt.encode(claims, key.private, "RS256", {"kid": key.id})


def oauth_token(app: App, now: datetime) -> str:
    """The bearer token on hooks of an OAuth 2.0 app, signed with the client secret. Its claims are unconfirmed."""
    at = int(now.timestamp())
    return jwt.encode({"iss": app.key, "aud": app.key, "iat": at, "exp": at + OAUTH_LIFE}, app.secret, "HS256")


class BadToken(Exception):
    """A token of an app that is not accepted; the text says why."""


def issuer(token: str) -> str:
    """Whose token this says it is, nothing being proved yet. Raises BadToken."""
    try:
        found = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError) as error:
        raise BadToken("the token can not be read") from error
    if not isinstance(found, str):
        raise BadToken("the token names no issuer")
    return found


def check(app: App, token: str, now: datetime, request: tuple[str, str, str]) -> None:
    """Whether an app's token is good for a request (method, path without base path, query). Raises BadToken.

    Time is the site's own, which may be a test's, so it is compared here.
    """
    try:
        claims = jwt.decode(
            token,
            app.secret,
            ["HS256"],
            options={
                "require": ["iss", "iat", "exp", "qsh"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
            },
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise BadToken(f"the token is not good: {error}") from error
    expiry = claims["exp"]
    if isinstance(expiry, bool) or not isinstance(expiry, int | float) or expiry + 30 < now.timestamp():
        raise BadToken("the token has expired")
    if claims["qsh"] != qsh(*request):
        raise BadToken("the query string hash does not fit the request")


# ---- the key that signs installations


@dataclass(frozen=True, slots=True)
class InstallKey:
    id: str
    private: rsa.RSAPrivateKey
    public: str


@functools.cache
def install_key() -> InstallKey:
    """The key pair of this process; made when it is first needed. Apps fetch the public half by its id."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return InstallKey(str(uuid.uuid5(uuid.NAMESPACE_URL, public.decode())), private, public.decode())
