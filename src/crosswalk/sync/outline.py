"""Which lines of a mapping count for one record, and why the others do not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crosswalk.merge.decision import Base, Held
from crosswalk.merge.records import FieldType, Ref, Snapshot
from crosswalk.merge.rules import Direction, Rule, Side
from crosswalk.merge.values import MISSING, Maybe, Person, Value
from crosswalk.sync.mapping import SHARED, FieldLine

POINTS = 20  # an Aha! record's `work_units`: 10 are minutes, 20 are points
UNKNOWN = Held.agreed(left=MISSING, right=MISSING)
NOT_IN_TIME = "This record is estimated in points, not in time."
NOT_IN_POINTS = "This record is estimated in time, not in points."
RANKED = "The rank is no value: issues are placed one behind the other as Aha! has them, and the log says which."
NOT_SENT = "A line carries it, but the mapping sends no {}s: there is none in Jira to stand below."


@dataclass(frozen=True, slots=True)
class Outlined:
    """A rule that records of a kind may have; `why` says why this record has none. The `rule` itself is there where the
    records are still to be read. What is `placed` is carried, as an order, and has no values to compare. A line that is
    switched off has neither a rule nor a `why`: its direction says it."""

    name: str
    right: str
    direction: Direction
    why: str = ""
    rule: Rule | None = None
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What decides which lines count: what the Jira fields hold, which of them this issue's type lacks, what that type
    is called, and whether the record is estimated in points (None where that is not known)."""

    jira: Mapping[str, FieldType]
    lacks: frozenset[str]
    type_: str
    points: bool | None

    def lacking(self, name: str, direction: Direction) -> str:
        """Why a Jira field is left out; "" where it is not."""
        lacks = name in self.lacks and direction.writes(Side.RIGHT)
        return f"The create screen of “{self.type_}” in Jira lacks it." if lacks else ""


def in_points(left: Snapshot | None) -> bool:
    """Whether a record is estimated in points."""
    return left is not None and left.get("work_units") == POINTS


def was_in_points(lines: Sequence[FieldLine], jira: Mapping[str, FieldType], held: Collection[str]) -> bool | None:
    """Whether a record was estimated in points when the rules called `held` were agreed; None where they do not say."""
    shared = _shared(lines)
    times = [_holds_minutes(line, jira) for line in lines if line.name in held and line.aha in shared]
    return None if not times else not any(times)


def fields_of(rule: Rule) -> tuple[str, str, str]:
    """The name of a rule and its fields in Aha! and Jira."""
    return rule.name, rule.left, rule.right


def stand_ins(
    kind: str, base: Base, fields: Iterable[tuple[str, str, str]], points: bool | None
) -> tuple[Snapshot, Snapshot]:
    """Both records as they were agreed on, by rules and their `fields`. People are left out: who is who across is
    looked up, and nobody is to be asked."""
    left: dict[str, Value] = {"work_units": Decimal(POINTS)} if points else {}
    right: dict[str, Value] = {}
    for name, aha, jira in fields:
        held = base.get(name, UNKNOWN)
        for end, field, value in ((left, aha, held.left), (right, jira, held.right)):
            if value is not MISSING and not is_people(value):
                end[field] = value
    ref = Ref(kind, "")
    return Snapshot(ref, left), Snapshot(ref, right)


def is_people(value: Maybe) -> bool:
    """Whether a value is somebody, or a list with somebody in it."""
    among = value if isinstance(value, frozenset) else (value,)
    return any(isinstance(one, Person) for one in among)


def fit(lines: Sequence[FieldLine], place: Place) -> tuple[tuple[FieldLine, str], ...]:
    """Each line with why it does not count for a record: of those of an estimate only the one for its units does.

    Minutes belong to the time tracking, points to a number field; minutes that stand in one line alone go to a number
    field, too. Points never become a time.
    """
    several = _shared(lines)

    def why(line: FieldLine) -> str:
        if place.points is not None and line.aha in SHARED and line.jira in place.jira:
            if place.points and _holds_minutes(line, place.jira):
                return NOT_IN_TIME
            if not place.points and not _holds_minutes(line, place.jira) and line.aha in several:
                return NOT_IN_POINTS
        return place.lacking(line.jira, line.direction)

    return tuple((line, why(line)) for line in lines)


def outlined(lines: Sequence[FieldLine], more: Iterable[Rule], place: Place) -> tuple[Outlined, ...]:
    """What `lines` and the rules that no line makes come to for a record, in their order."""
    mapped = [Outlined(line.name, line.jira, line.direction, why) for line, why in fit(lines, place)]
    others = [Outlined(one.name, one.right, one.direction, place.lacking(one.right, one.direction)) for one in more]
    return (*mapped, *others)


def with_uncompared(
    outline: Iterable[Outlined], lines: Sequence[FieldLine], rank: str, unsent: Callable[[FieldLine], bool]
) -> tuple[Outlined, ...]:
    """`outline`, with those of all `lines` of the kind, at their places, that have no values to compare: the order, in
    the field `rank`, what stands above and is not sent, and what is switched off."""
    on = [line for line in lines if line.direction is not Direction.OFF]
    off = [Outlined(one.name, one.jira, one.direction) for one in lines if one.direction is Direction.OFF]
    places = {line.name: index for index, line in enumerate(lines)}
    ranks = [Outlined(one.name, one.jira, one.direction, RANKED, placed=True) for one in on if one.jira == rank != ""]
    above = [Outlined(one.name, one.jira, one.direction, NOT_SENT.format(one.aha)) for one in on if unsent(one)]
    return tuple(sorted((*outline, *ranks, *above, *off), key=lambda one: places.get(one.name, len(places))))


def _shared(lines: Sequence[FieldLine]) -> set[str]:
    """Estimates of Aha! that stand in several lines."""
    return {name for name in SHARED if sum(line.aha == name for line in lines) > 1}


def _holds_minutes(line: FieldLine, jira: Mapping[str, FieldType]) -> bool:
    held = jira.get(line.jira)
    return held is not None and held.holds == "minutes"
