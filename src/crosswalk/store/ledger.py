"""The ledger on Django's tables: the memory of runs that survives a crash. Keeps what it is told and decides nothing.

Every write of a run holds its pair's row locked and first compares the fence, in the same transaction: an overtaken
run can not slip a write in between. It has the shape of sync.ports.Ledger and does not import it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from crosswalk.errors import Overtaken, Refused
from crosswalk.merge.birth import Birth
from crosswalk.merge.brake import Removal
from crosswalk.merge.decision import Held, load_base
from crosswalk.merge.disputes import Answer, Dispute
from crosswalk.merge.merge import Base, dump_base
from crosswalk.merge.pairs import Entry, Intent, PairView, Run
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.store import asked, claims, disputes, exchanges, journal, people, removals
from crosswalk.store.models import CreateIntent, Integration, Pair, PartRow
from crosswalk.store.text import fit
from crosswalk.store.views import end_columns, intent_of, openable, part_columns, view


def _token() -> str:
    return uuid4().hex


class DjangoLedger:
    """The ledger of one installation; any number of threads and processes may hold one.

    `clock` gives the present moment (aware); `new_token` a text nobody else uses, 64 characters at most.
    """

    def __init__(self, clock: Callable[[], datetime], new_token: Callable[[], str] = _token) -> None:
        self._clock = clock
        self._new_token = new_token

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        """Start a run: raise the fence, note the dirty count. Raises Refused for a pair that is no more."""
        with transaction.atomic():
            asked.begin(pair_id)
            pair = _pair(pair_id)
            exchanges.begun(pair.pk, pair.fence)
            return Run(pair.pk, pair.fence, pair.dirty), view(pair)

    def together(self) -> AbstractContextManager[object]:
        """One transaction; each write within has a savepoint of its own."""
        return transaction.atomic()

    def guard(self, run: Run) -> None:
        """Raise Overtaken unless `run` still owns its pair."""
        if asked.owned(run.pair_id, run.fence, locked=False) is None:
            raise _overtaken(run)

    def get(self, pair_id: int) -> PairView | None:
        """A pair; None where it is no more."""
        pair = asked.pair(pair_id)
        return view(pair) if pair else None

    def children(self, pair_id: int) -> Sequence[PairView]:
        """The pairs below a pair, oldest first."""
        return [view(pair) for pair in asked.below(pair_id)]

    def pair_of(self, integration_id: int, side: Side, ref: Ref) -> PairView | None:
        """The pair that holds `ref` on `side`."""
        pair = asked.holder(integration_id, side, ref)
        return view(pair) if pair else None

    def paired(self, integration_id: int, side: Side, refs: Iterable[Ref]) -> Collection[Ref]:
        """Those of `refs` on `side` that a pair holds, of this integration or of another one of the same account."""
        wanted, integration = list(refs), Integration.objects.get(pk=integration_id)
        return {*claims.here(integration, side, wanted), *claims.elsewhere(integration, side, wanted)}

    def adopt(self, run: Run, kind: str, side: Side, ref: Ref, *, child: bool) -> PairView:
        """The pair that holds `ref` on `side`, made if it is not there yet.

        With `child` it stands below `run`'s pair from now on, also where it stood elsewhere before, and a new one is
        not due: this run makes it. Without, a new one is dirty and due now.
        """
        with _owned(run) as integration_id:
            pair = asked.holder(integration_id, side, ref) or self._make(integration_id, kind, side, ref, due=not child)
            if child and run.pair_id not in (pair.pk, pair.parent_id):
                pair.parent_id = run.pair_id
                pair.save(update_fields=["parent_id"])
            return view(pair)

    def _make(self, integration_id: int, kind: str, side: Side, ref: Ref, *, due: bool) -> Pair:
        # Each project has a version of its own for a release that several share.
        if kind != "release" and asked.elsewhere(integration_id, side, ref):
            claims.refuse(Integration.objects.get(pk=integration_id), side, [ref])
        ends = end_columns(side, ref)
        fresh = Pair(integration_id=integration_id, kind=kind, dirty=int(due), due_at=self._clock(), **ends)
        try:
            with transaction.atomic():
                fresh.save(force_insert=True)
                return fresh
        except IntegrityError:
            # A run of another pair was faster (two features share a release): theirs is the pair.
            if pair := asked.holder(integration_id, side, ref):
                return pair
            raise

    def follow(self, run: Run, side: Side, home: str) -> str:
        """The record on `side` was moved to the workspace or project that people call `home`: give the pair, and what
        stands below it, to the integration that joins that with the other side's. Its name; "" where there is none.
        """
        with _owned(run) as integration_id:
            target = claims.home_of(Integration.objects.get(pk=integration_id), side, home)
            if target is None:
                return ""
            family = Pair.objects.filter(Q(pk=run.pair_id) | Q(parent_id=run.pair_id))
            try:
                with transaction.atomic():
                    Pair.objects.filter(pk=run.pair_id, parent__isnull=False).update(parent=None)
                    family.update(integration=target)
                    Pair.objects.filter(parent_id=run.pair_id).update(dirty=F("dirty") + 1, due_at=self._clock())
            except IntegrityError:
                return ""  # it has a pair for one of the records already
            return target.name

    def convert(self, run: Run, ref: Ref) -> bool:
        """The record on the left of `run`'s pair was converted to `ref`: the pair goes on with that, as one of two
        records that nothing was agreed about yet. False where another pair has it."""
        fresh: dict[str, object] = {
            "kind": ref.kind,
            "base": {},
            "parent": None,
            "deleted_on": "",
            **end_columns(Side.LEFT, ref),
        }
        try:
            with _owned(run) as integration_id:
                claims.refuse(Integration.objects.get(pk=integration_id), Side.LEFT, [ref])
                Pair.objects.filter(pk=run.pair_id).update(**fresh)
        except (IntegrityError, Refused):
            return False
        return True

    def wake(self, run: Run, pair_id: int, *, delay: float = 0.0) -> None:
        """Raise another pair's dirty count: it is due now; with `delay`, in so many seconds unless it is already."""
        with _owned(run, pair_id):
            due = self._clock() + timedelta(seconds=delay)
            asked.wake(pair_id, due, later=bool(delay))

    def show(self, run: Run, pair_id: int, state: str, reason: str = "", remedy: str = "") -> None:
        """Set state and reason of a pair below `run`'s pair; its dirty and done counts stay."""
        with _owned(run, pair_id):
            Pair.objects.filter(pk=pair_id).update(state=Pair.State(state), reason=fit(reason), remedy=fit(remedy))

    def intend(self, run: Run, pair_id: int, side: Side) -> Intent:
        """The open create intent of a pair of this family, stored before the create is sent; kept over retries."""
        with _owned(run):
            known = CreateIntent.objects.filter(pair_id=pair_id, side=side.value, closed_at=None)
            if asked.intended(pair_id, side):
                return intent_of(known.get())
            fresh = CreateIntent(pair_id=pair_id, side=side.value, token=self._new_token(), since=self._clock())
            fresh.save(force_insert=True)
            return intent_of(fresh)

    def unanswered(self, integration_id: int, side: Side, kind: str) -> Sequence[Intent]:
        """The creates of records of `kind` on `side` that may have landed, though nobody answered."""
        open_ = CreateIntent.objects.filter(side=side.value, closed_at=None).exclude(sent_at=None)
        return [intent_of(row) for row in open_.filter(pair__integration_id=integration_id, pair__kind=kind)]

    def sending(self, run: Run, sent: Mapping[str, Base], at: datetime) -> None:
        """The creates with these tokens are being sent now: until told otherwise they may have landed."""
        with _owned(run):
            for token, base in sent.items():
                asked.sending(token, dump_base(base), at)

    def unsent(self, run: Run, tokens: Sequence[str]) -> None:
        """The creates with `tokens` surely did not land."""
        with _owned(run):
            CreateIntent.objects.filter(token__in=tokens, closed_at=None).update(sent_at=None)

    def joined(self, run: Run, pair_id: int, side: Side, ref: Ref) -> None:
        """The pair has a record on `side` now; its intent is closed.

        Raises Refused if another pair holds `ref`, or this pair holds another record there (invariant I1).
        """
        with _owned(run, pair_id) as integration_id:
            pair = _pair(pair_id)
            held = view(pair).left if side is Side.LEFT else view(pair).right
            if held not in (None, ref):
                raise Refused(
                    f"{pair} is joined with {held} already, so {ref} was not joined with it.",
                    remedy="Unlink it first.",
                )
            try:
                with transaction.atomic():
                    asked.join(pair_id, side, ref, fit(ref.key, 100))
            except IntegrityError:
                other = asked.holder(integration_id, side, ref)
                raise Refused(
                    f"{ref} belongs to the pair {other} already, so it was not joined with {pair}.",
                    remedy="Take it out of the one pair or the other.",
                ) from None
            asked.close(pair_id, side, ref.id, self._clock())

    def birth(self, pair_id: int) -> Birth | None:
        """What was sent when the pair's newest record was made; None where none of them was made, or by an older
        version of this service.
        """
        row = CreateIntent.objects.filter(pair_id=pair_id).exclude(closed_at=None).order_by("-pk").first()
        ends = Pair.objects.filter(pk=pair_id).values_list("left_id", "right_id").first()
        if row is None or ends is None or row.base is None or row.made not in ends:
            return None
        return Birth(Side(row.side), load_base(row.base))

    def seen(self, run: Run, pair_id: int, side: Side, snapshot: Snapshot, title: str = "") -> None:
        """Keep key, address and (when given) title of a record as read, for lists and messages.

        Most reads tell nothing new: then nothing is written, and no disk waited for.
        """
        told = fit(snapshot.ref.key, 100), openable(snapshot.url), fit(title, 300)
        if not asked.shows(run.pair_id, run.fence, pair_id, side, told):
            with _owned(run, pair_id):
                asked.show(pair_id, side, *told)

    def called(self, run: Run, title: str) -> None:
        """Keep what lists and messages call `run`'s pair from now on."""
        with _owned(run):
            Pair.objects.filter(pk=run.pair_id).update(title=fit(title, 300))

    def agree(self, run: Run, pair_id: int, base: Base) -> None:
        """Store what both sides hold now. A child is in step with that; the run's own pair when it is settled."""
        with _owned(run, pair_id):
            asked.agree(pair_id, dump_base(base), self._clock(), in_step=pair_id != run.pair_id)

    def differ(self, run: Run, pair_id: int, names: Sequence[str]) -> None:
        """Keep in which fields the two records of a pair differ although they are in step."""
        with _owned(run, pair_id):
            asked.differ(pair_id, names)

    def exchanged(self, run: Run, pair_id: int, name: str, before: Held, after: Held) -> bool:
        """Put `after` in place of `before` in another pair's base; False where it holds something else by now."""
        with _owned(run):
            pair = Pair.objects.select_for_update().filter(pk=pair_id).first()
            base = view(pair).base if pair else {}
            if base.get(name) != before:
                return False
            Pair.objects.filter(pk=pair_id).update(base=dump_base({**base, name: after}))
            return True

    def deleted(self, run: Run, side: Side | None) -> None:
        """Keep that the record of `run`'s pair on `side` was surely deleted; or (None) that none was."""
        with _owned(run):
            Pair.objects.filter(pk=run.pair_id).update(deleted_on=side.value if side else "")

    def removing(self, run: Run, side: Side, *, doubt: bool = False) -> Removal:
        """The delete that is wanted of the record of `run`'s pair on `side`; stored first, kept over retries."""
        with _owned(run):
            return removals.wanted(run.pair_id, side, self._clock(), doubt=doubt)

    def weigh(self, run: Run, side: Side, since: datetime, asked: Collection[str] = ()) -> tuple[int, int]:
        """How many deletes on `side` wait without a person's word or were done since `since`; how many pairs."""
        with _owned(run) as integration_id:
            return removals.weigh(integration_id, side, since, asked)

    def removed(self, run: Run, *, done: bool) -> None:
        """What was wanted deleted of `run`'s pair is (`done`), or is not wanted deleted any more."""
        with _owned(run):
            removals.close(run.pair_id, self._clock() if done else None)

    def erasing(self, run: Run, side: Side, since: datetime) -> tuple[str, int, int]:
        """Keep that fields of `run`'s record on `side` are to be emptied: a person's word on it, and what counts."""
        with _owned(run) as integration_id:
            _counted_alone(integration_id)
            word = removals.emptying(run.pair_id, side, self._clock())
            return word, *removals.weigh_emptied(integration_id, side, since)

    def erased(self, run: Run, side: Side, *, done: bool) -> None:
        """What was to be emptied on `side` of `run`'s pair is (`done`), or is not to be any more."""
        with _owned(run):
            removals.close(run.pair_id, self._clock() if done else None, emptied=side)

    def replacing(self, run: Run, side: Side, since: datetime) -> int:
        """Keep that a text of `run`'s record on `side` is replaced now; how many of the integration's were since."""
        with _owned(run) as integration_id:
            _counted_alone(integration_id)
            return removals.replaced(integration_id, run.pair_id, side, self._clock(), since)

    def parts(self, pair_id: int, kind: str) -> Sequence[PartPair]:
        """The parts of `kind` of a pair that stand for each other, oldest first."""
        return asked.parts(pair_id, kind)

    def part(self, run: Run, pair_id: int, kind: str, before: PartPair | None, after: PartPair | None) -> None:
        """Keep `after` in place of `before`: a new pair of parts, a moved one, or (None) none any more."""
        with _owned(run):
            known = PartRow.objects.filter(pair_id=pair_id, kind=kind)
            if before is not None:
                known = known.filter(left_id=before.left or None, right_id=before.right or None)
            if after is None:
                known.delete()
            elif before is None:
                PartRow.objects.create(pair_id=pair_id, kind=kind, **part_columns(after))
            else:
                known.update(**part_columns(after))

    def disputes(self, pair_id: int) -> Mapping[str, Answer | None]:
        """The conflicts of a pair that a person decides, by rule; with the answer where there is one."""
        return disputes.known(pair_id)

    def dispute(self, run: Run, pair_id: int, found: Sequence[Dispute]) -> None:
        """Keep the conflicts that a run `found`: new ones wait for an answer, those that are no more go."""
        with _owned(run):
            disputes.keep(pair_id, found, self._clock())

    def holders(self, integration_id: int, kind: str, left: str) -> Sequence[int]:
        """The pairs that have a part of `kind` whose id on the left is `left`."""
        return asked.holders(integration_id, kind, left)

    def note(
        self, run: Run, pair_id: int, entries: Sequence[Entry], *, landed: bool = False, once: bool = False
    ) -> None:
        """Append to the journal what it does not say already, see the port."""
        with _owned(run) as integration_id:
            before = bool(entries) and asked.told(pair_id)
            said = partial(journal.ends_with, run.fence if landed else None) if landed or once else _said
            fresh = [entry for entry in entries if not (before and said(pair_id, entry))]
            cause = asked.woken(run.pair_id) if fresh else ""
            journal.append(integration_id, fresh, self._clock(), pair_id=pair_id, run=(run.fence, cause))

    def settle(self, run: Run, state: str, reason: str = "", remedy: str = "", code: str = "") -> None:
        """End the run for good: the done count becomes what the run saw; state and reason are shown.

        A pair that became dirty meanwhile stays due. Raises ValueError for a state that Pair.State does not have.
        """
        with _owned(run):
            asked.settle(run.pair_id, run.seen, Pair.State(state).value, (fit(reason), fit(remedy), code))
        if state == Pair.State.ASKING:
            transaction.on_commit(partial(people.met_meanwhile, run.pair_id, self._clock()))

    def look_anew(self, run: Run) -> None:
        """Something new is sent: the pair's `looks` are counted anew."""
        with _owned(run):
            Pair.objects.filter(pk=run.pair_id).update(looks=0, looked_at=None)

    def postpone(
        self, run: Run, due_at: datetime, reason: str, remedy: str = "", *, failed: bool = True, looked: bool = False
    ) -> None:
        """End the run without success: the pair stays dirty and is due again at `due_at`, state "waiting".

        The pair's `tries` counts how often in a row it `failed`, its `looks` how often it `looked` and saw what is not
        believed at once; `settle` starts both counts anew.
        """
        with _owned(run):
            looked_at = self._clock() if looked else None
            asked.postpone(run.pair_id, due_at, (fit(reason), fit(remedy)), failed=failed, looked_at=looked_at)


