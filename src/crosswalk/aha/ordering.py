"""The order of a feature's requirements: read, compared, changed by as few moves as can be, and read again.

GraphQL alone takes a requirement's place (RequirementAttributes, `position`); REST v1 only shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from crosswalk import errors
from crosswalk.aha import wire_graphql
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Ordered, Ref, Snapshot

OTHER = Ordered(refused="Aha! keeps another order: somebody moves them at the same time.", passing=True)


def order(workspace: Workspace, feature: Ref, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
    """Put the requirements `refs` of `feature` in this order; those that are not named keep their places.

    `tell` hears which are moved, before the first is.
    """
    now = standing(workspace.get(feature))
    wanted = fill([one.id for one in now], [ref.id for ref in refs])
    if wanted is None:
        return OTHER
    by_id = {one.id: one for one in now}
    moved: list[Ref] = []
    todo = list(steps([one.id for one in now], wanted))
    if todo:
        tell([by_id[name] for name, _ in todo])
    try:
        for name, place in todo:
            answer = workspace.write(wire_graphql.place_requirement(name, place + 1))
            if words := wire_graphql.graphql_errors(answer):
                return Ordered(tuple(moved), words)
            moved.append(by_id[name])
    except (errors.Invalid, errors.Forbidden, errors.NotFound) as error:
        return Ordered(tuple(moved), error.message)
    kept = not moved or [one.id for one in standing(workspace.get(feature))] == wanted
    return Ordered(tuple(moved)) if kept else replace(OTHER, moved=tuple(moved))


def standing(feature: Snapshot) -> list[Ref]:
    """The requirements of a feature in their order."""
    return [child.ref for child in sorted(feature.children, key=_position)]


def _position(record: Snapshot) -> Decimal:
    place = record.get("position")
    return place if isinstance(place, Decimal) else Decimal(0)


def fill(now: Sequence[str], named: Sequence[str]) -> list[str] | None:
    """All of `now`, with the `named` ones in their order on the places that they hold; None where one is not there."""
    if not set(named) <= set(now):
        return None
    turn = iter(named)
    return [next(turn) if one in named else one for one in now]


def steps(now: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[str, int]]:
    """What to put where, one after the other (places from 0), so that `now` becomes `wanted` by the fewest moves."""
    stays = _rising([now.index(one) for one in wanted])
    held = list(now)
    for at, one in enumerate(wanted):
        if at in stays:
            continue
        held.remove(one)
        place = held.index(wanted[at - 1]) + 1 if at else 0
        held.insert(place, one)
        yield one, place


def _rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest part of `numbers` that rises."""
    best: list[list[int]] = []  # a longest part that ends at each number
    longest: list[int] = []
    for at, number in enumerate(numbers):
        before: list[int] = []
        for one in best:
            before = one if numbers[one[-1]] < number and len(one) > len(before) else before
        best.append([*before, at])
        longest = best[-1] if len(best[-1]) > len(longest) else longest
    return set(longest)
