"""Parts that are sent: each is remembered before, whatever kind it is of.

Where the answer is lost, and somebody removes or corrects the original meanwhile, what stands across is known as its
copy: it goes or is corrected as well, and is neither carried back nor joined by a second one. Where somebody edits the
copy of a comment in that time, that is carried as any edit. Where somebody removes the copy, it is made again: no list
tells one that is gone from one that never landed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from crosswalk import errors
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.parts import PartDecision, PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.sent_parts import (
    after_change,
    joined,
    landed,
    left_behind,
    sent_change,
    sent_part,
    still_sent,
)
from crosswalk.merge.values import MISSING, Rich, Value
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.translate import RichText

REFUSALS = (errors.Refused, errors.Forbidden, errors.Invalid, errors.NotFound)
"""What a side says that did not do what it was asked."""


Lists = Mapping[Side, Sequence[Part]]
SAID = "comment"
"""The kind of part whose copy says by itself what it is a copy of, and of which edits are carried."""
CHANGED = f"{SAID} changed"
"""The kind under which is kept that an edit is sent."""


def claimed(
    bridge: Bridge, run: Run, pair: PairView, kind: str, known: Sequence[PartPair], lists: Lists
) -> list[PartPair]:
    """What is `known`, with the copies that landed without an answer and whose originals are gone."""
    ledger, found = bridge.ledger, list(known)
    every = ledger.parts(pair.id, _sent(kind))
    for sent in every:
        if still_sent(sent, found, lists):
            continue
        others = {one.id(sent.origin) for one in every if one.origin is sent.origin and one is not sent}
        copy = left_behind(sent, found, lists, others)
        if copy is not None:
            ledger.part(run, pair.id, kind, None, copy)
            found.append(copy)
        ledger.part(run, pair.id, _sent(kind), sent, None)
    return found


def edited_meanwhile(
    bridge: Bridge, run: Run, pair: PairView, known: Sequence[PartPair], lists: Lists, form: RichText
) -> list[PartPair]:
    """Of comments what is `known`, with the copies that landed without an answer and that somebody edited since."""
    ledger, found = bridge.ledger, list(known)
    for sent in ledger.parts(pair.id, _sent(SAID)):
        copy = _edited_since(sent, found, lists, form)
        if copy is not None:
            ledger.part(run, pair.id, SAID, None, copy)
            ledger.part(run, pair.id, _sent(SAID), sent, None)
            found.append(copy)
    return found


def _edited_since(sent: PartPair, known: Sequence[PartPair], lists: Lists, form: RichText) -> PartPair | None:
    """The pair of a comment that was `sent` and its copy, where that says something else than was sent. A copy that
    only looks otherwise may be as the server keeps it: it is joined as always, and brought up to its original."""
    copy, origin = landed(sent, known, lists), sent.origin
    was = sent.was.of(origin) if sent.was is not None else MISSING
    if copy is None or not isinstance(was, Rich):
        return None
    now = [one.content for one in lists[origin] if one.id == sent.id(origin)]
    turn = form.to_right if origin is Side.LEFT else form.to_left
    meant, *others = (turn(value) for value in (was, *now))
    if not now or isinstance(meant, Untranslatable):
        return None
    said = [form.said(one) for one in (meant, *others) if not isinstance(one, Untranslatable)]
    return None if form.said(copy.content) in said else joined(sent, copy, meant)


def change_sent(bridge: Bridge, run: Run, pair: PairView, decision: PartDecision, meant: Value) -> None:
    """Remember that an edit of a comment is sent, as `meant`."""
    known, source = decision.known, decision.source
    if known is not None and source is not None:
        change_known(bridge, run, pair, known)
        sent = sent_change(known, source, decision.side.other, meant, bridge.now())
        bridge.ledger.part(run, pair.id, CHANGED, None, sent)


def change_known(bridge: Bridge, run: Run, pair: PairView, known: PartPair) -> None:
    """Forget it again: it is known what came of it."""
    bridge.ledger.part(run, pair.id, CHANGED, known, None)


def with_changes(
    bridge: Bridge, run: Run, pair: PairView, known: Sequence[PartPair], lists: Lists, form: RichText
) -> list[PartPair]:
    """Of comments what is `known`, as it counts where edits were sent without an answer."""
    ledger, found = bridge.ledger, {(one.left, one.right): one for one in known}
    for sent in ledger.parts(pair.id, CHANGED):
        ids = (sent.left, sent.right)
        parts = {side: next((one for one in lists[side] if one.id == sent.id(side)), None) for side in Side}
        now = {side: one.content for side, one in parts.items() if one is not None}
        counts = None
        if ids in found and len(now) == len(Side):
            counts = after_change(sent, found[ids], now, form.said, bridge.now())
        if counts is not None:
            found[ids] = counts
            if counts.held.of(sent.origin.other) == now[sent.origin.other]:  # it is there
                ledger.part(run, pair.id, SAID, counts, counts)
                change_known(bridge, run, pair, counts)
        elif not sent.young(bridge.now()):
            change_known(bridge, run, pair, sent)
    return list(found.values())


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
