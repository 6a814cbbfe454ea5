"""Values to the wire JSON of a create or an update, and what Aha! would not take of them. Pure; no I/O, no clock.

What can not be cleared: status and type, the release, a release's dates, and descriptions, as a commercial connector
met it (https://github.com/OpsHubProduct/OpsHub-Documentation, connectors/aha).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from crosswalk.aha.fields import FIELDS, Kind
from crosswalk.aha.wire import Json
from crosswalk.errors import a_or_an
from crosswalk.merge.records import LeftOut, Snapshot
from crosswalk.merge.values import MISSING, Choice, Person, Rich, Value, show

READ_ONLY = frozenset(
    {
        *("created_at", "updated_at", "position", "score", "status_changed_on", "work_done"),
        *("work_units", "released", "goals", "initiatives"),
    }
)
"""What Aha! shows and no call of REST v1 writes, or what Crosswalk leaves to people."""
CREATORS = ("feature", "requirement", "epic")
"""The kinds whose `created_by` can be written. The calls for initiatives and releases know no such parameter
(https://www.aha.io/api/resources/initiatives/update_an_initiative)."""

SENT_AS = {("epic", "original_estimate"): "detailed_estimate"}
"""What is written under another name than it is read: the calls for epics tell of no other
(https://www.aha.io/api/resources/epics/update_an_epic); those for features take both."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that a field can not take: what is wrong, what to do about it, and the entry in docs/troubleshooting."""

    words: str
    remedy: str = ""
    code: str = ""

    def __str__(self) -> str:
        return LeftOut(self.words, self.remedy, self.code)


@dataclass(frozen=True, slots=True)
class Patch:
    """The attributes to send, by the field they came from, and the fields that can not be sent."""

    by_field: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    unfit: Mapping[str, Unfit] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Json]:
        """All attributes as one record's JSON; custom fields are gathered under `custom_fields`."""
        body: dict[str, Json] = {}
        for part in self.by_field.values():
            for name, value in part.items():
                if name == "custom_fields":
                    body[name] = {**body.get(name, {}), **value}
                else:
                    body[name] = value
        return body

    def only(self, name: str) -> Patch:
        """The part of one field."""
        return Patch({name: self.by_field[name]})

    def without(self, names: frozenset[str]) -> Patch:
        """The patch without some fields."""
        return Patch({name: part for name, part in self.by_field.items() if name not in names}, self.unfit)


def patch(kind: str, changes: Mapping[str, Value]) -> Patch:
    """`changes` of a record of `kind` as attributes to send."""
    by_field: dict[str, Mapping[str, Json]] = {}
    unfit: dict[str, Unfit] = {}
    for name, value in changes.items():
        part = _attribute(kind, name, value)
        if isinstance(part, Unfit):
            unfit[name] = part
        else:
            by_field[name] = part
    return Patch(by_field, unfit)


def _attribute(kind: str, name: str, value: Value) -> Mapping[str, Json] | Unfit:
    if name.startswith("custom:"):
        written = _custom(value)
        return written if isinstance(written, Unfit) else {"custom_fields": {name.removeprefix("custom:"): written}}
    if name == "releases" and kind in ("feature", "epic"):
        return _releases(value)
    if name == "created_by_user":
        return _creator(kind, value)
    held = FIELDS[kind].get(name)
    if held is None or name in READ_ONLY:
        return Unfit(
            f"Aha! has no field “{name}” that can be written on {a_or_an(kind)}.", "Switch its rule off.", "F10"
        )
    sent = SENT_AS.get((kind, name), name)
    if value is None:
        return _cleared(kind, name, held, sent)
    written = _written(held, value)
    if isinstance(written, Unfit):
        return written
    return {sent: _as_object(held, value, written) if kind != "release" else written}


def _creator(kind: str, value: Value) -> Mapping[str, Json] | Unfit:
    """Who made a record: written as `created_by`, an e-mail address; there always is one."""
    if kind in CREATORS and isinstance(value, Person) and value.email:
        return {"created_by": value.email}
    return Unfit("Aha! takes a user with an e-mail address here.", "Choose a reporter who is a user of Aha!.", "U1")


def _as_object(held: Kind, value: Value, written: Json) -> Json:
    """A status or a person as the calls for all kinds but releases take them; releases take a name or an e-mail."""
    if isinstance(value, Person):
        return {"email": value.email} if value.email else {"id": value.id}
    return {"name": written} if held is Kind.STATUS else written


