"""Parts that were sent without an answer. Pure.

The copy is known by the id of its original in it (`Part.twin`: comments), or by what both sides call it (`Part.key`:
links, work done, files). While its original stands, the two are joined; what somebody edited in a copy since is a
change like any other. If somebody removed or corrected the original meanwhile, the copy alone looks like something new:
it must not be carried back, stay, nor stand beside another one.

So it is with an edit that was sent without an answer: found across as it was sent, it was agreed then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Value

TOLD = "\n"
"""In a key, before what tells two that are called alike apart (the hash of a file)."""


def sent_part(source: Part, origin: Side) -> PartPair:
    """How it is remembered that `source`, of the side `origin`, is being sent: its key is held, and no id is across.

    `was` says what it held then.
    """
    ends = {origin: source.content, origin.other: MISSING}
    was = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])
    return replace(_pair(origin, source.id, "", source.key), was=was)


def still_sent(sent: PartPair, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]) -> bool:
    """Whether the original of what was `sent` stands without a copy yet: it is joined with one, or sent again."""
    origin = sent.origin
    own = sent.id(origin)
    return any(part.id == own for part in lists[origin]) and all(pair.id(origin) != own for pair in known)


def landed(sent: PartPair, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]) -> Part | None:
    """The copy of what was `sent`, where it names its original and is in no pair yet; else None."""
    there = sent.origin.other
    taken = {pair.id(there) for pair in known}
    return next((one for one in lists[there] if one.twin == sent.id(sent.origin) and one.id not in taken), None)


def joined(sent: PartPair, copy: Part, meant: Value) -> PartPair:
    """The pair of what was `sent` and its `copy`, which somebody edited since: `meant` is what had been sent, in that
    side's form. What either side holds otherwise by now is a change."""
    origin, was = sent.origin, sent.was
    ends = {origin: was.of(origin) if was is not None else MISSING, origin.other: meant}
    pair = _pair(origin, sent.id(origin), copy.id)
    return replace(pair, held=Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT]))


def sent_change(known: PartPair, source: Part, origin: Side, meant: Value, moment: datetime) -> PartPair:
    """How it is remembered that at this `moment` an edit of `source`, of the side `origin`, is sent, as `meant`."""
    ends = {origin: source.content, origin.other: meant}
    return PartPair(known.left, known.right, origin, Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT]), moment)


def after_change(
    sent: PartPair, pair: PartPair, now: Mapping[Side, Maybe], said: Callable[[Maybe], str], moment: datetime
) -> PartPair | None:
    """`pair` as it counts where an edit of it was `sent`, and its sides hold `now`; None where that says nothing of it.

    It landed where what was sent is there, in whatever form the server keeps it. While the edit is young the other side
    may only not show it yet: that matters once the original is edited again.
    """
    origin, there = sent.origin, sent.origin.other
    meant, before, shown = sent.held.of(there), pair.held.of(there), now[there]
    landed = shown == meant or (said(shown) == said(meant) != said(before))
    hidden = shown == before and now[origin] != sent.held.of(origin) and sent.young(moment) > 0
    if before == meant or not (landed or hidden):
        return None
    ends = {origin: sent.held.of(origin), there: shown if landed else meant}
    held = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])
    return replace(pair, held=held, since=sent.since, was=pair.held)


def left_behind(
    sent: PartPair,
    known: Sequence[PartPair],
    lists: Mapping[Side, Sequence[Part]],
    others: Collection[str] = (),
) -> PartPair | None:
    """The pair of what was `sent` and its copy, where the original is gone and nothing took its place; else None.

    `others` are the ids of further originals that were sent without an answer: each may have a copy of its own.
    """
    origin, key = sent.origin, sent.held.left
    own = sent.id(origin)
    taken = {side: {pair.id(side) for pair in known} for side in Side}
    alike = {side: [one for one in lists[side] if one.twin == own or _alike(key, one.key)] for side in Side}
    free = {side: [one for one in alike[side] if one.id not in taken[side]] for side in Side}
    copies = free[origin.other]
    for other in (one for one in free[origin] if one.id in others):
        free[origin].remove(other)
        its = next((one for one in copies if one.twin == other.id or _alike(other.key, one.key)), None)
        copies = [one for one in copies if one is not its]
    if own in taken[origin] or free[origin] or any(one.id == own for one in lists[origin]):
        return None
    return _pair(origin, own, copies[0].id) if copies else None


def _alike(one: Maybe, other: str) -> bool:
    """Whether two keys may be of the same; where one of them does not tell it from what is called alike, they may."""
    if not isinstance(one, str) or not one:
        return False
    told = TOLD in one and TOLD in other
    return one == other if told else one.partition(TOLD)[0] == other.partition(TOLD)[0]


def _pair(origin: Side, here: str, there: str, key: str | None = None) -> PartPair:
    left, right = (here, there) if origin is Side.LEFT else (there, here)
    return PartPair(left, right, origin, Held.agreed(left=key, right=key))
