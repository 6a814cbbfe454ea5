"""Applies decisions: one patch per side, guarded by the fence, read back; and says in the journal what was done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosswalk.errors import Outdated, RemoteError
from crosswalk.jira.metadata import REFERENCE
from crosswalk.merge.decision import Base, Decision, Held, Verdict
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.plan import Effect, plan_pair
from crosswalk.merge.records import LeftOut, Ref, Steps, Wrote
from crosswalk.merge.rules import Side, is_lossy
from crosswalk.merge.stale import answered, believed, unseen
from crosswalk.merge.unconfirmed import awaited, on_the_way
from crosswalk.merge.values import MISSING, Choice, Maybe, dump
from crosswalk.sync import replaced
from crosswalk.sync.after import DECIDE
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.durations import said
from crosswalk.sync.emptied import let_through
from crosswalk.sync.shown import given_up_in
from crosswalk.sync.staying import BRING_BACK, LACKS


@dataclass(slots=True)
class Writing:
    """The writes of one merge as they go.

    `stored` is the base meanwhile, `newest` are the stamps of the two records as they were read: a side may show an old
    state once more. `landed` is what landed, `hidden` when something did that a side does not show yet; `steps`, by
    rule, where a value stands that is reached step by step.
    """

    stored: Base
    newest: Mapping[Side, datetime | None]
    landed: dict[Side, Wrote] = field(default_factory=dict)
    hidden: dict[Side, datetime] = field(default_factory=dict)
    steps: dict[str, Held] = field(default_factory=dict)


def apply(bridge: Bridge, run: Run, pair: PairView, decisions: Sequence[Decision], writing: Writing) -> None:
    """Write what `decisions` say, one update per side, and tell `writing` what landed as it lands.

    Repeatable: a run that is killed in between finds the written side holding the same and only moves the base. Every
    write is in the journal before it is sent, with what it replaces: a killed run, or a lost answer, leaves its trace.
    """
    refs = {side: ref for side, ref in ((Side.LEFT, pair.left), (Side.RIGHT, pair.right)) if ref is not None}
    patches = plan_pair(refs, decisions, pair=str(pair.id))
    let_through(bridge, run, pair, patches)
    replaced.let_through(bridge, run, pair, decisions)
    for patch in patches:
        side, landed = patch.side, writing.landed
        kept = [_kept(d, side) for d in decisions if d.lost is not MISSING and d.lost_side is side]
        bridge.ledger.note(run, pair.id, kept + [written(d, side) for d in decisions if side in d.write])
        bridge.ledger.guard(run)
        try:
            told = _steps(bridge, run, pair, {d.rule.field(side): d for d in decisions}, (side, writing))
            wrote = bridge.side(side).update(refs[side], patch.fields, told)
            before = {d.rule.field(side): d.value(side) for d in decisions if side in d.write}
            old = unseen(wrote, patch.fields, before, writing.newest[side])
            if old and not believed(pair, bridge.now()):
                writing.hidden |= {side: at} if (at := answered(wrote)) is not None else {}
                raise old_state(side, refs[side])
            landed[side] = wrote
            if patch.effect is Effect.EMPTIED:
                bridge.ledger.erased(run, side, done=True)
        except RemoteError as error:
            if error.retryable:  # what ends a run for good is told there
                bridge.ledger.note(run, pair.id, [unsure(side, error)])
            raise
        taken = [d for d in decisions if side in d.write and d.rule.field(side) not in landed[side].left_out]
        # Where the line before the write was left out as a repeated try, this one is the write's own.
        bridge.ledger.note(run, pair.id, [written(d, side) for d in taken], landed=True)
        bridge.ledger.note(run, pair.id, shortened(str(pair.left or pair.right), taken, side))


def _steps(
    bridge: Bridge, run: Run, pair: PairView, decisions: Mapping[str, Decision], to: tuple[Side, Writing]
) -> Steps:
    """Keeps where a value of that side stands on its way, before the step is taken: a run may be killed at any."""
    side, writing = to

    def told(name: str, there: frozenset[Choice]) -> None:
        writing.steps[decisions[name].name] = on_the_way(side, there)
        writing.stored = awaited(writing.stored, decisions.values(), writing.landed, writing.steps)
        bridge.ledger.agree(run, pair.id, writing.stored)

    return told


def looked_anew(bridge: Bridge, run: Run, pair: PairView) -> PairView:
    """`pair` where something new is sent: however often something else was looked for, that may not show at once."""
    if not pair.looks:
        return pair
    bridge.ledger.look_anew(run)
    return replace(pair, looks=0, looked_at=None)


def old_state(side: Side, ref: Ref) -> Outdated:
    """The error of a side that shows a record as it was before."""
    return Outdated(f"{NAMES[side]} answered with an old state of {ref}. It is read again.")


def _kept(decision: Decision, side: Side) -> Entry:
    """The line that keeps a value which is about to be replaced; no warning where entries are only put in again."""
    lost, write = decision.lost, decision.write[side]
    whole = isinstance(lost, frozenset) and isinstance(write, frozenset) and lost <= write
    what = "gets again what was taken out there" if whole else "is replaced"
    return Entry(
        f"{decision.name} in {NAMES[side]} {what}. What it held is kept here.",
        why=decision.why(NAMES),
        side=side,
        level="info" if whole else "warning",
        field=decision.name,
        old=said(decision.rule.right, decision.lost),
        new=said(decision.rule.right, decision.write[side]),
        kept=json.dumps(dump(decision.lost)),
    )


def report(record: str, decisions: Iterable[Decision], landed: Mapping[Side, Wrote]) -> list[Entry]:
    """The journal lines of a run that merged `record`, as warnings: what a side would not take, what waits."""
    lines: list[Entry] = []
    for decision in decisions:
        for side in Side:
            field = decision.rule.field(side)
            if (was := decision.untaken.get(side)) is not None:
                line = left_out(record, decision.name, side, was.words, said(decision.rule.right, was.value))
                lines.append(mild(field, line))
            if side in decision.write and side in landed and field in landed[side].left_out:
                words, new = landed[side].left_out[field], said(decision.rule.right, decision.write[side])
                lines.append(mild(field, left_out(record, decision.name, side, words, new)))
        if decision.waits:
            lines.append(waiting(record, decision))
        if (gone := _unshown(decision)) is not None:
            lines.append(mild(decision.rule.right, _vanished(record, decision, gone)))
        if decision.verdict in (Verdict.AGREED, Verdict.CARRY) and decision.code == LACKS:
            lines.append(_last_copy(record, decision))
    return lines


def tell(bridge: Bridge, run: Run, pair_id: int, lines: Sequence[Entry]) -> None:
    """Put what report() said into the journal. What wants nobody's attention is said once, also of a pair at rest."""
    for line in lines:
        bridge.ledger.note(run, pair_id, [line], once=line.level == "info")


