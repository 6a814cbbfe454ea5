"""Questions and changes that concern many pairs: what is due, what was touched, how many are in which state.

Says nothing of what a run does with a pair; that is the ledger's half.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, Count, Exists, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from crosswalk.merge.pairs import Intent, PairView
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import asked
from crosswalk.store.models import CreateIntent, Pair
from crosswalk.store.text import fit
from crosswalk.store.views import intent_of, touched, view

_T = TypeVar("_T")
_KEY = "pair:"
CLEAN = Q(dirty=F("done"))
"""Nothing happened since the last run began; its opposite wants a run."""
_DIRTY = ~CLEAN
EXCEPTED = CLEAN & Q(state=Pair.State.AGREED, held="", apart__isnull=False)
"""In step, except for a field."""
DIFFERING = CLEAN & Q(state__in=(Pair.State.AGREED, Pair.State.ASKING), held="", apart__isnull=False)
"""The same, and those that differ in a field besides what somebody is needed for."""
SETTLED = Q(state=Pair.State.GONE, code="")
"""Gone on one side or both, and nothing is left to do about it: what still asks somebody has the code of its reason."""
ATTENTION = Q(state__in=(Pair.State.ASKING, Pair.State.PARKED, Pair.State.GONE)) & ~SETTLED
"""A person is needed, unless the pair is held."""
HEALTHY = {"integration__aha__paused": "", "integration__jira__paused": ""}
"""What finds the pairs of which neither connection is paused."""
# SQLite takes at most 32,766 parameters in a statement (https://www.sqlite.org/limits.html, item 9).
_BATCH = 5_000


def settled(pair: Pair) -> bool:
    """What SETTLED says, of one pair."""
    return pair.state == Pair.State.GONE and not pair.code


def excepted(pair: Pair) -> list[str]:
    """The fields in which the two records differ although they are in step."""
    return list(pair.apart or ()) if pair.state == Pair.State.AGREED else []


def differing(pair: Pair) -> list[str]:
    """The fields in which the two differ and which are left as they are, also where another one needs somebody."""
    return list(pair.apart or ()) if pair.state in (Pair.State.AGREED, Pair.State.ASKING) else []


@dataclass(frozen=True, slots=True)
class Due:
    """A pair that wants a run; `urgent` where a person waits for it."""

    pair_id: int
    urgent: bool

    @property
    def key(self) -> str:
        """What the engine calls it."""
        return key_of(self.pair_id)


def key_of(pair_id: int) -> str:
    """The engine's key for runs of a pair."""
    return f"{_KEY}{pair_id}"


def pair_of_key(key: str) -> int:
    """The pair that `key` names. Raises ValueError for another kind of key."""
    return int(key.removeprefix(_KEY))


def get(pair_id: int) -> PairView | None:
    """The pair as the story sees it; None where it is no more."""
    pair = Pair.objects.filter(pk=pair_id).first()
    return view(pair) if pair else None


def mark_dirty(
    pair_ids: Iterable[int], at: datetime, *, urgent: bool = False, side: Side | None = None, cause: str = ""
) -> int:
    """Something may have changed in these pairs: look at them at `at`, or earlier if they were due before.

    `side` is where, if that is known; `cause` says what woke them: where they were due already, the first cause stays,
    unless a person is the later one.
    A pair that waits after a failure keeps its back-off, unless a person asks (`urgent`).
    Returns how many pairs there were.
    """
    count, told = 0, (side,) if side else tuple(Side)
    for ids in _batches(sorted(set(pair_ids))):
        with transaction.atomic():
            count += asked.touch(ids, at, fit(cause, 300), told, urgent=urgent) if lock(ids) else 0
    return count


def leave_alone(pair_ids: Iterable[int], until: datetime) -> None:
    """These pairs, which are dirty, are not run before `until`: not those that a person asks for or that wait longer
    after a failure.
    """
    others = Q(urgent=True) | Q(state=Pair.State.WAITING)
    _update(pair_ids, due_at=Case(When(others, then=F("due_at")), default=Value(until)))


