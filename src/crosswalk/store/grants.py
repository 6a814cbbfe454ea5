"""Keeps grants: one run at a time may renew, and what it got is durable before it is used. Decides nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from crosswalk.store.grant_models import Grant
from crosswalk.store.text import fit


def take(pk: int, by: str, at: datetime, lasts: timedelta) -> bool:
    """Take the lease on renewing a grant; False while another has it. It ends by itself, whatever becomes of us."""
    free = Grant.objects.filter(pk=pk).filter(Q(lease_until=None) | Q(lease_until__lte=at))
    return free.update(lease_until=at + lasts, lease_by=by) == 1


def give_back(pk: int, by: str, until: datetime | None = None) -> None:
    """Let others renew, from `until` on where that is given."""
    Grant.objects.filter(pk=pk, lease_by=by).update(lease_until=until, lease_by="" if until is None else by)


def about_to_use(pk: int, at: datetime) -> None:
    """Remember, before it is sent, that the refresh token may be used up from now on."""
    Grant.objects.filter(pk=pk, tried_at=None).update(tried_at=at)


def keep(pk: int, by: str, access: str, refresh: str, until: datetime | None) -> bool:
    """Keep what a renewal gave, and end the lease; False where the lease had passed to another meanwhile.

    Durable: it is on the disk when this returns, and a transaction around it is refused. `refresh` may be "": the old
    one goes on to be good then.
    """
    with transaction.atomic(durable=True):
        row = Grant.objects.select_for_update().filter(pk=pk, lease_by=by).first()
        if row is None:
            return False
        row.access, row.access_until, row.tried_at = access, until, None
        row.refresh = refresh or row.refresh
        row.lease_until, row.lease_by = None, ""
        row.save(update_fields=["access", "access_until", "refresh", "tried_at", "lease_until", "lease_by"])
    return True


def spend(pk: int, access: str, at: datetime) -> None:
    """The access token `access` is refused: it counts as ended, unless another has taken its place."""
    with transaction.atomic(durable=True):
        row = Grant.objects.select_for_update().get(pk=pk)
        if row.access.reveal() == access:
            Grant.objects.filter(pk=pk).update(access_until=at)


def end(pk: int, by: str, why: str) -> bool:
    """Say that somebody has to sign in again; False where the lease had passed to another meanwhile."""
    ended = Grant.objects.filter(pk=pk, lease_by=by)
    return ended.update(trouble=fit(why, 500), lease_until=None, lease_by="") == 1
