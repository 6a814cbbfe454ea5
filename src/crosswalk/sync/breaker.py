"""A connection whose credential is refused: it pauses with the first refusal, says so, and a person has it go on.

Tried again and again, a wrong password locks the account (Jira Data Center asks for a CAPTCHA after three). Changes are
kept meanwhile. Refuses to know how a request is sent: clients ask `trips`, and have `shut` say it.
"""

from __future__ import annotations

import re
from datetime import datetime

from crosswalk.errors import NotSignedIn, RemoteError, ServerFault, Unanswered, Unreachable
from crosswalk.merge.pairs import Entry
from crosswalk.store import journal
from crosswalk.store.models import Connection, Integration

# What an administrator alone may do, Data Center answers with 401 also where the credential is good ("websudo"):
# https://developer.atlassian.com/server/jira/platform/adding-websudo-support-to-your-plugin/
_GUARDED = re.compile(r"/(webhooks?|screens|field|pat)\b")
ABREAST = 2
"""Requests at once, of all processes, where wrong passwords are counted: what is under way when it is changed locks
nobody out."""
_AWAY = (Unreachable, Unanswered, ServerFault)


def trips(error: NotSignedIn) -> bool:
    """Whether what was refused is the credential, and not one call."""
    return not _GUARDED.search(error.call)


def counts(connection: Connection) -> bool:
    """Whether each request with a wrong credential counts as a wrong password, as on Data Center; see above."""
    return bool(connection.user) and connection.server.get("flavour") == "datacenter"


def bar(connection: Connection, before: str) -> str:
    """Why nothing may be sent over `connection` now, "" where it may; `before` is what was said last.

    `connection` may have been read before another thread paused it: only the database lifts a bar.
    """
    return connection.paused if connection.paused or not before else paused(connection.pk)


def paused(connection_id: int) -> str:
    """Why a connection is paused, as the database knows it now; "" where it is not."""
    return Connection.objects.filter(pk=connection_id).values_list("paused", flat=True).first() or ""


def shut(connection_id: int, error: NotSignedIn, at: datetime) -> str:
    """Pause a connection, and tell of it in the log of what hangs on it, once; why, as the connection says it."""
    why = str(error)[:500]
    if not Connection.objects.filter(pk=connection_id, paused="").update(paused=why, checked_at=at):
        return paused(connection_id) or why
    tell(Connection.objects.get(pk=connection_id), error, at)
    return why


def tell(connection: Connection, error: NotSignedIn, at: datetime) -> None:
    """Say in the log of what hangs on a connection that it is paused, and on each integration why."""
    what = f"The connection “{connection.name}” is paused: {error.message} Changes are kept; nothing is sent."
    for integration in hanging_on(connection):
        Integration.objects.filter(pk=integration.pk).update(trouble=str(error)[:500])
        journal.append(integration.pk, [Entry(what, level="error", remedy=error.remedy, code=error.code)], at)


def failed(connection: Connection, error: RemoteError) -> dict[str, object]:
    """What is kept of a test that failed: `away` where what answers later proves it over."""
    return {**connection.server, "trouble": str(error)[:500], "away": isinstance(error, _AWAY)}


def answered(*connections: Connection) -> None:
    """Their servers were asked and answered: a test that had not reached one is over."""
    for connection in connections:
        if connection.server.get("away"):
            known = {name: value for name, value in connection.server.items() if name not in ("trouble", "away")}
            same = Connection.objects.filter(pk=connection.pk, checked_at=connection.checked_at)
            same.update(server=known)


def hanging_on(connection: Connection) -> list[Integration]:
    """The integrations that work over a connection, by name.

    Their mappings are read when they are asked for: there may be thousands.
    """
    side = "aha" if connection.kind == Connection.Kind.AHA else "jira"
    return list(Integration.objects.filter(**{side: connection}).only("name", "trouble").order_by("name"))
