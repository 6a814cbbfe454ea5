"""Who is who on the other side: exact e-mail or account id, never a guess. Asks the sides and remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosswalk.errors import Refused
from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.values import Maybe, Person
from crosswalk.sync.translate import People

KEPT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Known:
    person: Person | Untranslatable | None
    until: datetime


class PeopleBook:
    """Looks people up by `find(side, email)`, which gives the person with exactly that address, or None.

    `find` raises Refused where the address does not say who is meant; that is what the person is told.

    A Jira account may hide its address; it is known again once its Aha! user was looked up.
    """

    def __init__(self, find: Callable[[Side, str], Person | None], now: Callable[[], datetime]) -> None:
        self._find = find
        self._now = now
        self._known: dict[tuple[Side, str], _Known] = {}
        self._lock = threading.Lock()

    def table(self, left: Iterable[Maybe], right: Iterable[Maybe]) -> People:
        """The translation for the people among the values `left` and `right`."""
        to_right = {who.id: found for who in _people(left) if (found := self._across(who, Side.RIGHT))}
        to_left = {who.id: found for who in _people(right) if (found := self._across(who, Side.LEFT))}
        for left_id, found in to_right.items():
            if isinstance(found, Person):
                to_left.setdefault(found.id, Person(left_id))
        return People(to_right, to_left)

    def _across(self, who: Person, to: Side) -> Person | Untranslatable | None:
        with self._lock:
            known = self._known.get((to, who.id))
        certain = known is not None and (isinstance(known.person, Person) or not who.email)
        if known is not None and certain and known.until > self._now():
            return known.person
        found = self._asked(to, who.email) if who.email else None
        until = self._now() + KEPT
        with self._lock:
            if who.email:
                self._known[to, who.id] = _Known(found, until)
            if isinstance(found, Person):
                self._known[to.other, found.id] = _Known(who, until)
        return found

    def _asked(self, side: Side, email: str) -> Person | Untranslatable | None:
        try:
            return self._find(side, email)
        except Refused as error:
            return Untranslatable(error.message, error.remedy, error.code)


def _people(values: Iterable[Maybe]) -> list[Person]:
    found: list[Person] = []
    for value in values:
        if isinstance(value, Person):
            found.append(value)
        elif isinstance(value, frozenset):
            found.extend(element for element in value if isinstance(element, Person))
    return found
