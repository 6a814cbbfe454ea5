"""The order of requirements both ways: as it was changed in Aha! or in Jira since it was last carried.

Kept in the base of the pair above, like the order of ranks.py: on the left the places in Aha!, on the right the ranks
in Jira, each under the id in Aha!. Each side is compared with its own order; where both changed, that of Aha! counts if
the line lets it. What an order that was not carried to its end moved on a side is nobody's change there, and the order
across is still to be carried. What came in since, new or from another record, stands last by itself on the side where
it was made: where it stands elsewhere on one side alone, somebody put it there, and that side counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from crosswalk import errors
from crosswalk.merge.decision import Held
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.records import Gone, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.stale import BELIEVED
from crosswalk.sync.above import LINKED, held
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.ranks import MOVED, ORDER, Telling, moved_on, order_of, without_moved

REMEDIES = {
    Side.LEFT: "Let the connection's account edit requirements in Aha!, or have the line “Rank” go to jira.",
    Side.RIGHT: "Give the connection's account Schedule Issues in Jira, or have the line “Rank” go to aha.",
}


def outranked(bridge: Bridge, kind: str, above: PairView, ref: Ref, right: Snapshot) -> bool:
    """Whether the issue `right` of the record `ref` has another rank than when the order was last carried."""
    rank = _rank(bridge, kind, right)
    return bool(rank) and f"{ref.id}:{rank}" not in _kept(above, Side.RIGHT).split()


def moved_in_jira(bridge: Bridge, pair: PairView, right: Snapshot) -> bool:
    """The same of a pair whose issue alone was read and stands below another; where that is not known, perhaps."""
    if pair.left is None or pair.parent_id is None or not bridge.book.ranked_by(pair.kind):
        return False
    stands_below = issue_above(right)
    if stands_below is None:
        return True
    above = bridge.ledger.pair_of(bridge.integration_id, Side.RIGHT, stands_below)
    return above is not None and outranked(bridge, pair.kind, above, pair.left, right)


def issue_above(right: Snapshot) -> Ref | None:
    """The issue that `right` stands below: as its parent, or by a link where the mapping hangs requirements up so."""
    linked = held(right, LINKED)
    return right.parent or (Ref("issue", linked.id, linked.name) if linked is not None else None)


def arrange(
    bridge: Bridge, run: Run, kind: str, left: Snapshot, read: Mapping[Ref, Snapshot] = MappingProxyType({})
) -> None:
    """Carry the order of what stands below `left` from the side on which it changed, and keep it as both have it.

    Issues that were `read` just now are not read again. Raises Outdated where a side shows what stands there otherwise
    than it takes it, as a copy that lags behind does; after some tries that is told, and left as it is.
    """
    ledger = bridge.ledger
    across: dict[Ref, Ref] = {}
    for record in left.children:
        found = ledger.pair_of(bridge.integration_id, Side.LEFT, record.ref)
        if found is not None and found.right is not None:
            across[record.ref] = found.right
    pair = ledger.pair_of(bridge.integration_id, Side.LEFT, left.ref)
    if pair is None or not across:
        return
    orders = {Side.LEFT: _left(left, across), Side.RIGHT: _right(bridge, kind, across, read)}
    if not orders[Side.RIGHT]:
        return
    if (to := target(bridge, kind, pair, orders)) is not None:
        by_id = {ref.id: (ref, other)[to is Side.RIGHT] for ref, other in across.items()}
        wished = [by_id[name] for name in _names(orders[to.other])]
        names = {ref.id: name for name, ref in by_id.items()}
        telling = Telling(ledger, run, pair, left.ref, to, REMEDIES[to], names)
        became = bridge.side(to).order(wished, telling)
        if became.passing and pair.looks < BELIEVED:
            raise errors.Outdated(f"The order below {left.ref} was not carried yet: {became.refused}")
        telling.end(became)
        orders[to] = _again(bridge, kind, left.ref, across, to) or orders[to]
    kept = Held.agreed(left=orders[Side.LEFT], right=orders[Side.RIGHT])
    if pair.base and (to is not None or MOVED in pair.base or pair.base.get(ORDER) != kept):
        ledger.agree(run, pair.id, {**without_moved(pair.base), ORDER: kept})


def target(bridge: Bridge, kind: str, pair: PairView, orders: Mapping[Side, str]) -> Side | None:
    """The side on which the other's order is to be written; None where nobody changed it, or both have the same."""
    if _names(orders[Side.LEFT]) == _names(orders[Side.RIGHT]):
        return None
    known = bool(_kept(pair, Side.LEFT))
    ours = {side: moved_on(pair, side) for side in Side}
    moved = {side: bool(ours[side.other]) or _moved(_kept(pair, side), orders[side], ours[side]) for side in Side}
    came = set(_names(orders[Side.LEFT])) - set(_names(_kept(pair, Side.LEFT)))
    if came and not any(moved.values()):
        put = {side: _put_in(came, orders[side]) for side in Side}
        moved = put if any(put.values()) else dict.fromkeys(Side, True)
    if bridge.book.ranks(kind) and (moved[Side.LEFT] or not known):
        return Side.RIGHT
    return Side.LEFT if moved[Side.RIGHT] or not known else None


def _moved(before: str, now: str, ours: Collection[str]) -> bool:
    """Whether what was there before stands in another order now, apart from what is `ours`."""
    old, new = ([one for one in _names(order) if one not in ours] for order in (before, now))
    return [one for one in old if one in new] != [one for one in new if one in old]


def _put_in(came: Collection[str], now: str) -> bool:
    """Whether something that came in stands elsewhere than last."""
    last = [one in came for one in _names(now)]
    return last != sorted(last)


def _left(left: Snapshot, across: Mapping[Ref, Ref]) -> str:
    return order_of([child for child in left.children if child.ref in across])


def _right(bridge: Bridge, kind: str, across: Mapping[Ref, Ref], read: Mapping[Ref, Snapshot]) -> str:
    """The order of the issues by their ranks; "" where one shows none."""
    others = [ref for ref in across.values() if ref not in read]
    found = {**read, **(bridge.right.read(others) if others else {})}
    return ranked(bridge, kind, {ref: found[other] for ref, other in across.items()})


def ranked(bridge: Bridge, kind: str, across: Mapping[Ref, Snapshot | Gone]) -> str:
    """The order of issues, each under the record on the left, by their ranks; "" where one shows none."""
    ranks = {ref.id: _rank(bridge, kind, issue) for ref, issue in across.items()}
    if not all(ranks.values()):
        return ""
    return " ".join(f"{name}:{rank}" for name, rank in sorted(ranks.items(), key=lambda item: item[1]))


def _again(bridge: Bridge, kind: str, above: Ref, across: Mapping[Ref, Ref], to: Side) -> str:
    """The order on a side after it was written there."""
    if to is Side.RIGHT:
        return _right(bridge, kind, across, {})
    found = bridge.left.read([above])[above]
    return _left(found, across) if isinstance(found, Snapshot) else ""


def _rank(bridge: Bridge, kind: str, right: Snapshot | Gone) -> str:
    name = bridge.book.ranked_by(kind)
    rank = right.get(name) if name and isinstance(right, Snapshot) else None
    return rank if isinstance(rank, str) else ""


def _kept(pair: PairView, side: Side) -> str:
    kept = pair.base.get(ORDER)
    order = kept.of(side) if kept is not None else None
    return order if isinstance(order, str) else ""


def _names(order: str) -> list[str]:
    return [place.partition(":")[0] for place in order.split()]
