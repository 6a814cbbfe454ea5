"""One record of a pair, read: what is always looked at first, and kept, whatever it was read for."""

from __future__ import annotations

from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.records import Gone, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.stale import believed, newest_of, stale
from crosswalk.sync.apply import old_state
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.family import title_of
from crosswalk.sync.moved import Moved, at_home


def read(bridge: Bridge, run: Run, pair: PairView, side: Side) -> Snapshot | Gone | None:
    """The pair's record on `side`; None where there is none yet. Raises RemoteError, and Moved for one elsewhere."""
    ref = pair.ref(side)
    if ref is None:
        return None
    found = bridge.side(side).read([ref])[ref]
    if isinstance(found, Snapshot):
        met(bridge, run, pair, side, found)
    return found


def met(bridge: Bridge, run: Run, pair: PairView, side: Side, found: Snapshot) -> None:
    """Keep what is told of a record that was `found` on `side`. Raises Outdated for an old state of it, and Moved."""
    if pair.deleted is side:
        bridge.ledger.deleted(run, None)  # whoever said so was wrong, or it was restored
    title = title_of(found) if side is Side.LEFT else ""
    try:
        at_home(bridge, side, found.ref, new=pair.left is None or pair.right is None)
    except Moved:
        bridge.ledger.seen(run, pair.id, side, found, title=title)  # it is called otherwise where it is now
        raise
    if stale(pair.base, side, found) and not believed(pair, bridge.now(), newest_of(pair.base, side)):
        raise old_state(side, found.ref)
    bridge.ledger.seen(run, pair.id, side, found, title=title)
