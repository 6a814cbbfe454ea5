"""What a record stands below, across: an Aha! feature, epic or initiative and the Jira issue that is its pair. Pure.

A record above that is in no pair is refused with what to do about it, and nothing moves on either side meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Untranslatable
from crosswalk.merge.values import Choice, Value
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.mapping import creates

PARENT = "parent"
LINKED = "issuelinks"
"""What a line calls the parent where an issue link says it."""
ABOVE = ("feature", "epic", "initiative")
"""The Aha! fields that say what a record stands below; each is called as the kind of record it names."""

BELOW_EPICS = ("feature", "requirement")
"""What may stand below an epic by Data Center's Epic Link."""

Pairs: TypeAlias = Callable[[str, Choice | None, Choice | None], "Found"]
"""Gives, for a kind, the counterparts of an Aha! record and of a Jira issue (by id, or by key)."""


@dataclass(frozen=True, slots=True)
class Found:
    """The counterparts that are known: Aha! id to Jira issue, and Jira id or key to Aha! record."""

    right: Mapping[str, Ref] = field(default_factory=dict)
    left: Mapping[str, Ref] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Above:
    """The translation of a parent of one `kind`. An epic link holds a key (`by_key`), a parent an id; where a link says
    it (`linked`), there may be none."""

    kind: str
    found: Found
    by_key: bool = False
    linked: bool = False

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The Jira issue that the Aha! record above is."""
        if not isinstance(value, Choice):
            return None
        issue = self.found.right.get(value.id)
        if issue is not None:
            return Choice(issue.key if self.by_key else issue.id, issue.key)
        name = value.name or value.id
        return Untranslatable(
            f"The {self.kind} {name}, which it stands below in Aha!, is not sent to Jira",
            f"Send {name} to Jira, or move the record back in Aha!.",
            "L5",
        )

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The Aha! record that the Jira issue above is."""
        if value is None and self.kind == "feature" and not self.linked:
            what = "The issue stands below nothing in Jira any more, and a requirement in Aha! belongs to a feature"
            return Untranslatable(what, "Put the issue below the one that it belongs to, or unlink the two.", "L5")
        if value is None and self.linked:
            what = f"The issue is linked to no {self.kind}'s issue in Jira any more"
            return Untranslatable(what, "Link it (“relates to”) to the issue that it belongs to.", "L5")
        if not isinstance(value, Choice):
            return None
        record = self.found.left.get(value.id)
        if record is not None:
            return Choice(record.id, record.key)
        name = value.name or value.id
        return Untranslatable(
            f"{name}, which it stands below in Jira, is not in step with any {self.kind} in Aha!",
            f"Move the issue below one that is in step, or take {name} away from it.",
            "L5",
        )


def is_above(aha: str, jira: str, links: Collection[str]) -> bool:
    """Whether a line of these two fields says what a record stands below; `links` are the custom fields that do."""
    return aha in ABOVE and (jira in (PARENT, LINKED) or jira in links)


def sent(mapping: Map, kind: str) -> bool:
    """Whether records of `kind` are in step at all: the mapping names a type for them that is not off."""
    return kind in mapping.types and bool(creates(kind, mapping.types[kind]))


def held(record: Snapshot | None, name: str) -> Choice | None:
    """The record above that a field holds."""
    value = record.get(name) if record is not None else None
    return value if isinstance(value, Choice) else None
