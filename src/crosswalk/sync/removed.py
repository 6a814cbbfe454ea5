"""A record was deleted on one side: what becomes of its counterpart, as the mapping says. A delete has its brake.

Nothing is deleted silently: the journal says what and why before it is sent, with the values that were last seen; what
somebody edited since, and more than a few at once, wait for a person's word. A record counts as deleted only where its
side says so (a hook, the history); what is not shown any more may be hidden, and then a person is asked, whatever the
mapping says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crosswalk.merge.brake import Removal, Step
from crosswalk.merge.pairs import Entry, PairView, Run
from crosswalk.merge.records import Gone, Ref, Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.unconfirmed import begun
from crosswalk.merge.values import MISSING
from crosswalk.sync import converted
from crosswalk.sync.after import Ending
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.emptied import WHERE
from crosswalk.sync.maplines import KINDS
from crosswalk.sync.ranks import FEATURE, RELEASE
from crosswalk.sync.shown import shown

STAMPS = frozenset({"created", "updated", "created_at", "updated_at"})
"""Fields that change without anybody's edit."""
LOOKS = 2
"""So many looks in a row do not find a record before anybody is told that it is gone: about ten seconds."""
FIRST_LOOKS = 5
"""The same for a record that nobody saw yet: two minutes at least. It was just made, and a side may lag that far."""
SOON = 2.0  # seconds until a record looks again whether what stands below it is deleted
CHOOSE = f"Say whether it is to be deleted or kept: {WHERE}."
ASKED = f"{CHOOSE} If nobody meant to delete so many, restore the records first, then press Retry."
SHARED = ("version", "release")
"""Kinds of records that many others stand in: they are never deleted from here."""
HIDDEN = (
    "If it is hidden, make it visible to the connection's account, then press Retry. If it was deleted, say so, or "
    f"that it is to be kept: {WHERE}."
)
ON_BOTH = " is not in Aha! any more and "
"""In the reason of a pair of which neither record is there."""
BELOW = f"Delete or move what stands below it first, then press Retry; or keep it: {WHERE}."

LOST = ("L10", "A7")
"""The codes of a pair of which a side shows a record no more."""

Ends = Mapping[Side, Snapshot | Gone | None]


def follow(bridge: Bridge, run: Run, pair: PairView, ends: Ends) -> Ending:
    """How the run of a pair ends of which at least one record is gone."""
    gone = {side: end for side, end in ends.items() if isinstance(end, Gone)}
    if len(gone) == len(Side):
        bridge.ledger.removed(run, done=True)
        here, across = gone[Side.LEFT].ref, gone[Side.RIGHT].ref
        return Ending("gone", f"{here}{ON_BOTH}{across} not in Jira.", _unlink(pair), told=True)
    ((side, lost),) = gone.items()
    there = ends[side.other]
    if side is Side.LEFT and (ending := converted.go_on(bridge, run, pair, lost.ref, there)):
        return ending
    word = bridge.book.removed(pair.kind, side)
    if not isinstance(there, Snapshot):
        return _not_at_once(pair, side, lost, FIRST_LOOKS) or _left_alone(side, lost)
    left = _Left(bridge, run, pair, lost.ref, side.other, there)
    birth = None if begun(pair.base) else bridge.ledger.birth(pair.id)
    if birth is not None and birth.side is side and not _sure(left):
        return _not_at_once(pair, side, lost, FIRST_LOOKS) or _never_seen(side, lost)
    if word == "ask":
        return _not_at_once(pair, side, lost) or (_asked(left) if _sure(left) else _unsure(left, lost))
    if word != "delete" and pair.state == "gone":
        return _settled(left, mark=word == "mark")  # that was settled before
    sure = _sure(left)
    removal = bridge.ledger.removing(run, side.other, doubt=not sure)
    if not sure and not removal.word:
        return _not_at_once(pair, side, lost) or _doubted(left)
    if removal.word == "no":
        return _kept(left)
    if word == "delete":
        return _Deleting(left).step(removal)
    bridge.ledger.removed(run, done=False)
    return _settled(left, mark=word == "mark")


