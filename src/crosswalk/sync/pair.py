"""One pair, from waking to rest: read both sides, make or merge, apply, agree. The story a reader meets first.

Where one side alone had news, that one is read and the other asked by the write itself (exchange.py).

A run holds the pair's lock (the engine sees to that) and a fence (the ledger sees to that). It may be killed at any
point and started again: creates are looked up by their token, writes are found already done, and the base moves last.
Decisions come from merge/, writes go through apply.py, and new records through make.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from crosswalk.errors import CrosswalkError, Outdated, Overtaken, Refused
from crosswalk.merge.birth import NOTHING, Birth, base_from, unspoken
from crosswalk.merge.decision import Base, Decision
from crosswalk.merge.disputes import Answer, decide, disputes
from crosswalk.merge.merge import advance, with_halves
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.presume import news_of
from crosswalk.merge.records import Gone, Ref, Snapshot, Wrote
from crosswalk.merge.refused import hold_back, marked, not_begun
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.settle import settled
from crosswalk.merge.stale import since, stamped
from crosswalk.merge.unconfirmed import awaited, begun, confirmed, counted, may_lag, sent_before, taken_out
from crosswalk.merge.values import MISSING
from crosswalk.sync.after import Ending, after_error
from crosswalk.sync.apply import Writing, apply, looked_anew, report, tell
from crosswalk.sync.attached import sync_files
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.editors import with_editors
from crosswalk.sync.exchange import carry_alone, close
from crosswalk.sync.family import Begun, finish_below, make_across, rename, sync_children, tell_parent
from crosswalk.sync.late import base_now
from crosswalk.sync.links import sync_links
from crosswalk.sync.lookback import look_back
from crosswalk.sync.looked import remember
from crosswalk.sync.make import Wanted
from crosswalk.sync.marks import show_links, showing
from crosswalk.sync.moved import Moved, go_along
from crosswalk.sync.parts import sync_parts
from crosswalk.sync.placing import NEVER, SOON, Place, place
from crosswalk.sync.ranks import rank_release, tell_releases
from crosswalk.sync.reading import read
from crosswalk.sync.removed import follow, shown_again
from crosswalk.sync.staying import staying
from crosswalk.sync.translate import reopened


def sync_pair(bridge: Bridge, pair_id: int, *, chance: float = 0.5) -> Ending:
    """Bring the pair `pair_id` into step, and say how it ended. `chance` (0 to 1) spreads retries out.

    Never raises for what servers or people did: that ends in the pair's state, with reason and remedy.
    """
    run, pair = bridge.ledger.begin(pair_id)
    if pair.held:  # a person's word: it stays dirty, so that what changed is carried when it goes on
        return Ending("held")
    try:
        ending = HELD_BACK if pair.held_back else _work(bridge, run, pair)
    except Overtaken:
        return Ending.overtaken()
    except Moved as moved:
        ending = go_along(bridge, run, pair, moved) or after_error(moved)
    except CrosswalkError as error:
        ending = after_error(error)
    try:
        return end_run(bridge, run, pair, ending, chance)
    except Overtaken:
        return Ending.overtaken()


def _work(bridge: Bridge, run: Run, pair: PairView) -> Ending:
    pair, known = look_back(bridge, run, pair)
    if (side := news_of(pair)) is not None:
        known[side] = found = known[side] if side in known else read(bridge, run, pair, side)
        done = carry_alone(bridge, run, pair, side, found) if isinstance(found, Snapshot) else None
        if isinstance(done, Ending):
            return done
        known |= {side.other: done} if done is not None else {}
    left, right = (known[side] if side in known else read(bridge, run, pair, side) for side in Side)
    if isinstance(left, Gone) or isinstance(right, Gone):
        finish_below(bridge, run, pair)
        return follow(bridge, run, pair, {Side.LEFT: left, Side.RIGHT: right})
    if pair.state not in ("new", "agreed"):
        shown_again(bridge, run, pair, left)
    source = left or right
    if source is None:
        return Ending("parked", reason="The pair has no record on either side.")
    if pair.parent_id is not None and (left is None or right is None):
        return _leave_to_parent(bridge, run, pair.parent_id)
    if waiting := _waits_for(bridge, run, pair, left):
        return waiting
    if left is not None and right is not None:
        pair = close(bridge, run, pair, left, right)
    begun = Begun()
    todo: PairView | None = pair  # what is still to be merged: a record that was just made holds what was sent
    if left is None or right is None:
        target = Side.RIGHT if right is None else Side.LEFT
        placed = place(bridge, pair, source) if target is Side.LEFT else Place()
        if placed.waiting:
            return placed.waiting
        made, attention = make_across(bridge, run, pair, target, Wanted(pair, source, placed.release, run))
        if pair.id in made.failed:
            return after_error(made.failed[pair.id])
        begun = Begun(attention, made.failed.keys())
        left, right = _both(bridge, pair, target, source, made.snapshots[pair.id])
        # Left behind by a create whose answer was lost: somebody may have edited either side since.
        # Of what was made below it, its own run tells.
        joined = replace(pair, left=left.ref, right=right.ref, base=made.bases.get(pair.id, {}))
        todo = joined if pair.id in made.found or pair.id in made.bases else None
    return _together(bridge, run, pair, todo, (left, right), begun)


def _both(bridge: Bridge, pair: PairView, target: Side, source: Snapshot, there: Snapshot) -> tuple[Snapshot, Snapshot]:
    """The two records, now that `there` was made on `target` from `source`; one on the right shows it since."""
    if target is Side.RIGHT:
        return source, there
    return there, showing(bridge.book.rules(pair.kind, there, source), there, source)


def _together(
    bridge: Bridge,
    run: Run,
    pair: PairView,
    todo: PairView | None,
    ends: tuple[Snapshot, Snapshot],
    begun: Begun,
) -> Ending:
    """Both records are there: their files, then their values, then what else hangs on them and stands below."""
    attention, again = begun.attention, list[Ending]()
    files = sync_files(bridge, run, pair, dict(zip(Side, ends, strict=True)), again)
    left, right = files.ends[Side.LEFT], files.ends[Side.RIGHT]
    attention += files.attention
    rules = bridge.book.rules(pair.kind, left, right)
    if todo is not None:
        attention += _merge(bridge, run, todo, (left, right), rules, reopen=files.open)
    attention += sync_parts(bridge, run, pair, files.ends, again)
    lines, wakes = sync_links(bridge, run, pair, files.ends, again)
    attention += lines
    attention += files.finish()
    attention += sync_children(bridge, run, pair, left, right, begun.refused)
    if pair.right is not None:  # nothing stands in a release that was not there
        rank_release(bridge, run, pair, left)
    tell_releases(bridge, run, pair, left, made=pair.right is None)
    if files.later:
        return after_error(files.later[0])
    if again:
        return replace(max(again, key=lambda one: one.wait or 0.0), wakes=wakes)
    remember(bridge, run, pair, ends, rules, asking=bool(attention))
    return replace(Ending.asking(attention) if attention else AGREED, wakes=wakes)


AGREED = Ending("agreed")
SHOWN = Entry("Each record shows the other.", why="They were joined, and nothing was agreed yet.")
HELD_BACK = Ending(
    "asking",
    reason="The two were linked; nothing is carried until somebody says who counts where they differ.",
    remedy="Choose it with `crosswalk settle`.",
    told=True,
)


def _leave_to_parent(bridge: Bridge, run: Run, parent_id: int) -> Ending:
    """A record below another is made in its parent's run, so that no two runs make it."""
    bridge.ledger.wake(run, parent_id)
    return Ending("new", reason="It is sent together with the record above it.", wakes=(parent_id,))


