"""Opens connections and builds bridges from rows. The only place that knows both connectors and the store."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import httpx2

from crosswalk.aha import client as aha_client
from crosswalk.aha import oauth as aha_oauth
from crosswalk.aha import setup as aha_setup
from crosswalk.aha.setup import Listed
from crosswalk.aha.side import AhaSide
from crosswalk.aha.wire_hooks import kind_of
from crosswalk.aha.workspace import Scope as AhaScope
from crosswalk.config import Config
from crosswalk.errors import Forbidden, Invalid, NotSignedIn, Refused
from crosswalk.jira import client as jira_client
from crosswalk.jira import connect as jira_connect
from crosswalk.jira import oauth as jira_oauth
from crosswalk.jira import pat
from crosswalk.jira import setup as jira_setup
from crosswalk.jira.flavour import Flavour, flavour_named
from crosswalk.jira.metadata import Metadata
from crosswalk.jira.rights import missing_rights
from crosswalk.jira.seeking import Seeker
from crosswalk.jira.side import JiraSide
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice, Person
from crosswalk.remote.address import checked_base
from crosswalk.remote.budget import Limit
from crosswalk.remote.checkup import Checkup, Problem, with_line
from crosswalk.remote.client import Account, Client, Surroundings
from crosswalk.remote.telling import Tell
from crosswalk.store import asked
from crosswalk.store.budget import SharedBudget
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.grant_models import Grant
from crosswalk.store.joined import accounts
from crosswalk.store.ledger import DjangoLedger
from crosswalk.store.models import Connection, Integration
from crosswalk.sync import breaker, projectdata
from crosswalk.sync.barred import barred
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.counterparts import pairs_above, versions_of
from crosswalk.sync.granted import Keeper, Place, keep_all
from crosswalk.sync.known import Known
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.mapping import parse
from crosswalk.sync.people import PeopleBook
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.rulebook import MappedRules

# Jira publishes no limit for token traffic but bursts per endpoint (GET 100/s, PUT 50/s); one account stays below.
JIRA_LIMITS = (Limit(40, 1.0),)


def limits_of(connection: Connection) -> tuple[Limit, ...]:
    """How many requests the server of a connection is sent at most."""
    return aha_client.LIMITS if connection.kind == Connection.Kind.AHA else JIRA_LIMITS


def shared_account(connection: Connection) -> str:
    """What shares those limits: product and host."""
    return f"{connection.kind} {urlsplit(checked_base(connection.address)).netloc}"


INDEX_LAG = timedelta(seconds=60)
"""Search may know a new issue only after a while: Cloud's index is late, and so is that of a Data Center's other nodes
(https://confluence.atlassian.com/display/JIRAKB/Index+Replication+Jira+Data+Center+Troubleshooting)."""
PAGE = 50  # what a list to choose from shows at once
KEPT = 500  # bridges of a process, those used last: each takes about 0.1 MB
PLACES = 5  # projects or workspaces that a test of a connection looks into
VITAL = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES")  # without these nothing at all could be carried


RIGHTS = "what the account may do"
READ = tuple([("Aha!", one) for one in aha_setup.READ] + [("Jira", one) for one in (*jira_setup.READ, RIGHTS)])
"""What a load of project data reads, step by step: the side and the list."""
Say = Callable[[str, int, int], object]
"""Told in words what is done next, how many steps are done, and of how many."""


def unheard(step: str, done: int, total: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A bridge, with its sides as pages need them: lists and people, beyond what the story needs."""

    bridge: Bridge
    aha: AhaSide
    jira: JiraSide
    seeker: Seeker


@dataclass(frozen=True, slots=True)
class Outside:
    """What else comes from outside: the network and time that passes while a request waits its turn."""

    transport: httpx2.BaseTransport | None = None
    elapsed: Callable[[], float] = time.monotonic


class Bridges:
    """The clients and bridges of a process, kept until `forget` is called or their rows change."""

    def __init__(
        self,
        config: Config,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        outside: Outside | None = None,
    ) -> None:
        self._config, self._now, self._sleep, self._outside = config, now, sleep, outside or Outside()
        self.place = Place(config, now, sleep)
        self._clients: dict[tuple[int, datetime, bool], Client] = {}
        self._armed: set[int] = set()  # the connections that pause with the first refused credential
        self._joined: OrderedDict[int, tuple[object, Joined]] = OrderedDict()
        self._lock = threading.RLock()

    def forget(self) -> None:
        """Build everything anew when it is next asked for."""
        with self._lock:
            self._joined.clear()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            self._joined.clear()
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    # ---- connections ----

    def client(self, connection: Connection) -> Client:
        """The client of a connection; one per process, so that connections are kept alive."""
        with self._lock:
            key = (connection.pk, connection.updated_at, breaker.counts(connection))
            if key not in self._clients:
                self._clients = {known: one for known, one in self._clients.items() if known[0] != connection.pk}
                self._clients[key] = self._open(connection, partial(breaker.paused, connection.pk))
                self._arm(connection, self._clients[key])
            client = self._clients[key]
            client.barred = breaker.bar(connection, client.barred) if key[0] in self._armed else ""
            return client

    def _arm(self, connection: Connection, client: Client) -> None:
        """Have a connection pause with the first refused credential. What an app signs locks nobody out."""
        if asked.signed_by("site", connection.pk) is not None:
            return
        pk = connection.pk
        self._armed.add(pk)

        def refused(error: NotSignedIn) -> None:
            if breaker.trips(error):
                client.barred = breaker.shut(pk, error, self._now())

        client.refused = refused

    def account(self, connection: Connection) -> Account:
        """Where the server of a connection is, who signs in, and how it is reached."""
        return Account(
            connection.address,
            connection.user,
            connection.secret.reveal(),
            connection.authority,
            self._config.allow_private,
            connection.certificate.reveal(),
            connection.proxy,
            connection.proxy_login.reveal(),
        )

    def keeper(self, connection: Connection) -> Keeper | None:
        """Who keeps the tokens of a connection that signs in by OAuth; None for any other."""
        pk = asked.signed_by("grant", connection.pk)
        return None if pk is None else Keeper(pk, self.account(connection), self.place)

    def keep_grants(self) -> int:
        """Renew the tokens that end soon; how many."""
        return keep_all(self.place, self.keeper)

    def _open(self, connection: Connection, paused: Callable[[], str] = str) -> Client:
        """A client; where wrong passwords are counted one that asks before each request whether it is `paused`."""
        account = self.account(connection)
        aha = connection.kind == Connection.Kind.AHA
        hidden = (account.secret, *account.proxy_login.split(":", 1)[1:])
        name, limits = shared_account(connection), limits_of(connection)
        outside, pk = self._outside, connection.pk
        budget = SharedBudget(name, limits, connection_id=pk, elapsed=outside.elapsed, hidden=hidden)
        around = Surroundings(
            lambda: self._now().timestamp(), self._sleep, log=budget.record, transport=outside.transport
        )
        if app := self._app(connection, account.secret):
            return jira_connect.open_client(account, app, budget, around)
        if keeper := self.keeper(connection):
            open_granted = aha_oauth.open_client if aha else jira_oauth.open_client
            client = open_granted(account, keeper.sign, budget, around)
            client.renewed = keeper.renewed
            return client
        open_client = aha_client.open_client if aha else jira_client.open_client
        client = open_client(account, budget, around)
        if breaker.counts(connection):
            budget.narrow(breaker.ABREAST, paused)
            client.narrow(breaker.ABREAST)
        return client

    def _app(self, connection: Connection, secret: str) -> jira_connect.App | None:
        """How we sign in where the site installed the Connect app; None for a user and a token."""
        if asked.signed_by("site", connection.pk) is None:
            return None
        site = ConnectSite.objects.select_related("connection").get(connection=connection)
        return jira_connect.App(self._config.connect_app, secret, barred(site))

    def check(self, connection: Connection) -> Checkup:
        """What answers, and what is missing, also in the places that integrations work in. Raises RemoteError.

        A client of its own asks: also a connection that is paused can be tested.
        """
        with closing(self._open(connection)) as client:
            return self._looked(connection, client)

    def _looked(self, connection: Connection, client: Client) -> Checkup:
        column, place = ("aha", "workspace") if connection.kind == Connection.Kind.AHA else ("jira", "project")
        used = Integration.objects.filter(**{column: connection}).values_list(place, flat=True)
        places = tuple(used.distinct()[:PLACES])
        if connection.kind == Connection.Kind.AHA:
            return with_line(aha_setup.check(client, *places), client.heard, client.address)
        found = jira_setup.check_in(client, places)
        if (grant := Grant.objects.filter(connection=connection).first()) is not None:
            lacking = (*found.problems, *jira_oauth.lacking(grant.scopes))
            hooks = "one click registers a webhook of the app, which is kept alive"
            found = replace(found, hooks=hooks, problems=lacking)
        elif found.flavour == "datacenter" and not connection.user:
            end, count = pat.first_end(client)
            found = replace(found, ends=end.isoformat() if end else "", tokens=count)
        return with_line(found, client.heard, client.address)

    def workspaces(self, connection: Connection, query: str) -> list[Choice]:
        """Aha! workspaces: id and "PREFIX · Name"."""
        return [_labelled(one) for one in aha_setup.workspaces(self.client(connection), query)]

    def projects(self, connection: Connection, query: str) -> list[Choice]:
        """Jira projects: id and "KEY · Name"."""
        return [_labelled(one) for one in jira_setup.projects(self.client(connection), flavour_of(connection), query)]

    def found(self, connection: Connection, query: str, start: int) -> tuple[list[Choice], int]:
        """A page of what may be joined on this side, from the `start`th on; and where the next page begins, or 0."""
        if connection.kind == Connection.Kind.AHA:
            # Aha!'s list takes no search: it is read whole, and cut here.
            every = self.workspaces(connection, query)
            return every[start : start + PAGE], start + PAGE if len(every) > start + PAGE else 0
        client, flavour = self.client(connection), flavour_of(connection)
        choices, following = jira_setup.projects_page(client, flavour, query, start)
        return [_labelled(one) for one in choices], following

    def load(self, aha: Connection, workspace: str, jira: Connection, project: str, say: Say = unheard) -> Loaded:
        """Both sides' project data, read now, and what the accounts may not do there; `say` is told each step of it.

        Raises Forbidden for a project in which the account can not work at all.
        """
        flavour = flavour_of(jira)
        workspace_data = aha_setup.load_metadata(self.client(aha), workspace, _telling("Aha!", say))
        try:
            project_data = jira_setup.load_metadata(self.client(jira), flavour, project, tell=_telling("Jira", say))
        except Invalid:
            # Data Center refuses the lists of a project to those who may make nothing there.
            listed = jira_setup.projects(self.client(jira), flavour)
            named = next((one.name for one in listed if project in (one.id, one.category)), project)
            _refuse_without(missing_rights(self.client(jira), flavour, project), jira, named)
            raise
        _telling("Jira", say)(RIGHTS)
        lacking = missing_rights(self.client(jira), flavour, project_data.project)
        _refuse_without(lacking, jira, project_data.name)
        short = aha_setup.check(self.client(aha), workspace).problems
        twice = aha_setup.built_in(workspace_data.integrations)
        return Loaded(workspace_data, project_data, flavour.name, (*twice, *short, *lacking))

    def prepare(self, jira: Connection, data: Metadata) -> tuple[Metadata, tuple[Problem, ...]]:
        """See that issues can show their Aha! record in a field of their own. See jira.setup.prepare."""
        return jira_setup.prepare(self.client(jira), flavour_of(jira), data)

    # ---- bridges ----

    def of(self, integration: Integration) -> Bridge:
        """The bridge of an integration. Raises Refused where its mapping or project data can not be used."""
        return self.joined(integration).bridge

    def joined(self, integration: Integration) -> Joined:
        """The bridge and the Aha! side of an integration; the same ones until something about it changes."""
        versions = made_of(integration)
        with self._lock:
            kept = self._joined.get(integration.pk)
            for connection in (integration.aha, integration.jira):
                self.client(connection)  # whether it is paused, another process may have said
            if kept is None or kept[0] != versions:
                kept = (versions, self._join(integration, parse(integration.mapping)))
                self._joined[integration.pk] = kept
            self._joined.move_to_end(integration.pk)
            while len(self._joined) > KEPT:
                self._joined.popitem(last=False)
            return kept[1]

    def draft(self, integration: Integration, mapping: Map) -> Joined:
        """A bridge as it would be with another mapping; made for this once, to look and not to write."""
        return self._join(integration, mapping)

    def features(self, integration: Integration, release: str = "") -> tuple[Ref, ...]:
        """Every feature of the workspace, or of one release."""
        return aha_setup.features(self.client(integration.aha), integration.workspace, release)

    def records(
        self, integration: Integration, query: str, page: int, kind: str = "feature", others: Sequence[str] = ()
    ) -> Listed:
        """A page of `kind`: those whose name contains `query`, or the one, also of `others`, that it is the key of."""
        key, home = query.upper(), f"{integration.workspace_key.upper()}-"
        if key.startswith(home) and (named := kind_of(key)) in (kind, *others):
            found = aha_setup.called(self.client(integration.aha), key, named)
            if found.lines:
                return found
        return self.joined(integration).aha.records(query, page, kind)

    def _join(self, integration: Integration, mapping: Map) -> Joined:
        loaded = projectdata.load(integration)
        flavour = flavour_of(integration.jira)
        left = AhaSide(self.client(integration.aha), aha_scope(loaded, mapping), self._now)
        scope, there = projectdata.scope(loaded, mapping), self.client(integration.jira)
        right = JiraSide(there, flavour, scope, self._now)
        finders: Mapping[Side, Callable[[str], Person | None]] = {Side.LEFT: left.people, Side.RIGHT: right.people}
        pk = integration.pk
        find, stand_in = (lambda side, email: finders[side](email)), mapping.people.fallback
        people = PeopleBook(find, self._now, Known(pk, self._now), stand_in, loaded.aha.people)
        lists, parents = projectdata.lists(loaded, mapping), pairs_above(pk)
        book = MappedRules(mapping, lists, people, lambda: versions_of(pk), parents)
        homes = {Side.LEFT: loaded.aha.key, Side.RIGHT: loaded.jira.key}
        bridge = Bridge(pk, left, right, DjangoLedger(self._now), book, self._now, INDEX_LAG, homes, accounts)
        return Joined(bridge, left, right, Seeker(there, flavour, scope))


def made_of(integration: Integration) -> object:
    """What its bridge is made of: where that is another thing, so is the bridge."""
    stamps = asked.loaded(integration.pk)  # the data itself is long
    keys = integration.workspace_key, integration.project_key  # another one leaves the stamps as they are
    return integration.aha.updated_at, integration.jira.updated_at, stamps, keys, repr(integration.mapping)


def _telling(side: str, say: Say) -> Tell:
    """Tells `say` what is read of a side, and how far the whole load is."""

    def tell(what: str, more: str = "") -> None:
        say(f"Reading {side}: {what}{f' ({more})' if more else ''}", READ.index((side, what)), len(READ))

    return tell


def _refuse_without(lacking: Sequence[Problem], jira: Connection, project: str) -> None:
    """Raises Forbidden where the account lacks a right without which nothing could be carried."""
    if vital := [problem for problem in lacking if any(f"({name})" in problem.message for name in VITAL)]:
        words = " ".join(problem.message for problem in vital)
        message = f"The account of “{jira.name}” can not work in the Jira project {project}. {words}"
        raise Forbidden(message, remedy=vital[0].remedy, code=vital[0].code)


def aha_scope(loaded: Loaded, mapping: Map) -> AhaScope:
    """What the Aha! side has to read, and where it shows the issue."""
    fields = frozenset(line.aha for lines in mapping.fields.values() for line in lines)
    link = mapping.link
    return AhaScope(loaded.aha.workspace, fields, link.aha_integration, link.aha_field, custom=loaded.aha.custom_fields)


def flavour_of(connection: Connection) -> Flavour:
    """The flavour that Test connection found. Raises Refused where it was not tested."""
    try:
        return flavour_named(str(connection.server.get("flavour")))
    except ValueError:
        raise Refused(
            f"The connection “{connection.name}” has passed no test yet, so it is not known which Jira answers there.",
            remedy="Open Connections, press Test connection, and mend what it says.",
        ) from None


def _labelled(one: Choice) -> Choice:
    return replace(one, name=f"{one.category} · {one.name}")
