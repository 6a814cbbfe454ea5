"""Lists what stands around a project: its boards, and whom its issues may be assigned to. Empty is not unreadable:
None says that this account, app or server does not tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from crosswalk import errors
from crosswalk.jira import wire_agile, wire_meta
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import choice
from crosswalk.jira.wire import Json
from crosswalk.merge.values import Choice, Person
from crosswalk.remote.client import Client

MOST_BOARDS = 500
MOST_ASKED = 500  # questions for people whose names begin with something
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789._-"
UNTOLD = (errors.NotFound, errors.Forbidden, errors.Invalid, errors.ServerFault)
_T = TypeVar("_T")


def boards(client: Client, project: str) -> tuple[Choice, ...] | None:
    """The boards that show issues of the project with this key: id, name, and its kind as category.

    None without Jira Software, or where the consent of an app leaves boards out.
    """
    return _told(lambda: _boards(client, project))


def _boards(client: Client, project: str) -> tuple[Choice, ...]:
    found: list[Choice] = []
    start: int | None = 0
    while start is not None and len(found) < MOST_BOARDS:
        data = client.send(wire_agile.boards(project, start))
        for entry in wire_meta.items(data):
            one = choice(entry)
            found.append(Choice(one.id, one.name, str(entry.get("type") or "")))
        start = wire_meta.next_start(data)
    return tuple(found)


def assignable(client: Client, flavour: Flavour, project: str) -> tuple[tuple[Person, ...] | None, bool]:
    """Whom issues of the project with this key may be assigned to, and whether there may be more than Jira shows."""
    found = _told(lambda: _assignable(client, flavour, project))
    return (None, False) if found is None else found


def _assignable(client: Client, flavour: Flavour, project: str) -> tuple[tuple[Person, ...], bool]:
    def ask(start: int, beginning: str = "") -> list[dict[str, Json]]:
        return list(wire_meta.items(client.send(flavour.assignable(project, start, beginning))))

    found: list[dict[str, Json]] = []
    full = False
    if flavour.assignable_paged:
        for start in range(0, flavour.most_assignable, flavour.assignable_page):
            page = ask(start)
            found += page
            full = len(page) >= flavour.assignable_full
    else:
        most = flavour.most_assignable, flavour.assignable_full
        found, full = by_beginnings(lambda beginning: ask(0, beginning), *most, lambda one: flavour.person(one).id)
    # Apps have accounts of their own on Cloud, which nobody assigns anything to.
    people = [flavour.person(one) for one in found if one.get("accountType") in (None, "atlassian")]
    return tuple(sorted(people, key=lambda one: (one.name.casefold(), one.id))), full


def by_beginnings(
    ask: Callable[[str], Sequence[_T]], most: int, full: int, key: Callable[[_T], str]
) -> tuple[list[_T], bool]:
    """Up to `most` that `ask` gives for any beginning of a name, each once by its `key`; whether there may be more.

    Where an answer is `full`, every beginning that is longer by one of LETTERS is asked for, the shortest first, until
    `most` are found or that took MOST_ASKED questions.
    """
    found: dict[str, _T] = {}
    waiting = deque([""])
    for _ in range(MOST_ASKED):
        if not waiting or len(found) >= most:
            break
        beginning = waiting.popleft()
        some = ask(beginning)
        found |= {key(one): one for one in some}
        if len(some) >= full:
            # A sign alone finds everybody: https://jira.atlassian.com/browse/JRASERVER-29069
            waiting.extend(beginning + letter for letter in LETTERS if beginning or letter.isalnum())
    return list(found.values())[:most], bool(waiting) or len(found) > most


def _told(ask: Callable[[], _T]) -> _T | None:
    try:
        return ask()
    except UNTOLD:
        return None
