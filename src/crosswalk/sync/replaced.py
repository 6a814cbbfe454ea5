"""The brake on texts that are replaced: what hooks and polls bring may replace those of some records, not of masses.

A sweep counts before it wakes anybody (sweep.py). A run knows its own pair alone, so runs count together. Only texts
count that people wrote on both sides: a status, a sprint, a date or a rank changes by the hundred in a day's work. What
a person asked for does not count, and goes through (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.errors import NeedsPerson
from crosswalk.merge.brake import TEXTS, rewrites
from crosswalk.merge.decision import Decision
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.rules import Side
from crosswalk.sync.bridge import NAMES, Bridge

CODE = "L17"


def let_through(bridge: Bridge, run: Run, pair: PairView, decisions: Sequence[Decision]) -> None:
    """Raise NeedsPerson where `decisions` replace a text because of news of the other side, as in many records lately,
    or where it was stopped by that and no person spoke since.

    One small transaction where they do, and nothing is asked where they do not.
    """
    if pair.asked:
        return
    sides = tuple(Side) if pair.code == CODE else () if pair.news is None else (pair.news.other,)
    side = next((side for side in sides if any(rewrites(one, side) for one in decisions)), None)
    if side is None:
        return
    if pair.code == CODE:  # a person did not speak yet, however long ago it was stopped and whoever tells of it
        raise NeedsPerson(
            f"Texts were left as they are in {NAMES[side]} when those of many records were replaced there, and nobody "
            "said since that it is meant.",
            remedy=_remedy(side.other),
            code=CODE,
        )
    brake = bridge.book.brake()
    since = bridge.now() - brake.window
    count = bridge.ledger.replacing(run, side, since)
    if count <= TEXTS:
        return
    _, known = bridge.ledger.weigh(run, side, since)
    if brake.floods(count, known):
        here, there = NAMES[side], NAMES[side.other]
        raise NeedsPerson(
            f"Texts of {count - 1} of {known} records were replaced in {here} within "
            f"{round(brake.window.total_seconds() / 60)} minutes, as they were changed in {there}; this one was left "
            "as it is.",
            remedy=_remedy(side.other),
            code=CODE,
        )


def _remedy(source: Side) -> str:
    return (
        "If it is meant, press Retry (in the log: Retry all like it). If not, bring the texts back in "
        f"{NAMES[source]}, then press Retry."
    )
