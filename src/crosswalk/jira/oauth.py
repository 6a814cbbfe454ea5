"""Jira Cloud by OAuth 2.0 (3LO): what an app asks for, where, and which sites a consent opens.

https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
"""

from __future__ import annotations

from dataclasses import dataclass

from crosswalk.jira.wire_errors import understand
from crosswalk.remote import oauth
from crosswalk.remote.address import checked_base
from crosswalk.remote.budget import Budget
from crosswalk.remote.client import Account, Client, Surroundings, connect
from crosswalk.remote.opening import Sign, Way

SCOPES = (
    *("read:jira-work", "write:jira-work", "read:jira-user"),
    *("manage:jira-project", "manage:jira-configuration", "manage:jira-webhook"),
    "write:issue:jira-software",
    "offline_access",
)
"""What Crosswalk's operations need, as the official documents list it; the last one asks for refresh tokens.

`manage:jira-project` makes versions and puts a field on a screen, `manage:jira-configuration` makes that field,
`write:issue:jira-software` ranks.
"""
NEEDED = ("read:jira-work", "write:jira-work")


@dataclass(frozen=True, slots=True)
class Site:
    """A Jira Cloud site that a consent opens."""

    id: str
    name: str
    address: str


def host(auth: str) -> oauth.Host:
    """Atlassian's authorisation server, at `auth`."""
    return oauth.Host(
        "Atlassian",
        f"{auth}/authorize",
        f"{auth}/oauth/token",
        SCOPES,
        also=(("audience", "api.atlassian.com"), ("prompt", "consent")),
        json=True,
    )


def sites(api: str, access: str, way: Way) -> tuple[Site, ...]:
    """The Jira sites that the token opens; other products' sites carry none of Jira's scopes."""
    found = oauth.read_list(api, "/oauth/token/accessible-resources", access, way)
    opened: dict[str, Site] = {}
    for one in found:
        scopes = one.get("scopes")
        if isinstance(scopes, list) and all(scope in scopes for scope in NEEDED) and one.get("id"):
            key = str(one["id"])
            opened[key] = Site(key, str(one.get("name") or key), str(one.get("url") or "").rstrip("/"))
    return tuple(opened.values())


def address(api: str, site: str) -> str:
    """Where the API of a site is reached with an OAuth token. Raises Refused for an id that no site has."""
    return checked_base(f"{api}/ex/jira/{site}")


def open_client(account: Account, sign: Sign, budget: Budget, surroundings: Surroundings) -> Client:
    """A client for the gateway address of a site; each request is signed by itself, with the token of that moment."""
    return connect(account, {}, understand, budget, surroundings, sign)
