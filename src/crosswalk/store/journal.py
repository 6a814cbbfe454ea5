"""The journal: lines are appended and read, never changed. Knows nothing of why they are written."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from crosswalk.merge.pairs import Entry, told_already
from crosswalk.merge.rules import Side
from crosswalk.store.models import JournalEntry
from crosswalk.store.text import fit

_WRITTEN: Final = ("level", "what", "why", "side", "field", "old", "new", "remedy", "code", "kept", "wrote")
_FIRST: Final = ("at", "integration_id", "pair_id", "run", "person", "cause")
_APPEND: Final = " ".join(("INSERT INTO store_journalentry", f"({', '.join((*_FIRST, *_WRITTEN))})", "VALUES"))
_LINE: Final = f"({', '.join(['%s'] * len((*_FIRST, *_WRITTEN)))})"
RECENT = 10  # lines about one field that are looked through
HOLD: Final = timedelta(seconds=10)
"""For how long a line waits for one with a lower number."""
_TEXTS: Final = ("what", "why", "level", "field", "old", "new", "remedy", "code", "kept")
_COLUMNS: Final = ", ".join((*_TEXTS, "side", "person", "run"))
_OF_PAIR: Final = ("SELECT", _COLUMNS, "FROM store_journalentry WHERE pair_id = %s AND")
_RECENT: Final = " ".join((*_OF_PAIR, "((field = %s AND side = %s) OR person <> '') ORDER BY id DESC LIMIT %s"))
_NEWEST: Final = " ".join((*_OF_PAIR, "field = %s AND side = %s AND person = '' ORDER BY id DESC LIMIT 1"))
LOOKED_AT: Final = 1000  # lines behind which no gap is looked for


def append(
    integration_id: int,
    entries: Sequence[Entry],
    at: datetime,
    *,
    pair_id: int | None = None,
    run: tuple[int, str] | None = None,
    person: str = "",
) -> None:
    """Append `entries`, in order, as of `at`.

    `run` is the fence of the run that did it and what had woken it, `person` who caused it.
    """
    if not entries:
        return
    fence, cause = run or (None, "")
    moment = connection.ops.adapt_datetimefield_value(at)
    who, why = fit(person, 200), fit(cause, 300)
    rows = [(moment, integration_id, pair_id, fence, who, why, *_texts(_row(entry))) for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(" ".join((_APPEND, ", ".join([_LINE] * len(rows)))), [value for row in rows for value in row])


def _texts(row: JournalEntry) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in _WRITTEN)


def _row(entry: Entry) -> JournalEntry:
    """The line as the table holds it."""
    return JournalEntry(
        level=entry.level,
        what=fit(entry.what),
        why=fit(entry.why),
        side=entry.side.value if entry.side else "",
        field=fit(entry.field, 200),
        old=fit(entry.old),
        new=fit(entry.new),
        remedy=fit(entry.remedy),
        code=entry.code,
        kept=entry.kept,
        wrote=entry.wrote,
    )


def says_already(pair_id: int, entry: Entry, *, waiting: bool) -> bool:
    """Whether the pair's last lines about the entry's field (on its side) say this, and no person acted since."""
    lines = _lines(_RECENT, pair_id, *_about(entry), RECENT)
    before = [line for line, _, _ in itertools.takewhile(lambda found: not found[1], lines)]
    return told_already(_entry(_row(entry)), before, waiting=waiting)


def ends_with(fence: int | None, pair_id: int, entry: Entry) -> bool:
    """Whether the pair's last line about the entry's field (on its side) is this one, of the run `fence` or of any.

    The line of a run that died says nothing of what a later one wrote, even where that is the same.
    """
    newest = _lines(_NEWEST, pair_id, *_about(entry))
    return bool(newest) and newest[0][0] == _entry(_row(entry)) and fence in (None, newest[0][2])


def _about(entry: Entry) -> tuple[str, str]:
    """What lines about the same have in common: field and side."""
    return fit(entry.field, 200), entry.side.value if entry.side else ""


def _lines(statement: str, *values: str | int) -> list[tuple[Entry, str, int | None]]:
    """Lines, each with the person who caused it and its run. In plain SQL: a run asks it for each it would write."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [(_read(dict(zip(_TEXTS, texts, strict=True)), side), person, run) for *texts, side, person, run in rows]


def _entry(row: JournalEntry) -> Entry:
    return _read({name: getattr(row, name) for name in _TEXTS}, row.side)


def _read(texts: Mapping[str, str], side: str) -> Entry:
    return Entry(**texts, side=Side(side) if side else None)


def of_pair(pair_id: int, *, limit: int = 200, family: bool = False) -> list[JournalEntry]:
    """The last `limit` lines about a pair (with `family`, also about the pairs below it), oldest first."""
    lines = JournalEntry.objects.filter(pair_id=pair_id)
    if family:
        lines |= JournalEntry.objects.filter(pair__parent_id=pair_id)
    return list(reversed(lines.select_related("pair").order_by("-id")[:limit]))


def newest_with(pair_id: int, code: str) -> dict[str, JournalEntry]:
    """The newest line about each field of a pair that has this code."""
    return {line.field: line for line in JournalEntry.objects.filter(pair_id=pair_id, code=code).order_by("id")}


def of_integration(integration_id: int, *, limit: int = 200) -> list[JournalEntry]:
    """The last `limit` lines of an integration, oldest first."""
    lines = JournalEntry.objects.filter(integration_id=integration_id)
    return list(reversed(lines.select_related("pair").order_by("-id")[:limit]))


def settled(now: datetime) -> int:
    """The number of the last line that may be shown: behind none below it is one still to come.

    On PostgreSQL a line has its number before it is committed, so a line may be there before one with a lower number.
    A gap is waited for, HOLD long; one that is there then stays: what was undone, or removed. On SQLite one process
    writes at a time, so that a gap is only what was removed.
    """
    if connection.vendor == "sqlite":
        return JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    newest = JournalEntry.objects.order_by("-pk").values_list("pk", "at")[:LOOKED_AT]
    edge = 0
    for number, at in reversed(newest):
        if edge and number != edge + 1 and at > now - HOLD:
            break
        edge = number
    return edge


def behind(lines: QuerySet[JournalEntry], last: int, now: datetime, limit: int = 500) -> tuple[list[JournalEntry], int]:
    """The first `limit` of `lines` behind the line numbered `last`, oldest first, and the number to go on from.

    Whoever goes on so misses no line and is told none twice: pages, commands and programs follow the log by this alone.
    """
    edge = settled(now)
    found = list(lines.filter(pk__gt=last, pk__lte=edge).order_by("pk")[:limit])
    return found, found[-1].pk if len(found) == limit else max(last, edge)
