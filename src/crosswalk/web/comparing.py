"""Both sides of a record beside each other: what is shown at once, what is folded, and what it comes to. Pure.

A field that is alike on both sides, or that is not compared, needs nobody: it is folded, in its order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crosswalk.sync.explaining import AHEAD, APART, AWAITED, FILLED, GONE, INAPPLICABLE, OFF, PLACED
from crosswalk.web.words import named

Line: TypeAlias = Mapping[str, object]
"""A field as service.explain() and expect() tell of it."""

ALIKE = frozenset({"unchanged", "agreed", FILLED, AWAITED})
NOT_COMPARED = frozenset({"skipped", INAPPLICABLE, PLACED, OFF})
VALUELESS = frozenset({INAPPLICABLE, PLACED, OFF})
"""Verdicts on what has no values to show."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The lines that are shown at once, those that are folded with what the fold is called, and all in a sentence.

    The fold is `open` where there is nothing else to see, and nothing in it is alike.
    """

    shown: Sequence[Line]
    folded: Sequence[Line]
    fold: str
    open: bool
    says: str


def compared(lines: Sequence[Line]) -> Compared:
    """What a comparison comes to; or, before it was made, what was agreed: where nothing was, all is still to come."""
    known = any(line["verdict"] in ALIKE and not _ahead(line) for line in lines)
    folded = [line for line in lines if _folds(line) and (known or not _ahead(line))]
    shown = [line for line in lines if line not in folded]
    if lost := _lost(lines):
        held = [line for line in lines if line["verdict"] not in VALUELESS]
        says = f"There is nothing to compare, as {lost} does not show the record any more."
        return Compared(
            (), held, f"What {'Jira' if lost == 'Aha!' else 'Aha!'} holds: {_fields(len(held))}", True, says
        )
    alike = sum(line["verdict"] in ALIKE and not _ahead(line) for line in folded)
    off = sum(line["verdict"] == OFF for line in folded)
    rest = len(folded) - alike - off
    parts = [f"{_fields(alike)} alike"] if alike else []
    parts += [f"{rest if parts else _fields(rest)} not compared"] if rest else []
    parts += [f"{off if parts else _fields(off)} switched off"] if off else []
    return Compared(shown, folded, ", ".join(parts), not shown and not alike, summed_up(lines))


def _lost(lines: Sequence[Line]) -> str:
    """The side whose record is gone, where that is so."""
    held = [line for line in lines if line["verdict"] not in VALUELESS]
    sides = {"left": "Aha!", "right": "Jira"}
    found = [name for side, name in sides.items() if held and all(line.get(side) == GONE for line in held)]
    return found[0] if found and all(line["verdict"] == "skipped" for line in held) else ""


def _ahead(line: Line) -> bool:
    return line["verdict"] == AWAITED and line.get("left") == AHEAD


def _folds(line: Line) -> bool:
    """Although all is as agreed, a text is shown that a side does not hold whole, and a list of which one has more."""
    return line["verdict"] in ALIKE | NOT_COMPARED and not (line.get("note") or line.get("more"))


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


def summed_up(lines: Sequence[Line]) -> str:
    """Whether all is in step, and which fields differ that no run carries."""
    apart = [str(line["field"]) for line in lines if line["verdict"] == APART]
    moving = sum(line["verdict"] not in ALIKE | NOT_COMPARED | {APART} for line in lines)
    if not moving:
        return f"In step except for {named(apart)}." if apart else "All fields that are compared are in step."
    said = f"{_fields(moving)} {'is' if moving == 1 else 'are'} not in step."
    left = "is left as it is" if len(apart) == 1 else "are left as they are"
    return f"{said} {named(apart)} {left}." if apart else said
