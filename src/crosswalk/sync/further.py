"""New records whose status differs from that in which their issues begin, though no status is sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Rule, Side, Untranslatable
from crosswalk.merge.values import Choice
from crosswalk.sync.differing import differing

LEFT, RIGHT = "workflow_status", "status"
BEGUN = ("indeterminate", "done")
"""The categories of Jira's statuses beyond To Do. Where a new issue begins is the workflow's, which is not known: a
status of To Do is taken for it."""


def further(record: Snapshot, rules: Iterable[Rule], begins: Sequence[Choice] = ()) -> str:
    """The status of a record that is to be made in Jira, where the rules do not send it and the two will differ.

    It is one that the table leads beyond To Do, or, for a status that no status of Jira's stands for, one that Aha!
    calls complete; or one that differs, by the rule for records in step, from all in which an issue may begin. What
    none of them says is not guessed: "".
    """
    rule = next((one for one in rules if (one.left, one.right) == (LEFT, RIGHT)), None)
    here = record.get(LEFT)
    if rule is None or rule.direction.writes(Side.RIGHT) or not isinstance(here, Choice):
        return ""
    there = rule.translate(here, Side.RIGHT)
    begun = isinstance(there, Choice) and there.category in BEGUN
    complete = isinstance(there, Untranslatable) and here.category == "done"
    made = [Decision(rule, Verdict.UNCHANGED, "", here, one) for one in begins]
    apart = bool(made) and all(differing([one], None) for one in made)
    return here.name if begun or complete or apart else ""
