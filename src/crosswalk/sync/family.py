"""What stands below a record: made across in its run, on either side, and adopted from another parent.

The order keeps creates from doubling. What was begun in Aha! is finished first, so that a requirement which an
unanswered create left there is known before the records without a counterpart are sent; what is new in Jira comes
last, so that a sub-task which an unanswered create left there is known by then too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.records import Ref, Snapshot, Wrote
from crosswalk.merge.rules import Side
from crosswalk.merge.unconfirmed import begun
from crosswalk.sync.after import Ending, after_error
from crosswalk.sync.arranging import arrange, outranked
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.doubles import searching, shown_by, too_early
from crosswalk.sync.make import LANDED, Result, Wanted, make, make_family
from crosswalk.sync.ranks import misplaced, rank


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run has done so far: the journal's lines that want a person's attention, and the pairs below whose
    records the other side refused to make in this run, so that they are not sent to it a second time."""

    attention: list[Entry] = field(default_factory=list)
    refused: Collection[int] = ()


def sync_children(
    bridge: Bridge, run: Run, pair: PairView, left: Snapshot, right: Snapshot, refused: Collection[int] = ()
) -> list[Entry]:
    """Make what stands below the two records on one side only; what wants a person's attention."""
    kind = bridge.book.below(pair.kind)
    return _Family(bridge, run, pair, kind, refused).sync(left, right) if kind else []


def make_across(bridge: Bridge, run: Run, pair: PairView, target: Side, wanted: Wanted) -> tuple[Result, list[Entry]]:
    """Make the record of `pair` on `target`; in Jira together with what stands below it.

    What became of it, and the journal's lines that want a person's attention.
    """
    kind = bridge.book.below(pair.kind)
    if target is Side.LEFT or not kind or Side.RIGHT not in bridge.book.makes(kind):
        made = make(bridge, target, [wanted])
        return made, list(made.attention.get(pair.id, ()))
    return _Family(bridge, run, pair, kind).make_all(wanted)


def tell_parent(bridge: Bridge, run: Run, pair: PairView, left: Snapshot, right: Snapshot) -> None:
    """A record that stands below another one now is adopted in that one's run, which orders what stands below it."""
    if left.parent is None or bridge.book.below(left.parent.kind) != pair.kind:
        return
    above = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, left.parent)
    if above is None:
        return
    moved = bridge.book.ranks(pair.kind) and misplaced(above, left)
    if above.id != pair.parent_id or moved or outranked(bridge, pair.kind, above, left.ref, right):
        bridge.ledger.wake(run, above.id)


def finish_below(bridge: Bridge, run: Run, pair: PairView) -> None:
    """What the run before this one made below the record, and could not agree on, is finished by runs of its own."""
    for child in bridge.ledger.children(pair.id):
        if child.complete and not begun(child.base):
            bridge.ledger.wake(run, child.id)


def title_of(snapshot: Snapshot) -> str:
    """What lists and messages call a record."""
    name = snapshot.get("name")
    return name if isinstance(name, str) else str(snapshot.ref)


def rename(bridge: Bridge, run: Run, wrote: Wrote | None) -> None:
    """Lists call a pair by its record on the left: also where the name was just written there."""
    name = wrote.snapshot.get("name") if wrote else None
    if isinstance(name, str) and name:
        bridge.ledger.called(run, name)


