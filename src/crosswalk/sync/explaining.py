"""Why each field of a pair is or is not carried, from both sides as they are now. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crosswalk.merge.decision import OWN, Decision, Held, Verdict
from crosswalk.merge.merge import ONCE, introduce
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Gone, Snapshot
from crosswalk.merge.rules import Direction, Rule, Side, is_lossy
from crosswalk.merge.settle import Joining, apart
from crosswalk.merge.values import MISSING, Maybe
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.differing import at_rest, filled
from crosswalk.sync.durations import said
from crosswalk.sync.outline import Outlined, is_people
from crosswalk.sync.pair import decided
from crosswalk.sync.shown import given_up_in
from crosswalk.sync.staying import staying

AHEAD = "…"
GONE = "(gone)"
"""What stands for every value of a record that is not there any more."""
APART, FILLED, INAPPLICABLE, PLACED, AWAITED = "apart", "filled", "inapplicable", "placed", "awaited"
OFF = "off"
SWITCH_ON = "Switch it on on the page Mapping if it is to be carried."


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a pair as pages show it: both values, both base values, the verdict and the reason, as text.

    Besides the words of merge/decision.py, a verdict may be APART: at rest, and different since the two were joined;
    FILLED: at rest, and different by Jira's own doing; INAPPLICABLE: the mapping has a line for it, which does not
    count for this record; PLACED: an order is carried, and no value; OFF: its line is switched off, and nothing is
    read; or AWAITED: nothing was read yet.
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
    writes: tuple[str, ...] = ()
    """The sides a run would write to, as "left" and "right"."""
    more: str = ""
    """What a side holds besides what is carried to it, or that it holds less of it, as a phrase; else ""."""


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
        outline = bridge.book.outline(pair.kind, *(end if isinstance(end, Snapshot) else None for end in (left, right)))
        fields = _whole(outline, fields) if fields else ()
        lost = next((side for side, end in ends.items() if isinstance(end, Gone)), None)
        return Explanation(fields if lost is None else tuple(_over(one, lost) for one in fields), " ".join(why))
    rules = bridge.book.rules(pair.kind, left, right)
    decisions = staying(bridge, pair, decided(pair, (left, right), rules, bridge.ledger.disputes(pair.id)))
    fields = tuple(_field(decision, decisions, pair.joining) for decision in decisions)
    return Explanation(_whole(bridge.book.outline(pair.kind, left, right), fields))


def expect(bridge: Bridge, pair: PairView) -> tuple[FieldView, ...]:
    """The fields that explain() will tell of, in its order, with what both sides last agreed on. Reads neither."""
    outline = bridge.book.expected(pair.kind, pair.base)
    among = at_rest(pair.base, [one.rule for one in outline if one.rule is not None])
    return tuple(_expected(one, pair.base.get(one.name), among, pair) for one in outline)


def _expected(one: Outlined, held: Held | None, among: Sequence[Decision], pair: PairView) -> FieldView:
    if one.why or one.direction is Direction.OFF:
        return _inapplicable(one)
    if held is None or not held.known or one.rule is None or not held.about(one.rule):
        return FieldView(one.name, AHEAD, AHEAD, "", "", AWAITED, "", direction=one.direction.value)
    reason = ONCE if one.direction.once else ""
    verdict = Verdict.SKIPPED if reason else Verdict.UNCHANGED
    line = _field(Decision(one.rule, verdict, reason, held.left, held.right, held), among, pair.joining)
    # Who is who across was not looked up for this: of people, what was told last counts.
    unsure = is_people(held.left) or is_people(held.right)
    if line.verdict == APART and unsure and one.name not in pair.apart:
        return replace(line, verdict=AWAITED, why="", remedy="")
    if line.verdict != Verdict.UNCHANGED:
        return line
    own = pair.base.get(OWN + one.name)
    more = _more(one.rule, {side: own.of(side) for side in Side}) if own else line.more
    return replace(line, verdict=AWAITED, more=more)


def _inapplicable(one: Outlined) -> FieldView:
    if one.direction is Direction.OFF:
        return FieldView(one.name, "", "", "", "", OFF, "", SWITCH_ON, direction=one.direction.value)
    verdict = PLACED if one.placed else INAPPLICABLE
    return FieldView(one.name, "", "", "", "", verdict, one.why, direction=one.direction.value)


def _whole(outline: Sequence[Outlined], fields: Sequence[FieldView]) -> tuple[FieldView, ...]:
    """`fields` with those that do not count for this record at their places: which stand there depends on the kind of
    a record alone, so that a page may show them before it was read."""
    places = {one.name: index for index, one in enumerate(outline)}
    others = [_inapplicable(one) for one in outline if one.name not in {view.field for view in fields}]
    return tuple(sorted((*fields, *others), key=lambda view: places.get(view.field, len(places))))


def _over(line: FieldView, lost: Side) -> FieldView:
    """The line of a field whose record on `lost` is gone: nothing is compared, and none is made in its place."""
    why = f"There is no record in {NAMES[lost]} any more."
    if line.verdict == OFF:
        return line
    line = replace(line, why=why, remedy="", code="", note="", more="", writes=())
    if line.verdict in (INAPPLICABLE, PLACED):
        return replace(line, verdict=INAPPLICABLE)
    left, right = (GONE, line.right) if lost is Side.LEFT else (line.left, GONE)
    return replace(line, verdict=Verdict.SKIPPED.value, left=left, right=right)


def _end(bridge: Bridge, pair: PairView, side: Side) -> Snapshot | Gone | None:
    ref = pair.ref(side)
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


def _field(decision: Decision, among: Sequence[Decision] = (), joining: Joining | None = None) -> FieldView:
    held = decision.held
    verdict, why, remedy = told(decision, among, joining)
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
        tuple(side.value for side in Side if side in decision.write),
        _more(decision.rule, decision.own) or _shortened(decision),
    )


def _shortened(decision: Decision) -> str:
    """That a side holds less of a text than the other, and how much; "" where it holds all."""
    form, rule = decision.rule.translation, decision.rule
    if decision.verdict not in (Verdict.UNCHANGED, Verdict.AGREED) or not is_lossy(form):
        return ""
    for side in Side:
        value = decision.value(side.other)
        if not isinstance(value, str) or not rule.direction.writes(side):
            continue
        if (lost := form.loss(value, side)) is not None and decision.value(side) == rule.translate(value, side):
            return f"Shortened in {NAMES[side]}: {lost.reason[:1].lower()}{lost.reason[1:]}"
    return ""


def _more(rule: Rule, own: Mapping[Side, Maybe]) -> str:
    """What stands on a side alone, and stays there."""
    some = [f"{NAMES[side]} has more: {said(rule.right, own[side])}" for side in Side if own.get(side)]
    return "; ".join(some)


def told(decision: Decision, among: Sequence[Decision], joining: Joining | None) -> tuple[str, str, str]:
    """The verdict with its reason and remedy, as people are told it; `among` is what was decided with it."""
    if apart(decision, joining):
        if filled(decision, among):
            return FILLED, BY_ITSELF, ""
        source = decision.rule.source
        if source is None:
            why, remedy = "Nobody changed it since the two were joined.", "The next change on either side is carried."
        else:
            where, there = NAMES[source], NAMES[source.other]
            why = f"It comes from {where}, and nobody changed it there since the two were joined."
            remedy = f"The next change in {where} is carried to {there}."
            if not isinstance(decision.left, frozenset) and not isinstance(decision.right, frozenset):
                remedy += f" A change in {there} is set back to what {where} holds."
        return APART, why, remedy
    return decision.verdict.value, decision.why(NAMES), decision.remedy


BY_ITSELF = "Jira filled it from the original estimate, and nobody has set it on either side."


def _text(decision: Decision, value: Maybe) -> str:
    return "" if value is MISSING else said(decision.rule.right, value)
