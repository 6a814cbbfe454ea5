"""Sends many features at once: the waves of waves.py, applied. Each family has a run of its own, as if it went alone.

What is not simple (a file, a comment, a create in doubt, a release that is not there) is left to the pair's own run.
So are families whose answer was lost: their intents are stored, and their own runs look before they make anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk.merge.decision import Held
from crosswalk.merge.merge import Base
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.remote.way import give_way
from crosswalk.sync.after import Ending, after_error
from crosswalk.sync.arranging import ranked
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.family import title_of
from crosswalk.sync.links import awaiting
from crosswalk.sync.looked import hangs, looked_at
from crosswalk.sync.make import MAY_HAVE_LANDED, Maker, Wanted
from crosswalk.sync.pair import AGREED, end_run
from crosswalk.sync.placing import NEVER
from crosswalk.sync.ranks import ORDER, order_of
from crosswalk.sync.waves import A_PIECE, Item, cut, waves

NOT_REACHED = "new"
"""The state of a family before which a load was stopped."""


@dataclass(slots=True)
class Family:
    """A feature on its way, the run that owns it, and the pairs of what stands below it."""

    run: Run
    pair: PairView
    record: Snapshot
    below: dict[Ref, PairView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of some features: how many were sent whole, how many want a person, and the pairs that go on by
    themselves; `later` are those that do once a wait is over. `stopped` is what kept the rest from being sent: what it
    did not reach is counted nowhere."""

    whole: int = 0
    asking: int = 0
    own: tuple[int, ...] = ()
    stopped: CrosswalkError | None = None
    later: int = 0


def send_many(bridge: Bridge, records: Mapping[int, Snapshot], chance: Callable[[], float]) -> Sent:
    """Send the features `records`, by their pairs, whole as they were just read from a list.

    Never raises for what servers or people did.
    """
    load = _Load(bridge, chance)
    load.begin(records)
    load.make()
    return load.end()


