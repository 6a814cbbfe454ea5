"""Bugs planted in the product, each as somebody could write it; the simulator has to find every one by chance.

Those of the live machine (tests/path/live/bugs.py), and those that only a store, an engine and a process can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from crosswalk.errors import TooMany
from crosswalk.merge.records import untold
from crosswalk.merge.rules import Direction, Rule
from crosswalk.sync.bridge import Bridge
from tests.path.live.bugs import BUGS as LIVE
from tests.path.live.bugs import both
from tests.path.matrix.bugs import Around, on


class Unfenced(Around):
    """Whoever asks owns the pair: an overtaken run goes on writing."""

    def guard(self, run: Any) -> None:
        """Never refuses."""

    def note(self, run: Any, pair_id: int, entries: Any, *, landed: bool = False) -> None:
        """Its lines are left out, so that no other part of the ledger refuses it either."""


class NoIntent(Around):
    """A create is not written down before it is sent."""

    def sending(self, run: Any, sent: Any, at: Any) -> None:
        """Forgotten."""


class LostAnswerBelieved(Around):
    """429 is taken for success: what was to be written counts as written."""

    def update(self, ref: Any, changes: Any, told: Any = untold) -> Any:
        try:
            return self.real.update(ref, changes, told)
        except TooMany:
            from crosswalk.merge.records import Wrote

            return Wrote(self.real.read([ref])[ref])


class Silent(Around):
    """Nothing is written into the journal."""

    def note(self, run: Any, pair_id: int, entries: Any, *, landed: bool = False) -> None:
        """Forgotten."""


class Forgetful(Around):
    """Whatever woke the pair while it ran counts as seen."""

    def settle(self, run: Any, *rest: Any) -> None:
        from crosswalk.store.models import Pair

        dirty = Pair.objects.values_list("dirty", flat=True).get(pk=run.pair_id)
        self.real.settle(replace(run, seen=dirty), *rest)


class GivesUp(Around):
    """What has to wait is held to be done."""

    def postpone(self, run: Any, *_: Any, **__: Any) -> None:
        self.real.settle(run, "agreed")


class OneWay(Around):
    """What may travel both ways travels to Jira alone."""

    def rules(self, *args: Any) -> tuple[Rule, ...]:
        both_ways = Direction.BOTH
        return tuple(
            replace(rule, direction=Direction.TO_RIGHT) if rule.direction is both_ways else rule
            for rule in self.real.rules(*args)
        )


def impatient(bridge: Bridge) -> Bridge:
    """A search that knows nothing yet is believed at once."""
    return replace(bridge, lag=timedelta(0))


BUGS: Mapping[str, Callable[[Bridge], Bridge]] = {
    **{name: bug for name, bug in LIVE.items() if name not in ("a poll is deaf", "what was read once is believed")},
    "no fence": on("ledger", Unfenced),
    "no intent": on("ledger", NoIntent),
    "a 429 is taken for success": both(LostAnswerBelieved),
    "nothing in the journal": on("ledger", Silent),
    "what came during a run is forgotten": on("ledger", Forgetful),
    "what has to wait is given up": on("ledger", GivesUp),
    "an early search is believed": impatient,
    "what Jira changes is not carried": on("book", OneWay),
}
