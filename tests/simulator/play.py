"""Plays a story: people act, Crosswalk works, servers and processes fail. Remembers what people did.

What has to hold while it goes on is looked at as it goes on; what has to hold once everything came to rest, at the end.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from crosswalk_sandbox.kernel.faults import Fault
from tests.path.live.acts import Acts
from tests.path.live.memory import value_of
from tests.path.live.people import Twins
from tests.simulator import laws
from tests.simulator.recollection import Recollection
from tests.simulator.story import BY_FEATURE, BY_REQUIREMENT, IN_FIELDS, Story
from tests.simulator.world import Event, Points, World, listen

REFUSALS = {
    "locked": "database is locked",
    "full": "database or disk is full",
    "readonly": "attempt to write a readonly database",
}
"""What SQLite says (https://www.sqlite.org/rescode.html)."""


class Play(Acts):
    """One story in one world, whose family was sent before. Has the shape of the live machine where its laws look."""

    most = 5

    def __init__(self, world: World, story: Story) -> None:
        self.system = self.world = world
        self.story = story
        self.people = world.people
        self.memory: Recollection = Recollection()
        self.before = world.before_family
        self.crowd = story.crowd
        self.remember(2)
        self.backup: tuple[sqlite3.Connection, str, datetime] | None = None
        self.step = -1
        self.faults: list[Fault] = []
        self.ids = [0, 0]
        self.links = 0  # how often the link was made or taken away

    def run(self) -> None:
        """Play it, and let everything come to rest. Raises AssertionError for whatever does not hold."""
        self.carry_out()
        laws.at_the_end(self)

    def carry_out(self, *, begins: bool = True) -> None:
        """Play the steps."""
        if begins and self.story.hooks:
            listen(self.world)
        for at in self.people.twins() if begins else ():
            self.memory.settle(at, self.people.held(at, "aha"), self.people.held(at, "jira"))
        for number, (name, given) in enumerate(self.story.steps):
            self.step = number
            getattr(self, f"do_{name}")(**given)
            laws.never_doubled(self.world)
        self.step = len(self.story.steps)
        self.world.points.dies = 0

    def happened(self) -> Counter[str]:
        """How often each thing really came about: a fault may be switched on and strike nothing."""
        struck: Counter[str] = Counter()
        for fault in self.faults:
            struck[f"fault {fault.kind}"] += fault.struck
        return self.world.happened + struck

    # ---- people

    def do_people_act(self, todo: list[Any]) -> None:
        for act, number, side, pick in todo:
            self.world.pass_time(1)
            what = self.story.focus[act % len(self.story.focus)]
            at = self.at(number)
            if at is None:
                continue
            self.world.happened["somebody acts"] += 1
            if what in IN_FIELDS:
                self.edit(at, side, what, pick)
            elif what in BY_FEATURE:
                getattr(self, what)(self.top(number), side, pick)
            elif what not in BY_REQUIREMENT or at.kind == "requirement":
                getattr(self, what)(at, side, pick)

    def do_two_people_edit_the_same(self, number: int, act: int, first: int, second: int) -> None:
        fields = [what for what in self.story.focus if what in IN_FIELDS]
        at = self.at(number)
        if at is not None and fields:
            field = fields[act % len(fields)]
            self.edit(at, "aha", field, first)
            self.world.pass_time(2)
            self.edit(at, "jira", field, second)

    def delete(self, at: Twins, side: str, pick: int) -> None:
        """Without a hook an issue that is gone may be hidden."""
        told = self.story.hooks and all(fault.kind != "hook_lost" for fault in self.world.faults["jira"].all())
        before = len(self.deleted)
        super().delete(at, side if told else "aha", pick)
        self.world.happened["a requirement is deleted"] += len(self.deleted) - before

    def log_work(self, which: int, side: str, pick: int) -> None:
        """Jira changes what remains, and an old state may show any of that later."""
        super().log_work(which, side, pick)
        with self.world.peeking():
            alive = [one for one in self.people.twins() if one not in self.deleted]
            for at in [one for one in alive if self.people.has(one, "remaining")]:
                self.memory.old[at.id, "remaining"].append(value_of(self.people.held(at, "jira"), "remaining"))

    def link(self, which: int, side: str, pick: int) -> None:
        """Nobody takes a copy away before Crosswalk knows that it landed: no list tells it from one that never did; nor
        is a link made again before it knows that its delete did: Aha!'s links have no ids of their own."""
        if self.on_its_way("link", side) if self.linked else self.going():
            return
        before = self.linked
        super().link(which, side, pick)
        self.links += self.linked != before

    def detach(self, which: int, side: str, pick: int) -> None:
        """Nobody takes a copy away before Crosswalk knows that it landed (sync/sent.py)."""
        if not self.on_its_way("attachment", side):
            super().detach(which, side, pick)

    def on_its_way(self, kind: str, side: str) -> bool:
        """Whether a part was sent to `side`, and no answer is known."""
        from crosswalk.store.models import PartRow

        origin = "right" if side == "aha" else "left"
        return PartRow.objects.filter(kind=f"{kind} sent", origin=origin).exists()

    def going(self) -> bool:
        """Whether Crosswalk holds a link that is on neither side any more."""
        from crosswalk.store.models import PartRow

        there = self.people.links("aha") or self.people.links("jira")
        return not there and PartRow.objects.filter(kind="link").exists()

    def do_a_feature_is_sent(self, requirements: int) -> None:
        from crosswalk.sync import service

        if len(self.people.refs) < 4:
            ref = self.world.feature(f"Lamp {len(self.people.refs)}", requirements, description="<p>Bright</p>")
            self.requirements += requirements
            self.people.take(ref)
            self.world.happened["a feature is sent"] += 1
            self.ask(lambda: service.send(self.world.integration, [ref], "a person"))

    def ask(self, does: Callable[[], object]) -> None:
        """Somebody presses a button, and once more where the process died of it."""
        if not self.world.serve(does):
            self.world.serve(does)

    def do_a_release_is_loaded(self, features: int, requirements: int) -> None:
        from crosswalk.sync import sending

        release = self.world.release("Winter")
        for number in range(features):
            ref = self.world.feature(f"Gong {number}", requirements, into=release, description="<p>Deep</p>")
            self.requirements += requirements
            self.people.take(ref)
        self.ask(lambda: sending.begin(self.world.integration, release, "a person"))

    # ---- Crosswalk

    def do_work(self, jobs: int) -> None:
        self.world.deliver()
        if self.world.work(jobs):
            laws.looked_at(self.world)
            self.look()

    def do_wait(self, seconds: int) -> None:
        self.world.pass_time(seconds)
        self.do_work(3)

    do_wait_long = do_wait

    def do_everything_is_swept(self) -> None:
        from crosswalk.sync.waking import SWEEP, enqueue

        enqueue(self.world.engine, SWEEP, self.world.integration.pk)
        self.do_work(8)

    def look(self) -> None:
        """What is at rest holds what it has to; and nothing was put back that nobody put back."""
        self.people.look_again()
        if self.answered_with_old():
            with self.world.peeking():
                for at in [one for one in self.people.twins() if one not in self.deleted]:
                    for side in ("aha", "jira"):
                        self.memory.explain(at, self.people.held(at, side), but=("status",))
        if not self.memory.since and not self.kept:
            return
        super().look()

    # ---- what goes wrong

    def do_a_server_is_ill(self, side: str, fault: Mapping[str, Any], nth: int) -> None:
        self.ill(side, {**fault, "nth": nth})

    def do_a_server_is_late(self, side: str, fault: Mapping[str, Any]) -> None:
        self.ill("jira" if fault["kind"] == "lag" else side, fault)
        if fault["kind"] == "stale":
            self.in_doubt()  # it may answer with the state from before an edit that was made just now
            self.memory.answered_with_old = True

    def do_hooks_go_astray(self, side: str, fault: Mapping[str, Any]) -> None:
        self.ill(side, fault)

    @property
    def racing(self) -> bool:
        """Whether Crosswalk may write over what is done now without having seen it: it is between its look and its
        write, or is answered with old states, which nobody can tell who saw no newer one."""
        return self.raced or self.answered_with_old()

    def answered_with_old(self) -> bool:
        """Whether a server answers with old states."""
        return any(fault.kind == "stale" for one in self.world.faults.values() for fault in one.all())

    def in_doubt(self) -> None:
        """Of what nobody looked at yet, nobody can say what becomes of it."""
        for since in self.memory.since.values():
            since.raced = True
        self.written = [one for one in self.written if one[1] not in self.kept.values()]
        self.kept = {}

    def ill(self, side: str, fault: Mapping[str, Any]) -> None:
        self.faults.append(self.world.faults[side].add(Fault(**fault)))

    def do_servers_are_well(self) -> None:
        for faults in self.world.faults.values():
            faults.clear()

    def do_old_hooks_come_again(self, number: int) -> None:
        for side, body in self.world.hooks_past[number : number + 3]:
            self.world.happened["an old hook comes again"] += 1
            self.world.take_in(side, body, {})

    def soon(self, at: str, left: int, does: Callable[[], None], *, name: str, calm: bool = False) -> None:
        self.world.events.append(Event(at, left, does, calm, name))

    def do_the_process_dies(self, at: int) -> None:
        self.soon("any", at, self.world.die, name="a process dies at any moment")

    def do_the_process_dies_at_a_point(self, number: int, again: int = 0) -> None:
        """Points are counted from here on."""
        self.world.points = Points(changes=self.world.points.changes, dies=number, again=again)

    def do_the_process_dies_at_a_request(self, at: int, after: bool) -> None:
        where = "answer" if after else "request"
        self.soon(where, at, self.world.die, name=f"a process dies at the {where}")

    def do_the_store_refuses(self, at: int, how: str, times: int) -> None:
        self.soon("write", at, self.world.trouble(REFUSALS[how], times), name=f"the store is {how}")

    def act_meanwhile(self, todo: list[Any]) -> None:
        """People look up in the store what they act on: were that to end the process, half of an act was done."""
        self.raced = self.world.people_act = True
        self.do_people_act(todo)
        self.raced = self.world.people_act = False

    def do_people_act_meanwhile(self, at: int, todo: list[Any]) -> None:
        self.soon("request", at, lambda: self.act_meanwhile(todo), name="people act meanwhile")

    def do_people_act_and_are_told_of_meanwhile(self, at: int, todo: list[Any]) -> None:
        """A hook about it comes before a run takes an answer in, and is looked at."""

        def happen() -> None:
            self.act_meanwhile(todo)
            self.world.pass_time(6)
            self.world.deliver()
            self.world.nested(lambda: [self.world.engine.turn() for _ in range(4)])

        self.soon("answer", at, happen, name="people act and are told of meanwhile", calm=True)

    def do_a_server_refuses_for_a_day(self, side: str, fault: Mapping[str, Any], todo: list[Any]) -> None:
        refused = self.world.faults[side].add(Fault(**fault))
        self.faults.append(refused)
        self.do_people_act(todo)
        for _ in range(14):
            self.do_wait(4000)
        self.world.faults[side].clear(refused.number)

    def do_another_worker_works_meanwhile(self, at: int, jobs: int) -> None:
        def happen() -> None:
            for _ in range(jobs):
                self.world.engine.turn()

        self.soon("request", at, lambda: self.world.nested(happen), name="another worker works", calm=True)

    def do_another_worker_overtakes(self, at: int) -> None:
        self.soon("request", at, self.world.overtake, name="another worker overtakes", calm=True)

    def do_hooks_come_meanwhile(self, at: int) -> None:
        self.soon("answer", at, self.world.deliver, name="hooks come before the answer")

    def do_the_mapping_changes(self, what: int) -> None:
        """A line is switched off, and on again with the next change: what changed meanwhile is carried then."""
        if what % 2:
            self.map("off")
        else:
            self.map("both")

    def map(self, direction: str) -> None:
        fields = self.world.integration.mapping["fields"]
        lines = [{**one, "direction": direction} if one["name"] == "Tier" else one for one in fields["feature"]]
        self.world.happened["the mapping changes"] += lines != fields["feature"]
        if lines != fields["feature"]:
            # What both sides hold alike while the line is off, people agreed on, and no base knows it.
            for place in [one for one in self.memory.rest if one[1] == "tier"]:
                del self.memory.rest[place]
                self.memory.since[place].raced = True
        self.world.remap(fields={**fields, "feature": lines})

    def do_a_backup_is_made(self) -> None:
        self.backup = self.world.copy_of_store(), self.parts(), self.world.now()

    def parts(self) -> str:
        """What hangs together, as people know it, and the versions of issues; links have no ids to know them by, work
        that was changed is other work, and the other side's work says not whose copy it is: it is known while both are
        there."""
        from crosswalk.store.models import PartRow

        pairs = [(one.pk, one.right_id) for one in self.people.pairs()]
        versions = [issue.values.get("fixVersions") for issue in self.world.site.issues.values()]
        carried = {kind: PartRow.objects.filter(kind=kind).count() for kind in ("link", "worklog")}
        links, work = (self.links, carried["link"]), (sorted(self.work.items()), carried["worklog"])
        return repr((pairs, sorted(self.said), self.files, work, links, self.requirements, versions))

    def do_the_backup_is_put_back(self) -> None:
        """Only while the same records and parts are joined: what was sent since would be sent again, and what was taken
        away since comes back; a version that was sent since stays beside the next one (docs/how-to/backup.md)."""
        if self.backup is None or self.backup[1] != self.parts() or self.deleted:
            return
        laws.fenced(self.world)  # the fences of the backup begin anew where it was made: the same numbers come again
        self.world.overtaken.clear()
        self.world.put_back(self.backup[0])
        self.world.journal_lost.append((self.backup[2], self.world.now()))
        self.world.happened["the backup is put back"] += 1
        self.people.look_again()
        # The base is old: what both sides say since may look like a conflict, and who wins one nobody can say.
        self.memory.rest.clear()
        self.memory.put_back = True
        self.in_doubt()
        self.written = []
