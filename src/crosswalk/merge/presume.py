"""When may a side be presumed to hold what was agreed, without reading it? Values in, yes or no out; knows no product.

Only one side had news, and nothing but plain values moved there: then what is left to do is to write them across, and
the write itself tells whether the presumption was true (sync/exchange.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from crosswalk.merge.decision import Base, Decision, Held, Verdict
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Exchanged, Part, Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.sets import elements_of
from crosswalk.merge.unconfirmed import awaits
from crosswalk.merge.values import MISSING, Maybe, Value

REST = " rest"
"""Where the base keeps a digest of what else a run looked at on each side; no rule is called so."""
OPEN = " exchange "
"""Before the name of a rule: where the base keeps what an exchange sends whose answer did not come yet."""
UNSAID = " unsaid "
"""Before the name of a field: where the base keeps what an exchange wrote whose answer said nothing."""
ANSWERED = " answered"
"""Where the base keeps when that answer came."""
BACK = " back "
"""Before the name of a rule: where the base keeps what is to be put back where an exchange replaced it."""
OURS = f"{BACK}over "
"""The same: what that exchange left there."""
THEIRS_AT = " theirs at"
"""Where the base keeps when somebody had put there what is to be put back, if that is known."""
AT_REST = (Verdict.UNCHANGED, Verdict.SKIPPED)


def news_of(pair: PairView) -> Side | None:
    """The side that is to be read alone; None where both are.

    A pair that is not in step, or whose last write was never answered, is looked at as a whole.
    """
    settled = pair.state == "agreed" and pair.left is not None and pair.right is not None
    if not settled or REST not in pair.base or opened(pair.base) or awaits(pair.base) or going_back(pair.base):
        return None
    return pair.news


def presumed(base: Base, rules: Iterable[Rule], side: Side) -> dict[str, Value]:
    """What `side` held when the pair was last agreed, by its own field names."""
    held = {rule.field(side): base[rule.name].of(side) for rule in rules if rule.name in base}
    return {name: value for name, value in held.items() if value is not MISSING}


def across(decisions: Iterable[Decision], to: Side) -> bool:
    """Whether `decisions` do nothing but write plain values on `to`, which nobody is said to have touched."""
    return all(_is_across(decision, to) for decision in decisions)


def _is_across(decision: Decision, to: Side) -> bool:
    if decision.verdict in AT_REST:
        return True
    return _only(decision, to) and decision.lost is MISSING and not decision.waits


def _only(decision: Decision, to: Side) -> bool:
    """Whether one value goes across; what both sides were brought to by themselves is judged by reading both."""
    return decision.verdict is Verdict.CARRY and decision.write.keys() == {to}


def rest_of(record: Snapshot, rules: Iterable[Rule], kinds: Collection[str], *besides: object) -> str:
    """A digest of what a run looks at beside the values of `record`; "" where the record does not tell all of it.

    That is the rules themselves, the parts of `kinds`, what stands above and below, and `besides`.
    """
    if record.more & set(kinds):
        return ""
    lines = [(rule.name, rule.left, rule.right, str(rule.direction), str(rule.policy)) for rule in rules]
    parts = [(kind, [_part(one) for one in record.parts.get(kind, ())]) for kind in sorted(kinds)]
    children = sorted((child.ref.id, str(child.get("position"))) for child in record.children)
    below = sorted(ref.id for ref in record.below)
    above = record.parent.id if record.parent else ""
    return sha256(repr((lines, parts, children, below, above, besides)).encode()).hexdigest()[:24]


def _part(part: Part) -> tuple[object, ...]:
    """What of a part makes it another one."""
    link = (part.link.type, part.link.other.kind, part.link.other.id, part.link.outward) if part.link else None
    return part.id, part.content, part.twin, part.key, part.private, link, part.work


def opened(base: Base) -> dict[str, Held]:
    """The values of an exchange that was sent and not answered, by the name of their rule."""
    return {name.removeprefix(OPEN): held for name, held in base.items() if name.startswith(OPEN)}


def opening(base: Base, decisions: Iterable[Decision], to: Side) -> dict[str, Held]:
    """`base` with what is about to be sent to `to`."""
    sent = {OPEN + decision.name: decision.write[to] for decision in decisions if to in decision.write}
    marks = {
        name: Held.agreed(
            left=value if to is Side.LEFT else MISSING,
            right=value if to is Side.RIGHT else MISSING,
        )
        for name, value in sent.items()
    }
    return {**base, **marks}


def closed(base: Base) -> dict[str, Held]:
    """`base` without what was sent."""
    return {name: held for name, held in base.items() if not name.startswith(OPEN)}


def without_open(base: Base, names: Iterable[str]) -> dict[str, Held]:
    """`base` without what was sent by the rules of these `names`: it is known what came of it."""
    done = {OPEN + name for name in names}
    return {name: held for name, held in base.items() if name not in done}


def with_unsaid(base: Base, to: Side, changes: Mapping[str, Value], answered: datetime | None) -> dict[str, Held]:
    """`base`, as it was opened, with `changes` that landed on `to` and of which nothing is known yet but when that was
    `answered`."""
    left = to is Side.LEFT
    ends = ((name, (value, MISSING) if left else (MISSING, value)) for name, value in changes.items())
    marks = {UNSAID + name: Held.agreed(left=one, right=other) for name, (one, other) in ends}
    return closed(base) | marks | ({ANSWERED: Held.agreed(left=answered, right=answered)} if answered else {})


def unsaid(base: Base) -> tuple[Side, dict[str, Value]] | None:
    """The side that is to be looked back at, and what was written there by field; None where there is none."""
    held = {name.removeprefix(UNSAID): one for name, one in base.items() if name.startswith(UNSAID)}
    if not held:
        return None
    side = Side.RIGHT if any(one.left is MISSING for one in held.values()) else Side.LEFT
    values = {name: one.of(side) for name, one in held.items()}
    return side, {name: value for name, value in values.items() if value is not MISSING}


def answered_at(base: Base) -> datetime | None:
    """When the answer came that said nothing of what landed; None where it did not say that either."""
    moment = base[ANSWERED].of(Side.RIGHT) if ANSWERED in base else None
    return moment if isinstance(moment, datetime) else None


def without_unsaid(base: Base) -> dict[str, Held]:
    """`base` without what landed."""
    return {name: held for name, held in base.items() if not name.startswith(UNSAID) and name != ANSWERED}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A value that somebody had put where a write went that was to replace another: it `held`, and holds `now`.

    `was` is what the write was to replace; `put` is what goes back there, where that is not all that it held.
    """

    rule: Rule
    held: Value
    now: Maybe
    was: Maybe = MISSING
    put: Maybe = MISSING

    @property
    def goes_back(self) -> Value:
        """What is to be written to put it back."""
        return self.held if self.put is MISSING else self.put

    @property
    def listed(self) -> bool:
        """Whether it is a set: then it is known of each entry who put it in or took it out."""
        return all(isinstance(one, frozenset) for one in (self.held, self.now, self.was))

    def back(self, there: Maybe) -> Maybe:
        """What is to be put where `there` is by now; MISSING where somebody set something else since.

        Of a set that is what somebody had put in and the write took out, and the reverse: all else that was done to it,
        by the write or since, stands.
        """
        was, held, now = (elements_of(one) for one in (self.was, self.held, self.now))
        if self.listed and isinstance(there, frozenset):
            return (there | (held - was - now)) - ((was - held) & now)
        return self.held if there == self.now else MISSING


