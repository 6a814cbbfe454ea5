"""What was sent to a side that did not confirm it. Values in, values out; no product.

The run was killed, the answer was lost, or the side went on showing the old state. If the side holds later exactly what
was sent, that is our own write: the two had agreed then, and what the other side holds otherwise by now is a change
since. Without this the write would look like somebody's edit, and be weighed against the edit that came after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crosswalk.merge.decision import Base, Decision, Held
from crosswalk.merge.records import Snapshot, Wrote
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING, Maybe

MARK = " sent "
"""Before the name of a rule: where the base keeps what was sent, by side; no rule begins with a space."""
THEN = f"{MARK}then "
"""The same: what both sides agree on if it landed."""


def awaited(base: Base, decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> dict[str, Held]:
    """`base` with what was, or may have been, sent to the sides that are not in `landed`."""
    after = confirmed(base)
    for decision in decisions:
        sent = {side: value for side, value in decision.write.items() if side not in landed}
        shown = {
            side: landed[side].snapshot.get(decision.rule.field(side)) for side in decision.write if side in landed
        }
        held = decision.agreed({**shown, **sent})
        if sent and held is not None:
            after[MARK + decision.name] = _ends({side: sent.get(side, MISSING) for side in Side})
            after[THEN + decision.name] = held
    return after


def awaits(base: Base) -> bool:
    """Whether something was sent that was not confirmed."""
    return any(name.startswith(MARK) for name in base)


def confirmed(base: Base) -> dict[str, Held]:
    """`base` without what was sent."""
    return {name: held for name, held in base.items() if not name.startswith(MARK)}


def counted(base: Base, ends: Mapping[Side, Snapshot], rules: Iterable[Rule]) -> Base:
    """`base` as it counts for the two records: what was sent, and is there now, was agreed."""
    found: dict[str, Held] = {}
    for rule in rules:
        sent, then = base.get(MARK + rule.name), base.get(THEN + rule.name)
        if sent is not None and then is not None:
            wanted = {side: sent.of(side) for side in Side if sent.of(side) is not MISSING}
            if all(ends[side].get(rule.field(side)) == value for side, value in wanted.items()):
                found[rule.name] = then
    return {**base, **found} if found else base


def _ends(values: Mapping[Side, Maybe]) -> Held:
    return Held.agreed(left=values[Side.LEFT], right=values[Side.RIGHT])
