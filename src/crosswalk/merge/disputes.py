"""Conflicts that a person decides: what is asked, what was answered, and what the answer makes of a decision. Pure.

An answer is about the two values that the person saw. Once a side holds something else it says nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosswalk.merge.decision import Base, Decision, Held, Verdict
from crosswalk.merge.merge import merge
from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Policy, Rule, Side
from crosswalk.merge.values import Maybe, Value

_POLICY = {Side.LEFT: Policy.LEFT, Side.RIGHT: Policy.RIGHT}
_OPEN = (Verdict.CARRY, Verdict.CONFLICT, Verdict.ASK)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A field in which both sides hold something else, with the base, and who changed it when, as far as that is known:
    `at` is the field's or else the record's last change.
    """

    name: str
    left: Maybe
    right: Maybe
    held: Held | None = None
    at: Mapping[Side, datetime | None] = field(default_factory=dict)
    by: Mapping[Side, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's word: `winner` counts, while the sides hold what the person saw.

    An empty value of the winner takes the other side's value away only with `erase`.
    """

    winner: Side
    left: Maybe
    right: Maybe
    person: str = ""
    erase: bool = False


def decide(
    base: Base,
    left: Snapshot,
    right: Snapshot,
    rules: Iterable[Rule],
    answers: Mapping[str, Answer | None],
    *,
    newer: Side | None = None,
) -> tuple[Decision, ...]:
    """What merge() says, with the answers of people in it; `answers` holds them by the name of the rule."""
    found = merge(base, left, right, rules, newer=newer)
    return tuple(_answered(one, answers.get(one.name), base, left, right) for one in found)


def _answered(decision: Decision, answer: Answer | None, base: Base, left: Snapshot, right: Snapshot) -> Decision:
    if answer is None or (decision.left, decision.right) != (answer.left, answer.right):
        return decision
    if decision.verdict not in _OPEN or not decision.rule.direction.writes(answer.winner.other):
        return decision
    value, target = decision.value(answer.winner), answer.winner.other
    if value is None or value == frozenset():
        return _erased(decision, answer, target) if answer.erase else decision
    (decided,) = merge(base, left, right, [replace(decision.rule, policy=_POLICY[answer.winner])])
    return _said(replace(decided, rule=decision.rule), answer)


def _erased(decision: Decision, answer: Answer, target: Side) -> Decision:
    """Nothing is what was chosen: what the other side holds goes, and is kept."""
    lost = decision.value(target)
    nothing: Value = frozenset() if isinstance(lost, frozenset) else None
    write = {target: nothing}
    return _said(replace(decision, verdict=Verdict.CONFLICT, write=write, lost=lost, lost_side=target), answer)


def _said(decision: Decision, answer: Answer) -> Decision:
    if decision.verdict is not Verdict.CONFLICT:
        return decision
    who = answer.person.replace("{", "(").replace("}", ")") or "a person"
    return replace(decision, reason=f"{{{answer.winner.value}}} counts: {who} chose so.")


def disputes(decisions: Sequence[Decision], left: Snapshot, right: Snapshot) -> list[Dispute]:
    """What of `decisions` a person has to decide."""
    at = {Side.LEFT: left.changed_at, Side.RIGHT: right.changed_at}
    return [Dispute(one.name, one.left, one.right, one.held, at) for one in decisions if one.verdict is Verdict.ASK]
