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
from tests.path.live.acts import Acts
from tests.path.live.faults import FAULTS, LOST, OLD, STALE
from tests.path.live.memory import Memory
from tests.path.live.people import FULL, HIGH, People, Twins
from tests.path.live.plays import Killed, Watched, Written, played
from tests.path.live.vocabulary import (
    BY_FEATURE,
    BY_TWIN,
    IN_RECORDS,
    WIDE,
    Action,
    actions,
    numbers,
    sides,
    some,
    turns,
)
from tests.path.system import TLS


class Machine(Acts, Written):
    """See the module. `system` is set by a subclass; `bug` breaks something in the product."""

    bug: staticmethod[[Bridge], Bridge] = staticmethod(lambda bridge: bridge)

    @initialize(
        requirements=st.integers(0, 2),
        focus=st.lists(st.sampled_from(WIDE), min_size=6, max_size=10, unique=True),
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
        counted = {"original_estimate_text": "5p"} if "points" in focus else {}
        refs = [system.feature("Bell", requirements, **FULL), system.feature("Horn", **counted)]
        self.people, self.memory = People(system, refs), Memory()
        self.people.counted = {refs[1].id} if counted else set()
        self.remember(requirements)
        self.late: list[Any] = []
        service.send(system.integration, refs, "a test")
        system.drain()
        self.poll()
        for at in self.people.everybody():
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

    @rule(todo=st.lists(actions, min_size=1, max_size=8))
    @played
    def people_act(self, todo: list[Action]) -> None:
        self.act(todo)

    def act(self, todo: list[Action], *, raced: bool = False) -> None:
        """Do what is to be done, each told by a hook or not."""
        self.raced = raced
        for act, number, side, pick, hook in todo:
            self.system.pass_time(1)
            what = self.focus[act % len(self.focus)]
            at = self.at(number)
            if what in IN_RECORDS and at is not None:
                self.edit(at, side, what, pick)
            elif what in BY_TWIN and at is not None:
                getattr(self, what)(at, side, pick)
            elif what in BY_FEATURE:
                which = self.top(number)
                at = next((one for one in self.people.twins() if one.id == self.people.refs[which].id), None)
                getattr(self, what)(which, side, pick)
            if at is not None:
                self.tell(at, hook)
        self.raced = False

    @rule(todo=st.lists(actions, min_size=1, max_size=3))
    @played
    def people_act_on_what_is_above(self, todo: list[Action]) -> None:
        """On the epics and the initiative, which are the same in every play."""
        for act, number, side, pick, hook in todo:
            high = [one for one in self.people.everybody() if one.kind in HIGH]
            at = high[number % len(high)]
            self.edit(at, side, ("name", "description", "assignee")[act % 3], pick)
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

    def edit(self, at: Twins, side: str, field: str, pick: int) -> None:
        if field == "description":
            self.system.pass_time(1)
            self.describe(at, side, pick)
        else:
            super().edit(at, side, field, pick)

    # ---- hooks

    def tell(self, at: Twins, times: int) -> None:
        for pair in self.people.all_pairs() if self.hooks else ():
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
            self.system.wake(*self.people.all_pairs())
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