def shown_again(bridge: Bridge, run: Run, pair: PairView, left: Snapshot | None) -> None:
    """Whatever was gone of the pair is there again: nothing is to be deleted. What was lost beside it (below and above
    it, what it needs, what is planned in it) is looked at again, too: a right that is given back tells nobody."""
    bridge.ledger.removed(run, done=False)
    if not _lost(pair):
        return
    beside: list[PairView | None] = [*bridge.ledger.children(pair.id)]
    if pair.parent_id is not None:
        beside.append(bridge.ledger.get(pair.parent_id))
    for ref in _named(bridge, pair, left) if left is not None else ():
        beside.append(bridge.ledger.pair_of(bridge.integration_id, Side.LEFT, ref))
    for one in beside:
        if one is not None and one.deleted is None and _lost(one):
            bridge.ledger.wake(run, one.id)


def _named(bridge: Bridge, pair: PairView, left: Snapshot) -> Sequence[Ref]:
    """What a record on the left needs, or what is planned in a release."""
    if pair.kind != RELEASE:
        return bridge.book.needs(pair.kind, left)
    return [one.ref for one in bridge.left.among(left.ref, FEATURE)]


def _lost(pair: PairView) -> bool:
    return pair.state == "gone" or (pair.state != "agreed" and pair.code in LOST)


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a pair: the record `there` on side `target`, whose counterpart `gone` was deleted."""

    bridge: Bridge
    run: Run
    pair: PairView
    gone: Ref
    target: Side
    there: Snapshot

    @property
    def in_aha(self) -> Ref | None:
        """The record that is left, where that is Aha!'s: it can be sent anew."""
        return self.there.ref if self.target is Side.LEFT else None


def _sure(left: _Left) -> bool:
    """Whether the side of the record that is gone said that it was deleted: it is asked once."""
    lost = left.target.other
    if left.pair.deleted is lost:
        return True
    if told := left.bridge.side(lost).deleted(left.gone):
        left.bridge.ledger.deleted(left.run, lost)
    return told


def _doubted(left: _Left) -> Ending:
    """Nobody knows whether the record was deleted: a person is asked."""
    lost, there = left.target.other, left.there.ref
    lacking = left.bridge.side(lost).unseen()
    what = f"{NAMES[lost]} does not show {left.gone} any more, and does not say that it was deleted."
    what += f" Or it is hidden: {lacking}" if lacking else " It may be hidden from the connection's account."
    return Ending(
        "asking", f"{what} {there} in {NAMES[left.target]} was left alone.", HIDDEN, "A7" if lacking else "L10"
    )


def _unsure(left: _Left, lost: Gone) -> Ending:
    """The same where the mapping leaves to a person what becomes of the other one: that is asked once it is known."""
    if left.there.ref.kind in SHARED:
        return _left_alone(left.target.other, lost)
    removal = left.bridge.ledger.removing(left.run, left.target, doubt=True)
    if removal.word == "no":
        return _kept(left)
    if removal.word:
        left.bridge.ledger.deleted(left.run, left.target.other)
    elif left.pair.state != "gone":
        return _doubted(left)
    left.bridge.ledger.removed(left.run, done=False)
    return _asked(left) if removal.word else _left_alone(left.target.other, lost)  # told before it was a question


def _kept(left: _Left) -> Ending:
    """A person said that the counterpart stays."""
    there, target = left.there.ref, NAMES[left.target]
    if left.pair.state != "gone":
        left.bridge.ledger.note(left.run, left.pair.id, [Entry(f"{there} stays: a person said so.")])
    what = f"{left.gone} is not in {NAMES[left.target.other]} any more. {there} stays in {target}."
    return Ending("gone", what, _unlink(left.pair, left.in_aha), told=True)


def _unlink(pair: PairView, there: Ref | None = None) -> str:
    """What a person may still do where one of the two is gone for good, and that is settled: only `there` is left, in
    Aha!. What stands below a record is unlinked with that."""
    if pair.parent_id is not None:
        return "Nothing waits: ignore it to be told of it no more."
    anew = f", or to send {there} anew" if there is not None else ""
    return f"Nothing waits: unlink the two to be told of it no more{anew}."


