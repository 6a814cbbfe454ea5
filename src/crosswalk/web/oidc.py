"""Talks to an OpenID Connect provider: finds its addresses, swaps a code for an ID token, and believes no token unread.

Authorization code flow with PKCE (RFC 7636), state and nonce: https://openid.net/specs/openid-connect-core-1_0.html.
PyJWT checks signatures and times; requests go through the same address check as those to Aha! and Jira.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import jwt
import structlog
from django.utils.crypto import constant_time_compare

from crosswalk.config import Oidc, Private
from crosswalk.errors import NotSignedIn, RemoteError, Unreachable, Unreadable
from crosswalk.remote.download import short
from crosswalk.remote.opening import open_http, to_do
from crosswalk.remote.request import parse
from crosswalk.remote.tls import context
from crosswalk.remote.transport import AddressRefusedError, Way
from crosswalk.store.roles import Role

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LARGEST: Final = 1_000_000  # bytes of an answer
LEEWAY: Final = 60  # seconds both clocks may differ

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Journey:
    """What was sent along and must come back: kept in the browser's signed cookie between both ends of a sign-in."""

    state: str
    nonce: str
    verifier: str
    next: str = ""
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider's discovery document says."""

    authorize: str
    token: str
    keys: str
    post_secret: bool


class Talk:
    """One conversation with the provider. Raises RemoteError, in words for the person who wants to sign in."""

    def __init__(self, settings: Oidc, *, allow_private: Private) -> None:
        self._settings = settings
        self._http = open_http(settings.issuer.rstrip("/"), {}, Way(context(""), allow_private))

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def provider(self) -> Provider:
        """Its addresses. A document of another issuer is not believed (OpenID Connect Discovery, 4.3)."""
        found = self._get(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._settings.issuer:
            raise Unreadable(
                f"{self._settings.name} calls itself {str(found.get('issuer'))[:100]}.",
                remedy="Write CROSSWALK_OIDC_ISSUER exactly so.",
            )
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        addresses = [str(found.get(name, "")) for name in names]
        for name, address in zip(names, addresses, strict=True):
            if urlsplit(address).scheme not in ("https", urlsplit(self._settings.issuer).scheme):
                raise Unreadable(f"{self._settings.name} names no safe {name}.", remedy="Ask who runs the provider.")
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        authorize, token, keys = addresses
        return Provider(authorize, token, keys, post_secret="client_secret_basic" not in methods)

    def claims(self, provider: Provider, code: str, journey: Journey, redirect: str) -> dict[str, Any]:
        """What the ID token says that `code` is swapped for, once it is proved to be meant for this sign-in."""
        client, secret = self._settings.client, self._settings.secret
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": journey.verifier,
        }
        headers = {}
        if provider.post_secret:
            form |= {"client_id": client, "client_secret": secret}
        else:  # RFC 6749, 2.3.1: both parts are form-encoded first
            pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        token = self._read("POST", provider.token, data=form, headers=headers).get("id_token")
        if not isinstance(token, str):
            raise Unreadable(f"{self._settings.name} gave no ID token.", remedy="Allow the scope “openid” there.")
        return self._verified(token, self._get(provider.keys), journey.nonce)

    def _verified(self, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        settings = self._settings
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            known = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
            fits = [key for key in known if kid is None or key.key_id == kid]
            if len(fits) != 1:
                raise jwt.InvalidKeyError("no key of that id")
            claims: dict[str, Any] = jwt.decode(
                token,
                fits[0],
                algorithms=list(ALGORITHMS),
                audience=settings.client,
                issuer=settings.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise self._unproven(str(error)) from error
        if not constant_time_compare(str(claims.get("nonce", "")), nonce):
            raise self._unproven("it belongs to another sign-in")
        audience = claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if (several or "azp" in claims) and claims.get("azp") != settings.client:
            raise self._unproven("it was made for another service")
        return claims

    def _unproven(self, why: str) -> NotSignedIn:
        return NotSignedIn(
            f"The ID token of {self._settings.name} can not be believed: {why}.",
            remedy="Try again. If it stays, compare issuer, client and clock of both.",
        )

    def _get(self, address: str) -> dict[str, Any]:
        return self._read("GET", address)

    def _read(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        name = self._settings.name
        try:
            with self._http.stream(method, address, **sent) as got:
                body = short(got, LARGEST) if got.is_success else b""
        except AddressRefusedError as error:
            log.error("provider not asked", why=str(error), remedy=to_do(error))
            raise Unreachable(  # whoever reads this is not signed in, so no address is told
                f"{name} is not asked: this installation may not connect to its address.",
                remedy="Tell whoever runs Crosswalk: its log says what to set. A password opens the door meanwhile.",
                code="N7",
            ) from error
        except httpx2.HTTPError as error:
            raise Unreachable(
                f"{name} does not answer: {str(error)[:200]}.", remedy="Try again, or sign in with a password."
            ) from error
        try:
            found = parse(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise _unhappy(name, got.status_code)
        return found


def _unhappy(name: str, status: int) -> RemoteError:
    """No body is quoted: it may hold what must not be shown."""
    return Unreadable(f"{name} answered with {status}.", remedy="Try again; else compare client and secret there.")


def address_of(provider: Provider, settings: Oidc, journey: Journey, redirect: str) -> str:
    """Where the browser goes to sign in at the provider."""
    digest = hashlib.sha256(journey.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": settings.client,
        "redirect_uri": redirect,
        "scope": "openid profile email",
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{provider.authorize}{'&' if '?' in provider.authorize else '?'}{urlencode(asked)}"


def role_in(claims: Mapping[str, Any], settings: Oidc) -> Role | None:
    """The highest role that a value of the claim gives; None where none does."""
    held = claims.get(settings.claim, ())
    several = held if isinstance(held, list | tuple) else (held,)
    values = {one for one in several if isinstance(one, str)}
    given = [Role(role) for value, role in settings.roles if value == "*" or value in values]
    return max(given, key=lambda role: role.rank, default=None)


def name_in(claims: Mapping[str, Any]) -> str:
    """What the person is called here at first."""
    return next((str(claims[key]) for key in ("preferred_username", "email") if claims.get(key)), str(claims["sub"]))
