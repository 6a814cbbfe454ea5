"""What a run would do, without doing it: the plan. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.merge import introduce
from crosswalk.merge.pairs import PairView
from crosswalk.merge.plan import Kind, Patch, Plan, plan_new, plan_pair
from crosswalk.merge.records import Draft, Gone, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import Joining
from crosswalk.merge.unconfirmed import begun
from crosswalk.merge.values import Choice, Value
from crosswalk.store import asked
from crosswalk.store.claims import belongs
from crosswalk.sync.above import ABOVE
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.doubles import shown_already
from crosswalk.sync.further import further
from crosswalk.sync.keeping import Keeping
from crosswalk.sync.marks import mark_of
from crosswalk.sync.outlook import NOTHING, Outlook, asks_for
from crosswalk.sync.pair import decided
from crosswalk.sync.partplan import Asks, part_patches, shown_patch
from crosswalk.sync.placing import NEVER
from crosswalk.sync.planlinks import LinkPlan, to_come
from crosswalk.sync.planranks import RankPlan
from crosswalk.sync.staying import staying

T = TypeVar("T")
PAGE = 100  # pairs that are read at once
IGNORED, PAUSED = "ignored", "paused"
DOUBTS = (Verdict.CONFLICT, Verdict.ASK, Verdict.REFUSED)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a plan can not carry, or that a person has to decide: which record and field, why, and what to do."""

    record: Ref
    field: str
    why: str
    remedy: str = ""
    code: str = ""


@dataclass(slots=True)
class Survey:
    """A look at many records: what would be written, how many were looked at, how many nothing is to be done about, and
    of how many of these that is because they are `paused`.

    `first` are those of the left that were looked at to be made, `made` those that this plan makes, each with the pair
    it is in then; `further` are those of them whose status is not sent and differs from the one their issue begins in;
    `left` says of some that are left alone why, and `idle` are those about which nothing is done so far; `keeping` are
    those in step that differ all the same, and `above` what stands above those that are made and is not sent.
    """

    patches: list[Patch] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left: list[Doubt] = field(default_factory=list)
    looked: int = 0
    alone: int = 0
    paused: int = 0
    first: set[Ref] = field(default_factory=set)
    made: dict[Ref, PairView] = field(default_factory=dict)
    further: dict[Ref, str] = field(default_factory=dict)
    idle: set[str] = field(default_factory=set)
    keeping: Keeping = field(default_factory=Keeping)
    above: set[Ref] = field(default_factory=set)
    links: LinkPlan = field(default_factory=LinkPlan)
    ranks: RankPlan = field(default_factory=RankPlan)
    asks: Asks = field(default_factory=Asks)
    outlook: Outlook = NOTHING

    def plan(self, known: int) -> Plan:
        """The plan; `known` is how many pairs the integration has, for its brake."""
        return Plan(self.patches, known)

    def add(self, patches: Iterable[Patch], ref: Ref | None = None) -> None:
        """What would be done about one record."""
        found = list(patches)
        self.patches += found
        self.looked += 1
        self.alone += not found
        self.idle |= {str(ref)} if ref is not None and not found else set()

    def finish(self, bridge: Bridge) -> None:
        """What is only known once all was looked at: links between records, and who is moved to another place."""
        found = [*self.links.patches(bridge, self.made, self.asks), *self.ranks.patches(bridge, self.made, self.asks)]
        self.patches += found
        self.alone -= len(self.idle & {patch.pair for patch in found})

    def again(self, ref: Ref) -> bool:
        """Whether a record was looked at with another one: then it is counted, and what there is to say was said."""
        if ref in self.first:
            self.looked += 1
            self.alone += ref not in self.made
        return ref in self.first

    def doubt(self, record: Ref, decisions: Iterable[Decision]) -> None:
        """Keep those of `decisions` that are not simply carried."""
        self.doubts += [
            Doubt(record, one.name, one.why(NAMES), one.remedy, one.code) for one in decisions if one.verdict in DOUBTS
        ]


Tell = Callable[[int, int], object]
"""Told how many records were looked at, of how many."""
Ends = tuple[Snapshot | Gone | None, Snapshot | Gone | None]
Meet = Callable[[PairView, Ends], object]
"""Told of each pair, as its two records were read."""


