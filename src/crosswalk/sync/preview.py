"""What a run would do, without doing it: the plan, and why each field is or is not carried. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.merge import introduce
from crosswalk.merge.pairs import PairView
from crosswalk.merge.plan import Kind, Patch, Plan, plan_new, plan_pair
from crosswalk.merge.records import Draft, Gone, Ref, Snapshot
from crosswalk.merge.rules import Direction, Side
from crosswalk.merge.settle import Joining, apart
from crosswalk.merge.values import MISSING, Choice, Maybe, Value
from crosswalk.store import asked
from crosswalk.sync.above import ABOVE
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.doubles import shown_already
from crosswalk.sync.durations import said
from crosswalk.sync.marks import mark_of
from crosswalk.sync.pair import decided
from crosswalk.sync.placing import NEVER
from crosswalk.sync.shown import given_up_in
from crosswalk.sync.staying import staying

APART = "apart"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a pair as pages show it: both values, both base values, the verdict and the reason, as text.

    Besides the words of merge/decision.py, a verdict may be APART: at rest, and different since the two were joined.
    """

    field: str
    left: str
    right: str
    base_left: str
    base_right: str
    verdict: str
    why: str
    remedy: str = ""
    direction: str = ""
    code: str = ""
    note: str = ""
    """What a side's format does not hold of it (X1): of what is to be written, else of what was written last."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Both sides of a pair as they are now; `missing` says why a side could not be shown."""

    fields: tuple[FieldView, ...]
    missing: str = ""


def explain(bridge: Bridge, pair: PairView) -> Explanation:
    """Why each field of `pair` is or is not carried, from both sides as they are now."""
    ends = {side: _end(bridge, pair, side) for side in Side}
    left, right = ends[Side.LEFT], ends[Side.RIGHT]
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        why = [f"{NAMES[side]}: {end.reason}" for side, end in ends.items() if isinstance(end, Gone)]
        why += [f"There is no record in {NAMES[side]} yet." for side, end in ends.items() if end is None]
        known = next((end for end in (left, right) if isinstance(end, Snapshot)), None)
        fields = _alone(bridge, pair, known)
        lost = next((NAMES[side] for side, end in ends.items() if isinstance(end, Gone)), "")
        if lost:  # none is made in its place
            over = f"There is no record in {lost} any more."
            skipped = Verdict.SKIPPED.value
            fields = tuple(replace(one, verdict=skipped, why=over, remedy="", code="", note="") for one in fields)
        return Explanation(fields, " ".join(why))
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = staying(bridge, decided(pair, (left, right), rules, bridge.ledger.disputes(pair.id)))
    return Explanation(tuple(_field(decision, pair.joining) for decision in decisions))


def _end(bridge: Bridge, pair: PairView, side: Side) -> Snapshot | Gone | None:
    ref = pair.left if side is Side.LEFT else pair.right
    return bridge.side(side).read([ref])[ref] if ref else None


def _alone(bridge: Bridge, pair: PairView, record: Snapshot | None) -> tuple[FieldView, ...]:
    """The fields of a record whose other half is not there."""
    if record is None:
        return ()
    side = Side.LEFT if pair.left is not None and record.ref == pair.left else Side.RIGHT
    ends = {side: record, side.other: None}
    rules = bridge.book.rules(pair.kind, ends[Side.LEFT], ends[Side.RIGHT])
    return tuple(_to_come(decision, side.other) for decision in introduce(record, side, rules))


def _to_come(decision: Decision, side: Side) -> FieldView:
    """The line of a field whose record is not there on `side` yet: nothing was compared, and nobody joined it."""
    line, unread = _field(decision), decision.value(side) is MISSING and decision.rule.direction is not Direction.OFF
    if decision.verdict is Verdict.CARRY:
        return replace(line, why=f"It goes along when the record is made in {NAMES[side]}.")
    if decision.verdict is Verdict.SKIPPED and unread:
        return replace(line, why=f"There is no record in {NAMES[side]} yet.")
    return line


