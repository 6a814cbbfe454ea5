"""What a stand-in Jira holds: people, projects, fields, issues and their parts. Knows no HTTP, no JSON shape and no
flavour.

A value of an issue is kept in plain Python: ids of versions, people by their key, `Rich` for long text. Ids are numeric
strings that grow from 10000, one counter per kind, so the same requests give the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crosswalk_sandbox.jira.directory import Actors

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rich:
    """Long text in both of Jira's formats: what was written, and the other one made from it. `adf` is a
    document node. A change that only one of them shows (a picture) is a change."""

    wiki: str
    adf: Json = field(hash=False)


Value = str | float | int | bool | None | Rich | list[str]


@dataclass(slots=True)
class Person:
    """An account. `key` and `name` exist on Data Center, `account_id` on Cloud; `email_hidden` is Cloud's privacy
    setting, `app` the account that acts for an app. `viewed` says which issue was looked at when, the last one
    last."""

    key: str
    name: str
    account_id: str
    display_name: str
    email: str
    zone: str = "Europe/Berlin"
    email_hidden: bool = False
    active: bool = True
    admin: bool = False
    app: bool = False
    viewed: dict[str, datetime] = field(default_factory=dict)

    def views(self, issue: str, now: datetime) -> None:
        """Remember that the person looked at an issue, the last one last."""
        self.viewed.pop(issue, None)
        self.viewed[issue] = now


@dataclass(slots=True)
class Category:
    """A status category. `key` is new, indeterminate or done."""

    id: int
    key: str
    color: str
    name: str


@dataclass(slots=True)
class Status:
    id: str
    name: str
    category: Category
    description: str = ""
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Validator:
    """A check when a transition is made. `kind` is field (the field has a value) or permission (the person holds it);
    `message` is what refuses."""

    kind: str
    argument: str
    message: str


@dataclass(slots=True)
class Transition:
    """A way to a status. `sources` are status ids, empty for a global transition; `screen` lists field ids, `required`
    some of them. A condition is a kind and its argument, see workflow.py."""

    id: str
    name: str
    to: str
    sources: tuple[str, ...] = ()
    screen: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    sets_resolution: str | None = None
    conditions: tuple[tuple[str, str], ...] = ()
    validators: tuple[Validator, ...] = ()


@dataclass(slots=True)
class IssueType:
    id: str
    name: str
    level: int
    description: str = ""
    avatar: int = 10300
    scope: str | None = None

    @property
    def subtask(self) -> bool:
        return self.level < 0


@dataclass(slots=True)
class Named:
    """A priority, a resolution or an option of a field."""

    id: str
    name: str
    description: str = ""


@dataclass(slots=True)
class Field:
    """A field's definition. `kind` names the codec (see values.py); `types` are issue type ids it exists for, None for
    all.

    `custom` is the full type key of a custom field, e.g. `com.atlassian.jira.plugin.system.customfieldtypes:url`.
    """

    id: str
    name: str
    kind: str
    schema: str
    items: str = ""
    custom: str = ""
    options: list[Named] = field(default_factory=list)
    types: frozenset[str] | None = None
    orderable: bool = True
    searchable: bool = True
    navigable: bool = True
    description: str = ""
    locked: bool = False
    scope: str | None = None
    searcher: str = ""


@dataclass(slots=True)
class Context:
    """Where a custom field exists, and with which options. Empty `projects` and `types` mean all of them."""

    id: str
    name: str
    description: str = ""
    projects: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    disabled: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Screen:
    id: str
    name: str
    fields: list[str]


@dataclass(frozen=True, slots=True)
class SecurityLevel:
    """Who sees an issue of this level: the people named, and its reporter or assignee where so set."""

    id: str
    name: str
    description: str = ""
    people: frozenset[str] = frozenset()
    reporter: bool = False
    assignee: bool = False


@dataclass(slots=True)
class Version:
    id: str
    project: str
    name: str
    description: str = ""
    archived: bool = False
    released: bool = False
    start: str | None = None
    release: str | None = None


@dataclass(slots=True)
class Component:
    id: str
    project: str
    name: str
    description: str = ""
    lead: str | None = None
    assignee_type: str = "PROJECT_DEFAULT"


@dataclass(slots=True)
class Project:
    """`grants` maps a person's key to permission keys (BROWSE_PROJECTS ...); `screens` maps (issue type id,
    "create"|"edit") to a screen id; `levels` are the security levels of its scheme; `scheme` is the id
    of its permission scheme."""

    id: str
    key: str
    name: str
    lead: str
    types: list[str]
    description: str = ""
    style: str = "classic"
    grants: dict[str, set[str]] = field(default_factory=dict)
    screens: dict[tuple[str, str], str] = field(default_factory=dict)
    required: set[str] = field(default_factory=lambda: {"summary"})
    transitions: list[Transition] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    last_number: int = 0
    levels: list[str] = field(default_factory=list)
    scheme: int = 0
    former: list[str] = field(default_factory=list)
    category: str | None = None
    url: str = ""
    assignee_type: str = "UNASSIGNED"
    actors: dict[str, Actors] = field(default_factory=dict)
    ended: Ended | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """That a project or an issue is archived, or a project in the bin until a day; by whom and when."""

    how: str
    by: str
    at: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Comment:
    id: str
    author: str
    editor: str
    body: Rich
    created: datetime
    updated: datetime
    visibility: Json | None = None


@dataclass(slots=True)
class Worklog:
    id: str
    author: str
    editor: str
    comment: Rich | None
    started: datetime
    seconds: int
    created: datetime
    updated: datetime
    visibility: Json | None = None


@dataclass(slots=True)
class Attachment:
    id: str
    issue: str
    filename: str
    media: str
    data: bytes
    author: str
    created: datetime


@dataclass(slots=True)
class LinkType:
    id: str
    name: str
    inward: str
    outward: str


@dataclass(slots=True)
class Link:
    """`source` blocks `target` in a Blocks link: the source is the inward issue of the request."""

    id: str
    type: str
    source: str
    target: str


@dataclass(slots=True)
class RemoteLink:
    id: int
    global_id: str | None
    relationship: str | None
    application: Json
    object: Json


@dataclass(frozen=True, slots=True)
class Item:
    """One changed field of a change, as the changelog shows it. `from_id`/`to_id` are ids or None."""

    field: str
    field_id: str
    from_id: str | None
    from_text: str | None
    to_id: str | None
    to_text: str | None
    custom: bool = False


@dataclass(slots=True)
class Change:
    id: str
    author: str
    at: datetime
    items: list[Item]
    reason: Json = field(default_factory=dict)


@dataclass(slots=True)
class Issue:
    """`values` holds every settable field by field id; `past` the last states, for a lagging index and stale reads."""

    id: str
    key: str
    project: str
    type: str
    status: str
    creator: str
    created: datetime
    updated: datetime
    rank: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    spent: int = 0
    resolved: datetime | None = None
    comments: list[Comment] = field(default_factory=list)
    worklogs: list[Worklog] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    remote_links: list[RemoteLink] = field(default_factory=list)
    properties: dict[str, object] = field(default_factory=dict)
    watchers: list[str] = field(default_factory=list)
    voters: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    past: list[Snapshot] = field(default_factory=list)
    archived: Ended | None = None

    @property
    def number(self) -> int:
        return int(self.key.rpartition("-")[2])

    def remember(self, now: datetime, *, absent: bool = False) -> None:
        """Keep the present state as that before a change at `now`; the last 20 are kept."""
        self.past.append(Snapshot(now, self.status, self.type, self.updated, dict(self.values), absent))
        del self.past[:-20]

    def as_of(self, moment: datetime) -> Snapshot | None:
        """The state at a moment, None for the present one."""
        return next((snapshot for snapshot in self.past if snapshot.at > moment), None)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An issue as it was until the change made at `at`: what a lagging index or a stale read shows. `absent`: not yet
    created."""

    at: datetime
    status: str
    type: str
    updated: datetime
    values: dict[str, Value]
    absent: bool = False


@dataclass(slots=True)
class Sprint:
    id: int
    name: str
    state: str
    board: int
    goal: str = ""
    start: datetime | None = None
    end: datetime | None = None
    complete: datetime | None = None
    created: datetime | None = None


@dataclass(slots=True)
class Board:
    """`filter` is the id of the saved filter whose issues are on the board; "" for all of the project's."""

    id: int
    name: str
    project: str
    kind: str = "scrum"
    filter: str = ""
