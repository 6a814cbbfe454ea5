"""Bugs planted in the product, each as somebody could write it; the matrix has to find every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from crosswalk.merge.merge import Base
from crosswalk.merge.records import Steps, untold
from crosswalk.merge.rules import Direction, Rule, Untranslatable
from crosswalk.merge.values import Value
from crosswalk.store.models import Integration
from crosswalk.sync.bridge import Bridge


class Around:
    """Something of the bridge, with one part of it replaced by a subclass."""

    def __init__(self, real: Any, bridge: Bridge) -> None:
        self.real, self.bridge = real, bridge

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


class WrongDirection(Around):
    """Directions are not read."""

    def rules(self, *args: Any) -> tuple[Rule, ...]:
        return tuple(replace(rule, direction=Direction.BOTH) for rule in self.real.rules(*args))


class OnceIgnored(Around):
    """What is to be set once is set at every change."""

    def rules(self, *args: Any) -> tuple[Rule, ...]:
        always = {Direction.ONCE_TO_RIGHT: Direction.TO_RIGHT, Direction.ONCE_TO_LEFT: Direction.TO_LEFT}
        rules = self.real.rules(*args)
        return tuple(replace(rule, direction=always.get(rule.direction, rule.direction)) for rule in rules)


class OffIgnored(Around):
    """A line that is switched off travels."""

    def rules(self, kind: str, *args: Any) -> tuple[Rule, ...]:
        mapping = Integration.objects.get(pk=self.bridge.integration_id).mapping
        off = [line for line in mapping["fields"][kind] if line["direction"] == "off" and line["aha"] == "due_date"]
        more = tuple(Rule(line["name"], line["aha"], line["jira"]) for line in off)
        return (*self.real.rules(kind, *args), *more)


class Whole:
    """A set is taken for one value."""

    whole = True

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def to_right(self, value: Value) -> Value | Untranslatable:
        return self._each(value, self.inner.to_right)

    def to_left(self, value: Value) -> Value | Untranslatable:
        return self._each(value, self.inner.to_left)

    def _each(self, value: Value, turn: Callable[[Any], Any]) -> Value | Untranslatable:
        return frozenset(map(turn, value)) if isinstance(value, frozenset) else None


class SetOverwritten(Around):
    """A set is written as a whole, without a look at what only the other side has."""

    def rules(self, *args: Any) -> tuple[Rule, ...]:
        rules = self.real.rules(*args)
        return tuple(
            replace(rule, translation=Whole(rule.translation)) if rule.name == "Tags" else rule for rule in rules
        )


class ClearDropped(Around):
    """An empty value is taken for none, and not sent."""

    def update(self, ref: Any, changes: Mapping[str, Value], told: Steps = untold) -> Any:
        return self.real.update(ref, {name: value for name, value in changes.items() if value not in (None, "")}, told)


class Dropped(Around):
    """No change of a field is sent."""

    def update(self, ref: Any, changes: Mapping[str, Value], told: Steps = untold) -> Any:
        return self.real.update(ref, {}, told)


class NoBase(Around):
    """Every look meets the pair for the first time, so that our own writes look like edits."""

    def begin(self, pair_id: int) -> Any:
        run, view = self.real.begin(pair_id)
        return run, replace(view, base={})


class RemovalsForgotten(Around):
    """The base does not keep what sets held, so that nothing was ever taken out."""

    def agree(self, run: Any, pair_id: int, base: Base) -> None:
        kept = {name: held for name, held in base.items() if name != "Tags"}
        self.real.agree(run, pair_id, kept)


def on(part: str, wrong: type[Around]) -> Callable[[Bridge], Bridge]:
    """A bridge whose `part` ("book", "ledger", "left", "right") is wrong."""

    def turned(bridge: Bridge) -> Bridge:
        parts: dict[str, Any] = {part: wrong(getattr(bridge, part), bridge)}
        return replace(bridge, **parts)

    return turned


BUGS: Mapping[str, Callable[[Bridge], Bridge]] = {
    "wrong direction": on("book", WrongDirection),
    "once ignored": on("book", OnceIgnored),
    "off ignored": on("book", OffIgnored),
    "set overwritten": on("book", SetOverwritten),
    "clear not carried": on("right", ClearDropped),
    "clear not carried back": on("left", ClearDropped),
    "echo": on("ledger", NoBase),
    "removals forgotten": on("ledger", RemovalsForgotten),
}
