"""Three-way merge of long texts, block by block (a paragraph, a list, a table). Knows no format.

Each side's blocks are compared with that side's own base, byte by byte; the two bases are laid beside each other by
their words. What one side changed is carried, what neither touched keeps its bytes on both sides, and only where both
changed the same place is there a conflict. Two blocks put in at one place both stay; what both begin or end with alike
there was put in once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk.beside import beside
from crosswalk.merge.rules import Blockwise, Rule, Side, Untranslatable, is_blockwise
from crosswalk.merge.values import Maybe, Rich

Blocks = tuple[str, ...]
Texts = Mapping[Side, Blocks]
MOST = 2000
"""Blocks of a text; longer ones are merged as one, since laying them side by side would take too long."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Each side's blocks after the merge. `clash` tells that both changed the same place: there the winner's words
    stand. `stuck` is why something could not be carried; then `blocks` must not be used. `lost` is what a side's form
    can not hold of what was carried there, in words."""

    blocks: Texts
    clash: bool = False
    stuck: Untranslatable | None = None
    lost: Texts = field(default_factory=lambda: dict.fromkeys(Side, ()))


@dataclass(slots=True)
class _Region:
    """A place in both texts: what stood there and what stands there now. A gap between blocks held nothing."""

    was: dict[Side, list[str]] = field(default_factory=lambda: {side: [] for side in Side})
    now: dict[Side, list[str]] = field(default_factory=lambda: {side: [] for side in Side})

    def moved(self, side: Side) -> bool:
        return self.was[side] != self.now[side]


def merge_text(form: Blockwise, was: Texts, now: Texts, winner: Side) -> Merged:
    """Merge what both sides hold `now`, given what they held when last agreed (`was`). `winner` is right in a clash."""
    result: dict[Side, list[str]] = {side: [] for side in Side}
    lost: dict[Side, list[str]] = {side: [] for side in Side}
    clash, empty = False, not all(now.values())
    for region in _regions(form, was, now):
        merged = _settle(form, region, winner, empty=empty)
        if isinstance(merged, Untranslatable):
            return Merged(now, clash, merged)
        clash = clash or merged.clash
        for side in Side:
            result[side] += merged.blocks[side]
            lost[side] += merged.lost[side]
    given_up = {side: tuple(dict.fromkeys(lost[side])) for side in Side}
    return Merged({side: tuple(result[side]) for side in Side}, clash, lost=given_up)


def _settle(form: Blockwise, region: _Region, winner: Side, *, empty: bool) -> Merged | Untranslatable:
    """What becomes of one place. One line per situation. With `empty` a side holds no text at all any more."""
    now = {side: tuple(region.now[side]) for side in Side}
    moved = [side for side in Side if region.moved(side)]
    if not moved:
        return Merged(now)
    if len(moved) == 1:
        return _carried(form, now, moved[0], clash=False, empty=empty)
    if _words(form, Side.LEFT, now) == _words(form, Side.RIGHT, now):
        return Merged(now)
    if not any(region.was.values()):
        return _both(form, now)
    return _carried(form, now, winner, clash=True, empty=empty)


def _carried(form: Blockwise, now: Texts, source: Side, *, clash: bool, empty: bool) -> Merged | Untranslatable:
    """What `source` has there, on both sides. Of a text that somebody emptied, nothing stays."""
    across = form.carry(source.other, now[source], () if empty else now[source.other])
    if isinstance(across, Untranslatable):
        return across
    texts = {source: now[source], source.other: across.blocks}
    return Merged(texts, clash, lost={source: (), source.other: across.lost})


def _both(form: Blockwise, now: Texts) -> Merged | Untranslatable:
    """Both sides put something in: both stay, in an order that does not depend on which side is which.

    Blocks that both begin with, or end with, stay as each side has them.
    """
    words = {side: _words(form, side, now) for side in Side}
    head = _in_front(words)
    tail = _in_front({side: words[side][head:][::-1] for side in Side})
    ends = {side: len(now[side]) - tail for side in Side}
    between = {side: now[side][head : ends[side]] for side in Side}
    first, second = sorted(Side, key=lambda side: words[side][head : ends[side]])
    result: dict[Side, Blocks] = {}
    lost: dict[Side, Blocks] = {}
    for side in Side:
        other = form.carry(side, between[side.other])
        if isinstance(other, Untranslatable):
            return other
        parts = {side: between[side], side.other: other.blocks}
        result[side] = (*now[side][:head], *parts[first], *parts[second], *now[side][ends[side] :])
        lost[side] = other.lost
    return Merged(result, lost=lost)


def _in_front(words: Mapping[Side, Sequence[str]]) -> int:
    """How many words at the beginning are the same on both sides."""
    pairs = zip(words[Side.LEFT], words[Side.RIGHT], strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), min(map(len, words.values())))


def _words(form: Blockwise, side: Side, texts: Texts) -> list[str]:
    return [form.words(side, block) for block in texts[side]]


# ---- laying the texts side by side --------------------------------------------------------------------


def _regions(form: Blockwise, was: Texts, now: Texts) -> list[_Region]:
    """The places of the two texts, in their order, so small as the changes allow."""
    slots = _slots(form, was)
    changes = {side: _changes(was[side], now[side]) for side in Side}
    places = {side: _places(slots, side) for side in Side}
    joined = _joined(len(slots), [_touched(places[side], change) for side in Side for change in changes[side]])
    regions: list[_Region] = []
    number_of: list[int] = []
    for index, slot in enumerate(slots):
        if index == 0 or not joined[index]:
            regions.append(_Region())
        number_of.append(len(regions) - 1)
        for side in Side:
            start, end = slot[side]
            regions[-1].was[side] += was[side][start:end]
    for side in Side:
        _fill(regions, number_of, side, places[side], (was[side], now[side]), changes[side])
    return regions


Slot = Mapping[Side, tuple[int, int]]
Change = tuple[int, int, int, int]
"""Blocks `was[0:1]` became blocks `now[2:3]`."""


def _slots(form: Blockwise, was: Texts) -> list[Slot]:
    """The two bases beside each other: a gap, blocks that stand for each other, a gap, and so on to a last gap."""
    left, right = ([form.words(side, block) for block in was[side]] for side in Side)
    pairs: list[tuple[int, int, int, int]] = []
    if max(len(left), len(right)) > MOST:
        pairs = [(0, len(left), 0, len(right))]
    else:
        l0 = r0 = 0
        for l1, r1, size in (*beside(left, right), (len(left), len(right), 0)):
            pairs += _unequal(left, right, (l0, l1, r0, r1))
            pairs += [(l1 + n, l1 + n + 1, r1 + n, r1 + n + 1) for n in range(size)]
            l0, r0 = l1 + size, r1 + size
    slots: list[Slot] = [{Side.LEFT: (0, 0), Side.RIGHT: (0, 0)}]
    for l0, l1, r0, r1 in pairs:
        slots.append({Side.LEFT: (l0, l1), Side.RIGHT: (r0, r1)})
        slots.append({Side.LEFT: (l1, l1), Side.RIGHT: (r1, r1)})
    return slots


def _unequal(left: Sequence[str], right: Sequence[str], run: Change) -> list[Change]:
    """Blocks whose words are not the same. As many on both sides and alike (a merged cell, a smiley), they stand for
    each other one by one, so that an edit of one leaves the others alone; else all of them together."""
    l0, l1, r0, r1 = run
    if l1 - l0 == r1 - r0 and all(map(_alike, left[l0:l1], right[r0:r1])):
        return [(l0 + n, l0 + n + 1, r0 + n, r0 + n + 1) for n in range(l1 - l0)]
    return [run] if l0 < l1 or r0 < r1 else []


def _alike(one: str, other: str) -> bool:
    """Whether two blocks share half of their words, at least."""
    first, second = Counter(one.split()), Counter(other.split())
    return 2 * (first & second).total() >= max(first.total(), second.total())


def _changes(was: Blocks, now: Blocks) -> list[Change]:
    """How one side's text changed since its own base."""
    if max(len(was), len(now)) > MOST:
        return [(0, len(was), 0, len(now))] if was != now else []
    changes: list[Change] = []
    w0 = n0 = 0
    for w1, n1, size in (*beside(was, now), (len(was), len(now), 0)):
        changes += [(w0, w1, n0, n1)] if w0 < w1 or n0 < n1 else []
        w0, n0 = w1 + size, n1 + size
    return changes


