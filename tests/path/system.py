"""Both sandboxes, the store and the story in one process. `drain` does what the engine would, in a fixed order."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from crosswalk.config import Config
from crosswalk.engine.port import BULK, COALESCED, QUEUED, Engine, Enqueued
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.remote.tls import context
from crosswalk.sync.bridge import Bridge
from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Account
from crosswalk_sandbox.aha import build as build_aha
from crosswalk_sandbox.jira import build as build_jira
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.django_setup import on_sqlite
from tests.joined import joined
from tests.official.watch import Running
from tests.path import copies
from tests.processes import settings_at

LOG = logging.getLogger(__name__)
ROUNDS = 40
TLS = context("")  # made once: each is a reading of the machine's whole list of authorities


class Later:
    """An engine that runs nothing: it remembers who was woken. The test drains the pairs itself."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}

    def enqueue(self, key: str, kind: str, *, priority: int = BULK, delay: float = 0.0) -> Enqueued:
        """See engine.port.Engine."""
        known = key in self.keys
        self.keys[key] = kind
        return COALESCED if known else QUEUED


@dataclass
class System:
    """A whole installation. One virtual clock drives Crosswalk and both sandboxes; waiting moves it."""

    flavour: str
    aha_at: Account
    jira_at: Account
    credentials: Mapping[str, Mapping[str, str]]
    clock: VirtualClock
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = Later()
        self.aha = AhaPlayer(self.aha_at)
        self.jira = JiraPlayer(self.jira_at, f"jira-{self.flavour}")
        self.integration: Any = None
        self.site: Any = None  # what the sandbox Jira holds, for what has no API: required fields, switched-off users
        self.account: Any = None  # the same of the sandbox Aha!
        self.bridge: Callable[[Bridge], Bridge] = lambda bridge: bridge  # a test of a test breaks something here
        self.token_ends: Any = None  # when access tokens of Data Center end, by their owner
        self.oauth: Any = None  # the authorisation server beside the sandbox Jira
        self.courier: Any = None  # what carries the sandbox Jira's hooks
        self.jira_state: Any = None  # of the sandbox Jira's server: `base_url` is what it calls itself
        self.beside: list[str] = []  # what was asked of Jira outside its context path

    @property
    def places(self) -> tuple[str, ...]:
        """Host and port of the sandbox Aha!, and of the sandbox Jira."""
        return _places(self.aha_at.address, self.jira_at.address)

    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def sleep(self, seconds: float) -> None:
        """What Crosswalk does when it is told to wait."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    # ---- setting up ----

    def connect(self) -> None:
        """Make the connections, test them, join the workspace and the project, switch it on."""
        self.integration = joined(self.aha_at, self.jira_at)

    def connected(self, copy: copies.Copy) -> None:
        """Go on where a copy was connected."""
        from crosswalk.store.models import Integration

        self.integration = Integration.objects.get()
        self.slept += copy.slept
        self.engine.keys.update(copy.woken)

    def remap(self, **changes: Any) -> None:
        """Use the mapping with some of its parts replaced."""
        from crosswalk.sync import service

        service.set_mapping(self.integration, {**self.integration.mapping, **changes})

    # ---- doing ----

    def feature(self, name: str, requirements: int = 0, **values: Any) -> Ref:
        """A product owner makes a feature, with requirements, in the first release."""
        release = values.pop("release", None) or self.aha.get("/products/FAB/releases")["releases"][0]["id"]
        made = self.aha.post(f"/releases/{release}/features", {"feature": {"name": name, **values}})["feature"]
        for number in range(requirements):
            body = {"requirement": {"name": f"{name} part {number + 1}"}}
            self.aha.post(f"/features/{made['id']}/requirements", body)
        return Ref("feature", made["id"], made["reference_num"])

    def send(self, ref: Ref) -> Any:
        """Send a feature, let everything come to rest, and give its pair."""
        from crosswalk.sync import service

        service.send(self.integration, [ref], "a test")
        self.drain()
        return self.pair(ref)

    def pair(self, ref: Ref) -> Any:
        here = "integration_id = %s AND left_kind = %s AND left_id = %s"
        found = pairs_where(here, self.integration.pk, ref.kind, ref.id)
        (pair,) = found
        return pair

    def children(self, ref: Ref) -> list[Any]:
        """The pairs below a feature's."""
        return pairs_where("parent_id = %s", self.pair(ref).pk)

    def drain(self, rounds: int = ROUNDS) -> int:
        """Run every dirty pair, in the order of their ids, until none is; how many runs that took.

        Pairs that wait for a moment wait in vain after `rounds`: the clock moves a second a round.
        """
        from crosswalk.store.exchanges import of_runs
        from crosswalk.sync.installation import current
        from crosswalk.sync.pair import sync_pair

        runs = 0
        for _ in range(rounds):
            waiting = _waiting()
            due = [one for one in waiting if one.due_at <= self.now()]
            for pair in due:
                own = pair.integration_id == self.integration.pk
                integration = self.integration if own else pair.integration
                with of_runs():
                    ending = sync_pair(self.bridge(current().bridges.of(integration)), pair.pk)
                LOG.warning("run of %s %s: %s", pair.kind, pair, ending)  # shown where a test fails
                runs += 1
            if not waiting:
                return runs
            self.pass_time(1)
        return runs

    def poll(self) -> int:
        """Ask both sides what changed; how many pairs that woke."""
        from crosswalk.sync.installation import current
        from crosswalk.sync.watch import poll

        self.integration.refresh_from_db()
        here = current()
        return poll(self.engine_as_port(), here.bridges.of(self.integration), self.now())

    def wake(self, *pairs: Any, side: Side | None = None) -> None:
        """What a hook of `side` does, or what a person does."""
        from crosswalk.store.pairs import mark_dirty

        mark_dirty([pair.pk for pair in pairs], self.now(), side=side)

    def engine_as_port(self) -> Engine:
        """The engine, for those who only enqueue."""
        engine: Any = self.engine
        return engine

    # ---- looking ----

    def issue(self, key: str, fields: str = "*all") -> dict[str, Any]:
        """An issue's fields, as an engineer sees them through REST v2."""
        found: dict[str, Any] = self.jira.get(f"/issue/{key}", fields=fields)["fields"]
        return found

    def requests(self, side: str) -> list[tuple[str, str]]:
        """Method and path of every request that Crosswalk and the players sent to a sandbox since `forget`."""
        address = (self.aha_at if side == "aha" else self.jira_at).address
        seen = httpx2.get(f"{address}/_sandbox/requests", params={"limit": "5000"}, verify=TLS).json()["requests"]
        return [(one["method"], one["path"]) for one in seen]

    def forget(self) -> None:
        """Count requests anew."""
        for account in (self.aha_at, self.jira_at):
            httpx2.delete(f"{account.address}/_sandbox/requests", verify=TLS)

    def fault(self, side: str, **rule: Any) -> None:
        """Switch a fault on in a sandbox."""
        address = (self.aha_at if side == "aha" else self.jira_at).address
        httpx2.post(f"{address}/_sandbox/faults", json=rule, verify=TLS).raise_for_status()

    def journal(self, ref: Ref) -> list[Any]:
        """The journal lines about a feature and what is below it."""
        from crosswalk.store import journal

        return journal.of_pair(self.pair(ref).pk, family=True)


