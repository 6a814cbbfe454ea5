"""The deletes of an integration that the brake stopped: what they are, and what a person says to them."""

from __future__ import annotations

from dataclasses import dataclass

from crosswalk.merge.brake import BRAKE
from crosswalk.merge.pairs import Entry
from crosswalk.merge.rules import Side
from crosswalk.store import journal, pairs, removals
from crosswalk.store.models import Integration, Pair
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.installation import current
from crosswalk.sync.waking import Cause, wake

WORDS = {"yes": "Delete them", "no": "Keep them"}


@dataclass(frozen=True, slots=True)
class Stopped:
    """The deletes on one side that wait for a person's word, of `known` pairs."""

    side: Side
    pairs: tuple[Pair, ...]
    known: int

    @property
    def question(self) -> str:
        """In one sentence."""
        count = len(self.pairs)
        return f"{count} of {self.known} records would be deleted in {NAMES[self.side]}: approve?"

    @property
    def names(self) -> tuple[str, ...]:
        """The records that would be deleted."""
        keys = [one.left_key if self.side is Side.LEFT else one.right_key for one in self.pairs]
        return tuple(f"{key} {one.title}".strip() for key, one in zip(keys, self.pairs, strict=True))


def stopped(integration: Integration) -> list[Stopped]:
    """What waits for a person's word, by side."""
    rows = list(removals.waiting(integration.pk))
    found = {side: tuple(row.pair for row in rows if row.side == side.value) for side in Side}
    known = Pair.objects.filter(integration=integration).count() if rows else 0
    return [Stopped(side, waiting, known) for side, waiting in found.items() if waiting]


def answer(integration: Integration, side: Side, word: str, person: str) -> int:
    """A person's word ("yes": delete them, "no": keep them) on what waits on `side`. How many records it is about."""
    here = current()
    chosen = removals.say(removals.waiting(integration.pk).filter(side=side.value), word, person)
    line = Entry(f"“{WORDS[word]}” was pressed.", why=f"{person} asked for it.", side=side)
    for pair_id in chosen:
        journal.append(integration.pk, [line], here.now(), pair_id=pair_id, person=person)
    pairs.retry(chosen, here.now())
    wake(here.engine, chosen, here.now(), urgent=True, cause=Cause(f"{person} (an answer about deletes)"))
    return len(chosen)


def rule() -> str:
    """When deletes are stopped, in one sentence."""
    minutes = round(BRAKE.window.total_seconds() / 60)
    return (
        f"Deletes are stopped where more than {BRAKE.least} records, and more than {BRAKE.share:.0%} of the "
        f"integration's, would go within {minutes} minutes, or where somebody changed the record since."
    )
