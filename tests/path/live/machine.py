"""Edits by people at random moments, runs in between, faults of the servers, killed workers, hooks that go astray.

One running system serves many examples: each begins with a family of its own. At the end the faults stop, and both
sides have to agree in everything, hold nothing twice, and keep every word that a person wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from crosswalk.sync.bridge import Bridge
from tests.path.live.faults import FAULTS, OLD, STALE
from tests.path.live.people import STATUSES, WORD, People, Twins
from tests.path.live.plays import Written, played
from tests.path.matrix.play import READS

FIELDS = ("name", "name", "description", "description", "due", "assignee", "tags", "estimate", "status")
sides = st.sampled_from(["aha", "jira"])
numbers = st.integers(0, 11)
FEATURE_ONLY = ("due", "tags")
BY_TWIN = ("comment", "comment", "change_comment", "move_requirement")
BY_FEATURE = ("attach", "add_requirement", "log_work", "link")
Action = tuple[str, int, str, int, int]
hooks = st.sampled_from([0, 1, 1, 1, 2, -1])  # how often it is delivered; -1 is later
actions = st.tuples(st.sampled_from((*FIELDS, *BY_TWIN, *BY_FEATURE)), numbers, sides, numbers, hooks)
some = st.lists(actions, max_size=3)


class Killed(Exception):
    """The worker's process ended."""


class Watched:
    """A side of the bridge that counts calls, so that something can happen between two of them."""

    def __init__(self, real: Any, before: Callable[[], None]) -> None:
        self._real, self._before = real, before

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            self._before()
            return found(*args, **named)

        return call


