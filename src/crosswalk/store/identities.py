"""People who come from an OpenID Connect provider: found by issuer and subject, made when they come first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from crosswalk.errors import Refused
from crosswalk.store import roles
from crosswalk.store.models import Identity
from crosswalk.store.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody the provider vouches for. `role` is what its claim gives; `first` is the first owner to be."""

    issuer: str
    subject: str
    name: str
    role: Role
    first: bool = False


def arrive(comer: Comer) -> tuple[User, bool]:
    """The person, with the role the provider gives now; and whether they were made just now.

    Raises Refused for who was deactivated here, and where somebody else became the first owner meanwhile. The last
    owner stays one, whatever the claim says.
    """
    with transaction.atomic():
        if comer.first and get_user_model().objects.select_for_update().exists():
            raise Refused("This Crosswalk has an owner already.", remedy="Sign in, or ask the owner for the right.")
        known = Identity.objects.select_related("user").filter(issuer=comer.issuer, subject=comer.subject).first()
        if known is None:
            return _make(comer), True
    user = known.user
    if not user.is_active:
        raise Refused("Your account here is deactivated.", remedy="Ask an owner to let you in again.")
    if roles.role_of(user) is not comer.role and not _last_owner(user):
        user = roles.change(user.pk, role=comer.role)
    return user, False


def _last_owner(user: User) -> bool:
    return [owner.pk for owner in roles.owners()] == [user.pk]


def _make(comer: Comer) -> User:
    user: User = get_user_model()(username=_free(comer.name))
    user.set_unusable_password()
    roles.give(user, Role.OWNER if comer.first else comer.role)
    user.save()
    Identity.objects.create(issuer=comer.issuer, subject=comer.subject, user=user)
    return user


def _free(wanted: str) -> str:
    """A name nobody has, close to the one wanted. Never an account that is there: names prove nothing."""
    base = re.sub(r"[^\w.@+-]", "", wanted)[:140] or "person"
    taken = {name.lower() for name in get_user_model().objects.values_list("username", flat=True)}
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name.lower() not in taken)
