"""Comments that only look like copies of what stands across. Pure.

Somebody pasted the first line of a copy above words of their own; or another integration copied a comment of another
server, which counts its comments alike.
Only an account of Crosswalk's writes copies. What anybody else wrote below such a line is that person's, and is carried
with the line. A comment that was carried once stays what it was then, whoever is signed in now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Rich
from crosswalk.richtext.copies import site_of

Lists = Mapping[Side, Sequence[Part]]
Ours = Callable[[Side], frozenset[str]]
"""The accounts by which Crosswalk signs in on a side, by their ids."""


def nobody_known(side: Side) -> frozenset[str]:
    """Where it is not known who Crosswalk is: then every line counts."""
    del side
    return frozenset()


def as_written(known: Sequence[PartPair], lists: Lists, ours: Ours) -> Lists:
    """`lists`, with what people wrote below the first line of a copy as originals.

    A copy of what another server holds names nothing that is in the lists.
    """
    if not any(part.twin for parts in lists.values() for part in parts):
        return lists
    taken = {side: {pair.id(side): pair.origin for pair in known} for side in Side}
    fresh = {side: {part.id: part for part in lists[side] if part.id not in taken[side]} for side in Side}

    def seen(side: Side, part: Part) -> Part:
        if part.id in taken[side]:
            return original_of(part) if taken[side][part.id] is side else part
        if (named := fresh[side.other].get(part.twin)) is not None:
            # Its original has no copy yet: this is it, if it is that one.
            return part if _leads_to(part, named) else replace(part, twin=f"{part.twin} elsewhere")
        accounts = ours(side) if part.author else frozenset()
        return original_of(part) if accounts and part.author and part.author.id not in accounts else part

    return {side: [seen(side, part) if part.twin else part for part in parts] for side, parts in lists.items()}


def _leads_to(part: Part, named: Part) -> bool:
    """Whether the first line of `part` leads to the server of `named`; where one does not say, it does."""
    there = site_of(part.whole.source) if isinstance(part.whole, Rich) else ""
    return not there or not named.url or named.url.casefold().startswith(f"{there}/")


def original_of(part: Part) -> Part:
    """`part` as nobody's copy: its first line is its own."""
    return replace(part, twin="", content=part.whole)
