"""What is kept with an agreed pair of what a run looked at beside the values: a digest for each side.

By it one side alone can be told unchanged (exchange.py, unmoved.py). And in which fields the two differ all the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.merge.decision import Base, Held
from crosswalk.merge.pairs import PairView, Run
from crosswalk.merge.presume import REST, rest_of
from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.stale import stamped
from crosswalk.merge.values import Maybe
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.differing import differing_in


def remembered(bridge: Bridge, kind: str, side: Side, record: Snapshot, rules: Sequence[Rule]) -> str:
    """What is remembered of a record beside its values (merge.presume.rest_of)."""
    book = bridge.book
    besides: tuple[object, ...] = (record.spent_below,) if record.spent_below else ()
    if side is Side.LEFT:
        needs = tuple((ref.kind, ref.id) for ref in book.needs(kind, record))
        besides = needs, (str(record.get("position")), str(record.get("release"))) if book.ranks(kind) else ()
    return rest_of(record, rules, _kinds(bridge, kind), *besides)


def hangs(bridge: Bridge, kind: str, record: Snapshot) -> bool:
    """Whether there may be a comment, a file or a link on `record`: it is carried by a run that looks at both sides."""
    return any(one in record.more or record.parts.get(one) for one in _kinds(bridge, kind))


def _kinds(bridge: Bridge, kind: str) -> set[str]:
    """The kinds of parts that are carried of records of `kind`."""
    links = bridge.book.links(kind)
    return {rule.kind for rule in [*bridge.book.parts(kind), *([links.rule] if links else [])]}


def looked_at(bridge: Bridge, kind: str, ends: tuple[Snapshot, Snapshot], base: Base) -> Base:
    """`base` of two records that were just joined, with what is kept of them as they were read: nothing is to follow.

    Where something hangs on one of them, that is still to be carried, and `base` stays as it is.
    """
    if any(hangs(bridge, kind, end) for end in ends):
        return base
    rules, both = bridge.book.rules(kind, *ends), dict(zip(Side, ends, strict=True))
    rest = {side: remembered(bridge, kind, side, end, rules) for side, end in both.items()}
    return {**stamped(base, both), REST: Held.agreed(left=rest[Side.LEFT], right=rest[Side.RIGHT])}


def remember(
    bridge: Bridge, run: Run, pair: PairView, ends: tuple[Snapshot, Snapshot], rules: Sequence[Rule], *, asking: bool
) -> None:
    """Keep with an agreed pair what a run looked at beside the values, so that one side alone can be told unchanged;
    and in which fields the two differ, which is all that is kept where somebody is needed (`asking`).

    Nothing is kept where the run itself added something since it looked: whoever takes that away again would bring the
    record back to what is remembered, and nobody would see it.
    """
    now = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ends[0].ref)
    if now is None or not now.base:
        return
    keep_apart(bridge, run, now, now.base, [(one, ends[0].get(one.left), ends[1].get(one.right)) for one in rules])
    left, right = (remembered(bridge, pair.kind, side, end, rules) for side, end in zip(Side, ends, strict=True))
    held = Held.agreed(left=left, right=right)
    if asking or now.base.get(REST) == held:
        return
    kept = {name: one for name, one in now.base.items() if name != REST}
    if not _added(bridge, pair, ends):
        kept[REST] = held
    if kept != now.base:
        bridge.ledger.agree(run, pair.id, kept)


def keep_apart(
    bridge: Bridge, run: Run, pair: PairView, base: Base, rules: Sequence[tuple[Rule, Maybe, Maybe]]
) -> None:
    """Keep with a pair that agreed on `base` in which fields the two differ, where that is not what is kept already.

    `rules` come with the values on the left and on the right that they were made for.
    """
    asked = {rule.name: (left, right) for rule, left, right in rules}
    names = differing_in(base, [rule for rule, _, _ in rules], pair.joining, asked)
    if names != pair.apart:
        bridge.ledger.differ(run, pair.id, names)


def _added(bridge: Bridge, pair: PairView, ends: tuple[Snapshot, Snapshot]) -> bool:
    """Whether a part stands on a side that was not there when `ends` were read. What hangs below them is not asked."""
    links = bridge.book.links(pair.kind)
    rules = [*bridge.book.parts(pair.kind), *([links.rule] if links else [])]
    for rule in (rule for rule in rules if not rule.below):
        twins = bridge.ledger.parts(pair.id, rule.kind)
        for side, end in zip(Side, ends, strict=True):
            seen = {part.id for part in end.parts.get(rule.kind, ())}
            if rule.kind in end.parts and any(twin.id(side) and twin.id(side) not in seen for twin in twins):
                return True
    return False
