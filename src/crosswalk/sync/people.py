"""Who is who on the other side: by a table of people, then by exact e-mail, then nobody. Never a guess.

Asks the sides and remembers; tells the memory who was needed and not found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from crosswalk.errors import Invalid, Refused
from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.values import Maybe, Person
from crosswalk.remote.budget import hurried
from crosswalk.sync.translate import People

KEPT = timedelta(minutes=15)
SEARCHED = timedelta(days=1)
MOST = 200
"""Searches of one run for somebody who hides the address; the next run goes on where this one stopped."""
_believing: ContextVar[bool] = ContextVar("believing", default=False)
NOT_FOUND = "Nobody has exactly this e-mail address there, or it is hidden."


@contextmanager
def believing() -> Iterator[None]:
    """Inside, it is believed for a while that nobody has an address: no person waits for whom it may be now."""
    before = _believing.set(True)
    try:
        yield
    finally:
        _believing.reset(before)


def _believes() -> bool:
    return _believing.get() or not hurried()


@dataclass(frozen=True, slots=True)
class _Known:
    person: Person | Untranslatable | None
    until: datetime


ByHand = Mapping[tuple[Side, str], tuple[Person, ...]]


class Acquaintances(Protocol):
    """The memory of an integration about people."""

    def by_hand(self) -> ByHand:
        """For a person's side and id, who a person said that is across; of several nobody knows which."""

    def missed(self, side: Side, who: Person, reason: str, record: str) -> None:
        """Nobody was found for `who`, who was met on `side`, in `record`."""

    def found(self, side: Side, who: Person) -> None:
        """Somebody was found for `who` by address, perhaps after all."""

    def searched(self, since: datetime) -> Mapping[str, str]:
        """By id, the left's people who were searched for since then, and the right's account found; "" for none."""

    def keep_search(self, who: Person, account: str) -> None:
        """The exact search for `who` of the left found `account` on the right; "" for nobody."""


class Nobody:
    """A memory that knows nobody and forgets everything."""

    def by_hand(self) -> ByHand:
        """Nobody."""
        return {}

    def missed(self, side: Side, who: Person, reason: str, record: str) -> None:
        """Forgotten."""

    def found(self, side: Side, who: Person) -> None:
        """Forgotten."""

    def searched(self, since: datetime) -> Mapping[str, str]:
        """Nobody."""
        del since
        return {}

    def keep_search(self, who: Person, account: str) -> None:
        """Forgotten."""


