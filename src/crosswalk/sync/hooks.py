"""Looks at hooks that were kept and answered: which pairs do they concern? A hook carries no value, only a hint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from crosswalk.aha import wire_hooks as aha_hooks
from crosswalk.engine.port import HOOKED, Engine
from crosswalk.jira import wire_hooks as jira_hooks
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.remote.request import parse
from crosswalk.store import inbox, journal, pairs
from crosswalk.store.models import HookDelivery, Pair
from crosswalk.store.text import fit
from crosswalk.sync import echo
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.calm import Calm
from crosswalk.sync.places import neighbours
from crosswalk.sync.waking import POLL, enqueue, enqueue_pairs, pairs_about

BATCH = 100
BARE = "named nothing: it has no body, and its address names no issue. Both sides are asked what changed."
"""What came of a hook of Jira's whose body is excluded."""
OLD = "nothing new: the issue was in its pair already when its hook came."
"""What came of a hook of Jira's that tells of an issue's making, where that is known."""
ECHO = "nothing new: it shows the link to the issue that it is in step with."
"""What came of a hook of Aha!'s that tells of the link that a pair shows."""
SOON = 2.0  # seconds in which several of those are one question
HOOK = "A hook arrived."
WOKE = "a hook of "
"""How the cause of a run begins that a hook woke."""
"""Why the line of a hook says what it says: pulse.py tells from it how fast hooks are carried."""
SIDES = {"aha": Side.LEFT, "jira": Side.RIGHT}


