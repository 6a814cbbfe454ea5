"""The files of one pair, carried before its texts, so that pictures in them have something to refer to.

A file has no room for the id of what it copies: after a lost answer it is known by name, size and content; sent.py says
what becomes of it where the original went meanwhile. One that can not be carried never holds the record back: it is
told, and tried again by itself where that helps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosswalk import errors
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.parts import Act, PartDecision, PartPair, after_part, parts_by_id
from crosswalk.merge.records import LeftOut, Part, Snapshot
from crosswalk.merge.refused_parts import Ids
from crosswalk.merge.rules import Side
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.fetch import ATTACHMENT, LATER, Ends, fetched, told_apart
from crosswalk.sync.parts import Again, Hanging, shows


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of the files: both records with their files, each naming its twin across; the journal's lines.

    `later` are errors after which the same may go well another time. `finish` removes what is to be removed, once the
    texts that show it were told, and gives the lines about it.
    """

    ends: Ends
    attention: Sequence[Entry] = ()
    later: Sequence[errors.RemoteError] = ()
    finish: Callable[[], Sequence[Entry]] = tuple

    @property
    def open(self) -> bool:
        """Whether a file did not come across."""
        return bool(self.later or self.attention)


def sync_files(bridge: Bridge, run: Run, pair: PairView, ends: Ends, again: Again) -> Attached:
    """Bring the files of the two records in `ends` into step; what is not believed yet is added to `again`.

    Raises RemoteError where no file could be carried.
    """
    rule = next((rule for rule in bridge.book.parts(pair.kind) if rule.kind == ATTACHMENT), None)
    if rule is None or not shows(ends, ATTACHMENT):
        return Attached(ends)
    files = _Files(bridge, run, pair, rule, ends, again)
    attention = files.sync()
    twins = bridge.ledger.parts(pair.id, ATTACHMENT)
    return Attached({side: files.paired(side, twins) for side in Side}, attention, files.later, files.finish)


@dataclass(frozen=True, slots=True)
class _Files(Hanging):
    """The files of one pair. `now` are those on either side, `taken` those that have a twin."""

    now: dict[Side, dict[str, Part]] = field(default_factory=dict)
    taken: dict[Side, set[str]] = field(default_factory=dict)
    later: list[errors.RemoteError] = field(default_factory=list)
    removals: list[PartDecision] = field(default_factory=list)
    marks: list[tuple[Mapping[Ids, PartPair], Sequence[PartPair]]] = field(default_factory=list)

    def stands(self, decision: PartDecision) -> bool:
        """See Hanging: removals come last."""
        if decision.act is Act.REMOVE and not self.marks:
            self.removals.append(decision)
            return False
        return True

    def remember_marks(self, before: Mapping[Ids, PartPair], now: Sequence[PartPair]) -> None:
        """See Hanging: when all is done."""
        self.marks.append((before, now))

    def finish(self) -> Sequence[Entry]:
        """Remove what is to be removed, and remember what was refused."""
        attention: list[Entry] = []
        for before, now in self.marks:
            attention, kept = self.carry_all(self.removals, before)
            Hanging.remember_marks(self, before, [*now, *kept])
        return attention

    def lists(self, known: Sequence[PartPair]) -> Mapping[Side, Sequence[Part]]:
        """See Hanging: files that are called alike are told apart by their content."""
        found = {side: self.bridge.side(side).parts(self.ends[side], ATTACHMENT) for side in Side}
        for side in Side:
            self.now[side] = parts_by_id(found[side])
            self.taken[side] = {pair.id(side) for pair in known}
        return told_apart(self.bridge, known, found, self.later)

    def counted(self, known: Sequence[PartPair], lists: Mapping[Side, Sequence[Part]]) -> Sequence[PartPair]:
        """See Hanging: where a file could not be read, none is taken for gone."""
        return known if self.later else Hanging.counted(self, known, lists)

    def carry(self, decision: PartDecision) -> None:
        """See Hanging: what may go well another time holds up nothing else."""
        try:
            Hanging.carry(self, decision)
        except LATER as error:
            self.told(decision, LeftOut(error.message, error.remedy, error.code))
            self.later.append(error)

    def finished(self, decision: PartDecision) -> None:
        """See Hanging. A side that keeps the same file only once names the one it has, which may have a twin already:
        then the new one stands alone, and is not carried again."""
        side = decision.side
        stored = self.apply(decision)
        after = after_part(decision, stored)
        if decision.act is Act.ADD and stored is not None and after is not None and stored.id in self.taken[side]:
            after = replace(after, left="") if side is Side.LEFT else replace(after, right="")
        self.remember(decision, after)
        if decision.act is Act.REMOVE:
            self.free_doubles(decision)
        elif stored is not None:
            self.now[side][stored.id] = stored
            self.taken[side].add(stored.id)
            self.taken[side.other] |= {decision.source.id} if decision.source is not None else set()

    def free_doubles(self, decision: PartDecision) -> None:
        """Where a file that was removed across stood there for another one of its name and size, too, that one is new:
        it stood alone because the side keeps a file only once."""
        side, ledger, gone = decision.side, self.bridge.ledger, decision.target
        for pair in ledger.parts(self.pair.id, ATTACHMENT):
            part = self.now[side.other].get(pair.id(side.other))
            if not pair.id(side) and part is not None and gone is not None and part.key == gone.key:
                ledger.part(self.run, self.pair.id, ATTACHMENT, pair, None)
                ledger.wake(self.run, self.pair.id)

    def write(self, decision: PartDecision, target: Part | None, source: Part) -> Part:
        """See Hanging: with the bytes of `source`."""
        side = decision.side
        draft = self.draft(decision, source)
        with fetched(self.bridge, side.other, source) as file:
            return self.send(decision, target, replace(draft, file=file))

    def paired(self, side: Side, twins: Sequence[PartPair]) -> Snapshot:
        """The record on `side` with its files as they are now, each with the id of its twin across.

        What is to be removed there is none of them any more; what was removed there, and is to be across, is `gone`.
        """
        across = {pair.id(side): pair.id(side.other) for pair in twins}
        record = self.ends[side]
        going = {one.target.id for one in self.removals if one.target is not None and one.side is side}
        named = (
            *(
                Part(one.known.id(side), name=one.target.name, url=record.url, gone=True)
                for one in self.removals
                if one.target is not None and one.known is not None and one.side is not side
            ),
            *(replace(part, twin=across.get(part.id, "")) for part in self.now[side].values() if part.id not in going),
        )
        return replace(record, parts={**record.parts, ATTACHMENT: named}, more=record.more - {ATTACHMENT})
