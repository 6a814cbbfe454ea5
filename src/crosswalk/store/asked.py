"""What every run asks and says many times over, in plain SQL: Django takes thirty times as long to compose one of
these statements as a database to carry it out. Both databases understand them. Decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import Pair, PartRow
from crosswalk.store.views import part_of

_OWNED = "SELECT integration_id FROM store_pair WHERE id = %s AND fence = %s"
_LOCKED = "SELECT id FROM store_pair WHERE id = %s FOR NO KEY UPDATE"
# What views.view and a message show of a pair, in the model's order; Django fetches another column when it is asked.
_COLUMNS = (
    "id, integration_id, kind, parent_id, left_kind, left_id, left_key, right_kind, right_id, right_key, title, base, "
    "dirty, done, left_told, right_told, urgent, tries, fence, state, held, joining, deleted_on"
)
_NAMES = _COLUMNS.split(", ")
_PAIR = " ".join(("SELECT", _COLUMNS, "FROM store_pair WHERE id = %s"))
_BELOW = " ".join(("SELECT", _COLUMNS, "FROM store_pair WHERE parent_id = %s ORDER BY id"))
_HOLDER = {
    side: " ".join(
        ("SELECT", _COLUMNS, "FROM store_pair WHERE integration_id = %s AND", f"{side}_kind = %s AND {side}_id = %s")
    )
    for side in Side
}
_STATE = "SELECT state FROM store_pair WHERE id = %s"
_BEGUN = "UPDATE store_pair SET fence = fence + 1 WHERE id = %s"
_SHOWN = {
    Side.LEFT: "UPDATE store_pair SET left_key = %s, left_url = %s WHERE id = %s",
    Side.RIGHT: "UPDATE store_pair SET right_key = %s, right_url = %s WHERE id = %s",
}
_CALLED = "UPDATE store_pair SET title = %s WHERE id = %s"
_AGREED = "UPDATE store_pair SET base = %s, agreed_at = %s WHERE id = %s"
_IN_STEP = "UPDATE store_pair SET state = 'agreed', reason = '', remedy = '' WHERE id = %s"
_SETTLED = (
    "UPDATE store_pair SET done = %s, state = %s, reason = %s, remedy = %s, tries = 0, "
    "urgent = (urgent AND dirty <> %s) WHERE id = %s"
)
_BY_HAND = (
    "SELECT person_id, email, name, other_id, other_name FROM store_acquaintance "
    "WHERE integration_id = %s AND side = %s AND other_id <> '' ORDER BY name, person_id"
)
_VERSIONS = (
    "SELECT left_id, right_id, right_key FROM store_pair "
    "WHERE integration_id = %s AND kind = 'release' AND left_id <> '' AND right_id IS NOT NULL"
)
_ASKING = (
    "INSERT INTO store_requestentry (at, account, connection_id, call, error, sent, got, lasting) "
    "VALUES (%s, %s, %s, '', '', '', '', false)"
)
_TELLING = " RETURNING id"
_ANSWERED = (
    "UPDATE store_requestentry SET at = at + %s, call = %s, status = %s, seconds = %s, error = %s, pair = %s, "
    "run = %s, sent = %s, got = %s, lasting = %s WHERE id = %s"
)
_PARTS = "SELECT left_id, right_id, origin, held FROM store_partrow WHERE pair_id = %s AND kind = %s ORDER BY id"
_NTH = (
    "SELECT at FROM store_requestentry WHERE account = %s AND at > %s AND at < %s AND status IS NOT NULL "
    "ORDER BY at DESC LIMIT 1 OFFSET %s"
)
_LATE = "SELECT COUNT(*) FROM store_requestentry WHERE account = %s AND at > %s AND at <= %s AND status IS NULL"


def _say(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _rows(statement: str, *values: str | float) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def owned(pair_id: int, fence: int, *, locked: bool, beside: int | None = None) -> int | None:
    """The integration of the pair, if that has this fence; with `locked` its row stays so until the transaction ends.

    `beside` is another pair that is written to then. Rows are locked in the order of their ids, here and wherever
    several are, so that two who need the same never wait for each other. SQLite locks no rows; there a transaction that
    is IMMEDIATE is alone anyway.
    """
    if not (locked and connection.features.has_select_for_update):
        lock = ""
    else:
        # Not FOR UPDATE: whoever only points to the row (a line of the journal) need not wait.
        lock = " FOR NO KEY UPDATE"
        if beside is not None and beside < pair_id:
            _rows(_LOCKED, beside)
    found = _rows(_OWNED + lock, pair_id, fence)
    return found[0][0] if found else None


def holder(integration_id: int, side: Side, ref: Ref) -> Pair | None:
    """The pair of an integration that holds `ref` on `side`."""
    return next(iter(_pairs(_HOLDER[side], integration_id, ref.kind, ref.id)), None)


def pair(pair_id: int) -> Pair | None:
    """The pair with this number."""
    return next(iter(_pairs(_PAIR, pair_id)), None)


def below(pair_id: int) -> list[Pair]:
    """The pairs below a pair, oldest first."""
    return _pairs(_BELOW, pair_id)


def _pairs(statement: str, *values: str | float) -> list[Pair]:
    found = []
    for row in _rows(statement, *values):
        columns = dict(zip(_NAMES, row, strict=True))
        columns["base"] = json.loads(columns["base"])
        columns["joining"] = json.loads(columns["joining"]) if columns["joining"] else None
        columns["urgent"] = bool(columns["urgent"])  # a number on SQLite
        found.append(Pair.from_db(connection.alias, _NAMES, list(columns.values())))
    return found


def state(pair_id: int) -> str | None:
    """What people see of a pair; None where it is no more."""
    found = _rows(_STATE, pair_id)
    return found[0][0] if found else None


def begin(pair_id: int) -> None:
    """Raise a pair's fence."""
    _say(_BEGUN, pair_id)