def _field(decision: Decision, joining: Joining | None = None) -> FieldView:
    held = decision.held
    verdict, why, remedy = told(decision, joining)
    return FieldView(
        decision.name,
        _text(decision, decision.left),
        _text(decision, decision.right),
        _text(decision, held.left if held else MISSING),
        _text(decision, held.right if held else MISSING),
        verdict,
        why,
        remedy,
        decision.rule.direction.value,
        decision.code,
        " ".join(
            f"Not held in {NAMES[side]}: {given_up}."
            for side in Side
            if (given_up := given_up_in(decision.write.get(side)))
        ),
    )


def told(decision: Decision, joining: Joining | None) -> tuple[str, str, str]:
    """The verdict with its reason and remedy, as people are told it."""
    if apart(decision, joining):
        source = decision.rule.source
        if source is None:
            why, remedy = "Nobody changed it since the two were joined.", "The next change on either side is carried."
        else:
            where, there = NAMES[source], NAMES[source.other]
            why = f"It comes from {where}, and nobody changed it there since the two were joined."
            remedy = f"The next change in {where} is carried to {there}."
        return APART, why, remedy
    return decision.verdict.value, decision.why(NAMES), decision.remedy


def _text(decision: Decision, value: Maybe) -> str:
    return "" if value is MISSING else said(decision.rule.right, value)


T = TypeVar("T")
PAGE = 100  # pairs that are read at once
IGNORED = "ignored"
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
    """A look at many records: what would be written, how many were looked at, how many nothing is to be done about.

    `first` are those of the left that this plan makes; `named` the names that versions of the right have, folded.
    """

    patches: list[Patch] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    looked: int = 0
    alone: int = 0
    first: set[Ref] = field(default_factory=set)
    named: Collection[str] = ()

    def plan(self, known: int) -> Plan:
        """The plan; `known` is how many pairs the integration has, for its brake."""
        return Plan(self.patches, known)

    def add(self, patches: Iterable[Patch]) -> None:
        """What would be done about one record."""
        found = list(patches)
        self.patches += found
        self.looked += 1
        self.alone += not found

    def doubt(self, record: Ref, decisions: Iterable[Decision]) -> None:
        """Keep those of `decisions` that are not simply carried."""
        self.doubts += [
            Doubt(record, one.name, one.why(NAMES), one.remedy, one.code) for one in decisions if one.verdict in DOUBTS
        ]


Tell = Callable[[int, int], object]
"""Told how many records were looked at, of how many."""


def survey(
    bridge: Bridge, pairs: Sequence[PairView], unsent: Sequence[Ref], tell: Tell = max, named: Collection[str] = ()
) -> Survey:
    """Look at `pairs`, and at records of the left that are in no pair (`unsent`), a page at a time.

    `named`: the names of the versions that the right has, case folded; a release of such a name takes that one.
    A pair that is ignored is left alone; one that is paused is not: what changes meanwhile is carried.
    """
    found, total = Survey(named=named), len(pairs) + len(unsent)
    open_ = [pair for pair in pairs if pair.held != IGNORED]
    for _ in range(len(pairs) - len(open_)):
        found.add(())
    joined = [pair for pair in open_ if pair.left and pair.right]
    alone = [*(pair.left for pair in open_ if pair.left and not pair.right), *unsent]
    for some in _paged(joined):
        left = bridge.left.read([pair.left for pair in some if pair.left])
        right = bridge.right.read([pair.right for pair in some if pair.right])
        for pair in some:
            ends = (left[pair.left] if pair.left else None, right[pair.right] if pair.right else None)
            found.add(_pair_patches(bridge, pair, ends, found))
        tell(found.looked, total)
    for refs in _paged(alone):
        records = bridge.left.read(refs)
        shown = shown_already(bridge, [record for record in records.values() if isinstance(record, Snapshot)])
        for ref in refs:
            record, planned = records[ref], ref in found.first
            found.first.add(ref)
            if ref in shown:
                found.doubts.append(Doubt(ref, "", shown[ref].message, shown[ref].remedy, shown[ref].code))
                found.add(())
            elif isinstance(record, Snapshot) and not planned:
                found.add(_new_patches(bridge, record, ref.kind, None, found))
            else:
                found.add(())
        tell(found.looked, total)
    return found


