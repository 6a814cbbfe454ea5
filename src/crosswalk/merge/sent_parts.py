"""Parts that were sent without an answer, and have no room for the id of what they copy: links. Pure.

Such a copy is known by what both sides call it (`Part.key`). While its original stands, the two are joined. If somebody
removed the original meanwhile, the copy alone looks like something new, and must not be carried back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side


def sent_part(source: Part, origin: Side) -> PartPair:
    """How it is remembered that `source`, of the side `origin`, is being sent: across stands its key, not an id."""
    return _pair(origin, source.id, source.key)


def still_sent(sent: PartPair, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]) -> bool:
    """Whether the original of what was `sent` stands without a copy yet: it is joined with one, or sent again."""
    origin = sent.origin
    own = sent.id(origin)
    return any(part.id == own for part in lists[origin]) and all(pair.id(origin) != own for pair in known)


def left_behind(sent: PartPair, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]) -> PartPair | None:
    """The pair of what was `sent` and its copy, where the original is gone and nothing took its place; else None."""
    origin = sent.origin
    own, key = sent.id(origin), sent.id(origin.other)
    taken = {pair.id(origin.other) for pair in known}
    if any(pair.id(origin) == own for pair in known) or any(own == one.id or key == one.key for one in lists[origin]):
        return None
    copy = next((one for one in lists[origin.other] if one.key == key and one.id not in taken), None)
    return _pair(origin, own, copy.id) if copy else None


def _pair(origin: Side, here: str, there: str) -> PartPair:
    left, right = (here, there) if origin is Side.LEFT else (there, here)
    return PartPair(left, right, origin, Held.agreed(left=None, right=None))