def show(pair_id: int, side: Side, key: str, url: str, title: str) -> None:
    """Keep key, address and (when given) title for lists and messages."""
    _say(_SHOWN[side], key, url, pair_id)
    if title:
        _say(_CALLED, title, pair_id)


def agree(pair_id: int, base: object, at: datetime, *, in_step: bool) -> None:
    """Keep what both sides hold; with `in_step` the pair is shown as agreed."""
    _say(_AGREED, json.dumps(base), connection.ops.adapt_datetimefield_value(at), pair_id)
    if in_step:
        _say(_IN_STEP, pair_id)


def settle(pair_id: int, seen: int, state: str, reason: str, remedy: str) -> None:
    """A run that saw the dirty count `seen` is over; nobody waits for the pair unless it became dirty again."""
    _say(_SETTLED, seen, state, reason, remedy, seen, pair_id)


def by_hand(integration_id: int) -> list[tuple[Any, ...]]:
    """Who was said to be who, by name: id, address and name on the left, id and name on the right."""
    return _rows(_BY_HAND, integration_id, Side.LEFT.value)


def versions(integration_id: int) -> list[tuple[Any, ...]]:
    """Each release that has a version: its id, the version's, and what people call that."""
    return _rows(_VERSIONS, integration_id)


def asking(at: float, account: str, connection_id: int | None) -> int:
    """Note a request that is about to be sent; the number of its row."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ASKING + _TELLING, (at, account, connection_id))
            return int(cursor.fetchone()[0])
        cursor.execute(_ASKING, (at, account, connection_id))
        return int(cursor.lastrowid)


def answered(row: int, after: float, columns: Sequence[str | float | None]) -> None:
    """A request was answered `after` seconds; from now on it counts as having arrived then."""
    _say(_ANSWERED, after, *columns, row)


def parts(pair_id: int, kind: str) -> list[PartPair]:
    """The parts of `kind` of a pair that stand for each other, oldest first."""
    return [
        part_of(PartRow(left_id=left, right_id=right, origin=origin, held=json.loads(held)))
        for left, right, origin, held in _rows(_PARTS, pair_id, kind)
    ]


def unanswered(account: str, after: float, before: float) -> int:
    """How many requests of an account, whose rights were taken between two moments, have no answer yet."""
    return int(_rows(_LATE, account, after, before)[0][0])


def nth_request(account: str, after: float, before: float, nth: int) -> float | None:
    """When the `nth`-last request (from 0) of an account was answered, of those between two moments."""
    found = _rows(_NTH, account, after, before, nth)
    return found[0][0] if found else None