class _Family:
    """The steps of sync_children(), in the order told above."""

    def __init__(self, bridge: Bridge, run: Run, pair: PairView, kind: str, refused: Collection[int] = ()) -> None:
        self._bridge, self._run, self._pair, self._kind, self._refused = bridge, run, pair, kind, refused
        self._ledger = bridge.ledger
        self._attention: list[Entry] = []

    def sync(self, left: Snapshot, right: Snapshot) -> list[Entry]:
        """Both directions."""
        makes = self._bridge.book.makes(self._kind)
        below = tuple(self._bridge.right.below(right, self._kind)) if Side.LEFT in makes else ()
        known = self._ledger.children(self._pair.id)
        self._make_left([one for one in known if one.left is None and one.right in below], left.ref)
        self._send([child for child in left.children if Side.RIGHT in makes], known, right.ref)
        shown = {ref.key for ref in shown_by(self._bridge, left.children if below else ()).values()}
        fresh = self._not_ours(Side.RIGHT, [ref for ref in below if ref.key not in shown])
        self._make_left(self._fresh(fresh, {one.right for one in known}), left.ref)
        if self._bridge.book.ranked_by(self._kind):
            if self._pair.right is not None:  # else the order was kept when they were made
                arrange(self._bridge, self._run, self._kind, left)
        elif self._bridge.book.ranks(self._kind):
            rank(self._bridge, self._run, left.ref, left.children)
        return self._attention

    def make_all(self, head: Wanted) -> tuple[Result, list[Entry]]:
        """Make the record of `head` in Jira and what stands below it: two requests, and one that reads all back."""
        below: list[Wanted] = []
        known = self._ledger.children(self._pair.id)

        def wanted(above: Ref) -> Sequence[Wanted]:
            below.extend(self._without_counterpart(head.source.children, known, above))
            return below

        made = make_family(self._bridge, Side.RIGHT, head, wanted)
        own = list(made.attention.get(self._pair.id, ()))
        self._made(below, made)
        if self._bridge.book.ranked_by(self._kind):
            known_now = {one.ref: one for one in made.snapshots.values()}
            arrange(self._bridge, self._run, self._kind, head.source, known_now)
        return made, own + self._attention

    def _send(self, children: Sequence[Snapshot], known: Sequence[PairView], above: Ref) -> None:
        """Make across what stands below the record on the left and has no counterpart yet."""
        theirs = self._not_ours(Side.LEFT, [child.ref for child in children])
        children = [child for child in children if child.ref in theirs]
        self._make(Side.RIGHT, self._without_counterpart(children, known, above))

    def _without_counterpart(self, children: Sequence[Snapshot], known: Sequence[PairView], above: Ref) -> list[Wanted]:
        own = {one.left for one in known}
        wanted = []
        for child in children:
            pair = self._adopted(Side.LEFT, child.ref)
            if pair is None or pair.held or pair.id in self._refused:
                continue  # a person's word, or the answer of a moment ago
            if pair.right is None:
                self._ledger.seen(self._run, pair.id, Side.LEFT, child, title=title_of(child))
                wanted.append(Wanted(pair, child, above, self._run))
            elif not begun(pair.base) or child.ref not in own:
                # Made by a run that ended before it could agree, or moved here from another parent.
                self._ledger.wake(self._run, pair.id)
        return wanted

    def _not_ours(self, side: Side, below: Sequence[Ref]) -> Collection[Ref]:
        """`below`, which stands on `side`, without what a create of ours left there unanswered whose original was
        deleted, or moved, since.

        Raises Unanswered while one that nobody knows may be such.
        """
        ledger, integration = self._ledger, self._bridge.integration_id
        children = ledger.children(self._pair.id)
        own, known = {one.id for one in children}, {one.ref(side) for one in children}
        unknown = {ref for ref in below if ref not in known and ledger.pair_of(integration, side, ref) is None}
        sent = ledger.unanswered(integration, side, self._kind) if unknown else ()
        if not sent:
            return below
        found = self._bridge.side(side).find([one.token for one in sent], self._kind, min(one.since for one in sent))
        for one in sent:
            if one.token in found and one.pair_id in own:
                line = Entry(f"{found[one.token]} was found in {NAMES[side]}{LANDED}", side=side)
                ledger.note(self._run, one.pair_id, [line])
                ledger.joined(self._run, one.pair_id, side, found[one.token])
                ledger.wake(self._run, one.pair_id)
        ours = set(found.values())
        if unknown - ours and any(one.token not in found and too_early(self._bridge, one) for one in sent):
            raise searching(side)
        return [ref for ref in below if ref not in ours]

    def _fresh(self, below: Collection[Ref], own: set[Ref | None]) -> list[PairView]:
        """Pairs for what somebody made below the record on the right."""
        fresh = []
        for ref in below:
            held = self._ledger.pair_of(self._bridge.integration_id, Side.RIGHT, ref) if ref not in own else None
            if ref not in own and (held is None or held.left is None):
                pair = self._adopted(Side.RIGHT, ref)
                fresh += [pair] if pair is not None else []
        return fresh

    def _adopted(self, side: Side, ref: Ref) -> PairView | None:
        """The pair of what stands below; None where it went along to another integration, whose runs tell of it."""
        try:
            return self._ledger.adopt(self._run, self._kind, side, ref, child=True)
        except Refused:
            return None

    def _make_left(self, pairs: Sequence[PairView], above: Ref) -> None:
        """Make the records of `pairs`, which are on the right only, below `above` on the left."""
        refs = [pair.right for pair in pairs if pair.right is not None]
        read = self._bridge.right.read(refs) if refs else {}
        wanted = []
        for pair in pairs:
            record = read.get(pair.right) if pair.right else None
            if isinstance(record, Snapshot):
                name = record.get("summary")
                title = name if isinstance(name, str) else title_of(record)
                self._ledger.seen(self._run, pair.id, Side.RIGHT, record, title=title)
                wanted.append(Wanted(pair, record, above, self._run))
        self._make(Side.LEFT, wanted)

    def _make(self, target: Side, wanted: Sequence[Wanted]) -> None:
        if wanted:
            self._made(wanted, make(self._bridge, target, wanted))

    def _made(self, wanted: Sequence[Wanted], made: Result) -> None:
        """What is to follow for what was made, and what wants a person's attention."""
        rules = self._bridge.book.parts(self._kind)
        for item in wanted:
            hangs = any(rule.kind in item.source.more or item.source.parts.get(rule.kind) for rule in rules)
            again = item.pair.id in made.found or item.pair.id in made.bases
            # An earlier create may have missed edits; what hangs on a new record is carried in a run of its own.
            if again or (hangs and item.pair.id in made.snapshots):
                self._ledger.wake(self._run, item.pair.id)
        self._tell(made)

    def _tell(self, made: Result) -> None:
        """Show on each pair below what wants a person's attention."""
        own = self._pair.id
        for pair_id, lines in made.attention.items():
            if pair_id == own:
                continue
            ending = Ending.asking(lines)
            self._ledger.show(self._run, pair_id, ending.state, ending.reason, ending.remedy)
            self._attention += lines
        for pair_id, error in made.failed.items():
            if pair_id == own:
                continue
            ending = after_error(error)
            self._ledger.note(self._run, pair_id, [ending.entry()])
            self._ledger.show(self._run, pair_id, ending.state, ending.reason, ending.remedy)
            self._attention.append(ending.entry())
