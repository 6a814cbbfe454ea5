"""Links between records in a plan: those whose two ends are both in Jira, or are made by the same plan. Writes nothing.

The decision is that of links.py; only the counterparts of what is still to be made are stood in for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from crosswalk.errors import Refused
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.parts import Act, PartDecision
from crosswalk.merge.plan import Change, Kind, Patch
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.links import Links, awaiting
from crosswalk.sync.linktypes import LinkRules
from crosswalk.sync.partplan import FEW, GONE, MOST, Asks, decided_parts
from crosswalk.sync.parts import shows

LINK = "link"
RECORD_LINK = "record_link"
"""How a plan counts them: a version that a release takes is linked, too."""
NEW = "new:"
PAGE = 100
NO_RUN = Run(0, 0, 0)


def to_come(bridge: Bridge, kind: str, left: Ref) -> PairView:
    """The pair that a record of the left is in once this plan is carried out; its record across is a stand-in."""
    right = Ref("version" if kind == "release" else "issue", f"{NEW}{left.kind}:{left.id}", f"the issue of {left}")
    return PairView(0, bridge.integration_id, kind, left, right, {})


@dataclass(frozen=True, slots=True)
class Met:
    """A record that a plan looked at, with its counterpart or a stand-in; of either only what tells of links."""

    pair: PairView
    ends: Mapping[Side, Snapshot]

    @property
    def new(self) -> bool:
        """Whether it is made by this plan."""
        return not self.pair.id


@dataclass(frozen=True, slots=True)
class _Planned(Links):
    """The links of one record of a plan. `made` are the pairs that the plan leads to, by their records on the left."""

    made: Mapping[Ref, PairView] = field(default_factory=dict)

    def pair_of(self, side: Side, ref: Ref) -> PairView | None:
        """See Links: the pairs to come count as if they were there."""
        if side is Side.RIGHT and ref.id.startswith(NEW):
            kind, _, id_ = ref.id.removeprefix(NEW).partition(":")
            return self.made.get(Ref(kind, id_))
        found = self.made.get(ref) if side is Side.LEFT else None
        return found or Links.pair_of(self, side, ref)

    def decided(self) -> Iterator[PartDecision]:
        """What a run would carry."""
        pair = self.pair if self.pair.id else None
        known = self.bridge.ledger.parts(self.pair.id, LINK) if pair else ()
        lists = self.lists(known)
        found = decided_parts(self.bridge, self.rule, self.ends, pair, lists)
        yield from (one for one in found if self.stands(one))

    def leads_to(self, one: PartDecision, among: Iterable[Ref]) -> bool:
        """Whether the link of a decision has one of `among`, which are on the left, at its other end."""
        part = one.source or one.target
        if part is None or part.link is None:
            return False
        side = one.side.other if one.source else one.side
        other = part.link.other if side is Side.LEFT else None
        pair = self.pair_of(Side.RIGHT, part.link.other) if other is None else None
        return (other or (pair.left if pair else None)) in set(among)


@dataclass(slots=True)
class LinkPlan:
    """Gathers what a plan looks at, and tells its links once it is known what else is made."""

    met: dict[Ref, Met] = field(default_factory=dict)
    told: set[tuple[Side, str]] = field(default_factory=set)

    def known(self, bridge: Bridge, pair: PairView, left: Snapshot, right: Snapshot) -> None:
        """A pair that was looked at."""
        ends = {Side.LEFT: left, Side.RIGHT: right}
        some = any(one.parts.get(LINK) or LINK in one.more for one in ends.values())
        if some and bridge.book.links(pair.kind) is not None and shows(ends, LINK):
            self.met[left.ref] = Met(pair, {side: _short(one) for side, one in ends.items()})

    def new(self, bridge: Bridge, pair: PairView, left: Snapshot) -> None:
        """A record that is to be made across, in the pair `to_come`."""
        if pair.right is not None and bridge.book.links(pair.kind) is not None:
            right = Snapshot(pair.right, {}, parts={LINK: ()})
            self.met[left.ref] = Met(pair, {Side.LEFT: _short(left), Side.RIGHT: right})

    def patches(self, bridge: Bridge, made: Mapping[Ref, PairView], asks: Asks) -> Iterator[Patch]:
        """The links that are written, or removed, because of what was looked at."""
        beyond: dict[int, list[Ref]] = {}
        for ref, met in self.met.items():
            if met.new:
                for pair_id in awaiting(bridge, met.pair.kind, ref):
                    beyond.setdefault(pair_id, []).append(ref)
            yield from self._of(bridge, met, made, asks, beyond)
        yield from self._beyond(bridge, made, asks, beyond)

    def _of(
        self, bridge: Bridge, met: Met, made: Mapping[Ref, PairView], asks: Asks, beyond: dict[int, list[Ref]]
    ) -> Iterator[Patch]:
        left = met.ends[Side.LEFT]
        links = _asked(bridge, met, made, asks)
        if links is None:
            return
        found = list(links.decided())
        for pair_id in links.woken:
            beyond.setdefault(pair_id, []).append(left.ref)
        yield from self._told(links, found)

    def _beyond(
        self, bridge: Bridge, made: Mapping[Ref, PairView], asks: Asks, beyond: Mapping[int, Sequence[Ref]]
    ) -> Iterator[Patch]:
        """Links that pairs carry which were not looked at, because a record at the other end was."""
        views = [bridge.ledger.get(pair_id) for pair_id in beyond]
        free = [one for one in views if one and one.complete and not (one.held or one.held_back)]
        pairs = [one for one in free if one.left not in self.met]
        for start in range(0, len(pairs), PAGE):
            some = pairs[start : start + PAGE]
            left = bridge.left.read([one.left for one in some if one.left])
            right = bridge.right.read([one.right for one in some if one.right])
            for pair in some:
                here, there = (
                    (left.get(pair.left) if pair.left else None),
                    right.get(pair.right) if pair.right else None,
                )
                if not (isinstance(here, Snapshot) and isinstance(there, Snapshot)):
                    continue
                links = _asked(bridge, Met(pair, {Side.LEFT: here, Side.RIGHT: there}), made, asks)
                if links is not None:
                    found = [one for one in links.decided() if links.leads_to(one, beyond[pair.id])]
                    yield from self._told(links, found)

    def _told(self, links: _Planned, found: Sequence[PartDecision]) -> Iterator[Patch]:
        changes: dict[Side, list[Change]] = {side: [] for side in Side}
        for one in found:
            key = one.source.key if one.source else ""
            if key and (one.side, key) in self.told:
                continue  # the pair at its other end makes it
            if (change := _change(links, one)) is not None:
                self.told |= {(one.side, key)} if key else set()
                changes[one.side].append(change)
        here, new = links.ends[Side.LEFT].ref, not links.pair.id
        for side, some in changes.items():
            if some:
                ref = here if new else links.ends[side].ref
                yield Patch(Kind.PART, side, ref, None, tuple(some), None, f"{here} is sent" if new else "", str(here))


def _asked(bridge: Bridge, met: Met, made: Mapping[Ref, PairView], asks: Asks) -> _Planned | None:
    """The links of a record; None where they are not to be asked for any more, or there are none."""
    rules: LinkRules | None = bridge.book.links(met.pair.kind)
    if rules is None or not shows(met.ends, LINK):
        return None
    cost = sum(LINK in one.more for one in met.ends.values())
    if cost and asks.asked + cost > (FEW if met.pair.state == "agreed" else MOST):
        asks.unread.add(met.ends[Side.LEFT].ref)
        return None
    asks.asked += cost
    return _Planned(bridge, NO_RUN, met.pair, rules.rule, met.ends, [], rules, made=made)


def _change(links: _Planned, one: PartDecision) -> Change | None:
    """A link of a plan; None for one whose type the mapping does not name, which a run tells of."""
    if one.act is Act.REMOVE:
        return Change(RECORD_LINK, one.target.name if one.target else "", GONE, "Link", one.reason)
    if one.source is None:
        return None
    with suppress(Refused):
        said = links.rules.named(one.side, links.draft(one, one.source).link)
        return Change(RECORD_LINK, MISSING, said, "Link", one.reason)
    return None


def _short(record: Snapshot) -> Snapshot:
    """A record with what tells of its links alone: a plan keeps many."""
    parts = {LINK: record.parts[LINK]} if LINK in record.parts else {}
    return replace(record, fields={}, children=(), parts=parts, more=record.more & {LINK}, below={})
