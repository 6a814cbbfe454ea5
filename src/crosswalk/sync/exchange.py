"""News of one side alone: it is read, the other is presumed to hold what was agreed, and the write tells if it did.

One read and one write carry an edit. Where the write replaced something that nobody had told of, that is put back at
once and both sides are looked at as usual: it is that person's edit, and nothing is decided here. What may be presumed
says merge/presume.py; docs/decisions/0007 says what is given up. Where the answer says nothing, lookback.py goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosswalk import errors
from crosswalk.merge.decision import Decision, Held
from crosswalk.merge.merge import advance, merge
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.plan import changes_on
from crosswalk.merge.presume import (
    REST,
    Replaced,
    across,
    closed,
    opened,
    opening,
    presumed,
    putting_back,
    replaced,
    with_unsaid,
)
from crosswalk.merge.records import UNTOLD, Exchanged, Ref, Snapshot, Unsaid, Wrote
from crosswalk.merge.refused import marked
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.stale import newest_of, stamped, unseen
from crosswalk.merge.unconfirmed import awaited
from crosswalk.merge.values import MISSING, Value, dump
from crosswalk.sync.after import Ending
from crosswalk.sync.apply import left_out, looked_anew, mild, old_state, report, shortened, tell, unsure, written
from crosswalk.sync.arranging import moved_in_jira
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.durations import said
from crosswalk.sync.emptied import empties
from crosswalk.sync.family import rename
from crosswalk.sync.looked import keep_apart, remembered
from crosswalk.sync.ranks import FEATURE, RELEASE
from crosswalk.sync.replaced import let_through
from crosswalk.sync.shown import shown
from crosswalk.sync.staying import staying

UNSURE = (errors.Unanswered, errors.ServerFault, errors.Unreadable)


def carry_alone(bridge: Bridge, run: Run, pair: PairView, side: Side, record: Snapshot) -> Ending | Snapshot | None:
    """Bring the pair into step from `record`, read on `side`, with one write on the other side at most.

    None where both sides have to be read for that; the other record, as it was before anything was written, where
    somebody had changed it. Raises RemoteError.
    """
    decisions = decided_alone(bridge, pair, side, record)
    if decisions is None:
        return None
    if not any(decision.write for decision in decisions):
        keep_apart(bridge, run, pair, pair.base, [(one.rule, one.left, one.right) for one in decisions])
        return Ending("agreed")
    seen = replace(pair, base=stamped(pair.base, {side: record}))  # however the write ends, nothing older counts
    return _Exchange(bridge, run, looked_anew(bridge, run, seen), side.other, decisions).carry()


def decided_alone(bridge: Bridge, pair: PairView, side: Side, record: Snapshot) -> Sequence[Decision] | None:
    """What `record`, read on `side`, decides if the other side holds what was agreed; None where that is to be read.

    Asks Jira at most what stands below the record. Raises RemoteError.
    """
    if pair.kind == RELEASE and bridge.book.ranks(FEATURE):
        return None  # the order of its features is read elsewhere
    ends, rules = _presume(bridge, pair, side, record)
    rest = remembered(bridge, pair.kind, side, record, rules)
    if not rest or REST not in pair.base or rest != pair.base[REST].of(side):
        return None
    if side is Side.RIGHT and (_grown(bridge, pair, record) or _toiled(bridge, pair, record)):
        return None
    if side is Side.RIGHT and moved_in_jira(bridge, pair, record):
        return None
    decisions = merge(pair.base, ends[0], ends[1], rules, newer=side)
    if not across(decisions, side.other) or empties(decisions, side.other):
        return None
    # Of a list some entries may stay: whether somebody took the others out is looked at with both sides.
    return decisions if staying(bridge, pair, decisions) == tuple(decisions) else None


def as_agreed(bridge: Bridge, pair: PairView, side: Side, record: Snapshot) -> bool:
    """Whether `record`, read on `side`, is surely as it was agreed. Raises RemoteError."""
    decisions = decided_alone(bridge, pair, side, record)
    return decisions is not None and not any(decision.write for decision in decisions)


def _presume(
    bridge: Bridge, pair: PairView, side: Side, record: Snapshot
) -> tuple[tuple[Snapshot, Snapshot], tuple[Rule, ...]]:
    """Both records, one of them presumed, and the rules for them.

    The rules say which fields there are, and may depend on what these hold: they are asked for twice.
    """
    ref = pair.right if side is Side.LEFT else pair.left
    assert ref is not None
    kind, book = pair.kind, bridge.book
    rules = book.rules(kind, record, None) if side is Side.LEFT else book.rules(kind, None, record)
    other = Snapshot(ref, presumed(pair.base, rules, side.other))
    ends = (record, other) if side is Side.LEFT else (other, record)
    return ends, book.rules(kind, *ends)


def _grown(bridge: Bridge, pair: PairView, record: Snapshot) -> bool:
    """Whether somebody made something below the record on the right."""
    kind = bridge.book.below(pair.kind)
    if not kind or Side.LEFT not in bridge.book.makes(kind):
        return False
    known = {child.right for child in bridge.ledger.children(pair.id)}
    return any(ref not in known for ref in bridge.right.below(record, kind))


def _toiled(bridge: Bridge, pair: PairView, record: Snapshot) -> bool:
    """Whether somebody may have worked on what stands below the record on the right and is in no pair."""
    if not record.spent_below or not any(rule.below for rule in bridge.book.parts(pair.kind)):
        return False
    paired = bridge.ledger.paired(bridge.integration_id, Side.RIGHT, record.below)
    return record.spent_below == UNTOLD or any(ref not in paired for ref in record.below)


class _Exchange:
    """One write on the side `to`, which is presumed to hold what was agreed."""

    def __init__(self, bridge: Bridge, run: Run, pair: PairView, to: Side, decisions: Sequence[Decision]) -> None:
        self._bridge, self._run, self._pair, self._to = bridge, run, pair, to
        self._decisions = decisions
        self._sent = [decision for decision in decisions if to in decision.write]
        ref = pair.ref(to)
        assert ref is not None
        self._ref: Ref = ref

    def carry(self) -> Ending | Snapshot | None:
        """See carry_alone()."""
        asked = changes_on(self._to, self._decisions)
        changes = {change.field: change.new for change in asked}
        held = {change.field: change.old for change in asked if change.old is not MISSING}
        side, ledger = self._bridge.side(self._to), self._bridge.ledger
        if not side.tells(self._ref, changes, held):
            return None
        with ledger.together():  # one transaction: each is a wait for the disk
            let_through(self._bridge, self._run, self._pair, self._sent)
            self._note([written(one, self._to) for one in self._sent])
            # Stored first: a run that is killed now leaves behind that it may have replaced something.
            ledger.agree(self._run, self._pair.id, self._opened())
        ledger.guard(self._run)
        try:
            told = side.exchange(self._ref, changes)
        except UNSURE as error:
            self._doubt(error)
            raise
        except errors.RemoteError:
            self._close()
            raise
        if told is None:
            self._close()
            self._note([Entry(f"{NAMES[self._to]} did not take it without a read before; both sides are read.")])
            return None
        if isinstance(told, Unsaid):
            return self._unsaid(changes, told.answered)
        if unseen(told.wrote, changes, held, newest_of(self._pair.base, self._to)):
            outdated = old_state(self._to, self._ref)
            self._doubt(outdated)
            raise outdated
        theirs = replaced([(one.rule, one.value(self._to)) for one in self._sent], self._to, told)
        if theirs:
            base = stamped(self._pair.base, {self._to: told.wrote.snapshot})
            pair = replace(self._pair, base=base)
            return put_back(self._bridge, self._run, pair, self._to, theirs, told.before.changed_at)
        return self._agree(told)

    def _unsaid(self, changes: Mapping[str, Value], answered: datetime | None) -> Ending:
        """It landed, and nothing is known of what it replaced: the look that its own echo brings tells."""
        base = with_unsaid(marked(self._opened(), self._decisions, {}), self._to, changes, answered)
        self._bridge.ledger.agree(self._run, self._pair.id, base)
        return self._done({}, self._sent, ())

    def _agree(self, told: Exchanged) -> Ending:
        """It was as presumed: the pair is in step."""
        landed = {self._to: told.wrote}
        pair = self._pair
        base = marked(advance(pair.base, self._decisions, landed), self._decisions, landed)
        self._bridge.ledger.agree(self._run, pair.id, stamped(base, {self._to: told.wrote.snapshot}))
        rules = [(one.rule, one.left, one.right) for one in self._decisions]
        keep_apart(self._bridge, self._run, pair, base, rules)
        rename(self._bridge, self._run, landed.get(Side.LEFT))
        taken = [one for one in self._sent if one.rule.field(self._to) not in told.wrote.left_out]
        return self._done(landed, taken, self._untold(told.before, told.wrote))

    def _done(self, landed: Mapping[Side, Wrote], taken: Sequence[Decision], untold: Sequence[Entry]) -> Ending:
        """Say what was `taken`, and what was not."""
        run, pair = self._run, self._pair
        record = str(pair.left or pair.right)
        lines = [*report(record, self._decisions, landed), *untold]
        self._bridge.ledger.note(run, pair.id, [written(one, self._to) for one in taken], landed=True)
        self._note(shortened(record, taken, self._to))
        tell(self._bridge, run, pair.id, lines)
        refused = {one.name for one in self._sent if one not in taken}
        attention = [line for line in lines if line.level == "warning" and line.field in refused]
        return Ending.asking(attention) if attention else Ending("agreed")

    def _untold(self, before: Snapshot, wrote: Wrote) -> list[Entry]:
        """Lines about what the side was to tell and did not."""
        return [
            not_known(one.name, self._to, "Its answer does not say what was replaced.")
            for one in self._sent
            if before.get(name := one.rule.field(self._to)) is MISSING and name not in wrote.left_out
        ]

    def _doubt(self, error: errors.RemoteError) -> None:
        """It is not known whether it landed, and what it replaced: the base says what was sent."""
        self._note([unsure(self._to, error)])

    def _opened(self) -> dict[str, Held]:
        """The base while the answer is awaited."""
        return awaited(opening(self._pair.base, self._sent, self._to), self._decisions, {})

    def _close(self) -> None:
        self._bridge.ledger.agree(self._run, self._pair.id, self._pair.base)

    def _note(self, lines: Sequence[Entry]) -> None:
        self._bridge.ledger.note(self._run, self._pair.id, lines)


def put_back(
    bridge: Bridge, run: Run, pair: PairView, to: Side, theirs: Sequence[Replaced], changed_at: datetime | None
) -> Snapshot | None:
    """Somebody had changed it before our write: give that back, and let both sides be looked at as they were.

    `pair` has the base that counts from then on. The record as it is then, changed when that person did, at
    `changed_at`; None where it is not there. Raises Outdated where it is shown as it was before.
    """
    ref, side, ledger = pair.ref(to), bridge.side(to), bridge.ledger
    assert ref is not None
    for one in theirs:
        line = kept_back(one, to)
        again = Entry(f"{one.rule.name} is sent to {NAMES[to]}.", "What it held is put back.", to, field=one.rule.name)
        ledger.note(run, pair.id, [line, replace(again, old=line.new, new=shown(one.goes_back))])
    # Stored first, as the side may have forgotten it: a run that is killed now, or refused, leaves it to the next one.
    ledger.agree(run, pair.id, putting_back(pair.base, to, theirs, changed_at))
    pair = looked_anew(bridge, run, pair)
    ledger.guard(run)
    wrote = side.update(ref, {one.rule.field(to): one.goes_back for one in theirs})
    ledger.agree(run, pair.id, pair.base)
    refused = [(one, words) for one in theirs if (words := wrote.left_out.get(one.rule.field(to))) is not None]
    for one, words in refused:
        line = left_out(str(ref), one.rule.name, to, words, said(one.rule.right, one.held))
        ledger.note(run, pair.id, [mild(one.rule.field(to), line)])
    found = side.read([ref])[ref]
    if not isinstance(found, Snapshot):
        return None
    shows = replace(wrote, snapshot=found, stamped=wrote.stamped or wrote.snapshot.changed_at)
    if unseen(shows, {}, {}, None):
        raise old_state(to, ref)
    return replace(found, changed_at=changed_at)


def kept_back(one: Replaced, side: Side) -> Entry:
    """The line that keeps what was replaced."""
    return Entry(
        f"{one.rule.name} in {NAMES[side]} had been changed before it was written. Both changes are looked at.",
        side=side,
        level="warning",
        field=one.rule.name,
        old=shown(one.held),
        new=shown(one.now),
        kept=json.dumps(dump(one.held)),
    )


def not_known(name: str, side: Side, why: str) -> Entry:
    """The line about a write that may have replaced something, and nobody can say what."""
    return Entry(
        f"{name} was written in {NAMES[side]}. Whether somebody had changed it just before is not known.",
        why,
        side,
        level="warning",
        field=name,
        remedy=f"See the history of the record in {NAMES[side]}.",
    )


def close(bridge: Bridge, run: Run, pair: PairView, left: Snapshot, right: Snapshot) -> PairView:
    """The pair without the mark of an exchange whose answer never came; says what can not be known of it."""
    sent = opened(pair.base)
    if not sent:
        return pair
    lines = []
    for rule in bridge.book.rules(pair.kind, left, right):
        if rule.name in sent and rule.name in pair.base:
            side = Side.LEFT if sent[rule.name].left is not MISSING else Side.RIGHT
            record = left if side is Side.LEFT else right
            if record.get(rule.field(side)) != pair.base[rule.name].of(side):
                lines.append(not_known(rule.name, side, "The answer to the write never came."))
    bridge.ledger.note(run, pair.id, lines)
    base = closed(pair.base)
    bridge.ledger.agree(run, pair.id, base)
    return replace(pair, base=base)
