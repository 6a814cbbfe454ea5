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
from crosswalk.sync.bridge import NAMES, Bridge

CODE = "L17"


def let_through(bridge: Bridge, run: Run, pair: PairView, decisions: Sequence[Decision]) -> None:
    """Raise NeedsPerson where `decisions` replace a text because of news of the other side, as in many records lately.

    One small transaction where they do, and nothing is asked where they do not.
    """
    if pair.news is None or pair.asked or not any(rewrites(one, pair.news.other) for one in decisions):
        return
    side, brake = pair.news.other, bridge.book.brake()
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
            remedy="If it is meant, press Retry (in the log: Retry all like it). If not, bring the texts back in "
            f"{there}, then press Retry.",
            code=CODE,
        )
