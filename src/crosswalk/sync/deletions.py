"""The deletes of an integration that the brake stopped: what they are, and what a person says to them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from crosswalk.errors import Refused
from crosswalk.merge.brake import EMPTIED as EMPTIED_AT_LEAST
from crosswalk.merge.brake import Brake
from crosswalk.merge.pairs import Entry
from crosswalk.merge.rules import Side
from crosswalk.store import journal, pairs, removals
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import saying
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.installation import current
from crosswalk.sync.maplines import USUAL_BRAKE
from crosswalk.sync.mapping import MappingRefused, parse
from crosswalk.sync.waking import Cause, wake

WORDS = {"yes": "Delete them", "no": "Keep them"}
EMPTIED = {"yes": "Empty them", "no": "Keep them"}
DOUBTED = {"yes": "They were deleted", "no": "Keep them"}
OF_ONE = {
    WORDS["yes"]: {"yes": "Delete it", "no": "Keep it"},
    DOUBTED["yes"]: {"yes": "It was deleted", "no": "Keep it"},
}
"""The same words where they are about one record; fields that are emptied are several all the same."""


@dataclass(frozen=True, slots=True)
class About:
    """What an answer is about: what waits on `side`.

    With `doubt` it is about those of which nobody knows whether they were deleted: "yes", they were. With `emptied` it
    is about those of which fields are to be emptied. Where `last` is given it is about none that is newer: what was not
    shown was not meant. Where `pair` is given it is about that pair alone.
    """

    side: Side
    doubt: bool = False
    emptied: bool = False
    last: int | None = None
    pair: int | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The deletes on one side that wait for a person's word, of `known` pairs.

    With `doubt` the counterparts may be hidden and not deleted, and nobody knows. With `emptied` no record is deleted:
    fields are emptied.
    """

    side: Side
    pairs: tuple[Pair, ...]
    known: int
    doubt: bool = False
    brake: Brake = USUAL_BRAKE
    emptied: bool = False
    last: int = 0  # the newest of them: an answer is about these, and not about what comes after

    @property
    def about(self) -> About:
        """What an answer to exactly these is about."""
        return About(self.side, self.doubt, self.emptied, self.last)

    @property
    def kind(self) -> str:
        """What kind of question it is, in a command's word."""
        return "doubts" if self.doubt else "emptied" if self.emptied else "deletes"

    @property
    def where(self) -> str:
        """The side that it is about, in a command's word."""
        return "aha" if self.side is Side.LEFT else "jira"

    @property
    def question(self) -> str:
        """In one sentence."""
        count = len(self.pairs)
        if self.doubt:
            records = "1 record is" if count == 1 else f"{count} records are"
            return f"{records} not shown in {NAMES[self.side.other]} any more: deleted, or hidden from the account?"
        if self.emptied:
            return f"Fields of {count} of {self.known} records would be emptied in {NAMES[self.side]}: approve?"
        here, there = NAMES[self.side], NAMES[self.side.other]
        if count == 1:
            lost, stays = self.pairs[0].left_key, self.pairs[0].right_key
            lost, stays = (stays, lost) if self.side is Side.LEFT else (lost, stays)
            return f"{lost} was deleted in {there}: delete {stays} in {here}, too?"
        return f"{count} of {self.known} records were deleted in {there}: delete them in {here}, too?"

    @property
    def words(self) -> dict[str, str]:
        """What a person may say, as the buttons are called."""
        return _called(_words(doubt=self.doubt, emptied=self.emptied), len(self.pairs))

    @property
    def rule(self) -> str:
        """Why it waits, in one sentence."""
        return IN_DOUBT if self.doubt else rule_of_emptied(self.brake) if self.emptied else rule(self.brake)

    @property
    def names(self) -> tuple[str, ...]:
        """The records that would be deleted or emptied; those in doubt by what does not show any more."""
        shown = self.side.other if self.doubt else self.side
        keys = [one.left_key if shown is Side.LEFT else one.right_key for one in self.pairs]
        return tuple(f"{key} {one.title}".strip() for key, one in zip(keys, self.pairs, strict=True))


