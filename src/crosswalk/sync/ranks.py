"""The order of records in Aha! becomes their rank in Jira: of requirements below a feature, of features in a release.

The order that was carried last stands in the base of the pair above; a record that is not at its place there wakes that
pair, and one run of it carries the whole order. People may rank in Jira until the order in Aha! changes again.

What is being moved stands there, too, until the order was carried to its end: a run that is killed or not answered in
between leaves records at places where nobody put them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from crosswalk.errors import Overtaken
from crosswalk.merge.decision import Base, Held
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.records import Ordered, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Choice, Maybe
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.ports import Ledger

ORDER = " order"
"""Where the base keeps the order of what stands below; no rule is called so."""
MOVED = " order moved"
"""Where the base keeps what is being moved on a side, and is not known to stand at its place there."""
REMEDY = "Give the connection's account Schedule Issues in Jira, or switch the line “Rank” off."
TOGETHER = 5.0  # seconds in which records that move are ranked as one
RELEASE, FEATURE = "release", "feature"


def misplaced(above: PairView, record: Snapshot) -> bool:
    """Whether a record stands at another place than the order says that was last carried."""
    return _place(record) not in kept_in(above).split()


def tell_releases(bridge: Bridge, run: Run, pair: PairView, left: Snapshot, *, made: bool = False) -> None:
    """A feature that stands at another place in its release than was carried has that release's run rank it.

    One that was `made` across just now is the last in Jira: where it is the last of its release too, that is its place.
    """
    if pair.kind != FEATURE or not bridge.book.ranks(FEATURE):
        return
    for ref in releases_of(left):
        above = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ref)
        if above is None or above.right is None or not misplaced(above, left):
            continue
        if not (made and _last(bridge, run, above, left)):
            bridge.ledger.wake(run, above.id, delay=TOGETHER)


def _last(bridge: Bridge, run: Run, above: PairView, left: Snapshot) -> bool:
    """Put a record behind those whose order was carried; False where it does not belong there."""
    now = longer(above, left)
    return now is not None and bridge.ledger.exchanged(run, above.id, ORDER, above.base[ORDER], now.base[ORDER])


def longer(above: PairView, left: Snapshot) -> PairView | None:
    """`above` with a record behind those whose order was carried; None where it does not belong there."""
    order = kept_in(above)
    if not order or any(Decimal(place.partition(":")[2]) >= place_of(left) for place in order.split()):
        return None
    order = f"{order} {_place(left)}"
    return replace(above, base={**above.base, ORDER: Held.agreed(left=order, right=order)})


def displaced(bridge: Bridge, found: Sequence[tuple[PairView, Snapshot]]) -> list[int]:
    """The pairs whose run would carry another order: releases of features and features of requirements, of the records
    on the left that were `found`, which do not stand where the order says that was last carried."""
    above: dict[Ref, PairView | None] = {}
    moved: dict[int, None] = {}
    for pair, left in found:
        kind = bridge.book.below(pair.kind)
        if kind and bridge.book.ranks(kind) and _children_moved(bridge, pair, left):
            moved[pair.id] = None
        if pair.kind != FEATURE or not bridge.book.ranks(FEATURE):
            continue
        for ref in releases_of(left):
            if ref not in above:
                above[ref] = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ref)
            release = above[ref]
            if release is not None and release.right is not None and not release.held and misplaced(release, left):
                moved[release.id] = None
    return list(moved)


def _children_moved(bridge: Bridge, pair: PairView, left: Snapshot) -> bool:
    sent = {child.left for child in bridge.ledger.children(pair.id) if child.right is not None}
    return any(child.ref in sent and misplaced(pair, child) for child in left.children)


def releases_of(left: Snapshot) -> list[Ref]:
    """The releases that a record is planned in."""
    among = left.get("releases")
    named = among if isinstance(among, frozenset) else ()
    return [Ref(RELEASE, one.id, one.name) for one in named if isinstance(one, Choice)]


def rank_release(bridge: Bridge, run: Run, pair: PairView, left: Snapshot) -> None:
    """Put the features of a release that are in step in their order in Aha!; one request while it is the same."""
    if pair.kind != RELEASE or not bridge.book.ranks(FEATURE):
        return
    rank(bridge, run, left.ref, bridge.left.among(left.ref, FEATURE))


def rank(bridge: Bridge, run: Run, above: Ref, records: Sequence[Snapshot]) -> None:
    """Put `records`, which stand below `above` on the left, in the order they have there; once per order."""
    ledger = bridge.ledger
    across = {}
    for record in records:
        held = ledger.pair_of(bridge.integration_id, Side.LEFT, record.ref)
        if held is not None and held.right is not None:
            across[record.ref] = held.right
    ordered = sorted((record for record in records if record.ref in across), key=place_of)
    pair = ledger.pair_of(bridge.integration_id, Side.LEFT, above)
    order = order_of(ordered)
    if pair is None or not order or (order == kept_in(pair) and MOVED not in pair.base):
        return
    if names_of(order) != names_of(kept_in(pair)) or MOVED in pair.base:
        names = {across[record.ref].id: record.ref.id for record in ordered}
        telling = Telling(ledger, run, pair, above, Side.RIGHT, REMEDY, names)
        telling.end(bridge.right.order([across[record.ref] for record in ordered], telling))
    ledger.agree(run, pair.id, {**without_moved(pair.base), ORDER: Held.agreed(left=order, right=order)})


@dataclass
class Telling:
    """Tells of an order that is written on `to`, before the first record is moved and at the end: the journal, and the
    base of the pair above, by the `names` on the left of what is moved."""

    ledger: Ledger
    run: Run
    pair: PairView
    above: Ref
    to: Side
    remedy: str
    names: Mapping[str, str]
    line: Entry | None = None

    def __call__(self, moved: Sequence[Ref]) -> None:
        """These are moved now."""
        some = f"{len(moved)} are" if len(moved) > 1 else f"{moved[0]} is"
        what = f"The order below {self.above} is carried: {some} moved in {NAMES[self.to]}."
        why = f"That is their order in {NAMES[self.to.other]}."
        self.line = Entry(what, why, self.to, field="Rank")
        self.ledger.note(self.run, self.pair.id, [self.line])
        if self.pair.base:
            self.ledger.agree(self.run, self.pair.id, self._moving(moved))
        self.ledger.guard(self.run)

    def _moving(self, moved: Sequence[Ref]) -> dict[str, Held]:
        now = {self.names[ref.id] for ref in moved if ref.id in self.names} | moved_on(self.pair, self.to)
        ends: dict[Side, Maybe] = {side: _held(self.pair, MOVED, side) or MISSING for side in Side}
        ends[self.to] = " ".join(sorted(now))
        return {**self.pair.base, MOVED: Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])}

    def end(self, became: Ordered) -> None:
        """What came of it."""
        if became.refused:
            what = f"The order below {self.above} was not carried: {became.refused}"
            line = Entry(what, level="warning", side=self.to, remedy=self.remedy)
            self.ledger.note(self.run, self.pair.id, [line])
        elif self.line is not None:
            self.ledger.note(self.run, self.pair.id, [self.line], landed=True)


def moved_on(pair: PairView, side: Side) -> set[str]:
    """What may stand where it does on `side` by our own doing, by its ids on the left."""
    return set(_held(pair, MOVED, side).split())


def without_moved(base: Base) -> dict[str, Held]:
    """`base` where it is known what came of an order."""
    return {name: held for name, held in base.items() if name != MOVED}


def keep_order(ledger: Ledger, pair_id: int, order: str) -> bool:
    """Keep that the order below a pair is `order` on both sides; False where another run of the pair was faster."""
    try:
        run, pair = ledger.begin(pair_id)
        if order:
            ledger.agree(run, pair_id, {**pair.base, ORDER: Held.agreed(left=order, right=order)})
    except Overtaken:
        return False
    return True


def order_of(records: Sequence[Snapshot]) -> str:
    """The order of records, with their places."""
    return " ".join(map(_place, sorted(records, key=place_of)))


def place_of(record: Snapshot) -> Decimal:
    """Where a record stands among its siblings."""
    place = record.get("position")
    return place if isinstance(place, Decimal) else Decimal(0)


def _place(record: Snapshot) -> str:
    """A record and where it stands among its siblings."""
    return f"{record.ref.id}:{place_of(record)}"


def kept_in(pair: PairView) -> str:
    """The places of what stands below, as they were last carried."""
    return _held(pair, ORDER, Side.LEFT)


def _held(pair: PairView, name: str, side: Side) -> str:
    held = pair.base.get(name)
    text = held.of(side) if held is not None else None
    return text if isinstance(text, str) else ""


def names_of(order: str) -> list[str]:
    """Who stands in an order, by their ids."""
    return [place.partition(":")[0] for place in order.split()]