def _not_at_once(pair: PairView, side: Side, gone: Gone, looks: int = LOOKS) -> Ending | None:
    """The first looks wait for others: a side that lags behind does not show a record that is new."""
    if pair.state in ("gone", "asking") or pair.deleted is side or pair.looks >= looks:
        return None
    reason = f"{NAMES[side]} does not show {gone.ref}: {gone.reason.rstrip('.')}. It is looked at again."
    return Ending("waiting", reason, told=True, looked=True)


def _never_seen(side: Side, lost: Gone) -> Ending:
    """It was made from here, and never showed."""
    return Ending(
        "parked",
        reason=f"{NAMES[side]} made {lost.ref} but does not show it: {lost.reason}",
        remedy="Let the connection's account see what it makes (Browse permission, security level), then press Retry.",
        code="A7",
    )


def _left_alone(side: Side, gone: Gone) -> Ending:
    other = NAMES[side.other]
    return Ending(
        "gone",
        reason=f"{NAMES[side]} does not show {gone.ref} any more: {gone.reason}",
        remedy=f"Restore it or make it visible to the connection's account, then press Retry. {other} was left alone.",
        code="L10",
    )


def _asked(left: _Left) -> Ending:
    """It was deleted, and the mapping leaves to a person what becomes of the other one: on their word it goes, too."""
    if left.there.ref.kind in SHARED:
        return _to_choose(left)
    removal = left.bridge.ledger.removing(left.run, left.target, doubt=False)
    if removal.word:
        return _kept(left) if removal.word == "no" else _Deleting(left).step(removal)
    if left.pair.state == "gone":
        left.bridge.ledger.removed(left.run, done=False)
        return _to_choose(left)
    here, there = NAMES[left.target.other], NAMES[left.target]
    reason = f"{left.gone} was deleted in {here}. {left.there.ref} in {there} was left alone: the mapping asks."
    remedy = f"{CHOOSE} To have both again, restore {left.gone} in {here}, then press Retry."
    return Ending("asking", reason, remedy, "L10")


def _to_choose(left: _Left) -> Ending:
    """What is no question of a button: others hold it, too, or it was told before there were such questions."""
    here, there = NAMES[left.target.other], NAMES[left.target]
    return Ending(
        "gone",
        reason=f"{left.gone} was deleted in {here}. {left.there.ref} in {there} was left alone: the mapping asks.",
        remedy=(
            f"Unlink the two if {left.there.ref} is to stay, or delete it in {there}. To have both again, restore "
            f"{left.gone} in {here}, then press Retry."
        ),
        code="L10",
    )


def _settled(left: _Left, *, mark: bool) -> Ending:
    """The counterpart stays, marked or not: done once, and told."""
    target, there, ledger = left.target, left.there.ref, left.bridge.ledger
    what = f"{left.gone} was deleted in {NAMES[target.other]}; {there} in {NAMES[target]} "
    if left.pair.state != "gone":
        why = "The mapping says so for records that were deleted."
        ledger.note(left.run, left.pair.id, [Entry(what + ("is marked." if mark else "stays."), why, target)])
        ledger.guard(left.run)
        what += f"has {left.bridge.side(target).retire(there)} now." if mark else "stays as it is."
    else:
        what += "stays; its history says what was done about it."
    return Ending("gone", what, _unlink(left.pair, left.in_aha), told=True)


