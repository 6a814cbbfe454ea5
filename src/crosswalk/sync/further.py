"""New records that are further on in Aha! than where their issues begin, though no status is sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Rule, Side, Untranslatable
from crosswalk.merge.values import Choice

LEFT, RIGHT = "workflow_status", "status"
BEGUN = ("indeterminate", "done")
"""The categories of Jira's statuses beyond To Do. Where a new issue begins is the workflow's, which is not known: a
status of To Do is taken for it."""


def further(record: Snapshot, rules: Iterable[Rule]) -> str:
    """The status of a record that is to be made in Jira, where the rules do not send it and it is further on.

    It is where the table leads beyond To Do, or, for a status that no status of Jira's stands for, where Aha! calls it
    complete. What neither says is not guessed: "".
    """
    rule = next((one for one in rules if (one.left, one.right) == (LEFT, RIGHT)), None)
    here = record.get(LEFT)
    if rule is None or rule.direction.writes(Side.RIGHT) or not isinstance(here, Choice):
        return ""
    there = rule.translate(here, Side.RIGHT)
    begun = isinstance(there, Choice) and there.category in BEGUN
    complete = isinstance(there, Untranslatable) and here.category == "done"
    return here.name if begun or complete else ""
