"""Compares everything, on a schedule: finds what hooks and polls missed, and proves "in step at 10:42"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import transaction
from django.db.models import F, QuerySet

from crosswalk.engine.port import Engine
from crosswalk.errors import NeedsPerson
from crosswalk.merge.merge import merge
from crosswalk.merge.pairs import Entry, PairView
from crosswalk.merge.plan import Effect, Patch, plan_pair, stop_if_unsafe
from crosswalk.merge.presume import AT_REST
from crosswalk.merge.records import Gone, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import settled
from crosswalk.merge.unconfirmed import counted
from crosswalk.merge.values import dump
from crosswalk.remote.budget import unhurried
from crosswalk.store import journal, removals, sweeps, versions
from crosswalk.store import pairs as store
from crosswalk.store.models import Integration, Pair
from crosswalk.store.views import view
from crosswalk.sync.arranging import issue_above, moved_in_jira
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.differing import differing
from crosswalk.sync.pair import newer
from crosswalk.sync.ranks import displaced
from crosswalk.sync.waking import APPROVAL, APPROVED, SWEEP, Cause, enqueue, wake

PAGE = 100
LISTED = "feature"
"""The kind of records that are read list page by list page, with what stands below them."""
RESUMED = timedelta(hours=2)
"""A sweep that was cut off goes on where it was, unless it began longer ago, or before the mapping was changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair that a run would do something about: what that does on each side, and which records show no more."""

    pair_id: int
    effects: Mapping[Side, Effect] = field(default_factory=dict)
    gone: tuple[Side, ...] = ()
    mark: int = 0  # of the values that replace others: 0 where none does

    @classmethod
    def of(cls, pair_id: int, patches: Iterable[Patch]) -> Finding:
        """What `patches` would do."""
        some = [patch for patch in patches if patch.effect is not None]
        changes = [(one.side, change.field, dump(change.new)) for one in some for change in one.changes]
        mark = crc32(repr(changes).encode()) if some else 0
        return cls(pair_id, {one.side: one.effect for one in some if one.effect}, mark=mark)

    def as_data(self) -> list[Any]:
        """As it is kept while the sweep goes on."""
        return [self.pair_id, dict(self.effects), list(self.gone), self.mark]

    @classmethod
    def load(cls, data: Sequence[Any]) -> Finding:
        """The reverse of as_data()."""
        pair_id, effects, gone, *mark = data  # a former version kept no mark
        known = {Side(side): Effect(one) for side, one in effects.items()}
        return cls(pair_id, known, tuple(map(Side, gone)), *mark)

    @property
    def grave(self) -> bool:
        """Whether it replaces something, or something is gone: what a brake looks at."""
        return bool(self.effects or self.gone)


HALF, FEW = 0.5, 10
"""More than this share of the compared records, and at least so many, are not gone without a person's word."""


def guarded(engine: Engine, bridge: Bridge, now: datetime, name: str = SWEEP) -> int:
    """Sweep; what would change too much is kept for a person's word instead, and told once. How many were woken."""
    try:
        return sweep(engine, bridge, now, name=name)
    except NeedsPerson:
        return 0


def sweep(engine: Engine, bridge: Bridge, now: datetime, *, name: str = SWEEP) -> int:
    """Read all joined pairs in pages, and wake those that are not in step; how many. Writes nothing on a side.

    Raises NeedsPerson, and wakes none, where that would replace more than a set share of what the pairs hold
    (invariant I11), or where one side shows most of its records no more, unless a person has said so (`name` is
    APPROVED): that is said of what was shown and of nothing else, so what came since has the same brake, and without a
    word that is kept everything has. Any other error cuts it off; under the same name it goes on where it was.
    """
    number = bridge.integration_id
    word, meant = sweeps.word(number) if name == APPROVED else (0, [])
    reading = _Reading(bridge, name, now)
    with unhurried():
        reading.read()
    sweeps.over(number, sweeps.pages_of(name))
    if versions.changed_at(number) != reading.mapped_at:
        # What was found, and is in step, is so by the mapping of before.
        enqueue(engine, APPROVAL if name == APPROVED else name, number)
        return 0
    found = reading.found() if name == APPROVED else reading.still_found()
    seen = {one.pair_id: one for one in map(Finding.load, meant)}
    known = Pair.objects.filter(integration_id=number).count()
    try:
        _brake([one for one in found if seen.get(one.pair_id) != one], len(reading.met), known)
    except NeedsPerson as brake:
        if word:
            words = f"What would change is not what was approved: more, or something else, came since. {brake.message}"
            brake = NeedsPerson(words, remedy=brake.remedy, code=brake.code)
        some = sorted((one for one in found if one.grave), key=lambda one: one.pair_id)
        _stop(number, now, some, brake, word)
        raise brake from None
    _allow([one for one in found if seen.get(one.pair_id) == one], now)
    wake(engine, [finding.pair_id for finding in found], now, bulk=True, cause=Cause("a sweep"))
    with transaction.atomic():  # not before: where that is cut off, the job's next try needs the word
        sweeps.passed(number, word)
        Integration.objects.filter(pk=number).update(swept_at=now, stopped="")
    return len(found)


