"""Jira Cloud by OAuth 2.0 (3LO): what an app asks for, where, and which sites a consent opens.

https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosswalk.jira.wire_errors import understand
from crosswalk.remote import oauth
from crosswalk.remote.address import checked_base
from crosswalk.remote.budget import Budget
from crosswalk.remote.checkup import Problem
from crosswalk.remote.client import Account, Client, Surroundings, connect
from crosswalk.remote.opening import Sign
from crosswalk.remote.transport import Way

WITHOUT: Mapping[str, str] = {
    "read:jira-work": "nothing of a project is read",
    "write:jira-work": "no issue is made or changed",
    "read:jira-user": "people are not found",
    "manage:jira-project": "no version is made, and no field put on a screen",
    "manage:jira-configuration": "the field “Aha! Reference” is not made",
    "manage:jira-webhook": "no webhook is registered",
    "write:issue:jira-software": "the order of issues is not carried",
    "read:board-scope:jira-software": "boards are not read",
    "read:project:jira": "boards are not read",
}
"""The scopes that Crosswalk's operations need, as the official documents list them, and what a consent without one of
them means. Those with three parts are what the console calls granular: boards and ranks have no other."""
SCOPES = (*WITHOUT, "offline_access")
"""What an app is told to ask for; the last one asks for refresh tokens."""
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


def lacking(granted: str) -> tuple[Problem, ...]:
    """What a consent lacks, whose scopes the server gave as `granted`; nothing where it gave none."""
    given = granted.split()
    without: dict[str, list[str]] = {}
    for scope, words in WITHOUT.items():
        if given and scope not in given:
            without.setdefault(words, []).append(scope)
    return tuple(
        Problem(
            f"The consent lacks {' and '.join(scopes)}: {words}.",
            "Add what is missing to the app's permissions in Atlassian's developer console, then press Sign in again.",
            "O3",
        )
        for words, scopes in without.items()
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
