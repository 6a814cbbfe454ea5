"""Turns a value of one type into another's: what the words in the table of conversions.py stand for. Pure; total."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from crosswalk import richtext
from crosswalk.errors import Refused
from crosswalk.merge.rules import Translation, Untranslatable
from crosswalk.merge.values import Choice, Element, Maybe, Person, Rich, Value
from crosswalk.sync.missing import no_option
from crosswalk.sync.translate import Labels, People, RichText

LINE = 255  # a text field of Jira holds so many characters
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def _not(value: Value, wanted: str) -> Untranslatable:
    return Untranslatable(
        f"{wanted} was expected, not {type(value).__name__.lower()}", "Map it to a field of its own kind.", "F10"
    )


class Short:
    """A text and one line of Jira's."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The text on one line; one that is too long is refused rather than cut."""
        if not isinstance(value, str):
            return value if value is None else _not(value, "a text")
        line = " ".join(value.splitlines()).strip()
        if len(line) > LINE:
            why = f"a text field in Jira holds {LINE} characters, this text has {len(line):,}"
            return Untranslatable(why, "Shorten it, or map it to a paragraph field.", "F7")
        return line or None

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The text."""
        return value if value is None or isinstance(value, str) else _not(value, "a text")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text and formatted text of some format: a paragraph there, the words here."""

    format: str

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The text as a paragraph."""
        if not isinstance(value, str):
            return value if value is None else _not(value, "a text")
        html = Rich("html", f"<p>{escape(value)}</p>")
        return html if self.format == "html" else RichText(self.format).to_right(html)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The words, on one line."""
        if not isinstance(value, Rich):
            return value if value is None else _not(value, "formatted text")
        try:
            source: Any = json.loads(value.source) if value.format == "adf" else value.source
            return " ".join(richtext.plain_text(value.format, source).split()) or None
        except Refused as error:
            return Untranslatable(error.message, error.remedy, error.code)


class Link:
    """A text and an address."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The text, if it is an address."""
        if value is None or (isinstance(value, str) and ADDRESS.fullmatch(value.strip())):
            return value.strip() if isinstance(value, str) else None
        return Untranslatable(f"“{value}” is not an address", "Write one such as https://example.com/page.", "F10")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The address."""
        return value if value is None or isinstance(value, str) else _not(value, "an address")


class Digits:
    """A text and a number (error catalogue F11)."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The number that a text spells."""
        if not isinstance(value, str):
            return value if value is None else _not(value, "a text of digits")
        try:
            number = Decimal(value.strip().replace("\N{MINUS SIGN}", "-"))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        return Untranslatable(f"“{value}” is not a number", "Write a number such as 12 or 3.5.", "F11")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The digits, as short as can be."""
        if not isinstance(value, Decimal):
            return value if value is None else _not(value, "a number")
        return f"{value.normalize():f}" if value else "0"


@dataclass(frozen=True, slots=True)
class Iso:
    """A text and a date, or a moment."""

    moment: bool

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The date or moment that a text such as 2027-01-31 spells."""
        if not isinstance(value, str):
            return value if value is None else _not(value, "a text")
        try:
            if self.moment:
                found = datetime.fromisoformat(value.strip())
                return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
            return date.fromisoformat(value.strip())
        except (ValueError, OverflowError):
            return Untranslatable(f"“{value}” is not a date", "Write one such as 2027-01-31.", "F10")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The date as text."""
        if isinstance(value, datetime) == self.moment and isinstance(value, date):
            return value.isoformat()
        return value if value is None else _not(value, "a date")


class Noon:
    """A date and a moment: noon in UTC is the same day from Honolulu to Auckland."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """Noon of the day."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time(12), UTC)
        return value if value is None else _not(value, "a date")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The day in UTC."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).date()
        return value if value is None else _not(value, "a moment")


