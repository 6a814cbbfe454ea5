"""What every run asks and says many times over, in plain SQL: Django takes thirty times as long to compose one of
these statements as a database to carry it out. Both databases understand them. Decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import connection

from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person
from crosswalk.store.models import Pair, PartRow
from crosswalk.store.text import fit
from crosswalk.store.views import part_of

_OWNED = "SELECT integration_id FROM store_pair WHERE id = %s AND fence = %s"
_LOCKED = "SELECT id FROM store_pair WHERE id = %s FOR NO KEY UPDATE"
# What views.view and a message show of a pair, in the model's order; Django fetches another column when it is asked.
_COLUMNS = (
    "id, integration_id, kind, parent_id, left_kind, left_id, left_key, right_kind, right_id, right_key, title, base, "
    "dirty, done, left_told, right_told, urgent, tries, looks, looked_at, fence, state, code, held, joining, "
    "deleted_on, apart"
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
_SHOWS = {
    side: " ".join(
        (
            *("SELECT", f"{side}_key, {side}_url, title", "FROM store_pair WHERE id = %s"),
            "AND EXISTS (SELECT 1 FROM store_pair owner WHERE owner.id = %s AND owner.fence = %s)",
        )
    )
    for side in Side
}
_CALLED = "UPDATE store_pair SET title = %s WHERE id = %s"
_AGREED = "UPDATE store_pair SET base = %s, agreed_at = %s WHERE id = %s"
_IN_STEP = "UPDATE store_pair SET state = 'agreed', reason = '', remedy = '', code = '' WHERE id = %s"
_APART = "UPDATE store_pair SET apart = %s WHERE id = %s"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SETTLED = (
    "UPDATE store_pair SET done = %s, state = %s, reason = %s, remedy = %s, code = %s, tries = 0, looks = 0, "
    "looked_at = NULL, urgent = (urgent AND dirty <> %s) WHERE id = %s"
)
_BY_HAND = (
    "SELECT person_id, email, name, other_id, other_name FROM store_acquaintance "
    "WHERE integration_id = %s AND side = %s AND other_id <> '' ORDER BY name, person_id"
)
_VERSIONS = (
    "SELECT left_id, right_id, right_key FROM store_pair "
    "WHERE integration_id = %s AND left_kind = 'release' AND left_id <> '' AND right_id IS NOT NULL"
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
# One question for each way to name a record, each by an index: an OR over all of them looks at every pair. A key has
# none, but few records are above others: those alone are looked at.
_ABOVE = {
    way: " ".join(
        (
            *("SELECT", _COLUMNS, "FROM store_pair WHERE integration_id = %s AND", way, "= %s"),
            "AND kind = %s AND left_id IS NOT NULL AND right_id IS NOT NULL",
        )
    )
    for way in ("left_kind = %s AND left_id", "right_kind = %s AND right_id", "left_kind = %s AND right_key")
}
_ELSEWHERE_LEFT = (
    "SELECT p.id FROM store_pair p JOIN store_integration i ON i.id = p.integration_id "
    "JOIN store_connection c ON c.id = i.aha_id JOIN store_integration mine ON mine.id = %s "
    "JOIN store_connection here ON here.id = mine.aha_id WHERE p.left_kind = %s AND p.left_id = %s "
    "AND p.integration_id <> mine.id AND c.address = here.address LIMIT 1"
)
_ELSEWHERE = {
    Side.LEFT: _ELSEWHERE_LEFT,
    Side.RIGHT: _ELSEWHERE_LEFT.replace(".left_", ".right_").replace(".aha_id", ".jira_id"),
}
_JOINED = {
    Side.LEFT: "UPDATE store_pair SET left_kind = %s, left_id = %s, left_key = %s WHERE id = %s",
    Side.RIGHT: "UPDATE store_pair SET right_kind = %s, right_id = %s, right_key = %s WHERE id = %s",
}
_NEED = (
    "INSERT INTO store_need (person_id, record) SELECT id, %s FROM store_acquaintance "
    "WHERE integration_id = %s AND side = %s AND person_id = %s ON CONFLICT DO NOTHING"
)
_MISSED = (
    "UPDATE store_acquaintance SET needed_at = %s, reason = %s, needed = (SELECT COUNT(*) FROM store_need n "
    "WHERE n.person_id = store_acquaintance.id), name = CASE WHEN %s = '' THEN name ELSE %s END, "
    "email = CASE WHEN %s = '' THEN email ELSE %s END WHERE integration_id = %s AND side = %s AND person_id = %s"
)
_OPEN = "SELECT id FROM store_createintent WHERE pair_id = %s AND side = %s AND closed_at IS NULL"
_SENDING = "UPDATE store_createintent SET sent_at = %s, base = %s WHERE token = %s AND closed_at IS NULL"
_CLOSED = (
    "UPDATE store_createintent SET closed_at = %s, made = %s WHERE pair_id = %s AND side = %s AND closed_at IS NULL"
)
_WAKE = "UPDATE store_pair SET dirty = dirty + 1, left_told = dirty + 1, right_told = dirty + 1, due_at = "
_WAKEN = {False: "%s WHERE id = %s", True: "CASE WHEN dirty <> done THEN due_at ELSE %s END WHERE id = %s"}
_POSTPONED = (
    "UPDATE store_pair SET due_at = %s, state = 'waiting', reason = %s, remedy = %s, tries = tries + %s, "
    "looks = looks + %s, looked_at = COALESCE(looked_at, %s) WHERE id = %s"
)
_HOLDERS = (
    "SELECT w.pair_id FROM store_partrow w JOIN store_pair p ON p.id = w.pair_id "
    "WHERE p.integration_id = %s AND w.kind = %s AND w.left_id = %s ORDER BY w.pair_id"
)
_DISPUTED = "SELECT id FROM store_disputerow WHERE pair_id = %s LIMIT 1"
_LOADED = "SELECT loaded_at FROM store_projectdata WHERE integration_id = %s ORDER BY id"
_CLAIMED = "SELECT id FROM store_connection WHERE address = %s ORDER BY id FOR UPDATE"
_SIGNED = {
    "grant": "SELECT id FROM store_grant WHERE connection_id = %s",
    "site": "SELECT id FROM store_connectsite WHERE connection_id = %s",
}
_TOLD = "SELECT id FROM store_journalentry WHERE pair_id = %s LIMIT 1"
_WOKEN = "SELECT woken FROM store_pair WHERE id = %s"
_AMONG = "SELECT id FROM store_pair WHERE id IN"
_DUE = {
    True: "due_at = %s, urgent = true, woken = %s",
    False: "due_at = CASE WHEN dirty <> done AND (state = 'waiting' OR due_at <= %s) THEN due_at ELSE %s END, "
    "woken = CASE WHEN dirty <> done THEN woken ELSE %s END",
}
_PARTS = "SELECT left_id, right_id, origin, held FROM store_partrow WHERE pair_id = %s AND kind = %s ORDER BY id"


def _say(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _rows(statement: str, *values: str | float | None) -> list[tuple[Any, ...]]:
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


def locked(pair_ids: Sequence[int]) -> int:
    """Lock these pairs, which are in the order of their ids, until the transaction ends; how many there are."""
    if not pair_ids:
        return 0
    lock = "FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""
    return len(_rows(" ".join((_AMONG, _places(pair_ids), "ORDER BY id", lock)), *pair_ids))


def _places(values: Sequence[object]) -> str:
    return f"({', '.join(['%s'] * len(values))})"


def touch(pair_ids: Sequence[int], at: datetime, cause: str, sides: Sequence[Side], *, urgent: bool) -> int:
    """Raise the dirty counts of these pairs, which `sides` are told of; see `pairs.mark_dirty`. How many there are."""
    moment = connection.ops.adapt_datetimefield_value(at)
    told = ", ".join(f"{side.value}_told = dirty + 1" for side in sides)
    begin = "UPDATE store_pair SET dirty = dirty + 1,"
    statement = " ".join((begin, told, ",", _DUE[urgent], "WHERE id IN", _places(pair_ids)))
    values = (moment, cause) if urgent else (moment, moment, cause)
    with connection.cursor() as cursor:
        cursor.execute(statement, (*values, *pair_ids))
        return int(cursor.rowcount)


def holder(integration_id: int, side: Side, ref: Ref) -> Pair | None:
    """The pair of an integration that holds `ref` on `side`."""
    return next(iter(_pairs(_HOLDER[side], integration_id, ref.kind, ref.id)), None)


def pair(pair_id: int) -> Pair | None:
    """The pair with this number."""
    return next(iter(_pairs(_PAIR, pair_id)), None)


def above(integration_id: int, kind: str, left: str | None, right: str | None) -> list[Pair]:
    """The whole pairs of a kind that hold either record: by the id on the left, by id or key on the right."""
    by_left, by_id, by_key = _ABOVE.values()
    found = [] if left is None else _pairs(by_left, integration_id, kind, left, kind)
    if right is None:
        return found
    if right.isdecimal():
        return found + _pairs(by_id, integration_id, "issue", right, kind)
    return found + _pairs(by_key, integration_id, kind, right, kind)


def elsewhere(integration_id: int, side: Side, ref: Ref) -> bool:
    """Whether another integration of the same account on `side` has a pair for the record."""
    return bool(_rows(_ELSEWHERE[side], integration_id, ref.kind, ref.id))


def below(pair_id: int) -> list[Pair]:
    """The pairs below a pair, oldest first."""
    return _pairs(_BELOW, pair_id)


def _pairs(statement: str, *values: str | float | None) -> list[Pair]:
    found = []
    for row in _rows(statement, *values):
        columns = dict(zip(_NAMES, row, strict=True))
        columns["base"] = json.loads(columns["base"])
        for name in ("joining", "apart"):
            columns[name] = json.loads(columns[name]) if columns[name] else None
        columns["urgent"] = bool(columns["urgent"])  # a number on SQLite
        if (moment := columns["looked_at"]) is not None and moment.tzinfo is None:
            columns["looked_at"] = moment.replace(tzinfo=UTC)  # SQLite keeps no zone
        found.append(Pair.from_db(connection.alias, _NAMES, list(columns.values())))
    return found


def state(pair_id: int) -> str | None:
    """What people see of a pair; None where it is no more."""
    found = _rows(_STATE, pair_id)
    return found[0][0] if found else None


def begin(pair_id: int) -> None:
    """Raise a pair's fence."""
    _say(_BEGUN, pair_id)