def pairs_where(where: str, *values: Any) -> list[Any]:
    """Pairs, in the order of their ids. Plain SQL: tests ask all the time, and Django would compose each statement."""
    from django.db import connection

    from crosswalk.store.models import Pair

    names, turned = _columns()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM store_pair WHERE {where} ORDER BY id", values)
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        for place, turns in turned:
            for turn in turns:
                row[place] = turn(row[place], None, connection)
    return [Pair.from_db(connection.alias, names, row) for row in rows]


@functools.cache
def _columns() -> tuple[list[str], list[tuple[int, list[Any]]]]:
    """The columns of a pair, and what makes values of what SQLite gives, by place."""
    from django.db import connection
    from django.db.models.expressions import Col

    from crosswalk.store.models import Pair

    fields = Pair._meta.concrete_fields
    turned = []
    for place, one in enumerate(fields):
        column = Col("store_pair", one)
        turns = connection.ops.get_db_converters(column) + one.get_db_converters(connection)
        if turns:
            turned.append((place, [functools.partial(_turn, turn, column) for turn in turns]))
    return [field.attname for field in fields], turned


def _turn(turn: Any, column: Any, value: Any, _expression: None, connection: Any) -> Any:
    return turn(value, column, connection)


def _waiting() -> list[Any]:
    """The pairs that want a run, now or later."""
    from django.db import connection

    with connection.cursor() as cursor:  # mostly there is none
        none = cursor.execute("SELECT 1 FROM store_pair WHERE dirty <> done LIMIT 1").fetchone() is None
    return [] if none else pairs_where("dirty <> done")


