"""The tokens of Atlassian Connect: the query string hash, signing, checking. Pure: no clock, no network, no store.

Facts: https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/ and
https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/. Installing and uninstalling is signed by
Atlassian with a key pair (RS256); everything else, both ways, with the secret that installing brought (HS256). Each
check names the one algorithm it takes, so that neither can stand in for the other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, unquote_plus, urlsplit

import jwt

from crosswalk.errors import Refused

LIFE = 180
"""Seconds a token of ours is good for, as long as Jira's own."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""
LONGEST = 8192
"""Characters of a token that are looked at; Jira's have a few hundred."""
CONTEXT = "context-qsh"
"""What stands for the hash in a token that a page inside Jira asked its host for: it is for no one request."""

Claims: TypeAlias = Mapping[str, Any]
_KID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Call:
    """What a token goes with: method, path below the base address of whoever is asked, raw query."""

    method: str
    path: str
    query: str = ""


class BadToken(Refused):
    """A token that is not accepted. The message says why, the remedy what a person can do about it."""


# ---- the query string hash


def canonical(call: Call) -> str:
    """The canonical request: method, path and sorted query, joined by "&"."""
    path = call.path.rstrip("/").replace("&", "%26") or "/"
    values: dict[str, list[str]] = {}
    for part in filter(None, call.query.split("&")):
        name, _, value = part.partition("=")
        if (plain := unquote_plus(name)) != "jwt":
            values.setdefault(plain, []).append(unquote_plus(value))
    pairs = (f"{_encoded(name)}={','.join(map(_encoded, sorted(values[name])))}" for name in sorted(values))
    return f"{call.method.upper()}&{path if path.startswith('/') else f'/{path}'}&{'&'.join(pairs)}"


def qsh(call: Call) -> str:
    """The hash of the canonical request: the claim that ties a token to one request."""
    return hashlib.sha256(canonical(call).encode("utf-8", "surrogatepass")).hexdigest()


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogatepass")


def below(base: str, path: str) -> str:
    """`path` below the path of the address `base`, as the hash wants it."""
    prefix = urlsplit(base).path.rstrip("/")
    return path[len(prefix) :] if prefix and (path == prefix or path.startswith(f"{prefix}/")) else path


# ---- signing


def signed(app: str, secret: str, call: Call, now: float) -> str:
    """A token of the app `app` for one request to a site."""
    at = int(now)
    return jwt.encode({"iss": app, "iat": at, "exp": at + LIFE, "qsh": qsh(call)}, secret, "HS256")


# ---- reading, before anything is proved


def token_of(authorization: str, query: Mapping[str, str]) -> str:
    """The token of a request: `Authorization: JWT ...`, else the parameter `jwt`. Raises BadToken for neither."""
    scheme, _, given = authorization.strip().partition(" ")
    token = given.strip() if scheme.lower() == "jwt" else query.get("jwt", "")
    if not token:
        raise BadToken("The call carries no token of Jira's.", remedy=_OPEN, code="C2")
    if len(token) > LONGEST:
        raise BadToken(f"The call's token is longer than {LONGEST} characters.", remedy=_OPEN, code="C2")
    return token


def issuer(token: str) -> str:
    """Who says to have signed `token`: a site's client key. Raises BadToken."""
    found = _unproved(token).get("iss")
    if not isinstance(found, str) or not 0 < len(found) <= 200 or not found.isprintable():
        raise BadToken("The token names no issuer.", remedy=_OPEN, code="C2")
    return found


def key_id(token: str) -> str:
    """The id of the key that signed an installation. Raises BadToken for another algorithm, or an id that is none."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _unreadable() from None
    if header.get("alg") != "RS256":
        said = f"“{str(header.get('alg'))[:20]}” instead of RS256"
        raise BadToken(f"The installation is signed by {said}, so it is not Atlassian's.", remedy=_SIGNED, code="C2")
    found = header.get("kid")
    if not isinstance(found, str) or not _KID.fullmatch(found):
        raise BadToken("The signature names no key (kid) of Atlassian's.", remedy=_SIGNED, code="C2")
    return found


def _unproved(token: str) -> Claims:
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _unreadable() from None
    return claims if isinstance(claims, dict) else {}


def _unreadable() -> BadToken:
    return BadToken("The token can not be read.", remedy=_OPEN, code="C2")


# ---- checking


def check(token: str, secret: str, now: float) -> Claims:
    """The claims of a token that a site signed with `secret`, still good at `now`. Raises BadToken.

    What it is for is not looked at: see `for_request` and `for_context`.
    """
    return _proved(token, secret, "HS256", now)


def check_install(token: str, key: str, base: str, call: Call, now: float) -> Claims:
    """The claims of a token that Atlassian signed with the key pair whose public half (PEM) is `key`.

    It must be meant for the app at `base`, and for this very call. Raises BadToken.
    """
    claims = _proved(token, key, "RS256", now)
    meant = [one.rstrip("/") for one in _texts(claims.get("aud"))]
    if base.rstrip("/") not in meant:
        raise BadToken(
            f"The call is meant for an app at {', '.join(meant)[:200] or 'no address'}, and this is {base}.",
            remedy="Set CROSSWALK_URL to the address from which Jira fetches the descriptor, then install again.",
            code="C3",
        )
    for_request(claims, call)
    return claims


def for_request(claims: Claims, call: Call) -> None:
    """Raises BadToken where the token belongs to another request."""
    if not _same(claims.get("qsh"), qsh(call)):
        raise BadToken(
            "The token belongs to another request: its query string hash (qsh) does not fit.",
            remedy="See that no proxy before Crosswalk changes the path or the query of requests.",
            code="C5",
        )


def for_context(claims: Claims) -> None:
    """Raises BadToken where this is no token of a page inside Jira."""
    if not _same(claims.get("qsh"), CONTEXT):
        raise BadToken("This is no token of a page inside Jira.", remedy=_OPEN, code="C5")


def _proved(token: str, key: str, algorithm: str, now: float) -> Claims:
    """The claims where the signature is good by this one algorithm. Time is the caller's, so it is compared here."""
    try:
        claims: Claims = jwt.decode(token, key, [algorithm], options=_OPTIONS)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        why = "is missing a claim" if isinstance(error, jwt.MissingRequiredClaimError) else "is not good"
        raise BadToken(
            f"The token {why} ({type(error).__name__}).", remedy=_SIGNED if algorithm == "RS256" else _OPEN, code="C2"
        ) from None
    until, since = _number(claims.get("exp")), _number(claims.get("iat"))
    if until is None or since is None:
        raise _unreadable()
    if until + LEEWAY < now:
        raise BadToken("The token has expired.", remedy=_CLOCK, code="C4")
    if since - LEEWAY > now:
        raise BadToken("The token is from the future.", remedy=_CLOCK, code="C4")
    return claims


_OPTIONS: Any = {
    "require": ["iss", "iat", "exp", "qsh"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
_OPEN = "Open the page from Jira again. If that does not help, install the app again."
_SIGNED = "Install the app from Jira again; if it goes on, see that CROSSWALK_CONNECT_KEYS is Atlassian's key host."
_CLOCK = "Set the clock of the machine Crosswalk runs on, then try again."


def _number(value: object) -> float | None:
    """`value` as seconds; None for what is none: also for numbers that no clock shows."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if good and isinstance(value, int | float) else None


def _texts(value: object) -> Sequence[str]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str)]


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
