"""Edits by people at random moments, runs in between, faults of the servers, killed workers, hooks that go astray.

One running system serves many examples: each begins with a family of its own. At the end the faults stop, and what
laws.py says has to hold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from crosswalk.merge.records import Ref
from crosswalk.sync.bridge import Bridge
from tests.path.live import laws
from tests.path.live.faults import FAULTS, LOST, OLD, STALE
from tests.path.live.memory import Memory
from tests.path.live.people import FIELDS, FULL, SETS, People, Twins
from tests.path.live.plays import Killed, Watched, Written, played
from tests.path.live.vocabulary import (
    ACTS,
    BY_FEATURE,
    BY_TWIN,
    IN_RECORDS,
    Action,
    actions,
    numbers,
    sides,
    some,
    turns,
)
from tests.path.system import TLS


class Machine(Written):
    """See the module. `system` is set by a subclass; `bug` breaks something in the product."""

    bug: staticmethod[[Bridge], Bridge] = staticmethod(lambda bridge: bridge)

    @initialize(
        requirements=st.integers(0, 2),
        focus=st.lists(st.sampled_from(ACTS), min_size=2, max_size=8),
        crowd=st.integers(1, 4),
        hooks=st.booleans(),
    )
    @played
    def start(self, requirements: int, focus: list[str], crowd: int, hooks: bool) -> None:
        """`focus`: what people do in this play, `crowd`: to how many records. Few, so that edits meet each other.

        Without `hooks` there is a firewall, and polls alone tell what changed.
        """
        from crosswalk.sync import service

        system = self.system
        self.clear_faults()
        self.calls, self.strike, self.event = 0, 0, None
        self.focus, self.crowd, self.hooks = focus, crowd, hooks
        self.before = laws.everything(system)
        system.bridge = self.bridge
        refs = [system.feature("Bell", requirements, **FULL), system.feature("Horn")]
        self.people, self.memory = People(system, refs), Memory()
        self.written: list[tuple[Twins, str, str]] = []  # words that have to be found at the end
        self.kept: dict[tuple[Twins, str, str], str] = {}  # by record, side, field: a word that nobody looked at yet
        self.said: dict[str, tuple[Twins, str]] = {}
        self.shown: dict[str, str] = {}  # a file, by its word, and the comment on which it hangs
        self.files: list[tuple[int, str]] = []
        self.requirements = requirements
        self.deleted: list[Twins] = []
        self.work: dict[str, tuple[int, int]] = {}  # a piece of work logged in Jira: of which feature, how long
        self.linked = False
        self.late: list[Any] = []
        service.send(system.integration, refs, "a test")
        system.drain()
        self.poll()
        for at in self.people.twins():
            self.memory.settle(at, self.people.held(at, "aha"), self.people.held(at, "jira"))

    def bridge(self, bridge: Bridge) -> Bridge:
        left, right = (Watched(side, self.between) for side in (bridge.left, bridge.right))
        return self.bug(replace(bridge, left=left, right=right))

    def between(self) -> None:
        """Something happens before the side is called."""
        self.calls += 1
        if self.event is not None and self.calls == self.strike:
            event, self.event = self.event, None
            event()

    # ---- people

    def at(self, number: int) -> Twins | None:
        found = [one for one in self.people.twins() if one not in self.deleted][: self.crowd]
        return found[number % len(found)] if found else None

    def twins_of(self, which: int) -> Twins:
        """A feature that was sent."""
        return next(one for one in self.people.twins() if one.id == self.people.refs[which].id)

    def top(self, number: int) -> int:
        """Which feature: one that was sent."""
        sent = [which for which, ref in enumerate(self.people.refs) if self.people.key(ref)]
        return sent[number % len(sent)]

    @rule(todo=st.lists(actions, min_size=1, max_size=8))
    @played
    def people_act(self, todo: list[Action]) -> None:
        self.act(todo)

    def act(self, todo: list[Action], *, raced: bool = False) -> None:
        """Do what is to be done, each told by a hook or not."""
        for act, number, side, pick, hook in todo:
            self.system.pass_time(1)
            what = self.focus[act % len(self.focus)]
            at = self.at(number)
            if what in IN_RECORDS and at is not None:
                self.edit(at, side, what, pick, raced=raced)
            elif what in BY_TWIN and at is not None:
                getattr(self, what)(at, side, pick, raced=raced)
            elif what in BY_FEATURE:
                which = self.top(number)
                at = next((one for one in self.people.twins() if one.id == self.people.refs[which].id), None)
                getattr(self, what)(which, side, pick)
            if at is not None:
                self.tell(at, hook)

    @rule(number=numbers, act=numbers, picks=st.tuples(numbers, numbers))
    @played
    def two_people_edit_the_same(self, number: int, act: int, picks: tuple[int, int]) -> None:
        at, fields = self.at(number), [what for what in self.focus if what in IN_RECORDS]
        if at is not None and fields:
            field = fields[act % len(fields)]
            self.edit(at, "aha", field, picks[0])
            self.system.pass_time(2)
            self.edit(at, "jira", field, picks[1])
            self.tell(at, 1)

    def edit(self, at: Twins, side: str, field: str, pick: int, *, raced: bool = False) -> None:
        self.system.pass_time(1)
        people = self.people
        if field == "description":
            self.write_down(at, side, field, people.describe(at, side, pick), raced=raced)
            return
        line = FIELDS.get(field) or SETS[field]
        field = field if at.kind in line.kinds else "name"
        side = "aha" if field == "release" else side  # a version that Jira alone has stays: tests/path/matrix
        if field in SETS:
            entry, now = people.toggle(at, side, field, pick)
            self.memory.did(at, f"{field}:{entry}", side, now, raced=raced)
            return
        value = people.value(field, pick)
        people.put(at, side, field, value)
        self.memory.did(at, field, side, value, raced=raced)
        if field == "estimate":
            self.memory.may_follow(at, "remaining")
        self.write_down(at, side, field, value if field in ("name", "note") else None, raced=raced)

    def write_down(self, at: Twins, side: str, field: str, word: str | None, *, raced: bool) -> None:
        """A word that has to be found at the end, unless its own writer thought better before anybody looked."""
        before = self.kept.pop((at, side, field), None)
        self.written = [one for one in self.written if one[1] != before]
        if word and not raced:
            self.kept[at, side, field] = word
            self.written.append((at, word, field))

    def comment(self, at: Twins, side: str, _pick: int, *, raced: bool) -> None:
        del raced
        self.said[self.people.comment(at, side)] = at, side

    def change_comment(self, _at: Twins, _side: str, pick: int, *, raced: bool) -> None:
        """Somebody changes what they said; or takes it back."""
        del raced
        said = {word: where for word, where in self.said.items() if where[0] not in self.deleted}
        if said:
            old = sorted(said)[pick % len(said)]
            at, side = self.said.pop(old)
            if pick % 3:
                new = self.people.change_comment(at, side, old)
                self.said[new] = at, side
                self.shown = {file: new if word == old else word for file, word in self.shown.items()}
            else:
                self.people.remove_comment(at, side, old)
                self.shown = {file: word for file, word in self.shown.items() if word != old}

    def attach_to_comment(self, at: Twins, _side: str, pick: int, *, raced: bool) -> None:
        """A product owner attaches a file to what they said."""
        del raced
        mine = sorted(word for word, where in self.said.items() if where == (at, "aha"))
        if at.kind == "feature" and mine:
            word = mine[pick % len(mine)]
            self.shown[self.people.attach_to_comment(at, word)] = word

    def move_requirement(self, at: Twins, side: str, pick: int, *, raced: bool) -> None:
        del raced
        if at.kind == "requirement":
            self.people.move_requirement(at, self.people.refs[self.top(pick)], side)

    def place_requirement(self, at: Twins, _side: str, pick: int, *, raced: bool) -> None:
        del raced
        if at.kind == "requirement":
            self.people.place(at, 1 + pick % 3)

    def delete_requirement(self, at: Twins, side: str, _pick: int, *, raced: bool) -> None:
        """Not one that somebody just edited: then a person is asked (tests/path/test_deletions.py)."""
        pair = next(one for one in self.people.pairs() if one.left_id == at.id)
        at_rest = pair.state == "agreed" and pair.dirty == pair.done and not self.memory.open(at)
        told = at.id in {where.id for where, _ in self.said.values()} | {where.id for where, *_ in self.written}
        if at.kind == "requirement" and at_rest and not told and not raced and not self.deleted:
            self.deleted.append(at)
            self.people.delete(at, side)

    def attach(self, which: int, side: str, _pick: int) -> None:
        self.files.append((which, self.people.attach(self.people.refs[which], side)))

    def detach(self, which: int, side: str, pick: int) -> None:
        mine = [word for where, word in self.files if where == which]
        if mine and self.people.detach(self.people.refs[which], side, word := mine[pick % len(mine)]):
            self.files.remove((which, word))

    def add_requirement(self, which: int, side: str, _pick: int) -> None:
        if self.requirements < 4:
            self.requirements += 1
            self.people.add_requirement(self.people.refs[which], side)

    def log_work(self, which: int, _side: str, pick: int) -> None:
        """An engineer logs work, or changes what was logged, or takes it away."""
        if self.work and pick % 3 == 0:
            number = sorted(self.work)[pick % len(self.work)]
            where, minutes = self.work.pop(number)
            minutes = (minutes + 1) * (pick % 2)
            self.people.change_work(self.people.refs[where], number, minutes)
            self.memory.may_follow(self.twins_of(where), "remaining")
            if minutes:
                self.work[number] = where, minutes
            return
        minutes = 10 + 10 * len(self.work)
        self.work[self.people.log_work(self.people.refs[which], minutes)] = which, minutes
        self.memory.may_follow(self.twins_of(which), "remaining")

    def link(self, _which: int, side: str, _pick: int) -> None:
        """Somebody links the first two features, or takes the link away."""
        if self.linked:
            self.linked = not self.people.unlink(side)
        elif not self.people.links("aha") and not self.people.links("jira"):
            self.linked = True
            self.people.link(side)

    # ---- hooks

    def tell(self, at: Twins, times: int) -> None:
        for pair in self.people.pairs() if self.hooks else ():
            if pair.left_id == at.id:
                self.deliver(pair, times)

    def deliver(self, pair: Any, times: int) -> None:
        if times < 0:
            self.late.append(pair)
        for _ in range(times):
            self.system.wake(pair)

    @rule()
    @played
    def late_hooks_arrive(self) -> None:
        while self.late:
            self.deliver(self.late.pop(), 1)

    # ---- servers and workers

    def clear_faults(self) -> None:
        for account in (self.system.aha_at, self.system.jira_at):
            httpx2.delete(f"{account.address}/_sandbox/faults", verify=TLS).raise_for_status()

    def poll(self) -> None:
        """Ask both sides what changed, as `System.poll` does, through the bridge of this play."""
        from crosswalk.sync import watch
        from crosswalk.sync.installation import current

        system = self.system
        system.integration.refresh_from_db()
        bridge = system.bridge(current().bridges.of(system.integration))
        watch.poll(system.engine_as_port(), bridge, system.now())

    def run(self, rounds: int = 2) -> None:
        try:
            self.system.drain(rounds)
        except Killed:
            self.event = None

    def look(self) -> None:
        """What is at rest holds what it has to."""
        at_rest = {one.left_id for one in self.people.pairs() if one.state == "agreed" and one.dirty == one.done}
        for at in self.people.twins():
            if at.id in at_rest and at not in self.deleted and self.memory.open(at):
                self.memory.settle(at, self.people.held(at, "aha"), self.people.held(at, "jira"))
        for at, side, field in sorted(self.kept, key=str):
            if field != "description":
                seen = (at.id, field) not in self.memory.since
            else:
                seen = at.id in at_rest and self.people.described(at, "aha") == self.people.described(at, "jira")
            if seen:
                self.kept.pop((at, side, field))

    def explain(self) -> None:
        """Nothing was put back that nobody put back."""
        for at in laws.alive(self):
            for side in ("aha", "jira"):
                self.memory.explain(at, self.people.held(at, side))

    @rule()
    @played
    def workers_run(self) -> None:
        self.run(6)
        self.look()

    @rule()
    @played
    def both_sides_are_polled(self) -> None:
        self.system.pass_time(70)
        self.poll()
        self.run()
        self.look()

    @rule(
        todo=some,
        side=sides,
        fault=st.sampled_from(FAULTS),
        nth=turns,
        second=st.sampled_from([None, *FAULTS]),
    )
    @played
    def workers_run_while_a_server_is_ill(
        self, todo: list[Action], side: str, fault: dict[str, Any], nth: int, second: dict[str, Any] | None
    ) -> None:
        self.act(todo)
        self.wake_all()
        self.system.fault(side, **fault, nth=nth)
        if second is not None:
            self.system.fault("jira" if side == "aha" else "aha", **second, nth=1 + nth // 2)
        self.run(4)
        self.clear_faults()

    @rule(todo=some, fault=st.sampled_from(OLD), lost=st.booleans(), which=st.integers(0, 1))
    @played
    def workers_run_while_the_index_lags(
        self, todo: list[Action], fault: dict[str, Any], lost: bool, which: int
    ) -> None:
        self.add_requirement(0, ("aha", "jira")[which], 0)
        self.act(todo)
        self.wake_all()
        self.system.fault("jira", **fault)
        if lost:
            self.system.fault(("jira", "aha")[which], **LOST)
        self.run(8)
        self.clear_faults()

    @rule(todo=some, side=sides, fault=st.sampled_from(STALE), later=some)
    @played
    def workers_run_while_reads_are_stale(
        self, todo: list[Action], side: str, fault: dict[str, Any], later: list[Action]
    ) -> None:
        self.act(todo)
        self.wake_all()
        self.run(6)
        self.look()
        self.act(later)
        self.system.fault(side, **fault)
        self.wake_all()
        self.run(4)
        self.clear_faults()
        self.explain()

    @rule(side=sides, fault=st.sampled_from(FAULTS), nth=turns)
    @played
    def a_feature_is_sent_while_a_server_is_ill(self, side: str, fault: dict[str, Any], nth: int) -> None:
        from crosswalk.sync import service

        if len(self.people.refs) < 3:
            ref: Ref = self.system.feature("Lamp", 1, description="<p>Bright</p>")
            self.requirements += 1
            self.people.take(ref)
            service.send(self.system.integration, [ref], "a test")
            self.system.fault(side, **fault, nth=nth)
            self.run(4)
            self.clear_faults()

    @rule(todo=some, call=st.integers(1, 25))
    @played
    def a_worker_is_killed(self, todo: list[Action], call: int) -> None:
        self.act(todo)
        self.wake_all()
        self.calls, self.strike, self.event = 0, call, self.kill
        self.run()
        self.event = None

    def kill(self) -> None:
        raise Killed

    @rule(todo=some, call=st.integers(1, 12), meanwhile=st.lists(actions, min_size=1, max_size=2))
    @played
    def people_act_while_a_worker_runs(self, todo: list[Action], call: int, meanwhile: list[Action]) -> None:
        self.act(todo)
        self.wake_all()
        self.calls, self.strike, self.event = 0, call, lambda: self.act(meanwhile, raced=True)
        self.run()
        self.event = None

    @rule(seconds=st.sampled_from([5, 70, 4000]))
    @played
    def time_passes(self, seconds: int) -> None:
        self.system.pass_time(seconds)

    def wake_all(self) -> None:
        if self.hooks:
            self.system.wake(*self.people.pairs())
        else:
            self.system.pass_time(70)
            self.poll()

    # ---- the end

    def teardown(self) -> None:
        if not hasattr(self, "people"):
            return
        try:
            if not self.failed:
                with self.told_again():
                    self.end()
        finally:
            self.people.close()
            self.people.forget()

    def end(self) -> None:
        """The faults stop. Polls alone bring the fields into step; a look at everything brings the rest, and ends."""
        self.clear_faults()
        self.event = None
        for _ in range(2):
            self.system.pass_time(4000)
            self.poll()
            self.system.drain(12)
        laws.fields_agree(self)
        self.late_hooks_arrive()
        laws.comes_to_rest(self)
        laws.hold(self)
