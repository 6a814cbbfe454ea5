"""A record that was moved to another workspace or project: its pair goes along where an integration exists for it."""

from __future__ import annotations

from crosswalk.errors import NeedsPerson
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.sync.after import Ending
from crosswalk.sync.bridge import NAMES, Bridge

STRAYED = "L8"
PLACES = {Side.LEFT: "workspace", Side.RIGHT: "project"}


class Moved(NeedsPerson):
    """The record on `side` is in another workspace or project now, called `there`; a `new` one was never in this."""

    def __init__(self, side: Side, ref: Ref, there: str, home: str, *, new: bool = False) -> None:
        place = PLACES[side]
        super().__init__(
            f"{ref} {'is in' if new else 'was moved to'} the {place} {there} in {NAMES[side]}, which no integration "
            f"joins with this one's other side; or the {place} {home} has another key now.",
            remedy=(
                f"{'Ignore it' if new else 'Move it back'}; or make and enable an integration for {there}, then press "
                "Retry; or unlink the two. A change of the key is noticed by itself within half an hour, or when you "
                "load the project data."
            ),
            code=STRAYED,
        )
        self.side, self.ref, self.there = side, ref, there


def at_home(bridge: Bridge, side: Side, ref: Ref, *, new: bool = False) -> None:
    """Raise Moved for a record that is in another workspace or project; a `new` one has no counterpart yet."""
    if there := bridge.strayed(side, ref):
        raise Moved(side, ref, there, bridge.homes[side], new=new)


def go_along(bridge: Bridge, run: Run, pair: PairView, moved: Moved) -> Ending | None:
    """Give the pair to the integration for where its record is now; None where there is none."""
    name = bridge.ledger.follow(run, moved.side, moved.there)
    if not name:
        return None
    bridge.ledger.wake(run, pair.id)
    what = f"{moved.ref} was moved to the {PLACES[moved.side]} {moved.there} in {NAMES[moved.side]}."
    bridge.ledger.note(run, pair.id, [Entry(what, why=f"It goes on in the integration “{name}”.", side=moved.side)])
    return Ending("new", reason=f"It goes on in the integration “{name}”.", wakes=(pair.id,))
