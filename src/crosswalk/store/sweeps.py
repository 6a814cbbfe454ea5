"""How far sweeps are: pages are appended, read again after a cut, and removed at the end. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crosswalk.store.sweep_models import SweepPage


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


def over(integration_id: int, name: str) -> None:
    """The sweep came to its end."""
    SweepPage.objects.filter(integration_id=integration_id, name=name).delete()