class _Reading:
    """One sweep's way through all joined pairs that are at rest.

    Aha!'s list of features shows two hundred with their requirements in a request, so it is read once, from end to end,
    and pairs are compared as it names them. What it does not name is read by its ids afterwards.
    """

    def __init__(self, bridge: Bridge, name: str, now: datetime) -> None:
        self._bridge, self._name, self._began = bridge, name, now
        self._found: list[Finding] = []
        self._fences: dict[int, int] = {}
        self._met_at: dict[int, int] = {}
        self.met: set[int] = set()
        self._next: int | None = 1
        self.mapped_at = versions.changed_at(bridge.integration_id)
        since = max(now - RESUMED, self.mapped_at or now - RESUMED)
        for page in sweeps.pages(bridge.integration_id, name, since):
            self._began, self._next = page.began_at, page.next
            self.met |= set(page.met)
            self._found += map(Finding.load, page.found)

    def found(self) -> list[Finding]:
        """What is not in step, each pair once."""
        ordered = sorted(self._found, key=lambda one: (len(one.gone), len(one.effects)))
        return list({finding.pair_id: finding for finding in ordered}.values())

    def still_found(self) -> list[Finding]:
        """The same without what others have looked at since, or are about to: as what somebody approved meanwhile."""
        if not (found := self.found()):
            return found
        rest = Pair.objects.filter(integration_id=self._bridge.integration_id, dirty=F("done"))
        now = dict(rest.values_list("pk", "fence"))
        return [one for one in found if self._met_at.get(one.pair_id, now.get(one.pair_id)) == now.get(one.pair_id)]

    def read(self) -> None:
        """Compare whatever is not compared yet."""
        pairs = self._joined()
        most = pairs.filter(kind=LISTED).count() // 2  # from here on each by its id takes fewer requests
        while self._next is not None and self._next <= most:
            records, after = self._bridge.left.listed(LISTED, self._next)
            known = {record.ref: record for one in records for record in (one, *one.children)}
            self._next = after
            self._compare(self._held(known), known)
        self._next = None
        last = 0
        while page := list(pairs.filter(pk__gt=last).order_by("pk")[:PAGE]):
            last = page[-1].pk
            if rest := self._views(page):
                self._compare(rest, {})

    def _joined(self) -> QuerySet[Pair]:
        mine = Pair.objects.filter(integration_id=self._bridge.integration_id, state="agreed", held="")
        return mine.filter(left_id__isnull=False, right_id__isnull=False)

    def _held(self, known: Mapping[Ref, Snapshot]) -> list[PairView]:
        """The pairs that hold these records."""
        named = self._joined().filter(left_id__in=[ref.id for ref in known]).order_by("pk")
        return [one for one in self._views(named) if one.left in known]

    def _views(self, rows: Iterable[Pair]) -> list[PairView]:
        """Those of `rows` that were not compared yet, as they are now."""
        some = [row for row in rows if row.pk not in self.met]
        self._fences = {row.pk: row.fence for row in some}
        return [view(row) for row in some]

    def _compare(self, pairs: Sequence[PairView], known: Mapping[Ref, Snapshot]) -> None:
        found, apart = out_of_step(self._bridge, pairs, known)
        store.differ({number: (self._fences[number], names) for number, names in apart.items()})
        self._found += found
        self._met_at |= {one.pair_id: self._fences[one.pair_id] for one in found if one.pair_id in self._fences}
        self.met |= {pair.id for pair in pairs}
        kept = [one.as_data() for one in found]
        met = [pair.id for pair in pairs]
        name = sweeps.pages_of(self._name)
        sweeps.add(self._bridge.integration_id, name, self._began, self._next, met, kept)


def _stop(number: int, now: datetime, found: Sequence[Finding], brake: NeedsPerson, word: int) -> None:
    """Keep what is stopped with the words that a person reads of it, both or none: a word given on the ones is about
    the other. It is told once."""
    kept = Integration.objects.filter(pk=number)
    with transaction.atomic():
        if not kept.filter(stopped=brake.message).exists():
            kept.update(stopped=brake.message)
            line = Entry(brake.message, level="error", remedy=brake.remedy, code=brake.code)
            journal.append(number, [line], now)
        sweeps.stop(number, now, [one.as_data() for one in found], word)


def _brake(found: Sequence[Finding], looked: int, known: int) -> None:
    """Raises NeedsPerson where that is more than is done without a person's word."""
    _raise_if_empty(found, looked)
    stop_if_unsafe(_effects(found), known)


def _effects(found: Iterable[Finding]) -> dict[Effect, int]:
    """How many pairs are overwritten or emptied, each counted by the gravest."""
    gravest = [max(one.effects.values(), key=list(Effect).index) for one in found if one.effects]
    return {effect: gravest.count(effect) for effect in Effect if effect in gravest}