def shows(owner: int, fence: int, pair_id: int, side: Side, told: tuple[str, str, str]) -> bool:
    """Whether a pair has key, address and (when given) title already, and the pair `owner` this fence."""
    found = _rows(_SHOWS[side], pair_id, owner, fence)
    return bool(found) and found[0] == (*told[:2], told[2] or found[0][2])


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


def differ(pair_id: int, names: Sequence[str]) -> None:
    """Keep in which fields two records in step differ."""
    _say(_APART, json.dumps(list(names)) if names else None, pair_id)


def settle(pair_id: int, seen: int, state: str, words: tuple[str, str, str]) -> None:
    """A run that saw the dirty count `seen` is over; nobody waits for the pair unless it became dirty again."""
    _say(_SETTLED, seen, state, *words, seen, pair_id)


def wake(pair_id: int, due: datetime, *, later: bool) -> None:
    """Raise a pair's dirty count: it is due then; with `later` a pair that is due already stays so."""
    _say(_WAKE + _WAKEN[later], connection.ops.adapt_datetimefield_value(due), pair_id)


def postpone(pair_id: int, due: datetime, words: tuple[str, str], *, failed: bool, looked_at: datetime | None) -> None:
    """A run ended without success: the pair stays dirty, and waits. `looked_at`: when it saw what is not believed."""
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (due, looked_at)]
    _say(_POSTPONED, moments[0], *words, int(failed), int(looked_at is not None), moments[1], pair_id)


