"""What an issue's history says a write replaced: its entries to values of our own. Pure; no I/O, no clock.

An entry holds one item for each field that changed, with `from` and `to` (ids) and `fromString` and `toString` (words);
of versions and components one for each that came or went. Long texts are there as wiki text, which is Data Center's own
form of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from crosswalk.jira import wire_meta
from crosswalk.jira.fields import Kind
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Edited, Snapshot
from crosswalk.merge.values import MISSING, Choice, Maybe, Person, Rich, Value
from crosswalk.remote.moments import moment_of

ITEMS: Mapping[str, str] = {"fixVersions": "Fix Version", "versions": "Version", "components": "Component"}
"""What the history calls system fields whose name there is not their id. Only Cloud says `fieldId` as well."""
EACH = frozenset(ITEMS)
_IDS = re.compile(r"\d+")
SYSTEM = frozenset({"summary", "labels", "duedate", "priority", "assignee", *EACH})
CUSTOM = frozenset({Kind.LINE, Kind.NUMBER, Kind.DATE, Kind.CHOICE})


def tells(name: str, kind: Kind, flavour: str) -> bool:
    """Whether the history tells values of a field exactly. Data Center names people by a key that no field takes."""
    if name.startswith("customfield_"):
        return kind in CUSTOM
    return name in SYSTEM and not (name == "assignee" and flavour == "datacenter")


class History:
    """The entries of an issue's history, newest first. `names` are the names of custom fields by their id.

    With `since` it is asked long after the write, others may have written after it, and older entries do not count.
    """

    def __init__(self, changelog: Json, names: Mapping[str, str], since: datetime | None = None) -> None:
        listed = changelog.get("histories") if isinstance(changelog, dict) else None
        self.known = isinstance(listed, list)
        entries = [one for one in wire_meta.objects(listed) if since is None or _is_after(one, since)]
        self._entries = sorted(entries, key=_age, reverse=True)
        self._names, self._late = names, since is not None

    @property
    def latest(self) -> datetime | None:
        """When the newest entry was made."""
        return moment_of(self._entries[0].get("created")) if self._entries else None

    def touched(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the fields `names` that were changed since the issue was made."""
        return frozenset(name for name in names if any(True for _ in self._items(name)))

    def edited(self, name: str) -> Edited:
        """The last change of a field."""
        for entry in self._entries:
            if any(True for _ in self._of(entry, name)):
                author = entry.get("author")
                shown = author.get("displayName") if isinstance(author, dict) else None
                return Edited(str(shown or ""), moment_of(entry.get("created")))
        return Edited()

    def took_out(self, name: str, entry: str) -> bool:
        """Whether the last change of a list that names the entry with this id, or of a cascading list its end, took it
        out."""
        wanted = entry.rpartition("/")[2]
        for item in self._items(name):
            before, after = (wanted in _IDS.findall(str(item.get(end) or "")) for end in ("from", "to"))
            if before != after:
                return before
        return False

    def changed_besides(self, sent: Mapping[str, Value], kinds: Mapping[str, Kind]) -> datetime | None:
        """When the issue was changed last but for our own write: by the newest entry, without the newest of all that
        hold something of `sent`. None where that is not said."""
        ours = (number for number, entry in enumerate(self._entries) if self._holds(entry, sent, kinds))
        own = next(ours, 0)
        others = [entry for number, entry in enumerate(self._entries[: own + 2]) if number != own]
        return moment_of(others[0].get("created")) if others else None

    def _holds(self, entry: Mapping[str, Json], sent: Mapping[str, Value], kinds: Mapping[str, Kind]) -> bool:
        return any(
            name not in EACH and _value(kinds[name], item, "to") == value
            for name, value in sent.items()
            for item in self._of(entry, name)
        )

    def replaced(self, name: str, kind: Kind, sent: Value, after: Maybe) -> tuple[Maybe, Maybe]:
        """What the write of `sent` replaced in a field, and what it left there; MISSING for what is not told.

        `after` is what the field holds now. A write without an entry changed nothing.
        """
        if self._late and len(moved := [one for one in self._entries if any(True for _ in self._of(one, name))]) > 1:
            return self._one_of(moved, name, kind, sent, after)
        if name in EACH:
            return self._each(name, after), after
        moves = self._moves(self._entries, name, kind)
        for stored in (sent, after):
            for before, to in moves:
                if to == stored and to is not MISSING:
                    return before, stored
        return (after, after) if after == sent and not any(MISSING in move for move in moves) else (MISSING, after)

    def overwritten(self, name: str, kind: Kind, sent: Value, after: Maybe) -> bool:
        """Whether a write surely left `sent` in a field, and somebody put there what it holds `after` that.

        Of values that the history does not tell exactly it counts that they were changed more than once: what somebody
        wrote is not to be taken for our own write.
        """
        moves = self._moves(self._entries, name, kind)
        if name in EACH or after == sent or not moves:
            return False
        (was, newest), *older = moves
        if newest is MISSING:
            return bool(older)
        return newest == after and (was == sent or any(to == sent for _, to in older))

    def _one_of(
        self, moved: Iterable[Mapping[str, Json]], name: str, kind: Kind, sent: Value, after: Maybe
    ) -> tuple[Maybe, Maybe]:
        """What the one entry shows that left what was sent; nothing where that may be any of several."""
        ours = [move for move in self._moves(moved, name, kind) if move[1] == sent] if name not in EACH else []
        return ours[0] if len(ours) == 1 else (MISSING, after)

    def _moves(self, entries: Iterable[Mapping[str, Json]], name: str, kind: Kind) -> list[tuple[Maybe, Maybe]]:
        items = (item for entry in entries for item in self._of(entry, name))
        return [(_value(kind, item, "from"), _value(kind, item, "to")) for item in items]

    def _each(self, name: str, after: Maybe) -> Maybe:
        """A set before the newest entry about it, from what came and went in that."""
        if not isinstance(after, frozenset):
            return MISSING
        items = next((found for entry in self._entries if (found := list(self._of(entry, name)))), [])
        came = frozenset(Choice(str(item["to"])) for item in items if item.get("to"))
        went = frozenset(Choice(str(item["from"])) for item in items if item.get("from"))
        return (after - came) | went if came <= after and not went & after else MISSING

    def _items(self, name: str) -> Iterator[Mapping[str, Json]]:
        for entry in self._entries:
            yield from self._of(entry, name)

    def _of(self, entry: Mapping[str, Json], name: str) -> Iterator[Mapping[str, Json]]:
        words = ITEMS.get(name) or self._names.get(name) or name
        for item in wire_meta.objects(entry.get("items")):
            if item.get("fieldId", name) == name and ("fieldId" in item or item.get("field") == words):
                yield item


