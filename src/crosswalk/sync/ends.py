"""When the tokens of connections end, as far as that is known, and whose end is near. Reads rows, asks nobody.

Jira Cloud does not tell a token when it ends, so a person says it: only an administrator of the organisation may list
its people's tokens (https://developer.atlassian.com/cloud/admin/user-management/rest/api-group-api-tokens/). Data
Center tells of personal access tokens where Test connection may ask. A consent to an OAuth app of Atlassian's ends
after 365 days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection

WARNED = 30  # days before the end
YEAR = timedelta(days=365)
"""How long an API token of Atlassian's lives at most (since 2024-12-15), and a consent to an app in any case."""


@dataclass(frozen=True, slots=True)
class End:
    """When a connection's token ends, how that is known, and what to do before."""

    connection: Connection
    on: date
    known: str
    remedy: str
    left: int

    @property
    def over(self) -> bool:
        """Whether the day has passed."""
        return self.left < 0

    @property
    def near(self) -> bool:
        """Whether it is time to do something."""
        return self.left <= WARNED

    @property
    def words(self) -> str:
        """How far away it is."""
        days = abs(self.left)
        if self.left == 0:
            return "ends today"
        count = f"{days} day{'' if days == 1 else 's'}"
        return f"ended {count} ago" if self.over else f"ends in {count}"


MAKE = "Make a new token, enter it in the connection with its end, and press Save and test."
CONSENT = "Open the connection and press Sign in again."


def end_of(connection: Connection, today: date) -> End | None:
    """When the token of a connection ends; None where that is not known, or it does not end."""
    return next(iter(_ends([connection], today)), None)


def _ends(connections: Iterable[Connection], today: date) -> Iterator[End]:
    """Two queries, however many connections there are."""
    every = list(connections)
    grants = {one.connection_id: one for one in Grant.objects.filter(connection__in=every)}
    apps = set(ConnectSite.objects.filter(connection__in=every).values_list("connection_id", flat=True))
    for connection in every:
        found = None if connection.pk in apps else _end(connection, grants.get(connection.pk))
        if found is not None:
            on, known, remedy = found
            yield End(connection, on, known, remedy, (on - today).days)


def _end(connection: Connection, grant: Grant | None) -> tuple[date, str, str] | None:
    if grant is not None:
        if connection.kind != Connection.Kind.JIRA or grant.granted_at is None:
            return None
        return (grant.granted_at + YEAR).date(), "a consent lives for a year", CONSENT
    told, count = connection.server.get("ends"), connection.server.get("tokens") or 0
    if told:
        of = "as Jira says" if count == 1 else f"as Jira says: the first to end of the account's {count} tokens"
        return date.fromisoformat(told), of, MAKE
    # A user of Data Center signs in with a password, which has no end that anybody knows here.
    password = connection.server.get("flavour") == "datacenter" and connection.user
    if connection.ends_on is None or password:
        return None
    return connection.ends_on, "as entered, or a year on where nothing was", MAKE


def reckoned(connection: Connection, flavour: str, today: date) -> date | None:
    """The end to keep with a connection that was tested: a token of Cloud that nobody said it of lives a year."""
    own = Grant.objects.filter(connection=connection).exists() or ConnectSite.objects.filter(connection=connection)
    token = connection.kind == Connection.Kind.JIRA and flavour == "cloud" and not own
    return today + YEAR if token and connection.ends_on is None else connection.ends_on


def near(today: date, connections: Iterable[Connection] | None = None) -> list[End]:
    """The ends that are near or past, the first first."""
    every = Connection.objects.all() if connections is None else connections
    return sorted((end for end in _ends(every, today) if end.near), key=lambda end: (end.on, end.connection.name))
