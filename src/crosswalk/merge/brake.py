"""The brake on deletes, on emptied fields and on replaced texts: may that be done without a person's word? Pure.

A delete waits a little before it is done, so that many at once are seen as many; then it is counted with all that were
wanted or done on that side lately. Too many of an integration's pairs want a person's word (invariant I11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from crosswalk.merge.decision import Decision
from crosswalk.merge.plan import DEFAULT_LIMITS
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Rich

TEXTS: Final = 100
"""Records of which a text may be replaced within the window, however few there are: so many a person does by hand."""
EMPTIED: Final = 10
"""Records of which fields may be emptied within the window, however few there are."""


class Step(StrEnum):
    """What becomes of a delete that is wanted."""

    WAIT = "wait"
    ASK = "ask"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Removal:
    """A delete that is wanted on `side`: since when, and a person's `word` on it ("yes", "no", or "" for none yet).

    With `doubt` nobody knows whether the counterpart was deleted or is hidden: a person says it; it does not count.
    """

    side: Side
    since: datetime
    word: str = ""
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Brake:
    """How many deletes are done without a person's word: a share of the known pairs within `window`, and a number
    always allowed. `pause` is how long each waits for others to be seen beside it."""

    share: float = 0.05
    least: int = 2
    window: timedelta = timedelta(hours=1)
    pause: timedelta = timedelta(minutes=1)

    def step(self, removal: Removal, now: datetime, wanted: int, known: int) -> Step:
        """What becomes of `removal`, one of `wanted` deletes of `known` pairs that nobody has spoken about."""
        if removal.word == "no":
            return Step.KEEP
        if removal.word == "yes":
            return Step.DELETE
        if now - removal.since < self.pause:
            return Step.WAIT
        return Step.ASK if wanted > max(self.least, self.share * known) else Step.DELETE

    def stops(self, emptied: int, known: int) -> bool:
        """Whether so many of `known` pairs are not emptied on a side without a person's word."""
        return emptied > max(self.least, EMPTIED, self.share * known)

    def floods(self, replaced: int, known: int) -> bool:
        """Whether texts of so many of `known` pairs are not replaced on a side without a person's word; a plan may
        replace the same share."""
        return replaced > max(TEXTS, DEFAULT_LIMITS.share * known)


def rewrites(decision: Decision, side: Side) -> bool:
    """Whether `decision` replaces a text on `side` by another text from across: words that people wrote."""
    new, old, source = decision.write.get(side), decision.value(side), decision.value(side.other)
    texts = all(isinstance(one, str | Rich) and one for one in (new, old, source))
    return texts and new != old and not decision.rule.mark
