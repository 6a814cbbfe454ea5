"""What a field can hold, and how it is written down. Knows nothing of any product; compares, never converts.

Three kinds of nothing are kept apart: `None` is *empty* (somebody cleared it, and clearing travels), `MISSING` is
*not readable or not mapped* (never compared, never written), and a field that is absent from a snapshot is MISSING.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from string import ascii_uppercase
from typing import Any, Final, TypeAlias


class Missing(Enum):
    """The type of MISSING; an enum of one, so that type checkers can tell it from every value."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Rich:
    """Formatted text in one side's own format, exactly as that side stored it.

    `format` is "html", "adf" or "wiki"; `source` is the text, or for "adf" the document as canonical JSON (sorted keys,
    no spaces). Two values are the same only when the side stored the same text: formats are never compared. `lost` is
    what a conversion into this format gave up, in words; nothing of what a side stored.
    """

    format: str
    source: str
    lost: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A person on one side. The same person when `id` is the same; e-mail and name are for finding and showing.

    `active` is as the side said it when it showed the person, and is not kept in what is agreed.
    """

    id: str
    email: str = field(default="", compare=False)
    name: str = field(default="", compare=False)
    active: bool = field(default=True, compare=False)

    def has_address(self, address: str) -> bool:
        """Whether this is the person's e-mail address, letter by letter; the case of A to Z alone does not count."""
        return bool(self.email) and _small(self.email) == _small(address.strip())


_SMALL = {ord(letter): letter.lower() for letter in ascii_uppercase}


def _small(address: str) -> str:
    """Other letters keep their case: in lower case, a Kelvin sign is a k."""
    return address.translate(_SMALL)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list a side keeps (a status, an option, a version). The same when `id` is the same.

    `category` groups entries where the side does so (a status category such as "new", "indeterminate", "done").
    """

    id: str
    name: str = field(default="", compare=False)
    category: str = field(default="", compare=False)


Element: TypeAlias = str | Choice | Person
Scalar: TypeAlias = str | bool | Decimal | date | datetime | Rich | Person | Choice
Value: TypeAlias = Scalar | frozenset[Element] | None
Maybe: TypeAlias = Value | Missing


def dump(value: Maybe) -> Any:
    """`value` as JSON-able data that `load` turns back into an equal value, names and all; sets in a stable order."""
    match value:
        case Missing():
            return {"missing": True}
        case None | bool() | str():
            return value
        case Decimal():
            return {"number": str(value)}
        case datetime():
            return {"moment": value.astimezone(UTC).isoformat()}
        case date():
            return {"date": value.isoformat()}
        case Rich(fmt, source):
            return {"rich": fmt, "source": source}
        case Person(id_, email, name):
            return {"person": id_, "email": email, "name": name}
        case Choice(id_, name, category):
            return {"choice": id_, "name": name, "category": category}
        case frozenset():
            return {"set": sorted((dump(element) for element in value), key=repr)}
    raise TypeError(f"not a value: {value!r}")


_READS: Mapping[str, Callable[[str], Value]] = {
    "number": Decimal,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def load(data: Any) -> Maybe:
    """The value that `dump` wrote down. Raises ValueError for anything else."""
    if data is None or isinstance(data, bool | str):
        return data
    # Each run loads some hundred of these: the ones there are most of come first, and no patterns are matched.
    if isinstance(data, dict):
        if isinstance(id_ := data.get("choice"), str):
            return Choice(id_, data.get("name", ""), data.get("category", ""))
        if isinstance(elements := data.get("set"), list):
            return frozenset(_element(load(element)) for element in elements)
        if isinstance(fmt := data.get("rich"), str) and isinstance(source := data.get("source"), str):
            return Rich(fmt, source)
        if isinstance(id_ := data.get("person"), str):
            return Person(id_, data.get("email", ""), data.get("name", ""))
        if data.get("missing") is True:
            return MISSING
        for name, reads in _READS.items():
            if isinstance(text := data.get(name), str):
                return reads(text)
    raise ValueError(f"not a value that was written down: {data!r}")


def _element(value: Maybe) -> Element:
    if isinstance(value, str | Choice | Person):
        return value
    raise ValueError(f"not an element of a set: {value!r}")


def show(value: Maybe, limit: int = 120) -> str:
    """`value` as a person reads it on one line, at most `limit` characters."""
    match value:
        case Missing():
            text = "(not read)"
        case None:
            text = "(empty)"
        case bool():
            text = "yes" if value else "no"
        case Rich(source=source):
            text = source
        case Person(id_, email, name):
            text = name or email or id_
        case Choice(id_, name):
            text = name or id_
        case frozenset():
            text = ", ".join(sorted(show(element) for element in value)) or "(none)"
        case Decimal():
            text = f"{value.normalize():f}"  # 2400.0 and 2400 are one number to a person
        case _:
            text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