def look(engine: Engine, now: Callable[[], datetime], calm: Calm | None = None) -> int:
    """Look at every hook nobody has looked at yet, wake the pairs they concern, and say so. How many there were.

    `calm` says which pairs are left alone for a while. A batch is read first and written in one short transaction, so
    that hooks which arrive meanwhile are kept at once; those are looked at the next time, or this would never end.
    """
    calm, count, newest = calm or Calm(), 0, inbox.newest()
    while batch := inbox.unseen(BATCH, upto=newest):
        seen = list(_look(batch))
        moment = now()
        news = [one.woken for one in seen if one.woken]  # what a load's own issues tell is no storm
        left = calm.hear(len(news), sorted({pair_id for woken in news for pair_id in woken}), moment)
        with transaction.atomic():
            pairs.lock(pair_id for one in seen for pair_id in one.woken)
            _tell(seen, moment)
            _wake(engine, seen, moment, left)
            inbox.mark_seen({one.delivery_id: one.outcome for one in seen}, moment)
        count += len(batch)
    return count


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made of a delivery: the pairs it concerns, and what it woke or why it is not ours.

    `ask` are integrations whose sides are asked what changed, because it did not say what it is about.
    """

    delivery_id: int
    side: Side
    woken: tuple[int, ...]
    outcome: str
    by: str = ""
    deleted: bool = False
    ask: tuple[int, ...] = ()


def _wake(engine: Engine, seen: Sequence[Seen], now: datetime, left: Mapping[int, datetime]) -> None:
    """Wake the pairs, those that are `left` alone at that moment, and keep who changed them, where that is said."""
    about: dict[tuple[Side, str], list[int]] = {}
    for one in seen:
        about.setdefault((one.side, one.by), []).extend(one.woken)
    for side in Side:
        pairs.deleted([pair_id for one in seen if one.deleted and one.side is side for pair_id in one.woken], side)
    for (side, who), pair_ids in about.items():
        cause = f"{WOKE}{NAMES[side]}{f', by {who}' if who else ''}"
        pairs.mark_dirty(pair_ids, now, side=side, cause=cause)
        if who and pair_ids:
            pairs.changed_by(pair_ids, side, who)
    for until in set(left.values()):
        pairs.leave_alone([pair_id for pair_id, moment in left.items() if moment == until], until)
    # All at once, in one order: jobs that are asked for by several at a time are rows that are locked, too.
    waits = {pair_id: (until - now).total_seconds() for pair_id, until in left.items()}
    enqueue_pairs(engine, (pair_id for pair_ids in about.values() for pair_id in pair_ids), HOOKED, waits)
    for number in sorted({number for one in seen for number in one.ask}):
        enqueue(engine, POLL, number, priority=HOOKED, delay=SOON)


def _look(batch: Sequence[HookDelivery]) -> Iterator[Seen]:
    """What each delivery of `batch` concerns. Those for the same integration and side are looked up together."""
    addressed: dict[tuple[int | None, str], list[HookDelivery]] = {}
    for delivery in batch:
        addressed.setdefault((delivery.integration_id, delivery.side), []).append(delivery)
    for deliveries in addressed.values():
        side = SIDES[deliveries[0].side]
        news = [_read(side, delivery) for delivery in deliveries]
        refs = [ref for one in news for ref in (*one.refs, *one.above)]
        here = _integrations(deliveries[0])
        about = iter(pairs_about(here, side, refs))
        concerned = [[{pk for _ in some for pk in next(about)} for some in (one.refs, one.above)] for one in news]
        known = _known(here, [one.created for one in news if one.created])
        given = [pk for one, (own, _) in zip(news, concerned, strict=True) if one.given for pk in own]
        links = echo.links_of(here, given)
        for delivery, one, (own, above) in zip(deliveries, news, concerned, strict=True):
            old = OLD if one.created in known and own <= known[one.created] else ""
            old = ECHO if echo.is_echo(one.given, own, links) else old
            woken = () if old else tuple(sorted(own or above))
            bare = side is Side.RIGHT and not delivery.body and not one.refs
            outcome = BARE if bare else old or _outcome(one.refs, one.not_ours, woken)
            ask = tuple(here) if bare else ()
            yield Seen(delivery.pk, side, woken, outcome, one.by, deleted=one.deleted and bool(own), ask=ask)


def _known(here: Sequence[int], made: Sequence[str]) -> dict[str, set[int]]:
    """By the id of an issue that was `made`: the pairs that hold it already, and those above them.

    A pair holds an id because the issue was there, so whatever reads it reads at least what it was made with; what
    happened to it since has hooks of its own. Thus a load wakes nothing by the issues that it makes.
    """
    found: dict[str, set[int]] = {}
    if made:
        held = Pair.objects.filter(integration_id__in=here, right_kind="issue", right_id__in=made)
        for issue, pair_id, above in held.values_list("right_id", "pk", "parent_id"):
            found.setdefault(str(issue), set()).update({pair_id, above} - {None})
    return found


def _outcome(refs: Sequence[Ref], not_ours: str, woken: Sequence[int]) -> str:
    names = ", ".join(str(ref) for ref in refs)
    if not_ours or not woken:
        return f"not ours: {not_ours or (names or 'nothing that is kept in step') + ' is in no pair'}"
    return f"woke {len(woken)} pair{'s' if len(woken) != 1 else ''}: {names}"


def _tell(seen: Sequence[Seen], now: datetime) -> None:
    """A line in the journal of each pair that was at rest: a storm of hooks on one pair is told once."""
    about = {pair_id: one.side for one in seen for pair_id in one.woken}
    for pair in Pair.objects.filter(pk__in=about, dirty=F("done")):
        side = about[pair.pk]
        line = Entry(f"{NAMES[side]} says that something about it changed.", why=HOOK, side=side)
        journal.append(pair.integration_id, [line], now, pair_id=pair.pk)


@dataclass(frozen=True, slots=True)
class Told:
    """The records a delivery names, or why it is `not_ours`; and who did it, where that is said.

    `above` is what stands above a record that may be in no pair; `deleted` says that the record was deleted, `created`
    is the id of an issue that was made; `given` the values that a record was given, where it tells of nothing else.
    """

    refs: tuple[Ref, ...] = ()
    not_ours: str = ""
    above: tuple[Ref, ...] = ()
    by: str = ""
    deleted: bool = False
    created: str = ""
    given: tuple[str, ...] = ()


def _read(side: Side, delivery: HookDelivery) -> Told:
    """What a delivery says, as the database takes it: one that names what no record can be called stops no other."""
    told = _said(side, delivery)
    refs, above = (tuple(Ref(ref.kind, fit(ref.id), fit(ref.key)) for ref in some) for some in (told.refs, told.above))
    why, by, made = fit(told.not_ours), fit(told.by), fit(told.created)
    return replace(told, refs=refs, above=above, not_ours=why, by=by, created=made)


def _said(side: Side, delivery: HookDelivery) -> Told:
    try:
        payload = parse(bytes(delivery.body) or b"null")
    except ValueError:
        return Told(not_ours="its body is not JSON")
    if side is Side.LEFT:
        told = aha_hooks.hook_refs(payload)
        return Told(told.refs, told.not_ours, by=aha_hooks.actor(payload)[:100], given=told.given)
    news = jira_hooks.hook_refs(payload, str(delivery.headers.get(inbox.ADDRESS, "")))
    return Told(news.refs, news.not_ours, news.above, jira_hooks.actor(payload)[:100], news.deleted, news.created)


def _integrations(delivery: HookDelivery) -> Sequence[int]:
    """One hook serves every integration at the same server: the one it was addressed to, and its neighbours."""
    return neighbours(delivery.integration_id, delivery.side) if delivery.integration_id else ()
