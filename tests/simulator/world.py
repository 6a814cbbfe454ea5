"""The world of a seed: both sandboxes, the store and the engine, all in this thread, on one clock.

Everything random is drawn from the seed, and nothing here waits. A world is made once and forked for each seed: a fork
is the whole of it, store included, as it was.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from crosswalk.engine.embedded import EmbeddedEngine, _resume
from crosswalk.engine.port import Handler
from crosswalk.merge.records import Ref
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.connect import Bridges, Outside
from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_sandbox.aha import build as build_aha
from crosswalk_sandbox.jira import build as build_jira
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.faults import HOOK_KINDS
from crosswalk_sandbox.kernel.hooks import Delivery
from tests import django_setup
from tests.path.system import pairs_where
from tests.processes import settings_at
from tests.simulator.stores import Store, Told
from tests.simulator.wires import TICK, Sent, Wires

AHA, JIRA = "http://aha.sim", "http://jira.sim"
HOOKS = "http://crosswalk.sim/hooks/"
WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN")
COUNTED = "store_requestentry"
Bug = Callable[[Bridge], Bridge]


class Death(BaseException):
    """The process ends here and now: nothing may catch this, and nothing it does afterwards counts."""


@dataclass(slots=True)
class Points:
    """Counts the moments at which what outlives the process changed: a commit, or a server's doing.

    The process dies at the `dies`-th, where that is not 0, and a second time at the `again`-th after that, likewise;
    `died` says what they were. Not counted is what the store keeps of each request: how many there were, for limits.
    """

    number: int = 0
    changes: int = 0
    wrote: bool = False
    dies: int = 0
    again: int = 0
    died: str = ""


@dataclass(slots=True)
class Event:
    """Something that happens at the `left`-th moment from now on, while Crosswalk works.

    `at` says what counts as a moment: "any" (a request, or a statement to the store), "write" (a writing statement) or
    "request". `does` may raise. With `calm` it waits for a moment at which another worker can get in between.
    """

    at: str
    left: int
    does: Callable[[], None]
    calm: bool = False
    name: str = ""


class Stepped(EmbeddedEngine):
    """The embedded engine without threads: somebody takes the steps one after another."""

    def __init__(self, home: Path, clock: VirtualClock, chance: Callable[[], float]) -> None:
        super().__init__(home, threads=0, clock=clock.now, chance=chance)
        self._time = clock

    def start(self, handlers: Mapping[str, Handler]) -> None:
        """On PostgreSQL, where it stands in for the engine of many processes, too."""
        if connection.vendor == "sqlite":
            super().start(handlers)
        else:
            self._handlers = dict(handlers)
            _resume()

    def turn(self) -> bool:
        """Do the next piece of work that is due, as a worker's thread does; False where there is none."""
        now = self._clock()
        try:
            self._repeat(now)
            if self._sweep_is_due(now):
                self._sweep()
                return True
            job = self._claim(now)
        except (DatabaseError, InterfaceError):
            self._time.advance(0.5)
            return True
        if job is not None:
            self._execute(job)
        return job is not None

    def _surely(self, write: Callable[[], object]) -> None:
        while True:
            try:
                write()
            except (DatabaseError, InterfaceError):
                self._time.advance(0.5)
            else:
                return


class Turned(Bridges):
    """Bridges whose tokens are drawn from the seed, and in which a bug may be planted."""

    bug: Bug = staticmethod(lambda bridge: bridge)
    token: Callable[[], str]

    def of(self, integration: Any) -> Bridge:
        from crosswalk.store.ledger import DjangoLedger

        bridge = super().of(integration)
        return self.bug(replace(bridge, ledger=DjangoLedger(self._now, self.token)))


