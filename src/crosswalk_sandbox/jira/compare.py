"""How what an issue has in a field is compared with what a query asks for: equality, order, words. Knows no field by
name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from crosswalk_sandbox.jira.jql import Literal
from crosswalk_sandbox.jira.state import Issue, Rich, Value


@dataclass(slots=True)
class Doc:
    """An issue as the index knows it; of its history what happened before `known` (None: all of it)."""

    issue: Issue
    status: str
    type: str
    updated: datetime
    values: dict[str, Value]
    known: datetime | None = None


def present(issue: Issue) -> Doc:
    """The issue as it is now."""
    return Doc(issue, issue.status, issue.type, issue.updated, issue.values)


Test = Callable[[Doc], bool]
Have = Callable[[Doc], list[object]]
Mean = Callable[[Literal], list[object]]
# A group and a place in it: two values are before or after each other only within one group.
Place = tuple[object, Any]

EQUALITY = ("=", "!=", "in", "not in", "is", "is not")
ORDERED = (*EQUALITY, "<", ">", "<=", ">=")
TEXT = ("~", "!~", "is", "is not")
HISTORY = ("was", "was not", "was in", "was not in", "changed")
NEGATIVE = {"!=", "not in", "!~", "is not"}


@dataclass(frozen=True, slots=True)
class Trait:
    """How a field is searched.

    `kind` says which functions fit it. `have` is what an issue holds there, `mean` what a value in a query stands for
    (several things may have one name; none: there is no such value). `place` orders two values, `order` is what ORDER
    BY goes by (None: not possible). `empty` False: a field that always has a value, and refuses to be asked for EMPTY.
    """

    name: str
    kind: str
    have: Have
    mean: Mean
    operators: Collection[str]
    order: Callable[[Doc], Any] | None = None
    place: Callable[[Any], Place | None] = lambda value: (None, value)
    empty: bool = True
    descending: bool = False


def listed(value: Value) -> list[object]:
    """A value as a list."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def words_of(value: Value) -> str:
    """A text as it is searched."""
    return (value.wiki if isinstance(value, Rich) else str(value or "")).lower()


def second(moment: datetime) -> datetime:
    """A moment as the index keeps it: to the second, and in one zone, as moments of different zones compare slowly."""
    if moment.tzinfo is UTC and not moment.microsecond:
        return moment
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).replace(microsecond=0)


def compare(trait: Trait, operator: str, wanted: list[object]) -> Test:
    """The test for one clause. `wanted` are values as `have` gives them; None stands for EMPTY.

    An empty field is matched by no negative comparison; one has to ask for EMPTY by name:
    https://support.atlassian.com/jira-work-management/docs/advanced-search-reference-jql-operators/
    """
    have = trait.have
    if operator in ("<", ">", "<=", ">="):
        return _ordered(trait, operator, wanted)
    if operator in ("~", "!~") and None not in wanted:
        return contains(have, [found for found in wanted if isinstance(found, Words)], negated=operator == "!~")
    exact = set(wanted)
    if operator in NEGATIVE:
        if exact == {None}:
            return lambda doc: bool(have(doc))
        return lambda doc: bool(held := have(doc)) and not exact.intersection(held)
    return lambda doc: bool(exact.intersection(held)) if (held := have(doc)) else None in exact


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _ordered(trait: Trait, operator: str, wanted: list[object]) -> Test:
    have, place, holds = trait.have, trait.place, _HOLDS[operator]
    limits = [limit for value in wanted if value is not None and (limit := place(value)) is not None]

    def test(doc: Doc) -> bool:
        for value in have(doc):
            at = place(value)
            if at is not None and any(at[0] == limit[0] and holds(at[1], limit[1]) for limit in limits):
                return True
        return False

    return test


# ---- words


@dataclass(frozen=True, slots=True)
class Words:
    """A text query: alternatives, each of them words that must occur and words that must not."""

    choices: tuple[tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]], ...]


def read_words(text: str) -> Words | None:
    """A text query; None when it can not be read. No stemming: a word finds itself only.

    Words next to each other must all occur, OR gives a choice, quotation marks ask for a phrase, `+` and `-` in front
    of a word ask for it or against it, `*` and `?` stand for letters:
    https://support.atlassian.com/jira-software-cloud/docs/search-for-issues-using-the-text-field/
    """
    if text.count('"') % 2 or re.search(r"(?:^|\s)(?:[+-]|AND|OR|NOT)$|^(?:AND|OR)\b", text.strip()):
        return None
    choices = []
    for choice in re.split(r"\s+(?:OR|\|\|)\s+", text.strip()):
        needed: list[re.Pattern[str]] = []
        banned: list[re.Pattern[str]] = []
        parts = [part for part in re.findall(r'[+-]?"[^"]*"|\S+', choice) if part not in ("AND", "&&")]
        against = False
        for part in parts:
            if part in ("NOT", "!"):
                against = True
                continue
            pattern = _pattern(part.lstrip("+").removeprefix("-") if part[0] in "+-" else part)
            if pattern is not None:
                (banned if against or part[0] == "-" else needed).append(pattern)
            against = False
        choices.append((tuple(needed), tuple(banned)))
    return Words(tuple(choices))


def _pattern(part: str) -> re.Pattern[str] | None:
    """What one word or phrase looks for; other signs than letters only part words."""
    pieces = re.findall(r"[\w*?]+", part.strip('"').lower())
    if not any(re.search(r"\w", piece) for piece in pieces):
        return None
    return re.compile(r"(?<!\w)" + r"\W+".join(_glob(piece) for piece in pieces))


def _glob(piece: str) -> str:
    """One word with open letters. Each part between stars takes the first place it fits, for good, so that many stars
    do not make matching slow."""
    start, *parts = [re.escape(part).replace(r"\?", r"\w") for part in piece.split("*")]
    if not parts:
        return start + r"(?!\w)"
    *middle, last = parts
    return start + "".join(rf"(?>\w*?{part})" for part in middle if part) + rf"\w*{last}(?!\w)"


def contains(have: Have, wanted: list[Words], *, negated: bool) -> Test:
    """Whether a text of the issue answers the text query."""

    def answers(text: str) -> bool:
        return any(
            all(pattern.search(text) for pattern in needed) and not any(pattern.search(text) for pattern in banned)
            for words in wanted
            for needed, banned in words.choices
        )

    def test(doc: Doc) -> bool:
        held = [str(text) for text in have(doc)]
        return bool(held) and any(answers(text) for text in held) is not negated

    return test


# ---- what a word in a query may mean


class Called(Protocol):
    """Something with a name."""

    @property
    def name(self) -> str: ...


def either(literal: Literal, by_id: Iterable[object], by_name: Iterable[object]) -> list[object]:
    """An unquoted number is an id first, a text a name first; each may also be the other."""
    ids, names = list(by_id), list(by_name)
    return ids or names if literal.number else names or ids


def by_name(things: Mapping[str, Called]) -> Mean:
    """Ids of the things with this name, whatever its case, or with this id."""

    def mean(literal: Literal) -> list[object]:
        lower = literal.text.lower()
        named = [key for key, thing in things.items() if thing.name.lower() == lower]
        return either(literal, [literal.text] if literal.text in things else [], named)

    return mean


def number(literal: Literal) -> list[object]:
    """A number."""
    try:
        return [float(literal.text)] if len(literal.text) < 40 and "_" not in literal.text else []
    except ValueError:
        return []


def words(literal: Literal) -> list[object]:
    """A text query; none that is empty or begins with a single letter left open."""
    if not literal.text.strip() or literal.text.startswith("?"):
        return []
    read = read_words(literal.text)
    return [read] if read else []