def survey(
    bridge: Bridge,
    pairs: Sequence[PairView],
    unsent: Sequence[Ref],
    tell: Tell = max,
    outlook: Outlook = NOTHING,
    meet: Meet | None = None,
) -> Survey:
    """Look at `pairs`, and at records of the left that are in no pair (`unsent`), a page at a time.

    What stands below a record goes along with it, and comes last.
    A pair that is ignored or paused is left alone, as no run touches it.
    """
    found, total = Survey(outlook=outlook), len(pairs) + len(unsent)
    open_ = [pair for pair in pairs if pair.held not in (IGNORED, PAUSED)]
    found.paused = sum(pair.held == PAUSED for pair in pairs)
    for _ in range(len(pairs) - len(open_)):
        found.add(())
    joined = [pair for pair in open_ if pair.left and pair.right]
    alone = [*(pair.left for pair in open_ if pair.left and not pair.right and pair.parent_id is None), *unsent]
    for some in _paged(joined):
        left = bridge.left.read([pair.left for pair in some if pair.left])
        right = bridge.right.read([pair.right for pair in some if pair.right])
        for pair in some:
            ends = (left[pair.left] if pair.left else None, right[pair.right] if pair.right else None)
            found.add(_pair_patches(bridge, pair, ends, found), pair.left)
            if meet is not None:
                meet(pair, ends)
        tell(found.looked, total)
    for refs in _paged(alone):
        read = bridge.left.read([ref for ref in refs if ref not in found.first])
        records = {ref: one for ref, one in read.items() if isinstance(one, Snapshot)}
        free = set(_free(bridge, records.values(), found))
        for ref in refs:
            if not found.again(ref):
                found.first.add(ref)
                found.add(_new_patches(bridge, records[ref], ref.kind, None, found) if ref in free else ())
        tell(found.looked, total)
    for pair in open_:
        if pair.left and not pair.right and pair.parent_id is not None and not found.again(pair.left):
            found.add(_below_patches(bridge, pair, pair.left, found))
    found.finish(bridge)
    tell(found.looked, total)
    return found


def _free(bridge: Bridge, records: Iterable[Snapshot], found: Survey) -> Iterator[Ref]:
    """Those of `records`, of the left, that may be made across: no other integration has them, and they show none."""
    among = list(records)
    # Several integrations may have a release.
    theirs = found.outlook.elsewhere([one.ref for one in among if one.ref.kind != "release"])
    said = {one.record for one in (*found.left[-PAGE:], *found.doubts[-PAGE:]) if not one.field}
    found.left += [Doubt(ref, "", *belongs(str(ref), name)) for ref, name in theirs.items() if ref not in said]
    shown = shown_already(bridge, [one for one in among if one.ref not in theirs])
    found.doubts += [Doubt(ref, "", one.message, one.remedy, one.code) for ref, one in shown.items() if ref not in said]
    return (one.ref for one in among if one.ref not in theirs and one.ref not in shown)


def _below_patches(bridge: Bridge, pair: PairView, left: Ref, found: Survey) -> Iterable[Patch]:
    """The create of what stands below a record that was not looked at itself: that one's run makes it."""
    above = bridge.ledger.get(pair.parent_id) if pair.parent_id is not None else None
    if above is None or above.left is None or above.held in (IGNORED, PAUSED):
        return
    if above.right is None:
        yield from _first_patches(bridge, [above.left] if above.left not in found.first else [], found)
        return
    records = [one for one in bridge.left.read([left]).values() if isinstance(one, Snapshot)]
    for ref in _free(bridge, records, found):
        yield from _new_patches(bridge, records[0], ref.kind, above.right, found)


def _paged(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))


def plan(
    bridge: Bridge, pairs: Sequence[PairView], unsent: Sequence[Ref], known: int, outlook: Outlook = NOTHING
) -> Plan:
    """What would be written on each side for `pairs`, and for records of the left that are in no pair (`unsent`).

    `known` is how many pairs the integration has, for the plan's brake.
    """
    return survey(bridge, pairs, unsent, outlook=outlook).plan(known)