def _paged(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))


def plan(
    bridge: Bridge, pairs: Sequence[PairView], unsent: Sequence[Ref], known: int, named: Collection[str] = ()
) -> Plan:
    """What would be written on each side for `pairs`, and for records of the left that are in no pair (`unsent`).

    `known` is how many pairs the integration has, for the plan's brake.
    """
    return survey(bridge, pairs, unsent, named=named).plan(known)


def _pair_patches(
    bridge: Bridge, pair: PairView, ends: tuple[Snapshot | Gone | None, Snapshot | Gone | None], found: Survey
) -> Iterable[Patch]:
    left, right = ends
    if pair.held_back:
        return
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        yield from _deletes(bridge, pair, {Side.LEFT: left, Side.RIGHT: right})
        return
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = staying(bridge, decided(pair, (left, right), rules, bridge.ledger.disputes(pair.id)))
    ahead = [ref for ref in missing_above(bridge, pair.kind, left) if not _elsewhere(bridge, ref)]
    made = yield from _first(bridge, ahead, found)
    decisions = tuple(_with_what_is_made(one, made) for one in decisions)
    found.doubt(left.ref, [one for one in decisions if not _was_said(one, pair.joining)])
    yield from plan_pair({Side.LEFT: left.ref, Side.RIGHT: right.ref}, decisions, pair=str(left.ref))
    kind = bridge.book.below(pair.kind)
    for child in left.children if kind else ():
        if _to_make(bridge, child):
            yield from _new_patches(bridge, child, kind, right.ref, found)


def _elsewhere(bridge: Bridge, above: Ref) -> bool:
    """Whether another integration has what a record stands below, so that it is not made; releases are shared."""
    return above.kind != "release" and asked.elsewhere(bridge.integration_id, Side.LEFT, above)


def _first(bridge: Bridge, ahead: Sequence[Ref], found: Survey) -> Generator[Patch, None, set[str]]:
    """The creates of what a record needs before it (`ahead`); gives the ids of those that this plan makes."""
    yield from _first_patches(bridge, [ref for ref in ahead if ref not in found.first], found)
    return {ref.id for ref in ahead if ref in found.first}


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
    return known is None or (known.right is None and known.held != IGNORED)


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
    made = yield from _first(bridge, missing_above(bridge, kind, record), found)
    decisions = [
        _with_what_is_made(one, made) for one in introduce(record, Side.LEFT, bridge.book.rules(kind, record, None))
    ]
    # What it stands below is known as `parent`: that it has no pair yet is no doubt.
    found.doubt(record.ref, [one for one in decisions if not (parent and one.rule.left in ABOVE)])
    fields = {d.rule.field(Side.RIGHT): d.write[Side.RIGHT] for d in decisions if Side.RIGHT in d.write}
    token = f"new:{record.ref}"
    above = parent if isinstance(parent, Ref) else None
    draft = Draft(kind, fields, token, above, mark_of(record))
    after = parent if isinstance(parent, str) else ""
    create = plan_new(Side.RIGHT, draft, decisions, after=after, cause=f"{record.ref} is sent")
    yield replace(create, kind=Kind.LINK) if kind == "release" and _name(record) in found.named else create
    below = bridge.book.below(kind)
    for child in record.children if below else ():
        if not _to_make(bridge, child):
            continue
        yield from _new_patches(bridge, child, below, token, found)


def _first_patches(bridge: Bridge, refs: Sequence[Ref], found: Survey) -> Iterable[Patch]:
    """The creates of what a record needs before it, each once in a plan."""
    found.first.update(refs)
    records = bridge.left.read(refs) if refs else {}
    for ref, record in records.items():
        if isinstance(record, Snapshot):
            yield from _new_patches(bridge, record, ref.kind, None, found)
        else:
            found.first.discard(ref)


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