def _waits_for(bridge: Bridge, run: Run, pair: PairView, left: Snapshot | None) -> Ending | None:
    """Parents first: a record that must exist across (a release) is brought there by its own run."""
    if left is None:
        return None
    for ref in bridge.book.needs(pair.kind, left):
        needed = bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ref)
        if needed is None:
            needed = _adopted(bridge, run, ref)
        if needed is None or needed.right is not None or needed.state in NEVER:
            continue  # a release or an epic that can not be sent does not hold the feature back
        return Ending("waiting", reason=f"{ref} is sent first.", wait=SOON, wakes=(needed.id,))
    return None


def _adopted(bridge: Bridge, run: Run, ref: Ref) -> PairView | None:
    """The pair of a record that is needed; None where it belongs to another integration: the field says so then."""
    try:
        return bridge.ledger.adopt(run, ref.kind, Side.LEFT, ref, child=False)
    except Refused:
        return None


def _merge(
    bridge: Bridge, run: Run, pair: PairView, ends: tuple[Snapshot, Snapshot], rules: Sequence[Rule], *, reopen: bool
) -> list[Entry]:
    """Carry what changed; the journal's lines about what could not be, for a person's attention.

    With `reopen`, pictures whose files are still to come are looked at again.
    """
    left, right = ends
    known = bridge.ledger.disputes(pair.id)
    attention, stored = list[Entry](), pair.base
    if not begun(stored):  # its first run did not end
        bridge.ledger.note(run, pair.id, [SHOWN])
        attention = show_links(bridge, {pair.id: (run, (left, right))}).get(pair.id, [])
        birth = bridge.ledger.birth(pair.id)
        right = showing(rules, left, right)
        ends = (left, right)
        pair = replace(pair, base=_born(bridge, birth, ends, rules)) if birth else pair
    pair = replace(pair, base=counted(pair.base, {Side.LEFT: left, Side.RIGHT: right}, rules))
    decisions, both = staying(bridge, pair, decided(pair, ends, rules, known)), dict(zip(Side, ends, strict=True))
    _not_behind(pair, stored, both, decisions)
    writing = Writing({}, {Side.LEFT: left.changed_at, Side.RIGHT: right.changed_at})
    landed, seen = writing.landed, stamped(pair.base, both)
    if _writes(decisions):
        pair = _looked_anew(bridge, run, pair, decisions)
        # Stored first: a run that is killed now leaves behind what it may have written, and what it had seen.
        stored = writing.stored = awaited(seen, decisions, {})
        bridge.ledger.agree(run, pair.id, stored)
    doubt = True
    try:
        apply(bridge, run, pair, decisions, writing)
        doubt = False
    finally:
        # Also when the second side's write failed: what landed on the first is agreed.
        base = seen
        if landed or not _writes(decisions):
            base = marked(advance(base, decisions, landed), decisions, landed)
            base = with_halves(stamped(confirmed(base, decisions), snapshots_of(landed)), decisions, landed)
        base = awaited(base, decisions, landed, writing.steps) if doubt else base
        base = since(reopened(base, rules) if reopen else base, writing.hidden)
        if base != (writing.stored or stored):
            bridge.ledger.agree(run, pair.id, base)
        lines = report(str(left.ref), decisions, landed)
        tell(bridge, run, pair.id, lines)
    rename(bridge, run, landed.get(Side.LEFT))
    if (found := disputes(decisions, left, right)) or known:
        bridge.ledger.dispute(run, pair.id, with_editors(bridge, both, rules, found))
    tell_parent(bridge, run, pair, landed[Side.LEFT].snapshot if Side.LEFT in landed else left, right)
    return attention + [line for line in lines if line.level != "info"]


