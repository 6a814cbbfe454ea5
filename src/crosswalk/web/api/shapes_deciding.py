"""What the JSON API takes and gives where a person decides: conflicts, deletes, the mapping, links, webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from crosswalk.web.api.problems import Fault
from crosswalk.web.api.shapes import Asked, Name

Side = Literal["aha", "jira"]
Mark = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00]*$")]
DEEPEST = 20


def _plain(value: Any, depth: int = 0) -> Any:
    """A tree that the store can hold: no NUL in a text, not nested without end. Raises ValueError."""
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= one <= "\udfff" for one in value)):
        raise ValueError("a text holds NUL or half a character")
    inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for inner in inside:
        _plain(inner, depth + 1)
    return value


Tree = Annotated[dict[str, Any], AfterValidator(_plain)]


class ConflictEnd(Schema):
    """What one side holds of a field in conflict."""

    side: Side
    now: str
    before: str = Field(description="What it held when both sides were last in step")
    changed_at: datetime | None
    changed_by: str


class ConflictOut(Schema):
    """A field that both sides changed; it waits for an answer."""

    id: int
    integration: int
    record: int
    aha: str
    jira: str
    field: str
    since: datetime
    mark: str = Field(description="Give it back with the answer, which is then about what you saw")
    is_text: bool = Field(description="Whether it can be merged by hand")
    ends: list[ConflictEnd]


class Conflicts(Schema):
    """Conflicts, the oldest first."""

    items: list[ConflictOut]
    total: int = Field(description="How many wait in all")


class SettleIn(Asked):
    """Which side counts, or the text for both sides."""

    mark: Mark
    counts: Literal["aha", "jira", "text"]
    text: Annotated[str, StringConstraints(max_length=30_000, pattern=r"^[^\x00]*$")] = Field(
        "", description="Where `counts` is `text`: written in Aha! and carried to Jira"
    )


class DeletionOut(Schema):
    """Deletes on one side that wait for a word."""

    side: Side = Field(description="Where records would be deleted")
    in_doubt: bool = Field(description="The counterparts may be hidden and not deleted; nobody knows")
    emptied: bool = Field(description="No record is deleted: fields are emptied")
    question: str
    rule: str = Field(description="Why it waits")
    records: list[str]
    last: int = Field(description="The number of the newest of them, which an answer names")


class DeletionIn(Asked):
    """A word on deletes that wait."""

    side: Side
    in_doubt: Annotated[bool, Field(strict=True)] = False
    emptied: Annotated[bool, Field(strict=True)] = False
    delete: Annotated[bool, Field(strict=True)]
    records: Annotated[int, Field(ge=1, le=10_000_000, description="How many you saw; refused where others wait now")]
    last: Annotated[int, Field(ge=1, le=10**15, description="The number of the newest that you saw")]


class ChangeOut(Schema):
    """A change of a mapping that waits for a word."""

    id: int
    note: str = Field(description="What it changes, in words")
    person: str
    stale: bool = Field(description="The mapping was changed since: it can only be dropped")
    planned: bool = Field(description="Whether the plan is ready; ask again while it is not")
    plan: dict[str, Any] = Field(description="What it would do, as `crosswalk plan --json` says it; empty until then")


class MappingOut(Schema):
    """A mapping, what does not fit the project data, and the change of it that waits."""

    mapping: dict[str, Any]
    version: str = Field(description="Give it back when you change the mapping")
    faults: list[Fault]
    waiting: ChangeOut | None


class MappingIn(Asked):
    """A whole mapping in place of the one there is."""

    mapping: Tree
    version: Mark = Field(description="Of the mapping that the change was made from")


class MappingTry(Asked):
    """A mapping to look at."""

    mapping: Tree


class MappingChecked(Schema):
    """What a mapping would be."""

    faults: list[Fault]
    changes: list[str] = Field(description="What differs from the mapping in use, in words")


class MappingSet(Schema):
    """What became of a change of the mapping."""

    in_use: bool = Field(description="False: it would touch records, and waits for a word with its plan")
    waiting: ChangeOut | None


class ChangeIn(Asked):
    """A word on the change that waits."""

    id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    use: Annotated[bool, Field(strict=True, description="False: drop it")]


class LinkField(Schema):
    """A field of two records that are not linked yet."""

    field: str
    aha: str
    jira: str
    winner: Literal["", "aha", "jira"] = Field(description="Who counts without a word")
    asked: bool = Field(description="Whether you may choose")
    why: str


class BesideOut(Schema):
    """Two records beside each other."""

    aha: str
    jira: str
    mark: str = Field(description="Give it back when you link them")
    fields: list[LinkField]


class Winner(Asked):
    """Who counts in a field."""

    field: Name
    side: Side
    erase: Annotated[bool, Field(strict=True)] = Field(False, description="An empty value takes the other away")


class LinkIn(Asked):
    """Two records to link."""

    record: Name
    issue: Name
    mark: Mark
    winners: Annotated[list[Winner], Field(max_length=200)] = Field(default_factory=list)


class HoldIn(Asked):
    """A word about a whole record."""

    word: Literal["pause", "go-on", "ignore", "unlink", "link-again"]


class UndoIn(Asked):
    """Nothing, to look; or the look whose changes are meant."""

    id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(None, description="Of the look that you saw")


class UndoOut(Schema):
    """What undoing a run, or putting a value back, would write, or wrote."""

    id: int = Field(description="Give it back to put these values back")
    planned: bool = Field(description="Whether the plan is ready; ask again while it is not")
    plan: dict[str, Any] = Field(description="What it would write, as `crosswalk plan --json` says it")
    undone: int | None = Field(description="How many fields were put back; null until it was done")
    trouble: str
    remedy: str


class LoneItem(Schema):
    """An issue or a version in no pair."""

    jira: str
    name: str
    type: str
    becomes: str = Field(description="The kind of record it may become in Aha!; empty where it can not be imported")
    below: str = Field(description="The issue or version in step that it stands below")
    why: str = Field(description="Why it can not be imported")
    id: int = Field(description="Give the last one as `after` to read on")


class LoneOut(Schema):
    """What Jira alone has, as it was last read."""

    read_at: datetime | None = Field(description="Null: it was not read yet")
    reading: bool = Field(description="Whether it is being read now")
    words: str = Field(description="Only what is called so was read")
    whole: bool = Field(description="False: only those that changed last were looked at")
    total: int
    items: list[LoneItem]


class LoneIn(Asked):
    """What to look for."""

    words: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = Field(
        "", description="Words of the name, or a key; empty: everything"
    )


class HookOut(Schema):
    """Whether the webhook of a side delivers."""

    side: Side
    state: Literal["waiting", "delivers", "silent"]
    last_at: datetime | None
    missed_at: datetime | None = Field(description="When polling found a change that no hook had told of")
    hint: str
    bare: bool = Field(description="The last one had no body and named no issue: both sides are asked what changed")
    secret_set: bool = Field(description="Whether there is a secret for Jira to sign with; it is never shown here")
    signed: bool = Field(description="Whether Jira signs, so that hooks without a right signature are refused")
