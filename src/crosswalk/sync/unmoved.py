"""Issues that a poll names by the dozen: a hundred are read in a request, and those that are as agreed wake nobody.

A load, or somebody's script, changes thousands. A run of each would read each alone, and half of them in Aha! as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db.models import F

from crosswalk.errors import CrosswalkError
from crosswalk.merge.pairs import PairView
from crosswalk.merge.presume import news_of
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.stale import stale
from crosswalk.remote.budget import unhurried
from crosswalk.store.models import Pair
from crosswalk.store.views import view
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.exchange import as_agreed

A_READ = 100
"""Issues of one request (Jira's bulk fetch takes so many)."""
AT_ONCE = 1000
"""Pairs that are held in memory at once, each with all that was agreed: a load names tens of thousands."""


def moved(bridge: Bridge, pair_ids: Collection[int], stamps: Mapping[Ref, datetime]) -> set[int]:
    """Those of the pairs that a run has to look at. `stamps` say when their issues were changed last.

    What can not be told from the issue alone is left to a run: a pair that is not at rest, an issue that something else
    stands for or that was read as it was before. Nothing is written.
    """
    calm: set[int] = set()
    asked = _asked(sorted(pair_ids), stamps)
    with unhurried():
        while some := list(islice(asked, A_READ)):
            calm |= _unmoved(bridge, some, stamps)
    return set(pair_ids) - calm


def _asked(pair_ids: Sequence[int], stamps: Mapping[Ref, datetime]) -> Iterator[PairView]:
    """Those of the pairs of which the issue alone may tell, in order."""
    for start in range(0, len(pair_ids), AT_ONCE):
        some = pair_ids[start : start + AT_ONCE]
        known = Pair.objects.filter(pk__in=some, state=Pair.State.AGREED, held="", dirty=F("done")).order_by("pk")
        resting = [replace(one, news=Side.RIGHT) for one in map(view, known)]
        yield from (one for one in resting if one.right in stamps and _alone(one))


def _alone(pair: PairView) -> bool:
    return news_of(pair) is Side.RIGHT and pair.deleted is None


def _unmoved(bridge: Bridge, pairs: Sequence[PairView], stamps: Mapping[Ref, datetime]) -> set[int]:
    """Those whose issues are as agreed. Where they can not be read now, none: their runs say why."""
    try:
        read = bridge.right.read([pair.right for pair in pairs if pair.right])
        return {pair.id for pair in pairs if pair.right and _is_agreed(bridge, pair, read.get(pair.right), stamps)}
    except CrosswalkError:
        return set()


def _is_agreed(bridge: Bridge, pair: PairView, record: object, stamps: Mapping[Ref, datetime]) -> bool:
    if not isinstance(record, Snapshot) or pair.right is None or record.ref.key != pair.right.key:
        return False
    if record.changed_at is None or record.changed_at < stamps[pair.right]:
        return False
    if bridge.strayed(Side.RIGHT, record.ref) or stale(pair.base, Side.RIGHT, record):
        return False
    return as_agreed(bridge, pair, Side.RIGHT, record)
