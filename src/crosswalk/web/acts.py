"""How pages act: through crosswalk.sync.service, with a refusal turned into a message. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest

from crosswalk.errors import CrosswalkError
from crosswalk.store.acts import Deed
from crosswalk.web import audit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, for a page: what happened, what to do next, and the entry in the troubleshooting pages."""

    message: str
    remedy: str = ""
    code: str = ""


def person(request: HttpRequest) -> str:
    """Who acts, for the journal."""
    return request.user.get_username()


def trouble_of(error: CrosswalkError) -> Trouble:
    """`error` for a page."""
    return Trouble(error.message, error.remedy, error.code)


def attempt(act: Callable[[], T]) -> tuple[T | None, Trouble | None]:
    """What `act` gives, or what kept it from it."""
    try:
        return act(), None
    except CrosswalkError as error:
        return None, trouble_of(error)


def act_and_say(request: HttpRequest, act: Callable[[], T], done: Callable[[T], str], deed: Deed | None = None) -> bool:
    """Do `act` and leave a message: `done` of what it gave, or what kept it from it. Whether it was done.

    Either way it is written down as this person's act: as `deed`, or as what the address says about itself.
    """
    try:
        said = done(act())
    except CrosswalkError as error:
        messages.error(request, str(error))
        audit.note(request, deed or audit.deed_of(request), said=str(error), done=False)
        return False
    messages.success(request, said)
    audit.note(request, deed or audit.deed_of(request), said=said)
    return True
