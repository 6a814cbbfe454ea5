"""Two records that both were there before they were joined: nothing is carried until a person said who counts.

A joining holds that word, field by field. It only matters while a field has no base; from then on, merge.py decides as
for any other pair. An empty value never empties the other side unless that is said of the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosswalk.merge.decision import Base, Decision, Held, Verdict
from crosswalk.merge.merge import merge
from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Policy, Rule, Side, Untranslatable, is_blockwise
from crosswalk.merge.sets import translated
from crosswalk.merge.values import MISSING, Maybe, Value

RULE, KEEP = "rule", "keep"
WORDS = (Side.LEFT.value, Side.RIGHT.value, KEEP, RULE)
"""Who counts: a side, nobody (both keep what they hold), or whoever the mapping's rule prefers."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What a person said about a joined pair; while `said` is "" nobody has, and nothing is carried.

    `said` counts for every field that `fields` does not name; in the fields of `erase`, an empty value counts, too.
    """

    said: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    erase: frozenset[str] = frozenset()

    def word(self, name: str) -> str:
        """Who counts in the field `name`."""
        return self.fields.get(name, self.said)


def settled(
    decisions: Sequence[Decision], base: Base, left: Snapshot, right: Snapshot, joining: Joining | None
) -> tuple[Decision, ...]:
    """`decisions` about two records, in which `joining` speaks for the fields that have no base yet."""
    if joining is None:
        return tuple(decisions)
    ends = {Side.LEFT: left, Side.RIGHT: right}
    found = []
    for usual in decisions:
        alike = usual.verdict is Verdict.AGREED and usual.name not in joining.erase
        done = usual.name in base or usual.verdict is Verdict.SKIPPED or alike or usual.rule.mark
        found.append(usual if done else _settle(usual.rule, usual, ends, joining))
    return tuple(found)


def _settle(rule: Rule, usual: Decision, ends: Mapping[Side, Snapshot], joining: Joining) -> Decision:
    """What a person's word makes of a field in which the two differ; `usual` is what the rule alone would do."""
    word = joining.word(rule.name)
    if word == RULE:
        return usual
    if word not in (Side.LEFT, Side.RIGHT):
        return _kept(usual, "Both keep what they held when they were joined.")
    winner = Side(word)
    if not rule.direction.writes(winner.other):
        return _kept(usual, f"{{{winner.other}}} keeps what it held: the mapping never sets it from {{{winner}}}.")
    here, there = usual.value(winner), usual.value(winner.other)
    if _nothing(here) and rule.name not in joining.erase:
        return usual if rule.source is None else _kept(usual, f"{{{winner}}} was empty when the two were joined.")
    if _nothing(there):
        return usual
    if not _nothing(here) and not isinstance(here, frozenset) and not isinstance(there, frozenset):
        policy = Policy.LEFT if winner is Side.LEFT else Policy.RIGHT
        (decision,) = merge({}, ends[Side.LEFT], ends[Side.RIGHT], (replace(rule, policy=policy),))
        by_word = decision.verdict is Verdict.CONFLICT and decision.winner is winner
        return replace(decision, rule=rule, reason=_as_said(winner) if by_word else decision.reason)
    return _imposed(rule, winner, there, ends)


def _imposed(rule: Rule, winner: Side, there: Maybe, ends: Mapping[Side, Snapshot]) -> Decision:
    """The winner's list, or its emptiness: as if the winner had held what the other holds, and changed it since."""
    was = {winner.other: there, winner: _across(rule, there, winner)}
    held = Held.agreed(left=was[Side.LEFT], right=was[Side.RIGHT])
    (decision,) = merge({rule.name: held}, ends[Side.LEFT], ends[Side.RIGHT], (rule,))
    decision = replace(decision, held=None)
    if winner.other not in decision.write:
        return decision
    return replace(decision, reason=_as_said(winner), lost=there, lost_side=winner.other)


def _as_said(winner: Side) -> str:
    return f"{{{winner}}} counts in this field, as was said when the two were joined."


def _across(rule: Rule, there: Maybe, winner: Side) -> Maybe:
    """What the winner would hold if it held the other's value; something it does not hold where that has no name."""
    if isinstance(there, frozenset):
        meant = (translated(rule, one, winner) for one in there)
        return frozenset(one for one in meant if one is not None and not isinstance(one, Untranslatable))
    value = rule.translate(there, winner) if there is not MISSING else None
    return there if value is None or isinstance(value, Untranslatable) else value


def _kept(usual: Decision, reason: str) -> Decision:
    return Decision(usual.rule, Verdict.AGREED, reason, usual.left, usual.right)


def _nothing(value: Maybe) -> bool:
    return value is None or value == frozenset()


def apart(decision: Decision, joining: Joining | None) -> bool:
    """Whether a field at rest differs all the same: it did when the two were joined, and nobody changed it since.

    Long texts are compared only where it was said that both keep theirs: on their way they lose what no format holds.
    Where a value has no counterpart, what stands across counts if that has one, and it is another; else nobody knows.
    """
    rule, left, right = decision.rule, decision.left, decision.right
    if decision.verdict not in (Verdict.UNCHANGED, Verdict.AGREED) or left is MISSING or right is MISSING:
        return False
    if is_blockwise(rule.translation) and not _keeps(rule, joining):
        return False
    (anew,) = merge({}, {rule.left: left}, {rule.right: right}, (rule,))
    if anew.verdict is Verdict.REFUSED:
        return _means_another(rule, {Side.LEFT: left, Side.RIGHT: right})
    return anew.verdict in (Verdict.CARRY, Verdict.CONFLICT, Verdict.ASK) and not _alike(left, right)


def _means_another(rule: Rule, ends: Mapping[Side, Value]) -> bool:
    """Whether one of two values has a counterpart across, and something else stands there; lists are not asked."""
    if any(isinstance(value, frozenset) for value in ends.values()):
        return False
    meant = {side: rule.translate(ends[side.other], side) for side in Side if rule.direction.writes(side)}
    return any(value != ends[side] and not isinstance(value, Untranslatable) for side, value in meant.items())


def _keeps(rule: Rule, joining: Joining | None) -> bool:
    return joining is not None and joining.word(rule.name) == KEEP


def _alike(left: Maybe, right: Maybe) -> bool:
    """Whether two lines differ in spaces only: a server trims what it stores."""
    return isinstance(left, str) and isinstance(right, str) and left.split() == right.split()


def load_joining(data: Mapping[str, object] | None) -> Joining | None:
    """What `dump_joining` wrote down; None for a pair that was not joined by hand."""
    if data is None:
        return None
    fields, erase = data.get("fields"), data.get("erase")
    return Joining(
        str(data.get("said") or ""),
        {str(name): str(word) for name, word in fields.items()} if isinstance(fields, dict) else {},
        frozenset(map(str, erase)) if isinstance(erase, list) else frozenset(),
    )


def dump_joining(joining: Joining) -> dict[str, object]:
    """`joining` as JSON-able data."""
    return {"said": joining.said, "fields": dict(joining.fields), "erase": sorted(joining.erase)}
