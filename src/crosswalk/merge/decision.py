"""What is known of a pair (the base) and what was decided about it, as values. Decides nothing, knows no product.

The base holds, for each rule, what each side held when the pair was last agreed *as that side gave it back*: never
what was sent, because a server may store something else (trimmed, re-ordered, in its own markup), and never "the old
value plus what was written", because an edit back to an old value would then look like no edit at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias

from crosswalk.merge.records import LeftOut, Wrote
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING, Element, Maybe, Value, dump, load

NAMES: Mapping[Side, str] = {Side.LEFT: "the left", Side.RIGHT: "the right"}


@dataclass(frozen=True, slots=True)
class Held:
    """The base of one rule: what each side held when last agreed. Make it with `Held.agreed`, and only there.

    For sets, a side's elements that found no counterpart are kept out, so that they still count as added and are
    asked about again. Elements that only the target of a one-way rule has are kept in: they are known, and its own.
    `fields` tells which fields these are values of (Rule.fields), "" where that was not kept.
    """

    left: Maybe
    right: Maybe
    fields: str = ""

    @classmethod
    def agreed(cls, *, left: Maybe, right: Maybe, fields: str = "") -> Held:
        """The base after an agreement: `left` and `right` are values read from those sides.

        Values sent stand apart from them until they are found there (unconfirmed.py, birth.py).
        """
        return cls(left, right, fields)

    def about(self, rule: Rule) -> bool:
        """Whether these may be values of the fields of `rule`, and not of others that it joined before."""
        return self.fields in ("", rule.fields)

    @property
    def known(self) -> bool:
        """Whether both sides were read; with one of them MISSING there is nothing to compare with."""
        return self.left is not MISSING and self.right is not MISSING

    def of(self, side: Side) -> Maybe:
        """What `side` held."""
        return self.left if side is Side.LEFT else self.right


Base: TypeAlias = Mapping[str, Held]
"""The base of one pair: rule name to what was held."""
OWN = " own "
"""Before the name of a rule: where the base keeps which elements stood on a side alone; no rule begins with a space."""


def dump_base(base: Base) -> dict[str, Any]:
    """`base` as JSON-able data, in the order of the rule names."""
    return {name: _dumped(base[name]) for name in sorted(base)}


def _dumped(held: Held) -> dict[str, Any]:
    ends = {"left": dump(held.left), "right": dump(held.right)}
    return {**ends, "fields": held.fields} if held.fields else ends


def load_base(data: Mapping[str, Any]) -> dict[str, Held]:
    """The base that `dump_base` wrote down. Raises ValueError for anything else."""
    try:
        return {
            name: Held.agreed(left=load(held["left"]), right=load(held["right"]), fields=held.get("fields", ""))
            for name, held in data.items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a base that was written down: {data!r}") from error


class Verdict(StrEnum):
    """What is to happen to one rule of a pair."""

    UNCHANGED = "unchanged"  # neither side moved since the base
    AGREED = "agreed"  # nothing to write, but the base moves
    CARRY = "carry"  # written on one side; a set may be written on both
    CONFLICT = "conflict"  # both moved apart; one is written, the other kept in `lost`
    ASK = "ask"  # both moved apart and a person decides; nothing is written, the base stays
    REFUSED = "refused"  # a value has no counterpart; nothing is written, it is asked about again next time
    SKIPPED = "skipped"  # not compared: off, not read, or set once already


@dataclass(frozen=True, slots=True)
class Untaken:
    """A value that a side would not take, and its words about it."""

    value: Value
    words: LeftOut


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one rule, with everything needed to show why.

    `write` maps a side to its new value. `lost` is a value that `lost_side` held and that a write replaces although a
    person had put it there (MISSING where there is none); whoever applies the decision keeps it where it can be seen
    and restored. `refused` maps a side to its set elements that have no counterpart, while the others travel.
    `untaken` maps a side to what it refused before and is not sent again (merge/refused.py). `winner` is who was right
    where both moved apart. `own` maps the side that a one-way rule writes to the elements that stand there alone.
    `reason` is a sentence with `{left}` and `{right}` in it (see `why`), `detail` the translation's own words.
    """

    rule: Rule
    verdict: Verdict
    reason: str
    left: Maybe
    right: Maybe
    held: Held | None = None
    write: Mapping[Side, Value] = field(default_factory=dict)
    lost: Maybe = MISSING
    lost_side: Side | None = None
    winner: Side | None = None
    refused: Mapping[Side, frozenset[Element]] = field(default_factory=dict)
    untaken: Mapping[Side, Untaken] = field(default_factory=dict)
    own: Mapping[Side, frozenset[Element]] = field(default_factory=dict)
    detail: str = ""
    remedy: str = ""
    code: str = ""

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    @property
    def waits(self) -> bool:
        """Whether a person has to do something before everything is in step."""
        without = self.verdict in (Verdict.ASK, Verdict.REFUSED) and not self.untaken
        return without or any(self.refused.values())

    def value(self, side: Side) -> Maybe:
        """What `side` held when this was decided."""
        return self.left if side is Side.LEFT else self.right

    def why(self, names: Mapping[Side, str] = NAMES) -> str:
        """One plain sentence, with the sides called as in `names`, such as {Side.LEFT: "Aha!", Side.RIGHT: "Jira"}."""
        text = self.reason
        for side in Side:
            text = text.replace(f"{{{side.value}}}", names[side])
        if self.detail:
            ends = "" if self.detail.endswith((".", "!", "?")) else "."
            text = f"{text.rstrip('.')}: {self.detail}{ends}"
        return text[:1].upper() + text[1:]

    def agreed(self, read_back: Mapping[Side, Maybe]) -> Held | None:
        """The base once this was applied; None where the base stays as it is.

        `read_back` holds, for each side in `write`, what that side holds now by its own word. A written side that is
        absent or MISSING there did not take the value, so the base stays and the change is found again. A side that
        was not written counts with the value that was decided upon: a later reading may hold an edit nobody has
        merged yet. For the same reason entries of a set that somebody put in or took out meanwhile count as before.
        """
        whole = self.verdict in (Verdict.AGREED, Verdict.CARRY, Verdict.CONFLICT)
        # Of a set, only the refused entries are asked about again; but what was to be set once has not been set at all.
        part = self.verdict is Verdict.REFUSED and any(self.refused.values()) and not self.rule.direction.once
        if self.untaken or (not whole and not part):
            return None
        now = {side: self._ours(side, read_back.get(side, MISSING)) for side in Side}
        held = Held.agreed(
            left=_without(now[Side.LEFT], self.refused.get(Side.LEFT, frozenset())),
            right=_without(now[Side.RIGHT], self.refused.get(Side.RIGHT, frozenset())),
            fields=self.rule.fields,
        )
        return held if held.known else None

    def _ours(self, side: Side, now: Maybe) -> Maybe:
        """What `side` held, or holds by our write, where it shows `now`."""
        return ours(self.value(side), self.write[side], now) if side in self.write else self.value(side)


