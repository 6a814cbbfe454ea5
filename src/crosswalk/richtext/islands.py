"""Keeps what only one format holds (a film in HTML, a macro of Jira) by its place, in a text that comes back from
elsewhere.

Other formats show such an island as its words. Where these stand unedited between the words around them, the island
stands there again; where somebody edited them, the edit counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from crosswalk.beside import beside

from .document import Document, Inline, InlineIsland, Island, Paragraph, Text
from .flatten import inline_text
from .normal import normalise

EMBEDDED: Final = re.compile("<(iframe|video|audio)", re.IGNORECASE)
"""What HTML holds if there is an island in it."""
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_MOST: Final = 2000
"""Words and signs of a text; of a longer one only what is the same at both ends is laid beside the other."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign, and where it stands: in which inline, from where to where in its text."""

    text: str
    inline: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an island stands again: the part of a piece of text that shows it."""

    start: int
    end: int
    island: InlineIsland


def put_back(document: Document, before: Document, form: str) -> tuple[Document, tuple[str, ...]]:
    """`document` with the islands of the format `form` that `before`, the text that stood there, has; and the words of
    those that are no more."""
    document = _blocks_back(document, before, form)
    old, new = list(_inlines(before.blocks)), list(_inlines(document.blocks))
    islands = {number: one for number, one in enumerate(old) if isinstance(one, InlineIsland) and one.format == form}
    if not islands:
        return document, ()
    was, now = words_of_line(old), words_of_line(new)
    same = same_words([word.text for word in was], [word.text for word in now])
    places: dict[int, list[_Place]] = {}
    lost: list[str] = []
    for number, island in islands.items():
        mine = [same.get(at) for at, word in enumerate(was) if word.inline == number]
        found = [now[at] for at in mine if at is not None]
        if len(found) == len(mine) and _whole(found, new, island):
            places.setdefault(found[0].inline, []).append(_Place(found[0].start, found[-1].end, island))
        else:
            lost.append(island.text)
    if not places:
        return document, tuple(lost)
    return normalise(Document(_placed(document.blocks, places, iter(range(len(new)))))), tuple(lost)


def _blocks_back(document: Document, before: Document, form: str) -> Document:
    """`document` with the blocks that only `form` holds: each for the paragraph that shows its words and no others."""
    waiting: dict[tuple[str, ...], list[Island]] = {}
    for one in _blocks(before.blocks):
        if isinstance(one, Island) and one.format == form and (words := tuple(one.text.split())):
            waiting.setdefault(words, []).append(one)
    for one in _blocks(document.blocks):
        if isinstance(one, Island) and one in (same := waiting.get(tuple(one.text.split()), [])):
            same.remove(one)  # it has come back by itself
    return normalise(Document(_swapped(document.blocks, waiting))) if any(waiting.values()) else document


def _blocks(node: Any) -> Iterator[Any]:
    """Every block of a tree, in reading order."""
    if isinstance(node, tuple):
        for inner in node:
            yield from _blocks(inner)
    elif is_dataclass(node) and not isinstance(node, Inline | type):
        yield node
        for one in fields(node):
            yield from _blocks(getattr(node, one.name))


def _swapped(node: Any, waiting: Mapping[tuple[str, ...], list[Island]]) -> Any:
    if isinstance(node, tuple):
        return tuple(_swapped(inner, waiting) for inner in node)
    if isinstance(node, Paragraph):
        same = waiting.get(tuple("".join(map(inline_text, node.inlines)).split()))
        return same.pop(0) if same else node
    if is_dataclass(node) and not isinstance(node, Inline | type):
        inner = {one.name: getattr(node, one.name) for one in fields(node)}
        return replace(
            node, **{name: _swapped(value, waiting) for name, value in inner.items() if isinstance(value, tuple)}
        )
    return node


def _whole(found: Sequence[Word], inlines: Sequence[Inline], island: InlineIsland) -> bool:
    """Whether these words are the island's, in one piece of text and with nothing between them."""
    if not found or found[0].inline != found[-1].inline:
        return False
    inline = inlines[found[0].inline]
    shown = inline.text[found[0].start : found[-1].end] if isinstance(inline, Text) else ""
    return shown.split() == island.text.split()


def _inlines(node: Any) -> Iterator[Inline]:
    """Every inline of a tree, in reading order. Readers allow no deeper nesting than limits.MAX_DEPTH."""
    if isinstance(node, tuple):
        for inner in node:
            yield from _inlines(inner)
    elif isinstance(node, Inline):
        yield node
    elif is_dataclass(node) and not isinstance(node, type):
        for one in fields(node):
            value = getattr(node, one.name)
            if isinstance(value, tuple):
                yield from _inlines(value)


def words_of_line(inlines: Sequence[Inline]) -> list[Word]:
    """The words and signs of a line, and where each stands."""
    return [
        Word(found[0], number, found.start(), found.end())
        for number, inline in enumerate(inlines)
        for found in _TOKEN.finditer(inline_text(inline))
    ]


def same_words(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which word of `new` each word of `old` is, as far as it is there."""
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    found = {at: at for at in range(head)}
    found |= {len(old) - 1 - at: len(new) - 1 - at for at in range(tail)}
    between = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(map(len, between)) <= _MOST:
        for first, second, size in beside(*between):
            found |= {head + first + at: head + second + at for at in range(size)}
    return found


def _placed(node: Any, places: Mapping[int, Sequence[_Place]], number: Iterator[int]) -> Any:
    """`node` with the islands in their places; `number` counts its inlines, as `_inlines` gives them."""
    if isinstance(node, tuple):
        out: list[Any] = []
        for inner in node:
            if isinstance(inner, Inline):
                out += _parted(inner, places.get(next(number), ()))
            else:
                out.append(_placed(inner, places, number))
        return tuple(out)
    if is_dataclass(node) and not isinstance(node, type):
        inner_of = {one.name: getattr(node, one.name) for one in fields(node)}
        changed = {name: _placed(value, places, number) for name, value in inner_of.items() if isinstance(value, tuple)}
        return replace(node, **changed) if changed else node
    return node


def _parted(inline: Inline, places: Sequence[_Place]) -> Iterator[Inline]:
    """A piece of text around the islands that stand in it."""
    at = 0
    for place in sorted(places, key=lambda one: one.start):
        assert isinstance(inline, Text)
        if before := inline.text[at : place.start]:
            yield Text(before, inline.marks)
        yield place.island
        at = place.end
    if not places:
        yield inline
    elif isinstance(inline, Text) and (rest := inline.text[at:]):
        yield Text(rest, inline.marks)