def _looked_anew(bridge: Bridge, run: Run, pair: PairView, decisions: Sequence[Decision]) -> PairView:
    """See apply.looked_anew(): unless the same is sent once more."""
    before = all(sent_before(pair.base, decisions, side) for side in Side)
    return pair if before else looked_anew(bridge, run, pair)


PATIENT = 3
"""So many looks, more than a minute in all, a side may show something else than a write that nobody answered."""


def _not_behind(pair: PairView, stored: Base, both: Mapping[Side, Snapshot], decisions: Sequence[Decision]) -> None:
    """Raises Outdated for a side that may only not show yet what was sent to it, and would seem to be in step."""
    side = may_lag(stored, both, decisions) if pair.looks < PATIENT else None
    if side is not None:
        what = f"{NAMES[side]} may show an old state of {both[side].ref}"
        raise Outdated(f"{what}: what was sent there without an answer does not show. It is read again.")


def _born(bridge: Bridge, birth: Birth, ends: tuple[Snapshot, Snapshot], rules: Sequence[Rule]) -> Base:
    """The base of a pair whose first run ended before it had one; asks for what was touched where that counts."""
    base, side = base_from(birth, ends, rules), birth.side
    names, there = bridge.side(side).stepwise, ends[list(Side).index(side)]
    unsure = [rule for rule in rules if rule.name in birth.sent.keys() - base.keys()]
    blank = [rule for rule in unspoken(birth, rules) if there.get(rule.field(side)) not in (MISSING, None, frozenset())]
    if not unsure and not blank:
        return base
    made = bridge.side(side).read_new([there.ref])[there.ref]
    if not isinstance(made, Snapshot):
        return base
    for rule in unsure:
        name = rule.field(side)
        if name in made.touched:
            base[rule.name] = birth.sent[rule.name]
        elif name in names:
            base[rule.name] = not_begun(rule, side, made.get(name))
    return base | {rule.name: NOTHING for rule in blank if rule.field(side) in made.touched}


