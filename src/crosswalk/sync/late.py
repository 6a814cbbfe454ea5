"""Texts whose pictures come late or go: what is held of them is compared as if those pictures lay elsewhere. Pure.

A text that was carried before the file of a picture in it is held with that picture lying nowhere (RichText.waiting).
While the file does not come that is no change; once it is there, the text has changed, and its copy is written anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosswalk.merge.decision import Held
from crosswalk.merge.merge import Base
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part, Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import Maybe, Rich
from crosswalk.sync.pictures import NOWHERE
from crosswalk.sync.translate import RichText

ATTACHMENT = "attachment"


def base_now(base: Base, ends: Mapping[Side, Snapshot], rules: Sequence[Rule]) -> Base:
    """`base` as it counts for the two records: a picture that still waits is no change, one that was removed is."""
    found: dict[str, Held] = {}
    for rule in rules:
        form, held = rule.translation, base.get(rule.name)
        if not isinstance(form, RichText) or held is None or not held.known:
            continue
        fresh = {side: _now(form, side, held.of(side), ends[side].get(rule.field(side))) for side in Side}
        for side in Side:
            if loses(ends[side]) and rule.direction.writes(side.other):
                fresh[side] = form.missing(side, fresh[side])
        now = Held.agreed(left=fresh[Side.LEFT], right=fresh[Side.RIGHT], fields=held.fields)
        found |= {rule.name: now} if now != held else {}
    return {**base, **found} if found else base


def part_now(pair: PartPair, parts: Mapping[Side, Part | None], form: RichText, losing: Sequence[Side]) -> PartPair:
    """The same of two parts; files were removed on the sides `losing`."""
    fresh: dict[Side, Maybe] = {}
    for side in Side:
        held, part = pair.held.of(side), parts[side]
        fresh[side] = _now(form, side, held, part.content) if part is not None else held
        if side in losing:
            fresh[side] = form.missing(side, fresh[side])
    return replace(pair, held=Held.agreed(left=fresh[Side.LEFT], right=fresh[Side.RIGHT]))


def part_held(pair: PartPair, source: Side, form: RichText) -> PartPair:
    """What is kept of two parts of which the one on `source` was just carried across."""
    fresh: dict[Side, Maybe] = {side: pair.held.of(side) for side in Side}
    fresh[source] = form.waiting(source, fresh[source])
    return replace(pair, held=Held.agreed(left=fresh[Side.LEFT], right=fresh[Side.RIGHT]))


def loses(record: Snapshot) -> bool:
    """Whether a file of `record` was removed just now, and the other side's follows."""
    return any(part.gone for part in record.parts.get(ATTACHMENT, ()))


def _now(form: RichText, side: Side, held: Maybe, now: Maybe) -> Maybe:
    """`held`, or `now` where the two differ by pictures alone whose file did not come."""
    waits = isinstance(held, Rich) and NOWHERE in held.source and held != now
    return now if waits and held in (form.waiting(side, now), form.wanting(side, now)) else held
