"""How a run ends, and what an error means for a pair. Decides; the caller tells the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk.merge.pairs import Entry

FIRST, FACTOR, LONGEST = 2.0, 3.0, 900.0  # seconds: 2, 6, 18, 54, ... at most a quarter of an hour
DECIDE = "Decide it on the page Conflicts."  # then it is carried by itself
PEOPLE, RETRY = "the page People", "Then press Retry."
UNHEALTHY = (errors.NotSignedIn, errors.Untrusted, errors.Unreachable)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: the pair's state, why, and what a person can do.

    `wait` (seconds) is set when it is to be run again: None lets the number of tries decide. `trouble` says that not
    the pair but its connection is ill. `wakes` names pairs that are to be run now. `told` says that the journal has
    lines about it already; `looked` that a side showed what is not believed before it was seen some more times.
    """

    state: str
    reason: str = ""
    remedy: str = ""
    code: str = ""
    wait: float | None = None
    trouble: bool = False
    wakes: tuple[int, ...] = ()
    told: bool = False
    looked: bool = False

    @classmethod
    def asking(cls, lines: Sequence[Entry]) -> Ending:
        """Some values were not carried: the pair says what the journal's `lines` about them say."""
        remedy = " ".join(dict.fromkeys(line.remedy for line in lines if line.remedy))
        if "Retry" not in remedy and remedy != DECIDE:
            # Who says on the page People who somebody is has what waits for it looked at again.
            then = "Once said there, it is tried again by itself; else press Retry." if PEOPLE in remedy else RETRY
            remedy = f"{remedy} {then}".strip()
        reason = " ".join(f"{line.what} {line.why}".strip() for line in lines)
        return cls("asking", reason, remedy, lines[0].code, told=True)

    @classmethod
    def overtaken(cls) -> Ending:
        """Another run owns the pair; this one has nothing to say."""
        return cls("overtaken")

    def entry(self) -> Entry:
        """The journal's line about it."""
        level = "warning" if self.state in ("waiting", "asking") else "error"
        return Entry(self.reason, level=level, remedy=self.remedy, code=self.code)

    def delay(self, tries: int, chance: float) -> float:
        """Seconds until the next run, after `tries` runs in a row that ended like this."""
        return self.wait if self.wait is not None else backoff(tries, chance)


def backoff(tries: int, chance: float) -> float:
    """Seconds after try number `tries` (from 1), spread by `chance` (0 to 1) so that many pairs do not come at once."""
    return min(FIRST * FACTOR ** min(max(0, tries - 1), 10), LONGEST) * (0.5 + chance)


def after_error(error: CrosswalkError) -> Ending:
    """What becomes of a pair whose run met `error`. One line per situation."""
    # The limit is reached: exactly as long as the server asks.
    if isinstance(error, errors.TooMany):
        return _ending("waiting", error, wait=max(error.wait, 0.5))
    # The connection is ill: every pair of it waits, none is given up.
    if isinstance(error, UNHEALTHY):
        return _ending("waiting", error, trouble=True)
    # A side answered with what is older than what it said before.
    if isinstance(error, errors.Outdated):
        return replace(_ending("waiting", error), looked=True)
    # The server or the network had a bad moment.
    if error.retryable:
        return _ending("waiting", error)
    # A person has to choose.
    if isinstance(error, errors.NeedsPerson):
        return _ending("asking", error)
    # Only a person can mend it; the others go on.
    return _ending("parked", error)


def _ending(state: str, error: CrosswalkError, *, wait: float | None = None, trouble: bool = False) -> Ending:
    return Ending(state, error.message, error.remedy, error.code, wait, trouble)
