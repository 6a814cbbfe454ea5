"""What a person reads about states and health: word, shape and tone. Pure; a page shows these and decides nothing.

State is said by word and shape; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from crosswalk.store.models import Connection, Integration, Pair
from crosswalk.store.pairs import differing, excepted, settled
from crosswalk.sync.explaining import APART, GONE
from crosswalk.sync.pair import HELD_BACK
from crosswalk.sync.pulse import mean
from crosswalk.sync.removed import ON_BOTH


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as it is shown: its word, the name of its shape in `icons.html`, its tone (a CSS class)."""

    word: str
    shape: str
    tone: str


NOT_SENT = Shown("Not sent", "ring", "quiet")
SENDING = Shown("Sending", "turning", "busy")
UPDATING = Shown("Updating", "turning", "busy")
SHUT = Shown("Waits for the connection", "clock", "warn")
KEPT = Shown("Kept until enabled", "pause", "quiet")
_STATES = {
    Pair.State.NEW: Shown("To be sent", "dots", "busy"),
    Pair.State.AGREED: Shown("In step", "tick", "good"),
    Pair.State.WAITING: Shown("Trying again", "clock", "busy"),
    Pair.State.ASKING: Shown("Needs a decision", "diamond", "warn"),
    Pair.State.PARKED: Shown("Stopped", "square", "bad"),
    Pair.State.GONE: Shown("Deleted on one side", "cross", "warn"),
}
EXCEPT: Final[Mapping[str, str]] = {"shape": "half", "tone": "quiet"}
"""How it is shown that two records, or those of an integration, are in step but for some fields."""
_SETTLED = replace(_STATES[Pair.State.GONE], tone="quiet")
_GONE_ON_BOTH = replace(_SETTLED, word="Deleted on both sides")
_HELD = {
    "paused": Shown("Paused", "pause", "quiet"),
    "ignored": Shown("Ignored", "ring", "quiet"),
    "unlinked": Shown("Unlinked", "cross", "quiet"),
}
_PAUSED_DUE = replace(_HELD["paused"], word="Paused, changes wait")


ON_THE_WAY = (Pair.State.NEW, Pair.State.AGREED, Pair.State.WAITING)
"""States of a pair that nobody has to do anything about, once it has something to carry."""


def refused_of(integration: Integration) -> Connection | None:
    """The connection of an integration over which nothing is sent, because its credential is refused."""
    return next((one for one in (integration.aha, integration.jira) if one.paused), None)


def resting(integration: Integration) -> Shown | None:
    """How a change is shown that is not carried now, whatever its record; None where changes are carried."""
    if refused_of(integration):
        return SHUT
    return None if integration.enabled else KEPT


def named(fields: Sequence[str], most: int = 3) -> str:
    """Some fields in one phrase: their names, the last of many only as a number."""
    if len(fields) > most:
        return f"{', '.join(fields[: most - 1])} and {len(fields) - most + 1} more fields"
    return " and ".join([", ".join(fields[:-1])] * (len(fields) > 1) + list(fields[-1:]))


def _in_step(pair: Pair) -> Shown:
    """One that is in step may differ in fields in which it did when it was joined: that is told apart."""
    shown, fields = _STATES[Pair.State.AGREED], excepted(pair)
    return Shown(f"{shown.word} except for {named(fields)}", **EXCEPT) if fields else shown


def also_apart(pair: Pair) -> str:
    """That the two records of one that needs somebody differ in other fields, too; else ""."""
    fields = differing(pair) if pair.state == Pair.State.ASKING and pair.dirty == pair.done and not pair.held else ()
    return f"differs in {named(fields)}, too" if fields else ""


def state_of(pair: Pair | None) -> Shown:
    """How the state of `pair` is shown; None is a record that was never sent."""
    if pair is None:
        return NOT_SENT
    if pair.held:
        waits = pair.held == "paused" and pair.left_id and pair.right_id and pair.dirty != pair.done
        return _PAUSED_DUE if waits else _HELD[pair.held]
    if pair.dirty != pair.done and (rests := resting(pair.integration)) and (rests is SHUT or pair.state in ON_THE_WAY):
        return rests
    if pair.dirty != pair.done and pair.state == Pair.State.NEW:
        return SENDING
    if pair.dirty != pair.done and pair.state == Pair.State.AGREED:
        return UPDATING
    if pair.state == Pair.State.AGREED:
        return _in_step(pair)
    if settled(pair):
        return _GONE_ON_BOTH if ON_BOTH in pair.reason else _SETTLED
    return _STATES[Pair.State(pair.state)]


