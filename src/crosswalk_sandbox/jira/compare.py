"""How a value in an issue is compared with one in a query: equality, order, words. Knows no field by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosswalk_sandbox.jira.state import Issue, Rich, Value


@dataclass(frozen=True, slots=True)
class Doc:
    """An issue as the index knows it."""

    issue: Issue
    status: str
    type: str
    updated: datetime
    values: dict[str, Value]


Test = Callable[[Doc], bool]
EQUALITY = {"=", "!=", "in", "not in", "is", "is not"}
ORDERED = {*EQUALITY, "<", ">", "<=", ">="}
TEXT = {"~", "!~", "is", "is not"}
NEGATIVE = {"!=", "not in", "!~"}


@dataclass(frozen=True, slots=True)
class Trait:
    """How a field is searched: what an issue has there (as comparable tokens), what a query value means, which
    operators."""

    name: str
    have: Callable[[Doc], list[object]]
    mean: Callable[[str], object]
    operators: Collection[str]


def by_name(named: object) -> Callable[[str], object]:
    """Finds an id by id or by name without regard to case."""
    assert isinstance(named, dict)

    def mean(text: str) -> object:
        if text in named:
            return text
        return next((key for key, thing in named.items() if thing.name.lower() == text.lower()), None)

    return mean


def unresolved(text: str) -> object:
    return "unresolved" if text.lower() == "unresolved" else None


def number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return None


def listed(value: Value) -> list[object]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def words_of(value: Value) -> str:
    return (value.wiki if isinstance(value, Rich) else str(value or "")).lower()


PERIODS = {"y": 365 * 1440, "M": 30 * 1440, "w": 7 * 1440, "d": 1440, "h": 60, "m": 1}


def period(text: str) -> timedelta:
    minutes = sum(int(number) * PERIODS[letter] for number, letter in re.findall(r"(\d+)([yMwdhm])", text))
    return timedelta(minutes=min(minutes, 10**8) * (-1 if "-" in text else 1))


def compare(trait: Trait, operator: str, wanted: list[object]) -> Test:
    have = trait.have
    if operator in ("is", "is not", "=", "!=") and wanted == [None]:
        negated = operator in ("is not", "!=")
        return lambda doc: bool(have(doc)) is negated
    if operator in ("~", "!~"):
        return _contains(have, [str(w).lower() for w in wanted], operator == "!~")
    if operator in ("<", ">", "<=", ">="):
        return _ordered(have, operator, wanted[0])
    exact = set(wanted)
    if operator in NEGATIVE:
        # An empty field is matched by no negative comparison; one has to ask for EMPTY by name.
        return lambda doc: bool(held := have(doc)) and not exact.intersection(held)
    return lambda doc: bool(exact.intersection(held)) if (held := have(doc)) else None in exact


def _contains(have: Callable[[Doc], list[object]], wanted: list[str], negated: bool) -> Test:
    """Full text, roughly: every word of the query occurs; `*` at the end of a word is a wildcard; quotes ask for a
    phrase."""
    phrase = wanted[0].strip()
    if phrase.startswith('"') and phrase.endswith('"') and len(phrase) > 1:
        patterns = [re.escape(phrase[1:-1])]
    else:
        patterns = [re.escape(word.rstrip("*")) + ("" if word.endswith("*") else r"(?!\w)") for word in phrase.split()]
    compiled = [re.compile(r"(?<!\w)" + pattern) for pattern in patterns]

    def test(doc: Doc) -> bool:
        held = [str(text) for text in have(doc)]
        found = any(all(pattern.search(text) for pattern in compiled) for text in held)
        return bool(held) and found is not negated

    return test


def _ordered(have: Callable[[Doc], list[object]], operator: str, wanted: object) -> Test:
    limit = minute(wanted) if isinstance(wanted, datetime) else wanted

    def test(doc: Doc) -> bool:
        for value in have(doc):
            order = _order(value, limit)
            if order is not None and {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator]:
                return True
        return False

    return test


def _order(left: object, right: object) -> int | None:
    """-1, 0 or 1; None for what can not be compared."""
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, float) and isinstance(right, float):
        return (left > right) - (left < right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return (left > right) - (left < right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return (left > right) - (left < right)
    return None
