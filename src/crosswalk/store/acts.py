"""The account of what people did: lines are added and read, never changed. Knows nothing of why they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from crosswalk.store.models import Act
from crosswalk.store.text import fit

KINDS: Final = {
    "sign-in": "Sign-ins",
    "account": "Accounts and roles",
    "token": "API tokens",
    "connection": "Connections",
    "settings": "Settings and mappings",
    "send": "Sends",
    "approval": "Decisions",
    "work": "Syncs and retries",
}


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: the name, the way they came, the network address."""

    name: str
    way: str = "page"
    address: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done: a kind of KINDS, a few words, what it is about, and what was before and after. Holds no secret."""

    kind: str
    what: str
    about: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def note(who: Who, deed: Deed, at: datetime, *, said: str = "", done: bool = True) -> None:
    """Add a line. Of `before` and `after` only what differs is kept."""
    before, after = dict(deed.before or {}), dict(deed.after or {})
    names = [name for name in {**before, **after} if (before.get(name) or "") != (after.get(name) or "")]
    Act.objects.create(
        at=at,
        person=fit(who.name, 150),
        way=fit(who.way, 150),
        address=who.address[:45],
        kind=deed.kind,
        what=fit(deed.what, 200),
        about=fit(deed.about, 300),
        said=fit(said),
        done=done,
        before={name: before[name] for name in names if name in before},
        after={name: after[name] for name in names if name in after},
    )


def found(*, person: str = "", kind: str = "", text: str = "", since: date | None = None) -> QuerySet[Act]:
    """Lines that fit all that is given, the newest first."""
    lines = Act.objects.order_by("-id")
    if person:
        lines = lines.filter(person=person)
    if kind:
        lines = lines.filter(kind=kind)
    if since:
        lines = lines.filter(at__date__gte=since)
    if text:
        lines = lines.filter(Q(what__icontains=text) | Q(about__icontains=text) | Q(said__icontains=text))
    return lines


def people() -> list[str]:
    """Everybody who stands in a line, by name."""
    return list(Act.objects.exclude(person="").order_by("person").values_list("person", flat=True).distinct())
