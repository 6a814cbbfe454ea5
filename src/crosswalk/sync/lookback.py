"""A write landed, and its answer said nothing: the next look at that side tells what it replaced.

Jira Data Center answers an edit with nothing. Its own hook, or the next poll, brings a run that reads the issue anyway;
that one reads the history along. Until then the base holds what was sent beside what was (merge/unconfirmed.py).
Where somebody's edit was replaced that nobody had told of, it is put back as exchange.py does it; docs/decisions/0007.
So it is where the answer never came, because the process ended or the line broke: what the history surely says counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from crosswalk.merge.decision import Base, Held
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.presume import (
    Replaced,
    answered_at,
    going_back,
    opened,
    put_there_at,
    replaced,
    to_put_back,
    unsaid,
    without_back,
    without_open,
    without_unsaid,
)
from crosswalk.merge.records import Exchanged, Gone, LookedBack, Snapshot, Wrote
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.stale import believed, newest_of, stamped, unseen
from crosswalk.merge.unconfirmed import as_sent, awaits, in_doubt, proven, sent_to, settled
from crosswalk.merge.values import MISSING, Value
from crosswalk.sync.apply import old_state
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.exchange import as_agreed, kept_back, not_known, put_back
from crosswalk.sync.reading import met, read

UNTOLD = "Its history does not say what was replaced."
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Known = dict[Side, Snapshot | Gone | None]


def look_back(bridge: Bridge, run: Run, pair: PairView) -> tuple[PairView, Known]:
    """The pair as it counts now that it is known what the last write replaced, and the record that was read for that.

    Nothing is read where nothing is to be told. Raises RemoteError; Outdated where the record does not show the write.
    """
    if (side := going_back(pair.base)) is not None:
        return _put_back_again(bridge, run, pair, side)
    if unanswered := opened(pair.base):
        return _unanswered(bridge, run, pair, unanswered)
    waiting = unsaid(pair.base)
    ref = pair.ref(waiting[0]) if waiting else None
    if waiting is None or ref is None:
        return _awaited(bridge, run, pair) if awaits(pair.base) else (pair, {})
    side, changes = waiting
    found = bridge.side(side).look_back(ref, changes, newest_of(pair.base, side) or LONG_AGO)
    if isinstance(found, Gone):  # kept as it is: it may only be hidden
        return replace(pair, base=without_unsaid(as_sent(pair.base))), {side: found}
    met(bridge, run, pair, side, found.record)
    rules = _rules(bridge, pair, side, found.record)
    sent = [rules[name] for name in changes if name in rules and rules[name].name in pair.base]
    was = {rule.field(side): pair.base[rule.name].of(side) for rule in sent}
    shown = Wrote(found.record, answered=answered_at(pair.base))  # a history may be newer than what is shown
    old = any(unseen(one, changes, was, newest_of(pair.base, side)) for one in (found.told.wrote, shown))
    if old and not believed(pair, bridge.now(), answered_at(pair.base), found.told.wrote.stamped):
        raise old_state(side, ref)
    theirs = replaced([(rule, was[rule.field(side)]) for rule in sent], side, found.told)
    base, doubtful = _settled(pair.base, side, found.told, sent, theirs)
    pair = replace(pair, base=base)
    bridge.ledger.note(run, pair.id, [not_known(rule.name, side, UNTOLD) for rule in doubtful])
    record = _given_back(bridge, run, pair, (side, found), theirs)
    bridge.ledger.agree(run, pair.id, base)  # last: a run that is killed before looks back again
    alone = not theirs and not doubtful and (pair.news is side or as_agreed(bridge, pair, side, record))
    return replace(pair, news=pair.news if alone else None), {side: record}


def _put_back_again(bridge: Bridge, run: Run, pair: PairView, side: Side) -> tuple[PairView, Known]:
    """What an exchange had replaced was to be put back, and it is not known whether it was: it is where our own write
    stands there still. Whoever set something else since counts."""
    known, base = read(bridge, run, pair, side), without_back(pair.base)
    if not isinstance(known, Snapshot):
        return replace(pair, base=base), {side: known}
    theirs = to_put_back(pair.base, side, _rules(bridge, pair, side, known).values())
    at = put_there_at(pair.base) or known.changed_at
    lacking = [one for one in theirs if known.get(one.rule.field(side)) == one.now]
    pair = replace(pair, base=base, news=None)
    if lacking:
        return pair, {side: put_back(bridge, run, pair, side, lacking, at) or known}
    bridge.ledger.agree(run, pair.id, base)
    landed = all(known.get(one.rule.field(side)) == one.held for one in theirs)  # then the stamp is that of our write
    return pair, {side: replace(known, changed_at=at) if landed else known}


def _unanswered(bridge: Bridge, run: Run, pair: PairView, sent: Mapping[str, Held]) -> tuple[PairView, Known]:
    """The same of an exchange that was sent and not answered: it may have landed, and replaced somebody's edit.

    Only an entry of the history counts that left what was sent: any other may be of a person. What it does not tell,
    the run that goes on says (exchange.py).
    """
    side = Side.LEFT if any(one.left is not MISSING for one in sent.values()) else Side.RIGHT
    known = read(bridge, run, pair, side)
    if not isinstance(known, Snapshot):
        return pair, {side: known}
    rules = [one for one in _rules(bridge, pair, side, known).values() if one.name in sent and one.name in pair.base]
    changes = {rule.field(side): value for rule in rules if (value := sent[rule.name].of(side)) is not MISSING}
    found = bridge.side(side).look_back(known.ref, changes, newest_of(pair.base, side) or LONG_AGO)
    if isinstance(found, Gone):
        return pair, {side: found}
    _met(bridge, run, pair, side, found)
    landed = [one for one in rules if _left(found, one.field(side), changes)]
    theirs = replaced([(rule, pair.base[rule.name].of(side)) for rule in landed], side, found.told)
    base = settled(without_open(pair.base, [rule.name for rule in landed]), side, {}, _undone(theirs))
    base = _proven(base, side, found, in_doubt(base, side, found.record, landed))
    pair = replace(pair, base=base, news=None)
    record = _given_back(bridge, run, pair, (side, found), theirs)
    bridge.ledger.agree(run, pair.id, base)
    return pair, {side: record}


def _awaited(bridge: Bridge, run: Run, pair: PairView) -> tuple[PairView, Known]:
    """The same of what a run sent that had read both sides: what the history surely shows landed, also where somebody
    wrote over it since. Taken for a write that never was, it would be sent once more, over that edit."""
    known: Known = {}
    base = pair.base
    for side in Side:
        if not sent_to(base, side):
            continue
        known[side] = now = read(bridge, run, pair, side)
        if not isinstance(now, Snapshot):
            continue
        sent = in_doubt(base, side, now, _rules(bridge, pair, side, now).values())
        if not sent:
            continue
        changes = {rule.field(side): value for rule, value in sent}
        found = bridge.side(side).look_back(now.ref, changes, newest_of(base, side) or LONG_AGO)
        if isinstance(found, Gone):
            known[side] = found
            continue
        _met(bridge, run, pair, side, found)
        known[side] = found.record
        base = _proven(base, side, found, in_doubt(base, side, found.record, [rule for rule, _ in sent]))
    return replace(pair, base=base), known


def _met(bridge: Bridge, run: Run, pair: PairView, side: Side, found: LookedBack) -> None:
    """Keep what is told of a record that was `found`. Raises Outdated where its history is newer than it is."""
    met(bridge, run, pair, side, found.record)
    wrote = found.told.wrote
    if unseen(wrote, {}, {}, None) and not believed(pair, bridge.now(), wrote.stamped):
        raise old_state(side, found.record.ref)


def _proven(base: Base, side: Side, found: LookedBack, sent: Sequence[tuple[Rule, Value]]) -> dict[str, Held]:
    """`base` with what surely landed of what was `sent`. The record shows that it is no state from before."""
    landed = [rule.name for rule, value in sent if _left(found, rule.field(side), {rule.field(side): value})]
    return stamped(proven(base, side, landed), {side: found.record}) if landed else dict(base)


def _left(found: LookedBack, field: str, changes: Mapping[str, Value]) -> bool:
    """Whether the history surely shows that the write left what was sent in `field`."""
    return found.told.wrote.snapshot.get(field) == changes.get(field, MISSING) and _told(found, field)


def _told(found: LookedBack, field: str) -> bool:
    return found.told.before.get(field) is not MISSING


def _rules(bridge: Bridge, pair: PairView, side: Side, record: Snapshot) -> dict[str, Rule]:
    """The rules by their fields on `side`."""
    ends = (record, None) if side is Side.LEFT else (None, record)
    return {rule.field(side): rule for rule in bridge.book.rules(pair.kind, *ends)}


def _settled(
    base: Base, side: Side, told: Exchanged, sent: Sequence[Rule], theirs: Sequence[Replaced]
) -> tuple[Base, list[Rule]]:
    """The base now, and the rules of which the history does not say what was replaced: those are decided anew."""
    undone = _undone(theirs)
    fields = {rule.name: rule.field(side) for rule in sent if rule.name not in undone}
    known = {
        name: told.wrote.snapshot.get(field) for name, field in fields.items() if told.before.get(field) is not MISSING
    }
    base = settled(without_unsaid(base), side, known, undone)
    return stamped(base, {side: told.wrote.snapshot}), [rule for rule in sent if rule.name not in undone | known.keys()]


def _undone(theirs: Sequence[Replaced]) -> set[str]:
    """The rules whose write counts as if it never was. Of a set, only what somebody had done to it is put back."""
    return {one.rule.name for one in theirs if not one.listed}


def _given_back(
    bridge: Bridge, run: Run, pair: PairView, looked: tuple[Side, LookedBack], theirs: Sequence[Replaced]
) -> Snapshot:
    """The record as it is to be looked at, with what somebody had put there before our write.

    What somebody set anew since stays as it is, and counts; what the write had replaced there is kept in the journal.
    """
    side, found = looked
    ends = [(one, one.back(there), there) for one in theirs for there in (found.record.get(one.rule.field(side)),)]
    lacking = [replace(one, put=back, now=there) for one, back, there in ends if back not in (MISSING, there)]
    bridge.ledger.note(run, pair.id, [kept_back(one, side) for one, back, there in ends if back in (MISSING, there)])
    if not lacking:
        return found.record
    return put_back(bridge, run, pair, side, lacking, found.told.before.changed_at) or found.record
