"""Everything a stand-in Aha! account holds, in memory, and the indexes over it. Knows neither JSON nor HTTP.

Ids are text of 19 digits (https://www.aha.io/openapi.json), in order, so that the same story gives the same ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from crosswalk_sandbox.aha.definitions import CustomField, Status, Workflow
from crosswalk_sandbox.aha.past import Past
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.settings import Settings
from crosswalk_sandbox.kernel.clock import Clock

Kind = Literal[
    "feature", "requirement", "epic", "release", "initiative", "goal", "release_phase", "key_result", "page", "task"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
MINUTES, POINTS = 10, 20  # `work_units` as Aha! numbers them
LETTERS: Mapping[Kind, str] = {
    "feature": "",
    "epic": "E-",
    "release": "R-",
    "initiative": "S-",
    "goal": "G-",
    "page": "N-",
}


@dataclass(slots=True, eq=False)
class Product:
    """A workspace. `counters` number the references of each kind; `workflows` are by record kind."""

    id: str
    prefix: str
    name: str
    created_at: datetime
    updated_at: datetime
    description: Note
    workflows: dict[str, Workflow] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    units: int = MINUTES
    default_assignee: User | None = None  # shown on what nobody was assigned to


@dataclass(slots=True, eq=False)
class Attachment:
    """A file. `data` are its bytes; `url` is set instead for one that was attached by address."""

    id: str
    file_name: str
    content_type: str
    data: bytes
    token: str
    created_at: datetime
    holder: Note | Comment | CustomValue | Record
    url: str = ""


@dataclass(slots=True, eq=False)
class Note:
    """Rich text of a record, with files; its own id is what `/notes/:id/attachments` names."""

    id: str
    body: str
    created_at: datetime
    updated_at: datetime
    attachments: list[Attachment] = field(default_factory=list)
    record: Record | None = None


@dataclass(slots=True, eq=False)
class Comment:
    """A comment on a record."""

    id: str
    body: str
    user: User
    record: Record
    created_at: datetime
    updated_at: datetime
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Integration:
    """A configured integration of a workspace (`product`), or of the account where that is None."""

    id: str
    service_name: str
    name: str
    enabled: bool
    product: Product | None
    callback_token: str
    created_at: datetime
    updated_at: datetime
    template_id: str | None = None
    version: int = 1


@dataclass(slots=True, eq=False)
class IntegrationField:
    """A name and value that an integration keeps on a record; how a record shows its Jira issue."""

    id: str
    name: str
    value: str
    integration: Integration
    record: Record
    created_at: datetime


Custom = str | list[str] | dict[str, float]


@dataclass(slots=True, eq=False)
class CustomValue:
    """The value of a custom field on one record: text, a list of texts, or what an equation sheet holds by column.

    `attachments` are those of a note or attachment field; `record` carries the value.
    """

    id: str
    definition: CustomField
    value: Custom
    updated_at: datetime
    record: Record
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class TimeEntry:
    """Work done on a record on a day."""

    id: str
    user: User
    occurred_on: date
    work_done: float
    units: int
    record: Record


@dataclass(slots=True, eq=False)
class Assignee:
    """Somebody who has to do a to-do."""

    id: str
    user: User
    status: str = "pending"
    completed_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Record:
    """A record of any kind; what does not exist on a kind stays at its default.

    `owner` is the assignee (of a release: its owner); `parent` is a requirement's feature; `holder` is the roll-up
    release of a release, the parent of an initiative, goal or page, the goal of a key result, what a to-do is about;
    `release_date` and the like are a release's; `start` and `due` a feature's, epic's or release's, `due` being the
    `end_date` of releases and initiatives. Estimates are minutes or points as `units` says.
    """

    kind: Kind
    id: str
    ref: str
    product: Product
    name: str
    status: Status
    created_by: User
    created_at: datetime
    updated_at: datetime
    description: Note
    position: int = 1
    status_changed_on: date | None = None
    status_times: list[tuple[Status, datetime]] = field(default_factory=list)
    owner: User | None = None
    release: Record | None = None
    epic: Record | None = None
    initiative: Record | None = None
    goals: list[Record] = field(default_factory=list)
    parent: Record | None = None
    holder: Record | None = None
    phase: Record | None = None
    initiatives: list[Record] = field(default_factory=list)
    requirements: list[Record] = field(default_factory=list)
    work_kind: tuple[str, str] | None = None
    start: date | None = None
    due: date | None = None
    tags: list[str] = field(default_factory=list)
    units: int = MINUTES
    initial_estimate: float | None = None
    original_estimate: float | None = None
    remaining_estimate: float | None = None
    work_done: float | None = None
    progress: float | None = 0
    progress_source: str = "progress_manual"
    custom: dict[str, CustomValue] = field(default_factory=dict)
    fields: list[IntegrationField] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    parking_lot: bool = False
    release_date: date | None = None
    development_started_on: date | None = None
    external_release_date: date | None = None
    external_date_resolution: str = "exact"
    roll_up: bool = False
    duration_source: str = "duration_manual"
    watchers: list[User] = field(default_factory=list)
    score_facts: dict[str, float] = field(default_factory=dict)
    effort: float = 10
    value: float = 50
    presented: bool = True
    type: str = ""
    metrics: dict[str, str] = field(default_factory=dict)
    assignees: list[Assignee] = field(default_factory=list)
    time_entries: list[TimeEntry] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RecordLink:
    """A link between two Aha! records; `type_id` as in the documentation of record links."""

    id: str
    type_id: int
    parent: Record
    child: Record
    created_at: datetime


@dataclass(slots=True, eq=False)
class Audit:
    """One entry of the history; `changes` are (field name, display text)."""

    id: str
    action: str
    created_at: datetime
    interesting: bool
    user: User
    auditable_type: str
    auditable_id: str
    associated_type: str
    associated_id: str
    description: str
    path: str
    changes: list[tuple[str, str]]


@dataclass(slots=True, eq=False)
class Deletion:
    """A record in the recycle bin; `along` went with it."""

    id: str
    record: Record
    deleted_by: User
    deleted_at: datetime
    along: list[Record] = field(default_factory=list)


def _nobody(_: Audit) -> None:
    """Nobody is told of an audit until the application says who."""


class Account:
    """The whole account. Not thread-safe: whoever changes it holds the application's lock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.settings = Settings()
        self.past = Past()
        self.name, self.domain = "Fable Bicycles", "fable"
        self.users: list[User] = []
        self.products: list[Product] = []
        self.workflows: dict[str, Workflow] = {}
        self.custom_fields: list[CustomField] = []
        self.integrations: dict[str, Integration] = {}
        self.fields: dict[str, IntegrationField] = {}
        self.notes: dict[str, Note] = {}
        self.comments: dict[str, Comment] = {}
        self.attachments: dict[str, Attachment] = {}
        self.links: dict[str, RecordLink] = {}
        self.audits: list[Audit] = []
        self.deletions: dict[str, Deletion] = {}
        self.custom_roles: dict[str, str] = {}
        self.searches: dict[str, Mapping[str, str]] = {}
        self.custom_values: dict[str, CustomValue] = {}
        self.tags: dict[str, str] = {}
        self.revision = 0
        self.on_audit: Callable[[Audit], None] = _nobody
        self._records: dict[Kind, dict[str, Record]] = {kind: {} for kind in KINDS}
        self._by_ref: dict[tuple[Kind, str], Record] = {}
        self._by_field: dict[tuple[str, str], dict[str, IntegrationField]] = {}
        self._last_id = 7_400_000_000_000_000_000

    def now(self) -> datetime:
        """The present moment by the sandbox's clock, cut to the milliseconds that Aha! shows."""
        return self.clock.shown()

    def new_id(self) -> str:
        """The next id; larger than all before."""
        self._last_id += 10_007
        return str(self._last_id)

    def add(self, record: Record) -> None:
        """Put a record into the account and its indexes."""
        self._records[record.kind][record.id] = record
        self._by_ref[record.kind, record.ref] = record
        self.notes[record.description.id] = record.description
        record.description.record = record
        for integration_field in record.fields:
            self.index_field(integration_field)
        for comment in record.comments:
            self.comments[comment.id] = comment
        for value in record.custom.values():
            self.custom_values[value.id] = value

    def remove(self, record: Record) -> None:
        """Take a record out of the account; its own values stay, so that it can be restored."""
        self._records[record.kind].pop(record.id, None)
        self._by_ref.pop((record.kind, record.ref), None)
        self.notes.pop(record.description.id, None)
        for integration_field in record.fields:
            self.drop_field(integration_field)
        for comment in record.comments:
            self.comments.pop(comment.id, None)
        for value in record.custom.values():
            self.custom_values.pop(value.id, None)
        for link in [link for link in self.links.values() if record in (link.parent, link.child)]:
            del self.links[link.id]

    def rename_ref(self, record: Record, ref: str) -> None:
        """Give a record another reference number; the old one is not known any more."""
        self._by_ref.pop((record.kind, record.ref), None)
        record.ref = ref
        self._by_ref[record.kind, ref] = record

    def find(self, kind: Kind, key: str) -> Record | None:
        """A record by id or reference number."""
        return self._records[kind].get(key) or self._by_ref.get((kind, key.upper()))

    def all(self, kind: Kind) -> Iterator[Record]:
        """Every record of a kind, oldest first."""
        yield from self._records[kind].values()

    def count(self, kind: Kind) -> int:
        """How many records of a kind there are."""
        return len(self._records[kind])

    def index_field(self, integration_field: IntegrationField) -> None:
        """Make an integration field findable by id and by value."""
        self.fields[integration_field.id] = integration_field
        place = self._by_field.setdefault((integration_field.name, integration_field.value), {})
        place[integration_field.id] = integration_field

    def drop_field(self, integration_field: IntegrationField) -> None:
        """Forget an integration field in the indexes."""
        self.fields.pop(integration_field.id, None)
        self._by_field.get((integration_field.name, integration_field.value), {}).pop(integration_field.id, None)

    def fields_with(self, name: str, value: str) -> list[IntegrationField]:
        """Every integration field of that name and value."""
        return list(self._by_field.get((name, value), {}).values())

    def user(self, who: str) -> User | None:
        """A person by id or e-mail."""
        return next((user for user in self.users if who in (user.id, user.email)), None)

    def product(self, key: str) -> Product | None:
        """A workspace by id or prefix."""
        return next((product for product in self.products if key == product.id or key.upper() == product.prefix), None)

    def next_ref(self, product: Product, kind: Kind, parent: Record | None = None) -> str:
        """The next reference number of a kind; of a requirement: below its feature."""
        counter = f"{kind}:{parent.id}" if parent else kind
        product.counters[counter] = number = product.counters.get(counter, 0) + 1
        if parent is not None:
            return f"{parent.ref}-{'KR-' if kind == 'key_result' else ''}{number}"
        return f"{product.prefix}-{LETTERS[kind]}{number}"

    def tag_id(self, name: str) -> str:
        """The id of a tag; made when it is first used."""
        if name not in self.tags:
            self.tags[name] = self.new_id()
        return self.tags[name]

    def fact_id(self, name: str) -> str:
        """The id of a part of the score. Made of its name: a read may use up no id (kernel/keeping.py)."""
        digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=6).digest()
        return str(7_300_000_000_000_000_000 + int.from_bytes(digest))

    def definition(self, key: str, fieldable_type: str) -> CustomField | None:
        """The custom field of that key for that record type."""
        for definition in self.custom_fields:
            if definition.key == key and definition.fieldable_type == fieldable_type:
                return definition
        return None