def changed_by(pair_ids: Iterable[int], side: Side, who: str) -> None:
    """A hook said that `who` changed the records of these pairs on `side`."""
    rows = [row for row in Pair.objects.filter(pk__in=list(pair_ids)) if row.by.get(side.value) != who]
    for row in rows:
        row.by = {**row.by, side.value: fit(who, 200)}
    Pair.objects.bulk_update(rows, ["by"])


def deleted(pair_ids: Iterable[int], side: Side) -> None:
    """A hook said that the records of these pairs on `side` were deleted."""
    _update(pair_ids, deleted_on=side.value)


def differ(found: Mapping[int, tuple[int, Sequence[str]]]) -> None:
    """Keep in which fields the records of pairs differ although they are in step; each with the fence that its pair had
    when that was told: what a run has looked at since is left as that has it.
    """
    ids = sorted(found)
    if not ids:  # on SQLite a transaction waits for its turn to write
        return
    with transaction.atomic():
        now = dict(Pair.objects.filter(pk__in=ids).values_list("pk", "fence")) if lock(ids) else {}
        alike: dict[tuple[str, ...], list[int]] = {}
        for pk in ids:
            fence, names = found[pk]
            if now.get(pk) == fence:
                alike.setdefault(tuple(names), []).append(pk)
        for names, some in alike.items():
            Pair.objects.filter(pk__in=some).update(apart=list(names) or None)


def hold(pair_ids: Iterable[int], word: str) -> int:
    """Hold these pairs back ("paused" or "ignored"), or ("") let them run again. What changes meanwhile is kept.

    One that has no counterpart yet counts as stopped, so that nothing waits for it to be made.
    """
    alone = Q(left_id=None) | Q(right_id=None)
    state = Case(When(alone, then=Value(Pair.State.PARKED if word else Pair.State.NEW)), default=F("state"))
    return _update(pair_ids, held=word, state=state, fence=F("fence") + 1)


def unlink(pair: Pair, reason: str) -> None:
    """Take the two records of a pair apart. What it was joined with is kept, to link it again."""
    columns = ("left_kind", "left_id", "left_key", "left_url", "right_kind", "right_id", "right_key", "right_url")
    ends = {name: getattr(pair, name) for name in (*columns, "state")}
    gone = {name: None if name.endswith("_id") else "" for name in columns}
    _update([pair.pk], **gone, ends=ends, **_UNLINKED, reason=fit(reason), remedy="", done=F("dirty"))


_UNLINKED = {"held": "unlinked", "state": Pair.State.GONE, "fence": F("fence") + 1, "urgent": False}


def creates_in_doubt(found: QuerySet[Pair]) -> list[Intent]:
    """The creates of those pairs that may have landed, though nobody answered."""
    open_ = CreateIntent.objects.filter(pair__in=found, closed_at=None).exclude(sent_at=None)
    return [intent_of(row) for row in open_.order_by("pk")]


def relink(pair: Pair) -> bool:
    """Join an unlinked pair with what it was joined with; False where one of the records is in another pair now."""
    try:
        with transaction.atomic():
            count = Pair.objects.filter(pk=pair.pk, held="unlinked").update(**pair.ends, held="", ends={}, reason="")
    except IntegrityError:
        return False
    return bool(count)


def many_asked_for(most: int, now: datetime) -> bool:
    """Whether people wait for more than `most` pairs that are to run at `now`."""
    return len(_due(now).filter(urgent=True).values_list("pk", flat=True)[: most + 1]) > most


def _due(now: datetime) -> QuerySet[Pair]:
    """Pairs to run at `now`; those of integrations that are off, or whose connections are paused, wait."""
    found = Pair.objects.filter(_DIRTY, due_at__lte=now, integration__enabled=True)
    return found.filter(held="", **HEALTHY)


def due_pairs(now: datetime, limit: int, taken: QuerySet[Any]) -> list[Due]:
    """Pairs to run at `now` that no job is there for, urgent ones first, then the longest due.

    `taken` finds the jobs there are, by the outer query's `job_key`.

    Pairs of integrations that are off, or whose connections are paused, wait until that ends.
    """
    found = (
        _due(now)
        .annotate(job_key=Concat(Value(_KEY), Cast("id", CharField()), output_field=CharField()))
        .filter(~Exists(taken))
        .order_by("-urgent", "due_at", "id")
    )
    return [Due(pair_id, urgent) for pair_id, urgent in found.values_list("id", "urgent")[:limit]]


