"""Three-way merge of sets, element by element. Knows a source and a target, no product, no order of elements.

An element is a yes or a no, so there are no conflicts: what either side put in travels, what either side took out
travels, and an element that one side took out while the other put it in stays. A side's moves are seen against its
own base. Elements that the source never had are the target's own and stay,
and travel once the rule lets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crosswalk.merge.rules import Direction, Rule, Side, Untranslatable
from crosswalk.merge.values import Choice, Element, Maybe, Person

Elements = frozenset[Element]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a target should hold; `stuck` are the source's elements that can not travel, each with the reason.

    `put_back` says that the target had taken out an element which a one-way rule puts in again. `own` are elements of
    the target that stand for nothing the source holds, where the rule does not let them travel.
    """

    elements: Elements
    stuck: Mapping[Element, Untranslatable]
    put_back: bool = False
    own: Elements = frozenset()


def elements_of(value: Maybe) -> Elements:
    """The elements of `value`; none where it is empty or no set (a base from before the field became a set)."""
    return value if isinstance(value, frozenset) else frozenset()


def wanted(rule: Rule, target: Side, now: Mapping[Side, Elements], was: Mapping[Side, Elements]) -> Wanted:
    """What `target` should hold, given what both sides hold `now` and held when last agreed (`was`)."""
    source = target.other
    means = {element: translated(rule, element, target) for element in now[source] | was[source]}
    counterpart = _relation(rule, means, now[target] | was[target], source)
    result = set(now[target])
    stuck: dict[Element, Untranslatable] = {}
    # Put in on the source, and the target has nothing that stands for it.
    for element in now[source] - was[source]:
        meant = means[element]
        if any(counterpart(element, other) for other in now[target]) or meant is None:
            continue
        if isinstance(meant, Untranslatable):
            stuck[element] = meant
        else:
            result.add(meant)
    # Taken out on the source: its counterparts go too, unless the target put them in since, or others need them.
    for element in was[source] - now[source]:
        for other in now[target] & was[target]:
            if counterpart(element, other) and not any(counterpart(stays, other) for stays in now[source]):
                result.discard(other)
    # Taken out on the target of a one-way rule while the source still has it: put in again.
    if rule.direction is Direction.BOTH:
        return Wanted(frozenset(result), stuck)
    missed = _missed(now, was, source, counterpart)
    own = frozenset(other for other in now[target] if not any(counterpart(element, other) for element in now[source]))
    return Wanted(frozenset(result | missed), stuck, put_back=bool(missed), own=own & result)


def _missed(
    now: Mapping[Side, Elements],
    was: Mapping[Side, Elements],
    source: Side,
    counterpart: Callable[[Element, Element], bool],
) -> Elements:
    """What the target held when last agreed, holds no longer, and the source still asks for."""
    target = source.other
    unserved = {
        element
        for element in now[source] & was[source]
        if not any(counterpart(element, other) for other in now[target])
    }
    return frozenset(
        other for other in was[target] - now[target] if any(counterpart(element, other) for element in unserved)
    )


def _relation(
    rule: Rule, means: Mapping[Element, Element | Untranslatable | None], others: Elements, source: Side
) -> Callable[[Element, Element], bool]:
    """Whether an element of the source and one of the target stand for the same thing.

    A one-way rule asks the source's translation alone. With both ways it is enough that either says so: of two
    elements that become the same across, the way back leads to one only.
    """
    back = {other: translated(rule, other, source) for other in others} if rule.direction is Direction.BOTH else {}

    def counterpart(element: Element, other: Element) -> bool:
        return means[element] == other or back.get(other) == element

    return counterpart


def translated(rule: Rule, element: Element, to: Side) -> Element | Untranslatable | None:
    """One element in the other side's terms."""
    meant = rule.translate(element, to)
    if meant is None or isinstance(meant, str | Choice | Person | Untranslatable):
        return meant
    return Untranslatable(
        f"the mapping turns one entry of a list into {type(meant).__name__}",
        "Map it to one entry of the other list.",
    )
