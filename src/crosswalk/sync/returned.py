"""Records that a side shows no more, or does not let us write: those it shows again, or lets us, go on by themselves.

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
LACKED: Final = ("A8", "A10", "A14", "A15")
"""The codes of pairs for which the account lacked a right, or did not see the project or the workspace."""
TRIED: Final = 50
"""So many of them at one time."""
TURN: Final = 900
"""Seconds until the next ones have their turn."""

_T = TypeVar("_T")


def look(engine: Engine, bridge: Bridge, now: datetime) -> int:
    """Wake the pairs whose two records show again, or that lacked a right; how many. Raises RemoteError."""
    rows = Pair.objects.filter(integration_id=bridge.integration_id, code__in=LOST, deleted_on="", held="")
    rows = rows.filter(state=Pair.State.ASKING).exclude(left_id=None).exclude(right_id=None)
    turn = int(now.timestamp()) // TURN
    lost = [view(row) for row in rows.filter(pk__in=_part(list(rows.values_list("pk", flat=True)), turn, IN_JIRA))]
    with unhurried():
        there = _shown(bridge, Side.RIGHT, lost)
        # Not by the same count: of two parts by two, two would never have their turn.
        there = _shown(bridge, Side.LEFT, _part(there, turn + turn // 32, IN_AHA))
    wake(engine, [pair.id for pair in there], now, bulk=True, cause=Cause("a sweep: it shows again"))
    return len(there) + _given_back(engine, bridge, now)


def _given_back(engine: Engine, bridge: Bridge, now: datetime) -> int:
    """Wake the pairs that lacked a right on a side, which both can be asked again: only a try tells. How many."""
    rows = Pair.objects.filter(integration_id=bridge.integration_id, code__in=LACKED, held="")
    rows = rows.filter(state__in=(Pair.State.ASKING, Pair.State.PARKED)).order_by("pk")
    chosen = _part(list(rows.values_list("pk", flat=True)), int(now.timestamp()) // TURN, TRIED)
    return wake(engine, chosen, now, bulk=True, cause=Cause("a sweep: it lacked a right"))


def _part(listed: Sequence[_T], turn: int, most: int) -> list[_T]:
    """Those that have their turn, all of them in a few turns."""
    parts = -(-len(listed) // most) or 1
    return list(listed[turn % parts :: parts])


def _shown(bridge: Bridge, side: Side, pairs: Sequence[PairView]) -> list[PairView]:
    """Those whose record `side` shows."""
    refs: list[Ref] = [ref for pair in pairs if (ref := pair.ref(side)) is not None]
    found = bridge.side(side).read(refs) if refs else {}
    return [pair for pair in pairs if (ref := pair.ref(side)) is not None and isinstance(found.get(ref), Snapshot)]
