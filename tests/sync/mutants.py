"""Wrong stories, each wrong in one way that a tired programmer could write. The machine has to tell each from the real.

A mutant has one part that is wrong: a ledger, a server, a rule book or a bridge. Nothing is patched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crosswalk import errors
from crosswalk.merge.merge import Base
from crosswalk.merge.pairs import Entry, Intent, PairView, Run
from crosswalk.merge.presume import closed, unsaid, without_unsaid
from crosswalk.merge.records import (
    Draft,
    Exchanged,
    Failed,
    Gone,
    LookedBack,
    Made,
    Ref,
    Snapshot,
    Steps,
    Unsaid,
    Wrote,
    untold,
)
from crosswalk.merge.rules import Direction, Rule, Side
from crosswalk.merge.unconfirmed import as_sent
from crosswalk.merge.values import Value
from crosswalk.sync.bridge import Bridge
from tests.fakes.ledger import MemoryLedger, Row
from tests.fakes.side import START
from tests.sync.machine import Parts
from tests.sync.watched import MachineBook, Server

NOTHING: Mapping[str, object] = {}


# ---- creates


class NoIntent(MemoryLedger):
    """Nothing is stored before a create is sent."""

    def intend(self, run: Run, pair_id: int, side: Side) -> Intent:
        self._own(run)
        return Intent(self._new_token(), pair_id, side, self._clock())


class IntentStoredLate(MemoryLedger):
    """That a create is being sent is stored at the run's next word, after the create."""

    waiting: tuple[Mapping[str, Base], datetime] | None = None

    def sending(self, run: Run, sent: Mapping[str, Base], at: datetime) -> None:
        self.waiting = sent, at

    def _own(self, run: Run) -> Row:
        row = super()._own(run)
        if self.waiting is not None:
            (sent, at), self.waiting = self.waiting, None
            super().sending(run, sent, at)
        return row

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        self.waiting = None  # the process that knew it is no more
        return super().begin(pair_id)


class NoLookUp(MemoryLedger):
    """A create whose answer was lost is sent again without a look."""

    def sending(self, run: Run, sent: Mapping[str, Base], at: datetime) -> None:
        self._own(run)


class LostIsRefused(Server):
    """A lost answer is taken for a request that never arrived."""

    def _after(self, fault: str) -> None:
        if fault == "lost":
            raise errors.Unreachable("no answer")


class AlmostFound(Server):
    """The search takes any record for the one that was asked for."""

    def find(self, tokens: Sequence[str], kind: str, since: datetime) -> Mapping[str, Ref]:
        found = dict(super().find(tokens, kind, since))
        for token in tokens:
            for held in self.records.values():
                found.setdefault(token, held.ref)
        return found


class FoundIsNew(Server):
    """A record that was found by its token gets a base from what its source holds today."""

    def find(self, tokens: Sequence[str], kind: str, since: datetime) -> Mapping[str, Ref]:
        return {}

    def create(self, drafts: Sequence[Draft]) -> Sequence[Made | Failed]:
        there = super().find([draft.token for draft in drafts], "", START)
        fresh = [draft for draft in drafts if draft.token not in there]
        made = {one.token: one for one in super().create(fresh)} if fresh else {}
        return [made.get(draft.token) or Made(draft.token, there[draft.token]) for draft in drafts]


def impatient(bridge: Bridge) -> Bridge:
    """Makes a record again while the search may not know it yet."""
    return replace(bridge, lag=timedelta(0))


# ---- pairs and runs


class NoFence(MemoryLedger):
    """An overtaken run goes on."""

    def _own(self, run: Run) -> Row:
        return self._row(run.pair_id)


class DoneIsDirty(MemoryLedger):
    """What happened during a run counts as seen by it."""

    def settle(self, run: Run, state: str, *words: str) -> None:
        super().settle(run, state, *words)
        row = self._row(run.pair_id)
        row.done = row.dirty


class ErrorParks(MemoryLedger):
    """A bad moment of a server is taken for good."""

    def postpone(self, run: Run, due_at: datetime, reason: str, remedy: str = "", **how: bool) -> None:
        self.settle(run, "parked", reason, remedy)


class PostponedIsDone(MemoryLedger):
    """A run that is to be repeated is not due any more."""

    def postpone(self, run: Run, due_at: datetime, reason: str, remedy: str = "", **how: bool) -> None:
        super().postpone(run, due_at, reason, remedy, **how)
        row = self._row(run.pair_id)
        row.done = row.dirty


class ChildOnItsOwn(MemoryLedger):
    """A requirement is made in a run of its own."""

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        run, view = super().begin(pair_id)
        return run, replace(view, parent_id=None)


class NobodyWoken(MemoryLedger):
    """A run that finds work for another pair keeps it to itself."""

    def wake(self, run: Run, pair_id: int) -> None:
        self._own(run)


