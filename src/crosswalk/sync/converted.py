"""A record of Aha! was converted to another kind: to Crosswalk it is gone, and a new one is there under its name.

It is never taken for a delete. The pair goes on with the new record where its issue may stand for that kind; else a
person is asked, and nothing is done on the other side.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.errors import a_or_an
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.records import Gone, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.sync.after import Ending
from crosswalk.sync.bridge import NAMES, Bridge

CODE = "L13"


def go_on(bridge: Bridge, run: Run, pair: PairView, gone: Ref, there: Snapshot | Gone | None) -> Ending | None:
    """How the run of a pair ends whose record `gone` on the left was converted, or went with one that was; None where
    it was not. `there` is its counterpart."""
    if not isinstance(there, Snapshot):
        return None
    found = bridge.left.became(gone, pair.title)
    if not found:
        return _went_along(bridge, run, pair, gone, there)
    bridge.ledger.removed(run, done=False)
    new, what = found[0], f"{gone} was converted to {_named(found)} in {NAMES[Side.LEFT]}, which is a new record there."
    if len(found) > 1:
        return _asked(what, there, f"Unlink the two, then link {there.ref} to the one that it belongs to.")
    if not bridge.right.takes(there.ref, new.kind):
        remedy = (
            f"Have the mapping name a type for {a_or_an(new.kind)}, and give {there.ref} that type in Jira, then press "
            f"Retry: the pair goes on with {new}. Or unlink the two."
        )
        return _asked(what, there, remedy)
    if not bridge.ledger.convert(run, new):
        return _asked(what, there, f"{new} is in another pair. Unlink it there, then press Retry; or unlink these two.")
    bridge.ledger.wake(run, pair.id)
    why = f"The pair goes on with {new}."
    bridge.ledger.note(run, pair.id, [Entry(what, why, Side.LEFT, code=CODE)])
    return Ending("new", reason=f"{what} {why}", wakes=(pair.id,))


def _went_along(bridge: Bridge, run: Run, pair: PairView, gone: Ref, there: Snapshot) -> Ending | None:
    """What stood below a record that was converted went with it."""
    above = bridge.ledger.get(pair.parent_id) if pair.parent_id is not None else None
    if above is None or above.left is None:
        return None
    if bridge.book.below(above.kind) == pair.kind and not bridge.left.became(above.left, above.title):
        return None
    bridge.ledger.removed(run, done=False)
    what = f"{gone} went with the record above it, which was converted to another kind in {NAMES[Side.LEFT]}."
    return _asked(what, there, f"Unlink the two; then link {there.ref} to another record, or delete it in Jira.")


def _asked(what: str, there: Snapshot, remedy: str) -> Ending:
    return Ending("asking", f"{what} {there.ref} in {NAMES[Side.RIGHT]} was left alone.", remedy, CODE)


def _named(found: Sequence[Ref]) -> str:
    return " or ".join(f"the {ref.kind} {ref}" for ref in found)