@contextmanager
def _owned(run: Run, beside: int | None = None) -> Iterator[int]:
    """A transaction in which `run` owns its pair, whose integration's id it gives. Raises Overtaken.

    The row stays locked until the end (on SQLite an IMMEDIATE transaction is alone anyway). `beside` is another pair
    that is written to.
    """
    with transaction.atomic():
        integration_id = asked.owned(run.pair_id, run.fence, locked=True, beside=beside)
        if integration_id is None:
            raise _overtaken(run)
        yield integration_id


def _counted_alone(integration_id: int) -> None:
    """Until the transaction ends no other run of the integration is counted: of runs in the same instant, in several
    processes, each would see itself alone, and all would go through."""
    asked.alone(f"the brake of {integration_id}")


def _said(pair_id: int, entry: Entry) -> bool:
    state = asked.state(pair_id)
    if state in (None, Pair.State.AGREED):
        return False
    return journal.says_already(pair_id, entry, waiting=state == Pair.State.WAITING)


def _overtaken(run: Run) -> Overtaken:
    return Overtaken(f"Run {run.fence} of pair {run.pair_id} was overtaken by a later one.")


def _pair(pair_id: int) -> Pair:
    pair = asked.pair(pair_id)
    if pair is None:
        raise Refused(f"Pair {pair_id} is no more.")
    return pair
