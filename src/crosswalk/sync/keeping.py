"""Which records that are in step keep other values in a field, of those that a plan looks at. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crosswalk.merge.decision import Decision
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.settle import Joining
from crosswalk.merge.values import MISSING
from crosswalk.sync.differing import differing


@dataclass(slots=True)
class Keeping:
    """`fields`: by the name of a field, the records that differ in it and in which nobody changed it. `without`: why
    some of these values could not be carried even if somebody did, each once."""

    fields: dict[str, list[Ref]] = field(default_factory=dict)
    without: dict[str, None] = field(default_factory=dict)

    def met(self, ref: Ref, decisions: Sequence[Decision], joining: Joining | None) -> None:
        """A record was looked at, and this was decided."""
        names = differing(decisions, joining)
        for one in decisions:
            if one.name in names:
                self.fields.setdefault(one.name, []).append(ref)
                self.without.update(dict.fromkeys(_without(one)))


def _without(decision: Decision) -> Iterable[str]:
    """Which single value of the two has no counterpart across, where the rule lets it travel."""
    rule = decision.rule
    for side in Side:
        value = decision.value(side.other)
        if not rule.direction.writes(side) or value is MISSING or isinstance(value, frozenset):
            continue
        if isinstance(meant := rule.translate(value, side), Untranslatable):
            yield meant.reason
