"""Sends a whole workspace, or one release of it, to Jira: an errand that says how far it is and may be paused.

Of a workspace: every kind that the mapping sends, what stands above first; of a release: its features, and what they
need. It keeps no list of its own: after a pause, a restart, a fault or a change of the mapping it reads the lists again
and goes on with what has no counterpart. Nobody waits for it, so it leaves a share of the request budgets to those who
do.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosswalk.errors import Refused, RemoteError
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.remote.budget import unhurried
from crosswalk.remote.way import give_way
from crosswalk.store import errands as kept
from crosswalk.store import loads, pairs
from crosswalk.store.models import Errand, Integration, Pair
from crosswalk.sync import errands, listing, saying, service
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.connect import made_of
from crosswalk.sync.errands import SEND
from crosswalk.sync.installation import current
from crosswalk.sync.joining import Tell
from crosswalk.sync.loading import send_many
from crosswalk.sync.pair import sync_pair
from crosswalk.sync.placing import NEVER
from crosswalk.sync.ranks import FEATURE, ORDER, keep_order, order_of
from crosswalk.sync.waking import Cause, wake
from crosswalk.sync.waves import in_order, said, seconds_left

DEEP = 3  # an epic stands below an initiative, and both may stand in a release
LOAD = "a load"  # what woke the pairs
PATIENCE = 90.0
"""Seconds a request of a load may wait for its turn, longer than any window of the limits: where a load breaks off in
the middle of a page, each of the hundred families on it is looked at by itself, with many more requests."""
FIRST = ("initiative", "release", "epic")
"""The kinds that go before features, each before what stands below it or in it."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind there are, and how many of them Jira does not have and are free to be sent."""

    kind: str
    total: int
    new: int


def kinds_of(integration: Integration) -> tuple[str, ...]:
    """What a load of the whole workspace sends, in its order."""
    going = listing.kinds(integration)
    return (*(kind for kind in FIRST if kind in going), FEATURE)


def following(integration: Integration) -> int:
    """How many pairs a load left to runs of their own that are not done yet."""
    return integration.pairs.exclude(pairs.CLEAN).filter(woken=LOAD, held="").count()


def counts(integration: Integration, release: str = "") -> tuple[Count, ...]:
    """What a load would be about, asked of Aha! now; the rest of a release's or workspace's records is left alone."""
    bridges = current().bridges
    if release:
        refs = bridges.features(integration, release)
        taken = loads.taken(integration, FEATURE).filter(left_id__in=[ref.id for ref in refs]).count()
        return (Count(FEATURE, len(refs), len(refs) - taken),)
    aha, found = bridges.joined(integration).aha, []
    for kind in kinds_of(integration):
        total = aha.records("", 1, kind).total
        found.append(Count(kind, total, max(0, total - loads.taken(integration, kind).count())))
    return tuple(found)


def begin(integration: Integration, release: str, person: str) -> Errand:
    """Have all sent that the mapping sends, or the features of the release with this id, where Jira lacks it.

    Asked again for the same, it is the load that is under way. Raises Refused while one for something else is.
    """
    saying.refuse_while_off(integration, "send")
    with kept.one_at_a_time(integration):
        newest = kept.newest(integration, SEND)
        if newest is not None and newest.finished_at is None and (newest.asked.get("release") or "") != release:
            raise Refused(
                f"A load is under way already, for something else; {newest.person or 'somebody'} began it.",
                remedy="Pause it or let it end, then ask for another one.",
            )
        return errands.begin(integration, SEND, {"release": release}, person)


def under_way(integration: Integration) -> bool:
    """Whether a load was begun and has not ended."""
    newest = kept.newest(integration, SEND)
    return newest is not None and newest.finished_at is None


def pause(integration: Integration) -> bool:
    """Stop the load that is under way before its next page; False where there is none."""
    return kept.pause(integration, SEND, paused=True)


