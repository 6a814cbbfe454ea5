"""OAuth 2.0 as a client: where a person consents, and what becomes of codes and refresh tokens.

Authorization code flow (RFC 6749, 4.1) with PKCE (RFC 7636). Knows no product, keeps nothing, and repeats nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from crosswalk.errors import NotSignedIn, RemoteError, ServerFault, TooMany, Unreadable
from crosswalk.remote.download import short
from crosswalk.remote.opening import open_http, transport_error
from crosswalk.remote.request import Answer, Request, parse, wait_of
from crosswalk.remote.transport import Way

LARGEST = 256 * 1024  # bytes of an answer
LONGEST = 10 * 365 * 86_400  # seconds: what is to live longer does not end while anybody knows of it
PATIENCE = httpx2.Timeout(15.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Host:
    """An authorisation server: `consent` is where a person lets us in, `token` where codes become tokens.

    `also` goes along to the first; `json` says that the second reads JSON, else it reads a form (RFC 6749, 4.1.3).
    """

    name: str
    consent: str
    token: str
    scopes: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    json: bool = False


@dataclass(frozen=True, slots=True)
class App:
    """Our app there: its id, its secret, and the address people are sent back to."""

    id: str
    secret: str = field(repr=False)
    back: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the server gave. `seconds` is how long `access` lives (None: it does not end); `refresh` is "" where there
    is none; `scopes` is "" where the server does not say."""

    access: str = field(repr=False)
    refresh: str = field(repr=False, default="")
    seconds: float | None = None
    scopes: str = ""


def consent_address(host: Host, app: App, state: str, verifier: str) -> str:
    """Where the person's browser goes to let us in."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        **dict(host.also),
        "client_id": app.id,
        **({"scope": " ".join(host.scopes)} if host.scopes else {}),
        "redirect_uri": app.back,
        "state": state,
        "response_type": "code",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{host.consent}?{urlencode(asked)}"


def exchange(host: Host, app: App, code: str, verifier: str, way: Way) -> Tokens:
    """The tokens that a code stands for. Raises NotSignedIn for a code or an app that is not accepted."""
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": app.back, "code_verifier": verifier}
    return _ask(host, app, given, way)


def renew(host: Host, app: App, refresh: str, way: Way) -> Tokens:
    """New tokens for a refresh token. Raises NotSignedIn where that is not accepted any more."""
    return _ask(host, app, {"grant_type": "refresh_token", "refresh_token": refresh}, way)


def read_list(address: str, path: str, access: str, way: Way) -> Sequence[Mapping[str, Any]]:
    """The objects of a list that the token may read at a host beside the API, such as the sites it opens."""
    request = Request("GET", path, about="what the consent opens")
    answer = _send(address, request, way, {"Authorization": f"Bearer {access}"}, {})
    try:
        found = parse(answer.body) if answer.status == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise _unhappy(f"{urlsplit(address).netloc} did not say what the consent opens", request, answer)
    return [one for one in found if isinstance(one, dict)]


def _ask(host: Host, app: App, given: Mapping[str, str], way: Way) -> Tokens:
    base = host.token.rpartition("/oauth/")[0]
    request = Request("POST", host.token.removeprefix(base), repeatable=False, about="tokens")
    whole = {**given, "client_id": app.id, "client_secret": app.secret}
    answer = _send(base, request, way, {}, {"json": whole} if host.json else {"data": whole})
    try:
        told = parse(answer.body)
    except ValueError:
        told = None
    said = told if isinstance(told, dict) else {}
    if answer.status >= 400 or not isinstance(said.get("access_token"), str):
        raise _refusal(host, request, answer, str(said.get("error") or "")[:60])
    seconds = said.get("expires_in")
    return Tokens(
        said["access_token"],
        str(said.get("refresh_token") or ""),
        float(min(seconds, LONGEST)) if isinstance(seconds, int | float) and seconds > 0 else None,
        str(said.get("scope") or ""),
    )


def _send(base: str, request: Request, way: Way, headers: Mapping[str, str], body: Mapping[str, Any]) -> Answer:
    """Sent once, with its own short patience. A body of more than LARGEST bytes is not read to its end."""
    try:
        with (
            open_http(base, headers, way) as http,
            http.stream(request.method, request.path, timeout=PATIENCE, **body) as got,
        ):
            headers = {name.lower(): value for name, value in got.headers.items()}
            return Answer(got.status_code, headers, short(got, LARGEST))
    except httpx2.RequestError as error:
        raise transport_error(error, request, urlsplit(base).netloc) from error


def _refusal(host: Host, request: Request, answer: Answer, error: str) -> RemoteError:
    """Why there are no tokens. Of the body only the error's own short name is said: the rest may hold secrets.

    RFC 6749, 5.2; Atlassian answers 403 `invalid_grant` to a refresh token that is not good any more
    (https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/).
    """
    if error in ("invalid_client", "unauthorized_client", "access_denied"):
        return NotSignedIn(
            f"{host.name} does not know the app by this client id and secret ({error}).",
            remedy="Copy both once more from the app's settings, save them, and sign in again.",
            code="O2",
            call=request.call,
        )
    if error == "invalid_grant":
        return NotSignedIn(
            f"{host.name} does not accept the sign-in any more ({error}).",
            remedy="Open the connection and press Sign in again.",
            code="O1",
            call=request.call,
        )
    return _unhappy(f"{host.name} gave no tokens{f' ({error})' if error else ''}", request, answer)


def _unhappy(what: str, request: Request, answer: Answer) -> RemoteError:
    text = f"{what}: it answered with status {answer.status}."
    if answer.status == 429:
        return TooMany(text, wait=wait_of(answer), call=request.call)
    if answer.status >= 500:
        return ServerFault(text, remedy="Nothing to do: it is tried again.", call=request.call)
    remedy = "Compare the app's callback address, scopes, client id and secret with those shown here."
    return Unreadable(text, remedy=remedy, code="O2", call=request.call)
