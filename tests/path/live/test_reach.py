"""The live machine's laws find planted bugs: one short play that holds without them, and with each of them does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Rule
from crosswalk.merge.values import Value
from crosswalk.sync.bridge import Bridge
from tests.path.live.plays import replay
from tests.path.live.test_machine import opened
from tests.path.matrix.bugs import Around, ClearDropped, SetOverwritten, on
from tests.path.system import System


class HalfWritten(Around):
    """Of an edit of several fields only the first is sent."""

    def update(self, ref: Ref, changes: Mapping[str, Value]) -> Any:
        return self.real.update(ref, dict(list(changes.items())[:1]))

    def exchange(self, _ref: Ref, _changes: Mapping[str, Value]) -> None:
        """Never taken."""


class ReadOnce(Around):
    """What was read once is believed for ever."""

    known: ClassVar[dict[Ref, Any]] = {}

    def read(self, refs: Sequence[Ref]) -> Any:
        self.known.update(self.real.read([ref for ref in refs if ref not in self.known]))
        return {ref: self.known[ref] for ref in refs}


class NameNotCarried(Around):
    """A line of the mapping is not at work."""

    def rules(self, *args: Any) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.real.rules(*args) if rule.name != "Name")


BUGS: Mapping[str, Callable[[Bridge], Bridge]] = {
    "clear not carried": on("right", ClearDropped),
    "clear not carried back": on("left", ClearDropped),
    "set overwritten": on("book", SetOverwritten),
    "half written": on("right", HalfWritten),
    "read once": on("right", ReadOnce),
    "name not carried": on("book", NameNotCarried),
}
PLAY: list[Any] = [
    ["start", {"requirements": 0}],
    ["people_act", {"todo": [("due", 0, "aha", 1, 1), ("due", 1, "jira", 1, 1), ("tags", 0, "aha", 1, 1)]}],
    ["workers_run", {}],
    ["people_act", {"todo": [("due", 0, "aha", 0, 1), ("due", 1, "jira", 0, 1)]}],
    ["two_people_edit_the_same", {"number": 0, "field": "tags", "picks": (1, 1)}],
    ["workers_run", {}],
    ["people_act", {"todo": [("name", 0, "aha", 1, 1), ("name", 1, "jira", 1, 1)]}],
    ["workers_run", {}],
]


def test_every_planted_bug_is_found(cloud: System) -> None:
    machine = opened(cloud)
    found = {}
    for name, bug in {"nothing": lambda bridge: bridge, **BUGS}.items():
        wrong: Any = type("WrongMachine", (machine,), {"bug": staticmethod(bug)})
        found[name] = fails(wrong, cloud)
    assert not found.pop("nothing")
    assert [name for name, broken in found.items() if not broken] == []


def fails(machine: Any, system: System) -> str:
    """What does not hold; "" where everything does."""
    try:
        replay(machine, system.now().isoformat(), PLAY)
    except AssertionError as broken:
        return str(broken) or "something"
    return ""