class PeopleBook:
    """Looks people up by `find(side, email)`, which gives the person with exactly that address, or None.

    `find` raises Refused where the address does not say who is meant; that is what the person is told.

    A Jira account may hide its address. Then each of `users`, the people of the Aha! workspace, is searched for in Jira
    by exact address until the account is found; what was found, and what was not, is remembered for a day. `fallback`
    names, per side, the e-mail address of who stands in for somebody that has no account there.
    """

    def __init__(
        self,
        find: Callable[[Side, str], Person | None],
        now: Callable[[], datetime],
        memory: Acquaintances | None = None,
        fallback: Mapping[Side, str] | None = None,
        users: Sequence[Person] = (),
    ) -> None:
        self._find = find
        self._now = now
        self._memory = memory or Nobody()
        self._fallback = fallback or {}
        self._users = users
        self._known: dict[tuple[Side, str], _Known] = {}
        self._answers: dict[tuple[Side, str], _Known] = {}
        self._lock = threading.Lock()

    def table(self, left: Iterable[Maybe], right: Iterable[Maybe], records: Mapping[Side, str] | None = None) -> People:
        """The translation for the people among the values `left` and `right`, which the `records` of a pair hold."""
        there, here, held = _people(left), _people(right), records or {}
        by_hand = self._memory.by_hand() if there or here else {}
        exact = {
            (to, who.id): self._exact(who, to, by_hand)
            for to, met in ((Side.RIGHT, there), (Side.LEFT, here))
            for who in met
        }
        shown = {found.id for (to, _), found in exact.items() if to is Side.RIGHT and isinstance(found, Person)}
        to_right = {who.id: found for who in there if (found := self._who(who, Side.RIGHT, exact, here, held))}
        asked = [who for who in here if who.id not in shown or isinstance(exact[Side.LEFT, who.id], Person)]
        to_left = {who.id: found for who in asked if (found := self._who(who, Side.LEFT, exact, here, held))}
        for left_id, found in to_right.items():
            if isinstance(found, Person):
                to_left.setdefault(found.id, Person(left_id))
        # Somebody who was taken out on the left alone is still met on the right, and known by that.
        for who in here:
            if isinstance(found := exact[Side.LEFT, who.id], Person):
                for name in filter(None, (found.id, found.email)):
                    to_right.setdefault(name, who)
        return People(to_right, to_left)

    def named(self, to: Side, ident: str) -> Person | None:
        """Who the account `ident` of the other side is on side `to`, as far as it is known without asking."""
        if len(found := self._memory.by_hand().get((to.other, ident), ())) == 1:
            return found[0]
        with self._lock:
            known = self._known.get((to, ident))
        return known.person if known is not None and isinstance(known.person, Person) else None

    def _exact(self, who: Person, to: Side, by_hand: ByHand) -> Person | Untranslatable | None:
        """The table, then the exact address."""
        match by_hand.get((to.other, who.id), ()):
            case (said,):
                return said
            case ():
                return self._across(who, to)
            case several:
                return _several(who, several)

    def _who(
        self,
        who: Person,
        to: Side,
        exact: Mapping[tuple[Side, str], Person | Untranslatable | None],
        met: Sequence[Person],
        records: Mapping[Side, str],
    ) -> Person | Untranslatable | None:
        """Who it exactly is, else who stands in."""
        found = exact[to, who.id]
        if isinstance(found, Person):
            return found
        self._memory.missed(to.other, who, found.reason if found else _reason(who, met), records.get(to.other, ""))
        email = self._fallback.get(to, "")
        stands_in = self._asked(to, email) if email else None
        return stands_in if isinstance(stands_in, Person) else found

    def _across(self, who: Person, to: Side) -> Person | Untranslatable | None:
        with self._lock:
            known = self._known.get((to, who.id))
        certain = known is not None and (isinstance(known.person, Person) or not who.email)
        if known is not None and certain and known.until > self._now():
            return known.person
        found = self._asked(to, who.email) if who.email else self._searched(who, to)
        if isinstance(found, Person):
            self._memory.found(to.other, who)
        until = self._now() + KEPT
        with self._lock:
            if who.email or isinstance(found, Person):
                self._known[to, who.id] = _Known(found, until)
            if isinstance(found, Person):
                self._known[to.other, found.id] = _Known(who, until)
        return found

    def _searched(self, who: Person, to: Side) -> Person | None:
        """The Aha! user whose exact address leads to the Jira account `who`, which hides its own."""
        if to is Side.RIGHT or not self._users:
            return None
        before = self._memory.searched(self._now() - SEARCHED)
        if known := next((one for one in self._users if before.get(one.id) == who.id), None):
            return known
        for one in [one for one in self._users if one.email and one.id not in before][:MOST]:
            met = self._asked(Side.RIGHT, one.email)
            self._memory.keep_search(one, met.id if isinstance(met, Person) else "")
            if isinstance(met, Person) and met.id == who.id:
                return one
        return None

    def _asked(self, side: Side, email: str) -> Person | Untranslatable | None:
        """Who has this address. That nobody has it is asked anew where a person waits; see believing()."""
        with self._lock:
            answer = self._answers.get((side, email))
        if answer is not None and answer.until > self._now() and (_believes() or isinstance(answer.person, Person)):
            return answer.person
        try:
            found: Person | Untranslatable | None = self._find(side, email)
        except (Refused, Invalid) as error:
            found = Untranslatable(error.message, error.remedy, error.code)
        with self._lock:
            self._answers[side, email] = _Known(found, self._now() + KEPT)
        return found


def _several(who: Person, meant: Sequence[Person]) -> Untranslatable:
    names = " and ".join(one.name or one.email or one.id for one in meant)
    why = f"{names} are {who.name or who.email or who.id} by the table of people: nobody can say which of them is meant"
    return Untranslatable(why, "Keep one of the lines, or assign the record in Aha!.", "U2")


def _reason(who: Person, met: Sequence[Person]) -> str:
    """Why nobody was found for `who`. Only the issue itself tells of a deactivated account on Cloud: the search shows
    active ones alone (https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/)."""
    gone = next((one for one in met if not one.active and (one.id == who.id or one.has_address(who.email))), None)
    return f"The Jira account of {gone.name or gone.id} is deactivated. {NOT_FOUND}" if gone else NOT_FOUND


def _people(values: Iterable[Maybe]) -> list[Person]:
    found: list[Person] = []
    for value in values:
        if isinstance(value, Person):
            found.append(value)
        elif isinstance(value, frozenset):
            found.extend(element for element in value if isinstance(element, Person))
    return found
