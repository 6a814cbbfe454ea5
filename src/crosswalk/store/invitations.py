"""Links that work once, for people who are to sign in. Keeps their digest; the link is shown once and forgotten."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from crosswalk.errors import Refused
from crosswalk.store.models import Invitation
from crosswalk.store.roles import Role, end_sessions, give
from crosswalk.store.signing import digest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LASTS: Final = timedelta(days=7)


def invite(name: str, role: Role, by: str, now: datetime) -> str:
    """The code of a new invitation for `name`; an older open one for the same name ends."""
    Invitation.objects.filter(name__iexact=name, user=None, used_at=None).delete()
    return _made(Invitation(name=name, role=role.value, made_by=by, made_at=now, ends_at=now + LASTS))


def renew(user: User, role: Role, by: str, now: datetime) -> str:
    """The code of a link with which `user` sets a new password; an older open one ends."""
    Invitation.objects.filter(user=user, used_at=None).delete()
    name = user.get_username()
    return _made(Invitation(name=name, role=role.value, user=user, made_by=by, made_at=now, ends_at=now + LASTS))


def _made(row: Invitation) -> str:
    code = secrets.token_urlsafe(32)
    row.digest = digest(code)
    row.save()
    return code


def waiting(now: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be used, the newest first."""
    return Invitation.objects.filter(used_at=None, ends_at__gt=now).select_related("user").order_by("-made_at")


def find(code: str, now: datetime) -> Invitation | None:
    """The invitation that `code` opens, while it holds."""
    return waiting(now).filter(digest=digest(code)).first()


def accept(code: str, password: str, now: datetime) -> User:
    """Use the invitation: the person's account with this password. Raises Refused when it was used meanwhile."""
    gone = Refused("This link was used already, or has ended.", remedy="Ask an owner for a new one.")
    try:
        with transaction.atomic():
            row = waiting(now).filter(digest=digest(code)).first()
            # The update takes the row; of two people with the same link one finds nothing left to take.
            if row is None or not Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
                raise gone
            user = row.user or get_user_model()(username=row.name)
            if row.user is None:
                give(user, Role(row.role))
            user.set_password(password)
            user.save()
    except IntegrityError:
        raise Refused("Somebody has this name already.", remedy="Ask an owner for a link with another.") from None
    end_sessions(user)
    return user