def bring_back(now: datetime, farthest: timedelta) -> int:
    """Have pairs that wait for longer than `farthest` be due `now`; how many. No failure has a pair wait that long."""
    ahead = Pair.objects.filter(_DIRTY, due_at__gt=now + farthest)
    return _update(list(ahead.values_list("pk", flat=True)), due_at=now)


def due_now(pair_ids: Iterable[int], at: datetime) -> int:
    """What these pairs waited for is over: they are due `at`."""
    return _update(pair_ids, due_at=at)


def park(pair_ids: Iterable[int], reason: str, remedy: str = "") -> int:
    """Stop these pairs until something changes or a person asks; a run under way may write no more."""
    return _update(
        pair_ids,
        state=Pair.State.PARKED,
        reason=fit(reason),
        remedy=fit(remedy),
        done=F("dirty"),
        fence=F("fence") + 1,
        tries=0,
        looks=0,
        looked_at=None,
        urgent=False,
    )


def retry(pair_ids: Iterable[int], at: datetime) -> int:
    """A person asks: run these pairs at `at`, whatever happened before."""
    return _update(
        pair_ids,
        state=Case(When(state=Pair.State.PARKED, then=Value(Pair.State.WAITING)), default=F("state")),
        due_at=at,
        tries=0,
        looks=0,
        looked_at=None,
        urgent=True,
        **touched(),
    )


def pairs_for_refs(integration_id: int, side: Side, refs: Iterable[Ref]) -> dict[Ref, int]:
    """The pair of each of `refs` that has one, by its id."""
    wanted = {(ref.kind, ref.id): ref for ref in refs}
    found: dict[Ref, int] = {}
    for ids in _batches(dict.fromkeys(ref.id for ref in wanted.values())):
        pairs = Pair.objects.filter(integration_id=integration_id, **{f"{side.value}_id__in": ids})
        for pair_id, kind, id_ in pairs.values_list("id", f"{side.value}_kind", f"{side.value}_id"):
            if ref := wanted.get((kind, id_)):
                found[ref] = pair_id
    return found


def counts(integration_id: int | None = None) -> dict[int, dict[str, int]]:
    """How many pairs are in each state, by integration id; the entry "dirty" counts those that want a run."""
    pairs = Pair.objects.all() if integration_id is None else Pair.objects.filter(integration_id=integration_id)
    grouped = pairs.values("integration_id", "state").annotate(all=Count("id"), dirty=Count("id", filter=_DIRTY))
    found: dict[int, dict[str, int]] = {}
    for row in grouped.order_by():
        states = found.setdefault(row["integration_id"], {"dirty": 0})
        states[row["state"]] = row["all"]
        states["dirty"] += row["dirty"]
    return found


def unsaid(integration_id: int) -> QuerySet[Pair]:
    """The linked pairs of an integration about which nobody has said who counts; found by an index of linked ones."""
    return Pair.objects.filter(integration_id=integration_id, joining__isnull=False, joining__said="")


def _update(pair_ids: Iterable[int], **changes: object) -> int:
    """Change the pairs, locked in the order of their ids so that two such changes never wait for each other."""
    count = 0
    for ids in _batches(sorted(set(pair_ids))):
        with transaction.atomic():
            count += Pair.objects.filter(pk__in=ids).update(**changes) if lock(ids) else 0
    return count


def lock(pair_ids: Iterable[int]) -> int:
    """Within a transaction: nobody else changes these pairs until its end. How many there are.

    In the order of their ids, for the reason of `asked.owned`: a transaction that writes to pairs more than once locks
    all of them first.
    """
    return asked.locked(sorted(set(pair_ids)))


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    everything = list(items)
    return (everything[start : start + _BATCH] for start in range(0, len(everything), _BATCH))
