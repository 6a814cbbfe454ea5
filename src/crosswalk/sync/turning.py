"""Turns a value of one type into another's: what the words in the table of conversions.py stand for. Pure; total."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from html import escape
from math import isfinite
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crosswalk import richtext
from crosswalk.errors import Refused
from crosswalk.merge.rules import Translation, Untranslatable
from crosswalk.merge.values import Choice, Element, Maybe, Person, Rich, Value
from crosswalk.richtext.limits import units
from crosswalk.sync.shown import parsed
from crosswalk.sync.translate import RichText

LINE = 255  # a text field of Jira holds so many characters
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)  # 1_000 is a name, not a thousand
DAY = re.compile(r"\d{4}-?\d\d-?\d\d", re.ASCII)
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def unexpected(value: Value, wanted: str) -> Untranslatable:
    """A value of another kind than its field holds."""
    return Untranslatable(
        f"{wanted} was expected, not {type(value).__name__.lower()}", "Map it to a field of its own kind.", "F10"
    )


class Short:
    """A text and one line of Jira's."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The text on one line; one that is too long is refused rather than cut."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "a text")
        line = " ".join(value.splitlines()).strip()
        if (length := units(line)) > LINE:
            why = f"a text field in Jira holds {LINE} characters, this text has {length:,}"
            return Untranslatable(why, "Shorten it, or map it to a paragraph field.", "F7")
        return line or None

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The text."""
        return value if value is None or isinstance(value, str) else unexpected(value, "a text")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text and formatted text of some format: a paragraph there, the words here."""

    format: str

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The text as a paragraph."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "a text")
        html = Rich("html", f"<p>{escape(value)}</p>")
        return html if self.format == "html" else RichText(self.format).to_right(html)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The words, on one line."""
        if not isinstance(value, Rich):
            return value if value is None else unexpected(value, "formatted text")
        try:
            return " ".join(richtext.plain_text(value.format, parsed(value)).split()) or None
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
        return value if value is None or isinstance(value, str) else unexpected(value, "an address")


class Digits:
    """A text and a number (error catalogue F11)."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The number that a text spells."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "a text of digits")
        spelled = value.strip().replace("\N{MINUS SIGN}", "-")
        if NUMBER.fullmatch(spelled) and isfinite(float(spelled)):
            return Decimal(spelled)
        return Untranslatable(f"“{value}” is not a number", "Write a number such as 12 or 3.5.", "F11")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The digits, as short as can be."""
        if not isinstance(value, Decimal):
            return value if value is None else unexpected(value, "a number")
        return f"{value.normalize():f}" if value else "0"


@dataclass(frozen=True, slots=True)
class Iso:
    """A text and a date, or a moment. A text that names no offset is of the time zone `zone`; a day alone its noon."""

    moment: bool
    zone: str = ""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The date or moment that a text such as 2027-01-31 spells."""
        if not isinstance(value, str):
            return value if value is None else unexpected(value, "a text")
        try:
            if not self.moment:
                return date.fromisoformat(value.strip())
            if DAY.fullmatch(value.strip()):
                return Noon(self.zone).to_right(date.fromisoformat(value.strip()))
            found = datetime.fromisoformat(value.strip())
            return (found if found.tzinfo else found.replace(tzinfo=zone_of(self.zone))).astimezone(UTC)
        except (ValueError, OverflowError):
            return Untranslatable(f"“{value}” is not a date", "Write one such as 2027-01-31.", "F10")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The date as text."""
        if isinstance(value, datetime) == self.moment and isinstance(value, date):
            return value.isoformat()
        return value if value is None else unexpected(value, "a date")


@dataclass(frozen=True, slots=True)
class Noon:
    """A date and a moment, in a time zone by its name ("Europe/Oslo"); one that is not known counts as UTC."""

    zone: str = ""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """Noon of the day."""
        if not isinstance(value, date) or isinstance(value, datetime):
            return value if value is None else unexpected(value, "a date")
        try:
            return datetime.combine(value, time(12), zone_of(self.zone)).astimezone(UTC)
        except OverflowError:
            return datetime.combine(value, time(12), UTC)  # the first or the last day there is

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The day."""
        if not isinstance(value, datetime):
            return value if value is None else unexpected(value, "a moment")
        try:
            return value.astimezone(zone_of(self.zone)).date()
        except OverflowError:
            return value.astimezone(UTC).date()


def zone_of(name: str) -> tzinfo:
    """The time zone that the tz database calls `name`; UTC where it knows none."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


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
        return unexpected(value, "nothing")


def constant(text: str, form: Translation, now: Maybe) -> Translation:
    """The translation that sets what `text` means by `form`; to a list that holds `now`, its entries are added."""
    meant = form.to_right(text)
    if isinstance(meant, Untranslatable):
        return Never(meant)
    if isinstance(meant, frozenset) and isinstance(now, frozenset):
        return Constant(meant | now)
    return Constant(meant)


@dataclass(frozen=True, slots=True)
class Beside:
    """The translation of a list that holds constants besides: they stay in Jira, and are nobody's entry in Aha!."""

    inner: Translation
    own: frozenset[Element]

    def to_right(self, value: Value) -> Value | Untranslatable:
        """What the inner translation makes of it."""
        return self.inner.to_right(value)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Nothing of a constant; of everything else what the inner translation makes of it."""
        return None if isinstance(value, str | Choice | Person) and value in self.own else self.inner.to_left(value)


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
