"""Links of one pair, kept in step like other parts, once both records that a link joins have counterparts.

A link hangs on two pairs and is carried by one: that of the record where it begins in Aha! (linktypes.py). A run that
meets a link of the other end's wakes that one. A link to a record that was not sent waits, and is remembered under that
record, whose first run wakes the pair that waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from crosswalk import errors
from crosswalk.merge.decision import Held
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.parts import Act, PartDecision, PartPair
from crosswalk.merge.records import Gone, LinkTo, Part, PartDraft, Ref, Snapshot
from crosswalk.merge.refused_parts import Ids
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Value
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.linktypes import LinkRules
from crosswalk.sync.parts import Again, Hanging, shows

AWAITED = "awaited"
"""The kind under which a link's other record is remembered while it has no counterpart."""


def sync_links(
    bridge: Bridge, run: Run, pair: PairView, ends: Mapping[Side, Snapshot], again: Again
) -> tuple[list[Entry], tuple[int, ...]]:
    """Bring the links of the two records in `ends` into step; what is not believed yet is added to `again`.

    The journal's lines about what a side would not take, and the pairs that are to be run now. Raises RemoteError where
    trying again helps.
    """
    rules = bridge.book.links(pair.kind)
    if rules is None or not shows(ends, rules.rule.kind):
        return [], ()
    links = Links(bridge, run, pair, rules.rule, ends, again, rules)
    links.woken.update(awaiting(bridge, pair.kind, ends[Side.LEFT].ref))
    attention = links.sync()
    links.remember_awaited()
    for other in links.woken:
        bridge.ledger.wake(run, other)
    return attention, tuple(sorted(links.woken))


def awaiting(bridge: Bridge, kind: str, left: Ref) -> Sequence[int]:
    """The pairs with a link to `left` that waited for it to have a counterpart."""
    if bridge.book.links(kind) is None:
        return ()
    return bridge.ledger.holders(bridge.integration_id, AWAITED, _name(left))


def _name(ref: Ref) -> str:
    return f"{ref.kind}:{ref.id}"


