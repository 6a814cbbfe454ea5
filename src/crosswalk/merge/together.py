"""Several rules that write one list: what each puts in and takes out is one write. Pure; knows no product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from crosswalk.merge.decision import Decision
from crosswalk.merge.rules import Side
from crosswalk.merge.sets import Elements, elements_of


def together(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`decisions`, where those that write the same list on a side write the same to it: the work of all of them."""
    found = tuple(decisions)
    for side in Side:
        writers: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in found:
            if isinstance(decision.write.get(side), frozenset):
                writers[decision.rule.field(side)].append(decision)
        wanted = {name: _union(several, side) for name, several in writers.items() if len(several) > 1}
        found = tuple(_writes(decision, side, wanted.get(decision.rule.field(side))) for decision in found)
    return found


def _union(several: Iterable[Decision], side: Side) -> Elements:
    now: Elements = frozenset()
    put_in: Elements = frozenset()
    taken_out: Elements = frozenset()
    for decision in several:
        now, new = elements_of(decision.value(side)), elements_of(decision.write[side])
        put_in, taken_out = put_in | (new - now), taken_out | (now - new)
    return (now - taken_out) | put_in


def _writes(decision: Decision, side: Side, wanted: Elements | None) -> Decision:
    if wanted is None or not isinstance(decision.write.get(side), frozenset):
        return decision
    return replace(decision, write={**decision.write, side: wanted})
