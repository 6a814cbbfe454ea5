"""Turns names, options, lists and people of one side into the other's: those words of conversions.py. Pure; total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from crosswalk.merge.rules import Translation, Untranslatable
from crosswalk.merge.values import Choice, Element, Person, Value
from crosswalk.sync.missing import no_option
from crosswalk.sync.translate import Labels, People
from crosswalk.sync.turning import unexpected

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What both fields can hold, and a table from Aha!'s names to Jira's; a closed field takes nothing else.

    Where Jira's options are those of one issue type, `of_type` is its name: then the table names options of other
    types, too.
    """

    aha: tuple[Choice, ...] = ()
    jira: tuple[Choice, ...] = ()
    table: Mapping[str, str] | None = None
    aha_closed: bool = False
    jira_closed: bool = False
    of_type: str = ""

    def to_jira(self, name: str) -> Choice | None:
        """The Jira option for an Aha! one: by the table, else by equal name."""
        wanted = _looked_up(self.table or {}, name) or name
        known = {one.name: one for one in reversed(self.jira)}
        found = _looked_up(known, wanted) or (_looked_up(known, name) if self.of_type else None)
        return found or (None if self.jira_closed else Choice(wanted, wanted))

    def to_aha(self, name: str) -> str | None:
        """The Aha! option for a Jira one: by the table read backwards, else by equal name."""
        wanted = _looked_up({jira: aha for aha, jira in reversed(list((self.table or {}).items()))}, name) or name
        found = _looked_up({one.name: one.name for one in reversed(self.aha)}, wanted)
        return found or (None if self.aha_closed else wanted)


def _looked_up(table: Mapping[str, T], name: str) -> T | None:
    """What stands under `name`: written just so, else whatever its case."""
    if name in table:
        return table[name]
    return {known.casefold(): found for known, found in table.items()}.get(name.casefold())


@dataclass(frozen=True, slots=True)
class Named:
    """The text of an option in Aha! and a choice in Jira (error catalogue F9)."""

    options: Options
    field: str = ""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The choice that stands for a text."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "the text of an option")
        return self.options.to_jira(value) or no_option(value, "Jira", self.field, self.options.of_type)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The text that stands for a choice."""
        if not isinstance(value, Choice):
            return value if value is None else unexpected(value, "a choice")
        name = value.name or value.id
        return self.options.to_aha(name) or no_option(name, "Aha!", self.field)


@dataclass(frozen=True, slots=True)
class Label:
    """The text of an option or a tag in Aha! and a label in Jira, which holds no spaces."""

    options: Options

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The label."""
        wanted = (_looked_up(self.options.table or {}, value) or value) if isinstance(value, str) else value
        return Labels().to_right(wanted)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The option that would become this label; where any text is taken, the label itself."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "a label")
        names = [*(self.options.table or {}), *(one.name for one in self.options.aha)]
        found = next((name for name in names if self.to_right(name) == value), None)
        if found is None and self.options.aha_closed:
            found = next((n for n in names if str(self.to_right(n)).casefold() == value.casefold()), None)
            return found or no_option(value, "Aha!", "")
        return found or value