class _Deleting:
    """The steps from a record that is gone to its counterpart on `target` being deleted, too."""

    def __init__(self, left: _Left) -> None:
        self._bridge, self._run, self._pair = left.bridge, left.run, left.pair
        self._ledger = left.bridge.ledger
        self._gone, self._target, self._there = left.gone, left.target, left.there
        self._brake = left.bridge.book.brake()
        self._what = f"{left.gone} was deleted in {NAMES[left.target.other]}."

    def step(self, removal: Removal) -> Ending:
        """One step, and how the run ends with it."""
        for child in self._ledger.children(self._pair.id):
            if child.complete and child.state not in ("gone", "asking"):
                self._ledger.wake(self._run, child.id)
        now = self._bridge.now()
        lost, book = self._target.other, self._bridge.book
        asked = [kind for kind in KINDS if book.removed(kind, lost) == "ask"]
        wanted, known = self._ledger.weigh(self._run, self._target, now - self._brake.window, asked)
        step = self._brake.step(removal, now, wanted, known)
        if step is Step.WAIT:
            return self._pause(removal.since + self._brake.pause - now)
        if step is Step.ASK:
            words = f"{wanted} of {known} records would be deleted in {NAMES[self._target]}; nothing was deleted."
            return Ending("asking", f"{self._what} {words}", ASKED, "L10")
        if edits := "" if removal.word else self._edits():
            words = f"{self._there.ref} was changed in {NAMES[self._target]} since, so it was not deleted: {edits}."
            return Ending("asking", f"{self._what} {words}", ASKED, "L10")
        return self._delete(removal.word)

    def _pause(self, left: timedelta) -> Ending:
        seconds = round(self._brake.pause.total_seconds())
        words = f"{self._there.ref} is deleted in {NAMES[self._target]} {seconds} seconds after it was noticed."
        remedy = f"To keep it, restore {self._gone}."
        return Ending("waiting", f"{self._what} {words}", remedy, "L10", wait=left.total_seconds())

    def _delete(self, word: str) -> Ending:
        """Delete the counterpart, unless it is not sure that it should be, or something stands below it."""
        if doubt := self._bridge.side(self._target.other).unseen():
            remedy = "Give the account that right, then press Retry."
            return Ending("asking", f"{self._what} Or it is hidden: {doubt}", remedy, "A7")
        if below := self._below():
            names = ", ".join(map(str, below[:5])) + (" ..." if len(below) > 5 else "")
            words = f"{self._there.ref} in {NAMES[self._target]} is not deleted while {names} stands below it."
            if self._on_their_way(below):
                return Ending("waiting", f"{self._what} {words}", wait=SOON)
            return Ending("asking", f"{self._what} {words}", BELOW, "L15")
        what = f"{self._there.ref} is deleted in {NAMES[self._target]}."
        why = f"{self._what} {'A person' if word else 'The mapping'} says so."
        line = Entry(what, why, self._target, level="warning", old=self._values())
        self._ledger.note(self._run, self._pair.id, [line])
        self._ledger.guard(self._run)
        self._bridge.side(self._target).delete(self._there.ref)
        self._ledger.removed(self._run, done=True)
        return Ending("gone", f"{self._what} {self._there.ref} was deleted in {NAMES[self._target]}, too.", told=True)

    def _below(self) -> Sequence[Ref]:
        """What stands below the counterpart, and would be lost with it or keeps it from being deleted."""
        if self._target is Side.LEFT:
            return [child.ref for child in self._there.children]
        return list(self._there.below)

    def _on_their_way(self, below: Sequence[Ref]) -> bool:
        """Whether all of `below` were joined with records that are gone too, so that waiting for their runs helps."""
        children = [one for one in self._ledger.children(self._pair.id) if one.complete]
        known = {(one.left if self._target is Side.LEFT else one.right): one for one in children}
        states = [known[ref].state if ref in known else "" for ref in below]
        return all(state in ("agreed", "waiting", "new") for state in states)

    def _rules(self) -> tuple[Rule, ...]:
        left, right = (self._there, None) if self._target is Side.LEFT else (None, self._there)
        return self._bridge.book.rules(self._pair.kind, left, right)

    def _edits(self) -> str:
        """The fields of the counterpart that do not hold what both sides last agreed on."""
        changed = []
        for rule in self._rules():
            name, held = rule.field(self._target), self._pair.base.get(rule.name)
            now = self._there.get(name)
            if held is None or not held.about(rule) or now is MISSING or name in STAMPS:
                continue
            if now != (held.left if self._target is Side.LEFT else held.right):
                changed.append(rule.name)
        return ", ".join(changed)

    def _values(self) -> str:
        """What the record held, for the history."""
        held = [(rule.name, self._there.get(rule.field(self._target))) for rule in self._rules()]
        return "; ".join(f"{name}: {shown(value)}" for name, value in held if value not in (MISSING, None, frozenset()))