def _allow(found: Sequence[Finding], now: datetime) -> None:
    """A person who approved just this approved what it empties."""
    for side in Side:
        removals.allow([one.pair_id for one in found if one.effects.get(side) is Effect.EMPTIED], side, now)


def _raise_if_empty(found: Sequence[Finding], looked: int) -> None:
    """Raises NeedsPerson where a side suddenly shows most of its records no more: then hardly all of them are gone."""
    for side in Side:
        lost = sum(side in finding.gone for finding in found)
        if lost >= FEW and lost > HALF * looked:
            raise NeedsPerson(
                f"{NAMES[side]} shows {lost} of {looked} records no more. Nothing was done about it on the other side.",
                remedy=f"See that the connection's account still sees them in {NAMES[side]}, and that the project or "
                "workspace was not moved, archived or restored from a back-up. Approve it if they were really removed.",
                code="L10",
            )


def out_of_step(
    bridge: Bridge, pairs: Sequence[PairView], known: Mapping[Ref, Snapshot] | None = None
) -> tuple[list[Finding], dict[int, tuple[str, ...]]]:
    """Those of `pairs` that a run would do something about: changed, vanished, or with something new below; and those
    of what `pairs` stand in or below at another place than was carried (ranks.py), without a request.

    And in which fields others differ although they are in step, where that is not what is kept of them.
    `known` are records on the left as they were just read.
    """
    left: dict[Ref, Snapshot | Gone] = dict(known or {})
    left |= bridge.left.read([pair.left for pair in pairs if pair.left and pair.left not in left])
    right = bridge.right.read([pair.right for pair in pairs if pair.right])
    ends = (
        (left.get(pair.left) if pair.left else None, right.get(pair.right) if pair.right else None) for pair in pairs
    )
    looked = [(pair, _look(bridge, pair, *both)) for pair, both in zip(pairs, ends, strict=True)]
    records = [(pair, left.get(pair.left)) for pair in pairs if pair.left]
    moved = displaced(bridge, [(pair, record) for pair, record in records if isinstance(record, Snapshot)])
    issues = [(pair, right.get(pair.right)) for pair in pairs if pair.right]
    ranked = [(pair, one) for pair, one in issues if isinstance(one, Snapshot) and issue_above(one)]
    back = {pair.parent_id for pair, one in ranked if moved_in_jira(bridge, pair, one)}
    woken = [*moved, *(one for one in sorted(filter(None, back)) if one not in moved)]
    found = [one for _, one in looked if isinstance(one, Finding)]
    apart = {pair.id: one for pair, one in looked if not isinstance(one, Finding) and one != pair.apart}
    return [*found, *map(Finding, woken)], apart


def weighed(
    bridge: Bridge, pair: PairView, left: Snapshot | Gone | None, right: Snapshot | Gone | None
) -> list[Finding]:
    """What a sweep finds of a pair that a brake looks at: that, or nothing. Asks for nothing."""
    found = _look(bridge, pair, left, right, below=False)
    return [found] if isinstance(found, Finding) and found.grave else []


def _look(
    bridge: Bridge,
    pair: PairView,
    left: Snapshot | Gone | None,
    right: Snapshot | Gone | None,
    *,
    below: bool = True,
) -> Finding | tuple[str, ...]:
    """What is to be done about a pair; of one that is in step, the fields in which the two differ all the same."""
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        ends = zip(Side, (left, right), strict=True)
        return Finding(pair.id, gone=tuple(side for side, end in ends if not isinstance(end, Snapshot)))
    if bridge.strayed(Side.LEFT, left.ref) or bridge.strayed(Side.RIGHT, right.ref):
        return Finding(pair.id)
    rules = bridge.book.rules(pair.kind, left, right)
    base = counted(pair.base, {Side.LEFT: left, Side.RIGHT: right}, rules)
    decisions = merge(base, left, right, rules, newer=newer(left, right))
    decisions = settled(decisions, base, left, right, pair.joining)
    if base != pair.base or any(decision.verdict not in AT_REST for decision in decisions):
        return Finding.of(pair.id, plan_pair({Side.LEFT: left.ref, Side.RIGHT: right.ref}, decisions))
    return Finding(pair.id) if below and _grown(bridge, pair, left, right) else differing(decisions, pair.joining)


def _grown(bridge: Bridge, pair: PairView, left: Snapshot, right: Snapshot) -> bool:
    """Whether something stands below the records that has no pair yet."""
    kind = bridge.book.below(pair.kind)
    if not kind:
        return False
    children, makes = bridge.ledger.children(pair.id), bridge.book.makes(kind)
    known = {ref for child in children for ref in (child.left, child.right)}
    below = [child.ref for child in left.children] if Side.RIGHT in makes else []
    if Side.LEFT in makes and right.below:  # what would have to be searched for, a poll finds
        below += bridge.right.below(right, kind)
    return any(ref not in known for ref in below)
