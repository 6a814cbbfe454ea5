"""WAS and CHANGED: tests over an issue's history. Knows the changelog, no query text.

https://support.atlassian.com/jira-work-management/docs/advanced-search-reference-jql-operators/ : WAS finds issues that
have or had a value, at a time within the predicates' bounds; CHANGED finds a change within them. `BY` is who gave
the value (for the first one whoever created the issue), `ON` is a day of the asker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosswalk_sandbox.jira.compare import Doc, Test, listed
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Change, Item

FIELDS = ("status", "assignee", "reporter", "priority", "resolution", "fixVersions")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the predicates ask for. `since` and `until` are exclusive for CHANGED; WAS asks that the value was held at
    some moment between them. `sources` and `targets` are values before and after a change (None: anything)."""

    people: frozenset[object] | None = None
    since: datetime | None = None
    until: datetime | None = None
    spans: tuple[tuple[datetime, datetime], ...] = ()
    sources: Wanted | None = None
    targets: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Values by id and by the name they had; `empty` asks for none."""

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    empty: bool = False

    def holds(self, identity: str | None, name: str | None) -> bool:
        """Whether one side of a change is wanted."""
        if not identity and not name:
            return self.empty
        return (identity or "") in self.ids or (name or "").lower() in self.names


@dataclass(slots=True)
class Spell:
    """A time during which a field held the same: ids and the names they had, from one moment to another."""

    held: dict[str, str]
    start: datetime
    by: str
    end: datetime | None = None


class History:
    """The history of one field, which is among FIELDS."""

    def __init__(self, site: Site, field_id: str) -> None:
        self.site, self.field_id = site, field_id
        self.people = field_id in ("assignee", "reporter")
        self._keys = {n: p.key for p in site.people.values() for n in (p.account_id, p.name, p.key)}

    def was(self, wanted: Wanted, bounds: Bounds) -> Test:
        """Whether the field held one of the values."""

        def test(doc: Doc) -> bool:
            return any(
                (any(wanted.holds(i, n) for i, n in spell.held.items()) if spell.held else wanted.empty)
                and self._within(spell, bounds)
                for spell in self.spells(doc)
            )

        return test

    def changed(self, bounds: Bounds) -> Test:
        """Whether the field changed."""

        def test(doc: Doc) -> bool:
            return any(
                _between(change.at, bounds)
                and (bounds.people is None or change.author in bounds.people)
                and (bounds.sources is None or bounds.sources.holds(self._key(item.from_id), item.from_text))
                and (bounds.targets is None or bounds.targets.holds(self._key(item.to_id), item.to_text))
                for change, items in self.changes(doc)
                for item in items
            )

        return test

    def known_name(self, lower: str) -> bool:
        """Whether the field ever had a value of this name, though there may be none now."""
        return any(
            lower in ((item.from_text or "").lower(), (item.to_text or "").lower())
            for issue in self.site.issues.values()
            for change in issue.changes
            for item in change.items
            if item.field_id == self.field_id
        )

    def changes(self, doc: Doc) -> Iterator[tuple[Change, list[Item]]]:
        """Each change of the field with its items, oldest first, as far as the index knows."""
        for change in doc.issue.changes:
            if doc.known is not None and change.at > doc.known:
                return
            if items := [item for item in change.items if item.field_id == self.field_id]:
                yield change, items

    def spells(self, doc: Doc) -> list[Spell]:
        """Every time the field held the same, oldest first. The first is worked out backwards from what it holds
        now."""
        changes = list(self.changes(doc))
        held = {str(value): "" for value in self._now(doc)}
        for _, items in reversed(changes):
            for item in reversed(items):
                held.pop(self._key(item.to_id) or "", None)
                if source := self._key(item.from_id):
                    held[source] = item.from_text or ""
        out = [Spell(held, doc.issue.created, doc.issue.creator)]
        for change, items in changes:
            held = dict(held)
            for item in items:
                held.pop(self._key(item.from_id) or "", None)
                if target := self._key(item.to_id):
                    held[target] = item.to_text or ""
            out[-1].end = change.at
            out.append(Spell(held, change.at, change.author))
        return out

    def _now(self, doc: Doc) -> list[object]:
        return [doc.status] if self.field_id == "status" else listed(doc.values.get(self.field_id))

    def _key(self, identity: str | None) -> str | None:
        """A person's key for the id the history has; any other id as it is."""
        return self._keys.get(identity, identity) if identity and self.people else identity

    @staticmethod
    def _within(spell: Spell, bounds: Bounds) -> bool:
        if bounds.people is not None and spell.by not in bounds.people:
            return False
        if bounds.since is not None and spell.end is not None and spell.end <= bounds.since:
            return False
        if bounds.until is not None and spell.start >= bounds.until:
            return False
        return all(spell.start <= end and (spell.end is None or spell.end > start) for start, end in bounds.spans)


def _between(at: datetime, bounds: Bounds) -> bool:
    if bounds.since is not None and at <= bounds.since:
        return False
    if bounds.until is not None and at >= bounds.until:
        return False
    return all(start <= at <= end for start, end in bounds.spans)
