"""Tells an answer that is older than what a side said before: a copy that lags behind. Values in, yes or no out.

Merged, it would look like somebody's edit back to an old value, and that would be written over the newer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crosswalk.merge.decision import Base, Held
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Snapshot, Wrote
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Value

NEWEST = " newest"
"""Where the base keeps the newest stamp of each side's record; no rule is called so."""
LAG = timedelta(minutes=2)
"""How far a side may lag behind: where no stamp tells, what it shows within that time may be older."""
GRAIN = timedelta(seconds=5)
"""By how much a stamp has to be older than a write's answer, which is told in whole seconds and took a while."""
AHEAD = timedelta(minutes=10)
"""By how much the clock of a side may be ahead of ours; a moment further ahead was told by one that was wrong."""
BELIEVED = 5
"""After so many looks in vain, and LAG, it is believed: somebody may have restored a backup. A try that failed is no
look."""


def newest_of(base: Base, side: Side) -> datetime | None:
    """The newest stamp of the record on `side`; None where none was told."""
    stamp = base[NEWEST].of(side) if NEWEST in base else None
    return stamp if isinstance(stamp, datetime) else None


def believed(pair: PairView, now: datetime, *written: datetime | None) -> bool:
    """Whether `pair` was looked at in vain so often, and for so long, that what a side shows is taken as it is.

    `written` is when what it does not show was: however often something else was looked for, that may lag behind. What
    a clock told that was wrong (AHEAD) is not waited for.
    """
    moments = (at for at in (pair.looked_at, *written) if at is not None and at <= now + AHEAD)
    return pair.looks >= BELIEVED and all(now - at >= LAG for at in moments)


def stale(base: Base, side: Side, record: Snapshot) -> bool:
    """Whether `record`, read on `side`, is older than what was read there before."""
    before = newest_of(base, side)
    return record.changed_at is not None and before is not None and record.changed_at < before


def unseen(wrote: Wrote, changes: Mapping[str, Value], before: Mapping[str, Maybe], newest: datetime | None) -> bool:
    """Whether a record that was read back after a write of `changes` shows nothing of it, or is older than the write.

    `before` is what the fields held, `newest` the stamp of the record until then.
    """
    now, names = wrote.snapshot, changes.keys() - wrote.left_out.keys()
    if wrote.stamped is not None and now.changed_at is not None and now.changed_at < wrote.stamped:
        return True  # also where it shows fields as the write's own answer did: the others are as they were
    if now.changed_at is None or not names:
        return False
    if wrote.answered is not None and now.changed_at < wrote.answered - GRAIN:
        return any(now.get(name) != changes[name] for name in names)  # somebody else may have written before it, too
    if newest is None or now.changed_at > newest:
        return False
    return all(now.get(name) == before.get(name, MISSING) != changes[name] for name in names)


def answered(wrote: Wrote) -> datetime | None:
    """From when on a record that was written is at the least; None where the answer did not tell."""
    return wrote.stamped or (wrote.answered - GRAIN if wrote.answered is not None else None)


def since(base: Base, moments: Mapping[Side, datetime]) -> dict[str, Held]:
    """`base` where nothing of a side counts any more that is older than these `moments`: it was written there then.

    Where that does not show yet, what shows may still be newer than all that was read before.
    """
    known = {side: newest_of(base, side) for side in moments}
    return _kept(base, {side: max(moment, known[side] or moment) for side, moment in moments.items()})


def stamped(base: Base, read: Mapping[Side, Snapshot]) -> dict[str, Held]:
    """`base` with the stamps of the records as they were `read`, or written, last."""
    return _kept(base, {side: record.changed_at for side, record in read.items() if record.changed_at is not None})


def _kept(base: Base, stamps: Mapping[Side, datetime]) -> dict[str, Held]:
    now: dict[Side, Maybe] = {side: base[NEWEST].of(side) if NEWEST in base else MISSING for side in Side}
    now |= stamps
    if all(stamp is MISSING for stamp in now.values()):
        return dict(base)
    return {**base, NEWEST: Held.agreed(left=now[Side.LEFT], right=now[Side.RIGHT])}