class Machine(Written):
    """See the module. `system` is set by a subclass; `bug` breaks something in the product."""

    bug: staticmethod[[Bridge], Bridge] = staticmethod(lambda bridge: bridge)

    @initialize(requirements=st.integers(0, 2))
    @played
    def start(self, requirements: int) -> None:
        system = self.system
        self.clear_faults()
        self.calls, self.strike, self.event = 0, 0, None
        system.bridge = self.bridge
        refs = [system.feature("Bell", requirements, description="<p>Loud</p>"), system.feature("Horn")]
        self.people = People(system, refs)
        for ref in refs:
            system.send(ref)
        system.poll()
        self.kept: dict[tuple[str, str, str], tuple[str, int]] = {}  # record, side, field: a word, and when
        self.written: list[tuple[Twins, str, str]] = []  # words that have to be found at the end
        self.said: dict[str, tuple[Twins, str]] = {}
        self.files: list[tuple[int, str]] = []
        self.tagged: set[tuple[str, str]] = set()  # put on by somebody, taken off by nobody
        self.added: list[str] = []
        self.minutes: Counter[int] = Counter()
        self.linked = False
        self.late: list[Any] = []
        self.runs = 0

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
        found = self.people.twins()
        return found[number % len(found)] if found else None

    @rule(todo=st.lists(actions, min_size=1, max_size=4))
    @played
    def people_act(self, todo: list[Action]) -> None:
        self.act(todo)

    def act(self, todo: list[Action], *, raced: bool = False) -> None:
        """Do what is to be done, each told by a hook or not."""
        for what, number, side, pick, hook in todo:
            self.system.pass_time(1)
            which = number % len(self.people.refs)
            at = self.at(number)
            if what in FIELDS and at is not None:
                self.edit(at, side, what, pick, raced=raced)
            elif what in BY_TWIN and at is not None:
                getattr(self, what)(at, side, pick)
            elif what in BY_FEATURE:
                at = None
                getattr(self, what)(which, side)
            self.tell(at, hook) if at is not None else self.tell_of(which, hook)

    @rule(number=numbers, field=st.sampled_from(FIELDS), picks=st.tuples(numbers, numbers))
    @played
    def two_people_edit_the_same(self, number: int, field: str, picks: tuple[int, int]) -> None:
        at = self.at(number)
        if at is not None:
            self.edit(at, "aha", field, picks[0])
            self.system.pass_time(2)
            self.edit(at, "jira", field, picks[1])
            self.tell(at, 1)

    def edit(self, at: Twins, side: str, field: str, pick: int, *, raced: bool = False) -> None:
        self.system.pass_time(1)
        if at.kind != "feature" and field in FEATURE_ONLY:
            field = "name"
        before_it = set(self.people.tags(at, side)) if field == "tags" else set()
        word = self.people.edit(at, side, field, pick)
        if field == "tags":
            now = set(self.people.tags(at, side))
            self.tagged |= {(at.id, tag) for tag in now - before_it}
            self.tagged -= {(at.id, tag) for tag in before_it - now}
        place = (at.id, side, field)
        before = self.kept.pop(place, None)
        if before is not None and before[1] == self.runs:  # the same person thought better of it before anybody looked
            self.written = [one for one in self.written if one[1] != before[0]]
        if word and not raced:
            self.kept[place] = word, self.runs
            self.written.append((at, word, field))

    def comment(self, at: Twins, side: str, _pick: int) -> None:
        self.said[self.people.comment(at, side)] = at, side

    def change_comment(self, _at: Twins, _side: str, pick: int) -> None:
        """Somebody changes what they said; or takes it back."""
        if self.said:
            old = sorted(self.said)[pick % len(self.said)]
            at, side = self.said.pop(old)
            if pick % 3:
                self.said[self.people.change_comment(at, side, old)] = at, side
            else:
                self.people.remove_comment(at, side, old)

    def move_requirement(self, at: Twins, side: str, pick: int) -> None:
        if at.kind == "requirement":
            self.people.move_requirement(at, self.people.refs[pick % 2], side)

    def attach(self, which: int, side: str) -> None:
        self.files.append((which, self.people.attach(self.people.refs[which], side)))

    def add_requirement(self, which: int, side: str) -> None:
        if len(self.added) < 3:
            self.added.append(self.people.add_requirement(self.people.refs[which], side))

    def log_work(self, which: int, _side: str) -> None:
        minutes = 10 + len(self.minutes)
        self.people.log_work(self.people.refs[which], minutes)
        self.minutes[minutes] += 1

    def link(self, _which: int, _side: str) -> None:
        if not self.linked:
            self.linked = True
            self.people.link(*self.people.refs)

    # ---- hooks

    def tell_of(self, which: int, times: int) -> None:
        self.deliver(self.system.pair(self.people.refs[which]), times)

    def tell(self, at: Twins, times: int) -> None:
        for pair in self.people.pairs():
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
            httpx2.delete(f"{account.address}/_sandbox/faults").raise_for_status()

    def run(self, rounds: int = 2) -> None:
        self.runs += 1
        try:
            self.system.drain(rounds)
        except Killed:
            self.event = None

    @rule()
    @played
    def workers_run(self) -> None:
        self.run(6)

    @rule()
    @played
    def both_sides_are_polled(self) -> None:
        self.system.pass_time(70)
        self.system.poll()
        self.run()

    @rule(
        todo=some,
        side=sides,
        fault=st.sampled_from(FAULTS),
        nth=st.integers(1, 12),
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
        self.add_requirement(which, "aha")
        self.act(todo)
        self.wake_all()
        self.system.fault("jira", **fault)
        if lost:
            self.system.fault("jira", kind="reset_after", method="POST")
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
        self.act(later)
        self.system.fault(side, **fault)
        self.wake_all()
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
        self.system.wake(*self.people.pairs())

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
        self.clear_faults()
        self.event = None
        self.late_hooks_arrive()
        for _ in range(2):
            self.system.pass_time(4000)
            self.system.poll()
            self.wake_all()
            self.system.drain(12)
        self.agreed()
        self.nothing_lost()
        self.nothing_doubled()
        self.quiet()

    def agreed(self) -> None:
        """Both sides hold the same in every field."""
        for pair in self.people.pairs():
            assert pair.state == "agreed", f"{pair.left_key} and {pair.right_key} are {pair.state}: {pair.reason}"
        for at in self.people.twins():
            here, there = self.people.in_aha(at), self.system.issue(at.key)
            who = (there["assignee"] or {}).get("displayName")
            assert here["name"] == there["summary"]
            words = WORD.findall(here["description"]["body"] or ""), WORD.findall(there["description"] or "")
            assert sorted(words[0]) == sorted(words[1]), f"description of {at}: {words}"
            assert ((here["assigned_to_user"] or {}).get("name")) == who
            assert here["workflow_status"]["name"] == STATUSES[there["status"]["name"]]
            assert (here["original_estimate"] or 0) * 60 == (there["timeoriginalestimate"] or 0)
            if at.kind == "feature":
                assert here["due_date"] == there["duedate"]
                assert sorted(here["tags"]) == sorted(there["labels"])
                assert {tag for where, tag in self.tagged if where == at.id} <= set(here["tags"])

    def nothing_lost(self) -> None:
        """Every word that somebody wrote is there, or in the journal with what replaced it."""
        from crosswalk.store.models import JournalEntry

        told = "\n".join(
            f"{one.old} {one.new} {one.kept}" for one in JournalEntry.objects.filter(pair__in=self.people.pairs())
        )
        for at, word, field in self.written:
            shown = str(self.people.in_aha(at)) + str(self.system.issue(at.key))
            assert word in shown or word in told, f"{word} ({field} of {at}) was lost"

    def nothing_doubled(self) -> None:
        """Everything that hangs on records or stands below them is there once, on both sides."""
        people = self.people
        for at in people.twins():
            aha, jira = people.comments(at, "aha"), people.comments(at, "jira")
            assert aha.keys() == jira.keys(), f"comments of {at}"
            mine = {word for word, (where, _) in self.said.items() if where.id == at.id}
            assert aha.keys() == mine, f"comments of {at}: {aha.keys() ^ mine}"
        for which, ref in enumerate(people.refs):
            wanted = Counter(word for where, word in self.files if where == which)
            assert people.files(ref, "aha") == people.files(ref, "jira") == wanted
            assert people.below(ref, "aha") == people.below(ref, "jira")
        events = [self.system.aha.record("features", ref.id)["time_tracking_events"] for ref in people.refs]
        assert Counter(int(one["work_done"]) for listed in events for one in listed) == self.minutes
        links = [one for one in self.system.account.links.values() if one.parent.id in {r.id for r in people.refs}]
        assert len(links) == len(self.system.issue(people.key(people.refs[0]), "issuelinks")["issuelinks"])
        assert len(links) == int(self.linked)

    def quiet(self) -> None:
        """A further look at everything writes nothing."""
        self.system.forget()
        self.system.pass_time(5)
        self.wake_all()
        self.system.drain()
        wrote = [
            (side, method, path)
            for side in ("aha", "jira")
            for method, path in self.system.requests(side)
            if method != "GET" and not READS.search(path)
        ]
        assert wrote == [], wrote