class World:
    """See the module. Has the shape of tests.path.system.System where people's hands and eyes need it."""

    raw: Told
    sending: Sent | None = None
    """The request right before which something happens."""

    def __init__(self, flavour: str, store: Store) -> None:
        self.flavour, self.store = flavour, store
        self.clock = VirtualClock()
        self.chance = random.Random(0)
        aha_app, aha = build_aha("demo", self.clock)
        jira_app, jira = build_jira(flavour, "demo", self.clock)
        aha_app.state.base_url, jira_app.state.base_url = AHA, JIRA
        self.apps = {"aha.sim": aha_app, "jira.sim": jira_app}
        self.account, self.site = aha_app.state.account, jira_app.state.jira.site
        self.account.settings.limits = False  # people share them; laws.py counts what Crosswalk alone sends
        self.couriers = {"aha": aha_app.state.control.courier, "jira": jira_app.state.control.courier}
        self.faults = {"aha": aha_app.state.control.faults, "jira": jira_app.state.control.faults}
        for courier in self.couriers.values():
            courier.by_hand, courier.carry = True, self._take_in
        user, secret = ("email", "token") if flavour == "cloud" else ("username", "password")
        self.secrets = {"aha": ("", aha["token"]), "jira": (jira[user], jira[secret])}
        self.log: list[Sent] = []
        self.wires = Wires(self.apps, self.clock, "crosswalk", self.log, self._before, self._after)
        # What servers do wrong they do to Crosswalk alone: the play knows what people did.
        self.hands = Wires(self.apps, self.clock, "people", self.log, self._spare, self._strike_again)
        self.held_back: dict[str, Any] = {}
        self.aha, self.jira = Owner(self.hands, aha["token"]), Engineer(self.hands, self.secrets["jira"], flavour)
        self.bug: Bug = Turned.bug
        self.integration: Any = None
        self.events: list[Event] = []
        self.working = self.serving = self.dead = self.people_act = False
        self.deaths = 0
        self.points = Points()
        self.happened: Counter[str] = Counter()
        self.tokens = count(1)
        self.overtaken: list[tuple[Any, datetime]] = []
        self.strayed: list[Sent] = []
        self.holding: list[Sent] = []
        self.begun = self.journal_from = self.now()
        self.journal_lost: list[tuple[datetime, datetime]] = []
        self.people: Any
        self.before_family: set[str]
        self.versions = 0
        self.told: dict[int, tuple[int, int]] = {}  # by hook that was kept: the requests until then, the newest pair
        self.hooks_past: list[tuple[str, bytes]] = []
        self.life = ExitStack()
        self.engine: Stepped
        self.bridges: Turned

    # ---- the process

    def start(self) -> None:
        """Crosswalk's process starts."""
        from crosswalk.sync import handlers, installation

        self.dead = False
        home = django_setup.HOME / f"sim-{os.getpid()}"
        home.mkdir(exist_ok=True, mode=0o700)
        config = settings_at(home)
        self.engine = Stepped(home, self.clock, self.chance.random)
        self.bridges = Turned(config, self.now, self.sleep, Outside(self.wires, self._elapsed))
        self.bridges.bug, self.bridges.token = self.bug, lambda: f"token{next(self.tokens):06}"
        here = installation.Installation(config, self.engine, self.bridges, self.now)
        self.life.enter_context(installation.instead(here))
        self.raw = self.store.watched()
        self.raw.told = self._commit
        connection.execute_wrappers.append(self._statement)
        self.life.callback(connection.execute_wrappers.remove, self._statement)
        self.engine.every(60.0, handlers.ROUND, handlers.ROUND, priority=50)
        self.engine.every(handlers.EVERY_TIDY, handlers.TIDY, handlers.TIDY)
        self.engine.start(handlers.of(here))

    def stop(self) -> None:
        """The process ends in order."""
        self.life.close()
        self.engine.stop(0)

    def reborn(self) -> None:
        """The process died; what the store holds is all that is left of it. It may die again while it starts."""
        self.deaths += 1
        self.events.clear()
        self.life.close()
        self.engine.stop(0)
        self.store.forget()
        try:
            self.start()
        except Death:
            self.reborn()

    def work(self, jobs: int) -> int:
        """The engine does at most so many pieces of work; how many."""
        done = 0
        self.working = True
        try:
            while done < jobs and self.engine.turn():
                done += 1
        except Death:
            self.reborn()
        finally:
            self.working = False
        return done

    def serve(self, ask: Callable[[], object]) -> bool:
        """The web process does what somebody asks for; False where it died of it."""
        self.serving = not self.working
        try:
            ask()
        except Death:
            if self.working:
                raise
            self.reborn()
            return False
        finally:
            self.serving = False
        return True

    def nested(self, work: Callable[[], object]) -> None:
        """Another worker does `work` while the first is in the middle of a request."""
        events, self.events = self.events, []
        try:
            work()
        finally:
            self.events = events + self.events

    # ---- moments

    def _before(self, sent: Sent) -> None:
        run = _run()
        sent.run = None if run[0] is None else run
        if self.secrets["jira" if sent.side == "aha" else "aha"][1] in sent.signed:
            self.strayed.append(sent)
        if connection.in_atomic_block:
            self.holding.append(sent)
        self._moment("request", sent)

    @contextmanager
    def peeking(self) -> Iterator[None]:
        """What is looked at within takes no time: no story goes another way by that."""
        self.hands.tick = 0.0
        try:
            yield
        finally:
            self.hands.tick = TICK

    def _spare(self, sent: Sent) -> None:
        faults = self.faults[sent.side]
        self.held_back[sent.side] = faults._rules
        faults._rules = [rule for rule in faults._rules if rule.kind in HOOK_KINDS]

    def _strike_again(self, sent: Sent) -> None:
        self.faults[sent.side]._rules = self.held_back.pop(sent.side)

    def _after(self, sent: Sent) -> None:
        if sent.writes:
            self._point(f"{sent.method} {sent.side}{sent.path}, before the answer")
        self._moment("answer", calm=not sent.writes or sent.side != "aha")

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self._moment("write" if sql.lstrip()[:6].startswith(WRITES) else "read")
        done = execute(sql, params, many, context)
        if COUNTED in sql:
            self.points.changes = self.raw.total_changes
        self._commit(sql)
        return done

    def _commit(self, sql: str = "a transaction") -> None:
        """Whatever was written since the last commit is kept now."""
        points = self.points
        points.wrote |= self.raw.total_changes != points.changes
        points.changes = self.raw.total_changes
        if points.wrote and not self.raw.in_transaction:
            points.wrote = False
            self._point(f"the commit of {' '.join(sql.split())[:60]}")

    def _point(self, what: str) -> None:
        """What the store or a server keeps changed just now: a process may end at each such point."""
        if self.dead:
            raise Death
        if self.working or self.serving:
            self.points.number += 1
            if self.points.number == self.points.dies:
                self.happened["a process dies at a point"] += 1
                self.points.died += f"; then {what}" if self.points.died else what
                self.points.dies, self.points.again = self.points.again and self.points.number + self.points.again, 0
                self.die()

    def _moment(self, kind: str, sent: Sent | None = None, *, calm: bool = True) -> None:
        if self.dead:
            raise Death
        if not self.working or not self.events:
            return
        # Two writes to one workspace wait for each other: no second worker gets in between. And whoever is held up
        # between a look at the fence and a write that makes something, for longer than it is taken to be alive, doubles
        # it: nobody could keep that from happening.
        calm &= sent is None or not sent.writes or (sent.side == "jira" and sent.method != "POST")
        for event in list(self.events):
            if event.at in (kind, "any"):
                event.left -= 1
                due = event.left <= 0 and not self.people_act  # what is due while people act comes right after it
                if due and (calm or not event.calm) and event in self.events:
                    self.events.remove(event)
                    self.happened[event.name] += 1
                    if sent is not None:
                        sent.struck = True
                    self.sending = sent
                    event.does()

    def die(self) -> None:
        """Whatever runs ends."""
        self.dead = True
        raise Death

    def overtake(self) -> None:
        """The running worker is held for dead, and another one does its pair.

        But not where a list is on its way as a whole: what somebody puts in meanwhile is gone once that lands, so late
        (docs/decisions/0007).
        """
        from crosswalk.store import exchanges
        from crosswalk.sync.pair import sync_pair

        run = _run()
        if run[0] is None:
            return
        if self.sending is not None and self.sending.whole_list:
            self.events.append(Event("request", 1, self.overtake, calm=True, name="another worker overtakes"))
            return
        pair_id = run[0]

        def another() -> None:
            with exchanges.of_runs():
                sync_pair(self.bridges.of(self.integration), pair_id)

        self.nested(another)
        self.overtaken.append((run, self.now()))

    def trouble(self, message: str, times: int) -> Callable[[], None]:
        """The store refuses `times` writes in a row, from the moment this is called."""

        def refuse() -> None:
            if times > 1:
                self.events.append(Event("write", 1, self.trouble(message, times - 1), name="the store still refuses"))
            raise OperationalError(message)

        return refuse

    # ---- time

    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def _elapsed(self) -> float:
        return self.clock.now().timestamp()

    # ---- hooks

    def deliver(self) -> None:
        """What is due arrives."""
        for courier in self.couriers.values():
            courier.deliver()

    def _take_in(self, delivery: Delivery, _timeout: float) -> int:
        side = delivery.url.removeprefix(HOOKS)
        self.hooks_past.append((side, delivery.body))
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        if not self.take_in(side, delivery.body, headers):
            raise ConnectionResetError("no answer came")
        return 202

    def take_in(self, side: str, body: bytes, headers: dict[str, str]) -> bool:
        """The web process keeps a hook, as web/asgi.py does; False where it died of it."""
        from django.db import transaction

        from crosswalk.store import inbox
        from crosswalk.sync.waking import INBOX
        from crosswalk.web.hooks import Where
        from crosswalk.web.hooks import delivery as kept

        def keep() -> None:
            with transaction.atomic():
                inbox.keep_all([kept(Where(self.integration.pk, side), headers, body, self.now())])
                self.engine.enqueue(INBOX, INBOX, priority=50)

        working, self.working = self.working, False
        before = inbox.newest()
        try:
            return self.serve(keep) if not working else keep() is None
        finally:
            self.working = working
            if inbox.newest() != before:  # none that was kept already
                self.told[inbox.newest()] = len(self.log), self._newest_pair()

    def _newest_pair(self) -> int:
        from crosswalk.store.models import Pair

        return Pair.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    # ---- what people's hands and eyes need of tests.path.system.System

    def issue(self, key: str, fields: str = "*all") -> dict[str, Any]:
        found: dict[str, Any] = self.jira.get(f"/issue/{key}", fields=fields)["fields"]
        return found

    def pair(self, ref: Ref) -> Any:
        named = "integration_id = %s AND left_kind = %s AND left_id = %s"
        return pairs_where(named, self.integration.pk, ref.kind, ref.id)[0]

    def remap(self, **changes: Any) -> None:
        from crosswalk.sync import service

        self.integration.refresh_from_db()
        service.set_mapping(self.integration, {**self.integration.mapping, **changes})

    def release(self, name: str) -> str:
        """A product owner makes a release."""
        made = self.aha.post("/products/FAB/releases", {"release": {"name": name}})
        return str(made["release"]["id"])

    def feature(self, name: str, requirements: int = 0, *, into: str = "", **values: Any) -> Ref:
        """A product owner makes a feature, with requirements, in the first release or another."""
        release = into or next(one for one in self.account.all("release") if one.product.prefix == "FAB").id
        made = self.aha.post(f"/releases/{release}/features", {"feature": {"name": name, **values}})["feature"]
        for number in range(requirements):
            body = {"requirement": {"name": f"{name} part {number + 1}"}}
            self.aha.post(f"/features/{made['id']}/requirements", body)
        return Ref("feature", made["id"], made["reference_num"])

    # ---- the store

    def copy_of_store(self) -> sqlite3.Connection:
        """A backup."""
        copy = sqlite3.connect(":memory:")
        connection.connection.backup(copy)
        return copy

    def put_back(self, copy: sqlite3.Connection) -> None:
        """Stop, put a backup in place of the store, start."""
        self.stop()
        self.told.clear()
        copy.backup(connection.connection)
        self.start()