COPIES: dict[str, copies.Copy] = {}
"""By flavour: what connecting leaves behind is the same each time, so it is done once."""


@contextmanager
def running(flavour: str, *, afresh: bool = False, path: str = "") -> Iterator[System]:
    """A System on `flavour` ("cloud", "dc"), connected and switched on, on a fresh database.

    With `afresh` it is connected by itself, whatever has been kept; so it is with Jira below the context path `path`.
    """
    copy = None if afresh or path else COPIES.get(flavour)
    clock = VirtualClock()
    aha_app, aha = build_aha("demo", clock)
    jira_app, jira = build_jira(flavour, "demo", clock)
    apps = (aha_app, jira_app)
    if copy is None:
        copies.listen(*apps)
    else:
        clock.advance((copy.now - clock.now()).total_seconds())
        for app, told in zip(apps, copy.told, strict=True):
            copies.tell(app, told)
    with Running(aha_app) as aha_url, Running(jira_app) as jira_url, _store(copy, _places(aha_url, jira_url)) as config:
        user, secret = ("email", "token") if flavour == "cloud" else ("username", "password")
        accounts = Account(aha_url, "", aha["token"]), Account(f"{jira_url}{path}", jira[user], jira[secret])
        system = System(flavour, *accounts, {"aha": aha, "jira": jira}, clock)
        if path:
            jira_app.state.base_url = f"{jira_url}{path}"
            jira_app.gate = Below(jira_app.gate, path, system.beside)
        system.site, system.account = jira_app.state.jira.site, aha_app.state.account
        system.token_ends = jira_app.state.jira.token_ends
        system.oauth = jira_app.state.jira.oauth
        system.courier, system.jira_state = jira_app.state.control.courier, jira_app.state
        with installed(system, config):
            if copy is None:
                # The people of a test share the account's limit with Crosswalk; a test of its own shows it is kept.
                httpx2.post(f"{aha_url}/_sandbox/settings", json={"limits": False}, verify=TLS).raise_for_status()
                system.connect()
                if not path:
                    COPIES[flavour] = copies.keep(apps, system)
            else:
                system.connected(copy)
            yield system


class Below:
    """ASGI: hands on what is asked below a context path, as Tomcat does, and keeps what is asked `beside` it."""

    def __init__(self, app: Any, path: str, beside: list[str]) -> None:
        self.app, self.path, self.beside = app, path, beside

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            asked, raw = scope["path"], scope["raw_path"]
            if not asked.startswith(f"{self.path}/"):
                self.beside.append(asked)
            scope = {**scope, "path": asked.removeprefix(self.path), "raw_path": raw.removeprefix(self.path.encode())}
        await self.app(scope, receive, send)


@contextmanager
def installed(system: System, config: Config) -> Iterator[None]:
    """Crosswalk on the system's clock."""
    from crosswalk.sync import installation
    from crosswalk.sync.connect import Bridges, Outside

    outside = Outside(elapsed=lambda: system.now().timestamp())  # a slow machine is no reason to wait longer
    bridges = Bridges(settings_at(config.home), system.now, system.sleep, outside)
    here = installation.Installation(config, system.engine_as_port(), bridges, system.now)
    with installation.instead(here), closing(bridges), closing(system.aha), closing(system.jira):
        yield


def _places(*addresses: str) -> tuple[str, ...]:
    return tuple(urlsplit(address).netloc for address in addresses)


def _store(copy: copies.Copy | None, places: tuple[str, ...]) -> AbstractContextManager[Config]:
    return on_sqlite() if copy is None else copies.opened(copy, places)
