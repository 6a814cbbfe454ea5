"""Dynamic webhooks of connections that sign in by OAuth: registered by one click, then kept alive by the rounds.

One a connection, for the projects of all its integrations; it leads to the address of one of them, which serves all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crosswalk.errors import CrosswalkError, Refused
from crosswalk.jira import dynamic, wire_dynamic
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection, Integration
from crosswalk.sync.connect import Bridges

LIFE = timedelta(days=30)
BEFORE = timedelta(days=15)  # so long before the end it is refreshed
LOOKED = timedelta(days=1)  # Jira is asked so often whether it still has it
AGAIN = timedelta(hours=1)  # after a failure

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The webhook that a connection should have."""

    url: str
    jql: str


def wanted(connection: Connection, url: str) -> Wanted | None:
    """What the integrations over `connection` need; None where there are none. `url` is this service's."""
    every = list(Integration.objects.filter(jira=connection).order_by("pk"))
    if not every:
        return None
    return Wanted(address(every[0], url), wire_dynamic.of_projects([one.project for one in every]))


def address(integration: Integration, url: str) -> str:
    """Where Jira's hooks of an integration lead; a secret."""
    return f"{url}/hooks/jira/{integration.hook_secret.reveal()}"


def register(connection: Connection, bridges: Bridges, now: datetime) -> bool:
    """See that Jira has the webhook, and keep it alive from now on; whether it had to be made. Raises RemoteError."""
    want = wanted(connection, bridges.place.config.url)
    if want is None:
        raise Refused("No integration goes over this connection.", remedy="Make one first.")
    made = _see_to(connection, want, bridges, now)
    Grant.objects.filter(connection=connection).update(hooks_wanted=True)
    return made


def _see_to(connection: Connection, want: Wanted, bridges: Bridges, now: datetime) -> bool:
    """One webhook, at the right address, for the right projects, and far from its end."""
    client = bridges.client(connection)
    known = dynamic.ours(client, f"{bridges.place.config.url}/hooks/jira/")
    good = next((one for one in known if (one.url, one.jql) == (want.url, want.jql)), None)
    elsewhere = [one for one in known if one.url != want.url]
    dynamic.forget(client, elsewhere)  # an app has one address at a time
    until, made = now + LIFE, good is None
    if good is None:
        dynamic.register(client, want.url, want.jql)
    elif good.until is None or good.until - now < BEFORE:
        until = dynamic.refresh(client, good.id) or until
    else:
        until = good.until
    # Only now: until the new one is there the old one goes on to deliver.
    dynamic.forget(client, [one for one in known if one not in elsewhere and one is not good])
    told = {"hooks_jql": want.jql, "hooks_until": until, "hooks_trouble": "", "hooks_seen_at": now}
    Grant.objects.filter(connection=connection).update(**told)
    return made


def keep_all(bridges: Bridges, now: datetime) -> int:
    """Look after every registered webhook whose time it is; how many were looked at."""
    looked = 0
    found = Grant.objects.select_related("connection").filter(hooks_wanted=True, trouble="").exclude(access="")
    for grant in found:
        want = wanted(grant.connection, bridges.place.config.url)
        if want is None or not _time(grant, want, now):
            continue
        looked += 1
        try:
            _see_to(grant.connection, want, bridges, now)
        except CrosswalkError as error:
            log.warning("webhook not kept", connection=grant.connection_id, error=error.message)
            Grant.objects.filter(pk=grant.pk).update(hooks_trouble=str(error)[:500], hooks_seen_at=now)
    return looked


def _time(grant: Grant, want: Wanted, now: datetime) -> bool:
    """Whether Jira is to be asked: something is wanted otherwise, the end is near, or a day has gone by."""
    since = now - grant.hooks_seen_at if grant.hooks_seen_at else LOOKED
    if grant.hooks_trouble:
        return since >= AGAIN
    near = grant.hooks_until is None or grant.hooks_until - now < BEFORE
    return near or grant.hooks_jql != want.jql or since >= LOOKED