def snapshots_of(landed: Mapping[Side, Wrote]) -> dict[Side, Snapshot]:
    """The records as they were written."""
    return {side: wrote.snapshot for side, wrote in landed.items()}


def _writes(decisions: Sequence[Decision]) -> bool:
    return any(decision.write for decision in decisions)


def decided(
    pair: PairView, ends: tuple[Snapshot, Snapshot], rules: Sequence[Rule], answers: Mapping[str, Answer | None]
) -> tuple[Decision, ...]:
    """What is decided about two records: the merge, with what people said in it, without what was refused before."""
    left, right = ends
    both = dict(zip(Side, ends, strict=True))
    base = base_now(counted(pair.base, both, rules), both, rules)
    decisions = taken_out(base, decide(base, left, right, rules, answers, newer=newer(left, right)))
    decisions = settled(decisions, base, left, right, pair.joining)
    return hold_back(base, decisions, asked=pair.asked)


def newer(left: Snapshot, right: Snapshot) -> Side | None:
    """The side whose record was changed last; None where that is not known."""
    if left.changed_at is None or right.changed_at is None or left.changed_at == right.changed_at:
        return None
    return Side.LEFT if left.changed_at > right.changed_at else Side.RIGHT


def end_run(bridge: Bridge, run: Run, pair: PairView, ending: Ending, chance: float) -> Ending:
    """Tell the ledger how the run ended."""
    if ending.state == "waiting":
        # What is only looked at again comes soon, however often the run had failed before.
        wait = ending.delay((pair.looks if ending.looked else pair.tries) + 1, chance)
        due_at = bridge.now() + timedelta(seconds=wait)
        if not ending.wakes and not ending.told:
            bridge.ledger.note(run, run.pair_id, [ending.entry()])
        bridge.ledger.postpone(run, due_at, ending.reason, ending.remedy, failed=not ending.wakes, looked=ending.looked)
        return replace(ending, wait=wait)
    if ending.state not in ("agreed", "new") and not ending.told:
        bridge.ledger.note(run, run.pair_id, [ending.entry()])
    bridge.ledger.settle(run, ending.state, ending.reason, ending.remedy, ending.code)
    return ending
