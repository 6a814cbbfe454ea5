"""A ledger and servers that say what happens to them, so that a machine can interfere and judge every write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import (
    Draft,
    Exchanged,
    Failed,
    Gone,
    Made,
    Mark,
    Ref,
    Snapshot,
    Steps,
    Unsaid,
    Wrote,
    untold,
)
from crosswalk.merge.rules import Direction, Policy, Rule, Side, Untranslatable
from crosswalk.merge.values import Choice, Value
from crosswalk.sync.ports import Ledger
from tests.fakes.side import MemorySide
from tests.sync.world import BUILDING, DOING, NEW, STATUS, TODO, SmallBook


class Killed(BaseException):
    """The process is no more. Nothing in the story may catch it."""


class WatchedLedger:
    """Passes every call on to the real ledger, and tells `at` before and after it: ("before", "guard")."""

    def __init__(self, inner: Ledger, at: Callable[[str, str], None]) -> None:
        self._inner, self._at = inner, at

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*given: object, **named: object) -> object:
            self._at("before", name)
            answer = method(*given, **named)
            self._at("after", name)
            return answer

        return call


class Server(MemorySide):
    """A server that tells `at` of every call, `wrote` of every field it is about to take: (ref, name, value), and
    `going` of every record that it is about to delete.

    It stores a note with a full stop at its end, as servers do that rewrite what they are given. `hidden` and
    `busy_reads` are faults of reading.
    """

    at: Callable[[str, str], None]
    wrote: Callable[[MemorySide, str, Ref, str, Value], None]
    going: Callable[[MemorySide, Ref], None]
    dots = False
    busy_reads = 0

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        self.at("before", f"read {self.prefix}")
        if self.busy_reads:
            self.busy_reads -= 1
            raise errors.TooMany("read: 429", wait=5)
        return super().read(refs)

    def create(self, drafts: Sequence[Draft]) -> Sequence[Made | Failed]:
        self.at("before", "create children" if drafts[0].parent else "create")
        return super().create(drafts)

    def find(self, tokens: Sequence[str], kind: str, since: Any) -> Mapping[str, Ref]:
        self.at("before", "find")
        return super().find(tokens, kind, since)

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        self.at("before", f"update {self.prefix}")
        return super().update(ref, changes, told)

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        self.at("before", f"exchange {self.prefix}")
        return super().exchange(ref, changes)

    def mark(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, CrosswalkError]:
        self.at("before", "mark")
        return super().mark(marks)

    def delete(self, ref: Ref) -> None:
        self.at("before", "delete")
        self.going(self, ref)
        super().delete(ref)

    def _take(self, call: str, ref: Ref, taken: Mapping[str, Value]) -> None:
        for name, value in taken.items():
            self.wrote(self, call, ref, name, value)
        super()._take(call, ref, taken)

    def stored(self, name: str, value: Value) -> Value:
        return f"{value}." if self.dots and name == "note" and isinstance(value, str) else value


class Dotted:
    """What the right makes of a note: the full stop is the server's own."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        return value

    def to_left(self, value: Value) -> Value | Untranslatable:
        return value.removesuffix(".") if isinstance(value, str) else value


RULES = (
    Rule("Name", "name", "summary"),
    Rule("Status", "status", "status", Direction.TO_LEFT, translation=STATUS),
    Rule("Size", "size", "size", Direction.TO_RIGHT),
    Rule("Tags", "tags", "labels"),
    Rule("Note", "note", "note", policy=Policy.ASK, translation=Dotted()),
)
BLOCKED = Choice("j9", "Blocked")  # has no counterpart on the left
NONE: frozenset[Any] = frozenset()
FRESH: dict[Side, dict[str, Value]] = {
    Side.LEFT: {"name": "", "status": NEW, "size": None, "tags": NONE, "note": None},
    Side.RIGHT: {"summary": "", "status": TODO, "size": None, "labels": NONE, "note": None},
}
NAMED: list[Value] = ["a", "b", "c"]
SETS: list[Value] = [NONE, frozenset("x"), frozenset("xy")]
VALUES: dict[Side, dict[str, list[Value]]] = {
    Side.LEFT: {
        "Name": NAMED,
        "Status": [NEW, BUILDING],
        "Size": ["S", "M"],
        "Tags": SETS,
        "Note": ["m", "n"],
    },
    Side.RIGHT: {
        "Name": NAMED,
        "Status": [TODO, DOING, BLOCKED],
        "Size": ["S", "M"],
        "Tags": SETS,
        "Note": ["m.", "n."],
    },
}


class MachineBook(SmallBook):
    """The machine's five rules for features and requirements, the name alone for releases. Deletes are carried."""

    def rules(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Rule, ...]:
        return RULES[:1] if kind == "release" else RULES

    def removed(self, kind: str, side: Side) -> str:
        return "ask" if kind == "release" else "delete"
