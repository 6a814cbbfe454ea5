"""The brake on emptied fields: what hooks and polls bring may empty a few records, not many without a person's word.

A sweep counts before it wakes anybody (sweep.py). A run knows its own pair alone, so runs count together, like deletes
do: whose write would empty one record too many within the brake's window leaves it alone and asks.
"""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.errors import NeedsPerson
from crosswalk.merge.decision import Decision
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.plan import Effect, Patch, changes_on
from crosswalk.merge.rules import Side
from crosswalk.sync.bridge import NAMES, Bridge

CODE = "L16"
WHERE = "on its page, on the integration's page, or with `crosswalk deletions`"
"""Where a person answers what a brake asks of a record."""
REMEDY = (
    f"Say whether they are to be emptied or kept: {WHERE}. If "
    "nobody meant to empty so many, bring the values back first, then press Retry."
)


def empties(decisions: Iterable[Decision], side: Side) -> bool:
    """Whether `decisions` empty a field on `side`."""
    return any(change.effect is Effect.EMPTIED for change in changes_on(side, decisions))


def let_through(bridge: Bridge, run: Run, pair: PairView, patches: Iterable[Patch]) -> None:
    """Raise NeedsPerson where one of `patches` empties something, and that wants a person's word."""
    emptied = {patch.side for patch in patches if patch.effect is Effect.EMPTIED}
    for side in Side:
        if side in emptied:
            _count(bridge, run, side)
        elif pair.state == "asking":
            bridge.ledger.erased(run, side, done=False)  # nothing is to be emptied there any more


def _count(bridge: Bridge, run: Run, side: Side) -> None:
    brake, name = bridge.book.brake(), NAMES[side]
    word, wanted, known = bridge.ledger.erasing(run, side, bridge.now() - brake.window)
    if word == "no":
        raise NeedsPerson(
            f"Fields are empty in {NAMES[side.other]}; what {name} holds stays: a person said so.",
            remedy=f"Bring the values back in {NAMES[side.other]}, or empty them in {name}; then press Retry.",
            code=CODE,
        )
    if not word and brake.stops(wanted, known):
        raise NeedsPerson(
            f"Fields of {wanted} of {known} records would be emptied in {name}; this one was left as it is.",
            remedy=REMEDY,
            code=CODE,
        )