def ours(before: Maybe, sent: Maybe, now: Maybe) -> Maybe:
    """What a side that held `before` holds by our write of `sent` where it shows `now`: without what others did to a
    set meanwhile."""
    before = frozenset[Element]() if before is None else before
    if not isinstance(now, frozenset) or not isinstance(before, frozenset) or not isinstance(sent, frozenset):
        return now
    taken_out = (before & sent) - now
    # Where one of ours is missing, it may be there in another form: then none that is new is surely somebody's.
    put_in = now - sent - before if sent - before <= now else frozenset()
    return (now | taken_out) - put_in


def _without(value: Maybe, refused: frozenset[Element]) -> Maybe:
    return value - refused if isinstance(value, frozenset) else value


def advance(base: Base, decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> dict[str, Held]:
    """The base after `decisions` were applied as far as `landed` says, to be stored in place of `base`.

    `landed` holds, for each side whose patch landed, the record as that side holds it now and the fields it would not
    take (a create counts too: the new record, read back). A rule whose write is not among them keeps its old base.
    """
    after = dict(base)
    for decision in decisions:
        read_back: dict[Side, Maybe] = {}
        for side, wrote in landed.items():
            name = decision.rule.field(side)
            read_back[side] = MISSING if name in wrote.left_out else wrote.snapshot.get(name)
        held = decision.agreed(read_back)
        if held is None and (before := after.get(decision.name)) is not None and before.known and not before.fields:
            after[decision.name] = replace(before, fields=decision.rule.fields)
        if held is not None:
            after[decision.name] = held
            after.pop(OWN + decision.name, None)
            if decision.own:
                ends = {side: decision.own.get(side, frozenset[Element]()) for side in Side}
                after[OWN + decision.name] = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])
    return after
