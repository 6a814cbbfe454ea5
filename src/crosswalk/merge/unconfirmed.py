"""What was sent to a side that did not confirm it. Values in, values out; no product.

The run was killed, the answer was lost, or the side went on showing the old state. If the side holds later exactly what
was sent, that is our own write: the two had agreed then, and what the other side holds otherwise by now is a change
since. Without this the write would look like somebody's edit, and be weighed against the edit that came after it.

Some values are reached step by step (a status, along a workflow). What is found on a step that was told stands there by
our own doing, too; it is nobody's edit, and the way goes on from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from crosswalk.merge.decision import Base, Decision, Held, Verdict, ours
from crosswalk.merge.merge import half_way
from crosswalk.merge.records import Snapshot, Wrote
from crosswalk.merge.refused import not_begun
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.sets import elements_of, translated
from crosswalk.merge.text import same_words
from crosswalk.merge.values import MISSING, Choice, Element, Maybe, Rich, Value

NO_STEPS: Final[Mapping[str, Held]] = {}
MARK = " sent "
"""Before the name of a rule: where the base keeps what was sent, by side; no rule begins with a space."""
THEN = f"{MARK}then "
"""The same: what both sides agree on if it landed."""
FROM = f"{MARK}over "
"""The same: what it replaces."""
BY_WAY = f"{MARK}by way of "
"""The same: where it stands meanwhile by our own doing."""

OTHERS = (THEN, FROM, BY_WAY)


def on_the_way(side: Side, there: frozenset[Choice]) -> Held:
    """How it is kept that `side` stands at one of `there`."""
    return _ends({side: there})


def awaited(
    base: Base, decisions: Iterable[Decision], landed: Mapping[Side, Wrote], steps: Mapping[str, Held] = NO_STEPS
) -> dict[str, Held]:
    """`base` with what was, or may have been, sent to the sides that are not in `landed`.

    `steps` says, by rule, where it stands on its way (see on_the_way).
    """
    decisions = list(decisions)
    after = confirmed(base, decisions)
    for decision in decisions:
        sent = {side: value for side, value in decision.write.items() if side not in landed}
        shown = {
            side: landed[side].snapshot.get(decision.rule.field(side)) for side in decision.write if side in landed
        }
        held = decision.agreed({**shown, **sent})
        if sent and held is not None:
            after[MARK + decision.name] = _ends(sent)
            after[THEN + decision.name] = held
            after[FROM + decision.name] = _ends({side: decision.value(side) for side in sent})
            if decision.name in steps:
                after[BY_WAY + decision.name] = steps[decision.name]
    return after


def stepping(base: Base, name: str, goal: Mapping[Side, Value], there: frozenset[Choice]) -> dict[str, Held]:
    """`base` while a side is brought to a person's `goal` in the rule `name`, and may stand at one of `there` by that.

    A step is nobody's edit; the goal, once it is reached, is that person's.
    """
    held, after = base.get(name), dict(base)
    if held is not None and there:
        after |= {MARK + name: _ends(goal), THEN + name: held, BY_WAY + name: _ends(dict.fromkeys(goal, there))}
    return after


def begun(base: Base) -> bool:
    """Whether anything was agreed; what two records that were linked were sent at first says nothing of that."""
    return any(not name.startswith(MARK) for name in base)


def awaits(base: Base) -> bool:
    """Whether something was sent that was not confirmed."""
    return any(name.startswith(MARK) for name in base)


def confirmed(base: Base, decisions: Iterable[Decision] | None = None) -> dict[str, Held]:
    """`base` without what was sent; with `decisions`, without what was sent by their rules.

    Of a rule that was not looked at nothing more is known: its line is switched off for a while, or its field hidden.
    """
    if decisions is None:
        return {name: held for name, held in base.items() if not name.startswith(MARK)}
    known = [one.name for one in decisions if one.verdict is not Verdict.SKIPPED]
    marks = {mark + name for name in known for mark in (MARK, *OTHERS)}
    return {name: held for name, held in base.items() if name not in marks}


def as_sent(base: Base) -> dict[str, Held]:
    """`base` as it counts where all that was sent landed."""
    then = {name.removeprefix(THEN): held for name, held in base.items() if name.startswith(THEN)}
    return confirmed(base) | then


def settled(base: Base, side: Side, shown: Mapping[str, Maybe], undone: Collection[str]) -> dict[str, Held]:
    """`base` now that more is known of what was sent to `side`, by the name of the rule.

    What landed is agreed as that side has `shown` it; what is `undone` is as it was before; the rest is still awaited.
    """
    after = dict(base)
    for name, now in shown.items():
        over, sent, then = (base.get(mark + name) for mark in (FROM, MARK, THEN))
        if over is not None and sent is not None and then is not None:
            held = ours(over.of(side), sent.of(side), now)
            left, right = (held if one is side else then.of(one) for one in Side)
            after[name] = Held.agreed(left=left, right=right, fields=then.fields)
    for name in (*shown, *undone):
        for mark in (MARK, THEN, FROM, BY_WAY):
            after.pop(mark + name, None)
    return after


def sent_to(base: Base, side: Side) -> bool:
    """Whether something was sent to `side` that was not confirmed."""
    marks = (held for name, held in base.items() if name.startswith(MARK) and not name.startswith(OTHERS))
    return any(held.of(side) is not MISSING for held in marks)


def sent_before(base: Base, decisions: Iterable[Decision], side: Side) -> bool:
    """Whether all that `decisions` write on `side` was sent there before, and was not confirmed."""
    writes = ((base.get(MARK + one.name), one.write[side]) for one in decisions if side in one.write)
    return all(sent is not None and sent.of(side) == value for sent, value in writes)


def in_doubt(base: Base, side: Side, record: Snapshot, rules: Iterable[Rule]) -> list[tuple[Rule, Value]]:
    """What was sent to `side`, where `record` holds neither that nor what it was to replace: nobody can tell from the
    values whether it landed before somebody wrote there. What is reached step by step is none of it."""
    found = list[tuple[Rule, Value]]()
    for rule in rules:
        sent, then, over = (base.get(mark + rule.name) for mark in (MARK, THEN, FROM))
        if sent is None or over is None or BY_WAY + rule.name in base or not (then is None or then.about(rule)):
            continue
        value, was, now = sent.of(side), over.of(side), record.get(rule.field(side))
        if value is not MISSING and now is not MISSING and now != was and not _there(rule, side, was, value, now):
            found.append((rule, value))
    return found


def proven(base: Base, side: Side, names: Iterable[str]) -> dict[str, Held]:
    """`base` where it is known that what was sent to `side` by the rules of these `names` landed, whatever is there by
    now: what is otherwise is a change since."""
    after = dict(base)
    for name in names:
        if (sent := base.get(MARK + name)) is not None:
            after[MARK + name] = _ends({side.other: sent.of(side.other)})
    return after


def counted(base: Base, ends: Mapping[Side, Snapshot], rules: Iterable[Rule]) -> Base:
    """`base` as it counts for the two records: what was sent, and is there now, was agreed."""
    found = {rule.name: held for rule in rules if (held := _counted(base, ends, rule)) is not None}
    return {**base, **found} if found else base


def _counted(base: Base, ends: Mapping[Side, Snapshot], rule: Rule) -> Held | None:
    sent, then, over, way = (base.get(mark + rule.name) for mark in (MARK, THEN, FROM, BY_WAY))
    if sent is None or then is None or not then.about(rule):
        return None
    now = {side: ends[side].get(rule.field(side)) for side in Side}
    was = {side: over.of(side) if over else MISSING for side in Side}
    if all(_there(rule, side, was[side], sent.of(side), value) for side, value in now.items()):
        return _ends({side: now[side] if isinstance(sent.of(side), Rich) else then.of(side) for side in Side})
    there = [side for side in Side if _shows(over, sent, side, now[side])]
    if over is not None and len(there) == 1 and sent.known:
        return half_way(base, rule, there[0], over.of(there[0].other))
    for side, value in now.items():
        steps = way.of(side) if way is not None else MISSING
        if isinstance(steps, frozenset) and value in steps:
            return not_begun(rule, side, value)
    return None


def _shows(over: Held | None, sent: Held, side: Side, now: Maybe) -> bool:
    """Whether `side` surely holds what was sent to it."""
    was, value = over.of(side) if over is not None else MISSING, sent.of(side)
    return MISSING not in (was, value) and value != was and _landed(was, value, now)


def may_lag(base: Base, ends: Mapping[Side, Snapshot], decisions: Iterable[Decision]) -> Side | None:
    """The side that may only not show yet what was sent to it, where that would count: it holds something else, which
    may also be newer than all that was read before.

    Were that taken for what is there, what was sent would look like somebody's edit as soon as it shows, also where
    something else is to be written over it: that may not land. Only where the same is sent again, it is all one.
    """
    for decision in decisions:
        sent, then, over = (base.get(mark + decision.name) for mark in (MARK, THEN, FROM))
        if then is not None and not then.about(decision.rule):
            continue
        for side, record in ends.items():
            if sent is None or over is None or sent.of(side) is MISSING:
                continue
            was, value, now = over.of(side), sent.of(side), record.get(decision.rule.field(side))
            if side in decision.write and _there(decision.rule, side, was, value, decision.write[side]):
                continue
            stands = BY_WAY + decision.name in base and now != was  # brought there step by step, or by somebody
            if now is not MISSING and not stands and not _there(decision.rule, side, was, value, now):
                return side
    return None


def taken_out(base: Base, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`decisions`, with what a write that did not land was to take out of a list: it is still taken out, whatever the
    rule makes of those entries by now. They were agreed, and taken out, by what it made of them then."""
    return tuple(_taken_out(base, one) for one in decisions)