# What is to happen to one field, by the verdicts of merge/decision.py.
_VERDICTS = {
    "unchanged": Shown("In step", "tick", "good"),
    "agreed": Shown("In step", "tick", "good"),
    "carry": Shown("To be carried", "turning", "busy"),
    "conflict": Shown("Conflict, solved", "diamond", "warn"),
    "ask": Shown("Needs a decision", "diamond", "warn"),
    "refused": Shown("Not carried", "square", "bad"),
    "apart": Shown("Left as it is", "half", "quiet"),
    "filled": Shown("In step", "tick", "good"),
    "skipped": Shown("Not compared", "ring", "quiet"),
    "inapplicable": Shown("Does not apply", "ring", "quiet"),
    "off": Shown("Switched off", "ring", "quiet"),
    "placed": Shown("Kept in order", "tick", "good"),
    "awaited": Shown("Reading…", "ring", "quiet"),
}


_TO_COME = ("carry", "conflict")
_KEPT_BACK = {"carry": Shown("To be carried", "pause", "quiet"), "conflict": Shown("Conflict", "pause", "quiet")}
_GOES_ON = {"paused": "Paused. When it goes on", "ignored": "Ignored. When it goes on"}


def verdict_of(name: str, pair: Pair | None = None) -> Shown:
    """How the verdict on a field is shown; of a `pair` that no run touches now, nothing moves and nothing is solved."""
    if name in _TO_COME and pair is not None and _goes_on(pair):
        return _KEPT_BACK[name]
    return _VERDICTS.get(name, Shown(name, "ring", "quiet"))


def why_of(line: Mapping[str, object], pair: Pair) -> str:
    """Why a field is carried or not; of a `pair` that no run touches now, what is to come once one does. Of a record
    that is gone it is said once, and not of each of its fields."""
    why, writes = str(line.get("why", "")), line.get("writes")
    if GONE in (line.get("left"), line.get("right")) and line["verdict"] == "skipped":
        return ""
    opens = _goes_on(pair) if line["verdict"] in _TO_COME else ""
    if not (opens and isinstance(writes, Sequence) and writes):
        return why
    if len(writes) > 1:
        return f"{opens}, each side takes what the other changed. {why}"
    source, target = ("Jira", "Aha!") if writes[0] == "left" else ("Aha!", "Jira")
    return f"{opens}, {target} takes {source}'s value. {why}"


def remedy_of(line: Mapping[str, object], pair: Pair) -> str:
    """What a person can do about a field; of one that is left as it is, from when on a change of it is carried."""
    remedy = str(line.get("remedy", ""))
    opens = _goes_on(pair) if line["verdict"] == APART else ""
    return f"{opens}, {remedy[:1].lower()}{remedy[1:]}" if opens and remedy else remedy


_WHOLE: Final = ("L1", "L8", "L16", "L17")
"""Codes of what is decided about a record as a whole: none of its fields is carried before."""


def _goes_on(pair: Pair) -> str:
    """The beginning of a sentence about what is to come, where no run touches the pair now; else ""."""
    if pair.held:
        return _GOES_ON.get(pair.held, "")
    if pair.state == Pair.State.ASKING and (pair.code in _WHOLE or pair.reason == HELD_BACK.reason):
        return "It waits for a decision. When it goes on"
    rests = resting(pair.integration)
    return {SHUT: "Once the connection works", KEPT: "Once the integration is enabled"}[rests] if rests else ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs of an integration: `due` have something to carry, `attention` wait for a person, a person `paused` others.
    Of the agreed ones, `apart` differ in a field, and of those that wait for a person `besides` in another one."""

    total: int = 0
    agreed: int = 0
    due: int = 0
    attention: int = 0
    error: int = 0
    apart: int = 0
    paused: int = 0
    besides: int = 0

    @property
    def excepted(self) -> str:
        """How many differ in a field, those in step and others, in words; "" for none."""
        one = self.besides == 1
        need = f"{'needs' if one else 'need'} you"
        if self.apart and self.besides:
            who = f"{self.apart + self.besides} records differ in a field that was left as it is"
            return f"{who}: {self.apart} of the {self.agreed} in step, {self.besides} {need} for another"
        if self.besides:
            what = "record that needs you differs" if one else "records that need you differ"
            return f"{self.besides} {what} in a field, too"
        if not self.apart:
            return ""
        many = f"{self.apart} of the {self.agreed}"
        if self.apart == self.agreed:
            many = "The one record" if self.apart == 1 else f"All {self.agreed}"
        differ = "differs" if self.apart == 1 else "differ"
        return f"{many} in step {differ} in a field that was left as it is"


@dataclass(frozen=True, slots=True)
class Health:
    """One integration at a glance. `since` is when both sides were last found in step, shown behind the word."""

    word: str
    shape: str
    tone: str
    since: datetime | None = None
    trouble: str = ""
    remedy: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is excepted where it says that all is in step."""
        return self.shape != EXCEPT["shape"]


@dataclass(frozen=True, slots=True)
class Next:
    """What a person does next about an integration: a sentence, and the page to do it on with the word of its link."""

    says: str
    label: str = ""
    route: str = ""
    query: str = ""


