"""Which integrations stand at the same server: one webhook there tells of the records of all of them. Reads rows."""

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
    """Who stands at the same server as whom, asked once on each side."""

    def __init__(self) -> None:
        self._at: dict[str, dict[int, tuple[int, ...]]] = {}

    def neighbours(self, number: int, side: str) -> tuple[int, ...]:
        """The integrations at the same server on `side` ("aha", "jira") as the one with this number, and itself."""
        if side not in self._at:
            self._at[side] = _neighbours(side)
        return self._at[side].get(number, (number,))


def _neighbours(side: str) -> dict[int, tuple[int, ...]]:
    there: dict[str, list[int]] = {}
    for one, address, server in joined.servers(side):
        there.setdefault(_place(address, server), []).append(one)
    return {one: together for ones in there.values() for together in [tuple(ones)] for one in together}


def neighbours(number: int, side: str) -> tuple[int, ...]:
    """See Places.neighbours."""
    return Places().neighbours(number, side)
