"""What the JSON API takes and gives. No shape has a place for a secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
Text = Annotated[str, StringConstraints(max_length=1_000_000, pattern=r"^[^\x00]*$")]


class Asked(Schema):
    """What comes in: nothing that the document does not name."""

    model_config = ConfigDict(extra="forbid")


class Me(Schema):
    """Who acts with the token."""

    person: str
    token: str
    role: Literal["viewer", "editor", "owner"] = Field(description="The lower one of the token's and the person's")
    sender: bool = Field(description="Whether the token only sends records and tells how they are")
    ends_at: datetime


class ConnectionOut(Schema):
    """An account on one side."""

    id: int
    name: str
    kind: Literal["aha", "jira"]
    address: str
    user: str
    product: str
    version: str
    checked_at: datetime | None
    paused: str = Field(description="Why nothing is sent; empty while it works")
    trouble: str = Field(description="Why the last test failed, with what to do; empty where it went well")
    token_ends: date | None = Field(description="The day on which its token ends, where that is known")


class ProblemFound(Schema):
    """Something that will not work."""

    message: str
    remedy: str
    code: str


class Checkup(Schema):
    """What Test connection found."""

    product: str
    version: str
    flavour: str
    account: str
    problems: list[ProblemFound]


class IntegrationOut(Schema):
    """A workspace joined to a project."""

    id: int
    name: str
    enabled: bool
    aha: str = Field(description="Name of the Aha! connection")
    workspace: str
    jira: str = Field(description="Name of the Jira connection")
    project: str


class HookState(Schema):
    """Whether the hooks of one side deliver."""

    state: Literal["waiting", "delivers", "silent"]
    last: datetime | None


class Hooks(Schema):
    """Those of both sides."""

    aha: HookState
    jira: HookState


class RequestsLeft(Schema):
    """What one account may still send under its server's limit."""

    of: str
    left: int
    most: int
    seconds: int


class TokenEnd(Schema):
    """A token of the integration's connections that ends within 30 days, or ended."""

    connection: str
    on: date
    days: int


class Health(Schema):
    """Is it in step, and if not, why."""

    integration: str
    word: str
    trouble: str
    remedy: str
    in_step_at: datetime | None
    total: int
    in_step: int
    in_step_differing: int = Field(description="How many of those in step differ in a field that was left as it is")
    waiting: int
    need_you: int
    errors: int
    conflicts: int
    next: str = Field(description="What to do next, in a sentence")
    stopped: int = Field(description="The number of what the brake stopped, which an approval names; 0 for nothing")
    hooked_at: datetime | None
    polled_at: datetime | None
    swept_at: datetime | None
    hooks: Hooks
    made_in_24_h: int = Field(description="Records that were made on either side")
    written_in_24_h: int = Field(description="Fields that were written in records that were there")
    seconds_from_hook_to_write: float | None
    requests_left: list[RequestsLeft]
    tokens_that_end: list[TokenEnd]


class RecordOut(Schema):
    """A pair: an Aha! record and the issue or version that stands for it."""

    id: int
    integration: int
    kind: str
    title: str
    aha: str
    aha_url: str
    jira: str
    jira_url: str
    state: Literal["new", "agreed", "waiting", "asking", "parked", "gone"]
    due: bool = Field(description="Whether something is still to be carried")
    reason: str
    remedy: str
    agreed_at: datetime | None
    differs_in: list[str] = Field(description="The fields in which the two differ and which are left as they are")


class Records(Schema):
    """A page of records."""

    items: list[RecordOut]
    total: int
    page: int
    pages: int


class FieldOut(Schema):
    """Why one field is carried or not."""

    field: str
    verdict: str
    why: str
    remedy: str
    aha: str
    jira: str
    note: str = Field(default="", description="What a side's format does not hold of a text")


class Line(Schema):
    """A line of the log."""

    id: int
    at: datetime
    integration: int
    record: int | None
    run: int | None = Field(description="Which run of the record wrote it; a whole run can be undone")
    level: Literal["info", "warning", "error"]
    what: str
    why: str
    side: Literal["", "aha", "jira"]
    field: str
    old: str
    new: str
    remedy: str
    code: str
    person: str


class Lines(Schema):
    """Lines of the log."""

    items: list[Line]


class PlaceOut(Schema):
    """An integration that a record of Aha! is in, or could be sent through, and how its pair is."""

    integration: int
    name: str = Field(description="The integration's name")
    enabled: bool
    record: int | None = Field(description="The pair's number; none while the record was not sent")
    key: str = Field(description="The issue's key, or the version's name; empty while there is none")
    url: str
    status: str = Field(description="The issue's status when both sides last agreed")
    state: str = Field(description="How the pair is, in the words of Crosswalk's pages")
    tone: Literal["good", "busy", "warn", "bad", "quiet"]
    due: bool = Field(description="Whether something is still to be carried")
    reason: str
    remedy: str
    page: str = Field(description="The pair's page in Crosswalk; empty while there is none")


class InsideOut(Schema):
    """Where a record of Aha! is in Jira."""

    reference: str
    places: list[PlaceOut]


class InsideIn(Asked):
    """Which kind of record it is, and through which integration it goes; 0: through the only one there is."""

    kind: Literal["feature", "epic", "requirement"] = "feature"
    integration: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0


class RecordsIn(Asked):
    """Which records: keys such as FAB-7, or ids."""

    records: Annotated[list[Name], Field(min_length=1, max_length=500)]


class PlanIn(Asked):
    """Which records; none means all that are known."""

    records: Annotated[list[Name], Field(max_length=500)] = Field(default_factory=list)


class PlanOut(Schema):
    """What would be written on each side: counted, and each change with its differences."""

    text: str = Field(description="As a person reads it, in the words of `crosswalk plan`")
    plan: dict[str, Any] = Field(description="The same as data: the keys of `crosswalk plan --format json`")


class EnabledIn(Asked):
    """Whether changes are to be carried."""

    enabled: Annotated[bool, Field(strict=True)]


class PutBackIn(Asked):
    """Which replaced value: the log line that says so."""

    line: Annotated[int, Field(ge=1, le=2**63 - 1)]


class Done(Schema):
    """What was done, in words, and how many it is about."""

    said: str
    count: int


class FileOut(Schema):
    """An integration as a file."""

    file: str
    version: str = Field(description="Changes with the file; give it back when you apply a change of it")


class FileIn(Asked):
    """A file to apply."""

    file: Text
    dry_run: Annotated[bool, Field(strict=True)] = True
    version: Annotated[str, StringConstraints(max_length=64)] = Field(
        "", description="The version the change began from; the request is refused where somebody changed it since"
    )
    wait: Annotated[bool, Field(strict=True)] = Field(
        True, description="false: what makes a new integration answers 202 at once, with the address to ask"
    )


class Said(Schema):
    """What was done, or would be, line by line."""

    lines: list[str]


class Applying(Schema):
    """How far a new integration is that is made of a file, and what came of it."""

    address: str = Field(description="Where to ask again")
    ended: bool
    step: str
    done: int
    total: int
    integration: int | None = Field(description="Its id, once it is made")
    lines: list[str] = Field(description="What was done, line by line")
    trouble: str = Field(description="What kept it from being made; empty while all is well")
    remedy: str
    code: str


class People(Schema):
    """The table of people as CSV."""

    table: str


class PeopleIn(Asked):
    """A table of people, as CSV, in place of the one there is."""

    table: Text