def goes_on(*, enabled: bool, refused: bool, stopped: bool) -> str:
    """When an integration that does not work goes on; a `refused` credential is not tried by itself."""
    if not enabled:
        return "It goes on once that is mended and it is enabled."
    if stopped:
        return "It goes on once that is mended and what would change is approved."
    return f"It goes on {'once that test succeeds' if refused else 'by itself once that is mended'}."


def next_of(*, began: bool | None, ill: str, stopped: bool, counts: Counts, conflicts: int, silent: bool) -> Next:
    """What to do next: about the worst thing, as `health` says it. `began` is None for one that is enabled.

    `ill` says of one that does not work when it goes on.
    """
    table = (
        (stopped, Next("See what would change, then approve it or pause it.", "Look at it", "integration")),
        (bool(ill), Next(ill, "Connections", "connections")),
        (
            began is False,
            Next("Go on where the set-up stands.", "Go on with the set-up", "integration-setup"),
        ),
        (began is True, Next("Changes are kept; enable it to carry them.", "Enable it", "integration-setup")),
        (bool(conflicts), Next("Say which value counts.", "Decide", "integration-conflicts")),
        (
            bool(counts.attention),
            Next("Each says what to do about it.", "Look at them", "integration", "?state=attention"),
        ),
        (bool(counts.due), Next("Nothing to do: it carries them by itself.")),
        (not counts.total, Next("Send the first feature.", "Choose records", "integration")),
        (silent, Next("Changes are found by polling, only slower.", "Look at the webhooks", "integration-setup")),
    )
    return next((found for holds, found in table if holds), Next("Nothing to do for what was sent."))


def summed_up(said: Sequence[Health]) -> Health:
    """All integrations in one sentence: how many are not in step, the worst first."""
    if all(each.tone == "quiet" for each in said):
        return Health("Nothing is carried yet", "ring", "quiet")
    for tone, shape, one, many in _SUMS:
        found = sum(each.tone == tone for each in said)
        if found:
            return Health(one if found == 1 else many.format(found), shape, tone)
    most = "Everything" if all(each.tone == "good" for each in said) else "Everything that is sent"
    if all(each.whole for each in said):
        return Health(f"{most} is in step", "tick", "good")
    return Health(f"{most} is in step except for fields that were left as they are", EXCEPT["shape"], "good")


_SUMS = (
    ("bad", "square", "One integration is not working", "{} integrations are not working"),
    ("warn", "diamond", "One integration needs you", "{} integrations need you"),
    ("busy", "turning", "One integration is carrying changes", "{} integrations are carrying changes"),
)


_MEND = "Mend it under Connections and press Test connection; the log tells when it began."
_LOOK = "Test connection, under Connections, tells what is wrong; the log tells when it began."
_AS_WELL = {
    "paused": "It is paused as well: enable it afterwards.",
    "not enabled": "It is not enabled yet, either.",
    "stopped": "It is stopped as well: see afterwards what would change.",
}


def ill(trouble: str, *, refused: bool, besides: str = "") -> Health:
    """That an integration does not work; `refused`: because of its credential. `besides`: what keeps it, too."""
    remedy = " ".join(filter(None, (_MEND if refused else _LOOK, _AS_WELL.get(besides, ""))))
    return Health("Not working", "square", "bad", trouble=trouble, remedy=remedy)


def health(*, enabled: bool, began: bool, counts: Counts, proved_at: datetime | None) -> Health:
    """What to say about an integration that works: the worst thing first."""
    if not enabled:
        if not began:
            return Health("Not enabled yet", "ring", "quiet", remedy="No record is written before it is enabled.")
        return Health("Paused", "pause", "quiet", remedy="Changes are kept until it is enabled again.")
    if counts.attention:
        records = "record needs" if counts.attention == 1 else "records need"
        differ = f", {counts.apart} differ{'s' if counts.apart == 1 else ''} in a field" if counts.apart else ""
        return Health(f"{counts.attention} {records} you{differ}", "diamond", "warn")
    if counts.due:
        return Health(f"Carrying {counts.due} change{'' if counts.due == 1 else 's'}", "turning", "busy")
    if not counts.total:
        return Health("Ready", "ring", "quiet", remedy="Nothing has been sent yet.")
    if counts.apart:
        records = "record" if counts.apart == 1 else "records"
        word = f"In step except for fields of {counts.apart} {records}{', proven' if proved_at else ''}"
        return Health(word, EXCEPT["shape"], "good", since=proved_at)
    if proved_at is None:
        return Health("In step", "tick", "good")
    return Health("In step, proven", "tick", "good", since=proved_at)


def delay_of(values: Sequence[float | None]) -> str:
    """The mean of delays by hour; "" where no hook led to a write."""
    seconds = mean(values)
    return "" if seconds is None else f"{seconds:.1f} s from hook to write"
