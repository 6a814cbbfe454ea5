"""Where hooks go, and the apps that ask for them. Knows no HTTP, no JSON shape and no flavour.

Document: https://developer.atlassian.com/cloud/jira/platform/webhooks/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Subscription:
    """Where hooks go. `events` are those it asks for, `every` one for the sandbox's own; `jql` filters the events it
    can filter.

    `kind` is admin (set by an administrator), dynamic (registered by an app over REST, expires) or connect (declared in
    an app's descriptor); `app` is the key of the app the last two belong to. `fields` and `property_keys` narrow
    jira:issue_updated and issue_property_*; None is no narrowing.
    """

    id: int
    name: str
    url: str
    events: list[str] = field(default_factory=list)
    jql: str = ""
    exclude_body: bool = False
    secret: str = ""
    enabled: bool = True
    by: str = ""
    at: datetime | None = None
    kind: str = "admin"
    app: str = ""
    fields: list[str] | None = None
    property_keys: list[str] | None = None
    expires: datetime | None = None
    verify: bool = True
    made: datetime | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a Connect app asks to be indexed of a property of issues: where it is, of which type, its name in JQL."""

    key: str
    path: str
    type: str
    alias: str


@dataclass(slots=True)
class App:
    """A Connect app that is installed, or an OAuth 2.0 app that a person let in. `person` acts for a Connect app, and
    is the one who let an OAuth app in.

    `secret` is a Connect app's shared secret, an OAuth app's client secret. `client_key` names this site to a
    Connect app; `modules` are its pages by key, each with its address and whether administrators alone are led there;
    `token` is an OAuth app's access token; `rights` is what its scopes give a Connect app in
    every project.
    """

    key: str
    kind: str
    name: str
    person: str
    secret: str
    client_key: str = ""
    base_url: str = ""
    token: str = ""
    enabled: bool = True
    scopes: list[str] = field(default_factory=list)
    rights: frozenset[str] = frozenset()
    lifecycle: dict[str, str] = field(default_factory=dict)
    modules: dict[str, tuple[str, bool]] = field(default_factory=dict)
    extractions: list[Extraction] = field(default_factory=list)