def _pair_patches(bridge: Bridge, pair: PairView, ends: Ends, found: Survey) -> Iterable[Patch]:
    left, right = ends
    if pair.held_back:
        return
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        yield from _deletes(bridge, pair, {Side.LEFT: left, Side.RIGHT: right})
        return
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = staying(bridge, pair, decided(pair, (left, right), rules, bridge.ledger.disputes(pair.id)))
    ahead = [ref for ref in missing_above(bridge, pair.kind, left) if not _elsewhere(bridge, ref)]
    made = yield from _first(bridge, ahead, found)
    decisions = tuple(_with_what_is_made(one, made) for one in decisions)
    found.doubt(left.ref, [one for one in decisions if not _was_said(one, pair.joining)])
    found.keeping.met(left.ref, decisions, pair.joining)
    yield from plan_pair({Side.LEFT: left.ref, Side.RIGHT: right.ref}, decisions, pair=str(left.ref))
    where = found.outlook.shown_in.get(pair.kind, "")
    if where and not begun(pair.base) and right.url not in bridge.left.shown_links(left):
        yield shown_patch(left, where, found.outlook.type_of(pair.kind, {}), "joined")
    yield from part_patches(bridge, pair.kind, {Side.LEFT: left, Side.RIGHT: right}, pair, found.asks)
    found.links.known(bridge, pair, left, right)
    found.ranks.met(bridge, pair, left, right)
    yield from _children(bridge, left, pair.kind, right.ref, found)


def _children(bridge: Bridge, left: Snapshot, kind: str, above: Ref | str, found: Survey) -> Iterable[Patch]:
    """The creates of what stands below `left`, which is of `kind`, as far as it is made along with it."""
    below = bridge.book.below(kind)
    among = {one.ref: one for one in left.children if below and _to_make(bridge, one)}
    found.first.update(among)
    for ref in _free(bridge, among.values(), found) if among else ():
        yield from _new_patches(bridge, among[ref], below, above, found)


def _elsewhere(bridge: Bridge, above: Ref) -> bool:
    """Whether another integration has what a record stands below, so that it is not made; releases are shared."""
    return above.kind != "release" and asked.elsewhere(bridge.integration_id, Side.LEFT, above)


def _first(bridge: Bridge, ahead: Sequence[Ref], found: Survey) -> Generator[Patch, None, set[str]]:
    """The creates of what a record needs before it (`ahead`); gives the ids of those that this plan makes."""
    yield from _first_patches(bridge, [ref for ref in ahead if ref not in found.first], found)
    return {ref.id for ref in ahead if ref in found.made}


def _with_what_is_made(decision: Decision, made: Collection[str]) -> Decision:
    """`decision` where what has no counterpart yet is `made` first in this plan: then it is carried, by its name."""
    stuck = decision.refused.get(Side.LEFT, frozenset())
    along = frozenset(one for one in stuck if isinstance(one, Choice) and one.id in made)
    if not made or not decision.rule.direction.writes(Side.RIGHT):
        return decision
    if along:
        there = decision.write.get(Side.RIGHT, decision.right)
        new: Value = along | (there if isinstance(there, frozenset) else frozenset())
    elif decision.verdict is Verdict.REFUSED and isinstance(decision.left, Choice) and decision.left.id in made:
        new = decision.left
    else:
        return decision
    left = {**decision.refused, Side.LEFT: stuck - along}
    decision = replace(decision, write={**decision.write, Side.RIGHT: new}, refused=left)
    if any(left.values()):
        return decision
    return replace(decision, verdict=Verdict.CARRY, reason=MADE_FIRST, detail="", remedy="", code="")


MADE_FIRST = "It is made in {right} first."


def _was_said(decision: Decision, joining: Joining | None) -> bool:
    """Whether a person who joined the two has said who counts in a field in which they differ: nobody else is asked."""
    said = joining.word(decision.name) if joining is not None and decision.held is None else ""
    return decision.verdict is Verdict.CONFLICT and said in set(Side)


