"""Where a record that comes from Jira is made in Aha!: in its version's release, after what it stands below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice
from crosswalk.sync.after import Ending
from crosswalk.sync.bridge import Bridge

PLACED = ("feature", "epic")
SOON = 0.3  # seconds until a run that waits for another pair looks again
NEVER = ("parked", "gone", "asking")
"""States of a pair that nothing waits for: its other record may never be made."""


@dataclass(frozen=True, slots=True)
class Place:
    """The release to make a record in; or why to wait, since what it belongs to is made first."""

    release: Ref | None = None
    waiting: Ending | None = None


def place(bridge: Bridge, pair: PairView, source: Snapshot) -> Place:
    """Where to make the record of `pair`, whose issue is `source`."""
    if pair.right is None or pair.kind not in PLACED:
        return Place()
    release: Ref | None = None
    for ref in _above(source):
        known = bridge.ledger.pair_of(bridge.integration_id, Side.RIGHT, ref)
        if known is None or known.id == pair.id:
            continue
        if known.left is None and known.state not in NEVER:
            reason = f"{known.right} is brought to Aha! first."
            return Place(waiting=Ending("waiting", reason=reason, wait=SOON, wakes=(known.id,)))
        if known.kind == "release" and known.left is not None:
            release = release or known.left
    return Place(release)


def _above(source: Snapshot) -> Iterator[Ref]:
    """What an issue stands below, and the versions it is fixed in."""
    if source.parent is not None:
        yield source.parent
    versions = source.get("fixVersions")
    if isinstance(versions, frozenset):
        found = [one for one in versions if isinstance(one, Choice)]
        yield from (Ref("version", one.id, one.name) for one in sorted(found, key=lambda one: (len(one.id), one.id)))
