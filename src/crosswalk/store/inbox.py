"""The inbox of hooks: kept before they are answered, looked at afterwards. Does not understand what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from crosswalk.store.models import HookDelivery
from crosswalk.store.text import fit

_LEFT_OUT = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """A hook as it arrived. `side` is "aha" or "jira"; `identifier` the server's own, empty where it gives none."""

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
    """Store `deliveries` in one statement, as `keep` would one by one."""
    HookDelivery.objects.bulk_create([_row(one) for one in deliveries], ignore_conflicts=True)


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
    at once, while the same words an hour later are a new event.
    """
    own = delivery.identifier
    if not own:
        own = f"{hashlib.sha256(delivery.body).hexdigest()} {delivery.received_at:%Y-%m-%dT%H:%M}"
    elif len(own) > 150:
        own = hashlib.sha256(own.encode()).hexdigest()
    return f"{delivery.side} {delivery.integration_id or '-'} {own}"


def unseen(limit: int = 500) -> list[HookDelivery]:
    """Deliveries nobody has looked at, oldest first."""
    return list(HookDelivery.objects.filter(seen_at=None).order_by("received_at", "id")[:limit])


def mark_seen(delivery_ids: Iterable[int], at: datetime, outcome: str) -> None:
    """These were looked at; `outcome` says what they woke, or why they are not ours."""
    HookDelivery.objects.filter(pk__in=list(delivery_ids)).update(seen_at=at, outcome=fit(outcome, 300))


def prune(before: datetime) -> int:
    """Remove what was looked at before `before`; returns how many. Unseen deliveries stay."""
    count, _ = HookDelivery.objects.filter(seen_at__lt=before).delete()
    return count
