"""Access tokens of grants (OAuth 2.0): given to whoever sends a request, and renewed before they end.

A refresh token is good once, so its successor is on the disk before the new access token is used. One run renews at a
time, in whatever process: it holds a lease in the database, no transaction, while it asks. Where the answer is lost the
same refresh token is sent again, which the vendor allows for some minutes; after that a person signs in again, and
until then the connection pauses with everything kept.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crosswalk.aha import oauth as aha_oauth
from crosswalk.config import Config
from crosswalk.errors import CrosswalkError, NotSignedIn, RemoteError, Unanswered, Unreachable
from crosswalk.jira import oauth as jira_oauth
from crosswalk.merge.pairs import Entry
from crosswalk.remote import oauth
from crosswalk.remote.client import Account, way_to
from crosswalk.store import grants, journal
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection, Integration

EARLY = timedelta(minutes=5)  # before its end an access token is renewed
REUSE = timedelta(minutes=10)  # how long Atlassian takes a refresh token again after its first use
LEASE = timedelta(seconds=90)  # longer than TRIES answers can take
TRIES = 3
AGAIN = 2.0  # seconds between two of them
REST = timedelta(seconds=5)  # before the next run tries, where the host does not answer
LOOK = 0.2  # seconds between two looks at whether another run is done
CODE = "O1"
REMEDY = "Open the connection and press Sign in again; what waited goes on by itself."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process stands: its settings, its clock, and how it waits."""

    config: Config
    now: Callable[[], datetime]
    sleep: Callable[[float], None]


def host_of(connection: Connection, config: Config) -> oauth.Host:
    """Who gives out the tokens of a connection."""
    if connection.kind == Connection.Kind.AHA:
        return aha_oauth.host(connection.address)
    return jira_oauth.host(config.atlassian_auth)


def app_of(grant: Grant, back: str = "") -> oauth.App:
    """The person's own app, as the authorisation server knows it."""
    return oauth.App(grant.client_id, grant.client_secret.reveal(), back)


class Keeper:
    """The access token of one grant."""

    def __init__(self, pk: int, account: Account, place: Place) -> None:
        self._pk, self._account, self._place = pk, account, place
        self._used = threading.local()

    def sign(self, _method: str, _path: str, _query: str) -> Mapping[str, str]:
        """See remote.opening.Sign. Raises RemoteError where there is no token to be had now."""
        self._used.token = self.token()
        return {"Authorization": f"Bearer {self._used.token}"}

    def renewed(self) -> bool:
        """After this thread's request was refused with 401: whether another token may be accepted instead."""
        used = getattr(self._used, "token", "")
        grant = Grant.objects.get(pk=self._pk)
        if not used or grant.trouble or not grant.refresh:
            return False
        grants.spend(self._pk, used, self._place.now())
        return True

    def token(self) -> str:
        """The access token, renewed where it ends soon. Raises NotSignedIn where a person has to sign in again."""
        by = secrets.token_hex(16)
        for _ in range(int(LEASE.total_seconds() / LOOK) + 1):
            grant, now = Grant.objects.select_related("connection").get(pk=self._pk), self._place.now()
            if grant.trouble or not grant.access:
                raise NotSignedIn(grant.trouble or "Nobody has signed in yet.", remedy=REMEDY, code=CODE)
            if not due(grant, now):
                return grant.access.reveal()
            if grants.take(self._pk, by, now, LEASE):
                return self._renew(by)
            if grant.access_until is not None and grant.access_until > now:
                return grant.access.reveal()  # another run renews; this token is good until it is done
            self._place.sleep(LOOK)
        raise Unreachable("The sign-in is being renewed, which takes very long.", remedy="Nothing to do.", code=CODE)

    def _renew(self, by: str) -> str:
        """Under the lease. The row is read anew: another run may have renewed between our look and the lease."""
        grant, now = Grant.objects.select_related("connection").get(pk=self._pk), self._place.now()
        if not due(grant, now):
            grants.give_back(self._pk, by)
            return grant.access.reveal()
        if not grant.refresh:
            raise self._ended(grant, by, "The sign-in has ended, and its host gives no way to renew it.")
        grants.about_to_use(self._pk, now)
        try:
            found = self._asked(grant)
        except NotSignedIn as error:
            raise self._ended(grant, by, _why(grant, error, now)) from error
        except RemoteError:
            grants.give_back(self._pk, by, until=self._place.now() + REST)
            raise
        until = self._place.now() + timedelta(seconds=found.seconds) if found.seconds else None
        grants.keep(self._pk, by, found.access, found.refresh, until)
        return found.access

    def _asked(self, grant: Grant) -> oauth.Tokens:
        """The answer to a renewal, asked for again where it does not come."""
        host, app = host_of(grant.connection, self._place.config), app_of(grant)
        for attempt in range(TRIES):
            try:
                return oauth.renew(host, app, grant.refresh.reveal(), way_to(self._account))
            except (Unanswered, Unreachable):
                if attempt == TRIES - 1:
                    raise
                self._place.sleep(AGAIN)
        raise AssertionError("the last try returns or raises")

    def _ended(self, grant: Grant, by: str, why: str) -> RemoteError:
        if grants.end(self._pk, by, why):
            pause(grant.connection, why, self._place.now())
            log.warning("sign-in ended", connection=grant.connection_id)
        return NotSignedIn(why, remedy=REMEDY, code=CODE)


def due(grant: Grant, now: datetime) -> bool:
    """Whether the access token ends soon, or has ended."""
    return grant.access_until is not None and grant.access_until - EARLY <= now


def _why(grant: Grant, error: NotSignedIn, now: datetime) -> str:
    """Why somebody has to sign in again, in a sentence for the connection's page."""
    if grant.tried_at is not None and now - grant.tried_at > REUSE:
        return (
            f"The answer to a renewal of the sign-in was lost at {grant.tried_at:%Y-%m-%d %H:%M} UTC and could not be "
            "asked for again in time, so a person has to sign in again."
        )
    return f"{error.message} Consent was withdrawn, has ended, or the account's password was changed."


def pause(connection: Connection, why: str, at: datetime) -> None:
    """Say on the connection and on what hangs on it that somebody has to sign in again. Changes go on to be kept."""
    Connection.objects.filter(pk=connection.pk).update(paused=why[:500])
    side = "aha" if connection.kind == Connection.Kind.AHA else "jira"
    for integration in Integration.objects.filter(**{side: connection}):
        Integration.objects.filter(pk=integration.pk).update(trouble=f"{why} {REMEDY}"[:500])
        journal.append(integration.pk, [Entry(why, level="error", remedy=REMEDY, code=CODE)], at)


def keep_all(place: Place, keeper_of: Callable[[Connection], Keeper | None]) -> int:
    """Renew what ends soon or waits for an answer, so that a sign-in lives on where nothing is sent; how many."""
    renewed = 0
    for grant in Grant.objects.select_related("connection").exclude(refresh="").filter(trouble=""):
        if not due(grant, place.now()):
            continue
        try:
            if keeper := keeper_of(grant.connection):
                keeper.token()
                renewed += 1
        except CrosswalkError as error:
            log.warning("sign-in not renewed", connection=grant.connection_id, error=error.message)
    return renewed
