"""Marks as nested runs: where a format opens and closes them. It knows no format's signs."""

from __future__ import annotations

from .document import Image, Inline, Inlines, Mark, Text


def marks_of(inline: Inline) -> tuple[Mark, ...]:
    """The marks of an inline; the address that a picture leads to is its link."""
    if type(inline) is Text:
        return inline.marks
    if isinstance(inline, Image) and inline.href:
        return (Mark("link", inline.href),)
    return ()


def unopened(inline: Inline, opened: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks of an inline that are not yet open."""
    marks = inline.marks if type(inline) is Text else marks_of(inline)
    if opened and marks:
        return tuple([mark for mark in marks if mark not in opened])
    return marks


def run(inlines: Inlines, start: int, wanted: tuple[Mark, ...]) -> tuple[Mark, int]:
    """The longest run that begins at `start`, of one of the marks that are `wanted` there; and where it ends.

    Code is innermost always. Linear in the length for a fixed number of kinds of mark.
    """
    if start + 1 == len(inlines) or not marks_of(inlines[start + 1]):
        return wanted[0], start + 1  # the usual case; code is the last of all marks
    if len(wanted) > 1:
        wanted = tuple([mark for mark in wanted if mark.kind != "code"]) or wanted
    mark = wanted[0]
    end = _end(inlines, start, mark)
    for other in wanted[1:]:
        if (further := _end(inlines, start, other)) > end:
            mark, end = other, further
    if mark.kind == "code":  # it ends where another mark begins
        alike = marks_of(inlines[start])
        end = next((at for at in range(start + 1, end) if marks_of(inlines[at]) != alike), end)
    return mark, end


def _end(inlines: Inlines, start: int, mark: Mark) -> int:
    end = start + 1
    while end < len(inlines) and mark in marks_of(inlines[end]):
        end += 1
    return end