IN_DOUBT = (
    "Jira says neither by itself: it tells of a deleted issue only in a hook (jira:issue_deleted), and answers alike "
    "for one that is hidden. “They were deleted” does what the mapping says; where it asks, that is the next question."
)


def stopped(integration: Integration, pair: Pair | None = None) -> list[Stopped]:
    """What waits for a person's word, by side; of one `pair`, or of all."""
    waiting = removals.waiting(integration.pk)
    rows = list(waiting if pair is None else waiting.filter(pair=pair))
    if not rows:
        return []
    known, brake = Pair.objects.filter(integration=integration).count(), USUAL_BRAKE
    with suppress(MappingRefused):  # what is wrong with it is said where it is used
        brake = parse(integration.mapping).brake
    found = []
    for side in Side:
        for doubt, emptied in ((False, False), (True, False), (False, True)):
            if some := [row for row in rows if (row.side, row.doubt, row.emptied) == (side.value, doubt, emptied)]:
                pairs_of, last = tuple(row.pair for row in some), max(row.pk for row in some)
                found.append(Stopped(side, pairs_of, known, doubt, brake, emptied, last))
    return found


def answered(about: About, word: str, count: int) -> str:
    """What follows from an answer to so many records, in one sentence."""
    records = "1 record" if count == 1 else f"{count} records"
    are = "is" if count == 1 else "are"
    if word == "no":
        return f"{records} {are} kept."
    if about.doubt:
        return f"What the mapping says is done for {records}."
    return f"Fields of {records} are being emptied." if about.emptied else f"{records} {are} being deleted."


def _words(*, doubt: bool, emptied: bool) -> dict[str, str]:
    return DOUBTED if doubt else EMPTIED if emptied else WORDS


def _called(words: dict[str, str], count: int) -> dict[str, str]:
    """What the buttons are called where they are about so many records."""
    return OF_ONE.get(words["yes"], words) if count == 1 else words


def answer(integration: Integration, about: About, word: str, person: str) -> int:
    """A person's word ("yes": delete them, "no": keep them) on what waits. How many records it is about.

    Raises Refused where nothing waits for it any more.
    """
    here, side = current(), about.side
    rows = removals.waiting(integration.pk).filter(side=side.value, doubt=about.doubt, emptied=about.emptied)
    rows = rows if about.last is None else rows.filter(pk__lte=about.last)
    chosen = removals.say(rows if about.pair is None else rows.filter(pair_id=about.pair), word, person)
    if not chosen:
        raise Refused(
            "Nothing waits for this answer any more: somebody gave one, or the records came back.",
            remedy="Nothing was done now; see the history of the records.",
        )
    said = _called(_words(doubt=about.doubt, emptied=about.emptied), len(chosen))[word]
    line = Entry(f"“{said}” was pressed.", why=saying.asked(person), side=side)
    for pair_id in chosen:
        journal.append(integration.pk, [line], here.now(), pair_id=pair_id, person=person)
    pairs.retry(chosen, here.now())
    wake(here.engine, chosen, here.now(), urgent=True, cause=Cause(f"{person} (an answer about deletes)"))
    return len(chosen)


def rule_of_emptied(brake: Brake) -> str:
    """When it is stopped that fields are emptied, in one sentence."""
    minutes = round(brake.window.total_seconds() / 60)
    return (
        f"Fields are not emptied in more than {max(brake.least, EMPTIED_AT_LEAST)} records, and more than "
        f"{brake.share:.0%} of the integration's, within {minutes} minutes without a person's word."
    )


def rule(brake: Brake) -> str:
    """When deletes are stopped, in one sentence."""
    minutes = round(brake.window.total_seconds() / 60)
    return (
        f"Deletes are stopped where more than {brake.least} records, and more than {brake.share:.0%} of the "
        f"integration's, would go within {minutes} minutes, where somebody changed the record since, or where the "
        "mapping asks."
    )