def _places(slots: Sequence[Slot], side: Side) -> tuple[dict[int, int], dict[int, int]]:
    """For `side`: which slot holds each block of the base, and which gap lies before it (or at the end)."""
    holds: dict[int, int] = {}
    gaps: dict[int, int] = {}
    for index, slot in enumerate(slots):
        start, end = slot[side]
        holds.update(dict.fromkeys(range(start, end), index))
        if index % 2 == 0:
            gaps.setdefault(start, index)
    return holds, gaps


def _touched(places: tuple[dict[int, int], dict[int, int]], change: Change) -> tuple[int, int]:
    """The first and the last slot a change touches. New blocks inside a slot of several belong to that slot."""
    holds, gaps = places
    start, end = change[0], change[1]
    if start == end:
        index = gaps.get(start, holds.get(start, 0))
        return index, index
    return holds[start], holds[end - 1]


def _joined(count: int, touched: Sequence[tuple[int, int]]) -> list[bool]:
    """For each slot, whether a change that touches it touches the one before it too."""
    joined = [False] * count
    for first, last in touched:
        for index in range(first + 1, last + 1):
            joined[index] = True
    return joined


def _fill(
    regions: Sequence[_Region],
    number_of: Sequence[int],
    side: Side,
    places: tuple[dict[int, int], dict[int, int]],
    texts: tuple[Blocks, Blocks],
    changes: Sequence[Change],
) -> None:
    """Hand out what `side` holds now to the regions, in its order."""
    was, now = texts
    holds, _ = places
    position = 0
    for change in (*changes, (len(was), len(was), len(now), len(now))):
        for index in range(position, change[0]):
            regions[number_of[holds[index]]].now[side].append(was[index])
        fresh = now[change[2] : change[3]]
        if fresh:
            regions[number_of[_touched(places, change)[0]]].now[side] += fresh
        position = change[1]


def same_words(rule: Rule, side: Side, one: Maybe, other: Maybe) -> bool:
    """Whether two long texts of `side` say the same: a server keeps its own markup of what it is sent."""
    form = rule.translation
    if not is_blockwise(form) or not isinstance(one, Rich) or not isinstance(other, Rich):
        return False
    blocks = [form.split(side, value) for value in (one, other)]
    said = [" ".join(form.words(side, block) for block in found).split() for found in blocks if found is not None]
    return len(said) == len(blocks) and said[0] == said[1]
