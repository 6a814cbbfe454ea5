"""A machine that edits, syncs, breaks and kills the real story at random, and judges every write and every rest.

Two servers and a ledger in memory; one or two features, at most two requirements each, three values a field. A naive
second merge says what each undisturbed run should have done. `test_machine.py` proves the machine's reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from crosswalk.merge.pairs import PairView
from crosswalk.merge.presume import unsaid
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Direction, Rule, Side
from crosswalk.merge.values import Value, show
from crosswalk.sync.after import Ending
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.pair import newer, sync_pair
from tests.fakes.ledger import MemoryLedger, Row
from tests.fakes.side import MemorySide
from tests.merge.naive import After, naive
from tests.sync.watched import FRESH, RULES, VALUES, Killed, MachineBook, Server, WatchedLedger
from tests.sync.world import World

L, R = Side.LEFT, Side.RIGHT
Both = dict[Side, Value]
AT_REST = ("agreed", "asking")
HOURS = 4000.0  # longer than any back-off, and than any search lags
FAULTS = ("unreachable", "refused_5xx", "lost", "lost", "lost", "too_many", "forbidden", "partly", "untaken", "ok")
FINAL = ("forbidden", "partly")  # only a person can mend these
LAG = timedelta(seconds=60)  # the right's search index, whatever a mutant believes
EVENTS = ("kill", "overtake", "edit")
BEFORE_A_WRITE = ("guard", "sending")


@dataclass(frozen=True)
class Parts:
    """What is put together for a machine. A mutant has one part that is wrong."""

    ledger: type[MemoryLedger] = MemoryLedger
    right: type[Server] = Server
    bridge: Callable[[Bridge], Bridge] = lambda bridge: bridge
    book: Callable[[], MachineBook] = MachineBook
    step: Callable[[str], None] = lambda name: None


class MachineWorld(World):
    """The world of the other tests with watched servers."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(book=parts.book())
        self.ledger = parts.ledger(self.now)
        self.left = Server("AHA", "", FRESH[L], self.now)
        self.right = parts.right("JIRA", "issue", FRESH[R], self.now)
        self.right.dots = True
        self.right.untold = {"note"}
        self.sides = {L: self.left, R: self.right}


def number(least: int, most: int) -> st.SearchStrategy[int]:
    """A number, drawn by the seed alone: what `integers` draws also depends on what the process has imported."""
    return st.sampled_from(range(least, most + 1))


Edit = tuple[Side, Rule, Value]
moments = st.sampled_from(["before", "after"])
edits = st.sampled_from(
    [(side, line, value) for side in Side for line in RULES for value in [*VALUES[side][line.name], None]]
)
hooks = st.sampled_from([0, 1, 1, 1, 2, -1])  # how often it is delivered; -1 is later
records = number(0, 5)
sides = st.sampled_from(Side)


