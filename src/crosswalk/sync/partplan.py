"""What hangs on records in a plan: the comments, files and logged work that a run would carry. Writes nothing.

Lists that came with their records cost nothing. Others are asked for, up to MOST in a plan, and of pairs in step up to
FEW: the plan says of how many records they were not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk.merge.pairs import PairView
from crosswalk.merge.parts import Act, PartDecision, PartPair, PartRule, decide_parts, parts_by_id
from crosswalk.merge.plan import Change, Kind, Patch
from crosswalk.merge.records import Part, Ref, Snapshot
from crosswalk.merge.refused_parts import by_ids, ids, mark_kind
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.late import part_now
from crosswalk.sync.originals import as_written
from crosswalk.sync.parts import COMMENT, shows
from crosswalk.sync.shown import one_line

MOST, FEW = 500, 100  # lists that one plan asks the servers for
CALLED = {"comment": "Comment", "attachment": "File", "worklog": "Work logged"}
GONE = "it is removed"
CARRIED = (Act.ADD, Act.CHANGE, Act.REMOVE)


@dataclass(slots=True)
class Asks:
    """How many lists were asked for, and the records of which some were not looked at."""

    asked: int = 0
    unread: set[Ref] = field(default_factory=set)


def part_patches(
    bridge: Bridge, kind: str, ends: Mapping[Side, Snapshot], pair: PairView | None, asks: Asks
) -> Iterator[Patch]:
    """What would be carried of what hangs on the records in `ends`; of one that is to be made there is the other."""
    changes: dict[Side, list[Change]] = {side: [] for side in Side}
    whole = True
    for rule in bridge.book.parts(kind):
        if len(ends) == len(Side) and not shows(ends, rule.kind):
            continue
        lists = _lists(bridge, rule, ends, asks, FEW if pair is not None and pair.state == "agreed" else MOST)
        whole &= lists is not None
        for one in decided_parts(bridge, rule, ends, pair, lists) if lists is not None else ():
            changes[one.side].append(_change(rule, one))
    here = ends.get(Side.LEFT) or next(iter(ends.values()))
    asks.unread |= set() if whole else {here.ref}
    for side, found in changes.items():
        if found:
            ref = ends[side].ref if side in ends else here.ref
            cause = "" if side in ends else f"{here.ref} is sent"
            yield Patch(Kind.PART, side, ref, None, tuple(found), None, cause, str(here.ref))


def _lists(
    bridge: Bridge, rule: PartRule, ends: Mapping[Side, Snapshot], asks: Asks, most: int
) -> Mapping[Side, Sequence[Part]] | None:
    """The parts on either side; None where the plan has asked for `most` lists already."""
    found: dict[Side, Sequence[Part]] = dict.fromkeys(Side, ())
    for side, record in ends.items():
        cost = (rule.kind in record.more) + (rule.below and side is Side.RIGHT and record.spent_below != "")
        if cost and asks.asked + cost > most:
            return None
        asks.asked += cost
        found[side] = bridge.side(side).parts(record, rule.kind)
        if rule.below and side is Side.RIGHT:
            below = bridge.right.work_below(
                record, lambda refs: bridge.ledger.paired(bridge.integration_id, Side.RIGHT, refs)
            )
            found[side] = (*found[side], *below)
    return found


def decided_parts(
    bridge: Bridge,
    rule: PartRule,
    ends: Mapping[Side, Snapshot],
    pair: PairView | None,
    lists: Mapping[Side, Sequence[Part]],
) -> Iterator[PartDecision]:
    """What is carried; what a side refused before is not tried again by itself."""
    if not any(lists.values()):
        return  # most records have none, and the store is asked about each
    known: Sequence[PartPair] = bridge.ledger.parts(pair.id, rule.kind) if pair is not None else ()
    lists = as_written(known, lists, bridge.ours)
    if rule.kind == COMMENT and known and len(ends) == len(Side):
        now, form = {side: parts_by_id(lists[side]) for side in Side}, bridge.book.part_text(ends)
        known = [part_now(one, {side: now[side].get(one.id(side)) for side in Side}, form, ()) for one in known]
    decisions = decide_parts(known, lists[Side.LEFT], lists[Side.RIGHT], rule, bridge.now())
    carried = [one for one in decisions if one.act in CARRIED]
    if carried and pair is not None and not pair.asked:
        marks = by_ids(bridge.ledger.parts(pair.id, mark_kind(rule.kind)))
        carried = [one for one in carried if ids(one) not in marks]
    yield from carried


def _change(rule: PartRule, one: PartDecision) -> Change:
    target, source = one.target, one.source
    old = MISSING if target is None else _said(target)
    new = GONE if source is None else _said(source)
    name = CALLED.get(rule.kind, rule.kind.capitalize())
    return Change(rule.kind, old, new, name, one.reason, one.lost is not MISSING)


def _said(part: Part) -> str:
    return part.name or one_line(part.content)


def shown_patch(record: Snapshot, name: str, type_: str, how: str = "sent") -> Patch:
    """The link to its issue that a record of the left is given, in its field `name`, when it is sent or joined."""
    link = Change(name, record.get(name), f"the address of its {type_} in Jira", "Link to Jira")
    return Patch(Kind.SHOW, Side.LEFT, record.ref, None, (link,), None, f"{record.ref} is {how}", str(record.ref))
