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


def neighbours(number: int, side: str) -> list[int]:
    """The integrations at the same server as the one with this number on `side` ("aha", "jira"), itself among them."""
    places = {one: _place(address, server) for one, address, server in joined.servers(side)}
    return [one for one, place in places.items() if number in places and place == places[number]]