def _is_after(entry: Mapping[str, Json], since: datetime) -> bool:
    made = moment_of(entry.get("created"))
    return made is None or made > since


def _age(entry: Mapping[str, Json]) -> tuple[str, int]:
    """Newest last; entries of one moment by their number."""
    moment, number = moment_of(entry.get("created")), str(entry.get("id") or "")
    return moment.isoformat() if moment else "", int(number) if number.isdecimal() else 0


def _value(kind: Kind, item: Mapping[str, Json], end: str) -> Maybe:
    """One end of a change as a value; MISSING where it can not be read back."""
    key, words = item.get(end), item.get(f"{end}String")
    if kind is Kind.WORDS:
        return frozenset(str(words or "").split())
    if not key and not words:
        return None
    try:
        match kind:
            case Kind.LINE:
                return str(words)
            case Kind.RICH:  # of either flavour; on Cloud no field has this form
                return Rich("wiki", str(words))
            case Kind.NUMBER:
                return Decimal(str(words))
            case Kind.MINUTES:  # the history tells seconds
                return Decimal(str(key or words)) / 60
            case Kind.DATE:
                return date.fromisoformat(str(key or words)[:10])
            case Kind.CHOICE if key:
                return Choice(str(key), str(words or ""))
            case Kind.CHOICES if key and str(key).startswith("["):  # as of lists that take several: [10, 11]
                return frozenset(Choice(one) for one in str(key).strip("[]").split(", "))
            case Kind.PERSON if key:
                return Person(str(key), name=str(words or ""))
    except (ValueError, ArithmeticError):
        return MISSING
    return MISSING


def stored(after: Snapshot, told: Mapping[str, Maybe]) -> Snapshot:
    """The record as the write left it: what somebody wrote later is found by a run of its own."""
    fields = {name: value for name, value in told.items() if value is not MISSING}
    return Snapshot(after.ref, {**after.fields, **fields}, after.url, after.changed_at, after.parent)