class TwoPairs(MemoryLedger):
    """A record gets another pair whenever it is met."""

    def adopt(self, run: Run, kind: str, side: Side, ref: Ref, *, child: bool) -> PairView:
        integration_id = self._own(run).view.integration_id
        pair_id = self.add(integration_id, kind, **{side.value: ref})
        self._change(pair_id, parent_id=run.pair_id if child else None)
        self.pairs[pair_id].dirty = int(not child)
        return self.pairs[pair_id].now


# ---- bases


class BaseStays(MemoryLedger):
    """A base is stored once and never moves."""

    def agree(self, run: Run, pair_id: int, base: Base) -> None:
        super().agree(run, pair_id, self._row(pair_id).view.base or base)


class NoBase(MemoryLedger):
    """Every run meets the pair for the first time."""

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        run, view = super().begin(pair_id)
        return run, replace(view, base={})


class SentIsHeld(Server):
    """An update is answered with what was sent, not with what is held."""

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        wrote = super().update(ref, changes, told)
        return Wrote(replace(wrote.snapshot, fields={**wrote.snapshot.fields, **changes}))


class ReadLate(Server):
    """The whole record as it was read before the write counts as what is held now."""

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        before = self._snapshot(ref)
        wrote = super().update(ref, changes, told)
        return Wrote(before, wrote.left_out) if isinstance(before, Snapshot) else wrote


# ---- one side read, the other presumed


class BeforeIsAfter(Server):
    """What an exchange replaced is read too late."""

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        told = super().exchange(ref, changes)
        return replace(told, before=told.wrote.snapshot) if isinstance(told, Exchanged) else told


class HistoryIsLate(Server):
    """What an exchange replaced that answered nothing is not what the history says."""

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack | Gone:
        found = super().look_back(ref, changes, since)
        if isinstance(found, Gone):
            return found
        return replace(found, told=replace(found.told, before=found.told.wrote.snapshot))


class OldStands(Server):
    """A record that was looked back at counts as the write left it: what was edited since is overlooked."""

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack | Gone:
        found = super().look_back(ref, changes, since)
        return found if isinstance(found, Gone) else replace(found, record=found.told.wrote.snapshot)


class NobodyLooksBack(MemoryLedger):
    """What an exchange wrote that answered nothing is agreed at once."""

    def agree(self, run: Run, pair_id: int, base: Base) -> None:
        super().agree(run, pair_id, without_unsaid(as_sent(base)) if unsaid(base) else base)


class NothingOpened(MemoryLedger):
    """A run that is killed in an exchange leaves no trace of it."""

    def agree(self, run: Run, pair_id: int, base: Base) -> None:
        super().agree(run, pair_id, closed(base))


class OneHookIsEnough(MemoryLedger):
    """A pair that both sides have news of is read on the left."""

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        run, view = super().begin(pair_id)
        return run, replace(view, news=view.news or Side.LEFT)


# ---- journal and rules


class LossesForgotten(MemoryLedger):
    """What a write replaces is not kept."""

    def note(self, run: Run, pair_id: int, entries: Sequence[Entry], **how: bool) -> None:
        super().note(run, pair_id, [one for one in entries if "kept here" not in one.what], **how)


class WritesUntold(MemoryLedger):
    """Only warnings are journalled."""

    def note(self, run: Run, pair_id: int, entries: Sequence[Entry], **how: bool) -> None:
        super().note(run, pair_id, [one for one in entries if one.level != "info"], **how)


class NobodyAsked(MemoryLedger):
    """A pair that waits for a person looks like one in step."""

    def settle(self, run: Run, state: str, *words: str) -> None:
        super().settle(run, "agreed" if state == "asking" else state, *words)


class BothWays(MachineBook):
    """Directions are not read."""

    def rules(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Rule, ...]:
        return tuple(replace(one, direction=Direction.BOTH) for one in super().rules(kind, left, right))


MUTANTS: dict[str, Parts] = {
    **{
        ledger.__name__: Parts(ledger=ledger)
        for ledger in (
            NoIntent,
            IntentStoredLate,
            NoLookUp,
            NoFence,
            DoneIsDirty,
            ErrorParks,
            PostponedIsDone,
            ChildOnItsOwn,
            NobodyWoken,
            TwoPairs,
            BaseStays,
            NoBase,
            LossesForgotten,
            WritesUntold,
            NobodyAsked,
            NobodyLooksBack,
            NothingOpened,
            OneHookIsEnough,
        )
    },
    **{
        right.__name__: Parts(right=right)
        for right in (LostIsRefused, AlmostFound, SentIsHeld, ReadLate, BeforeIsAfter, HistoryIsLate, OldStands)
    },
    "FoundIsNew": Parts(right=FoundIsNew, bridge=impatient),
    "impatient": Parts(bridge=impatient),
    "BothWays": Parts(book=BothWays),
}