def _unshown(decision: Decision) -> Side | None:
    """The side that showed a field once and does not now, while the other side's value waits to be carried there."""
    held = decision.held
    if decision.verdict is not Verdict.SKIPPED or held is None or decision.rule.direction.once:
        return None
    for side in Side:
        before, now = (held.left, held.right)[side is Side.LEFT], decision.value(side.other)
        waits = decision.value(side) is MISSING and now is not MISSING and now != before
        if waits and decision.rule.direction.writes(side):
            return side
    return None


def _vanished(record: str, decision: Decision, side: Side) -> Entry:
    """The line about a field that is gone from a side, or hidden there."""
    return Entry(
        f"{decision.name} of {record} was not carried.",
        why=f"{NAMES[side]} does not show that field any more: it is unknown there now, or hidden from the account.",
        level="warning",
        field=decision.name,
        new=said(decision.rule.right, decision.value(side.other)),
        remedy=BRING_BACK,
        code=LACKS,
    )


def _last_copy(record: str, decision: Decision) -> Entry:
    """The line about a value that went with the field that held it: told once, for then it is gone from the base."""
    return Entry(
        f"{decision.name} of {record} {'is carried no more' if decision.remedy == BRING_BACK else 'is kept'}.",
        why=decision.why(NAMES),
        field=decision.name,
        remedy=decision.remedy,
        code=decision.code,
    )


