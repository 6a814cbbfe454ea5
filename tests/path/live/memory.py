"""What people did to fields since both sides were last in step over them, and what these may hold now.

The oracle knows no merge: where one side alone was edited, its last word holds; where both were, one of the two last
words; and what nobody touched stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from tests.path.live.people import FIELDS, Twins

Place = tuple[str, str]
"""A record's id in Aha!, and a field; of a set one entry of it, `set:entry`."""


@dataclass
class Since:
    """Edits since the last rest: the last word of each side, and all of them."""

    last: dict[str, Any] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)  # sides on which somebody put anything there once both had agreed
    every: list[Any] = field(default_factory=list)
    raced: bool = False  # somebody edited while a worker was between its look and its write


class Memory:
    """Every field of every record that somebody touched, or that was seen at rest."""

    def __init__(self) -> None:
        self.rest: dict[Place, Any] = {}
        self.since: defaultdict[Place, Since] = defaultdict(Since)

    def did(self, at: Twins, key: str, side: str, value: Any, *, raced: bool, begun: bool = True) -> None:
        """Somebody set `key` of a record to `value` on `side`; `begun`: both sides had agreed on anything before."""
        since = self.since[at.id, key]
        since.last[side] = value
        since.filled |= {side} if begun and value is not None else set()
        since.every.append(value)
        since.raced = since.raced or raced

    def may_follow(self, at: Twins, key: str) -> None:
        """A server may change `key` by itself: nobody can say what it holds until both sides are next at rest."""
        self.rest.pop((at.id, key), None)
        self.since[at.id, key].raced = True

    def forget(self, at: Twins, key: str) -> None:
        """Nothing is asked of `key` until both sides are next alike."""
        self.rest.pop((at.id, key), None)
        self.since.pop((at.id, key), None)

    def open(self, at: Twins) -> bool:
        """Whether somebody touched the record since it was last seen at rest."""
        return any(place[0] == at.id for place in self.since)

    def settle(self, at: Twins, aha: dict[str, Any], jira: dict[str, Any]) -> None:
        """The pair is at rest: what both sides hold alike is what they have to hold, and counts from here on."""
        touched = {key for number, key in self.since if number == at.id}
        for key in sorted({*aha, *jira, *touched}):
            here, there = value_of(aha, key), value_of(jira, key)
            if here == there:
                self.check(at, key, here)
                self.rest[at.id, key] = here
                self.since.pop((at.id, key), None)

    def check(self, at: Twins, key: str, value: Any) -> None:
        """`value` is one that `key` may hold."""
        allowed = self.allowed((at.id, key))
        assert allowed is None or value in allowed, f"{key} of {at} is {value!r} on both sides, not {allowed}"

    def explain(self, at: Twins, held: dict[str, Any], but: Collection[str] = ()) -> None:
        """Whatever a side holds at any moment, it held at the last rest or somebody wrote it since. Not asked of `but`:
        a status may be on its way through others."""
        for (number, key), rest in self.rest.items():
            if number == at.id and key not in but:
                since = self.since.get((number, key), Since())
                value = value_of(held, key)
                could = [rest, *since.every, *self.unread((number, key))]
                assert value in could, f"{key} of {at} is {value!r}, which nobody wrote"

    def unread(self, place: Place) -> Collection[Any]:
        """What somebody wrote before both sides were last alike, and Crosswalk may not have read until now."""
        return ()

    def spoke(self, place: Place, side: str) -> bool:
        """Whether both sides ever were alike there, or somebody put something there on `side` after they first agreed
        on anything: what came and went before that no look can have seen, nor that somebody emptied what was empty."""
        since = self.since.get(place)
        return place in self.rest or (since is not None and side in since.filled)

    def allowed(self, place: Place) -> list[Any] | None:
        """What a field may hold once both sides agree; None where nobody can say."""
        before, since = self.rest.get(place, place), self.since.get(place)
        if since is None:
            return None if before == place else [before]
        line = FIELDS.get(place[1])
        speaks = {"to jira": ("aha",), "to aha": ("jira",)}.get(line.direction if line else "", ("aha", "jira"))
        said = [since.last[side] for side in speaks if side in since.last]
        if since.raced or not said:
            return None if before == place else [before, *(since.every if since.raced else ())]
        return said


def value_of(held: dict[str, Any], key: str) -> Any:
    """What a side holds; what is not in a set is not there."""
    return held.get(key, False if ":" in key else None)