class Owner(AhaPlayer):
    """A product owner whose requests go by hand."""

    def __init__(self, wires: Wires, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx2.Client(base_url=f"{AHA}/api/v1", headers=headers, transport=wires, trust_env=False)

    def graphql(self, body: dict[str, Any]) -> None:
        self._http.post(f"{AHA}/api/v2/graphql", json=body).raise_for_status()


class Engineer(JiraPlayer):
    """An engineer whose requests go by hand."""

    def __init__(self, wires: Wires, login: tuple[str, str], flavour: str) -> None:
        self._cloud = flavour == "cloud"
        self._http = httpx2.Client(base_url=f"{JIRA}/rest/api/2", auth=login, transport=wires, trust_env=False)

    @property
    def http(self) -> httpx2.Client:
        return self._http


def connect(world: World) -> None:
    """Make the connections, join the workspace and the project, register the webhooks, switch it on."""
    from crosswalk.store.models import Connection
    from crosswalk.sync import service

    made = []
    for kind, address in (("aha", AHA), ("jira", JIRA)):
        user, secret = world.secrets[kind]
        row = Connection.objects.create(name=f"The {kind}", kind=kind, address=address, user=user, secret=secret)
        service.check_connection(row)
        made.append(row)
    workspace, project = service.workspaces(made[0], "FAB")[0], service.projects(made[1], "FAB")[0]
    world.integration = service.create_integration("Fable", *made, workspace.id, project.id)
    service.set_enabled(world.integration, True, "the simulator")


def listen(world: World) -> None:
    """Register webhooks on both sides."""
    world.apps["aha.sim"].state.add_hook(f"{HOOKS}aha")
    body = {"name": "Crosswalk", "url": f"{HOOKS}jira", "events": [], "filters": {"issue-related-events-section": ""}}
    events = [f"jira:issue_{what}" for what in ("created", "updated", "deleted")]
    events += [f"{part}_{what}" for part in ("comment", "worklog") for what in ("created", "updated", "deleted")]
    body["events"] = events
    path = "/rest/webhooks/1.0/webhook" if world.flavour == "cloud" else "/rest/jira-webhook/1.0/webhooks"
    world.jira.http.post(f"{JIRA}{path}", json=body).raise_for_status()


def _run() -> Any:
    """The pair and the fence of what runs; (None, ...) where no run does."""
    from crosswalk.store import exchanges

    return exchanges.current()
