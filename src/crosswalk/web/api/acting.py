"""How endpoints act: through crosswalk.sync.service, and written down as the act of the token's person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

from crosswalk.errors import CrosswalkError, Refused
from crosswalk.merge.records import Ref
from crosswalk.store.acts import Deed
from crosswalk.store.models import Integration
from crosswalk.sync import service
from crosswalk.web import audit

T = TypeVar("T")


def acting(request: HttpRequest, act: Callable[[], T], said: Callable[[T], str], deed: Deed | None = None) -> T:
    """Do `act` and write it down; a refusal is written down too, and raised on."""
    try:
        result = act()
    except CrosswalkError as error:
        audit.note(request, deed or audit.deed_of(request), said=str(error), done=False)
        raise
    audit.note(request, deed or audit.deed_of(request), said=said(result))
    return result


def refs(integration: Integration, names: list[str]) -> list[Ref]:
    """The records people call so. Raises Refused, naming the first that is none."""
    for name in names:
        if not all(part.isalnum() for part in name.split("-")):
            raise Refused(f"“{name}” is no record's key.", remedy="Write it as in Aha!, such as FAB-7.")
    return [service.find_ref(integration, name) for name in dict.fromkeys(names)]
