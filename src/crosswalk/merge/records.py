"""Records as the core sees them: what they are called, what was read of them, what is to be made. No product names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from crosswalk.errors import CrosswalkError
from crosswalk.merge.values import MISSING, Choice, Maybe, Person, Value


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record: its kind and its side's unchanging id. `key` is what people call it now (it may change)."""

    kind: str
    id: str
    key: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.key or f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class LinkTo:
    """Where a link leads: its type by that side's own name or id, and the record at the other end.

    `outward` says that it begins at the record it hangs on.
    """

    type: str
    other: Ref
    outward: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work: how many minutes it took, on which day."""

    minutes: Decimal
    day: date

    @property
    def key(self) -> str:
        """What both sides call it."""
        return f"{self.amount}@{self.day.isoformat()}"

    @property
    def amount(self) -> str:
        """The minutes, as short as they can be written."""
        return f"{round(self.minutes, 2).normalize():f}"

    @property
    def shown(self) -> str:
        """For people."""
        return f"of {self.amount} minutes on {self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record, as read on one side.

    `content` is what people edit of it, in that side's own form. `twin` is the id of the part across that this one says
    it is a copy of ("" for an original), and `whole` its content with the line that says so. `key` says what both sides
    would call it where they call it alike (a file's name and size, a link's type and target), "" where they do not.
    `private` parts are not to be shown across. Of a link, `link` says where it leads; of a worklog, `work` what it
    says. `media` is what documents call a file (its media id), "" where they refer to it otherwise or that was not
    asked. `home` is the record it hangs on where that stands below the one that was asked about. `gone` files are no
    more, and named for the texts that still show them. `within` is the custom field that a file is in, "" where it
    hangs on the record itself. `stem` begins the ids of a part before and after somebody corrected it, "" where it
    keeps its id.
    """

    id: str
    content: Value = None
    twin: str = ""
    key: str = ""
    private: bool = False
    name: str = field(default="", compare=False)
    url: str = field(default="", compare=False)
    author: Person | None = field(default=None, compare=False)
    made_at: datetime | None = field(default=None, compare=False)
    size: int = field(default=0, compare=False)
    link: LinkTo | None = None
    media_type: str = field(default="", compare=False)
    media: str = field(default="", compare=False)
    work: Work | None = None
    home: Ref | None = field(default=None, compare=False)
    gone: bool = field(default=False, compare=False)
    within: str = field(default="", compare=False)
    stem: str = field(default="", compare=False)
    whole: Value = field(default=None, compare=False)


def file_called(name: str, size: int) -> str:
    """What both sides call a file alike: its name and its size. A changed file has another size, or another id."""
    return f"{normalize('NFC', name)} ({size:,} bytes)"


@dataclass(frozen=True, slots=True)
class FileCopy:
    """The bytes of a file as fetched: where they lie for the moment, how many, and the SHA-256 of them."""

    path: Path
    size: int
    digest: str


