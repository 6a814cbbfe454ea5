"""What both sides held when one record was made from another: the base of a pair whose first run did not end.

That run was killed, or the answer to its create was lost, before the new record was read back. Whatever people did
since is told apart from what was sent by what the new record holds now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crosswalk.merge.decision import Base, Decision, Held
from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.text import same_words
from crosswalk.merge.values import Maybe

PLAIN = (str, Decimal, date)  # a datetime is a date
"""What a server stores as it was sent, or refuses: it puts nothing of its own in the place of one that is there."""

NOTHING = Held.agreed(left=None, right=None)


@dataclass(frozen=True, slots=True)
class Birth:
    """A record was made on `side`; `sent` is what its source held, and what the create said, by rule."""

    side: Side
    sent: Base


def sent_with(target: Side, brought: Iterable[Decision]) -> dict[str, Held]:
    """What a create on `target` says, and what it was made from."""
    found = {}
    for one in brought:
        if target in one.write:
            ends = {target: one.write[target], target.other: one.value(target.other)}
            found[one.name] = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT], fields=one.rule.fields)
    return found


def base_from(birth: Birth, ends: tuple[Snapshot, Snapshot], rules: Iterable[Rule]) -> dict[str, Held]:
    """The base that `birth` gives two records as they were read, for those rules of which it is sure.

    It is where the new record holds what was sent, a long text in whatever form the server keeps it; and where it holds
    other plain text, a number or a date: then a person changed that. Everything else the server may have left out, or
    put there by itself.
    """
    made = ends[list(Side).index(birth.side)]
    found = {}
    for rule in rules:
        held, side, now = birth.sent.get(rule.name), birth.side, made.get(rule.field(birth.side))
        if held is None:
            continue
        if _sure(held.of(side), now):
            found[rule.name] = held
        elif same_words(rule, side, held.of(side), now):
            both = {side: now, side.other: held.of(side.other)}
            found[rule.name] = Held.agreed(left=both[Side.LEFT], right=both[Side.RIGHT], fields=held.fields)
    return found


def unspoken(birth: Birth, rules: Iterable[Rule]) -> list[Rule]:
    """The rules by which only the source speaks, and had nothing to say: both sides held nothing there, unless the
    server put something there by itself. What somebody touched since is a change against the direction."""
    return [
        rule
        for rule in rules
        if rule.source is birth.side.other and not rule.direction.once and rule.name not in birth.sent
    ]


def _sure(sent: Maybe, now: Maybe) -> bool:
    return now == sent or (isinstance(sent, PLAIN) and isinstance(now, PLAIN) and now != "")
