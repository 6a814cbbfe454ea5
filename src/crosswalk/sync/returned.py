"""Records that a side shows no more, and of which a person was asked: those it shows again go on by themselves.

Nobody tells that a right was given back, or that a back-up was put in place: they are looked for after each comparison,
as far as that takes few requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from crosswalk.engine.port import Engine
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.remote.budget import unhurried
from crosswalk.store.models import Pair
from crosswalk.store.views import view
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.removed import LOST
from crosswalk.sync.waking import Cause, wake

IN_JIRA: Final = 500
"""So many pairs at one time: Jira shows a hundred issues in a request."""
IN_AHA: Final = 20
"""So many records of Aha!, each of which may take a request."""
TURN: Final = 900
"""Seconds until the next ones have their turn."""

_T = TypeVar("_T")


def look(engine: Engine, bridge: Bridge, now: datetime) -> int:
    """Wake the pairs whose two records show again; how many. Raises RemoteError."""
    rows = Pair.objects.filter(integration_id=bridge.integration_id, code__in=LOST, deleted_on="", held="")
    rows = rows.filter(state=Pair.State.ASKING).exclude(left_id=None).exclude(right_id=None)
    turn = int(now.timestamp()) // TURN
    lost = [view(row) for row in rows.filter(pk__in=_part(list(rows.values_list("pk", flat=True)), turn, IN_JIRA))]
    with unhurried():
        there = _shown(bridge, Side.RIGHT, lost)
        # Not by the same count: of two parts by two, two would never have their turn.
        there = _shown(bridge, Side.LEFT, _part(there, turn + turn // 32, IN_AHA))
    wake(engine, [pair.id for pair in there], now, bulk=True, cause=Cause("a sweep: it shows again"))
    return len(there)


def _part(listed: Sequence[_T], turn: int, most: int) -> list[_T]:
    """Those that have their turn, all of them in a few turns."""
    parts = -(-len(listed) // most) or 1
    return list(listed[turn % parts :: parts])


def _shown(bridge: Bridge, side: Side, pairs: Sequence[PairView]) -> list[PairView]:
    """Those whose record `side` shows."""
    refs: list[Ref] = [ref for pair in pairs if (ref := pair.ref(side)) is not None]
    found = bridge.side(side).read(refs) if refs else {}
    return [pair for pair in pairs if (ref := pair.ref(side)) is not None and isinstance(found.get(ref), Snapshot)]
