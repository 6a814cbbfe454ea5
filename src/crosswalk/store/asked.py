"""What every run asks many times over, in plain SQL: Django takes thirty times as long to compose one of these
questions as a database to answer it. Both databases understand them. Decides nothing.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import Pair, PartRow
from crosswalk.store.views import part_of

_OWNED = "SELECT integration_id FROM store_pair WHERE id = %s AND fence = %s"
_LOCKED = "SELECT id FROM store_pair WHERE id = %s FOR NO KEY UPDATE"
_HOLDER = {
    Side.LEFT: "SELECT * FROM store_pair WHERE integration_id = %s AND left_kind = %s AND left_id = %s",
    Side.RIGHT: "SELECT * FROM store_pair WHERE integration_id = %s AND right_kind = %s AND right_id = %s",
}
_PARTS = "SELECT left_id, right_id, origin, held FROM store_partrow WHERE pair_id = %s AND kind = %s ORDER BY id"
_NTH = "SELECT at FROM store_requestentry WHERE account = %s AND at > %s AND at < %s ORDER BY at DESC LIMIT 1 OFFSET %s"


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
    return next(iter(Pair.objects.raw(_HOLDER[side], [integration_id, ref.kind, ref.id])), None)


def parts(pair_id: int, kind: str) -> list[PartPair]:
    """The parts of `kind` of a pair that stand for each other, oldest first."""
    return [
        part_of(PartRow(left_id=left, right_id=right, origin=origin, held=json.loads(held)))
        for left, right, origin, held in _rows(_PARTS, pair_id, kind)
    ]


def nth_request(account: str, after: float, before: float, nth: int) -> float | None:
    """When the `nth`-last request (from 0) of an account was sent, of those between two moments."""
    found = _rows(_NTH, account, after, before, nth)
    return found[0][0] if found else None
