"""How far sweeps are: pages are appended, read again after a cut, and removed at the end. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crosswalk.store.sweep_models import SweepPage

SHOWN, MEANT = "shown", "meant"
"""What a sweep stopped at, as it is shown to people; and that of it which somebody said is meant."""


def pages(integration_id: int, name: str, since: datetime) -> list[SweepPage]:
    """What the sweep of this name that began after `since` has read; an older one is forgotten."""
    mine = SweepPage.objects.filter(integration_id=integration_id, name=name)
    mine.filter(began_at__lte=since).delete()
    return list(mine.order_by("id"))


def add(integration_id: int, name: str, began_at: datetime, place: int | None, met: Sequence[int], found: Any) -> None:
    """Keep a page. `place` is the page of the list that comes next."""
    SweepPage.objects.create(
        integration_id=integration_id, name=name, began_at=began_at, next=place, met=list(met), found=found
    )


def over(integration_id: int, *names: str) -> None:
    """The sweep came to its end."""
    SweepPage.objects.filter(integration_id=integration_id, name__in=names).delete()


def stop(integration_id: int, at: datetime, found: list[Any]) -> None:
    """Keep what a sweep stopped at, under a new number where it is not what is kept."""
    with transaction.atomic():
        if kept(integration_id, SHOWN) != found:
            over(integration_id, SHOWN)
            add(integration_id, SHOWN, at, None, (), found)


def kept(integration_id: int, name: str) -> list[Any] | None:
    """What is SHOWN, or MEANT; None for nothing."""
    mine = SweepPage.objects.filter(integration_id=integration_id, name=name)
    return mine.order_by("-id").values_list("found", flat=True).first()


def number(integration_id: int) -> int:
    """Of what is shown: other changes have another one; 0 for nothing."""
    mine = SweepPage.objects.filter(integration_id=integration_id, name=SHOWN)
    return mine.order_by("-id").values_list("id", flat=True).first() or 0


def mean(integration_id: int, number: int) -> bool:
    """Somebody says that what is shown under `number` is meant; False where something else is shown by now."""
    with transaction.atomic():
        shown = SweepPage.objects.filter(integration_id=integration_id, name=SHOWN, pk=number).first()
        if shown is not None:
            over(integration_id, MEANT)
            add(integration_id, MEANT, shown.began_at, None, (), shown.found)
    return shown is not None