@dataclass(frozen=True, slots=True)
class Options:
    """What both fields can hold, and a table from Aha!'s names to Jira's; a closed field takes nothing else."""

    aha: tuple[Choice, ...] = ()
    jira: tuple[Choice, ...] = ()
    table: Mapping[str, str] | None = None
    aha_closed: bool = False
    jira_closed: bool = False

    def to_jira(self, name: str) -> Choice | None:
        """The Jira option for an Aha! one: by the table, else by equal name."""
        wanted = _folded(self.table or {}).get(name.casefold(), name)
        found = next((one for one in self.jira if one.name.casefold() == wanted.casefold()), None)
        return found or (None if self.jira_closed else Choice(wanted, wanted))

    def to_aha(self, name: str) -> str | None:
        """The Aha! option for a Jira one: by the table read backwards, else by equal name."""
        back = {jira.casefold(): aha for aha, jira in reversed(list((self.table or {}).items()))}
        wanted = back.get(name.casefold(), name)
        found = next((one.name for one in self.aha if one.name.casefold() == wanted.casefold()), None)
        return found or (None if self.aha_closed else wanted)


def _folded(table: Mapping[str, str]) -> dict[str, str]:
    return {name.casefold(): other for name, other in table.items()}


@dataclass(frozen=True, slots=True)
class Named:
    """The text of an option in Aha! and a choice in Jira (error catalogue F9)."""

    options: Options
    field: str = ""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The choice that stands for a text."""
        if not isinstance(value, str):
            return value if value is None else _not(value, "the text of an option")
        return self.options.to_jira(value) or no_option(value, "Jira", self.field)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The text that stands for a choice."""
        if not isinstance(value, Choice):
            return value if value is None else _not(value, "a choice")
        name = value.name or value.id
        return self.options.to_aha(name) or no_option(name, "Aha!", self.field)


@dataclass(frozen=True, slots=True)
class Label:
    """The text of an option or a tag in Aha! and a label in Jira, which holds no spaces."""

    options: Options

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The label."""
        wanted = _folded(self.options.table or {}).get(value.casefold(), value) if isinstance(value, str) else value
        return Labels().to_right(wanted)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The option that would become this label; where any text is taken, the label itself."""
        if not isinstance(value, str):
            return value if value is None else _not(value, "a label")
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
            return value if value is None else _not(value, "a list")
        if len(value) > 1:
            held = ", ".join(sorted(map(_name, value)))
            return Untranslatable(f"only one value has a place there, and these are {held}", "Keep one of them.", "F10")
        return self.each.to_left(next(iter(value))) if value else None


@dataclass(frozen=True, slots=True)
class Joined:
    """A text and a list: the entries between commas, in the order of the alphabet."""

    each: Translation
    whole: bool = True

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The list that a text tells."""
        if value is None:
            return frozenset()
        if not isinstance(value, str):
            return _not(value, "a text")
        return _list([self.each.to_right(part) for entry in value.split(",") if (part := entry.strip())])

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The entries between commas."""
        if not isinstance(value, frozenset):
            return value if value is None else _not(value, "a list")
        names = [self.each.to_left(one) for one in value]
        if refused := [name for name in names if isinstance(name, Untranslatable)]:
            return refused[0]
        if split := [name for name in names if "," in str(name)]:
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
            return value if value is None else _not(value, "an e-mail address")
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
        return _name(value) if isinstance(value, Choice | Person) else value if value is None else _not(value, "a name")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Its name."""
        return self.to_right(value)


class Tagged:
    """A record with a name, shown as a label."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """Its name as a label."""
        return Labels().to_right(_name(value)) if isinstance(value, Choice) else _not(value, "a record")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Nothing can be read out of a label."""
        return _not(value, "a record")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record or a status with a name, shown as the choice of that name."""

    each: Translation

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The choice of that name."""
        return self.each.to_right(_name(value)) if isinstance(value, Choice) else self.each.to_right(value)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Nothing can be read out of a choice."""
        return value if value is None else _not(value, "a record")


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value of a Jira field, whatever Aha! holds."""

    value: Value
    whole: bool = True

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The fixed value."""
        del value
        return self.value

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Nothing is read out of it."""
        return _not(value, "nothing")


def constant(text: str, form: Translation, now: Maybe) -> Translation:
    """The translation that sets what `text` means by `form`; to a list that holds `now`, its entries are added."""
    meant = form.to_right(text)
    if isinstance(meant, Untranslatable):
        return Never(meant)
    if isinstance(meant, frozenset) and isinstance(now, frozenset):
        return Constant(meant | now)
    return Constant(meant)


@dataclass(frozen=True, slots=True)
class Never:
    """A translation that has no value to give, and says why."""

    why: Untranslatable
    whole: bool = True

    def to_right(self, value: Value) -> Value | Untranslatable:
        """Why not."""
        del value
        return self.why

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Why not."""
        del value
        return self.why
