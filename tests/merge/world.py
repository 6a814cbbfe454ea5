"""Two servers in memory and a small runner that uses the real merge: what the machine drives.

The right stores "y" as "z", as a server that rewrites what it is given. Faults are armed beforehand and go off at the
nth request that writes. A record that others stand below is not deleted before they are, as with Jira's sub-tasks.
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
    ENDED = "it is written, and the process ends before it has the answer"


class Failed(Exception):
    """No answer, or a bad one."""


class Killed(BaseException):
    """The process ended; what it had in memory is gone."""


Watch = Callable[[Patch, Fault | None], None]
"""Is told of every request that writes, and of the fault that it meets."""


def unwatched(patch: Patch, fault: Fault | None) -> None:
    """Nobody watches."""


@dataclass
class World:
    """Both servers: records by side and id, the token of each create, who changed last, requests that wrote.

    `shown` has the records that show the other one; `above` tells below which record another stands, on both sides.
    """

    records: dict[tuple[Side, str], dict[str, Value]] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    shown: set[tuple[Side, str]] = field(default_factory=set)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    changed: dict[tuple[Side, str], int] = field(default_factory=dict)
    hidden: set[tuple[Side, str]] = field(default_factory=set)
    hooks: list[str] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    writes: list[Patch] = field(default_factory=list)
    answered: set[Side] = field(default_factory=set)
    left_out: set[tuple[Side, str]] = field(default_factory=set)
    clock: int = 0
    watch: Watch = unwatched

    def edit(self, side: Side, id_: str, changes: Mapping[str, Value]) -> None:
        """A person or a program writes; also with nothing to change the version moves and a hook goes out."""
        self.clock += 1
        self.changed[side, id_] = self.clock
        self.records[side, id_].update({name: stored(side, value) for name, value in changes.items()})
        self.hooks.append(id_)

    def delete(self, side: Side, id_: str) -> None:
        """A person or a program deletes a record; what stands below it must be gone."""
        assert not self.below(side, id_)
        del self.records[side, id_]
        self.hooks.append(id_)

    def below(self, side: Side, id_: str) -> list[str]:
        """What stands below a record on `side`."""
        return [child for child, parent in self.above.items() if parent == id_ and (side, child) in self.records]

    def read(self, ref: Ref) -> Snapshot | None:
        """The record as it is now; None where there is none."""
        side = Side(ref.kind)
        if (side, ref.id) not in self.records:
            return None
        fields = {name: value for name, value in self.records[side, ref.id].items() if (side, name) not in self.hidden}
        return Snapshot(ref, fields, changed_at=EPOCH + timedelta(seconds=self.changed[side, ref.id]))

    def send(self, patch: Patch) -> Wrote | None:
        """One request that writes, with whatever fault is armed for it; None for a delete."""
        fault = self.faults.pop(1, None)
        self.faults = {nth - 1: later for nth, later in self.faults.items()}
        self.watch(patch, fault)
        if fault is Fault.KILLED:
            raise Killed
        if fault is Fault.FAILS or (patch.kind is Kind.DELETE and patch.ref and self.below(patch.side, patch.ref.id)):
            raise Failed
        assert patch.kind is not Kind.UPDATE or (patch.ref and (patch.side, patch.ref.id) in self.shown), (
            "not linked yet"
        )
        self.writes.append(patch)
        names = list(patch.fields)[:1] if fault is Fault.LEFT_OUT else []
        ref = self._carry_out(patch, names)
        if fault is Fault.ENDED:
            raise Killed
        if fault is Fault.UNANSWERED:
            raise Failed
        if (record := self.read(ref)) is None:
            return None
        if patch.kind is not Kind.LINK:
            self.answered.add(patch.side)
        return Wrote(record, dict.fromkeys(names, "not on the form"))

    def _carry_out(self, patch: Patch, without: Sequence[str]) -> Ref:
        if patch.draft is not None:
            ref = self._make(patch.side, patch.draft)
        else:
            assert patch.ref is not None
            ref = patch.ref
        if patch.kind is Kind.DELETE:
            self.delete(patch.side, ref.id)
            return ref
        if patch.kind is Kind.LINK:
            self.shown.add((patch.side, ref.id))
        self.left_out |= {(patch.side, name) for name in without}
        self.edit(patch.side, ref.id, {name: value for name, value in patch.fields.items() if name not in without})
        return ref

    def _make(self, side: Side, draft: Draft) -> Ref:
        assert draft.mark is not None
        id_ = draft.mark.ref.id
        self.tokens.append((draft.token, id_))
        self.records[side, id_] = dict.fromkeys(("r1", "r2", "rs"))
        self.shown.add((side, id_))  # a record that is made brings its mark
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
    """What Crosswalk remembers, and one run of one pair. `lost` is written before anything else is.

    `matched` are two records that were there and that a person says are one thing: a pair, once they show each other.
    """

    world: World
    rules: Sequence[Rule]
    core: Core = field(default_factory=Core)
    base: dict[str, Base] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    matched: frozenset[str] = frozenset()
    intents: set[str] = field(default_factory=set)
    lost: list[tuple[str, str, Side, Maybe]] = field(default_factory=list)
    last: tuple[Decision, ...] = ()

    def look(self, pair: str, meanwhile: Callable[[Sequence[Decision]], None] = lambda _: None) -> None:
        """A hook, a sweep or a person says: look at this pair."""
        made = {token for token, _ in self.world.tokens}
        # What had landed after all, its answer lost: nothing is known of what the sides agreed upon.
        self.joined |= self.intents & made | {id_ for id_ in self.matched if not self._to_link(id_)}
        left, right = (self.world.read(Ref(side, pair)) for side in Side)
        if left is not None and right is not None:
            self.sync(left, right, meanwhile)
        elif pair in self.joined:
            self.remove(pair)
        elif left is not None and pair not in self.matched and self._has_place(pair):
            self.make(left)

    def sync(self, left: Snapshot, right: Snapshot, meanwhile: Callable[[Sequence[Decision]], None]) -> None:
        """Two records that are there, or that a person has matched: what is no pair yet is linked first."""
        pair = left.ref.id
        newer = L if (left.changed_at or EPOCH) > (right.changed_at or EPOCH) else R
        self.last = self.core.merge(self.base.get(pair, {}), left, right, self.rules, newer=newer)
        meanwhile(self.last)
        self._keep_lost(pair)
        refs = {Side.LEFT: left.ref, Side.RIGHT: right.ref}
        patches = list(plan_pair(refs, self.last, pair=pair, cause="look"))
        patches += [Patch(Kind.LINK, side, refs[side], pair=pair, cause="matched") for side in self._to_link(pair)]
        self._apply(pair, self.core.plan(patches, 2))

    def make(self, left: Snapshot) -> None:
        pair = left.ref.id
        self.last = self.core.introduce(left, L, self.rules)
        self.intents.add(pair)
        draft = Draft(R, draft_fields(R, self.last), token=pair, mark=Mark(left.ref, ""))
        self._apply(pair, self.core.plan([plan_new(R, draft, self.last)], 2))

    def remove(self, pair: str) -> None:
        """One record was deleted: the other goes too, and what stands below it, in one plan.

        Nothing goes where something stands below it that has no twin: nobody deleted that.
        """
        self.last = ()
        gone = [(side, id_) for side in Side for id_ in (pair, *self.world.below(side, pair))]
        refs = [Ref(side, id_) for side, id_ in gone if (side, id_) in self.world.records]
        if {ref.id for ref in refs} <= self.joined:
            self._apply(pair, self.core.plan([self._delete(ref) for ref in refs], 2))

    def _delete(self, ref: Ref) -> Patch:
        above = self.world.above.get(ref.id)
        under = Ref(ref.kind, above) if above else None
        return Patch(Kind.DELETE, Side(ref.kind), ref, under=under, pair=ref.id, cause="its twin was deleted")

    def _to_link(self, pair: str) -> list[Side]:
        """The sides that are to show the other and do not yet."""
        return [side for side in Side if pair in self.matched and (side, pair) not in self.world.shown]

    def _has_place(self, pair: str) -> bool:
        return pair not in self.world.above or (R, self.world.above[pair]) in self.world.records

    def _keep_lost(self, pair: str) -> None:
        for decision in self.last:
            if decision.lost_side is not None:
                self.lost.append((pair, decision.name, decision.lost_side, decision.lost))

    def _apply(self, pair: str, plan: Plan) -> None:
        landed: dict[Side, Wrote] = {}
        try:
            for patch in plan.patches:
                wrote = self.world.send(patch)
                if wrote is not None and patch.kind is not Kind.LINK:
                    landed[patch.side] = wrote
                if patch.kind is Kind.CREATE or (patch.kind is Kind.LINK and not self._to_link(pair)):
                    self.joined.add(pair)
        except Failed:
            pass  # what landed counts; the rest is found again
        self.base[pair] = self.core.advance(self.base.get(pair, {}), self.last, landed)


def seen(world: World, side: Side, pair: str, name: str) -> Maybe:
    """What a reader of the record would find in the field."""
    return MISSING if (side, name) in world.hidden else world.records[side, pair][name]
