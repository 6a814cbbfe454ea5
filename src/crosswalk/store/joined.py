"""An integration with both its connections, and a pair with them, whole, in one statement that is composed once.

Every run, poll and look begins here, see rows.py. Both databases understand the statements. Reads rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db import connection

from crosswalk.merge.rules import Side
from crosswalk.store.models import Connection, Integration, Pair
from crosswalk.store.rows import columns, made

_PAIR, _OWN, _ITS = (len(model._meta.concrete_fields) for model in (Pair, Integration, Connection))
_INTEGRATION: Final = ", ".join((columns(Integration, "i"), columns(Connection, "a"), columns(Connection, "j")))
_WITH_BOTH: Final = (
    "FROM store_integration i JOIN store_connection a ON a.id = i.aha_id JOIN store_connection j ON j.id = i.jira_id"
)
_BY_ID: Final = " ".join(("SELECT", _INTEGRATION, _WITH_BOTH, "WHERE i.id = %s"))
_BY_PAIR: Final = " ".join(
    (
        *("SELECT", ", ".join((columns(Pair, "p"), _INTEGRATION)), _WITH_BOTH),
        "JOIN store_pair p ON p.integration_id = i.id WHERE p.id = %s",
    )
)
_CONNECTED: Final = {
    "aha": "SELECT aha_id FROM store_integration WHERE id = %s",
    "jira": "SELECT jira_id FROM store_integration WHERE id = %s",
}
_SERVERS: Final = "SELECT id, address, server FROM store_connection WHERE kind = %s ORDER BY id"


def integration(number: int) -> Integration | None:
    """The integration with this number."""
    found = _rows(_BY_ID, number)
    return _integration(found[0]) if found else None


def pair(number: int) -> Pair | None:
    """The pair with this number, and its integration."""
    found = _rows(_BY_PAIR, number)
    if not found:
        return None
    pair = made(Pair, found[0][:_PAIR])
    pair.integration = _integration(found[0][_PAIR:])
    return pair


def servers(side: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Every connection of `side` ("aha", "jira"): its number, its address, and what its test found."""
    return [(number, address, json.loads(server)) for number, address, server in _rows(_SERVERS, side)]


def connected(number: int, side: str) -> int | None:
    """Over which connection an integration reaches `side`; None where there is none of this number."""
    found = _rows(_CONNECTED[side], number)
    return int(found[0][0]) if found else None


def over(connections: Collection[int], side: str) -> tuple[int, ...]:
    """The numbers of the integrations that reach `side` over one of these connections, in their order."""
    found = Integration.objects.filter(**{f"{side}__in": connections}).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


def beside(number: int) -> list[int]:
    """The numbers of the other integrations between the same Aha! account and the same Jira."""
    mine = Integration.objects.filter(pk=number).values_list("aha__address", "jira__address")
    found = Integration.objects.filter(
        aha__address__in=mine.values("aha__address"), jira__address__in=mine.values("jira__address")
    )
    return list(found.exclude(pk=number).order_by("pk").values_list("pk", flat=True))


def accounts(side: Side) -> frozenset[str]:
    """By whom the connections of `side` sign in, by the server's own ids; none unless each has told."""
    kind = Connection.Kind.AHA if side is Side.LEFT else Connection.Kind.JIRA
    found = [
        str(one.get("account_id") or "")
        for one in Connection.objects.filter(kind=kind).values_list("server", flat=True)
    ]
    return frozenset(found) if all(found) else frozenset()


def _rows(statement: str, *values: int | str) -> list[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[Sequence[Any]] = cursor.fetchall()
        return found


def _integration(values: Sequence[Any]) -> Integration:
    found = made(Integration, values[:_OWN])
    found.aha, found.jira = made(Connection, values[_OWN : _OWN + _ITS]), made(Connection, values[_OWN + _ITS :])
    return found