UNTOLD = "?"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The values of one record as read at one moment, by that side's own field names.

    `children` holds the records below it where the same answer carried them whole (else empty); `changed_at` is the
    side's own stamp of the last change, where it has one. `parts` holds, by kind, the parts that the same answer
    carried whole; `more` names the kinds of which it only said that there are some. `below` names records below it
    that the answer did not carry, each with the id of its type. `spent_below` is what the answer says of the work that
    was logged below it: "" for none, UNTOLD where only a search knows. `touched` names the fields of a new record that
    somebody changed since it was made, where that was asked (RemoteSide.read_new).
    """

    ref: Ref
    fields: Mapping[str, Value]
    url: str = ""
    changed_at: datetime | None = None
    parent: Ref | None = None
    children: tuple[Snapshot, ...] = ()
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict, compare=False)
    more: frozenset[str] = field(default=frozenset(), compare=False)
    below: Mapping[Ref, str] = field(default_factory=dict, compare=False)
    spent_below: str = field(default="", compare=False)
    touched: frozenset[str] = field(default=frozenset(), compare=False)

    def get(self, name: str) -> Maybe:
        """The value of the field `name`, MISSING where it was not read."""
        return self.fields.get(name, MISSING)


@dataclass(frozen=True, slots=True)
class FieldType:
    """What a side says about one of its fields: what it holds (in that side's own word), and whether it only shows it.

    `options` is what may be chosen, where that is known; a `closed` field takes nothing else. Where they differ by the
    type of a record, they are those of the type called `of_type`.
    """

    holds: str
    name: str = ""
    read_only: bool = False
    options: tuple[Choice, ...] = ()
    closed: bool = False
    of_type: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that could not be read: deleted, or hidden from us. The servers do not tell which."""

    ref: Ref
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How one side's record is shown on the other: the other record's key, address and title."""

    ref: Ref
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A copy of a part that is to be made or brought up to date on the other side.

    `content` and `link` are in the form of the side that takes it; `source` is the part it copies, which hangs on
    `record`; `file` holds the bytes of an attachment. `guard` raises Overtaken where the run that wants it may write no
    more: a side that has to ask something before it makes a copy asks that last.
    """

    content: Value
    source: Part
    record: Mark
    link: LinkTo | None = None
    file: FileCopy | None = None
    guard: Callable[[], None] = field(default=lambda: None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be made. `token` travels inside the create, so that a lost answer can be looked up."""

    kind: str
    fields: Mapping[str, Value]
    token: str
    parent: Ref | None = None
    mark: Mark | None = None


class LeftOut(str):
    """Why a side would not take a field: reads as one text, and keeps its parts for where they are shown apart.

    `words` are the side's own, `remedy` is what a person can do, `code` the entry in docs/troubleshooting. `reached` is
    what the try itself left in the field, where it came a part of the way: nobody's edit.
    """

    __slots__ = ("code", "reached", "remedy", "words")

    words: str
    remedy: str
    code: str
    reached: Choice | None

    def __new__(cls, words: str, remedy: str = "", code: str = "", reached: Choice | None = None) -> LeftOut:
        self = super().__new__(cls, f"{words} {remedy}".strip() + (f" ({code})" if code else ""))
        self.words, self.remedy, self.code, self.reached = words, remedy, code, reached
        return self


@dataclass(frozen=True, slots=True)
class Made:
    """A create that landed. `left_out` maps fields the side would not take to its words about them (`LeftOut`);
    `by_name` is a record that was there before, and is taken by its name.
    """

    token: str
    ref: Ref
    left_out: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Wrote:
    """An update that landed: the record as the side holds it now, and the fields it would not take (`LeftOut`).

    `stamped` is the stamp that the side gave the write in its own answer, where that had one and was not all. Where the
    answer said nothing, `answered` is when it came, by that side's own clock, in whole seconds.
    """

    snapshot: Snapshot
    left_out: Mapping[str, str] = field(default_factory=dict)
    stamped: datetime | None = None
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The last change of a field: by whom (a name people know), and when, as far as the side says so."""

    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """What became of an order: the records that were moved for it, and why others were not ("" where none is left).

    `passing` says that it may be otherwise in a moment.
    """

    moved: tuple[Ref, ...] = ()
    refused: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An update that landed, and what it replaced: `before` holds what the written fields held just before.

    A field that is absent from `before` was not told; `changed_at` is that of the record before the write, if known.
    `wrote` may show the written fields only.
    """

    before: Snapshot
    wrote: Wrote


@dataclass(frozen=True, slots=True)
class Unsaid:
    """An exchange that landed whole, and whose answer says nothing but when it was `answered`: what it replaced is told
    by looking back."""

    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class LookedBack:
    """A record as it is now, and what a write that landed before had replaced and left, by its own history.

    `over` is what that write left, by field, where somebody surely wrote over it since.
    """

    record: Snapshot
    told: Exchanged
    over: Mapping[str, Value] = field(default_factory=dict)


def nothing_told(record: Snapshot) -> LookedBack:
    """Of a record whose history is not known."""
    return LookedBack(record, Exchanged(Snapshot(record.ref, {}), Wrote(record)))


Steps: TypeAlias = Callable[[str, frozenset[Choice]], None]
"""Told by an update that takes several steps, before each and after it: a field of that side, and where it stands then
by our own doing, if nobody else sets it. Raises Overtaken where the run may write no more."""


def untold(_name: str, _there: frozenset[Choice]) -> None:
    """Steps that nobody wants to know of."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A create that certainly did not land, and why."""

    token: str
    error: CrosswalkError


@dataclass(frozen=True, slots=True)
class Changes:
    """What a poll found: records that changed, and the cursor to ask with next time.

    `above` says what some of them stand below that may have to know, where they are in no pair; `given` which values
    some of them were given, where nothing else is told of them; `stamps` when some of them were changed last.
    """

    refs: tuple[Ref, ...]
    cursor: str
    above: Mapping[Ref, Ref] = field(default_factory=dict)
    given: Mapping[Ref, tuple[str, ...]] = field(default_factory=dict)
    stamps: Mapping[Ref, datetime] = field(default_factory=dict)
