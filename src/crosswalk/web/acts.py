"""How pages act: through crosswalk.sync.service, with a refusal turned into a message. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest

from crosswalk.errors import CrosswalkError

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


def act_and_say(request: HttpRequest, act: Callable[[], T], done: Callable[[T], str]) -> bool:
    """Do `act` and leave a message: `done` of what it gave, or what kept it from it. Whether it was done."""
    try:
        messages.success(request, done(act()))
    except CrosswalkError as error:
        messages.error(request, str(error))
        return False
    return True