@dataclass(frozen=True, slots=True)
class Links(Hanging):
    """The links of one pair. `woken` gathers pairs to be run, `awaited` records without a counterpart."""

    rules: LinkRules
    woken: set[int] = field(default_factory=set)
    awaited: set[str] = field(default_factory=set)

    def lists(self, known: Sequence[PartPair]) -> Mapping[Side, Sequence[Part]]:
        """The links that this pair carries, with a key that both sides share; each key once."""
        read = {side: self.bridge.side(side).parts(self.ends[side], self.rule.kind) for side in Side}
        ids = {side: {pair.id(side) for pair in known} for side in Side}
        left = [(part, self.in_jira(part)) for part in read[Side.LEFT]]
        theirs = {part.id for part in read[Side.RIGHT] if part.id not in ids[Side.RIGHT] and self.held_across(part)}
        # What is known here, or carried by the pair at the other end, is there already: another such link is no news.
        settled = {self.key(part.link) for part in read[Side.RIGHT] if part.id in ids[Side.RIGHT] | theirs}
        settled |= {self.key(link) for part, link in left if part.id in ids[Side.LEFT]}
        lefts = [
            replace(part, key=self.key(link))
            for part, link in left
            if part.id in ids[Side.LEFT] or (link is not None and self.key(link) not in settled)
        ]
        fresh = {part.key for part in lefts if part.id not in ids[Side.LEFT]}
        rights = [
            replace(part, key=self.key(part.link))
            for part in read[Side.RIGHT]
            if part.id in ids[Side.RIGHT]
            or (part.id not in theirs and self.key(part.link) not in settled and self.carried(part, fresh))
        ]
        return {Side.LEFT: _once(lefts, ids[Side.LEFT]), Side.RIGHT: _once(rights, ids[Side.RIGHT])}

    def in_jira(self, part: Part) -> LinkTo | None:
        """An Aha! link as Jira would have it; None where it has no counterpart, or none yet."""
        link = part.link
        if link is None or link.other.kind not in self.rules.kinds:
            return None
        other = self.pair_of(Side.LEFT, link.other)
        there = self.rules.to_jira(link, other.right if other and other.right else Ref("issue", ""))
        if there is None or self.rules.own(there, link.other.kind):
            return None
        if not there.other.id:
            if self.rule.direction.writes(Side.RIGHT):
                self.awaited.add(_name(link.other))
            return None
        return there

    def held_across(self, part: Part) -> bool:
        """Whether the pair at a Jira link's other end carries it."""
        other = self.pair_of(Side.RIGHT, part.link.other) if part.link else None
        return other is not None and any(
            pair.right == part.id for pair in self.bridge.ledger.parts(other.id, self.rule.kind)
        )

    def carried(self, part: Part, fresh: set[str]) -> bool:
        """Whether this pair carries a new Jira link; `fresh` are the keys of new Aha! links."""
        link = part.link
        other = self.pair_of(Side.RIGHT, link.other) if link else None
        if link is None or other is None or other.left is None or other.kind not in self.rules.kinds:
            return False
        there = self.rules.to_aha(link, other.left)
        if there is None or self.rules.own(link, other.kind):
            return False
        if there.outward or self.key(link) in fresh:
            return True
        if other.state == "agreed" and self.rule.direction.writes(Side.LEFT):
            self.woken.add(other.id)
        return False

    def carry_all(
        self, decisions: Sequence[PartDecision], marks: Mapping[Ids, PartPair]
    ) -> tuple[list[Entry], list[PartPair]]:
        """See Hanging."""
        return Hanging.carry_all(self, [self.unless_taken(one) for one in decisions], marks)

    def unless_taken(self, decision: PartDecision) -> PartDecision:
        """`decision`, but for one that removes a link in Aha! whose type Jira has no more: nobody removed that link."""
        link = decision.target.link if decision.target is not None else None
        if decision.act is not Act.REMOVE or decision.side is not Side.LEFT or link is None:
            return decision
        there = self.rules.to_jira(link, Ref("issue", ""))
        if there is not None and self.bridge.right.links_as(there.type):
            return decision
        why = "Jira has no such links any more, or the mapping names none: nobody removed this one."
        what, remedy = f"{self.called(decision)} stays in Aha!.", "Remove it in Aha! if it is not wanted."
        line = Entry(what, why, field=self.field(decision), remedy=remedy, code="L7")
        self.bridge.ledger.note(self.run, self.pair.id, [line])
        return replace(decision, act=Act.PART)

    def stands(self, decision: PartDecision) -> bool:
        """See Hanging: nobody removed a link whose other record is gone, and a mutual one may begin there."""
        match decision.act:
            case Act.REMOVE:
                return decision.target is not None and self.other_is_there(decision.side, decision.target)
            case Act.ADD if decision.side is Side.LEFT and decision.source is not None:
                return not self.begins_there(decision.source)
        return True

    def other_is_there(self, side: Side, part: Part) -> bool:
        """Whether the record at the other end of `part`, on `side`, can still be read across."""
        other = self.pair_of(side, part.link.other) if part.link else None
        ref = None if other is None else other.left if side is Side.RIGHT else other.right
        return ref is not None and not isinstance(self.bridge.side(side.other).read([ref])[ref], Gone)

    def begins_there(self, part: Part) -> bool:
        """Whether a mutual Jira link is in Aha! already, begun at the other record; its pair is woken then."""
        link = part.link
        other = self.pair_of(Side.RIGHT, link.other) if link and self.rules.mutual(link) else None
        if link is None or other is None or other.left is None:
            return False
        record, mine = self.bridge.left.read([other.left])[other.left], self.ends[Side.LEFT].ref
        if isinstance(record, Gone):
            return False
        for found in self.bridge.left.parts(record, self.rule.kind):
            there = self.rules.to_jira(found.link, self.ends[Side.RIGHT].ref) if found.link else None
            if found.link and found.link.other == mine and there and there.type == link.type:
                self.woken.add(other.id)
                return True
        return False

    def draft(self, decision: PartDecision, source: Part) -> PartDraft:
        """See Hanging."""
        side, link = decision.side, source.link
        other = self.pair_of(side.other, link.other) if link else None
        there = None
        if link is not None and other is not None and other.left is not None and other.right is not None:
            turn = self.rules.to_jira if side is Side.RIGHT else self.rules.to_aha
            there = turn(link, other.right if side is Side.RIGHT else other.left)
        if there is None:
            raise errors.Refused("its type is not in link_types.", remedy="Add it to the mapping.", code="L7")
        # Slots and super() do not go together in a dataclass, so the class is named.
        return replace(Hanging.draft(self, decision, source), link=there)

    def field(self, decision: PartDecision) -> str:
        """See Hanging."""
        return Hanging.field(self, self.as_written(decision))

    def tell(self, decision: PartDecision, what: str, old: Value = None, new: Value = None) -> Entry:
        """See Hanging."""
        return Hanging.tell(self, self.as_written(decision), what, old, new)

    def as_written(self, decision: PartDecision) -> PartDecision:
        """A decision about a link by the name it is to have where it is written, as both ends of its life name it."""
        if decision.act is Act.ADD and decision.source is not None:
            with suppress(errors.Refused):
                named = self.rules.named(decision.side, self.draft(decision, decision.source).link)
                return replace(decision, source=replace(decision.source, name=named))
        return decision

    def key(self, link: LinkTo | None) -> str:
        """What both sides call a Jira link of this pair's issue."""
        return self.rules.key(self.ends[Side.RIGHT].ref.id, link) if link else ""

    def pair_of(self, side: Side, ref: Ref) -> PairView | None:
        return self.bridge.ledger.pair_of(self.bridge.integration_id, side, ref)

    def remember_awaited(self) -> None:
        """Keep which records this pair's links wait for; forget the others."""
        ledger = self.bridge.ledger
        kept = {pair.left: pair for pair in ledger.parts(self.pair.id, AWAITED)}
        for name in sorted(kept.keys() - self.awaited):
            ledger.part(self.run, self.pair.id, AWAITED, kept[name], None)
        for name in sorted(self.awaited - kept.keys()):
            fresh = PartPair(name, "", Side.LEFT, Held.agreed(left=None, right=None))
            ledger.part(self.run, self.pair.id, AWAITED, None, fresh)


def _once(parts: Sequence[Part], known: set[str]) -> list[Part]:
    """New parts with a key that one before has are left out."""
    found: list[Part] = []
    keys: set[str] = set()
    for part in sorted(parts, key=lambda part: part.id not in known):
        if part.id in known or part.key not in keys:
            found.append(part)
            keys.add(part.key)
    return found
