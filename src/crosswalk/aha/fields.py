"""Values of Aha!'s fields: wire JSON to snapshots, values to wire JSON. Pure; no I/O, no clock.

Fields are called as Aha! calls them; a custom field is `custom:KEY`, an integration's field `integration:ID:NAME`, and
`releases` is the release of a record as a set, empty while it waits in a parking lot. A key that is absent from an
answer was not readable (MISSING), `null` is empty. What Aha! can not hold or can not clear is refused here (`Unfit`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from html import escape
from typing import TypedDict
from urllib.parse import quote, unquote

from crosswalk.aha import metadata
from crosswalk.aha.attachment_fields import ATTACHMENT, attachments_in
from crosswalk.aha.link_fields import LINK, LINKED, links_in
from crosswalk.aha.wire import Json
from crosswalk.aha.worklog_fields import WORKLOG, worklogs_in
from crosswalk.errors import a_or_an
from crosswalk.merge.records import Mark, Part, Ref, Snapshot
from crosswalk.merge.values import MISSING, Choice, Maybe, Person, Rich, Value

COMMENT = "comment"


class Kind(StrEnum):
    """What a field holds."""

    LINE = "line"
    RICH = "rich"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    MOMENT = "moment"
    STATUS = "status"
    CHOICE = "choice"  # an entry of a list, or another record
    CHOICES = "choices"
    WORDS = "words"
    PERSON = "person"
    ESTIMATE = "estimate"  # minutes or points, as the record's `work_units` say
    URL = "url"
    OPTION = "option"  # the text of one entry of a custom field's list
    OPEN = "open option"  # the same where any other text is taken, too
    OPTIONS = "options"
    PEOPLE = "people"  # a custom field's users, as texts
    LINKS = "links"  # other records, as texts
    SCORE = "score"
    FORMULA = "formula"
    FILES = "files"
    OTHER = "other"


SETS = (Kind.WORDS, Kind.CHOICES, Kind.OPTIONS, Kind.PEOPLE, Kind.LINKS)
_STAMPS: Mapping[str, Kind] = {"created_at": Kind.MOMENT, "updated_at": Kind.MOMENT, "created_by_user": Kind.PERSON}
_COMMON: Mapping[str, Kind] = {
    "name": Kind.LINE,
    "workflow_status": Kind.STATUS,
    "position": Kind.NUMBER,
    "progress": Kind.NUMBER,
    "progress_source": Kind.LINE,
    "status_changed_on": Kind.DATE,
    **_STAMPS,
}
_WORK: Mapping[str, Kind] = {
    "description": Kind.RICH,
    "assigned_to_user": Kind.PERSON,
    "tags": Kind.WORDS,
    "initial_estimate": Kind.ESTIMATE,
    "original_estimate": Kind.ESTIMATE,
    "remaining_estimate": Kind.ESTIMATE,
    "work_done": Kind.ESTIMATE,
    "work_units": Kind.NUMBER,
}
_PLANNED: Mapping[str, Kind] = {
    "start_date": Kind.DATE,
    "due_date": Kind.DATE,
    "release": Kind.CHOICE,
    "initiative": Kind.CHOICE,
    "goals": Kind.CHOICES,
    "score": Kind.NUMBER,
}
FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "feature": {**_COMMON, **_WORK, **_PLANNED, "epic": Kind.CHOICE, "workflow_kind": Kind.CHOICE},
    "requirement": {**_COMMON, **_WORK},
    "epic": {**_COMMON, **_WORK, **_PLANNED},
    "release": {
        **_COMMON,
        "theme": Kind.RICH,
        "owner": Kind.PERSON,
        "start_date": Kind.DATE,
        "end_date": Kind.DATE,
        "release_date": Kind.DATE,
        "development_started_on": Kind.DATE,
        "external_release_date": Kind.DATE,
        "released": Kind.FLAG,
        "parking_lot": Kind.FLAG,
        "initiatives": Kind.CHOICES,
        "goals": Kind.CHOICES,
    },
    "initiative": {
        **_COMMON,
        "description": Kind.RICH,
        "assigned_to_user": Kind.PERSON,
        "start_date": Kind.DATE,
        "end_date": Kind.DATE,
        "goals": Kind.CHOICES,
        "score": Kind.NUMBER,
    },
}
"""What Crosswalk reads of each kind of record (https://www.aha.io/api, resources)."""

LISTED: Mapping[str, tuple[str, ...]] = {
    kind: (
        *("id", "reference_num", "url"),
        *fields,
        *(("release_reference_num", "epic_reference_num", "initiative_reference_num") if kind != "release" else ()),
        *(("requirements",) if kind == "feature" else ()),
        *("custom_fields", "integration_fields", "comments_count", "attachments"),
        *((f"{kind}_links",) if kind in LINKED else ()),
        *(("time_tracking_events",) if kind in ("feature", "initiative") else ()),
    )
    for kind, fields in FIELDS.items()
}
"""The keys to ask a list for, so that it shows of each record what reading it alone would."""


# ---- reading ------------------------------------------------------------------------------------------


def snapshot(kind: str, data: Mapping[str, Json], parent: Ref | None = None) -> Snapshot:
    """A record of an answer; a feature with its requirements as children. Raises ValueError where it has no id."""
    ref = Ref(kind, _id(data.get("id")), str(data.get("reference_num") or ""))
    if not ref.id:
        raise ValueError(f"{a_or_an(kind)} without an id")
    fields: dict[str, Value] = {}
    for name, held in FIELDS[kind].items():
        if name in data and (value := read_value(held, data[name])) is not MISSING:
            fields[name] = value
    fields |= _relations(data)
    if data.get("url"):
        fields["url"] = str(data["url"])
    for entry in _objects(data.get("custom_fields")):
        if (value := custom_value(entry)) is not MISSING:
            fields[f"custom:{entry.get('key')}"] = value
    for entry in _objects(data.get("integration_fields")):
        name = f"integration:{_id(entry.get('integration_id'))}:{entry.get('name')}"
        fields[name] = str(entry.get("value") or "") or None
    above = parent or _parent(kind, data)
    if kind == "requirement" and above is not None:
        fields["feature"] = Choice(above.id, above.key)
    changed = fields.get("updated_at")
    return Snapshot(
        ref,
        fields,
        url=str(data.get("url") or ""),
        changed_at=changed if isinstance(changed, datetime) else None,
        parent=above,
        children=tuple(snapshot("requirement", entry, ref) for entry in _objects(data.get("requirements"))),
        **_hanging(kind, data),
    )


def _hanging(kind: str, data: Mapping[str, Json]) -> _Hanging:
    """What hangs on a record: its files, how many comments it has (which may have files, too), and the links that begin
    at it.

    What it does not say is asked for where it is wanted.
    """
    parts: dict[str, tuple[Part, ...]] = {}
    if isinstance(data.get("description"), dict) and isinstance(data.get("attachments"), list):
        parts[ATTACHMENT] = attachments_in(data)
    if (links := links_in(kind, data)) is not None:
        parts[LINK] = links
    if (worklogs := worklogs_in(kind, data)) is not None:
        parts[WORKLOG] = worklogs
    kinds = {COMMENT, ATTACHMENT} | ({LINK} if kind in LINKED else set())
    if data.get("comments_count") != 0:
        return {"parts": parts, "more": frozenset(kinds - {LINK} | (kinds - parts.keys()))}
    parts[COMMENT] = ()
    return {"parts": parts, "more": frozenset(kinds - parts.keys())}


class _Hanging(TypedDict):
    parts: Mapping[str, tuple[Part, ...]]
    more: frozenset[str]


def completed(found: Snapshot, wanted: frozenset[str], types: Mapping[str, str]) -> Snapshot:
    """`found` with the custom fields in `wanted` that Aha! left out because they are empty.

    `types` gives the type of a custom field by its key. Children are completed alike.
    """
    fields = dict(found.fields)
    for name in wanted:
        if name.startswith("custom:") and name not in fields:
            fields[name] = frozenset() if types.get(name.removeprefix("custom:")) == "array" else None
    children = tuple(completed(child, wanted, types) for child in found.children)
    return replace(found, fields=fields, children=children)


def _relations(data: Mapping[str, Json]) -> dict[str, Value]:
    """Epic and initiative are left out where there is none; the reference number beside them says so by `null`."""
    fields: dict[str, Value] = {}
    for name in ("epic", "initiative"):
        if name not in data and data.get(f"{name}_reference_num", "") is None:
            fields[name] = None
    if "epic" not in data and isinstance(data.get("master_feature"), dict):
        fields["epic"] = _choice(data["master_feature"])
    if "release" in data:
        release = data["release"] if isinstance(data["release"], dict) else {}
        planned = bool(release) and release.get("parking_lot") is not True
        fields["releases"] = frozenset({_choice(release)}) if planned else frozenset()
    return fields


def _parent(kind: str, data: Mapping[str, Json]) -> Ref | None:
    """What a record hangs below: a requirement its feature, a feature its epic."""
    above = {"requirement": ("feature", "feature"), "feature": ("epic", "epic")}.get(kind)
    entry = data.get(above[1]) if above else None
    if above is None or not isinstance(entry, dict) or not _id(entry.get("id")):
        return None
    return Ref(above[0], _id(entry.get("id")), str(entry.get("reference_num") or ""))


def read_value(kind: Kind, data: Json) -> Maybe:
    """The value of a field of `kind`; MISSING where the JSON is not what such a field holds."""
    if data is None:
        return frozenset() if kind in SETS else None
    try:
        return _READERS[kind](data)
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        return MISSING


def custom_value(data: Mapping[str, Json]) -> Maybe:
    """The value of a custom field, by its `type`; MISSING for types that Crosswalk does not carry."""
    value = data.get("value")
    match str(data.get("type") or "string"):
        case "array":
            return read_value(Kind.WORDS, value)
        case "note":
            return read_value(Kind.RICH, data.get("body", value))
        case "number":
            return read_value(Kind.NUMBER, value) if value != "" else None
        case "date":
            return read_value(Kind.DATE, value)
        case "url":
            return _TOKEN_IN_ADDRESS.sub("", value) or None if isinstance(value, str) else read_value(Kind.LINE, value)
        case "string":
            return read_value(Kind.LINE, value)
        case "scorecard":
            return read_value(Kind.NUMBER, value) if value != "" else None
        case "equation_sheet":
            return _formula(value)
    return MISSING


def _formula(data: Json) -> Maybe:
    """What an equation sheet comes to: its one result, or each column by name."""
    columns = data.get("values") if isinstance(data, dict) else None
    if not isinstance(columns, dict):
        return None if data in (None, "", {}) else MISSING
    shown = [(str(one.get("name") or ""), one.get("display_value")) for one in _objects(list(columns.values()))]
    held = [(name, str(text)) for name, text in shown if text not in (None, "")]
    if len(held) == 1:
        return held[0][1]
    return "; ".join(f"{name}: {text}" for name, text in held) or None


def _rich(data: Json) -> Maybe:
    """A note. The paragraph that carries a create's token is not part of the text."""
    body = data.get("body") if isinstance(data, dict) else data
    if body is not None and not isinstance(body, str):
        return MISSING
    text = _TOKEN_PARAGRAPH.sub("", body or "").strip()
    return Rich("html", text) if text else None


def _words(data: Json) -> Maybe:
    if isinstance(data, str):
        data = data.split(",")
    texts = [_word(entry).strip() for entry in data if isinstance(entry, str | int | dict)]
    return frozenset(text for text in texts if text)


def _word(entry: Json) -> str:
    """An entry of a list as text; a user or a record by what names it."""
    if isinstance(entry, dict):
        return str(entry.get("email") or entry.get("name") or entry.get("reference_num") or "")
    return str(entry)


def _choice(data: Mapping[str, Json]) -> Choice:
    return Choice(_id(data.get("id")), str(data.get("name") or data.get("reference_num") or ""))


def person(data: Mapping[str, Json]) -> Person | None:
    """A user; None for a default assignee: nobody chose that one."""
    if data.get("default_assignee") is True or not _id(data.get("id")):
        return None
    return Person(_id(data.get("id")), str(data.get("email") or ""), str(data.get("name") or ""))


def _number(data: Json) -> Maybe:
    if isinstance(data, bool):
        return MISSING
    number = Decimal(str(data))
    return number if number.is_finite() else MISSING


def _id(value: Json) -> str:
    """An id as text: documents show numbers where servers send texts."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _objects(data: Json) -> list[Mapping[str, Json]]:
    return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []


_READERS: Mapping[Kind, Callable[[Json], Maybe]] = {
    Kind.LINE: lambda data: (str(data) or None) if isinstance(data, str | int | float) else MISSING,
    Kind.RICH: _rich,
    Kind.NUMBER: _number,
    Kind.ESTIMATE: _number,
    Kind.SCORE: _number,
    Kind.FORMULA: _formula,
    Kind.FILES: lambda _: MISSING,
    Kind.OTHER: lambda _: MISSING,
    **dict.fromkeys((Kind.URL, Kind.OPTION, Kind.OPEN), lambda data: read_value(Kind.LINE, data)),
    **dict.fromkeys((Kind.OPTIONS, Kind.PEOPLE, Kind.LINKS), _words),
    Kind.FLAG: lambda data: data if isinstance(data, bool) else MISSING,
    Kind.DATE: lambda data: date.fromisoformat(data[:10]) if data else None,
    Kind.MOMENT: lambda data: datetime.fromisoformat(data).astimezone(UTC),
    Kind.STATUS: metadata.status,
    Kind.CHOICE: _choice,
    Kind.CHOICES: lambda data: frozenset(_choice(entry) for entry in data),
    Kind.WORDS: _words,
    Kind.PERSON: person,
}


# ---- the token of a create ----------------------------------------------------------------------------

_FRAGMENT = r"#crosswalk=([\w.~%-]+)"
_TOKEN_IN_ADDRESS = re.compile(_FRAGMENT + r"$")
_TOKEN_PARAGRAPH = re.compile(rf"<p>(?:<a\b[^>]*{_FRAGMENT}[^>]*>[^<]*</a>|{_FRAGMENT})</p>\s*")


def address_with_token(url: str, token: str) -> str:
    """The other record's address with the token behind a “#”: the link works as before."""
    return f"{url.partition('#')[0]}#crosswalk={quote(token, safe='')}"


def paragraph_with_token(mark: Mark | None, token: str) -> str:
    """A paragraph that names the other record and carries the token; readers here leave it out of the text."""
    if mark is None or not mark.url:
        return f"<p>#crosswalk={quote(token, safe='')}</p>"
    return f'<p><a href="{escape(address_with_token(mark.url, token))}">{escape(str(mark.ref))}</a></p>'


def token_of(data: Mapping[str, Json]) -> str:
    """The token that a record carries in a custom field or in its text; "" for none."""
    for entry in _objects(data.get("custom_fields")):
        if isinstance(entry.get("value"), str) and (found := _TOKEN_IN_ADDRESS.search(entry["value"])):
            return unquote(found[1])
    for name in ("description", "theme"):
        note = data.get(name)
        if isinstance(note, dict) and (found := _TOKEN_PARAGRAPH.search(str(note.get("body") or ""))):
            return unquote(found[1] or found[2])
    return ""
