"""Conflicts that wait for a person: what is asked, and the answers: one side, a text by hand, one answer for many."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosswalk.errors import Refused
from crosswalk.merge.disputes import Answer
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Rich, Value
from crosswalk.store import disputes, journal
from crosswalk.store.models import DisputeRow, Integration, Pair
from crosswalk.sync import restore
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.durations import said
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import parse
from crosswalk.sync.waking import Cause, wake

LONGEST = 30_000  # characters of a text that is merged by hand; Jira takes 32,767
CHANGED = "Somebody changed the field, or answered, since this page was made. Nothing was chosen."


@dataclass(frozen=True, slots=True)
class End:
    """What one side holds now, what it held when both were last in step, and who changed the record last."""

    side: Side
    now: str
    before: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field in conflict as pages and commands show it. `text` is what a merge by hand starts from; None: no text."""

    row: DisputeRow
    ends: tuple[End, End]
    text: str | None

    @property
    def pair(self) -> Pair:
        """The pair it is of."""
        return self.row.pair

    @property
    def mark(self) -> str:
        """What an answer names, so that it is about what the person saw."""
        return f"{self.row.since.timestamp():.6f}"


def waiting(integration: Integration | None = None, after: int = 0, limit: int = 50) -> list[Conflict]:
    """Conflicts without an answer, the oldest first, from behind the row `after`."""
    rows = disputes.waiting(integration.pk if integration else None).filter(pk__gt=after)[:limit]
    return [shown(row) for row in rows]


def of_pair(pair: Pair) -> list[Conflict]:
    """The conflicts of one pair."""
    return [shown(row) for row in disputes.waiting().filter(pair=pair)]


def count(integration: Integration | None = None) -> int:
    """How many conflicts wait."""
    return disputes.waiting(integration.pk if integration else None).count()


def shown(row: DisputeRow) -> Conflict:
    """A conflict for people."""
    ends = tuple(
        End(
            side,
            _text(row, side.value),
            _text(row, f"held_{side.value}"),
            getattr(row, f"{side.value}_at"),
            getattr(row, f"{side.value}_by"),
        )
        for side in Side
    )
    left = disputes.value(row, "left")
    by_hand = said("", left, LONGEST) if isinstance(left, str | Rich) else None
    return Conflict(row, (ends[0], ends[1]), by_hand)


def _text(row: DisputeRow, name: str) -> str:
    value = disputes.value(row, name)
    return "" if value is MISSING else said(_jira_field(row), value)


def _jira_field(row: DisputeRow) -> str:
    lines = row.pair.integration.mapping.get("fields", {}).get(row.pair.kind, ())
    return next((str(line.get("jira", "")) for line in lines if line.get("name") == row.field), "")


def choose(row_id: int, mark: str, side: Side, person: str) -> Conflict:
    """What `side` holds counts. Raises Refused where the conflict is another by now."""
    found = _found(row_id, mark)
    ends = {one: disputes.value(found.row, one.value) for one in Side}
    _answer(found, Answer(side, ends[Side.LEFT], ends[Side.RIGHT], person, erase=True), f"{NAMES[side]} was chosen")
    return found


def by_hand(row_id: int, mark: str, text: str, person: str) -> Conflict:
    """`text` counts on both sides: it is written in Aha! now and carried to Jira by the next run."""
    found = _found(row_id, mark)
    if found.text is None:
        raise Refused(f"{found.row.field} is no text.", remedy="Choose what Aha! or Jira holds.")
    if not text.strip() or len(text) > LONGEST:
        raise Refused(
            f"Write a text of 1 to {LONGEST} characters.", remedy="To empty the field, choose the empty side."
        )
    pair, left = found.pair, disputes.value(found.row, "left")
    here = current()
    line = restore.line_of(parse(pair.integration.mapping), pair, found.row.field)
    merged = _value(text, left)
    kept = restore.keeping(found.row.field, Side.LEFT, left, merged, "A text was merged by hand.")
    journal.append(pair.integration_id, [kept], here.now(), pair_id=pair.pk, person=person)
    ref = Ref(pair.left_kind, pair.left_id or "", pair.left_key)
    wrote = here.bridges.of(pair.integration).left.update(ref, {line.aha: merged})
    if wrote.left_out:
        raise Refused(f"Aha! would not take it: {next(iter(map(str, wrote.left_out.values())))}")
    now = wrote.snapshot.get(line.aha)
    _answer(found, Answer(Side.LEFT, now, disputes.value(found.row, "right"), person), "It was merged by hand")
    return found


def _value(text: str, like: Maybe) -> Value:
    """`text` in the form of the field: plain, or paragraphs of formatted text."""
    clean = text.replace("\r\n", "\n").strip()
    if not isinstance(like, Rich):
        return clean
    paragraphs = [html.escape(one).replace("\n", "<br>") for one in clean.split("\n\n") if one.strip()]
    return Rich("html", "".join(f"<p>{one}</p>" for one in paragraphs))


def choose_all(integration: Integration, field: str, side: Side, person: str) -> int:
    """What `side` holds counts in every conflict of `field` that waits; how many there were."""
    found = [shown(row) for row in disputes.waiting(integration.pk).filter(field=field)]
    for one in found:
        choose(one.row.pk, one.mark, side, person)
    return len(found)


def _found(row_id: int, mark: str) -> Conflict:
    row = DisputeRow.objects.select_related("pair", "pair__integration").filter(pk=row_id).first()
    found = shown(row) if row is not None and not row.winner else None
    if found is None or found.mark != mark:
        raise Refused(CHANGED, remedy="Look at it again, then choose.")
    return found


def _answer(found: Conflict, word: Answer, what: str) -> None:
    here, pair = current(), found.pair
    if not disputes.answer(found.row, word, here.now()):
        raise Refused(CHANGED, remedy="Look at it again, then choose.")
    line = Entry(f"{what} for {found.row.field}.", why=f"{word.person} decided the conflict.", field=found.row.field)
    journal.append(pair.integration_id, [line], here.now(), pair_id=pair.pk, person=word.person)
    wake(here.engine, [pair.pk], here.now(), urgent=True, cause=Cause(f"{word.person} (a conflict was decided)"))


def find(pairs: Sequence[Pair], field: str) -> Conflict:
    """The conflict of `field` in one of `pairs`, for a command. Raises Refused where there is none."""
    waiting_ = [one for pair in pairs for one in of_pair(pair)]
    for one in waiting_:
        if one.row.field.casefold() == field.casefold():
            return one
    names = ", ".join(one.row.field for one in waiting_) or "none"
    raise Refused(f"No conflict of “{field}” waits here.", remedy=f"These wait: {names}.")
