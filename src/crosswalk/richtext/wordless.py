"""Keeps by its place what only ADF holds and what shows no word (a table of contents, a list of tickets), in a text
that comes back from a format that shows nothing of it.

Where it stood is found by its neighbours: the blocks and words before and behind it. It goes only where what it stood
in was taken out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from crosswalk.beside import beside

from .adf_json import canonical
from .document import (
    Block,
    Break,
    CardBlock,
    CodeBlock,
    Document,
    Figure,
    Inline,
    InlineIsland,
    Inlines,
    Island,
    Rule,
    Text,
)  # fmt: skip
from .flatten import inline_text
from .islands import same_words, words_of_line
from .normal import normalise

FORM: Final = "adf"
_BLANK: Final = (" ", "\u00a0")


def wordless_back(document: Document, before: Document) -> tuple[Document, bool]:
    """`document` with the wordless islands of `before`, the text that stood there; and whether one is no more."""
    here = Counter(_node(one) for one in _islands(document.blocks))
    were = Counter(_node(one) for one in _islands(before.blocks))
    missing = (one.source for one in _islands(before.blocks) if _node(one) not in here)
    back = _Back(frozenset(missing))  # what has come back by itself is not put there twice
    lost = any(0 < here[node] < count for node, count in were.items())
    if not back.missing:
        return document, lost
    blocks = back.nodes(before.blocks, document.blocks)
    return normalise(Document(blocks)), lost or back.lost


def _islands(node: Any) -> Iterator[Island | InlineIsland]:
    if isinstance(node, Island | InlineIsland):
        if node.format == FORM and not node.text.strip():
            yield node
        return
    for one in _within(node):
        yield from _islands(one)


def _node(island: Island | InlineIsland) -> str:
    """What is kept in an island, in whatever order its parts are written."""
    try:
        return canonical(json.loads(island.source))
    except (ValueError, RecursionError):
        return island.source


def _within(node: Any) -> Iterator[Any]:
    """What `node`, a tuple or a part of the tree, consists of."""
    if isinstance(node, tuple):
        yield from node
    elif is_dataclass(node) and not isinstance(node, Inline | type):
        for one in fields(node):
            if isinstance(value := getattr(node, one.name), tuple):
                yield value


def _said(node: Any) -> list[str]:
    """The words of `node`."""
    if isinstance(node, Inline):
        return inline_text(node).split()
    if isinstance(node, Island | CodeBlock):
        return node.text.split()
    if isinstance(node, Figure):
        return [*inline_text(node.image).split(), *_said(node.caption)]
    return [*getattr(node, "title", "").split(), *(word for one in _within(node) for word in _said(one))]


def _blocks_in(node: Any) -> Iterator[Block]:
    for one in _within(node):
        if isinstance(one, Block):
            yield one
        elif not isinstance(one, Inline):
            yield from _blocks_in(one)


class _Back:
    """Lays what stood there beside what stands there now, level by level. `missing` are the sources of the islands
    that are looked for."""

    def __init__(self, missing: frozenset[str]) -> None:
        self.missing = missing
        self.lost = False

    def nodes(self, old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
        """`new` with the islands of `old`; both are blocks, items, rows, cells, or the inlines of a line."""
        if not self._holds(old):
            return new
        if any(isinstance(one, Inline) for one in (*old, *new)):
            return self._line(old, new)
        mine = [index for index, node in enumerate(old) if not self._is_missing(node)]
        twins = {mine[at]: place for at, place in _twins([old[index] for index in mine], new).items()}
        parts: list[tuple[Any, ...]] = [(one,) for one in new]
        for index, place in twins.items():
            parts[place] = (self._node(old[index], new[place]),)
        put: dict[int, list[Any]] = {}
        for index, node in enumerate(old):
            if index in twins or not self._holds(node):
                continue
            start, end = _gap(index, twins, len(new))
            if self._is_nothing_else(node):
                before = max((at for at in mine if at < index), default=None)
                put.setdefault(start if before is None or before in twins else end, []).append(node)
            else:
                found = self._opened(node, tuple(one for part in parts[start:end] for one in part))
                parts[start:end] = [found, *[()] * (end - start - 1)][: end - start]
        return tuple(one for place, part in enumerate([*parts, ()]) for one in (*put.get(place, ()), *part))

    def _is_missing(self, node: Any) -> bool:
        return isinstance(node, Island | InlineIsland) and node.source in self.missing and not node.text.strip()

    def _holds(self, node: Any) -> bool:
        return self._is_missing(node) or any(map(self._holds, _within(node)))

    def _is_nothing_else(self, node: Any) -> bool:
        """Whether `node` shows nothing at all, so that what came back may have no trace of it."""
        if isinstance(node, Text):
            return not node.text.strip()
        if isinstance(node, Inline):
            return self._is_missing(node) or isinstance(node, Break)
        if isinstance(node, Island | Rule | CodeBlock | Figure | CardBlock):
            return self._is_missing(node)
        return not getattr(node, "title", "") and all(map(self._is_nothing_else, _within(node)))

    def _node(self, old: Any, new: Any) -> Any:
        if isinstance(old, tuple):
            return self.nodes(old, new)
        names = [one.name for one in fields(old) if isinstance(getattr(old, one.name), tuple)]
        return replace(new, **{name: self.nodes(getattr(old, name), getattr(new, name)) for name in names})

    def _opened(self, node: Any, now: tuple[Any, ...]) -> tuple[Any, ...]:
        """`now` with the islands of `node`, whose frame (a panel, a list) did not come back but whose words did."""
        inner = tuple(_blocks_in(node))
        if not inner or not set(_said(node)) & set(_said(now)):
            self.lost = True
            return now
        return self.nodes(inner, now)

    def _line(self, old: Inlines, new: Inlines) -> Inlines:
        """The inlines `new` with the islands of the line `old`, each behind the word that it stood behind, or before
        the one that it stood before; else at the end, or at the beginning if it stood there."""
        was, now = words_of_line(old), words_of_line(new)
        same = same_words([word.text for word in was], [word.text for word in now])
        put: dict[tuple[int, int], list[Inline]] = {}
        for number, island in enumerate(old):
            if not self._is_missing(island):
                continue
            before = [now[same[at]] for at, word in enumerate(was) if word.inline < number and at in same]
            behind = [now[same[at]] for at, word in enumerate(was) if word.inline > number and at in same]
            if before:
                place = before[-1].inline, before[-1].end
            elif behind:
                place = behind[0].inline, behind[0].start
            else:
                place = (len(new), 0) if any(word.inline < number for word in was) else (0, 0)
            put.setdefault(place, []).extend(_apart(old, number))
        out: list[Inline] = []
        for number, inline in enumerate((*new, Text(""))):
            out += _parted(inline, {at: islands for (which, at), islands in put.items() if which == number})
        return tuple(out)


# ---- which is which -----------------------------------------------------------------------------------

_Said = tuple[type, tuple[str, ...]]


def _twins(old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    """Which of `new` each of `old` is: the same words, or the same kind at the same place between such."""
    was, now = ([(type(node), tuple(_said(node))) for node in nodes] for nodes in (old, new))
    keys = [[f"{kind.__name__} {' '.join(words)}" for kind, words in nodes] for nodes in (was, now)]
    twins: dict[int, int] = {}
    start = place = 0
    for first, second, size in (*beside(*keys), (len(old), len(new), 0)):
        twins |= {start + at: place + there for at, there in _alike(was[start:first], now[place:second])}
        twins |= {first + at: second + at for at in range(size)}
        start, place = first + size, second + size
    return twins


def _alike(old: Sequence[_Said], new: Sequence[_Said]) -> Iterator[tuple[int, int]]:
    """Of nodes between such that say the same: all of them where their kinds are the same, else each with the next one
    of its kind that says half of it."""
    if [kind for kind, _ in old] == [kind for kind, _ in new]:
        yield from ((at, at) for at in range(len(old)))
        return
    place = 0
    for at, (kind, words) in enumerate(old):
        for further in range(place, len(new)):
            other, now = new[further]
            if other is kind and 2 * (Counter(words) & Counter(now)).total() >= max(1, len(words)):
                yield at, further
                place = further + 1
                break


def _gap(index: int, twins: Mapping[int, int], end: int) -> tuple[int, int]:
    """The places of the new nodes that stand between the twins around `index`."""
    before = [place for at, place in twins.items() if at < index]
    behind = [place for at, place in twins.items() if at > index]
    return max(before, default=-1) + 1, min(behind, default=end)


# ---- lines --------------------------------------------------------------------------------------------


def _apart(line: Inlines, number: int) -> Iterator[Inline]:
    """The island of this number with the spaces that stood around it."""
    before, behind = (inline_text(one) for one in (line[max(number - 1, 0)], line[min(number + 1, len(line) - 1)]))
    if before.endswith(_BLANK):
        yield Text(" ")
    yield line[number]
    if behind.startswith(_BLANK):
        yield Text(" ")


def _parted(inline: Inline, put: Mapping[int, Sequence[Inline]]) -> Iterator[Inline]:
    """An inline with what is put into it, at places of its text; what is no piece of text is not parted."""
    if not isinstance(inline, Text):
        yield from put.get(0, ())
        yield inline
        yield from (island for at in sorted(put) if at for island in put[at])
        return
    done = 0
    for at in sorted(put):
        yield Text(inline.text[done:at], inline.marks)
        yield from put[at]
        done = at
    yield Text(inline.text[done:], inline.marks)
