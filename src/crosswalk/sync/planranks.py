"""The ranks in a plan: which records a run would move to another place, on either side. Reads, and writes nothing.

What decides is that of ranks.py and arranging.py. What is still to be made counts as made in its order in Aha!, last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosswalk.aha.ordering import fill, steps
from crosswalk.jira.ranking import moves
from crosswalk.merge.pairs import PairView
from crosswalk.merge.plan import Change, Kind, Patch
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Value
from crosswalk.sync.arranging import target
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.partplan import MOST, Asks
from crosswalk.sync.ranks import FEATURE, RELEASE, kept_in, longer, misplaced, names_of, order_of, place_of, releases_of

LAST = "\uffff"
"""Ranks behind all that Jira gives."""
RANK = "rank"


@dataclass(slots=True)
class RankPlan:
    """Gathers what a plan looks at, and tells who is moved once it is known what else is made.

    `ranks` are those of issues that were read, by their records on the left; `above` are records with something below
    them, and `features` those of releases, each with its pair.
    """

    ranks: dict[Ref, str] = field(default_factory=dict)
    above: list[tuple[PairView, Snapshot]] = field(default_factory=list)
    features: list[tuple[PairView, Snapshot]] = field(default_factory=list)

    def met(self, bridge: Bridge, pair: PairView, left: Snapshot, right: Snapshot | None) -> None:
        """A pair that was looked at, or (without `right`) one to come."""
        if right is not None:
            _keep(self.ranks, left.ref, right, _field(bridge, pair.kind))
        below = bridge.book.below(pair.kind)
        if below and len(left.children) > 1 and _field(bridge, below):
            self.above.append((pair, replace(left, fields={}, children=tuple(map(_placed, left.children)))))
        if pair.kind == FEATURE and bridge.book.ranks(FEATURE):
            self.features.append((pair, replace(_placed(left), fields=_only(left, "position", "releases"))))

    def patches(self, bridge: Bridge, made: Mapping[Ref, PairView], asks: Asks) -> Iterator[Patch]:
        """Who is moved because of what was looked at."""
        for pair, left in self.above:
            yield from self._below(bridge, pair, left, made, asks)
        for ref, fresh in self._releases(bridge, made).items():
            yield from self._release(bridge, ref, fresh, made, asks)

    # ---- what stands below a record ----

    def _below(
        self, bridge: Bridge, pair: PairView, left: Snapshot, made: Mapping[Ref, PairView], asks: Asks
    ) -> Iterator[Patch]:
        kind = bridge.book.below(pair.kind)
        both_ways = bool(bridge.book.ranked_by(kind))
        across = {child.left: child.right for child in bridge.ledger.children(pair.id)} if pair.id else {}
        across |= {child.ref: made[child.ref].right for child in left.children if child.ref in made}
        children = [child for child in left.children if across.get(child.ref) is not None]
        moved = both_ways or any(misplaced(pair, child) for child in children)
        if len(children) < 2 or not moved or (not pair.id and not both_ways):
            return  # one that is made without the other way takes what is below it as it comes
        ranks = self._ranked(bridge, kind, {child.ref: across[child.ref] for child in children}, made, asks)
        if ranks is None:
            return
        order = order_of(children)
        there = " ".join(f"{ref.id}:{rank}" for ref, rank in sorted(ranks.items(), key=lambda one: one[1]))
        to: Side | None = Side.RIGHT
        if both_ways:
            to = target(bridge, kind, pair, {Side.LEFT: order, Side.RIGHT: there})
        elif names_of(order) == names_of(kept_in(pair)):
            return
        if to is Side.RIGHT:
            yield from _in_jira(left.ref, _sorted(children), ranks)
        elif to is Side.LEFT:
            yield from _in_aha(left, names_of(there))

    # ---- the features of releases ----

    def _releases(self, bridge: Bridge, made: Mapping[Ref, PairView]) -> dict[Ref, PairView]:
        """The releases whose features are put in order, each with its pair as it is by then."""
        above: dict[Ref, PairView | None] = {}
        found: dict[Ref, PairView] = {}
        # Those that are made come last, in their order: one behind all of its release is at its place then.
        ordered = sorted(self.features, key=lambda one: (not one[0].id, place_of(one[1])))
        for pair, left in ordered:
            for ref in releases_of(left):
                if ref not in above:
                    known = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ref)
                    above[ref] = known if known is not None and known.right is not None else made.get(ref)
                release = above[ref]
                if release is None or release.held or not misplaced(release, left):
                    continue
                if not pair.id and (kept := longer(release, left)):
                    above[ref] = kept
                else:
                    found[ref] = release
        return {ref: above[ref] or release for ref, release in found.items()}

    def _release(
        self, bridge: Bridge, ref: Ref, pair: PairView, made: Mapping[Ref, PairView], asks: Asks
    ) -> Iterator[Patch]:
        if asks.asked >= MOST:
            asks.unread.add(ref)
            return
        asks.asked += 1
        listed = bridge.left.among(Ref(RELEASE, ref.id, ref.key), FEATURE)
        across: dict[Ref, Ref | None] = {}
        for record in listed:
            known = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, record.ref)
            there = made[record.ref].right if record.ref in made else known.right if known is not None else None
            across |= {record.ref: there} if there is not None else {}
        records = [record for record in listed if record.ref in across]
        if len(records) < 2 or names_of(order_of(records)) == names_of(kept_in(pair)):
            return
        ranks = self._ranked(bridge, FEATURE, across, made, asks)
        if ranks is not None:
            yield from _in_jira(pair.left or ref, _sorted(records), ranks)

    def _ranked(
        self, bridge: Bridge, kind: str, across: Mapping[Ref, Ref | None], made: Mapping[Ref, PairView], asks: Asks
    ) -> dict[Ref, str] | None:
        """The ranks of issues by their records on the left; None where Jira shows none of one, and nothing is moved
        then, or where too much was asked."""
        new = [ref for ref in across if ref in made]
        ranks = {ref: f"{LAST}{number:08d}" for number, ref in enumerate(new)}
        unread = {there: ref for ref, there in across.items() if there and ref not in ranks and ref not in self.ranks}
        if unread:
            if asks.asked >= MOST:
                asks.unread |= set(across)
                return None
            asks.asked += 1
            for there, record in bridge.right.read(list(unread)).items():
                if isinstance(record, Snapshot):
                    _keep(self.ranks, unread[there], record, _field(bridge, kind))
        ranks |= {ref: self.ranks[ref] for ref in across if ref not in ranks and ref in self.ranks}
        return ranks if len(ranks) == len(across) else None


def _in_jira(above: Ref, records: Sequence[Snapshot], ranks: Mapping[Ref, str]) -> Iterator[Patch]:
    """The issues of `records`, which are in their order, that are moved."""
    changes = []
    for one in moves([ranks[record.ref] for record in records]):
        anchor = f"{'before' if one.ahead else 'behind'} {records[one.anchor].ref}"
        for record in records[one.start : one.end]:
            changes.append(Change(RANK, MISSING, anchor, f"Rank of {record.ref}"))
            anchor = f"behind {record.ref}"
    if changes:
        yield Patch(Kind.ORDER, Side.RIGHT, above, changes=tuple(changes), pair=str(above))


def _in_aha(left: Snapshot, wished: Sequence[str]) -> Iterator[Patch]:
    """The records below `left` that are moved to stand as is `wished`."""
    standing = [child.ref for child in _sorted(left.children)]
    called = {ref.id: str(ref) for ref in standing}
    wanted = fill([ref.id for ref in standing], wished) or []
    changes = []
    for name, _ in steps([ref.id for ref in standing], wanted):
        at = wanted.index(name)
        where = f"behind {called[wanted[at - 1]]}" if at else "first"
        changes.append(Change(RANK, MISSING, where, f"Rank of {called[name]}"))
    if changes:
        yield Patch(Kind.ORDER, Side.LEFT, left.ref, changes=tuple(changes), pair=str(left.ref))


def _sorted(records: Iterable[Snapshot]) -> list[Snapshot]:
    return sorted(records, key=place_of)


def _field(bridge: Bridge, kind: str) -> str:
    """The field on the right that holds the rank of records of `kind`; "" where neither side is ordered by it."""
    return bridge.book.ranks(kind) or bridge.book.ranked_by(kind)


def _keep(ranks: dict[Ref, str], left: Ref, right: Snapshot, name: str) -> None:
    rank = right.get(name) if name else None
    if isinstance(rank, str) and rank:
        ranks[left] = rank


def _placed(record: Snapshot) -> Snapshot:
    """A record with its place alone: a plan keeps many."""
    return Snapshot(record.ref, _only(record, "position"))


def _only(record: Snapshot, *names: str) -> dict[str, Value]:
    return {name: value for name, value in record.fields.items() if name in names}
