"""The ledger in memory: passes the same suite as the one on Django, and keeps everything in plain dictionaries."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from crosswalk.errors import Overtaken, Refused
from crosswalk.merge.birth import Birth
from crosswalk.merge.brake import Removal
from crosswalk.merge.decision import Held
from crosswalk.merge.disputes import Answer, Dispute
from crosswalk.merge.merge import Base
from crosswalk.merge.pairs import Entry, Intent, PairView, Run, only_news, told_already
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side

STATES = ("new", "agreed", "waiting", "asking", "parked", "gone")


@dataclass
class Row:
    """A pair as this ledger keeps it; tests may look at everything."""

    view: PairView
    due_at: datetime
    dirty: int = 1
    done: int = 0
    told: dict[Side, int] = field(default_factory=dict)
    fence: int = 0
    tries: int = 0
    looks: int = 0
    looked_at: datetime | None = None
    urgent: bool = False
    reason: str = ""
    remedy: str = ""
    title: str = ""
    urls: dict[Side, str] = field(default_factory=dict)
    agreed_at: datetime | None = None
    lines: list[Entry] = field(default_factory=list)
    fences: list[int] = field(default_factory=list)
    """The run that each of the lines is of."""

    @property
    def now(self) -> PairView:
        """The pair as the story sees it."""
        news = only_news({side: self.told.get(side, 0) > self.done for side in Side})
        seen = {"tries": self.tries, "looks": self.looks, "looked_at": self.looked_at}
        return replace(self.view, **seen, news=news, asked=self.urgent)

    def touch(self, side: Side | None = None) -> None:
        """Something may have changed on `side`, or nobody knows where."""
        self.dirty += 1
        self.told |= dict.fromkeys((side,) if side else Side, self.dirty)

    @property
    def state(self) -> str:
        """What a person sees."""
        return self.view.state

    def ref(self, side: Side) -> Ref | None:
        """The record on `side`."""
        return self.view.left if side is Side.LEFT else self.view.right


class MemoryLedger:
    """Has the shape of sync.ports.Ledger. Tokens are counted by default: the same steps give the same log."""

    def __init__(self, clock: Callable[[], datetime], new_token: Callable[[], str] | None = None) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._new_token = new_token or (lambda: f"token-{next(self._numbers)}")
        self._ids = itertools.count(1)
        self._lock = threading.RLock()
        self.pairs: dict[int, Row] = {}
        self.intents: dict[str, Intent] = {}
        self.closed: dict[str, Intent] = {}
        self.sent: dict[str, Base] = {}
        self.births: dict[int, tuple[Ref, Birth]] = {}
        self.kept_parts: dict[tuple[int, str], list[PartPair]] = {}
        self.disputed: dict[int, dict[str, tuple[Dispute, Answer | None]]] = {}
        self.removals: dict[int, Removal] = {}
        self.removed_at: list[tuple[Removal, datetime]] = []
        self.emptying: dict[tuple[int, Side], datetime] = {}
        self.replaced: dict[tuple[int, Side], datetime] = {}
        self.emptied_at: list[tuple[int, Side, datetime]] = []

    # ---- what hooks, polls and people do -----------------------------------------------------------

    def add(
        self,
        integration_id: int,
        kind: str,
        *,
        left: Ref | None = None,
        right: Ref | None = None,
        parent_id: int | None = None,
    ) -> int:
        """A new pair, dirty and due now; its id."""
        with self._lock:
            pair_id = next(self._ids)
            view = PairView(pair_id, integration_id, kind, left, right, MappingProxyType({}), parent_id)
            self.pairs[pair_id] = Row(view, self._clock())
            return pair_id

    def mark_dirty(
        self, pair_ids: Iterable[int], at: datetime, *, urgent: bool = False, side: Side | None = None
    ) -> None:
        """Something may have changed: see store.pairs.mark_dirty."""
        with self._lock:
            for row in (self.pairs[pair_id] for pair_id in set(pair_ids) if pair_id in self.pairs):
                if urgent or row.dirty == row.done:
                    row.due_at = at
                elif row.state != "waiting":
                    row.due_at = min(row.due_at, at)
                row.touch(side)
                row.urgent = row.urgent or urgent

    def due(self, now: datetime) -> list[int]:
        """The pairs that want a run at `now`, urgent ones first."""
        with self._lock:
            found = [row for row in self.pairs.values() if row.dirty != row.done and row.due_at <= now]
            return [row.view.id for row in sorted(found, key=lambda row: (not row.urgent, row.due_at, row.view.id))]

    # ---- the port ----------------------------------------------------------------------------------

    def follow(self, run: Run, side: Side, home: str) -> str:
        """See Ledger: one integration is all there is."""
        self.guard(run)
        return ""

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        """See the port."""
        with self._lock:
            row = self._row(pair_id)
            row.fence += 1
            return Run(pair_id, row.fence, row.dirty), row.now

    def together(self) -> AbstractContextManager[object]:
        """See the port."""
        return nullcontext()

    def guard(self, run: Run) -> None:
        """See the port."""
        self._own(run)

    def get(self, pair_id: int) -> PairView | None:
        """See the port."""
        row = self.pairs.get(pair_id)
        return row.view if row else None

    def children(self, pair_id: int) -> Sequence[PairView]:
        """See the port."""
        with self._lock:
            return [row.now for row in self.pairs.values() if row.view.parent_id == pair_id]

    def pair_of(self, integration_id: int, side: Side, ref: Ref) -> PairView | None:
        """See the port."""
        with self._lock:
            found = (row for row in self.pairs.values() if row.view.integration_id == integration_id)
            return next((row.now for row in found if row.ref(side) == ref), None)

    def paired(self, integration_id: int, side: Side, refs: Iterable[Ref]) -> Collection[Ref]:
        """See the port."""
        return {ref for ref in refs if self.pair_of(integration_id, side, ref) is not None}

    def adopt(self, run: Run, kind: str, side: Side, ref: Ref, *, child: bool) -> PairView:
        """See the port."""
        with self._lock:
            integration_id = self._own(run).view.integration_id
            held = self.pair_of(integration_id, side, ref)
            pair_id = held.id if held else self.add(integration_id, kind, **{side.value: ref})
            if child and pair_id != run.pair_id:
                self._change(pair_id, parent_id=run.pair_id)
                if held is None:
                    self.pairs[pair_id].dirty = 0  # made in this very run
            return self.pairs[pair_id].now

    def wake(self, run: Run, pair_id: int, *, delay: float = 0.0) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            row = self._row(pair_id)
            if not delay or row.dirty == row.done:
                row.due_at = self._clock() + timedelta(seconds=delay)
            row.touch()

    def show(self, run: Run, pair_id: int, state: str, reason: str = "", remedy: str = "") -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            row = self._row(pair_id)
            self._change(pair_id, state=_state(state))
            row.reason, row.remedy = reason, remedy

    def intend(self, run: Run, pair_id: int, side: Side) -> Intent:
        """See the port."""
        with self._lock:
            self._own(run)
            for intent in self.intents.values():
                if (intent.pair_id, intent.side) == (pair_id, side):
                    return intent
            intent = Intent(self._new_token(), pair_id, side, self._clock())
            self.intents[intent.token] = intent
            return intent

    def unanswered(self, integration_id: int, side: Side, kind: str) -> Sequence[Intent]:
        """See the port."""
        with self._lock:
            pairs = {key for key, one in self.pairs.items() if one.view.integration_id == integration_id}
            pairs = {key for key in pairs if self.pairs[key].view.kind == kind}
            return [one for one in self.intents.values() if one.side is side and one.pair_id in pairs and one.sent_at]

    def sending(self, run: Run, sent: Mapping[str, Base], at: datetime) -> None:
        """See the port."""
        self._sent(run, list(sent), at)
        self.sent.update(sent)

    def unsent(self, run: Run, tokens: Sequence[str]) -> None:
        """See the port."""
        self._sent(run, tokens, None)

    def joined(self, run: Run, pair_id: int, side: Side, ref: Ref) -> None:
        """See the port."""
        with self._lock:
            integration_id = self._own(run).view.integration_id
            if self._row(pair_id).ref(side) not in (None, ref):
                raise Refused(f"Pair {pair_id} is joined with another record than {ref} already.")
            other = self.pair_of(integration_id, side, ref)
            if other and other.id != pair_id:
                raise Refused(f"{ref} belongs to the pair {other.id} already, so it was not joined with {pair_id}.")
            self._change(pair_id, **{side.value: ref})
            for token in [one.token for one in self.intents.values() if (one.pair_id, one.side) == (pair_id, side)]:
                self.closed[token] = self.intents.pop(token)
                if token in self.sent:
                    self.births[pair_id] = ref, Birth(side, self.sent[token])

    def birth(self, pair_id: int) -> Birth | None:
        """See the port."""
        ref, birth = self.births.get(pair_id, (None, None))
        held = self.pairs[pair_id].view
        return birth if ref is not None and ref in (held.left, held.right) else None

    def seen(self, run: Run, pair_id: int, side: Side, snapshot: Snapshot, title: str = "") -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            row = self._row(pair_id)
            if held := row.ref(side):
                self._change(pair_id, **{side.value: replace(held, key=snapshot.ref.key)})
            row.urls[side] = snapshot.url
            row.title = title or row.title

    def called(self, run: Run, title: str) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            self._row(run.pair_id).title = title

    def agree(self, run: Run, pair_id: int, base: Base) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            row = self._row(pair_id)
            self._change(pair_id, base=MappingProxyType(dict(base)))
            row.agreed_at = self._clock()
            if pair_id != run.pair_id:
                self._change(pair_id, state="agreed")
                row.reason = row.remedy = ""

    def differ(self, run: Run, pair_id: int, names: Sequence[str]) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            self._change(pair_id, apart=tuple(names))

    def exchanged(self, run: Run, pair_id: int, name: str, before: Held, after: Held) -> bool:
        """See the port."""
        with self._lock:
            self._own(run)
            base = self._row(pair_id).view.base
            if base.get(name) != before:
                return False
            self._change(pair_id, base=MappingProxyType({**base, name: after}))
            return True

    def convert(self, run: Run, ref: Ref) -> bool:
        """See the port."""
        with self._lock:
            self._own(run)
            if any(row.view.left == ref for row in self.pairs.values()):
                return False
            fresh = {"kind": ref.kind, "left": ref, "parent_id": None, "deleted": None}
            self._change(run.pair_id, base=MappingProxyType({}), **fresh)
            return True

    def deleted(self, run: Run, side: Side | None) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            self._change(run.pair_id, deleted=side)

    def removing(self, run: Run, side: Side, *, doubt: bool = False) -> Removal:
        """See the port."""
        with self._lock:
            self._own(run)
            held = self.removals.get(run.pair_id)
            if held is None or held.doubt != doubt or held.since > self._clock():
                fresh = Removal(side, self._clock(), held.word if held else "", doubt)
                held = self.removals[run.pair_id] = fresh
            return held

    def weigh(self, run: Run, side: Side, since: datetime, asked: Collection[str] = ()) -> tuple[int, int]:
        """See the port."""
        with self._lock:
            self._own(run)
            wanted = sum(
                one.side is side and not one.word and not one.doubt and self.pairs[pair_id].view.kind not in asked
                for pair_id, one in self.removals.items()
            )
            done = sum(
                one.side is side and not one.word and not one.doubt and at > since for one, at in self.removed_at
            )
            return wanted + done, len(self.pairs)

    def removed(self, run: Run, *, done: bool) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            closed = self.removals.pop(run.pair_id, None)
            if closed is not None and done:
                self.removed_at.append((closed, self._clock()))

    def erasing(self, run: Run, side: Side, since: datetime) -> tuple[str, int, int]:
        """See the port."""
        with self._lock:
            self._own(run)
            self.emptying.setdefault((run.pair_id, side), self._clock())
            lately = {pair for pair, where, at in self.emptied_at if where is side and at > since}
            open_ = {pair for (pair, where), at in self.emptying.items() if where is side and at > since}
            return "", len(open_ | lately), len(self.pairs)

    def erased(self, run: Run, side: Side, *, done: bool) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            if self.emptying.pop((run.pair_id, side), None) is not None and done:
                self.emptied_at.append((run.pair_id, side, self._clock()))

    def replacing(self, run: Run, side: Side, since: datetime) -> int:
        """See the port."""
        with self._lock:
            self._own(run)
            self.replaced[run.pair_id, side] = self._clock()
            now = self._clock()
            return sum(where is side and since < at <= now for (_, where), at in self.replaced.items())

    def parts(self, pair_id: int, kind: str) -> Sequence[PartPair]:
        """See the port."""
        return tuple(self.kept_parts.get((pair_id, kind), ()))

    def part(self, run: Run, pair_id: int, kind: str, before: PartPair | None, after: PartPair | None) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            known = self.kept_parts.setdefault((pair_id, kind), [])
            if before is None:
                known += [after] if after else []
            else:
                place = known.index(before)
                known[place : place + 1] = [after] if after else []

    def disputes(self, pair_id: int) -> Mapping[str, Answer | None]:
        """See the port."""
        return {name: answer for name, (_, answer) in self.disputed.get(pair_id, {}).items()}

    def dispute(self, run: Run, pair_id: int, found: Sequence[Dispute]) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            before = self.disputed.get(pair_id, {})
            fresh = {}
            for one in found:
                was, answer = before.get(one.name, (one, None))
                same = (was.left, was.right, was.held) == (one.left, one.right, one.held)
                fresh[one.name] = (one, answer if same else None)
            self.disputed[pair_id] = fresh

    def holders(self, integration_id: int, kind: str, left: str) -> Sequence[int]:
        """See the port."""
        del integration_id  # a fake ledger serves one
        found = {
            pair_id
            for (pair_id, held), parts in self.kept_parts.items()
            if held == kind
            for one in parts
            if one.left == left
        }
        return sorted(found)

    def note(
        self, run: Run, pair_id: int, entries: Sequence[Entry], *, landed: bool = False, once: bool = False
    ) -> None:
        """See the port."""
        with self._lock:
            self._own(run)
            row = self._row(pair_id)
            last = landed or once, run.fence if landed else None
            fresh = [entry for entry in entries if not _said(row, entry, last)]
            row.lines.extend(fresh)
            row.fences.extend([run.fence] * len(fresh))

    def settle(self, run: Run, state: str, reason: str = "", remedy: str = "", code: str = "") -> None:
        """See the port."""
        with self._lock:
            row = self._own(run)
            self._change(run.pair_id, state=_state(state), code=code)
            row.done, row.tries, row.looks, row.reason, row.remedy = run.seen, 0, 0, reason, remedy
            row.looked_at = None
            row.urgent = row.urgent and row.dirty != row.done

    def look_anew(self, run: Run) -> None:
        """See the port."""
        with self._lock:
            row = self._own(run)
            row.looks, row.looked_at = 0, None

    def postpone(
        self, run: Run, due_at: datetime, reason: str, remedy: str = "", *, failed: bool = True, looked: bool = False
    ) -> None:
        """See the port."""
        with self._lock:
            row = self._own(run)
            self._change(run.pair_id, state="waiting")
            row.tries, row.looks = row.tries + int(failed), row.looks + int(looked)
            row.looked_at = row.looked_at or (self._clock() if looked else None)
            row.due_at, row.reason, row.remedy = due_at, reason, remedy

    # ---- inside ------------------------------------------------------------------------------------

    def _own(self, run: Run) -> Row:
        with self._lock:
            row = self.pairs.get(run.pair_id)
            if row is None or row.fence != run.fence:
                raise Overtaken(f"Run {run.fence} of pair {run.pair_id} was overtaken by a later one.")
            return row

    def _row(self, pair_id: int) -> Row:
        if pair_id not in self.pairs:
            raise Refused(f"Pair {pair_id} is no more.")
        return self.pairs[pair_id]

    def _change(self, pair_id: int, **changes: object) -> None:
        row = self._row(pair_id)
        row.view = replace(row.view, **changes)

    def _sent(self, run: Run, tokens: Sequence[str], at: datetime | None) -> None:
        with self._lock:
            self._own(run)
            for token in tokens:
                if token in self.intents:
                    self.intents[token] = replace(self.intents[token], sent_at=at)


def _said(row: Row, entry: Entry, last: tuple[bool, int | None]) -> bool:
    """Whether the lines say it already: the last one where only that counts, and where a run is given, of that run."""
    told = zip(reversed(row.lines), reversed(row.fences), strict=True)
    about = [(line, fence) for line, fence in told if (line.field, line.side) == (entry.field, entry.side)]
    only, run = last
    if only:
        return bool(about) and about[0][0] == entry and run in (None, about[0][1])
    if row.state == "agreed":
        return False
    return told_already(entry, [line for line, _ in about], waiting=row.state == "waiting")


def _state(state: str) -> str:
    if state not in STATES:
        raise ValueError(f"{state!r} is not a state of a pair")
    return state
