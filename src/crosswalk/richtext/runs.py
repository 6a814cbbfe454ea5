"""Marks as nested runs: where a format opens and closes them. It knows no format's signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .document import Image, Inline, Mark, Text


def marks_of(inline: Inline) -> tuple[Mark, ...]:
    """The marks of an inline; the address that a picture leads to is its link."""
    if isinstance(inline, Text):
        return inline.marks
    if isinstance(inline, Image) and inline.href:
        return (Mark("link", inline.href),)
    return ()


def runs(inlines: Sequence[Inline], opened: frozenset[Mark]) -> Iterator[tuple[Mark | None, Sequence[Inline]]]:
    """Part `inlines` into runs: of one mark that is not yet open, the longest first, or a single inline without any.

    Code is innermost always. Linear in the length for a fixed number of kinds of mark.
    """
    start = 0
    while start < len(inlines):
        wanted = [mark for mark in marks_of(inlines[start]) if mark not in opened]
        outer = [mark for mark in wanted if mark.kind != "code"] or wanted
        if not outer:
            yield None, inlines[start : start + 1]
            start += 1
            continue
        ends = [_end(inlines, start, mark) for mark in outer]
        end = max(ends)
        yield outer[ends.index(end)], inlines[start:end]
        start = end


def _end(inlines: Sequence[Inline], start: int, mark: Mark) -> int:
    end = start + 1
    while end < len(inlines) and mark in marks_of(inlines[end]):
        end += 1
    return end