def join(pair_id: int, side: Side, ref: Ref, key: str) -> None:
    """The pair has this record on `side`."""
    _say(_JOINED[side], ref.kind, ref.id, key, pair_id)


def intended(pair_id: int, side: Side) -> bool:
    """Whether a create on `side` is open."""
    return bool(_rows(_OPEN, pair_id, side.value))


def sending(token: str, base: object, at: datetime) -> None:
    """The create with this token is sent now; both sides hold `base` if it lands."""
    _say(_SENDING, connection.ops.adapt_datetimefield_value(at), json.dumps(base), token)


def close(pair_id: int, side: Side, made: str, at: datetime) -> None:
    """The create that was open made the record with the id `made`."""
    _say(_CLOSED, connection.ops.adapt_datetimefield_value(at), made, pair_id, side.value)


def told(pair_id: int) -> bool:
    """Whether the journal says anything about a pair."""
    return bool(_rows(_TOLD, pair_id))


def woken(pair_id: int) -> str:
    """What last woke a pair."""
    return str(_rows(_WOKEN, pair_id)[0][0])


def by_hand(integration_id: int) -> list[tuple[Any, ...]]:
    """Who was said to be who, by name: id, address and name on the left, id and name on the right."""
    return _rows(_BY_HAND, integration_id, Side.LEFT.value)


def missed(integration_id: int, side: Side, who: Person, record: str, at: datetime, reason: str) -> bool:
    """Nobody was found for somebody whom `record` needed; False where that one is not known yet."""
    moment, name, email = connection.ops.adapt_datetimefield_value(at), fit(who.name, 200), who.email[:320]
    with connection.cursor() as cursor:
        cursor.execute(_NEED, (record, integration_id, side.value, who.id))
        cursor.execute(_MISSED, (moment, reason, name, name, email, email, integration_id, side.value, who.id))
        return bool(cursor.rowcount)


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


def holders(integration_id: int, kind: str, left: str) -> list[int]:
    """The pairs of an integration that have a part of `kind` whose id on the left is `left`."""
    return [row[0] for row in _rows(_HOLDERS, integration_id, kind, left)]


def disputed(pair_id: int) -> bool:
    """Whether a pair has conflicts, answered or not: hardly any has."""
    return bool(_rows(_DISPUTED, pair_id))


def loaded(integration_id: int) -> list[Any]:
    """When each part of an integration's project data was loaded, as the database says it: to compare with."""
    return [row[0] for row in _rows(_LOADED, integration_id)]


def claim(address: str) -> None:
    """Within a transaction: be alone among those who claim records of the accounts at `address`, see `owned`."""
    if connection.features.has_select_for_update:
        _rows(_CLAIMED, address)


def alone(name: str) -> None:
    """Within a transaction: until it ends nobody else is at what has this name. On SQLite nobody is anyway."""
    if connection.vendor == "postgresql":
        _rows(_ALONE, name)


def signed_by(how: Literal["grant", "site"], connection_id: int) -> int | None:
    """The grant that a connection signs in by, or the site that installed the Connect app; most have neither."""
    found = _rows(_SIGNED[how], connection_id)
    return found[0][0] if found else None