class Machine(RuleBasedStateMachine):
    """See the module. `parts` is what is tested; subclasses set others."""

    parts = Parts()

    @initialize(
        requirements=st.sampled_from([(0,), (1,), (2,), (0, 1)]),
        release=st.booleans(),
        lags=st.booleans(),
        sent=st.sampled_from([True, True, False]),
        mute=st.booleans(),
    )
    def start(self, requirements: tuple[int, ...], release: bool, lags: bool, sent: bool, mute: bool) -> None:
        self.world = world = MachineWorld(self.parts)
        self.ledger = world.ledger
        for server in world.sides.values():
            server.at, server.wrote, server.going = self.at, self.wrote, self.going
        watched = WatchedLedger(self.ledger, self.at)
        self.bridge = self.parts.bridge(Bridge(1, world.left, world.right, watched, world.book, world.now))
        self.calls, self.event, self.fired, self.dead = 0, None, False, False
        self.overtaken = self.in_flight = False
        self.running = 0
        self.late: list[Ref] = []
        self.refusals = 0
        self.silent: set[tuple[int, Side]] = set()  # pairs with a change that no hook told of, and where
        self.owed: dict[tuple[Side, Ref, str], Value] = {}  # a person's word that was written over unseen
        self.read: set[str] = set()  # the sides that this run has read
        self.fresh: dict[tuple[Side, Ref, str], Value] = {}  # a person's word that is on one side alone
        self.raced: set[tuple[Side, Ref, str]] = set()  # edited while a run was under way
        self.touched: set[Ref] = set()  # records whose status somebody changed after they were sent
        self.agreed: dict[int, dict[str, Both]] = {}
        self.confused: set[int] = set()  # pairs with a run that did not come to its end
        self.lines: dict[tuple[int, Side, str, str], int] = {}
        self.sent, self.deleted = len(requirements), 0
        for number, count in enumerate(requirements):
            ref = world.left.put("feature", {"name": "a"})
            for _ in range(count):
                world.left.put("requirement", {"name": "b", "size": "S"}, ref)
            self.ledger.add(1, "feature", left=ref)
            if release and number == 0:
                world.book.needed[ref] = (world.left.put("release", {"name": "c"}),)
        if lags:
            world.right.lag = LAG
        world.right.mute = mute
        if sent:
            self.until_quiet()

    # ---- what people do

    def nth(self, side: Side, number: int) -> Ref | None:
        refs = list(self.world.sides[side].records)
        return refs[number % len(refs)] if refs else None

    @rule(number=records, edit=edits, hook=hooks, soon=st.booleans())
    def somebody_edits(self, number: int, edit: Edit, hook: int, soon: bool) -> None:
        side, line, value = edit
        ref = self.nth(side, number)
        if ref is not None:
            self.edit(side, ref, line, value)
            self.tell(side, ref, hook)
            if soon and (pair_id := self.concerned(side, ref)):
                self.run_if_due(pair_id)

    @rule(
        number=records,
        line=st.sampled_from(RULES),
        picks=st.tuples(records, records),
        order=st.booleans(),
        late=st.sampled_from([(), (L,), (R,)]),
    )
    def two_people_edit_the_same(
        self, number: int, line: Rule, picks: tuple[int, int], order: bool, late: tuple[Side, ...]
    ) -> None:
        view = self.view(number)
        if view is None or view.left is None or view.right is None:
            return
        for side, pick in zip((L, R) if order else (R, L), picks, strict=True):
            ref = view.left if side is L else view.right
            values = VALUES[side][line.name]
            self.edit(side, ref, line, values[pick % len(values)])
        for side, ref in ((L, view.left), (R, view.right)):
            self.tell(side, ref, -1 if side in late else 1)
        self.run_if_due(view.id)

    @rule(number=records, side=sides, line=st.sampled_from(RULES), picks=st.tuples(records, records))
    def an_unseen_edit_is_written_over_and_the_answer_lost(
        self, number: int, side: Side, line: Rule, picks: tuple[int, int]
    ) -> None:
        view = self.view(number)
        if view is None or view.left is None or view.right is None:
            return
        for to, times, pick in ((side.other, -1, picks[0]), (side, 1, picks[1])):
            ref, values = view.left if to is L else view.right, VALUES[to][line.name]
            self.edit(to, ref, line, values[pick % len(values)])
            self.tell(to, ref, times)
        self.world.sides[side.other].next_call = ["lost"]
        self.run_if_due(view.id)

    @rule(number=records, side=sides, line=st.sampled_from([*RULES, RULES[-1]]), times=number(2, 3))
    def somebody_edits_again_and_again(self, number: int, side: Side, line: Rule, times: int) -> None:
        view = self.view(number)
        ref = (view.left if side is L else view.right) if view else None
        for turn in range(times):
            values = VALUES[side][line.name]
            if view is not None and ref is not None and self.edit(side, ref, line, values[turn % len(values)]):
                self.tell(side, ref, 1)
                self.run_if_due(view.id)

    @rule(number=records, edit=edits, faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=2))
    def a_write_goes_wrong(self, number: int, edit: Edit, faults: list[str]) -> None:
        self.world.sides[edit[0].other].next_call = list(faults)
        self.somebody_edits(number, edit, 1, True)

    @rule(number=records, call=number(1, 12), when=moments, what=st.sampled_from(EVENTS), edit=edits)
    def a_run_is_interfered_with(self, number: int, call: int, when: str, what: str, edit: Edit) -> None:
        self.event = (call, when, what, edit)
        if view := self.view(number):
            self.somebody_presses_retry(number)
            self.run(view.id)

    @rule(number=records, call=number(2, 6), edit=edits)
    def somebody_edits_while_it_runs(self, number: int, call: int, edit: Edit) -> None:
        self.event = (call, "after", "edit", edit)
        if view := self.view(number):
            self.somebody_presses_retry(number)
            self.run(view.id)

    @rule(number=records, call=number(1, 30), when=moments, what=st.sampled_from(EVENTS), edit=edits)
    def sending_is_interfered_with(self, number: int, call: int, when: str, what: str, edit: Edit) -> None:
        self.something_new(number)
        self.event = (call, when, what, edit)
        self.a_worker_runs(-1)

    @rule(number=records, faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3), again=st.booleans())
    def sending_goes_wrong(self, number: int, faults: list[str], again: bool) -> None:
        self.something_new(number)
        self.world.right.next_call = list(faults)
        self.a_worker_runs(-1)
        if again:
            self.world.pass_time(20)
            self.a_worker_runs(-1)

    @rule(number=records)
    def a_create_is_lost_and_looked_for_at_once(self, number: int) -> None:
        self.something_new(number)
        self.world.right.next_call = ["lost"]
        self.workers_run_for_a_while()
        self.world.pass_time(20)
        self.workers_run_for_a_while()

    def something_new(self, number: int) -> None:
        """A requirement, or where there are enough of them another feature."""
        features = [ref for ref in self.world.left.records if ref.kind == "feature"]
        if self.sent < 2 and (number % 2 or not features):
            ref = self.world.left.put("feature", {"name": "a", "note": "m"})
            self.ledger.add(1, "feature", left=ref)
            self.sent += 1
        elif features:
            self.somebody_adds_a_requirement(number // 2, 1)

    def edit(self, side: Side, ref: Ref, line: Rule, value: Value) -> bool:
        server, name = self.world.sides[side], line.field(side)
        if ref not in server.records or name not in server.records[ref].fields:
            return False
        if value is None and line.name not in ("Size", "Note"):
            value = VALUES[side][line.name][0]
        self.world.pass_time(1)
        moved = server.records[ref].fields[name] != value
        server.edit(ref, name, value)
        self.fresh[side, ref, name] = value
        self.owed.pop((side, ref, name), None)
        if (
            moved
            and line.name == "Status"
            and (side is R or any(h.source == ref for h in self.world.right.records.values()))
        ):
            self.touched.add(ref)
        return True

    def tell(self, side: Side, ref: Ref, times: int) -> None:
        """A hook: delivered so many times, later (-1), or never."""
        pair_id = self.concerned(side, ref)
        if times < 0:
            self.late.append(ref)
        if pair_id is None:
            return
        if times <= 0:
            self.silent.add((pair_id, side))
        for _ in range(times):
            self.ledger.mark_dirty([pair_id], self.world.at, side=side)
            self.silent.discard((pair_id, side))

    def concerned(self, side: Side, ref: Ref) -> int | None:
        """The record's pair; a requirement nobody knows yet concerns its feature."""
        held = self.world.sides[side].records.get(ref)
        found = self.ledger.pair_of(1, side, ref)
        if found is None and side is L and held and held.parent:
            found = self.ledger.pair_of(1, side, held.parent)
        return found.id if found else None

    @rule()
    def late_hooks_arrive(self) -> None:
        while self.late:
            ref = self.late.pop()
            for side in Side:
                if ref in self.world.sides[side].records:
                    self.tell(side, ref, 1)

    @rule(number=records, hook=hooks)
    def somebody_adds_a_requirement(self, number: int, hook: int) -> None:
        features = [ref for ref in self.world.left.records if ref.kind == "feature"]
        if not features:
            return
        parent = features[number % len(features)]
        if sum(held.parent == parent for held in self.world.left.records.values()) < 2:
            self.world.left.put("requirement", {"name": "c", "note": "m"}, parent)
            self.tell(L, parent, hook)

    @rule(number=records, side=sides, hook=hooks, whole=st.booleans())
    def a_record_is_deleted_or_hidden(self, number: int, side: Side, hook: int, whole: bool) -> None:
        ref = self.nth(side, number)
        if ref is None or self.deleted:
            return
        self.deleted += 1
        self.tell(side, ref, hook)
        if whole:
            self.world.sides[side].remove(ref)
        else:
            self.world.sides[side].hidden ^= {ref}

    @rule(number=records, side=sides, hook=hooks)
    def the_version_moves_and_nothing_else(self, number: int, side: Side, hook: int) -> None:
        ref = self.nth(side, number)
        if ref is not None:
            self.world.sides[side].records[ref].changed_at = self.world.at
            self.tell(side, ref, hook)

    @rule(number=records)
    def somebody_presses_retry(self, number: int) -> None:
        if view := self.view(number):
            self.ledger.mark_dirty([view.id], self.world.at, urgent=True)
            self.silent -= {(view.id, L), (view.id, R)}

    def view(self, number: int) -> PairView | None:
        rows = list(self.ledger.pairs.values())
        return rows[number % len(rows)].view if rows else None

    # ---- what servers and the machine room do

    @rule(side=sides, faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
    def coming_writes_go_wrong(self, side: Side, faults: list[str]) -> None:
        self.world.sides[side].next_call = list(faults)

    @rule(side=sides)
    def a_read_comes_too_often(self, side: Side) -> None:
        self.world.sides[side].busy_reads = 1

    @rule(seconds=st.sampled_from([1.0, 30.0, 61.0, HOURS]))
    def time_passes(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule(which=st.sampled_from([0, 0, -1]))
    def a_worker_runs(self, which: int) -> None:
        due = self.ledger.due(self.world.at)
        if due:
            self.run(due[which])

    def run_if_due(self, pair_id: int) -> None:
        if pair_id in self.ledger.due(self.world.at):
            self.run(pair_id)

    @rule()
    def workers_run_for_a_while(self) -> None:
        for _ in range(4):
            for pair_id in self.ledger.due(self.world.at)[:1]:
                self.run(pair_id)

    # ---- one run, interfered with

    def at(self, when: str, name: str) -> None:
        """Something is called: on the ledger (before and after it), or on a server (before it)."""
        if self.dead:
            raise Killed
        if when == "before":
            self.parts.step(name)
        if name.startswith("read") and self.running == 1:
            self.read.add(name.removeprefix("read "))
        if name.startswith(("create", "update", "exchange", "mark")) or name == "delete":
            if self.overtaken and self.running == 1:
                assert self.in_flight, f"an overtaken run went on to {name}"
                self.in_flight = False
            return
        if name.startswith(("read", "find")) or self.running != 1:
            return
        self.calls += when == "before"
        if self.event and self.event[:2] == (self.calls, when):
            self.happen(name)

    def happen(self, name: str) -> None:
        _, when, what, (side, line, value) = self.event
        self.event, self.fired = None, True
        if what == "kill":
            self.dead = True
            raise Killed
        view = self.ledger.pairs[self.pair_id].view
        if what == "overtake" and name != "begin":
            self.running += 1
            self.call(self.pair_id)
            self.running -= 1
            self.overtaken, self.in_flight = True, when == "after" and name in BEFORE_A_WRITE
        ref = view.left if side is L else self.known_right
        if what == "edit" and ref is not None and self.edit(side, ref, line, value):
            self.raced.add((side, ref, line.field(side)))
            self.tell(side, ref, 1)

    def call(self, pair_id: int) -> Ending | None:
        try:
            return sync_pair(self.bridge, pair_id)
        except Killed:
            return None

    def run(self, pair_id: int) -> None:
        self.world.pass_time(1)
        view = self.ledger.pairs[pair_id].view
        self.calls, self.running, self.pair_id, self.known_right = 0, 1, pair_id, view.right
        self.fired = self.overtaken = self.in_flight = self.dead = False
        self.raced.clear()
        self.lines.clear()
        self.read.clear()
        there = view.kind != "release" and self.ends(view) is not None
        self.held = {line.name: self.now(line, view) for line in RULES} if there else {}
        armed = [(tuple(server.next_call), server.busy_reads) for server in self.world.sides.values()]
        expected = self.expect(view)
        before = len(self.ledger.pairs[pair_id].lines)
        ending = self.call(pair_id)
        self.running, self.event = 0, None
        left_over = [(tuple(server.next_call), server.busy_reads) for server in self.world.sides.values()]
        self.refusals += any(set(FINAL) & set(faults) for faults, _ in armed) and left_over != armed
        unseen = self.ends(self.ledger.pairs[pair_id].view) is None  # nothing was merged
        unseen |= self.owes(self.ledger.pairs[pair_id])  # it is decided when the answer is known
        if ending is None or self.fired or left_over != armed or ending.state not in AT_REST or unseen:
            self.confused.add(pair_id)
        else:
            self.came_to_rest(pair_id, expected, before, ending)
            self.paid(pair_id)

    # ---- what it should have done

    def ends(self, view: PairView) -> tuple[Snapshot, Snapshot] | None:
        if view.left is None or view.right is None:
            return None
        found = [self.world.sides[side]._snapshot(ref) for side, ref in ((L, view.left), (R, view.right))]
        return (found[0], found[1]) if all(isinstance(one, Snapshot) for one in found) else None

    def now(self, line: Rule, view: PairView) -> Both:
        assert view.left is not None
        assert view.right is not None
        records = {L: self.world.left.records[view.left], R: self.world.right.records[view.right]}
        return {side: held.fields[line.field(side)] for side, held in records.items()}

    def expect(self, view: PairView) -> dict[str, After]:
        """What an undisturbed run should make of the pair, for each rule whose base the machine knows."""
        ends = self.ends(view)
        if ends is None or view.id in self.confused or view.kind == "release":
            return {}
        known = self.agreed.get(view.id, {})
        side = newer(*ends)
        return {
            line.name: naive(line, known[line.name], self.now(line, view), side) for line in RULES if line.name in known
        }

    def came_to_rest(self, pair_id: int, expected: dict[str, After], before: int, ending: Ending) -> None:
        """Compare, and move the machine's own base."""
        row = self.ledger.pairs[pair_id]
        alone = len(self.read) == 1 and row.view.left is not None and row.view.right is not None
        if not alone:
            self.confused.discard(pair_id)
        if row.view.kind == "release" or pair_id in self.confused:
            return
        known = self.agreed.setdefault(pair_id, {})
        kept = [(line.field, line.side, line.old) for line in row.lines[before:] if "kept here" in line.what]
        for line in RULES:
            now, after = self.now(line, row.view), expected.get(line.name)
            if alone and self.unseen(line, known) and now == self.held[line.name] and not same(line, now):
                continue  # an edit on the side that was not read: it has a hook of its own
            if after is None:
                if same(line, now):
                    known[line.name] = now
                continue
            wanted = {side: self.stored(side, line, after, side) for side in Side}
            wanted = {side: now[side] if now[side] == after.values[side] else wanted[side] for side in Side}
            assert now == wanted, f"{line.name}: {now}, not {wanted}"
            lost = [] if after.lost is None else [(line.name, after.lost[0], show(after.lost[1]))]
            assert [one for one in kept if one[0] == line.name] == lost, "kept for nothing, or not kept"
            assert not after.waits or ending.state == "asking", f"{line.name} waits, and nobody is told"
            if after.settles:
                known[line.name] = now

    def unseen(self, line: Rule, known: dict[str, Both]) -> bool:
        """Whether the side that this run did not read holds something else than what was agreed."""
        side = R if self.read == {"AHA"} else L
        return line.name in known and self.held[line.name][side] != known[line.name][side]

    def owes(self, row: Row) -> bool:
        """Whether a word was written over unseen, and the side has not said so yet."""
        refs = {side: row.ref(side) for side in Side}
        return unsaid(row.view.base) is not None and any(refs[side] == ref for side, ref, _ in self.owed)

    def paid(self, pair_id: int) -> None:
        """Of every word that a write went over unseen, the journal has the value, or says that it is not known."""
        row = self.ledger.pairs[pair_id]
        if self.owes(row):
            return
        for (side, ref, name), old in list(self.owed.items()):
            if row.ref(side) != ref:
                continue
            line = next(one for one in RULES if one.field(side) == name)
            about = [one for one in row.lines if (one.side, one.field) == (side, line.name)]
            kept = any(one.old == show(old) or "is not known" in one.what for one in about)
            assert kept, f"{old} was written over and nobody is told"
            del self.owed[side, ref, name]

    def stored(self, side: Side, line: Rule, after: After, _: Side) -> Value:
        value = after.values[side]
        return value if value is None or not isinstance(value, str) else self.dotted(side, line, value)

    def dotted(self, side: Side, line: Rule, value: str) -> str:
        return f"{value.removesuffix('.')}." if side is R and line.name == "Note" else value

    # ---- every write is judged when it happens

    def wrote(self, server: MemorySide, call: str, ref: Ref, name: str, value: Value) -> None:
        if call == "create":
            return
        side = L if server is self.world.left else R
        line = next(one for one in RULES if one.field(side) == name)
        assert line.direction.writes(side), f"{line.name} was written against its direction"
        pair = self.ledger.pair_of(1, side, ref)
        assert pair is not None
        entries = [one for one in self.ledger.pairs[pair.id].lines if one.side is side and one.field == line.name]
        key = (pair.id, side, line.name, show(value))
        old = server.records[ref].fields[name]
        told = [one for one in entries if one.new == show(value) and one.level == "info"]
        assert told, f"{line.name} is written and the journal does not say so"
        mine = (side, ref, name) in self.fresh and (side, ref, name) not in self.raced and old != value
        if mine and call == "exchange":
            self.owed[side, ref, name] = old
        elif mine:
            assert any(one.old == show(old) for one in entries), f"{old} is replaced and nowhere kept"
        self.fresh.pop((side, ref, name), None)
        if call == "update" and (side, ref, name) in self.owed and self.owed[side, ref, name] == value:
            self.fresh[side, ref, name] = value  # it is put back
        self.lines[key] = self.lines.get(key, 0) + 1

    def going(self, server: MemorySide, ref: Ref) -> None:
        """A record is deleted: its counterpart was, and nobody edited it since they were agreed."""
        side = L if server is self.world.left else R
        pair = self.ledger.pair_of(1, side, ref)
        assert pair is not None
        other = pair.right if side is L else pair.left
        assert other is not None
        assert other not in self.world.sides[side.other].records, f"{ref} is deleted, and {other} is there"
        known = {
            line.field(side): both[side] for line in RULES if (both := self.agreed.get(pair.id, {}).get(line.name))
        }
        edits = {name: value for (where, one, name), value in self.fresh.items() if (where, one) == (side, ref)}
        unseen = [name for name, value in edits.items() if name in known and value != known[name]]
        known_well = ref in server.records and pair.id not in self.confused
        assert not unseen or not known_well, f"{ref} is deleted with an edit of {unseen}"
        told = [line for line in self.ledger.pairs[pair.id].lines if line.side is side and "is deleted" in line.what]
        assert told, f"{ref} is deleted and the journal does not say so"

    # ---- the laws

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for side, server in self.world.sides.items():
            server.next_call, server.busy_reads = [], 0
            for ref in list(server.hidden):
                self.tell(side, ref, 0)
            server.hidden.clear()
        self.event = None
        self.late_hooks_arrive()
        self.until_quiet()
        for row in self.ledger.pairs.values():
            if not self.silent & {(row.view.id, L), (row.view.id, R)}:
                self.settled(row.view, word_allowed=True)
        self.wake_everything()
        # What a side refused once is not sent again before something moves or a person asks.
        asking = [row.view.id for row in self.ledger.pairs.values() if row.state == "asking"]
        self.ledger.mark_dirty(asking, self.world.at, urgent=True)
        self.until_quiet()
        self.once_only()
        for row in self.ledger.pairs.values():
            self.settled(row.view, word_allowed=False)
            if row.state not in ("gone", "parked") and self.ends(row.view) is not None:
                self.paid(row.view.id)
        before = self.footprint()
        self.wake_everything()
        self.until_quiet()
        assert self.footprint() == before, "a quiet pair was written"

    def wake_everything(self) -> None:
        self.ledger.mark_dirty(self.ledger.pairs, self.world.at)
        self.silent.clear()

    def until_quiet(self) -> None:
        for _ in range(12):
            self.world.pass_time(HOURS)
            for pair_id in self.ledger.due(self.world.at):
                self.run(pair_id)
            if not any(row.dirty != row.done for row in self.ledger.pairs.values()):
                return
        raise AssertionError("it never comes to rest")

    def footprint(self) -> object:
        return [
            (list(server.writes), server.calls["mark"], len(server.records)) for server in self.world.sides.values()
        ]

    def settled(self, view: PairView, *, word_allowed: bool) -> None:
        """The pair is in step, or says why not; `word_allowed` also where asking again would help."""
        row = self.ledger.pairs[view.id]
        assert view.state != "waiting", "it waits, and nothing will run it"
        if view.state == "parked":
            assert self.refusals, "parked for something that passes by itself"
            assert word_allowed
            assert row.reason
            return
        parent = self.ledger.pairs[view.parent_id].view if view.parent_id else None
        ends = self.ends(view)
        if ends is None:
            gone = [
                ref
                for side, ref in ((L, view.left), (R, view.right))
                if ref and ref not in self.world.sides[side].records
            ]
            above = parent is not None and parent.state in ("gone", "parked", "asking")
            assert gone or above, f"{view.left} was never sent"
            halves = len(gone) == 1 and None not in (view.left, view.right) and view.kind != "release"
            assert word_allowed or not halves or row.state == "asking", f"{gone} is gone, and the other stays"
            return
        if view.kind == "release":
            return
        for line in RULES:
            self.converged(line, view)
        self.told_of_making(view)
        assert view.base or self.refusals, "joined, and nothing agreed"
        for side, one, other in ((L, view.left, view.right), (R, view.right, view.left)):
            assert other.id in self.world.sides[side].records[one].marks or self.refusals, "the link is not shown"
        if parent is not None and parent.right is not None:
            assert view.right is not None
            assert self.world.right.records[view.right].parent == parent.right, "it stands below the wrong record"
        if view.kind == "feature" and not (word_allowed and view.state == "asking"):
            for child in ends[0].children:
                assert self.ledger.pair_of(1, L, child.ref), f"{child.ref} was never sent"

    def converged(self, line: Rule, view: PairView) -> None:
        now, row = self.now(line, view), self.ledger.pairs[view.id]
        if same(line, now):
            return
        if line.direction is Direction.TO_LEFT and not self.touched & {view.left, view.right}:
            return  # what the server gave a new record overrules nobody's plan
        if line.direction is Direction.TO_RIGHT and now[L] is None:
            return  # at first contact the right keeps what it had
        told = any(one.field == line.name and "not carried" in one.what for one in row.lines)
        assert row.state == "asking", f"{line.name} differs: {now}"
        assert told, f"{line.name} differs and nobody is told: {now}"

    def told_of_making(self, view: PairView) -> None:
        row = self.ledger.pairs[view.id]
        words = f"{view.right} made in Jira", f"{view.right} was found in Jira"
        assert any(one.what.startswith(words) for one in row.lines), f"{view.right} was made and the journal is silent"

    def once_only(self) -> None:
        sources = [held.source for held in self.world.right.records.values()]
        assert len(set(sources)) == len(sources), "a record was made twice"
        for side in Side:
            refs = [ref for row in self.ledger.pairs.values() if (ref := row.ref(side))]
            assert len(set(refs)) == len(refs), "a record is in two pairs"


def same(line: Rule, now: Both) -> bool:
    """Whether the two values mean the same, by a translation in a direction the rule allows."""
    if now[L] == now[R]:
        return True
    return any(line.translate(now[side.other], side) == now[side] for side in Side if line.direction.writes(side))
