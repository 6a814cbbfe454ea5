"""Changes of the world around the API, which a person would make in the product's own settings: by name, undoable.

Knows no vendor; the verbs come from the application. A change lasts until it is undone; what was written in between
stays.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk_sandbox.kernel.clock import Clock

Undo = Callable[[], None]
Known = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a change was asked with. Every value is text."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        """The value, or the default where it is left out."""
        return self.values.get(name) or default

    def number(self, name: str) -> float:
        """A number. Raises ValueError."""
        try:
            found = float(self.values[name])
        except ValueError:
            raise ValueError(f"{name}: {self.values[name]!r} is no number") from None
        if not abs(found) < 1e9:
            raise ValueError(f"{name} is too large")
        return found


@dataclass(frozen=True, slots=True)
class Verb:
    """A change that can be made. `needs` and `may` say what each argument is; `make` does it and answers the way back.

    `make` raises ValueError, saying what is wrong, before it has changed anything.
    """

    name: str
    about: str
    make: Callable[[Given], Undo]
    needs: Mapping[str, str] = field(default_factory=dict)
    may: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Change:
    """A change that is in force."""

    number: int
    verb: Verb
    given: Mapping[str, str]
    undo: Undo


def _nothing_known() -> Known:
    return {}


class World:
    """The verbs of a sandbox and the changes in force. `known` tells the values that an argument can have now."""

    def __init__(self, verbs: Sequence[Verb], known: Callable[[], Known] = _nothing_known) -> None:
        self.verbs = {verb.name: verb for verb in verbs}
        self.known = known
        self.changes: dict[int, Change] = {}
        self._numbers = itertools.count(1)

    def make(self, given: Mapping[str, object]) -> Change:
        """Change the world as `{"do": a verb's name, ...}` says. Raises ValueError saying what is wrong."""
        verb = self.verbs.get(str(given.get("do", "")))
        if verb is None:
            raise ValueError(f"do: {given.get('do')!r} is no change; there are {', '.join(self.verbs)}")
        values = {name: _text(name, value) for name, value in given.items() if name != "do"}
        missing = [name for name in verb.needs if not values.get(name)]
        unknown = sorted(set(values) - set(verb.needs) - set(verb.may))
        if missing or unknown:
            both = [("missing", missing), ("unknown", unknown)]
            raise ValueError(
                f"{verb.name}: " + "; ".join(f"{what}: {', '.join(names)}" for what, names in both if names)
            )
        undo = verb.make(Given(values))
        change = Change(next(self._numbers), verb, values, undo)
        self.changes[change.number] = change
        return change

    def undo(self, number: int | None = None) -> int:
        """Undo the change of that number, or all, the newest first; answers how many."""
        numbers = [number] if number is not None else sorted(self.changes, reverse=True)
        found = [self.changes.pop(one) for one in numbers if one in self.changes]
        for change in found:
            change.undo()
        return len(found)


def _text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{name}: a text or a number is wanted")
    return str(value)


def skew_of(clock: Clock) -> Verb:
    """The verb every sandbox has: its clock is wrong."""

    def make(given: Given) -> Undo:
        seconds = given.number("seconds")
        before, clock.skew = clock.skew, seconds

        def undo() -> None:
            clock.skew = before

        return undo

    about = "The server's clock is wrong: its stamps and its Date header are so many seconds ahead (or behind)."
    return Verb("skew_clock", about, make, {"seconds": "how far ahead; negative: behind"})
