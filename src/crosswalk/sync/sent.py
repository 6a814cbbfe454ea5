"""Parts that are sent: each is remembered before, whatever kind it is of.

Where the answer is lost, and somebody removes or corrects the original meanwhile, what stands across is known as its
copy: it goes or is corrected as well, and is neither carried back nor joined by a second one. Where somebody removes
the copy in that time, it is made again: no list tells one that is gone from one that never landed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from crosswalk import errors
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.merge.sent_parts import left_behind, sent_part, still_sent
from crosswalk.sync.bridge import Bridge

REFUSALS = (errors.Refused, errors.Forbidden, errors.Invalid, errors.NotFound)
"""What a side says that did not do what it was asked."""


def claimed(
    bridge: Bridge, run: Run, pair: PairView, kind: str, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]
) -> list[PartPair]:
    """What is `known`, with the copies that landed without an answer and whose originals are gone."""
    ledger, found = bridge.ledger, list(known)
    for sent in ledger.parts(pair.id, _sent(kind)):
        if still_sent(sent, found, lists):
            continue
        copy = left_behind(sent, found, lists)
        if copy is not None:
            ledger.part(run, pair.id, kind, None, copy)
            found.append(copy)
        ledger.part(run, pair.id, _sent(kind), sent, None)
    return found


@contextmanager
def remembered(bridge: Bridge, run: Run, pair: PairView, kind: str, source: Part, origin: Side) -> Iterator[None]:
    """`source`, of the side `origin`, is sent within: forgotten again as soon as it is known what came of it."""
    ledger = bridge.ledger
    before = next((one for one in ledger.parts(pair.id, _sent(kind)) if one.id(origin) == source.id), None)
    sent = sent_part(source, origin)
    ledger.part(run, pair.id, _sent(kind), before, sent)
    try:
        yield
    except REFUSALS:
        ledger.part(run, pair.id, _sent(kind), sent, None)
        raise
    ledger.part(run, pair.id, _sent(kind), sent, None)


def _sent(kind: str) -> str:
    return f"{kind} sent"
