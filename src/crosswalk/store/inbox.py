"""The inbox of hooks: kept before they are answered, looked at afterwards. Does not understand what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from crosswalk.store.models import HookDelivery
from crosswalk.store.retention import remove
from crosswalk.store.rows import columns, made
from crosswalk.store.text import fit

_INSERTED = ("integration_id", "side", "identifier", "received_at", "headers", "body", "seen_at", "outcome")
_INSERT = """
INSERT INTO store_hookdelivery (integration_id, side, identifier, received_at, headers, body, seen_at, outcome)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_UPDATED = ("seen_at", "outcome", "id")
_UPDATE = "UPDATE store_hookdelivery SET seen_at = %s, outcome = %s WHERE id = %s"
_NEWEST = "SELECT MAX(id) FROM store_hookdelivery"
_UNSEEN = " ".join(
    (
        *("SELECT", columns(HookDelivery, "h")),
        "FROM store_hookdelivery h WHERE h.seen_at IS NULL AND h.id <= %s ORDER BY h.received_at, h.id LIMIT %s",
    )
)
_LAST = 2**63 - 1
ADDRESS = ":path"
"""Called as HTTP/2 calls it (RFC 9113, 8.3.1), so that no header line has this name."""
_LEFT_OUT = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """A hook as it arrived. `side` is "aha" or "jira"; `identifier` the server's own, empty where it gives none.

    Of one without body, `headers` keep as ADDRESS what followed the secret in its address.
    """

    side: str
    body: bytes
    received_at: datetime
    identifier: str = ""
    integration_id: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def keep(delivery: Delivery) -> bool:
    """Store `delivery`, durably when this returns (unless the caller's transaction is still open).

    False for a double, which is not stored again. Header lines that carry credentials are left out.
    """
    row = _row(delivery)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if HookDelivery.objects.filter(identifier=row.identifier).exists():
            return False
        raise
    return True


def keep_all(deliveries: Iterable[Delivery]) -> None:
    """Store `deliveries` together, as `keep` would one by one.

    In SQL, because making a statement anew for each batch takes the ORM longer than the database takes to store it.
    Both databases know `ON CONFLICT` (https://www.sqlite.org/lang_upsert.html).
    """
    _many(_INSERT, _INSERTED, [[getattr(row, name) for name in _INSERTED] for row in map(_row, deliveries)])


def _many(statement: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Execute `statement` for each of `rows`, whose values are those of the fields `names`."""
    fields = {field.attname: field for field in HookDelivery._meta.concrete_fields}
    prepare = [fields[name].get_db_prep_save for name in names]
    with connection.cursor() as cursor:
        values = [[one(value, connection) for one, value in zip(prepare, row, strict=True)] for row in rows]
        cursor.executemany(statement, values)


def _row(delivery: Delivery) -> HookDelivery:
    return HookDelivery(
        integration_id=delivery.integration_id,
        side=delivery.side,
        identifier=_identifier(delivery),
        received_at=delivery.received_at,
        headers={name: value for name, value in delivery.headers.items() if name.lower() not in _LEFT_OUT},
        body=delivery.body,
    )


def _identifier(delivery: Delivery) -> str:
    """Unique per integration, side and delivery.

    Without the server's own identifier it is the body's digest and the minute: a server that repeats a delivery does so
    at once, while the same words an hour later are a new event. What has no body is never taken for the same.
    """
    own = delivery.identifier
    if not own and not delivery.body:
        own = f"{delivery.received_at.isoformat()} {delivery.headers.get(ADDRESS, '')}"[:150]
    elif not own:
        own = f"{hashlib.sha256(delivery.body).hexdigest()} {delivery.received_at:%Y-%m-%dT%H:%M}"
    elif len(own) > 150:
        own = hashlib.sha256(own.encode()).hexdigest()
    return f"{delivery.side} {delivery.integration_id or '-'} {own}"


def newest() -> int:
    """The number of the newest delivery there is; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        return int(cursor.fetchone()[0] or 0)


def unseen(limit: int = 500, *, upto: int | None = None) -> list[HookDelivery]:
    """Deliveries nobody has looked at, oldest first; with `upto` none with a larger number."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, (_LAST if upto is None else upto, limit))
        return [made(HookDelivery, row) for row in cursor.fetchall()]


def mark_seen(outcomes: Mapping[int, str], at: datetime) -> None:
    """These were looked at: by delivery, what it woke, or why it is not ours. In SQL for the reason of `keep_all`."""
    _many(_UPDATE, _UPDATED, [(at, fit(words, 300), number) for number, words in outcomes.items()])


def prune(before: datetime) -> int:
    """Remove what was looked at before `before`; returns how many. Unseen deliveries stay."""
    return remove(HookDelivery.objects.filter(seen_at__lt=before))