def replaced(sent: Iterable[tuple[Rule, Maybe]], to: Side, told: Exchanged) -> list[Replaced]:
    """What a write on `to` replaced that was not presumed. `sent` are its rules, each with what was.

    What somebody had brought to the same already is no loss.
    """
    ends = [(rule, was, told.before.get(rule.field(to)), told.wrote.snapshot.get(rule.field(to))) for rule, was in sent]
    return [
        Replaced(rule, held, now, was)
        for rule, was, held, now in ends
        if held is not MISSING and held not in (was, now)
    ]


def putting_back(base: Base, to: Side, theirs: Iterable[Replaced], changed_at: datetime | None) -> dict[str, Held]:
    """`base` with what is about to be put back on `to`, where somebody had put it before `changed_at`."""
    marks: dict[str, Held] = {}
    for one in theirs:
        for mark, value in ((BACK, one.goes_back), (OURS, one.now)):
            ends: dict[Side, Maybe] = {to: value, to.other: MISSING}
            marks[mark + one.rule.name] = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])
    return {**base, **marks, **({THEIRS_AT: Held.agreed(left=changed_at, right=changed_at)} if changed_at else {})}


def going_back(base: Base) -> Side | None:
    """The side where something is to be put back, of which it is not known whether it was; None where there is none."""
    held = [one for name, one in base.items() if name.startswith(BACK) and not name.startswith(OURS)]
    return None if not held else Side.LEFT if any(one.left is not MISSING for one in held) else Side.RIGHT


def to_put_back(base: Base, to: Side, rules: Iterable[Rule]) -> list[Replaced]:
    """What that is."""
    found = [rule for rule in rules if BACK + rule.name in base and OURS + rule.name in base]
    ends = [(rule, base[BACK + rule.name].of(to), base[OURS + rule.name].of(to)) for rule in found]
    return [Replaced(rule, held, now) for rule, held, now in ends if held is not MISSING]


def put_there_at(base: Base) -> datetime | None:
    """When somebody had put it there."""
    moment = base[THEIRS_AT].of(Side.RIGHT) if THEIRS_AT in base else None
    return moment if isinstance(moment, datetime) else None


def without_back(base: Base) -> dict[str, Held]:
    """`base` without what is to be put back."""
    return {name: held for name, held in base.items() if not name.startswith(BACK) and name != THEIRS_AT}
