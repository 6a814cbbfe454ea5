"""Aha! by OAuth 2.0: where an account lets an app in (https://www.aha.io/api/oauth2). There are no scopes."""

from __future__ import annotations

from typing import Any

from crosswalk.aha import wire_errors
from crosswalk.errors import NotSignedIn, Said
from crosswalk.remote import oauth
from crosswalk.remote.budget import Budget
from crosswalk.remote.client import Account, Client, Surroundings, connect
from crosswalk.remote.opening import Sign
from crosswalk.remote.request import Answer, Request


def host(address: str) -> oauth.Host:
    """The authorisation server of the account at `address`."""
    return oauth.Host("Aha!", f"{address}/oauth/authorize", f"{address}/oauth/token")


def open_client(account: Account, sign: Sign, budget: Budget, surroundings: Surroundings) -> Client:
    """A client for the account at `account.address`; each request is signed with the token of that moment."""
    return connect(account, {}, understand, budget, surroundings, sign)


def understand(request: Request, answer: Answer) -> Any:
    """As with an API key, but that a refused token is mended by signing in again."""
    try:
        return wire_errors.understand(request, answer)
    except NotSignedIn as error:
        raise NotSignedIn(
            "Aha! does not accept the sign-in any more: consent was withdrawn, or the user is disabled.",
            remedy="Open the connection and press Sign in again; what waited goes on by itself.",
            code="O1",
            call=error.call,
            answer=Said(error.status, error.said, error.request_id),
        ) from error
