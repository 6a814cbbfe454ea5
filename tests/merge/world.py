"""Two servers in memory and a small runner that uses the real merge: what the machine drives.

The right stores "y" as "z", as a server that rewrites what it is given. Faults are armed beforehand and go off at the
nth request that writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from crosswalk.merge.merge import Base, Decision, advance, introduce, merge
from crosswalk.merge.plan import Kind, Patch, Plan, draft_fields, plan_new, plan_pair
from crosswalk.merge.records import Draft, Mark, Ref, Snapshot, Wrote
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING, Maybe, Value
from tests.merge.cast import L, R

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Fault(Enum):
    FAILS = "the request is refused, nothing is written"
    UNANSWERED = "it is written, and the answer is lost"
    LEFT_OUT = "the server leaves out the first field and says so"
    KILLED = "the process ends before the request is sent"


class Failed(Exception):
    """No answer, or a bad one."""


class Killed(BaseException):
    """The process ended; what it had in memory is gone."""


@dataclass
class World:
    """Both servers: records by side and id, the token of each create, who changed last, requests that wrote."""

    records: dict[tuple[Side, str], dict[str, Value]] = field(default_factory=dict)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    changed: dict[tuple[Side, str], int] = field(default_factory=dict)
    hidden: set[tuple[Side, str]] = field(default_factory=set)
    hooks: list[str] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    writes: list[Patch] = field(default_factory=list)
    answered: set[Side] = field(default_factory=set)
    left_out: set[tuple[Side, str]] = field(default_factory=set)
    clock: int = 0

    def edit(self, side: Side, id_: str, changes: Mapping[str, Value]) -> None:
        """A person or a program writes; also with nothing to change the version moves and a hook goes out."""
        self.clock += 1
        self.changed[side, id_] = self.clock
        self.records[side, id_].update({name: stored(side, value) for name, value in changes.items()})
        self.hooks.append(id_)

    def read(self, ref: Ref) -> Snapshot:
        side = Side(ref.kind)
        fields = {name: value for name, value in self.records[side, ref.id].items() if (side, name) not in self.hidden}
        return Snapshot(ref, fields, changed_at=EPOCH + timedelta(seconds=self.changed[side, ref.id]))

    def send(self, patch: Patch) -> Wrote:
        """One request that writes, with whatever fault is armed for it."""
        fault = self.faults.pop(1, None)
        self.faults = {nth - 1: later for nth, later in self.faults.items()}
        if fault is Fault.KILLED:
            raise Killed
        if fault is Fault.FAILS:
            raise Failed
        self.writes.append(patch)
        names = list(patch.fields)[:1] if fault is Fault.LEFT_OUT else []
        self.left_out |= {(patch.side, name) for name in names}
        taken = {name: value for name, value in patch.fields.items() if name not in names}
        if patch.draft is not None:
            ref = self._make(patch.side, patch.draft)
        else:
            assert patch.ref is not None
            ref = patch.ref
        self.edit(patch.side, ref.id, taken)
        if fault is Fault.UNANSWERED:
            raise Failed
        self.answered.add(patch.side)
        return Wrote(self.read(ref), dict.fromkeys(names, "not on the form"))

    def _make(self, side: Side, draft: Draft) -> Ref:
        assert draft.mark is not None
        id_ = draft.mark.ref.id
        self.tokens.append((draft.token, id_))
        self.records[side, id_] = dict.fromkeys(("r1", "r2", "rs"))
        return Ref(side, id_)


def stored(side: Side, value: Value) -> Value:
    """What a side makes of a value it is given."""
    return "z" if (side, value) == (R, "y") else value


@dataclass(frozen=True)
class Core:
    """The pure functions under test. A mutant is a Core with one of them wrapped."""

    merge: Callable[..., tuple[Decision, ...]] = merge
    introduce: Callable[..., tuple[Decision, ...]] = introduce
    advance: Callable[..., Mapping[str, object]] = advance
    plan: Callable[..., Plan] = Plan


@dataclass
class Runner:
    """What Crosswalk remembers, and one run of one pair. `lost` is written before anything else is."""

    world: World
    rules: Sequence[Rule]
    core: Core = field(default_factory=Core)
    base: dict[str, Base] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    intents: set[str] = field(default_factory=set)
    lost: list[tuple[str, str, Side, Maybe]] = field(default_factory=list)
    last: tuple[Decision, ...] = ()

    def look(self, pair: str, meanwhile: Callable[[Sequence[Decision]], None] = lambda _: None) -> None:
        """A hook, a sweep or a person says: look at this pair."""
        if pair in self.joined:
            self.sync(pair, meanwhile)
        elif pair in self.intents and any(token == pair for token, _ in self.world.tokens):
            # The create had landed after all; nothing is known of what the sides agreed upon.
            self.joined.add(pair)
            self.sync(pair, meanwhile)
        else:
            self.make(pair)

    def sync(self, pair: str, meanwhile: Callable[[Sequence[Decision]], None]) -> None:
        left, right = self.world.read(Ref(L, pair)), self.world.read(Ref(R, pair))
        newer = L if (left.changed_at or EPOCH) > (right.changed_at or EPOCH) else R
        self.last = self.core.merge(self.base.get(pair, {}), left, right, self.rules, newer=newer)
        meanwhile(self.last)
        self._keep_lost(pair)
        patches = plan_pair({side: Ref(side, pair) for side in Side}, self.last, pair=pair, cause="look")
        self._apply(pair, self.core.plan(patches, 2))

    def make(self, pair: str) -> None:
        left = self.world.read(Ref(L, pair))
        self.last = self.core.introduce(left, L, self.rules)
        self.intents.add(pair)
        draft = Draft(R, draft_fields(R, self.last), token=pair, mark=Mark(left.ref, ""))
        self._apply(pair, self.core.plan([plan_new(R, draft, self.last)], 2))

    def _keep_lost(self, pair: str) -> None:
        for decision in self.last:
            if decision.lost_side is not None:
                self.lost.append((pair, decision.name, decision.lost_side, decision.lost))

    def _apply(self, pair: str, plan: Plan) -> None:
        landed: dict[Side, Wrote] = {}
        try:
            for patch in plan.patches:
                landed[patch.side] = self.world.send(patch)
                if patch.kind is Kind.CREATE:
                    self.joined.add(pair)
        except Failed:
            pass  # what landed counts; the rest is found again
        self.base[pair] = self.core.advance(self.base.get(pair, {}), self.last, landed)


def seen(world: World, side: Side, pair: str, name: str) -> Maybe:
    """What a reader of the record would find in the field."""
    return MISSING if (side, name) in world.hidden else world.records[side, pair][name]