class _Load:
    """The steps of send_many(), in the order they are told above."""

    def __init__(self, bridge: Bridge, chance: Callable[[], float]) -> None:
        self._bridge, self._chance, self._ledger = bridge, chance, bridge.ledger
        self._maker = Maker(bridge, Side.RIGHT, together=True)
        self._families: dict[Ref, Family] = {}
        self._lost: dict[int, CrosswalkError] = {}
        self._stopped: CrosswalkError | None = None
        self._own: set[int] = set()

    def begin(self, records: Mapping[int, Snapshot]) -> None:
        """Begin a run of each pair. What needs a record that has no counterpart yet waits for it by itself."""
        for some in cut(list(records.items()), A_PIECE):
            with self._ledger.together():
                for pair_id, record in some:
                    self._begin(pair_id, record)

    def _begin(self, pair_id: int, record: Snapshot) -> None:
        run, pair = self._ledger.begin(pair_id)
        if pair.held or pair.right is not None:
            return
        self._ledger.seen(run, pair_id, Side.LEFT, record, title=title_of(record))
        if self._needs(pair, record):
            self._leave(run, pair_id)
        else:
            self._families[record.ref] = Family(run, pair, record)

    def _needs(self, pair: PairView, record: Snapshot) -> bool:
        held = (
            self._ledger.pair_of(self._bridge.integration_id, Side.LEFT, ref)
            for ref in self._bridge.book.needs(pair.kind, record)
        )
        return any(one is None or one.right is None for one in held)

    def _leave(self, run: Run, pair_id: int) -> None:
        """Have a pair looked at by a run of its own."""
        self._ledger.wake(run, pair_id)
        self._own.add(pair_id)

    # ---- making ----

    def make(self) -> None:
        """One request for each group, then those that read all back and show the links."""
        above, below = waves(family.record for family in self._families.values())
        for group in above:
            self._send([self._head(item) for item in group])
        for group in below:
            self._send(self._below(group))
        give_way()
        try:
            self._maker.agree()
        except CrosswalkError as error:  # what landed is known; their own runs read it back
            self._stopped = self._stopped or error

    def _send(self, wanted: Sequence[Wanted]) -> None:
        if not wanted or self._stopped is not None:
            return
        give_way()  # here, where nothing is under way: a hook may come before the answer that it is about is stored
        try:
            self._maker.make(wanted)
        except MAY_HAVE_LANDED as error:
            self._lost |= {item.pair.id: error for item in wanted}
        except CrosswalkError as error:
            self._stopped = error

    def _head(self, item: Item) -> Wanted:
        family = self._families[item.record.ref]
        return Wanted(family.pair, item.record, None, family.run)

    def _below(self, group: Sequence[Item]) -> list[Wanted]:
        """What is to be made below features that are across now."""
        wanted = []
        with self._ledger.together():
            for item in group:
                assert item.above is not None
                family = self._families[item.above]
                ref = self._maker.refs.get(family.pair.id)
                if ref is None or family.pair.id in self._maker.overtaken or not self._goes_below(family):
                    continue
                try:
                    pair = self._adopted(family, item.record)
                except errors.Overtaken:
                    self._maker.overtaken.add(family.pair.id)
                    continue
                except errors.Refused:
                    self._own.add(family.pair.id)  # it belongs elsewhere: the feature's own run says so
                    continue
                if pair.right is None and not pair.held:
                    wanted.append(Wanted(pair, item.record, ref, family.run))
        return wanted

    def _goes_below(self, family: Family) -> bool:
        """Whether the mapping has made in Jira what stands below the feature."""
        kind = self._bridge.book.below(family.pair.kind)
        return bool(kind) and Side.RIGHT in self._bridge.book.makes(kind)

    def _adopted(self, family: Family, child: Snapshot) -> PairView:
        kind = self._bridge.book.below(family.pair.kind)
        pair = self._ledger.adopt(family.run, kind, Side.LEFT, child.ref, child=True)
        self._ledger.seen(family.run, pair.id, Side.LEFT, child, title=title_of(child))
        family.below[child.ref] = pair
        return pair

    # ---- ending ----

    def end(self) -> Sent:
        """End each run with what became of its family."""
        states: list[str] = []
        for some in cut(list(self._families.values()), A_PIECE):
            with self._ledger.together():
                for family in some:
                    try:
                        state = self._end(family)
                    except errors.Overtaken:
                        continue
                    if family.pair.id not in self._own:  # each is counted once
                        states.append(state)
        own = tuple(sorted(self._own))
        asking = sum(state in NEVER for state in states)
        later = sum(state not in ("agreed", NOT_REACHED, *NEVER) for state in states)
        return Sent(states.count("agreed"), asking, own, self._stopped, later)

    def _end(self, family: Family) -> str:
        made, pair_id = self._maker.result, family.pair.id
        if pair_id in self._maker.overtaken:
            raise errors.Overtaken(f"The run of {family.pair.left} was overtaken.")
        lost = self._lost.get(pair_id)
        if lost is None and pair_id not in made.failed and pair_id not in self._maker.refs:
            return NOT_REACHED
        if lost is not None or pair_id in made.failed:
            if lost is not None:
                self._leave(family.run, pair_id)
            ending = after_error(lost or made.failed[pair_id])
        else:
            attention = [*made.attention.get(pair_id, ()), *self._tell(family)]
            self._look_again(family)
            self._keep(family)
            ending = Ending.asking(attention) if attention else AGREED
        return end_run(self._bridge, family.run, family.pair, ending, self._chance()).state

    def _tell(self, family: Family) -> list[Entry]:
        """Show on each pair below what wants a person's attention."""
        made, run, lines = self._maker.result, family.run, list[Entry]()
        for pair in family.below.values():
            if told := made.attention.get(pair.id):
                ending = Ending.asking(told)
                lines += told
            elif error := made.failed.get(pair.id):
                ending = after_error(error)
                lines.append(ending.entry())
                self._ledger.note(run, pair.id, [ending.entry()])
            else:
                continue
            self._ledger.show(run, pair.id, ending.state, ending.reason, ending.remedy)
        return lines

    def _look_again(self, family: Family) -> None:
        """Have those looked at by runs of their own that are not whole yet."""
        made, own = self._maker.result, family.pair.id
        records = {own: (family.pair.kind, family.record)}
        records |= {pair.id: (pair.kind, child) for child, pair in self._children(family)}
        for pair_id, (kind, record) in records.items():
            again = pair_id in made.found or pair_id in made.bases or hangs(self._bridge, kind, record)
            if again or (pair_id in self._maker.refs and pair_id not in made.snapshots):
                self._leave(family.run, pair_id)
        if self._missing(family):
            self._leave(family.run, own)
        for other in awaiting(self._bridge, family.pair.kind, family.record.ref):
            self._leave(family.run, other)

    def _children(self, family: Family) -> list[tuple[Snapshot, PairView]]:
        return [(one, family.below[one.ref]) for one in family.record.children if one.ref in family.below]

    def _missing(self, family: Family) -> bool:
        """Whether something below the feature was not sent, and nobody was told."""
        made = self._maker.result
        if not self._goes_below(family):
            return False
        pairs = [family.below.get(child.ref) for child in family.record.children]
        return any(p is None or (p.id not in self._maker.refs and p.id not in made.failed) for p in pairs)

    def _keep(self, family: Family) -> None:
        """Keep with the feature in which order its requirements stand, and what one side alone is compared with."""
        made = self._maker.result
        there, pair_id = made.snapshots.get(family.pair.id), family.pair.id
        if there is None or pair_id in made.found or pair_id in made.bases:
            return
        now = self._ledger.pair_of(self._bridge.integration_id, Side.LEFT, family.record.ref)
        base: Base = now.base if now is not None else {}
        kept = dict(looked_at(self._bridge, family.pair.kind, (family.record, there), base))
        kind = self._bridge.book.below(family.pair.kind)
        across = [(child, pair) for child, pair in self._children(family) if pair.id in self._maker.refs]
        if kind and self._bridge.book.ranks(kind) and (order := order_of([child for child, _ in across])):
            made_there = {child.ref: made.snapshots[pair.id] for child, pair in across if pair.id in made.snapshots}
            ranks = ranked(self._bridge, kind, made_there) if self._bridge.book.ranked_by(kind) else ""
            kept[ORDER] = Held.agreed(left=order, right=ranks or order)
        self._ledger.agree(family.run, pair_id, kept)
