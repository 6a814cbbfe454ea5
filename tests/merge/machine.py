"""A machine that edits, syncs and breaks things at random, and asks the naive merge whether the outcome is right.

Its alphabets are tiny on purpose (three records, three values, three rules): large ones never meet twice, and a machine
that never meets a conflict proves nothing about conflicts. `test_machine.py` proves its reach.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from crosswalk.merge.merge import Decision, Held, Verdict
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Direction, Policy, Rule, Side, Untranslatable
from crosswalk.merge.values import MISSING, Maybe, Value
from tests.merge.cast import Table
from tests.merge.naive import After, naive
from tests.merge.world import Core, Fault, Killed, Runner, World, seen, stored, unwatched

L, R = Side.LEFT, Side.RIGHT
# 1 is a pair from the start. 2 stands below it, on the left alone. 3 stands on both sides and is to be linked.
PAIRS = ("1", "2", "3")
# c has no counterpart. z, which the right makes of y, is b again.
MAP = Table({None: None, "a": "x", "b": "y"}, {None: None, "x": "a", "y": "b", "z": "b"})
TAGS = Table({"a": "x", "b": "y"}, {"x": "a", "y": "b"})
QUIET = (Verdict.UNCHANGED, Verdict.SKIPPED, Verdict.ASK, Verdict.REFUSED)

BOTH, RIGHTWARDS, LEFTWARDS = Direction.BOTH, Direction.TO_RIGHT, Direction.TO_LEFT
FIRST = [(BOTH, policy) for policy in (*Policy, Policy.ASK)]  # asked twice as often: questions keep a base still
SECOND = [RIGHTWARDS, LEFTWARDS, Direction.ONCE_TO_RIGHT, Direction.OFF]
FIELDS = {L: ("l1", "l2", "ls"), R: ("r1", "r2", "rs")}
VALUES: dict[Side, list[Value]] = {L: [None, "a", "b", "c"], R: [None, "x", "y", "w"]}
SETS: dict[Side, list[Value]] = {
    L: [frozenset(), frozenset("a"), frozenset("ab"), frozenset("bc")],
    R: [frozenset(), frozenset("x"), frozenset("xy"), frozenset("yw")],
}
Edit = tuple[Side, str, Value]

pairs = st.sampled_from(("1", *PAIRS))  # most of what can happen happens to two that are a pair
rarely = st.sampled_from((False, False, True))
sides = st.sampled_from(Side)


def _edits(side: Side) -> list[Edit]:
    values = [(side, name, value) for name in FIELDS[side][:2] for value in VALUES[side]]
    return values + [(side, FIELDS[side][2], value) for value in SETS[side]]


left_edits, right_edits = st.sampled_from(_edits(L)), st.sampled_from(_edits(R))
# Both sides of one line of the mapping: where conflicts are made.
clashes = st.sampled_from(
    [
        (left, right)
        for left in _edits(L)
        for right in _edits(R)
        if FIELDS[L].index(left[1]) == FIELDS[R].index(right[1])
    ]
)
contents = st.fixed_dictionaries(
    {
        name: st.sampled_from(choices[side])
        for side in Side
        for name, choices in zip(FIELDS[side], (VALUES, VALUES, SETS), strict=True)
    }
)


class Machine(RuleBasedStateMachine):
    """See the module. `core` is what is tested; subclasses set another one, or watch what is sent."""

    core = Core()
    watch = staticmethod(unwatched)

    @initialize(
        first=st.sampled_from(FIRST),
        second=st.sampled_from(SECOND),
        tags=st.sampled_from([BOTH, RIGHTWARDS]),
        content=contents,
        broken=st.none() | st.sampled_from(Fault),
    )
    def start(
        self,
        first: tuple[Direction, Policy],
        second: Direction,
        tags: Direction,
        content: dict[str, Value],
        broken: Fault | None,
    ) -> None:
        self.rules = (
            Rule("one", "l1", "r1", *first, MAP),
            Rule("two", "l2", "r2", second, Policy.ASK, MAP),
            Rule("tags", "ls", "rs", tags, Policy.NEWEST, TAGS),
        )
        self.world = World(watch=self.watch)
        for side, pair in ((L, "1"), (R, "1"), (L, "2"), (L, "3"), (R, "3")):
            self.world.records[side, pair] = {}
            self.world.edit(side, pair, {name: content[name] for name in FIELDS[side]})
        self.world.above["2"] = "1"
        self.world.shown = {(L, "1"), (R, "1"), (L, "2")}
        self.runner = Runner(self.world, self.rules, self.core, joined={"1"}, matched=frozenset("3"))
        self.base: dict[tuple[str, str], dict[Side, Maybe]] = {}
        self.kept: set[tuple[str, str]] = set()
        self.meanwhile: Edit | None = None
        if broken:
            self.something_breaks_in_a_run("2", 1, broken)

    # ---- what people and servers do

    @rule(pair=pairs, edit=left_edits | right_edits)
    def somebody_edits(self, pair: str, edit: Edit) -> None:
        side, name, value = edit
        if (side, pair) in self.world.records:
            self.world.edit(side, pair, {name: value})

    @rule(pair=pairs, clash=clashes, right_first=st.booleans())
    def two_people_edit_the_same(self, pair: str, clash: tuple[Edit, Edit], right_first: bool) -> None:
        for edit in reversed(clash) if right_first else clash:
            self.somebody_edits(pair, edit)

    @rule(pair=pairs, side=sides, which=st.integers(0, 2))
    def somebody_clears(self, pair: str, side: Side, which: int) -> None:
        self.somebody_edits(pair, (side, FIELDS[side][which], None if which < 2 else frozenset()))

    @rule(pair=pairs, side=sides)
    def the_version_moves_and_nothing_else(self, pair: str, side: Side) -> None:
        if (side, pair) in self.world.records:
            self.world.edit(side, pair, {})

    @rule(pair=pairs, side=sides, now=rarely)
    def somebody_deletes(self, pair: str, side: Side, now: bool) -> None:
        for id_ in (*self.world.below(side, pair), pair):
            if now and (side, id_) in self.world.records:
                self.world.delete(side, id_)

    @rule(side=sides, which=st.integers(0, 2))
    def a_field_is_taken_off_the_form_or_put_back(self, side: Side, which: int) -> None:
        self.world.hidden ^= {(side, FIELDS[side][which])}

    @rule(edit=left_edits | right_edits)
    def somebody_will_edit_while_the_next_run_is_under_way(self, edit: Edit) -> None:
        self.meanwhile = edit

    @rule(nth=st.integers(1, 2), fault=st.sampled_from(Fault))
    def something_will_break(self, nth: int, fault: Fault) -> None:
        self.world.faults[nth] = fault

    @rule(pair=pairs, nth=st.integers(1, 2), fault=st.sampled_from(Fault))
    def something_breaks_in_a_run(self, pair: str, nth: int, fault: Fault) -> None:
        self.world.faults[nth] = fault
        self.look(pair)

    @rule(pair=pairs, side=sides, nth=st.integers(1, 2), fault=st.sampled_from(Fault), now=rarely)
    def something_breaks_after_a_delete(self, pair: str, side: Side, nth: int, fault: Fault, now: bool) -> None:
        self.somebody_deletes(pair, side, now)
        self.something_breaks_in_a_run(pair, nth, fault)

    # ---- hooks: they only say "look"

    @precondition(lambda self: self.world.hooks)
    @rule(order=st.sampled_from([0, -1]), keep=st.booleans())
    def a_hook_arrives(self, order: int, keep: bool) -> None:
        pair = self.world.hooks[order]
        if not keep:  # else it comes a second time
            self.world.hooks.pop(order)
        self.look(pair)

    @precondition(lambda self: self.world.hooks)
    @rule()
    def all_hooks_are_lost(self) -> None:
        self.world.hooks.clear()

    @rule(pair=pairs)
    def the_sweep_looks(self, pair: str) -> None:
        self.look(pair)

    # ---- one run, and what it should have done

    def look(self, pair: str) -> None:
        if self.ended(pair):
            self.look_at_a_removed(pair)
        else:
            self.look_at_what_is_there(pair)

    def look_at_what_is_there(self, pair: str) -> None:
        world = self.world
        self.mirrored(pair)
        making = (R, pair) not in world.records
        expected = {
            rule.name: self.expect_new(rule, pair) if making else self.expect(rule, pair) for rule in self.rules
        }
        before = {key: dict(fields) for key, fields in world.records.items()}
        known = len(self.runner.lost)
        world.writes.clear()
        world.answered.clear()
        world.left_out.clear()
        armed = len(world.faults)
        self.happened: Edit | None = None
        killed = False
        try:
            self.runner.look(pair, lambda decisions: self.interleave(pair, decisions))
        except Killed:
            killed = True
        undisturbed = not killed and len(world.faults) == armed
        for line in self.rules:
            self.check(line, pair, expected[line.name], before, undisturbed=undisturbed)
        lost = [(name, (side, value)) for _, name, side, value in self.runner.lost[known:]]
        wanted = [(line.name, expected[line.name].lost) for line in self.rules if expected[line.name].lost]
        assert lost == wanted, "a value that a person put there was dropped, or one was kept for nothing"
        if not killed:
            for line in self.rules:
                self.settle(line, pair, expected[line.name], before, making=making)
        assert len({token for token, _ in world.tokens}) == len(world.tokens), "a record was made twice"

    def interleave(self, pair: str, decisions: Sequence[Decision]) -> None:
        """The armed edit, unless the run is about to write that very field: no server keeps both then."""
        edit, self.meanwhile = self.meanwhile, None
        if edit is None or any(
            edit[1] == d.rule.field(side) and edit[0] is side for d in decisions for side in d.write
        ):
            return
        side, name, value = edit
        self.somebody_edits(pair, edit)
        self.happened = (side, name, stored(side, value))

    def linked(self, pair: str) -> bool:
        return {(L, pair), (R, pair)} <= self.world.shown

    def ended(self, pair: str) -> bool:
        """Whether a record was deleted that the pair had, or the place of one that it was to have."""
        there, above = self.world.records, self.world.above.get(pair, pair)
        if (L, pair) not in there:
            return True
        return (R, pair) not in there and (self.linked(pair) or pair == "3" or (R, above) not in there)

    def look_at_a_removed(self, pair: str) -> None:
        """What is left of a pair goes, with what stands below it; nothing goes that nobody deleted."""
        world = self.world
        left_over = [(side, pair) for side in Side if (side, pair) in world.records]
        below = [(side, id_) for side, _ in left_over for id_ in world.below(side, pair)]
        goes = self.linked(pair) and all(self.linked(id_) for _, id_ in below)
        before = {key: dict(fields) for key, fields in world.records.items()}
        world.writes.clear()
        armed, killed = len(world.faults), False
        try:
            self.runner.look(pair)
        except Killed:
            killed = True
        may_go = {*left_over, *below} if goes else set()
        must_go = may_go if not killed and len(world.faults) == armed else set()
        gone = before.keys() - world.records.keys()
        assert must_go <= gone <= may_go, f"{gone} went, not {must_go}"
        assert all(world.records[key] == before[key] for key in world.records), "something was written beside"
        assert world.records.keys() <= before.keys(), "a deleted record was made again"

    def now(self, rule: Rule, pair: str) -> dict[Side, Maybe]:
        return {side: seen(self.world, side, pair, rule.field(side)) for side in Side}

    def expect(self, rule: Rule, pair: str) -> After:
        changed = self.world.changed
        newer = L if changed[L, pair] > changed[R, pair] else R
        return naive(rule, self.base.get((pair, rule.name)), self.now(rule, pair), newer)

    def expect_new(self, rule: Rule, pair: str) -> After:
        value = seen(self.world, L, pair, rule.left)
        nothing = After({L: value, R: MISSING}, settles=False)
        if not rule.direction.writes(R) or value in (None, MISSING, frozenset()):
            return nothing
        after = naive(rule, None, {L: value, R: None}, L)
        return nothing if after.values[R] is None else after

    def check(
        self,
        rule: Rule,
        pair: str,
        after: After,
        before: dict[tuple[Side, str], dict[str, Value]],
        *,
        undisturbed: bool,
    ) -> None:
        """Each side holds what it should; where something broke, that or what it held before."""
        for side in Side:
            name = rule.field(side)
            old = before.get((side, pair), {}).get(name)
            found = self.world.records.get((side, pair), {}).get(name)
            wanted = old if after.values[side] is MISSING else stored(side, after.values[side])
            if self.happened and self.edited_meanwhile(rule, side):
                wanted = old = self.happened[2]
            allowed = [wanted] if undisturbed else [wanted, old]
            assert found in allowed, f"{rule.name} on the {side}: {found!r}, not {wanted!r}"
            untouched = after.values[side] is MISSING or after.values[side] == old
            written = any(name in patch.fields for patch in self.world.writes if patch.side is side)
            assert not (untouched and written), f"{rule.name} was written on the {side} for nothing"

    def settle(
        self,
        rule: Rule,
        pair: str,
        after: After,
        before: dict[tuple[Side, str], dict[str, Value]],
        *,
        making: bool,
    ) -> None:
        """Moves the machine's own base, by what the servers said of it."""
        base: dict[Side, Maybe] = {}
        for side in Side:
            name = rule.field(side)
            old = before.get((side, pair), {}).get(name)
            if not (making and side is R) and (after.values[side] is MISSING or after.values[side] == old):
                base[side] = old  # not written; an edit made meanwhile is not agreed
            elif side in self.world.answered and (side, name) not in self.world.left_out:
                base[side] = seen(self.world, side, pair, name)
            else:
                return
            if base[side] is MISSING:
                return  # written, but nobody can tell what became of it
            stuck = frozenset(element for where, element in after.stuck if where is side)
            held = base[side]
            base[side] = held - stuck if isinstance(held, frozenset) else held
        if after.settles:
            first = (pair, rule.name) not in self.base
            if first and rule.source is not None and base[rule.source] is None:
                self.kept.add((pair, rule.name))  # the source had nothing to say when the two were joined
            elif base != self.base.get((pair, rule.name)):
                self.kept.discard((pair, rule.name))
            self.base[pair, rule.name] = base

    def edited_meanwhile(self, rule: Rule, side: Side) -> bool:
        return self.happened is not None and self.happened[:2] == (side, rule.field(side))

    # ---- the laws

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        self.world.faults.clear()
        self.world.hidden.clear()
        self.meanwhile = None
        for _ in range(2):
            for pair in PAIRS:
                self.look(pair)
        for pair in PAIRS:
            self.look(pair)
            assert not self.world.writes, "a quiet pair was written"
            if self.ended(pair):
                continue
            assert self.linked(pair), "two records do not show each other"
            assert {decision.verdict for decision in self.runner.last} <= set(QUIET)
            for decision in self.runner.last:
                self.converged(decision, pair)

    def converged(self, decision: Decision, pair: str) -> None:
        rule, now = decision.rule, self.now(decision.rule, pair)
        if rule.direction is Direction.OFF or rule.direction.once or decision.verdict in (Verdict.ASK, Verdict.REFUSED):
            return
        if rule.name == "tags":
            means = {TAGS.to_right(tag) for tag in now[L] or ()}
            have = set(now[R] or ())
            assert means <= have, "an entry is missing on the right"
            # Only what was put in on the right of a one-way rule may stand there alone.
            assert means == have or rule.direction is RIGHTWARDS
            return
        across = {side: rule.translate(now[side.other], side) for side in Side if rule.direction.writes(side)}
        agree = any(stored(side, meant) == now[side] for side, meant in across.items() if _known(meant))
        assert agree or now == {L: None, R: None} or (pair, rule.name) in self.kept, f"{rule.name} differs: {now}"

    def mirrored(self, pair: str) -> None:
        left, right = (self.world.read(Ref(side, pair)) for side in Side)
        if left is None or right is None:
            return
        base = {name: Held.agreed(left=held[L], right=held[R]) for (at, name), held in self.base.items() if at == pair}
        swapped = {name: Held.agreed(left=held.right, right=held.left) for name, held in base.items()}
        one = self.core.merge(base, left, right, self.rules, newer=L)
        other = self.core.merge(swapped, right, left, [line.mirrored for line in self.rules], newer=R)
        for a, b in zip(one, other, strict=True):
            assert (a.verdict, a.write) == (b.verdict, {side.other: value for side, value in b.write.items()})


def _known(value: Value | Untranslatable) -> bool:
    return not isinstance(value, Untranslatable)
