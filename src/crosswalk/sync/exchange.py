"""News of one side alone: it is read, the other is presumed to hold what was agreed, and the write tells if it did.

One read and one write carry an edit. Where the write replaced something that nobody had told of, that is put back at
once and both sides are looked at as usual: it is that person's edit, and nothing is decided here. What may be presumed
says merge/presume.py; docs/decisions/0007 says what is given up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crosswalk import errors
from crosswalk.merge.decision import Decision, Held
from crosswalk.merge.merge import advance, merge
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.plan import changes_on
from crosswalk.merge.presume import REST, across, closed, opened, opening, presumed, replaced
from crosswalk.merge.records import UNTOLD, Exchanged, Ref, Snapshot, Wrote
from crosswalk.merge.refused import marked
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.stale import BELIEVED, NEWEST, stamped, unseen
from crosswalk.merge.unconfirmed import awaited
from crosswalk.merge.values import MISSING, Maybe, Value, dump
from crosswalk.sync.after import Ending
from crosswalk.sync.apply import old_state, report, shortened, tell, unsure, written
from crosswalk.sync.arranging import moved_in_jira
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.emptied import empties
from crosswalk.sync.family import rename
from crosswalk.sync.looked import remembered
from crosswalk.sync.ranks import FEATURE, RELEASE
from crosswalk.sync.replaced import let_through
from crosswalk.sync.shown import shown

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
        return Ending("agreed")
    return _Exchange(bridge, run, pair, side.other, decisions).carry()


def decided_alone(bridge: Bridge, pair: PairView, side: Side, record: Snapshot) -> Sequence[Decision] | None:
    """What `record`, read on `side`, decides if the other side holds what was agreed; None where that is to be read.

    Asks Jira at most what stands below the record. Raises RemoteError.
    """
    if pair.kind == RELEASE and bridge.book.ranks(FEATURE):
        return None  # the order of its features is read elsewhere
    ends, rules = _presume(bridge, pair, side, record)
    rest = remembered(bridge, pair.kind, side, record, rules)
    if not rest or rest != pair.base[REST].of(side):
        return None
    if side is Side.RIGHT and (_grown(bridge, pair, record) or _toiled(bridge, pair, record)):
        return None
    if side is Side.RIGHT and moved_in_jira(bridge, pair, record):
        return None
    decisions = merge(pair.base, ends[0], ends[1], rules, newer=side)
    if not across(decisions, side.other) or empties(decisions, side.other):
        return None
    return decisions


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
        ref = pair.left if to is Side.LEFT else pair.right
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
        newest = self._pair.base[NEWEST].of(self._to) if NEWEST in self._pair.base else None
        stamp = newest if isinstance(newest, datetime) else None
        if self._pair.looks < BELIEVED and unseen(told.wrote, changes, held, stamp):
            outdated = old_state(self._to, self._ref)
            self._doubt(outdated)
            raise outdated
        theirs = replaced(self._sent, self._to, told)
        return self._put_back(theirs, told) if theirs else self._agree(told)

    def _agree(self, told: Exchanged) -> Ending:
        """It was as presumed: the pair is in step."""
        landed = {self._to: told.wrote}
        pair, record = self._pair, str(self._pair.left or self._pair.right)
        base = marked(advance(pair.base, self._decisions, landed), self._decisions, landed)
        self._bridge.ledger.agree(self._run, pair.id, stamped(base, {self._to: told.wrote.snapshot}))
        rename(self._bridge, self._run, landed.get(Side.LEFT))
        lines = [*report(record, self._decisions, landed), *self._untold(told.before, told.wrote)]
        taken = [one for one in self._sent if one.rule.field(self._to) not in told.wrote.left_out]
        self._note(shortened(record, taken, self._to))
        tell(self._bridge, self._run, pair.id, lines)
        self._bridge.ledger.note(self._run, pair.id, [written(one, self._to) for one in taken], landed=True)
        attention = [line for line in lines if line.level == "warning" and line.field in self._refused(told.wrote)]
        return Ending.asking(attention) if attention else Ending("agreed")

    def _refused(self, wrote: Wrote) -> set[str]:
        return {one.name for one in self._sent if one.rule.field(self._to) in wrote.left_out}

    def _untold(self, before: Snapshot, wrote: Wrote) -> list[Entry]:
        """Lines about what the side was to tell and did not."""
        return [
            not_known(one.name, self._to, "Its answer does not say what was replaced.")
            for one in self._sent
            if before.get(name := one.rule.field(self._to)) is MISSING and name not in wrote.left_out
        ]

    def _put_back(self, theirs: Sequence[Decision], told: Exchanged) -> Snapshot | None:
        """Somebody had changed it meanwhile: give that back, and let both sides be looked at as they were."""
        values: dict[str, Value] = {}
        for one in theirs:
            name = one.rule.field(self._to)
            held, now = told.before.get(name), told.wrote.snapshot.get(name)
            assert held is not MISSING
            values[name] = held
            self._note(_put_back(one.name, self._to, held, now))
        side = self._bridge.side(self._to)
        self._bridge.ledger.guard(self._run)
        wrote = side.update(self._ref, values)
        self._close()
        self._note(report(str(self._ref), theirs, {self._to: wrote}))
        found = side.read([self._ref])[self._ref]
        return replace(found, changed_at=told.before.changed_at) if isinstance(found, Snapshot) else None

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


def _put_back(name: str, side: Side, held: Value, now: Maybe) -> tuple[Entry, Entry]:
    """The line that keeps what was replaced, and the one about writing it again."""
    what = f"{name} in {NAMES[side]} had been changed before it was written. Both changes are looked at."
    kept = json.dumps(dump(held))
    line = Entry(what, side=side, level="warning", field=name, old=shown(held), new=shown(now), kept=kept)
    again = Entry(f"{name} is sent to {NAMES[side]}.", "What it held is put back.", side, field=name)
    return line, replace(again, old=line.new, new=line.old)


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
