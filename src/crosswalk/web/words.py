"""What a person reads about states and health: word, shape and tone. Pure; a page shows these and decides nothing.

State is said by word and shape; colour only repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crosswalk.store.models import Pair


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as it is shown: its word, the name of its shape in `icons.html`, its tone (a CSS class)."""

    word: str
    shape: str
    tone: str


NOT_SENT = Shown("Not sent", "ring", "quiet")
SENDING = Shown("Sending", "turning", "busy")
UPDATING = Shown("Updating", "turning", "busy")
_STATES = {
    Pair.State.NEW: Shown("To be sent", "dots", "busy"),
    Pair.State.AGREED: Shown("In step", "tick", "good"),
    Pair.State.WAITING: Shown("Trying again", "clock", "busy"),
    Pair.State.ASKING: Shown("Needs a decision", "diamond", "warn"),
    Pair.State.PARKED: Shown("Stopped", "square", "bad"),
    Pair.State.GONE: Shown("Deleted on one side", "cross", "warn"),
}
_HELD = {
    "paused": Shown("Paused", "pause", "quiet"),
    "ignored": Shown("Ignored", "ring", "quiet"),
    "unlinked": Shown("Unlinked", "cross", "quiet"),
}


def state_of(pair: Pair | None) -> Shown:
    """How the state of `pair` is shown; None is a record that was never sent."""
    if pair is None:
        return NOT_SENT
    if pair.held:
        return _HELD[pair.held]
    if pair.dirty != pair.done and pair.state == Pair.State.NEW:
        return SENDING
    if pair.dirty != pair.done and pair.state == Pair.State.AGREED:
        return UPDATING
    return _STATES[Pair.State(pair.state)]


# What is to happen to one field, by the verdicts of merge/decision.py.
_VERDICTS = {
    "unchanged": Shown("In step", "tick", "good"),
    "agreed": Shown("In step", "tick", "good"),
    "carry": Shown("To be carried", "turning", "busy"),
    "conflict": Shown("Conflict, solved", "diamond", "warn"),
    "ask": Shown("Needs a decision", "diamond", "warn"),
    "refused": Shown("Not carried", "square", "bad"),
    "apart": Shown("Not carried yet", "diamond", "warn"),
    "skipped": Shown("Not compared", "ring", "quiet"),
}


def verdict_of(name: str) -> Shown:
    """How the verdict on a field is shown."""
    return _VERDICTS.get(name, Shown(name, "ring", "quiet"))


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs of an integration: `due` have something to carry, `attention` wait for a person."""

    total: int = 0
    agreed: int = 0
    due: int = 0
    attention: int = 0
    error: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """One integration at a glance. `since` is when both sides were last found in step, shown behind the word."""

    word: str
    shape: str
    tone: str
    since: datetime | None = None
    trouble: str = ""
    remedy: str = ""


def health(*, enabled: bool, began: bool, trouble: str, counts: Counts, proved_at: datetime | None) -> Health:
    """What to say about an integration: the worst thing first."""
    if trouble:
        remedy = "Mend it under Connections and press Test connection, or look into the log."
        return Health("Not working", "square", "bad", trouble=trouble, remedy=remedy)
    if not enabled:
        if not began:
            return Health("Not enabled yet", "ring", "quiet", remedy="Nothing is written before it is enabled.")
        return Health("Paused", "pause", "quiet", remedy="Changes are kept until it is enabled again.")
    if counts.attention:
        records = "record needs" if counts.attention == 1 else "records need"
        return Health(f"{counts.attention} {records} you", "diamond", "warn")
    if counts.due:
        return Health(f"Carrying {counts.due} change{'' if counts.due == 1 else 's'}", "turning", "busy")
    if not counts.total:
        return Health("Ready", "ring", "quiet", remedy="Nothing has been sent yet.")
    if proved_at is None:
        return Health("In step", "tick", "good")
    return Health("In step at", "tick", "good", since=proved_at)
