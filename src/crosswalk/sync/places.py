"""Which connections lead to the same server: one webhook there tells of the records of all of them. Reads rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosswalk.store import joined


def _place(address: str, server: Mapping[str, Any]) -> str:
    """The server a connection leads to: the address that people open, as its test found it, else the one entered.

    A gateway and a site's own address lead to the same site; so do two people's connections.
    """
    return (str(server.get("site") or "") or address).rstrip("/").casefold()


class Places:
    """Which connections lead to the same server, asked once on each side."""

    def __init__(self) -> None:
        self._at: dict[str, dict[int, tuple[int, ...]]] = {}

    def together(self, connection_id: int, side: str) -> tuple[int, ...]:
        """The connections to the same server on `side` ("aha", "jira") as this one leads to, and itself."""
        if side not in self._at:
            self._at[side] = _together(side)
        return self._at[side].get(connection_id, (connection_id,))


def _together(side: str) -> dict[int, tuple[int, ...]]:
    there: dict[str, list[int]] = {}
    for one, address, server in joined.servers(side):
        there.setdefault(_place(address, server), []).append(one)
    return {one: tuple(ones) for ones in there.values() for one in ones}


def neighbours(number: int, side: str) -> tuple[int, ...]:
    """The integrations at the same server on `side` as the one with this number, and itself."""
    connection = joined.connected(number, side)
    return joined.over(Places().together(connection, side), side) if connection is not None else (number,)