@dataclass(frozen=True, slots=True)
class One:
    """A single value and a list: the list holds just that one."""

    each: Translation
    whole: bool = True

    def to_right(self, value: Value) -> Value | Untranslatable:
        """A list of one, or an empty one."""
        if value is None:
            return frozenset()
        return _list([self.each.to_right(value)])

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The one entry; two have no place in a single value."""
        if not isinstance(value, frozenset):
            return value if value is None else unexpected(value, "a list")
        if len(value) > 1:
            held = ", ".join(sorted(map(_name, value)))
            return Untranslatable(f"only one value has a place there, and these are {held}", "Keep one of them.", "F10")
        return self.each.to_left(next(iter(value))) if value else None


@dataclass(frozen=True, slots=True)
class Joined:
    """A text and a list: the entries between commas, in the order of the alphabet. Where the text is never read `back`,
    an entry may hold a comma."""

    each: Translation
    back: bool = True
    whole: bool = True

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The list that a text tells."""
        if value is None:
            return frozenset()
        if not isinstance(value, str):
            return unexpected(value, "a text")
        return _list([self.each.to_right(part) for entry in value.split(",") if (part := entry.strip())])

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The entries between commas."""
        if not isinstance(value, frozenset):
            return value if value is None else unexpected(value, "a list")
        names = [self.each.to_left(one) for one in value]
        if refused := [name for name in names if isinstance(name, Untranslatable)]:
            return refused[0]
        if self.back and (split := [name for name in names if "," in str(name)]):
            return Untranslatable(f"“{split[0]}” holds a comma", "Map the list to a list.", "F10")
        return ", ".join(sorted(str(name) for name in names if name)) or None


def _list(values: list[Value | Untranslatable]) -> Value | Untranslatable:
    found: set[Element] = set()
    for value in values:
        if isinstance(value, Untranslatable):
            return value
        if isinstance(value, str | Choice | Person):
            found.add(value)
    return frozenset(found)


def _name(value: Value) -> str:
    return (value.name or value.id) if isinstance(value, Choice | Person) else str(value)


@dataclass(frozen=True, slots=True)
class Mailed:
    """A user of an Aha! custom field, known by an e-mail address, and a Jira account."""

    people: People

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The account with exactly that address."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "an e-mail address")
        return self.people.to_right(mailed(value))

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The address of the Aha! user."""
        found = self.people.to_left(value)
        return (found.email or found.id) if isinstance(found, Person) else found


def mailed(text: str) -> Person:
    """A person of whom nothing but the e-mail address is known."""
    return Person(text, text if "@" in text else "", text)


class Shown:
    """Something with a name, shown as text on the other side."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """Its name."""
        return (
            _name(value)
            if isinstance(value, Choice | Person)
            else value
            if value is None
            else unexpected(value, "a name")
        )

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Its name."""
        return self.to_right(value)


class Tagged:
    """A record with a name, shown as a label."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """Its name as a label."""
        return Labels().to_right(_name(value)) if isinstance(value, Choice) else unexpected(value, "a record")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Nothing can be read out of a label."""
        return unexpected(value, "a record")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record or a status with a name, shown as the choice of that name."""

    each: Translation

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The choice of that name."""
        return self.each.to_right(_name(value)) if isinstance(value, Choice) else self.each.to_right(value)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Nothing can be read out of a choice."""
        return value if value is None else unexpected(value, "a record")


@dataclass(frozen=True, slots=True)
class Team:
    """A name in Aha! and a team in Jira, which is written by its id: the line's table of options says “name: team”, by
    the team's name or id; else the team of equal name. Names are known of teams that issues of the project show."""

    options: Options = field(default_factory=Options)

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The team that the table names, or of this name."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "a name")
        said = _looked_up(self.options.table or {}, value)
        wanted = said or value
        named = [one for one in self.options.jira if one.name.casefold() == wanted.casefold()]
        if len(named) == 1:
            return named[0]
        if said and not named:
            return Choice(wanted, value)
        why = f"the line's table of options names no Jira team for “{value}”"
        if named:
            why = f"{len(named)} teams in Jira are called “{wanted}”"
        return Untranslatable(
            why, f"Add “{value}: the team's id” to it; the id stands at the end of its address.", "F9"
        )

    def to_left(self, value: Value) -> Value | Untranslatable:
        """What the table calls it, by its id or name; else its own name."""
        if not isinstance(value, Choice):
            return value if value is None else unexpected(value, "a team")
        back = {team.casefold(): name for name, team in reversed(list((self.options.table or {}).items()))}
        seen = next((one.name for one in self.options.jira if one.id == value.id), "")
        own = (value.name if value.name != value.id else "") or seen or value.id
        name = back.get(value.id.casefold()) or back.get(own.casefold()) or own
        return self.options.to_aha(name) or no_option(name, "Aha!", "")
