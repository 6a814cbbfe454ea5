"""Which integrations stand at the same server: one webhook there tells of the records of all of them. Reads rows."""

from __future__ import annotations

from crosswalk.store.models import Connection, Integration


def place(connection: Connection) -> tuple[str, str]:
    """The server a connection leads to: the address that people open, as its test found it, else the one entered.

    A gateway and a site's own address lead to the same site; so do two people's connections.
    """
    site = str(connection.server.get("site") or "") or connection.address
    return connection.kind, site.rstrip("/").casefold()


def neighbours(integration: Integration, side: str) -> list[int]:
    """The integrations at the same server as `integration` on `side` ("aha", "jira"), itself among them."""
    here: Connection = getattr(integration, side)
    same = [one.pk for one in Connection.objects.filter(kind=here.kind) if place(one) == place(here)]
    return list(Integration.objects.filter(**{f"{side}__in": same}).values_list("pk", flat=True))
