"""Writes on one side what a person chose in the history: a value is put back, a run undone. The next run carries it.

A status may take several transitions. So that no run takes a step for somebody's edit, the pair's runs wait meanwhile,
and each step is kept before it is taken, as runs do (merge/unconfirmed.py): an issue that is left on its way goes back
to what the other side holds, and the person is told that it was not put back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from crosswalk.errors import Overtaken, Refused
from crosswalk.merge.plan import Patch
from crosswalk.merge.records import Wrote
from crosswalk.merge.unconfirmed import stepping
from crosswalk.merge.values import Choice
from crosswalk.sync.bridge import Bridge

LONGEST: Final = timedelta(minutes=1)
"""How long runs wait at most, should this process be gone before it wakes them."""


def write(bridge: Bridge, pair_id: int, patch: Patch) -> Wrote:
    """Write `patch`, an update of one record of the pair. Whoever asked for it wakes the pair.

    Raises RemoteError, and Refused where somebody had the pair run meanwhile.
    """
    side = bridge.side(patch.side)
    assert patch.ref is not None
    stepwise = {change.field: change for change in patch.changes if change.field in side.stepwise}
    if not stepwise:
        return side.update(patch.ref, patch.fields)
    run, pair = bridge.ledger.begin(pair_id)
    if not pair.held:
        bridge.ledger.wake(run, pair_id)
        bridge.ledger.postpone(run, bridge.now() + LONGEST, "A value is being put back.", failed=False)

    def told(name: str, there: frozenset[Choice]) -> None:
        change = stepwise[name]
        base = stepping(pair.base, change.rule, {patch.side: change.new}, there - {change.old})
        bridge.ledger.agree(run, pair_id, base)

    try:
        return side.update(patch.ref, patch.fields, told)
    except Overtaken:
        words = f"{patch.ref} was synchronised meanwhile, before all was put back."
        raise Refused(words, remedy="Look at it again, then put it back.") from None