def written(decision: Decision, side: Side) -> Entry:
    """The line about a write that is about to be sent."""
    return Entry(
        f"{decision.name} is sent to {NAMES[side]}.",
        why=decision.why(NAMES),
        side=side,
        field=decision.name,
        old=said(decision.rule.right, decision.value(side)),
        new=said(decision.rule.right, decision.write[side]),
        wrote=json.dumps([dump(decision.value(side)), dump(decision.write[side])]),
    )


def unsure(side: Side, error: RemoteError) -> Entry:
    """The line about a write that did not come to a sure end. Both sides are read again before anything is repeated."""
    what = f"{NAMES[side]} did not confirm it: {error.message}"
    return Entry(what, side=side, level="warning", remedy=error.remedy, code=error.code)


def left_out(record: str, name: str, side: Side, words: str, value: str = "") -> Entry:
    """The line about a field of `record` that `side` would not take while the rest was carried."""
    told = words if isinstance(words, LeftOut) else LeftOut(words)
    return Entry(
        f"{name} was left out of {record}: {NAMES[side]} would not take it. The rest of the record was carried.",
        why=told.words,
        side=side,
        level="warning",
        field=name,
        new=value,
        remedy=told.remedy or f"Mend the value or the field, or switch the rule for {name} off.",
        code=told.code,
    )


def shortened(record: str, decisions: Iterable[Decision], side: Side) -> list[Entry]:
    """The lines about values that arrived on `side`, but not as they are: told once, and nothing waits for it."""
    lines: list[Entry] = []
    for decision in decisions:
        form, value = decision.rule.translation, _news(decision, side)
        if given_up := given_up_in(decision.write.get(side)):
            lines.append(not_whole(decision.name, f"{decision.name} of {record}", side, given_up))
        if side not in decision.write or value is MISSING or not is_lossy(form):
            continue
        if (lost := form.loss(value, side)) is not None:
            entries = isinstance(value, frozenset)  # those come back as they were
            what = f"{decision.name} of {record} is {'written otherwise' if entries else 'shortened'} in {NAMES[side]}."
            level = "info" if entries else "warning"
            lines.append(
                Entry(what, f"{lost.reason}.", side, level, field=decision.name, remedy=lost.remedy, code=lost.code)
            )
    return lines


def not_whole(name: str, what: str, side: Side, given_up: str) -> Entry:
    """The line about a text that `side`'s format does not hold whole. It was found when the text was converted."""
    return Entry(
        f"{what} is not held whole in {NAMES[side]}.",
        f"{given_up[:1].upper()}{given_up[1:]}.",
        side,
        field=name,
        remedy=f"Nothing needs to be done: in {NAMES[side.other]} it stays as it was written there.",
        code="X1",
    )


def _news(decision: Decision, side: Side) -> Maybe:
    """The value that goes to `side`; of a set, the entries that are not there yet."""
    value, held, form = decision.value(side.other), decision.value(side), decision.rule.translation
    if not isinstance(value, frozenset) or not isinstance(held, frozenset):
        return value
    across = form.to_right if side is Side.RIGHT else form.to_left
    return frozenset(one for one in value if across(one) not in held)


def waiting(record: str, decision: Decision) -> Entry:
    """The line about a value of `record` that has no counterpart, or that a person must choose.

    Of a list it speaks of those entries alone: it stays the same whatever becomes of the others.
    """
    stuck, why = decision.refused, decision.why(NAMES)
    old, new = (stuck.get(side, MISSING) if stuck else decision.value(side) for side in Side)
    if stuck:
        why = f"What has no counterpart stays where it is: {decision.detail}."
    line = Entry(
        f"{decision.name} of {record} was not carried.",
        why=why,
        level="warning",
        field=decision.name,
        old="" if old is MISSING else said(decision.rule.right, old),
        new="" if new is MISSING else said(decision.rule.right, new),
        remedy=decision.remedy or (DECIDE if decision.verdict is Verdict.ASK else ""),
        code=decision.code,
    )
    return mild(decision.rule.right, line)


def mild(field: str, line: Entry) -> Entry:
    """`line` about Jira's `field`, as no reason to hold a record back where it is about who reported it: a person
    without an account is listed among the people, and a missing right is said of the mapping, once. Nor is the Aha!
    Reference, which nobody wrote."""
    reporter = field == "reporter" and line.code in ("U1", "U5")
    return replace(line, level="info") if reporter or line.field == REFERENCE else line