def _to_make(bridge: Bridge, child: Snapshot) -> bool:
    """Whether what stands below a record is made along with it: it is not in Jira, and nobody said to leave it."""
    known = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, child.ref)
    return known is None or (known.right is None and known.held not in (IGNORED, PAUSED))


def _deletes(bridge: Bridge, pair: PairView, ends: Mapping[Side, Snapshot | Gone | None]) -> Iterable[Patch]:
    """The delete of what is left of a pair whose other record was deleted, where the mapping says so."""
    for side, end in ends.items():
        there = ends[side.other]
        if not (isinstance(end, Gone) and isinstance(there, Snapshot)):
            continue
        sure = pair.deleted is side or bridge.side(side).deleted(end.ref)
        if sure and bridge.book.removed(pair.kind, side) == "delete":
            cause = f"{end.ref} was deleted"
            yield Patch(Kind.DELETE, side.other, there.ref, under=there.parent, cause=cause, pair=str(pair.id))


def _new_patches(
    bridge: Bridge, record: Snapshot, kind: str, parent: Ref | str | None, found: Survey
) -> Iterable[Patch]:
    """The create of `record` across, of what goes first, and of what stands below it. The token is a name for this
    plan only."""
    if record.ref in found.made:
        return
    ahead = [ref for ref in missing_above(bridge, kind, record) if not _elsewhere(bridge, ref)]
    made = yield from _first(bridge, ahead, found)
    rules = bridge.book.rules(kind, record, None)
    decisions = [_with_what_is_made(one, made) for one in introduce(record, Side.LEFT, rules)]
    # What it stands below is known as `parent`: that it has no pair yet is no doubt.
    found.doubt(record.ref, [one for one in decisions if not (parent and one.rule.left in ABOVE)])
    fields = {d.rule.field(Side.RIGHT): d.write[Side.RIGHT] for d in decisions if Side.RIGHT in d.write}
    outlook = found.outlook
    if lacking := outlook.lacking(kind, fields):
        type_ = outlook.type_of(kind, fields)
        found.doubts += [Doubt(record.ref, name, *asks_for(type_)) for name in lacking]
        return
    found.made[record.ref] = new = to_come(bridge, kind, record.ref)
    found.above.update(outlook.left_out(record))
    if status := further(record, rules, outlook.begins.get(kind, ())):
        found.further[record.ref] = status
    token = f"new:{record.ref}"
    above = parent if isinstance(parent, Ref) else None
    draft = Draft(kind, fields, token, above, mark_of(record))
    after = parent if isinstance(parent, str) else ""
    create = plan_new(Side.RIGHT, draft, decisions, after=after, cause=f"{record.ref} is sent")
    yield replace(create, kind=Kind.LINK) if kind == "release" and _name(record) in outlook.versions else create
    if where := outlook.shown_in.get(kind, ""):
        yield shown_patch(record, where, outlook.type_of(kind, fields))
    yield from part_patches(bridge, kind, {Side.LEFT: record}, None, found.asks)
    found.links.new(bridge, new, record)
    found.ranks.met(bridge, new, record, None)
    yield from _children(bridge, record, kind, token, found)


def _first_patches(bridge: Bridge, refs: Sequence[Ref], found: Survey) -> Iterable[Patch]:
    """The creates of what a record needs before it, each once in a plan."""
    found.first.update(refs)
    read = bridge.left.read(refs) if refs else {}
    records = {ref: one for ref, one in read.items() if isinstance(one, Snapshot)}
    for ref in _free(bridge, records.values(), found) if records else ():
        yield from _new_patches(bridge, records[ref], ref.kind, None, found)


def _name(record: Snapshot) -> str:
    name = record.get("name")
    return name.casefold() if isinstance(name, str) else ""


def missing_above(bridge: Bridge, kind: str, record: Snapshot) -> tuple[Ref, ...]:
    """What goes first when `record` is sent: its release and what stands above it, as far as they are not in Jira."""
    known = (
        (ref, bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ref)) for ref in bridge.book.needs(kind, record)
    )
    return tuple(ref for ref, pair in known if pair is None or (pair.right is None and pair.state not in NEVER))


def field_of(above: Ref) -> str:
    """The Aha! field that names a record `above`."""
    return "releases" if above.kind == "release" else above.kind
