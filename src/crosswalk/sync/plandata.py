"""A plan as data for people: what pages, files, commands and the JSON API show is made of this. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crosswalk.errors import NeedsPerson
from crosswalk.merge.plan import Change, Patch
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING
from crosswalk.sync import outlook, preview
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.durations import in_plan
from crosswalk.sync.planlinks import NEW
from crosswalk.sync.shown import given_up_in

MOST = 10_000  # patches, and doubts, that a stored plan lists: a page reads it whole; all are counted


def as_data(found: preview.Survey, known: int, most: int | None = MOST) -> dict[str, Any]:
    """A survey for people: counts by side, each patch with its differences, what needs somebody, and the brake's word.

    The keys are those of `crosswalk plan --json` and of the file a page exports.
    """
    plan = found.plan(known)
    brake = ""
    try:
        plan.raise_if_unsafe()
    except NeedsPerson as error:
        brake = str(error)
    return {
        "looked": found.looked,
        "alone": found.alone,
        "paused": found.paused,
        "counts": {name: plan.tally(side) for side, name in NAMES.items()},
        "brake": brake,
        "left_off": len(plan.patches[most:]) if most is not None else 0,
        "doubts_left_off": len(found.doubts[most:]) if most is not None else 0,
        "unread": len(found.asks.unread),
        "patches": [_patch(patch, found.outlook) for patch in plan.patches[:most]],
        "doubts": [_doubt(one) for one in found.doubts[:most]],
        "left": [_doubt(one) for one in found.left[:most]],
        "further": dict(Counter(found.further.values())),
        "above": dict(sorted(Counter(one.kind for one in found.above).items())),
        "differing": {name: [str(ref) for ref in refs] for name, refs in found.keeping.fields.items()},
        "without": list(found.keeping.without),
    }


def _doubt(one: preview.Doubt) -> dict[str, str]:
    return {"record": str(one.record), "field": one.field, "why": one.why, "remedy": one.remedy, "code": one.code}


def _patch(patch: Patch, known: outlook.Outlook) -> dict[str, Any]:
    below = str(patch.under or "")
    if below and not isinstance(patch.under, Ref):  # the token of a record of this plan
        below = f"the issue of {below.removeprefix(NEW)}"
    draft, mark = patch.draft, patch.draft.mark if patch.draft else None
    return {
        "side": NAMES[patch.side],
        "kind": patch.kind.value,
        "record": str(patch.ref) if patch.ref else str(mark.ref) if mark else "",
        "what": draft.kind if draft else patch.ref.kind if patch.ref else "",
        "as": known.type_of(draft.kind, draft.fields) if draft and patch.side is Side.RIGHT else "",
        "below": below,
        "cause": patch.cause,
        "changes": [_change(change) for change in patch.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "name": change.rule or change.field,
        "field": change.field,
        "old": "" if change.old is MISSING else in_plan(change, change.old),
        "new": in_plan(change, change.new),
        "lost": change.lost,
        "given_up": given_up_in(change.new),
    }
