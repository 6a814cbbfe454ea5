"""The plan of a load: which records are made in which order, in groups that go into one request. Pure; values only.

What stands above is made before what stands below it, and each height in the order the records have in Aha!: Jira ranks
what is made later behind what was made before, so the order needs no request of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from crosswalk.merge.records import Ref, Snapshot

A_GROUP = 50
"""Records of one create: the most that Jira takes (operation createIssues)."""

A_PIECE = 20
"""What is stored of many at once: on SQLite nobody else writes meanwhile, and somebody may wait for that."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Item:
    """A record that is to be made across, and what it stands below on its own side."""

    record: Snapshot
    above: Ref | None = None


Wave = tuple[tuple[Item, ...], ...]
"""Records of one height, in groups."""


def waves(records: Iterable[Snapshot]) -> tuple[Wave, Wave]:
    """First `records`, then what stands below them, both in their order."""
    ordered = in_order(records)
    below = [Item(child, record.ref) for record in ordered for child in in_order(record.children)]
    return cut([Item(record) for record in ordered]), cut(below)


def in_order(records: Iterable[Snapshot]) -> list[Snapshot]:
    """By their places; those of one place as they came."""
    return sorted(records, key=_place)


def cut(items: Sequence[_T], most: int = A_GROUP) -> tuple[tuple[_T, ...], ...]:
    """Groups of at most `most`."""
    return tuple(tuple(items[start : start + most]) for start in range(0, len(items), most))


def seconds_left(done: int, total: int, seconds: float) -> float | None:
    """How long the rest takes, if it goes as the first `done` did in `seconds`; None while nothing is known."""
    return None if done <= 0 else max(0, total - done) * seconds / done


def said(done: int, total: int, left: float | None) -> str:
    """How far a load is, for people."""
    text = f"{done:,} of {total:,} records looked at"
    if left is None or done >= total:
        return text
    minutes = max(1, round(left / 60))
    return f"{text}, about {minutes:,} {'minute' if minutes == 1 else 'minutes'} left"


def _place(record: Snapshot) -> Decimal:
    place = record.get("position")
    return place if isinstance(place, Decimal) else Decimal(0)
