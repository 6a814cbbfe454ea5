"""Comments, files and links of one pair: read both lists, decide, apply one by one, remember each at once.

A copied comment carries the id of its original, so one whose answer was lost is found in the list and joined, never
made again; others are known by what they say, files by their content (attached.py). What is sent is remembered until
the answer comes (sent.py). What a server refuses is told, and the rest goes on; it is not sent again until something
changed or a person asks (merge/refused_parts.py).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from crosswalk import errors
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.parts import Act, PartDecision, PartPair, PartRule, after_part, decide_parts, parts_by_id
from crosswalk.merge.records import LeftOut, Part, PartDraft, Ref, Snapshot
from crosswalk.merge.refused_parts import Ids, by_ids, deed, ids, mark, mark_kind, refused_before
from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.values import MISSING, Rich, Value, dump
from crosswalk.remote.budget import guarded
from crosswalk.sync.after import Ending, backoff
from crosswalk.sync.apply import not_whole
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.edited import edited
from crosswalk.sync.fetch import ATTACHMENT
from crosswalk.sync.late import loses, part_held, part_now
from crosswalk.sync.marks import mark_of
from crosswalk.sync.originals import as_written, original_of
from crosswalk.sync.sent import (
    REFUSALS,
    change_known,
    change_sent,
    claimed,
    edited_meanwhile,
    remembered,
    with_changes,
)
from crosswalk.sync.shown import given_up_in, shown

COMMENT = "comment"
STATUS = {Side.LEFT: "workflow_status", Side.RIGHT: "status"}


Again: TypeAlias = list[Ending]
"""How the run ends where a side shows something that may be older than what is known, and is to be looked at again."""


def sync_parts(bridge: Bridge, run: Run, pair: PairView, ends: Mapping[Side, Snapshot], again: Again) -> list[Entry]:
    """Bring what hangs on the two records in `ends` into step; the journal's lines about what a side would not take.

    Files are left to attached.py. What is not believed yet is added to `again`. Raises RemoteError where trying again
    helps.
    """
    attention: list[Entry] = []
    for rule in (rule for rule in bridge.book.parts(pair.kind) if rule.kind != ATTACHMENT):
        if not shows(ends, rule.kind):
            continue
        attention += Hanging(bridge, run, pair, rule, ends, again).sync()
    return attention


def shows(ends: Mapping[Side, Snapshot], kind: str) -> bool:
    """Whether both records speak of parts of `kind`: what one does not show (time, links) was not removed there."""
    return all(kind in record.parts or kind in record.more for record in ends.values())


@dataclass(frozen=True, slots=True)
class Hanging:
    """The parts of one kind of one pair."""

    bridge: Bridge
    run: Run
    pair: PairView
    rule: PartRule
    ends: Mapping[Side, Snapshot]
    again: Again

    def sync(self) -> list[Entry]:
        """Decide, and carry out one by one; the lines about what a side would not take."""
        kind, ledger = self.rule.kind, self.bridge.ledger
        known = ledger.parts(self.pair.id, kind)
        lists = as_written(known, self.lists(known), self.bridge.ours)
        known = self.counted(known, lists)
        decisions = decide_parts(known, lists[Side.LEFT], lists[Side.RIGHT], self.rule, self.bridge.now())
        if not decisions and self.pair.state == "agreed":
            return []
        marks = by_ids(ledger.parts(self.pair.id, mark_kind(kind)))
        attention, kept = self.carry_all(decisions, marks)
        self.remember_marks(marks, kept)
        return attention

    def counted(self, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]) -> Sequence[PartPair]:
        """What is `known` as it counts now, see sent.py and late.py."""
        known = claimed(self.bridge, self.run, self.pair, self.rule.kind, known, lists)
        if self.rule.kind != COMMENT:
            return known
        form = self.bridge.book.part_text(self.ends)
        known = edited_meanwhile(self.bridge, self.run, self.pair, known, lists, form)
        known = with_changes(self.bridge, self.run, self.pair, known, lists, form)
        now = {side: parts_by_id(lists[side]) for side in Side}
        losing = [side for side in Side if loses(self.ends[side]) and self.rule.direction.writes(side.other)]
        return [part_now(pair, {side: now[side].get(pair.id(side)) for side in Side}, form, losing) for pair in known]

    def carry_all(
        self, decisions: Sequence[PartDecision], marks: Mapping[Ids, PartPair]
    ) -> tuple[list[Entry], list[PartPair]]:
        """Carry out `decisions` as far as they stand: the lines about what a side would not take, and the marks."""
        attention: list[Entry] = []
        kept: list[PartPair] = []
        for decision in decisions:
            if decision.act is Act.AGAIN:
                self.again.append(self.looked_at_again(decision))
            if decision.act is Act.AGAIN or not self.stands(decision):
                continue
            before = self.said_before(marks, decision)
            words = before or self.attempt(decision)
            if words is not None:
                # What was said before stands in the journal.
                attention.append(self.refused(decision, words) if before else self.told(decision, words))
                done = self.deed(decision)
                kept += [mark(decision, done, words)] if done else []
        return attention, kept

    def looked_at_again(self, decision: PartDecision) -> Ending:
        """How the run ends where a part is not there, or is as it was, and is so new that a side may lag behind."""
        young = decision.known.young(self.bridge.now()) if decision.known else 0.0
        wait = min(backoff(self.pair.tries + 1, 0.5), max(young, 1.0))  # soon at first: mostly it is there by then
        what = f"{self.called(decision)} of {self.ends[decision.side].ref} is new or was just changed."
        reason = f"{what} {_why(decision.reason)} It is looked at again before that is believed."
        return Ending("waiting", reason, wait=wait, told=True)

    def said_before(self, marks: Mapping[Ids, PartPair], decision: PartDecision) -> LeftOut | None:
        """What the side said to the same deed, unless a person asks that it is tried again."""
        if self.pair.asked or ids(decision) not in marks:
            return None
        return refused_before(marks, decision, self.deed(decision))

    def attempt(self, decision: PartDecision) -> LeftOut | None:
        """Carry out one decision; what the side says where it would not take it. Raises RemoteError."""
        try:
            self.carry(decision)
        except REFUSALS as error:
            self.change_known(decision)
            return LeftOut(error.message, error.remedy, error.code)
        return None

    def told(self, decision: PartDecision, words: LeftOut) -> Entry:
        """The line about what a side would not take, now in the journal."""
        line = self.refused(decision, words)
        self.bridge.ledger.note(self.run, self.pair.id, [line])
        return line

    def deed(self, decision: PartDecision) -> str:
        """What is to be done, as the mark of a refusal names it; "" where nothing would be sent."""
        source, side = decision.source if decision.act in (Act.ADD, Act.CHANGE, Act.JOIN) else None, decision.side
        try:
            draft = self.draft(decision, source) if source is not None else None
            return deed(decision, self.rule, draft, self.ends[side].get(STATUS[side]))
        except errors.Refused:
            return ""

    def remember_marks(self, before: Mapping[Ids, PartPair], now: Sequence[PartPair]) -> None:
        """Keep what is refused now; forget the rest first, so that no part has two marks."""
        kind, ledger, after = mark_kind(self.rule.kind), self.bridge.ledger, by_ids(now)
        for key in before.keys() - after.keys():
            ledger.part(self.run, self.pair.id, kind, before[key], None)
        for key, fresh in after.items():
            if before.get(key) != fresh:
                ledger.part(self.run, self.pair.id, kind, before.get(key), fresh)

    def carry(self, decision: PartDecision) -> None:
        """Apply one decision and remember it at once, what is new before it is sent, too. Raises RemoteError, or
        Refused."""
        source, kind = decision.source, self.rule.kind
        if decision.act is not Act.ADD or source is None:
            self.finished(decision)
            return
        with remembered(self.bridge, self.run, self.pair, kind, source, decision.side.other):
            self.finished(decision)

    def finished(self, decision: PartDecision) -> None:
        """Apply one decision and keep what came of it."""
        after = after_part(decision, self.apply(decision))
        if after is not None and decision.source is not None:
            after = part_held(after, decision.side.other, self.bridge.book.part_text(self.ends))
        self.remember(decision, after)

    def remember(self, decision: PartDecision, after: PartPair | None) -> None:
        """Keep what a decision has led to, and since when both are so."""
        if after is not None and decision.act in (Act.ADD, Act.JOIN, Act.CHANGE):
            after = replace(after, since=self.bridge.now(), was=decision.known.held if decision.known else None)
        self.bridge.ledger.part(self.run, self.pair.id, self.rule.kind, decision.known, after)
        self.change_known(decision)

    def change_known(self, decision: PartDecision) -> None:
        """Forget that an edit was sent: it is known what came of it."""
        if decision.act is Act.CHANGE and decision.known is not None:
            change_known(self.bridge, self.run, self.pair, decision.known)

    def lists(self, known: Sequence[PartPair]) -> Mapping[Side, Sequence[Part]]:
        """The parts on either side, those in `known` and new ones."""
        del known
        found = {side: self.bridge.side(side).parts(self.ends[side], self.rule.kind) for side in Side}
        if self.rule.below:
            below = self.bridge.right.work_below(self.ends[Side.RIGHT], self._paired)
            found[Side.RIGHT] = (*found[Side.RIGHT], *below)
        return found

    def _paired(self, refs: Iterable[Ref]) -> Collection[Ref]:
        return self.bridge.ledger.paired(self.bridge.integration_id, Side.RIGHT, refs)

    def stands(self, decision: PartDecision) -> bool:
        """Whether a decision is to be carried out now, at a second look."""
        del decision
        return True

    def draft(self, decision: PartDecision, source: Part) -> PartDraft:
        """What `decision` has to write for `source`. Raises Refused where there is no such form."""
        return PartDraft(self.content(decision, source), source, mark_of(self.ends[decision.side.other]))

    def apply(self, decision: PartDecision) -> Part | None:
        """Carry out one decision; the part on its side as it is now. Raises RemoteError, or Refused."""
        source, target = decision.source, decision.target
        match decision.act:
            case Act.ADD:
                assert source is not None
                return self.write(decision, None, source)
            case Act.CHANGE:
                assert source is not None
                assert target is not None
                return self.write(decision, target, source)
            case Act.JOIN if target is not None and target.twin and source is not None:
                fresh = self.content(decision, source) == target.content
                return target if fresh else self.write(decision, target, source)
            case Act.REMOVE:
                assert target is not None
                line = self.tell(decision, "is removed", old=target.content)
                self.bridge.ledger.guard(self.run)
                self.bridge.side(decision.side).remove_part(self.ends[decision.side].ref, self.rule.kind, target)
                self.bridge.ledger.note(self.run, self.pair.id, [line], landed=True)
        return target

    def write(self, decision: PartDecision, target: Part | None, source: Part) -> Part:
        """Make a copy of `source`, or bring `target` up to it."""
        return self.send(decision, target, self.draft(decision, source))

    def send(self, decision: PartDecision, target: Part | None, draft: PartDraft) -> Part:
        """Write what was put together."""
        side, kind = decision.side, self.rule.kind
        ref = self.ends[side].ref
        old = target.content if target else None
        line = self.tell(decision, "is written" if target else "is added", old, draft.content)
        self.bridge.ledger.guard(self.run)
        if target is None:
            draft = replace(draft, guard=lambda: self.bridge.ledger.guard(self.run))
            with guarded(draft.guard):
                stored = self.bridge.side(side).add_part(ref, kind, draft)
        else:
            if decision.act is Act.CHANGE:
                change_sent(self.bridge, self.run, self.pair, decision, draft.content)
            stored = self.bridge.side(side).change_part(ref, kind, target, draft)
            if stored.twin and not target.twin:
                stored = original_of(stored)
        # Where the line before the write was left out as a repeated try, this one is the write's own.
        self.bridge.ledger.note(self.run, self.pair.id, [line], landed=True)
        if given_up := given_up_in(draft.content):
            what = f"{self.called(decision)} of {self.ends[side.other].ref}"
            line = not_whole(self.field(decision), what, side, given_up)
            self.bridge.ledger.note(self.run, self.pair.id, [line])
        return stored

    def content(self, decision: PartDecision, source: Part) -> Value:
        """What `source` holds, in the other side's form. Raises Refused where there is no such form."""
        if decision.act is Act.CHANGE and isinstance(source.content, Rich):
            found = edited(self.bridge.book.part_text(self.ends), decision)
        else:
            found = self.bridge.book.part_content(source.content, decision.side, self.ends)
        if isinstance(found, Untranslatable):
            raise errors.Refused(found.reason, remedy=found.remedy, code=found.code)
        return found

    def tell(self, decision: PartDecision, what: str, old: Value = None, new: Value = None) -> Entry:
        """The journal's line, written before the write; what people lose by it is kept whole."""
        side = decision.side
        goes = decision.act in (Act.REMOVE, Act.JOIN)
        lost = decision.lost if decision.act is Act.CHANGE else old if goes else MISSING
        line = Entry(
            f"{self.called(decision)} {what} in {NAMES[side]}.",
            why=_why(decision.reason),
            side=side,
            field=self.field(decision),
            old=shown(old) if old is not None else "",
            new=shown(new) if new is not None else "",
            kept=json.dumps(dump(lost)) if lost is not MISSING and lost is not None else "",
        )
        self.bridge.ledger.note(self.run, self.pair.id, [line])
        return line

    def field(self, decision: PartDecision) -> str:
        """What the journal's line is about: the part by its name, so that what is said of each is said once."""
        part = decision.source or decision.target
        return f"{self.rule.kind.capitalize()} {part.name if part else ''}".strip()[:200]

    def called(self, decision: PartDecision) -> str:
        """What people call the part."""
        part = decision.source or decision.target
        name = f" {part.name}" if part is not None and part.name else ""
        return errors.a_or_an(self.rule.kind, "A") + name

    def refused(self, decision: PartDecision, words: LeftOut) -> Entry:
        """The line about a part that a side would not take."""
        side = decision.side
        what = f"{self.called(decision)} of {self.ends[side.other].ref} was not carried to {NAMES[side]}: "
        what += words.words
        why, field = _why(decision.reason), self.field(decision)
        return Entry(what, why, side, level="warning", field=field, remedy=words.remedy, code=words.code)


def _why(reason: str) -> str:
    for side in Side:
        reason = reason.replace(f"{{{side.value}}}", NAMES[side])
    return reason