def _cleared(kind: str, name: str, held: Kind, sent: str) -> Mapping[str, Json] | Unfit:
    if name == "name":
        return Unfit("A record in Aha! needs a name.", "Give the issue a summary.", "F5")
    fixed = held in (Kind.RICH, Kind.STATUS, Kind.FLAG) or name in ("release", "workflow_kind", "progress_source")
    if fixed or (kind == "release" and held is Kind.DATE):
        return Unfit(
            f"Aha! does not let “{name}” of {a_or_an(kind)} be emptied.", "Write a new value instead of none.", "F10"
        )
    return {sent: [] if held is Kind.WORDS else None}


def _written(held: Kind, value: Value) -> Json | Unfit:
    match held, value:
        case Kind.LINE, str():
            flat = " ".join(value.split())
            return flat or Unfit("The text is empty.", "Write a text.", "F5")
        case Kind.RICH, Rich("html", source) if source.strip():
            return source
        case Kind.RICH, Rich("html", _):
            return Unfit("Aha! does not let a text be emptied.", "Write a new text instead of none.", "F10")
        case ((Kind.NUMBER | Kind.ESTIMATE), Decimal()) if value.is_finite():
            return plain_number(value)
        case Kind.FLAG, bool():
            return value
        case Kind.DATE, date() if not isinstance(value, datetime):
            return value.isoformat()
        # REST v1 documents names for statuses, and ids for other records.
        case Kind.STATUS, Choice():
            return value.name or value.id
        case Kind.CHOICE, Choice():
            return value.id
        case Kind.PERSON, Person():
            return value.email or value.id
        case Kind.WORDS, frozenset():
            words = sorted(element for element in value if isinstance(element, str))
            return words if len(words) == len(value) else _mismatch(held, value)
    return _mismatch(held, value)


def plain_number(value: Decimal) -> int | float:
    """A number as JSON has it: whole ones without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def _releases(value: Value) -> Mapping[str, Json] | Unfit:
    """A record is in exactly one release."""
    if isinstance(value, frozenset) and len(value) == 1:
        (only,) = value
        if isinstance(only, Choice):
            return {"release": only.id}
    held = show(value)
    return Unfit(f"A record in Aha! is in exactly one release, not in “{held}”.", "Choose one in Aha!.", "F24")


def _custom(value: Value) -> Json | Unfit:
    """A custom field takes any text, number or list; a wrong option is refused by Aha! itself."""
    match value:
        case None | bool() | str():
            return value
        case Rich("html", source):
            return source
        case Decimal() if value.is_finite():
            return plain_number(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Choice():
            return value.name or value.id
        case Person():
            return value.email or value.id
        case frozenset():
            return sorted(map(_element, value))
    return Unfit(f"A custom field can not hold {a_or_an(type(value).__name__.lower())}.", "Switch its rule off.", "F10")


def _element(value: str | Choice | Person) -> str:
    if isinstance(value, Choice):
        return value.name or value.id
    return value.email or value.id if isinstance(value, Person) else value


def _mismatch(held: Kind, value: Value) -> Unfit:
    what = type(value).__name__.lower()
    return Unfit(
        f"The field holds {a_or_an(held)}, and was given {a_or_an(what)}.", "Map it to a field of its own kind.", "F10"
    )


def not_taken(changes: Mapping[str, Value], stored: Snapshot) -> dict[str, str]:
    """The fields that Aha! passed over without a word: custom fields a kind does not have, tags it only ever adds."""
    words: dict[str, str] = {}
    for name, value in changes.items():
        held = stored.get(name)
        empty = held is MISSING or held in (None, frozenset())
        if name.startswith("custom:") and value not in (None, frozenset(), "") and empty:
            key = name.removeprefix("custom:")
            words[name] = str(
                Unfit(
                    f"Aha! took no value: {a_or_an(stored.ref.kind)} here has no custom field “{key}”.",
                    "Add the custom field to the layout in Aha!, or switch its rule off.",
                    "F2",
                )
            )
        if name == "tags" and isinstance(value, frozenset) and isinstance(held, frozenset) and held - value:
            words[name] = f"Aha! kept the tags {show(held - value)}. Remove them in Aha!."
    return words
