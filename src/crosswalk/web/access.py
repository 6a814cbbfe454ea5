"""Which address needs which role: one table for pages and the JSON API. Pure; the middleware and the templates ask it.

An address without a line is closed to everybody: tests/web/test_access.py walks all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crosswalk.store.roles import Role

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_V, _E, _O = Role.VIEWER, Role.EDITOR, Role.OWNER


@dataclass(frozen=True, slots=True)
class Need:
    """The role that looking needs, the role that doing needs, and how the doing is called in a sentence."""

    look: Role
    do: Role = Role.OWNER
    doing: str = "This"

    def role(self, method: str) -> Role:
        """The role that a request with `method` needs."""
        return self.look if method in SAFE else self.do


CONNECT: Final = frozenset(
    {f"connect-{name}" for name in ("descriptor", "configure", "panel")}
    | {f"connect-{step}" for step in ("installed", "enabled", "disabled", "uninstalled")}
)
"""Addresses for a Jira that has installed the Connect app; a token of its own says who asks."""

OPEN: Final = frozenset({"setup", "login", "join", "oidc", "oidc-owner", "oidc-back", "api:openapi-json", *CONNECT})
"""Addresses for people who are not signed in."""

NEEDS: Final[dict[str, Need]] = {
    "home": Need(_V),
    "logout": Need(_V, _V, "Signing out"),
    "connections": Need(_V),
    "connection-new": Need(_O, _O, "Connecting an account"),
    "connection": Need(_V, _O, "Changing a connection"),
    "connection-check": Need(_E, _E, "Testing a connection"),
    "connection-remove": Need(_O, _O, "Removing a connection"),
    "grant-new": Need(_O, _O, "Connecting an account"),
    "grant-begin": Need(_O, _O, "Signing a connection in"),
    "grant-back": Need(_O, _O, "Signing a connection in"),
    "grant-site": Need(_O, _O, "Choosing the site of a connection"),
    "grant-app": Need(_O, _O, "Changing a connection"),
    "connect-sites": Need(_V),
    "connect-allow": Need(_O, _O, "Allowing a Jira site"),
    "integration-move": Need(_O, _O, "Moving an integration to another connection"),
    "integration-new": Need(_E, _E, "Making an integration"),
    "integration-making": Need(_E, _E, "Making an integration"),
    "integration": Need(_V),
    "integration-send": Need(_E, _E, "Sending records"),
    "integration-send-all": Need(_V, _E, "Sending records"),
    "integration-deletions": Need(_E, _E, "Answering about deletes"),
    "integration-sync": Need(_E, _E, "Starting a sync"),
    "integration-progress": Need(_V),
    "integration-settings": Need(_V, _E, "Changing the settings of an integration"),
    "integration-file": Need(_V, _E, "Changing a mapping"),
    "integration-file-text": Need(_V),
    "integration-enable": Need(_E, _E, "Enabling or pausing an integration"),
    "firewall": Need(_V),
    "integration-setup": Need(_V),
    "integration-hooks": Need(_V),
    "integration-test": Need(_E, _E, "Sending records"),
    "integration-hook": Need(_E, _E, "Registering a webhook"),
    "integration-load": Need(_E, _E, "Loading project data"),
    "integration-plan": Need(_V, _E, "Making a plan"),
    "integration-plan-file": Need(_V),
    "templates": Need(_V, _E, "Saving a template"),
    "template": Need(_V, _E, "Using a template"),
    "integration-match": Need(_V, _E, "Matching and linking records"),
    "integration-match-tick": Need(_E, _E, "Matching and linking records"),
    "integration-import": Need(_V, _E, "Importing issues"),
    "integration-import-take": Need(_E, _E, "Importing issues"),
    "integration-lone": Need(_V, _E, "Reading what is only in Jira"),
    "integration-lone-take": Need(_E, _E, "Importing issues"),
    "integration-settle": Need(_V, _E, "Saying who counts in linked records"),
    "integration-mapping": Need(_V, _E, "Changing a mapping"),
    "integration-sample": Need(_E, _E, "Looking at a record through a mapping"),
    "integration-change": Need(_E, _E, "Changing a mapping"),
    "integration-change-word": Need(_E, _E, "Changing a mapping"),
    "integration-undo": Need(_E, _E, "Changing a mapping"),
    "errand": Need(_V),
    "integration-people": Need(_V, _E, "Saying who is who"),
    "integration-people-say": Need(_E, _E, "Saying who is who"),
    "integration-people-file": Need(_V),
    "integration-people-upload": Need(_E, _E, "Saying who is who"),
    "integration-act": Need(_E, _E, "Pausing, ignoring or looking at records"),
    "integration-unlink": Need(_E, _E, "Unlinking records"),
    "integration-link": Need(_E, _E, "Linking a record"),
    "record-act": Need(_E, _E, "Pausing, ignoring or linking a record"),
    "conflicts": Need(_V),
    "integration-conflicts": Need(_V, _E, "Deciding a conflict"),
    "conflict-answer": Need(_E, _E, "Deciding a conflict"),
    "record": Need(_V),
    "record-compare": Need(_V),
    "record-status": Need(_V),
    "record-retry": Need(_E, _E, "Looking at a record again"),
    "record-add-option": Need(_E, _E, "Adding an option"),
    "record-undo": Need(_E, _E, "Undoing a run"),
    "record-put-back": Need(_E, _E, "Putting a value back"),
    "log": Need(_V),
    "log-lines": Need(_V),
    "log-file": Need(_V),
    "log-requests": Need(_V),
    "log-retry": Need(_E, _E, "Looking at records again"),
    "record-why": Need(_V),
    "help-index": Need(_V),
    "help": Need(_V),
    "accounts": Need(_V, _O, "Changing who may sign in"),
    "account-invite": Need(_O, _O, "Inviting somebody"),
    "account-change": Need(_O, _O, "Changing who may sign in"),
    "account-withdraw": Need(_O, _O, "Withdrawing an invitation"),
    "acts": Need(_V),
    "acts-file": Need(_V),
    "me": Need(_V, _V, "Changing your own account"),
    "me-password": Need(_V, _V, "Changing your password"),
    "me-token": Need(_V, _V, "Making an API token"),
    "me-token-revoke": Need(_V, _V, "Revoking an API token"),
    "me-sign-out": Need(_V, _V, "Signing out everywhere"),
}

# The JSON API: a token's role counts, see api/doors.py.
NEEDS.update(
    {
        "api:me": Need(_V),
        "api:connections": Need(_V),
        "api:check": Need(_E, _E, "Testing a connection"),
        "api:log": Need(_V),
        "api:apply": Need(_E, _E, "Applying a file"),
        "api:applying": Need(_V),
        "api:integrations": Need(_V),
        "api:integration": Need(_V),
        "api:health": Need(_V),
        "api:records": Need(_V),
        "api:send": Need(_E, _E, "Sending records"),
        "api:plan": Need(_V, _V, "Making a plan"),
        "api:sync": Need(_E, _E, "Starting a sync"),
        "api:enabled": Need(_E, _E, "Enabling or pausing an integration"),
        "api:load": Need(_E, _E, "Loading project data"),
        "api:export": Need(_V),
        "api:people": Need(_V, _E, "Saying who is who"),
        "api:record": Need(_V),
        "api:explain": Need(_V),
        "api:retry": Need(_E, _E, "Looking at a record again"),
        "api:put_back": Need(_E, _E, "Putting a value back"),
        "api:put_back_planned": Need(_V, _E, "Putting a value back"),
        "api:undo": Need(_V, _E, "Undoing a run"),
        "api:conflicts": Need(_V),
        "api:settle": Need(_E, _E, "Deciding a conflict"),
        "api:deletions": Need(_V, _E, "Answering about deletes"),
        "api:mapping": Need(_V, _E, "Changing a mapping"),
        "api:check_mapping": Need(_V, _V, "Checking a mapping"),
        "api:mapping_change": Need(_V, _E, "Deciding about a change of a mapping"),
        "api:link": Need(_V, _E, "Linking a record"),
        "api:hold": Need(_E, _E, "Pausing, ignoring or linking a record"),
        "api:lone": Need(_V, _E, "Reading what is only in Jira"),
        "api:hooks": Need(_V, _E, "Registering a webhook"),
        "api:aha_record": Need(_V),
        "api:aha_send": Need(_E, _E, "Sending records"),
    }
)

INSIDE: Final = frozenset({"api:me", "api:aha_record", "api:aha_send"})
"""What pages of a connected Aha! account may ask for, and all that a token of a sender opens."""


def may(role: Role, name: str) -> bool:
    """Whether `role` may do what the address called `name` does."""
    need = NEEDS.get(name)
    return need is not None and role.covers(need.do)


def why_not(role: Role, name: str, method: str = "POST") -> str:
    """Why `role` may not use the address called `name`, as a sentence; empty where it may."""
    need = NEEDS.get(name)
    if need is None:
        return "This address has no rule that says who may use it, so nobody may."
    wanted = need.role(method)
    if role.covers(wanted):
        return ""
    return f"{need.doing} needs the role {wanted}; yours is {role}."
