"""What must stand apart in a line of wiki markup: pictures and smileys from words, marks from white space.

Decisions about neighbours in a line; it knows nothing of blocks. `lose` notes what is given up (loss.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .document import Break, Emoji, Image, Inline, Mark, Text
from .wiki_words import TARGET

# Beside these a picture or a smiley is not inside a word.
_OUTSIDE = (" ", "\n", "}")


def spaced(items: list[Inline], lose: Callable[[str], None]) -> list[Inline]:
    """A picture stands apart from words; a smiley that does not is written as its character."""
    if not any(isinstance(item, Image | Emoji) for item in items):
        return items
    out: list[Inline] = []
    for index, item in enumerate(items):
        before, after = _char(items, index - 1, last=True), _char(items, index + 1, last=False)
        if isinstance(item, Emoji) and not (before in _OUTSIDE and after in _OUTSIDE):
            lose("emoji")
            out.append(Text(item.text))
            continue
        apart = isinstance(item, Image) and not item.linked
        if apart and before not in _OUTSIDE:
            lose("picture")
            out.append(Text(" "))
        out.append(item)
        if apart and after not in _OUTSIDE:
            lose("picture")
            out.append(Text(" "))
    return out


def edges(items: list[Inline], lose: Callable[[str], None]) -> Iterator[Inline]:
    """White space keeps a mark only where the words on both sides have it."""
    if not any(_loose(item) for item in items):
        yield from items
        return
    atoms: list[Inline] = []
    for item in items:
        if isinstance(item, Text):
            atoms += [Text(part, item.marks) for part in re.split(r"^(\s+)|(\s+)$", item.text) if part]
        else:
            atoms.append(item)
    for index, atom in enumerate(atoms):
        if isinstance(atom, Text) and atom.marks and atom.text.isspace():
            common = _marks_beside(atoms, index, -1) & _marks_beside(atoms, index, 1)
            kept = tuple(mark for mark in atom.marks if mark in common)
            if kept != atom.marks:
                lose("boundary")
            yield Text(atom.text, kept)
        else:
            yield atom


def _loose(item: Inline) -> bool:
    """Whether white space stands at an edge of marked text."""
    return isinstance(item, Text) and bool(item.marks) and (item.text[:1].isspace() or item.text[-1:].isspace())


def _marks_beside(atoms: list[Inline], index: int, step: int) -> frozenset[Mark]:
    """The marks of the nearest words on one side, through nothing but white space."""
    at = index + step
    while 0 <= at < len(atoms) and isinstance(atom := atoms[at], Text):
        if not atom.text.isspace():
            return frozenset(atom.marks)
        at += step
    return frozenset()


def _char(items: list[Inline], index: int, *, last: bool) -> str:
    """The character beside an item: a newline at the ends of the line, a brace for what is markup as a whole."""
    if not 0 <= index < len(items):
        return "\n"
    item = items[index]
    if isinstance(item, Break):
        return "\n"
    if isinstance(item, Text) and item.text:
        return item.text[-1 if last else 0]
    return "x" if isinstance(item, Emoji) or (isinstance(item, Image) and not item.linked) else "}"


def target(address: str) -> str:
    """An address that markup recognises as one."""
    address = address.replace("[", "%5B").replace("]", "%5D")
    return address if not address or TARGET.match(address) else "./" + address