def _taken_out(base: Base, decision: Decision) -> Decision:
    left = {side: gone for side in Side if (gone := _still_there(base, decision, side))}
    if not left or decision.verdict not in (Verdict.UNCHANGED, Verdict.AGREED, Verdict.CARRY, Verdict.REFUSED):
        return decision
    wanted = {side: elements_of(decision.write.get(side, decision.value(side))) for side in left}
    write: dict[Side, Value] = {side: wanted[side] - gone for side, gone in left.items() if wanted[side] & gone}
    if not write:
        return decision
    after = replace(decision, write={**decision.write, **write})
    if decision.verdict in (Verdict.CARRY, Verdict.REFUSED):
        return after
    return replace(after, verdict=Verdict.CARRY, reason="Entries were taken out before the mapping was changed.")


def _still_there(base: Base, decision: Decision, side: Side) -> frozenset[Element]:
    """What `side` holds of what was to be taken out there, unless the other side holds that again, or what stands for
    it by now."""
    rule, held = decision.rule, base.get(decision.name)
    sent, then, over = (base.get(mark + decision.name) for mark in (MARK, THEN, FROM))
    if held is None or sent is None or then is None or over is None or not then.about(rule):
        return frozenset()
    if not rule.direction.writes(side) or not isinstance(sent.of(side), frozenset):
        return frozenset()
    there = elements_of(decision.value(side.other))
    taken = elements_of(held.of(side.other)) - elements_of(then.of(side.other))
    if not taken or taken & there:
        return frozenset()
    gone = (elements_of(over.of(side)) - elements_of(sent.of(side))) & elements_of(decision.value(side))
    means = {translated(rule, one, side) for one in there}
    return frozenset(one for one in gone if one not in means and translated(rule, one, side.other) not in there)


def _there(rule: Rule, side: Side, before: Maybe, sent: Maybe, now: Maybe) -> bool:
    """The same of a rule's values: a long text is there where it says what was sent, and that was not said before."""
    if _landed(before, sent, now):
        return True
    return same_words(rule, side, sent, now) and not same_words(rule, side, before, sent)


def _landed(before: Maybe, sent: Maybe, now: Maybe) -> bool:
    """Whether a side holds what was sent to it; of a set, all that was put in and nothing that was taken out by that:
    what else people put in or took out since is a change."""
    if sent is MISSING or now == sent:
        return True
    before, now = (frozenset[Element]() if value is None else value for value in (before, now))
    if not isinstance(before, frozenset) or not isinstance(sent, frozenset) or not isinstance(now, frozenset):
        return False
    return sent != before and sent - before <= now and not (before - sent) & now


def _ends(values: Mapping[Side, Maybe]) -> Held:
    return Held.agreed(left=values.get(Side.LEFT, MISSING), right=values.get(Side.RIGHT, MISSING))