def go_on(integration: Integration) -> bool:
    """Go on with the load that was paused; False where there is none."""
    saying.refuse_while_off(integration, "press Go on")
    if not kept.pause(integration, SEND, paused=False):
        return False
    errand = kept.newest(integration, SEND)
    assert errand is not None
    errands.again(errand)
    return True


def send(errand: Errand, tell: Tell) -> dict[str, Any] | None:
    """Send what the errand is about; what came of it, or None where it was paused, or the integration is. Raises what
    may go well later."""
    with unhurried(PATIENCE):
        while True:
            integration = _now(errand)
            if not integration.enabled:
                tell(_waiting(integration, errand.done, errand.total), errand.done, errand.total)
                return None
            try:
                return _Sending(errand, integration, tell).run()
            except _Changed:
                continue


class _Changed(Exception):
    """The mapping, or what it is about, is another one than the bridge was made of."""


def _now(errand: Errand) -> Integration:
    """The integration of a load as it is now: a load takes hours, and people set up and pause meanwhile."""
    return Integration.objects.select_related("aha", "jira").get(pk=errand.integration_id)


def _waiting(integration: Integration, done: int, total: int) -> str:
    return f"Waits, as the integration {saying.off(integration)}: {said(done, total, None)}"


class _Sending:
    """One go at an errand. Raises _Changed between two pages where it has to begin anew."""

    def __init__(
        self, errand: Errand, integration: Integration, tell: Tell, chance: Callable[[], float] = random.random
    ) -> None:
        here = current()
        joined = here.bridges.joined(integration)
        self._errand, self._tell, self._chance = errand, tell, chance
        self._integration, self._made_of = integration, made_of(integration)
        self._engine, self._now = here.engine, here.now
        self._bridge: Bridge = joined.bridge
        self._aha = joined.aha
        self._began, self._before = here.now(), 0
        self._done = 0
        self._tried: set[int] = set()

    def run(self) -> dict[str, Any] | None:
        """Release after release, page after page."""
        chosen = self._errand.asked.get("release") or ""
        first = () if chosen else kinds_of(self._integration)[:-1]
        total = self._aha.count(chosen) + sum(self._aha.records("", 1, kind).total for kind in first)
        self._say(total)
        for refs in itertools.chain.from_iterable(map(self._lines, first)):
            if self._stops(total):
                return None
            self._ones(refs)
            self._say(total)
        for release in [chosen] if chosen else self._aha.releases():
            for page in self._aha.planned(release):
                if self._stops(total):
                    return None
                self._page(page)
                self._say(total)
        return kept.add(self._errand.pk, {"sent": 0, "asking": 0, "own": 0, "along": 0})

    def _stops(self, total: int) -> bool:
        """Whether a person paused the load or the integration since the page before."""
        integration = _now(self._errand)
        if kept.paused(self._errand.pk):
            step = f"Paused: {said(self._done, total, None)}"
        elif not integration.enabled:
            step = _waiting(integration, self._done, total)
        elif made_of(integration) != self._made_of:
            raise _Changed
        else:
            return False
        self._tell(step, self._done, total)
        return True

    def _say(self, total: int) -> None:
        seconds = (self._now() - self._began).total_seconds()
        left = seconds_left(self._done - self._before, total - self._before, seconds)
        self._tell(said(self._done, total, left), self._done, total)

    # ---- what goes first ----

    def _lines(self, kind: str) -> Iterator[list[Ref]]:
        """The records of `kind`, a page at a time; without the parking lots, which are no releases to a person."""
        number = pages = 1
        while number <= pages:
            found = self._aha.records("", number, kind)
            yield [line.ref for line in found.lines]
            number, pages = number + 1, found.pages

    def _ones(self, page: Sequence[Ref]) -> None:
        """Send records one by one, each in a run of its own."""
        free = loads.untouched(self._integration, page, self._now())
        self._before += len(page) - len(free)
        for pair_id in free.values():
            self._count(self._one(pair_id), "sent")
        self._done += len(page)

    def _count(self, state: str, whole: str) -> None:
        """Count what became of a record that was sent by itself; as `whole` where all of it was."""
        name = whole if state == "agreed" else "asking" if state in NEVER else "own"
        kept.add(self._errand.pk, {name: 1})

    def _one(self, pair_id: int) -> str:
        """Run a pair now; the state in which that ends. Raises what keeps the whole load from going on."""
        pairs.mark_dirty([pair_id], self._now(), cause=LOAD)
        ending = sync_pair(self._bridge, pair_id, chance=self._chance())
        if ending.trouble:
            raise RemoteError(ending.reason, remedy=ending.remedy, code=ending.code)
        if ending.state == "waiting":
            wake(self._engine, [pair_id], self._now(), bulk=True, cause=Cause(LOAD))
        return ending.state

    # ---- one page ----

    def _page(self, page: Sequence[Snapshot]) -> None:
        """The features of a page of one release's list."""
        give_way()
        records = {record.ref: record for record in in_order(page)}
        free = loads.untouched(self._integration, list(records), self._now())
        untouched = len(free) == len(records)
        self._before += len(records) - len(free)
        for _ in range(DEEP):
            if not self._needed(records[ref] for ref in free):
                break
        sent = send_many(self._bridge, {pk: records[ref] for ref, pk in free.items()}, self._chance)
        if sent.own:
            wake(self._engine, sent.own, self._now(), bulk=True, cause=Cause(LOAD))
        self._order(records, fresh=untouched and not sent.own)
        self._done += len(records)
        kept.add(self._errand.pk, {"sent": sent.whole, "asking": sent.asking, "own": len(sent.own) + sent.later})
        if sent.stopped is not None:
            raise sent.stopped

    def _needed(self, records: Iterator[Snapshot]) -> int:
        """Bring what must be there first across: releases, epics. How many were tried."""
        book, ledger, pk = self._bridge.book, self._bridge.ledger, self._bridge.integration_id
        needed = dict.fromkeys(ref for record in records for ref in book.needs(FEATURE, record))
        tried = 0
        for ref in needed:
            known = ledger.pair_of(pk, Side.LEFT, ref)
            if known is not None and (known.right is not None or known.state in NEVER or known.held):
                continue
            tried += 1
            pair_id = known.id if known is not None else _pair_for(self._integration, ref)
            self._along(pair_id)
        return tried

    def _along(self, pair_id: int) -> None:
        """Bring across what features need. What could not go was counted when it was tried first."""
        before = pair_id in self._tried
        self._tried.add(pair_id)
        if (state := self._one(pair_id)) == "agreed" or not before:
            self._count(state, "along")

    def _order(self, records: Mapping[Ref, Snapshot], *, fresh: bool) -> None:
        """Keep with their release in which order the features stand, where all of them were made in it just now."""
        if not self._bridge.book.ranks(FEATURE):
            return
        across = set(self._across(records))
        for ref in {one for record in records.values() for one in self._bridge.book.needs(FEATURE, record)}:
            release = self._bridge.ledger.pair_of(self._bridge.integration_id, Side.LEFT, ref)
            if ref.kind != "release" or release is None or release.right is None:
                continue
            order = order_of([record for one, record in records.items() if one in across])
            if not fresh or ORDER in release.base or not keep_order(self._bridge.ledger, release.id, order):
                wake(self._engine, [release.id], self._now(), bulk=True, cause=Cause(LOAD))

    def _across(self, records: Mapping[Ref, Snapshot]) -> Iterator[Ref]:
        ids_of = [ref.id for ref in records]
        found = Pair.objects.filter(integration=self._integration, left_kind=FEATURE, left_id__in=ids_of)
        ids = set(found.exclude(right_id=None).values_list("left_id", flat=True))
        return (ref for ref in records if ref.id in ids)


def _pair_for(integration: Integration, ref: Ref) -> int:
    return service.pair_for(integration, ref).pk
