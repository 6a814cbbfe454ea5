"""Signs in to a Jira Cloud site as its Connect app, and fetches the keys that sign installations.

Decides nothing about what is sent; tokens are made and checked in connect_jwt.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from crosswalk.config import Private
from crosswalk.errors import NotSignedIn, Refused, Untrusted
from crosswalk.jira import connect_jwt
from crosswalk.jira.connect_jwt import BadToken, Call
from crosswalk.jira.wire_errors import understand
from crosswalk.remote.budget import Budget
from crosswalk.remote.client import Account, Client, Surroundings, connect
from crosswalk.remote.download import short
from crosswalk.remote.opening import Sign, open_http, transport_error
from crosswalk.remote.request import Request
from crosswalk.remote.transport import Way

LARGEST_KEY = 16 * 1024
KEPT_KEYS = 32


@dataclass(frozen=True, slots=True)
class App:
    """How we sign in as an app: its key, the secret shared with the site, and why the site may not be asked ("")."""

    key: str
    secret: str = field(repr=False)
    barred: str = ""


def open_client(account: Account, app: App, budget: Budget, surroundings: Surroundings) -> Client:
    """A client for the site of `account`: the same as with a token, but that each request is signed by itself."""
    sign = signer(account.address, app, surroundings.now)
    return connect(account, {}, understand, budget, surroundings, sign)


def signer(address: str, app: App, now: Callable[[], float]) -> Sign:
    """Signs requests to the site at `address`. Signing raises NotSignedIn while the site may not be asked."""

    def sign(method: str, path: str, query: str) -> dict[str, str]:
        if app.barred or not app.secret:
            raise NotSignedIn(
                app.barred or "The Connect app is not installed in the Jira site.",
                remedy="See Connections > Jira via Connect for what to do; everything goes on by itself afterwards.",
                code="C6",
            )
        call = Call(method, connect_jwt.below(address, path), query)
        return {"Authorization": f"JWT {connect_jwt.signed(app.key, app.secret, call, now())}"}

    return sign


class KeyHost:
    """Where Atlassian publishes the public halves of its keys, by id. A key never changes, so it is asked for once.

    https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/
    """

    def __init__(self, address: str, *, allow_private: Private) -> None:
        self._address, self._allow_private = address, allow_private
        self._kept: dict[str, str] = {}
        self._lock = threading.Lock()

    def key(self, kid: str) -> str:
        """The public key with this id, as PEM. Raises BadToken for an unknown one, Refused where it can not be had."""
        found = self._kept.get(kid)
        if found is None:
            found = self._fetch(kid)
            with self._lock:
                if len(self._kept) >= KEPT_KEYS:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[kid] = found
        return found

    def _fetch(self, kid: str) -> str:
        request = Request("GET", f"/{kid}", about="fetch the key that signed an installation")
        try:
            with (
                open_http(self._address, {"Accept": "*/*"}, Way(allow_private=self._allow_private)) as http,
                http.stream("GET", request.path, timeout=10.0) as answer,
            ):
                text = short(answer, LARGEST_KEY).decode("ascii", "replace") if answer.status_code == 200 else ""
        except httpx2.RequestError as error:
            why = transport_error(error, request, self._address)
            said = f"The key that signed the installation could not be fetched. {why.message}"
            raise _no_key(said, why.remedy if isinstance(why, Untrusted) else REACH) from error
        if answer.status_code in (403, 404):  # the real host answers 403 for a key it does not have
            raise BadToken(
                f"The key host {self._address} knows no key “{kid}”, so the installation is not Atlassian's.",
                remedy="Install the app from Jira itself; see that CROSSWALK_CONNECT_KEYS is right.",
                code="C2",
            )
        if "-----BEGIN PUBLIC KEY-----" not in text:
            raise _no_key(f"The key host {self._address} answered {answer.status_code} and no public key.")
        return text


REACH = "Let Crosswalk's machine reach that host by https."


def _no_key(message: str, remedy: str = REACH) -> Refused:
    return Refused(message, remedy=f"{remedy} Then install the app again.", code="C1")
