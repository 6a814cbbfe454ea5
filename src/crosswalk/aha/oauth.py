"""Aha! by OAuth 2.0: where an account lets an app in (https://www.aha.io/api/oauth2). There are no scopes."""

from __future__ import annotations

from crosswalk.aha.wire_errors import understand
from crosswalk.remote import oauth
from crosswalk.remote.budget import Budget
from crosswalk.remote.client import Account, Client, Surroundings, connect
from crosswalk.remote.opening import Sign


def host(address: str) -> oauth.Host:
    """The authorisation server of the account at `address`."""
    return oauth.Host("Aha!", f"{address}/oauth/authorize", f"{address}/oauth/token")


def open_client(account: Account, sign: Sign, budget: Budget, surroundings: Surroundings) -> Client:
    """A client for the account at `account.address`; each request is signed with the token of that moment."""
    return connect(account, {}, understand, budget, surroundings, sign)
