"""Link a record of Aha! with an issue that is there already: both values side by side, a winner for each field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from crosswalk.errors import Refused
from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.disputes import Answer, Dispute
from crosswalk.merge.merge import merge
from crosswalk.merge.records import Gone, Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING
from crosswalk.store import claims, disputes
from crosswalk.store.models import DisputeRow, Integration, Pair
from crosswalk.store.pairs import creates_in_doubt
from crosswalk.store.views import end_columns
from crosswalk.sync import service
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.doubles import too_early
from crosswalk.sync.durations import said
from crosswalk.sync.installation import current
from crosswalk.sync.pair import newer
from crosswalk.sync.waking import Cause, wake

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}-\d{1,18}|\d{1,18}")
_ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of both records. `winner` is what happens without a word; `asked` where a person may choose."""

    field: str
    left: str
    right: str
    winner: Side | None
    asked: bool
    why: str
    empty: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Two records beside each other, before they are linked. `mark` changes when a value does."""

    left: Snapshot
    right: Snapshot
    choices: tuple[Choice, ...]
    decisions: tuple[Decision, ...]

    @property
    def mark(self) -> str:
        """A digest of all values."""
        held = repr([(one.name, one.left, one.right) for one in self.decisions])
        return hashlib.sha256(held.encode()).hexdigest()[:16]


def look(integration: Integration, left: Ref, name: str) -> Beside:
    """The record `left` and the issue called `name`. Raises Refused where they can not be linked."""
    if not _KEY.fullmatch(name.strip()):
        raise Refused(f"“{name[:40]}” is no key of an issue.", remedy="Write it as Jira does, such as FAB-7.")
    bridge = current().bridges.of(integration)
    here = _read(bridge.left.read([left]), left, Side.LEFT)
    wanted = Ref(_ISSUE, "", name.strip().upper())
    there = _read(bridge.right.read([wanted]), wanted, Side.RIGHT)
    for side, record in ((Side.LEFT, here), (Side.RIGHT, there)):
        where = {f"{side.value}_kind": record.ref.kind, f"{side.value}_id": record.ref.id}
        known = Pair.objects.filter(integration=integration, **where)
        held = known.exclude(left_id=None).exclude(right_id=None).first()
        if held is not None:
            raise Refused(f"{record.ref} is linked already: {held}.", remedy="Unlink it first.")
        claims.refuse(integration, side, [record.ref])
    _refuse_made(bridge, here.ref, there.ref)
    rules = bridge.book.rules(left.kind, here, there)
    decisions = merge({}, here, there, rules, newer=newer(here, there))
    shown = tuple(_choice(one) for one in decisions if one.verdict is not Verdict.SKIPPED and not one.rule.mark)
    return Beside(here, there, shown, decisions)


def _read(found: Mapping[Ref, Snapshot | Gone], ref: Ref, side: Side) -> Snapshot:
    record = next(iter(found.values()), None)
    if not isinstance(record, Snapshot):
        raise Refused(f"{NAMES[side]} shows no {ref}.", remedy="Check the key, and that the account may see it.")
    return record


def _refuse_made(bridge: Bridge, left: Ref, right: Ref) -> None:
    """Raises Refused where `left` was sent, nobody answered, and it may be another issue than `right` by that: the two
    would be issues of one record."""
    mine = Pair.objects.filter(integration_id=bridge.integration_id, left_kind=left.kind, left_id=left.id)
    for intent in creates_in_doubt(mine):
        made = bridge.right.find([intent.token], left.kind, intent.since).get(intent.token)
        if made is None and too_early(bridge, intent):
            why = f"{left} was sent a moment ago, and it is not known yet whether an issue was made."
            raise Refused(why, remedy="Wait until that is known, two minutes at most, and look again.")
        if made is not None and made != right:
            raise Refused(f"{left} was sent already, and {made} was made for it.", remedy=f"Link it with {made}.")


def _choice(one: Decision) -> Choice:
    target = next(iter(one.write), None)
    both_ways = all(one.rule.direction.writes(side) for side in Side)
    single = not any(isinstance(value, frozenset) for value in (one.left, one.right))
    asked = both_ways and single and one.verdict in (Verdict.CARRY, Verdict.CONFLICT, Verdict.ASK)
    values = {Side.LEFT: one.left, Side.RIGHT: one.right}
    text = {side: "" if value is MISSING else said(one.rule.right, value) for side, value in values.items()}
    empty = tuple(side for side, value in values.items() if value is None)
    winner = target.other if target is not None and one.verdict is not Verdict.ASK else None
    return Choice(one.name, text[Side.LEFT], text[Side.RIGHT], winner, asked, one.why(NAMES), empty)


def link(
    integration: Integration, seen: Beside, mark: str, words: Mapping[str, tuple[Side, bool]], person: str
) -> Pair:
    """Link the two records. `words` holds the winner of fields, and whether its empty value erases the other's.

    Raises Refused where a value is another than the person saw (`mark`), or a record is in a pair by now.
    """
    if mark != seen.mark:
        raise Refused("Somebody changed a value since this page was made.", remedy="Look at it again, then link.")
    here = current()
    ends = {Side.LEFT: seen.left, Side.RIGHT: seen.right}
    columns = {name: text for side, end in ends.items() for name, text in end_columns(side, end.ref, end.url).items()}
    try:
        with transaction.atomic():
            pair = service.pair_for(integration, seen.left.ref)
            claims.refuse(integration, Side.RIGHT, [seen.right.ref])
            if not Pair.objects.filter(pk=pair.pk, right_id=None).update(**columns, held=""):
                raise Refused(f"{seen.left.ref} is linked already.", remedy="Unlink it first.")
            answers = [(one, words[one.name]) for one in seen.decisions if one.name in words]
            disputes.keep(pair.pk, [Dispute(one.name, one.left, one.right) for one, _ in answers], here.now())
            for one, (winner, erase) in answers:
                row = DisputeRow.objects.get(pair=pair, field=one.name)
                disputes.answer(row, Answer(winner, one.left, one.right, person, erase), here.now())
    except IntegrityError:
        raise Refused(f"{seen.right.ref} is in another pair by now.", remedy="Unlink it first.") from None
    service.note(integration, f"{seen.left.ref} was linked with {seen.right.ref}.", person, pair.pk)
    wake(here.engine, [pair.pk], here.now(), urgent=True, cause=Cause(f"{person} (Link)"))
    return pair
