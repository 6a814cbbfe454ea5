"""In which fields two records that are in step differ all the same: one rule for runs, loads, sweeps and pages. Pure.

What was agreed is what both sides hold, so it can be told from the base as well as from the records themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from crosswalk.merge.decision import Base, Decision, Verdict
from crosswalk.merge.rules import Direction, Rule
from crosswalk.merge.settle import Joining, apart
from crosswalk.merge.values import Maybe
from crosswalk.sync.outline import is_people
from crosswalk.sync.turning import Constant

FILLED: Final = {"timeestimate": "timeoriginalestimate"}
"""Fields that Jira fills by itself from another one when an issue is made with that alone."""


def differing(decisions: Sequence[Decision], joining: Joining | None) -> tuple[str, ...]:
    """The names of the fields that are at rest and differ, in their order.

    What the mapping always sets to one value is at rest only where it is set.
    """
    values = [one for one in decisions if not isinstance(one.rule.translation, Constant)]
    return tuple(one.name for one in values if apart(one, joining) and not filled(one, decisions))


def differing_in(
    base: Base, rules: Iterable[Rule], joining: Joining | None, asked: Mapping[str, tuple[Maybe, Maybe]]
) -> tuple[str, ...]:
    """The same of two records that hold what was agreed.

    `asked` are the values, by rule, that the rules were made for. Who other people are across was not looked up: of
    them nothing is said. What was carried just now is alike.
    """
    resting = at_rest(base, rules)
    known = [one for one in resting if not _of_people(one) or asked.get(one.name) == (one.left, one.right)]
    return differing(known, joining)


def _of_people(decision: Decision) -> bool:
    return is_people(decision.left) or is_people(decision.right)


def at_rest(base: Base, rules: Iterable[Rule]) -> tuple[Decision, ...]:
    """What is decided about records that nobody touched: nothing, for those rules that are compared."""
    compared = [one for one in rules if one.direction is not Direction.OFF and not one.direction.once]
    among = [(one, held) for one in compared if (held := base.get(one.name)) is not None and held.known]
    known = [(one, held) for one, held in among if held.about(one)]
    return tuple(Decision(rule, Verdict.UNCHANGED, "", held.left, held.right, held) for rule, held in known)


def filled(decision: Decision, among: Iterable[Decision]) -> bool:
    """Whether Jira put there by itself what Aha! does not hold: nobody said anything that the other side lacks.

    The remaining estimate of an issue is its original one until somebody sets it or works on the issue.
    """
    source = FILLED.get(decision.rule.right)
    if source is None or decision.left is not None:
        return False
    return any(one.rule.right == source and one.right == decision.right for one in among)
