"""Marks as nested runs: where a format opens and closes them. It knows no format's signs."""

from __future__ import annotations

from collections.abc import Iterator

from .document import Image, Inline, Inlines, Mark, Text


def marks_of(inline: Inline) -> tuple[Mark, ...]:
    """The marks of an inline; the address that a picture leads to is its link."""
    if type(inline) is Text:
        return inline.marks
    if isinstance(inline, Image) and inline.href:
        return (Mark("link", inline.href),)
    return ()


def runs(inlines: Inlines, opened: tuple[Mark, ...]) -> Iterator[tuple[Mark | None, int, int]]:
    """Part `inlines` into runs: of one mark that is not yet open, the longest first, or a single inline without any.

    Each run is its mark, where it begins and where it ends. Code is innermost always. Linear in the length for a fixed
    number of kinds of mark.
    """
    start, size = 0, len(inlines)
    while start < size:
        inline = inlines[start]
        wanted = inline.marks if type(inline) is Text else marks_of(inline)
        if opened and wanted:
            wanted = tuple([mark for mark in wanted if mark not in opened])
        if not wanted:
            yield None, start, start + 1
            start += 1
            continue
        if len(wanted) == 1:
            end = _end(inlines, start, wanted[0])
            if wanted[0].kind == "code":  # innermost: it ends where another mark begins
                end = _end_alone(inlines, start, end, inline)
            yield wanted[0], start, end
            start = end
            continue
        outer = [mark for mark in wanted if mark.kind != "code"] or wanted
        ends = [_end(inlines, start, mark) for mark in outer]
        end = max(ends)
        yield outer[ends.index(end)], start, end
        start = end


def _end_alone(inlines: Inlines, start: int, end: int, first: Inline) -> int:
    """Where the marks are no more those of `first`, at most `end`."""
    alike = marks_of(first)
    return next((at for at in range(start + 1, end) if marks_of(inlines[at]) != alike), end)


def _end(inlines: Inlines, start: int, mark: Mark) -> int:
    end = start + 1
    while end < len(inlines) and mark in marks_of(inlines[end]):
        end += 1
    return end
