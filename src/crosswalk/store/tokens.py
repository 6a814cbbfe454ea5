"""API tokens: made, found by what a program sends, revoked. A token is shown once and kept as its digest."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from crosswalk.store.models import ApiToken
from crosswalk.store.roles import Role, role_of
from crosswalk.store.signing import digest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

START: Final = "cw_"  # so that scanners for leaked secrets know one
SENDER: Final = "sender"
"""In place of a role: the token sends records and tells how they are, and opens nothing else."""
_EVERY: Final = timedelta(minutes=1)


def make(user: User, name: str, role: str, ends_at: datetime, now: datetime) -> str:
    """A new token with a role, or SENDER in its place; the text is not kept."""
    text = START + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest(text),
        begins=text[:8],
        role=str(role),
        made_at=now,
        ends_at=ends_at,
    )
    return text


def find(text: str, now: datetime) -> ApiToken | None:
    """The token, while it holds and its person may sign in; notes that it was used."""
    found = holding(now).select_related("user").filter(digest=digest(text), user__is_active=True).first()
    if found is not None:
        # A write for each request would make every request wait for the database's one writer.
        lately = Q(used_at=None) | Q(used_at__lt=now - _EVERY)
        ApiToken.objects.filter(lately, pk=found.pk).update(used_at=now)
    return found


def holding(now: datetime) -> QuerySet[ApiToken]:
    """Tokens that have not ended and were not revoked."""
    return ApiToken.objects.filter(revoked_at=None, ends_at__gt=now)


def role(token: ApiToken) -> Role:
    """What it may do: never more than its person, whose role may have changed since."""
    return (Role.EDITOR if token.role == SENDER else Role(token.role)).at_most(role_of(token.user))


def revoke(user: User, pk: int, now: datetime) -> ApiToken | None:
    """End a token of `user`; None where there is none to end."""
    found = ApiToken.objects.filter(user=user, pk=pk, revoked_at=None).first()
    if found is None or not ApiToken.objects.filter(pk=pk, revoked_at=None).update(revoked_at=now):
        return None
    return found
