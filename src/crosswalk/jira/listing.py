"""Lists what stands around a project: its boards, and whom its issues may be assigned to. Empty is not unreadable:
None says that this account, app or server does not tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from crosswalk import errors
from crosswalk.jira import wire_agile, wire_meta
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import choice
from crosswalk.merge.values import Choice, Person
from crosswalk.remote.client import Client

MOST_BOARDS = 500
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
    people: list[Person] = []
    full = False
    for start in range(0, flavour.most_assignable, flavour.assignable_page):
        page = wire_meta.items(client.send(flavour.assignable(project, start)))
        # Apps have accounts of their own on Cloud, which nobody assigns anything to.
        people += [flavour.person(one) for one in page if one.get("accountType") in (None, "atlassian")]
        full = len(page) >= flavour.assignable_full
    return tuple(sorted(people, key=lambda one: (one.name.casefold(), one.id))), full


def _told(ask: Callable[[], _T]) -> _T | None:
    try:
        return ask()
    except UNTOLD:
        return None
