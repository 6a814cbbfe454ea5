"""Who may do what: the three roles, as Django's user table holds them. Knows users; refuses to know any page.

| role | is_superuser | is_staff | |
|---|---|---|---|
| owner | yes | yes | everything, also people who sign in and connections |
| editor | no | yes | integrations, mapping, send, retry, resolve |
| viewer | no | no | sees everything, changes nothing |
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import transaction

from crosswalk.errors import Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet


class Role(StrEnum):
    """What a person may do here; each role may do all that the one before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """Its place: a higher rank may do more."""
        return list(Role).index(self)

    def covers(self, need: Role) -> bool:
        """Whether this role may do what needs the role `need`."""
        return self.rank >= need.rank

    def at_most(self, other: Role) -> Role:
        """The one of both that may do less."""
        return self if self.rank <= other.rank else other


def role_of(user: User | AnonymousUser) -> Role:
    """The role of a person who is signed in."""
    if user.is_superuser:
        return Role.OWNER
    return Role.EDITOR if user.is_staff else Role.VIEWER


def give(user: User, role: Role) -> None:
    """Set the role on `user`, unsaved."""
    user.is_superuser = role is Role.OWNER
    user.is_staff = role.covers(Role.EDITOR)


def owners() -> QuerySet[User]:
    """Everybody who owns this installation and can sign in."""
    return get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("username")


def change(user_id: int, *, role: Role | None = None, active: bool | None = None) -> User:
    """Give a person another role, or end or renew their right to sign in. Raises Refused for the last owner.

    The owners are locked meanwhile, so that two owners can not remove each other at the same moment.
    """
    with transaction.atomic():
        held = [owner.pk for owner in owners().select_for_update()]
        user = get_user_model().objects.select_for_update().get(pk=user_id)
        stays = (role or role_of(user)) is Role.OWNER and (user.is_active if active is None else active)
        if held == [user.pk] and not stays:
            raise Refused(
                f"{user.get_username()} is the last owner.", remedy="Make somebody else an owner first, then try again."
            )
        if role is not None:
            give(user, role)
        if active is not None:
            user.is_active = active
        user.save(update_fields=["is_superuser", "is_staff", "is_active"])
    if active is False:
        end_sessions(user)
    return user


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign `user` out in every browser, save the session with the key `but`. How many there were.

    Sessions do not say whose they are, so all that still hold are read: an installation has few.
    """
    ended = 0
    for session in Session.objects.exclude(session_key=but or "").iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended
