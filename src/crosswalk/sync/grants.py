"""Signing a connection in by OAuth 2.0: what a person consents to, what comes back, and which site it is for.

Nothing of a sign-in that does not fit (another site, no refresh token) is kept: what was there before goes on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction

from crosswalk.errors import Refused
from crosswalk.jira import oauth as jira_oauth
from crosswalk.jira.oauth import Site
from crosswalk.merge.pairs import Entry
from crosswalk.remote import oauth
from crosswalk.remote.client import way_to
from crosswalk.remote.oauth import Tokens
from crosswalk.store import journal
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection, Integration
from crosswalk.store.text import fit
from crosswalk.sync import granted
from crosswalk.sync.breaker import hanging_on
from crosswalk.sync.installation import Installation, current
from crosswalk.sync.waking import go_on


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the browser goes, and what must come back with it."""

    address: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Back:
    """What came back: the code, its verifier, the address it came back to, and who consented."""

    code: str
    verifier: str
    address: str
    person: str


def scopes(kind: str) -> tuple[str, ...]:
    """The scopes an app needs on this side."""
    return jira_oauth.SCOPES if kind == Connection.Kind.JIRA else ()


def begin(connection: Connection, back: str) -> Begun:
    """Begin a sign-in that is to come back to the address `back`."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    host = granted.host_of(connection, current().config)
    app = granted.app_of(connection.grant, back)
    return Begun(oauth.consent_address(host, app, state, verifier), state, verifier)


def came_back(connection: Connection, back: Back) -> bool:
    """Keep what the person consented to; whether it is clear which site it is for.

    Raises RemoteError where the code is not accepted, Refused where the consent does not fit the connection.
    """
    here = current()
    account = here.bridges.account(connection)
    app = granted.app_of(connection.grant, back.address)
    host = granted.host_of(connection, here.config)
    tokens = oauth.exchange(host, app, back.code, back.verifier, way_to(account))
    sites: tuple[Site, ...] = ()
    if connection.kind == Connection.Kind.JIRA:
        if not tokens.refresh:
            raise Refused(
                "Atlassian gave no refresh token, so the sign-in would end within the hour.",
                remedy="Add the scope offline_access to what the app asks for, then sign in again.",
                code="O3",
            )
        sites = jira_oauth.sites(here.config.atlassian_api, tokens.access, way_to(account))
        _refuse_unfit(connection, sites, here)
    _keep(here, connection, tokens, (sites, back.person))
    if connection.kind == Connection.Kind.JIRA and not site_of(connection):
        if len(sites) > 1:
            return False
        choose(connection, sites[0].id)
    resume(here, connection, back.person)
    return True


def _refuse_unfit(connection: Connection, sites: tuple[Site, ...], here: Installation) -> None:
    if not sites:
        raise Refused(
            "The consent opens no Jira site with the scopes that Crosswalk needs.",
            remedy="Add the scopes shown here to the app, sign in again, and choose a Jira site on Atlassian's page.",
            code="O4",
        )
    now = site_of(connection)
    if now and now not in {jira_oauth.address(here.config.atlassian_api, one.id) for one in sites}:
        raise Refused(
            f"The consent opens {', '.join(one.address or one.name for one in sites)}, not the site that "
            f"“{connection.name}” stands for. Nothing was changed.",
            remedy="Sign in again and choose that site, or make another connection for the other one.",
            code="O4",
        )


def _keep(here: Installation, connection: Connection, tokens: Tokens, of: tuple[tuple[Site, ...], str]) -> None:
    """Durably, before anything is asked with it. A renewal that is under way finds its lease gone and keeps nothing."""
    now, (sites, person) = here.now(), of
    with transaction.atomic(durable=True):
        grant = Grant.objects.select_for_update().get(connection=connection)
        grant.access, grant.refresh = tokens.access, tokens.refresh
        grant.access_until = now + timedelta(seconds=tokens.seconds) if tokens.seconds else None
        grant.granted_at, grant.granted_by, grant.trouble = now, person, ""
        grant.scopes, grant.sites = fit(tokens.scopes, 2000), [asdict(one) for one in sites]
        grant.tried_at = grant.lease_until = grant.hooks_seen_at = None
        grant.lease_by = ""
        grant.save()
    connection.refresh_from_db()


def site_of(connection: Connection) -> str:
    """The address of the site a connection stands for; "" while none is chosen."""
    return connection.address if "/ex/jira/" in connection.address else ""


def choose(connection: Connection, site: str) -> Site:
    """Have a connection stand for one of the sites that its consent opens. Raises Refused for any other."""
    found = next((Site(**one) for one in connection.grant.sites if one.get("id") == site), None)
    if found is None:
        raise Refused("The consent does not open that site.", remedy="Choose one of those shown.", code="O4")
    address = jira_oauth.address(current().config.atlassian_api, found.id)
    if site_of(connection) not in ("", address) and Integration.objects.filter(jira=connection).exists():
        raise Refused(
            "Integrations work over this connection, and their pairs are of its site.",
            remedy="Make another connection for the other site.",
            code="O4",
        )
    # What runs before the next test has to know which Jira answers: behind the gateway it is Cloud.
    connection.server = {"flavour": "cloud", "site": found.address}
    connection.address, connection.checked_at, connection.paused = address, None, ""
    connection.save()
    return found


def resume(here: Installation, connection: Connection, person: str) -> None:
    """After a sign-in: what hangs on the connection goes on, with all that waited."""
    Connection.objects.filter(pk=connection.pk).update(paused="")
    connection.refresh_from_db()
    for integration in hanging_on(connection):
        Integration.objects.filter(pk=integration.pk).update(trouble="")
        integration.refresh_from_db()
        line = Entry(f"“{connection.name}” is signed in again.", why=f"{person} consented.")
        journal.append(integration.pk, [line], here.now(), person=person)
        go_on(here.engine, integration, here.now())


def make(kind: str, entered: Callable[[Connection], Connection], client_id: str, secret: str) -> Connection:
    """A new connection that waits for its first sign-in; `entered` fills in what the person wrote."""
    connection = entered(Connection(kind=kind, address=current().config.atlassian_api))
    with transaction.atomic():
        connection.save()
        Grant.objects.create(connection=connection, client_id=client_id, client_secret=secret)
    return connection
