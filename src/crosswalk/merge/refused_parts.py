"""A part that a side refused is not sent again until something changed or a person asks. Pure; knows no product.

What was refused is kept as a mark among the parts, under a kind of its own: what was to be done, and the side's own
words. Another text, another mapping, another counterpart is another deed, and is tried; so is the same at a record
whose status is another now: what is closed takes no comments.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import PartDecision, PartPair, PartRule
from crosswalk.merge.records import LeftOut, PartDraft
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Choice, Maybe, dump

Ids: TypeAlias = tuple[str, str]
"""The parts on the left and on the right that a mark is about; "" where there is none."""


def mark_kind(kind: str) -> str:
    """Under which kind the marks of parts of `kind` are kept."""
    return f"refused {kind}"


def by_ids(marks: Sequence[PartPair]) -> dict[Ids, PartPair]:
    """Marks by the parts they are about."""
    return {(mark.left, mark.right): mark for mark in marks}


def ids(decision: PartDecision) -> Ids:
    """The parts a decision is about."""
    found = {decision.side: decision.target, decision.side.other: decision.source}
    left, right = (part.id if (part := found[side]) is not None else "" for side in Side)
    return left, right


def deed(decision: PartDecision, rule: PartRule, draft: PartDraft | None, status: Maybe = MISSING) -> str:
    """What is to be done, in short: the same text only for the same write. `draft` is what would be sent, `status` that
    of the record it is sent to."""
    there = dump(decision.target.content) if decision.target is not None else None
    sent = [dump(draft.content), repr(draft.link)] if draft is not None else None
    stands = dump(status.id if isinstance(status, Choice) else None)
    whole = json.dumps([decision.act, decision.side, repr(rule), there, sent, stands], sort_keys=True)
    return sha256(whole.encode()).hexdigest()


def mark(decision: PartDecision, done: str, words: LeftOut) -> PartPair:
    """The mark of a deed that was refused with these words."""
    told = Choice(words.words, words.remedy, words.code)
    return PartPair(*ids(decision), decision.side, Held.agreed(left=done, right=told))


def refused_before(known: Mapping[Ids, PartPair], decision: PartDecision, done: str) -> LeftOut | None:
    """What the side said to the same deed; None where it was not tried, or something is otherwise now."""
    found = known.get(ids(decision))
    if found is None or found.held.left != done or not isinstance(told := found.held.right, Choice):
        return None
    return LeftOut(told.id, told.name, told.category)
