"""What the last load of project data holds, list by list, for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crosswalk.merge.values import Choice, Person
from crosswalk.sync.projectdata import Loaded

SHOWN = 100
ZONE = "the account's: it says which day a moment is, where a date is joined with one"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: which side's, what it holds, its first SHOWN names, how many there are, and what to know about it.

    `count` is None where the side does not tell. What is no list is `said`.
    """

    side: str
    what: str
    count: int | None
    names: tuple[str, ...] = ()
    note: str = ""
    said: str = ""

    def __str__(self) -> str:
        counted = "not readable" if self.count is None else str(self.count)
        return f"{self.what}: {self.said or counted}{f' ({self.note})' if self.note else ''}"


def listings(loaded: Loaded) -> tuple[Listing, ...]:
    """Every list that was loaded, Aha!'s first."""
    return (*_aha(loaded), *_jira(loaded))


def _aha(loaded: Loaded) -> Iterator[Listing]:
    there = loaded.aha
    yield _listing("aha", "Statuses", (f"{one.name} ({kind})" for kind, some in there.statuses.items() for one in some))
    yield _listing("aha", "Custom fields", (f"{one.name} ({one.kind})" for one in there.custom_fields))
    yield _listing("aha", "Releases", _names(there.releases))
    yield _listing("aha", "People", map(_person, there.people))


def _jira(loaded: Loaded) -> Iterator[Listing]:
    there = loaded.jira
    types = there.types.values()
    if there.style:
        yield Listing("jira", "Project", 1, said=there.style)
    yield _listing("jira", "Issue types", (one.name for one in types))
    fields = {info.id: info for one in types for info in one.fields.values()}
    required = {info.id for one in types for info in one.fields.values() if info.required}
    yield _listing("jira", "Fields on their screens", (one.name for one in fields.values()))
    yield _listing("jira", "Required fields", (fields[name].name for name in sorted(required)))
    yield _listing("jira", "Statuses", dict.fromkeys(status.name for one in types for status in one.statuses))
    yield _listing("jira", "Priorities", _names(there.priorities))
    yield _listing("jira", "Versions", _names(there.versions))
    yield _listing("jira", "Link types", (one.name for one in there.link_types))
    yield Listing("jira", "Time zone", 1, note=ZONE, said=there.zone or "UTC")
    if there.boards is None:
        yield Listing("jira", "Boards", None, note="Jira does not tell this account or app of boards")
    else:
        yield _listing("jira", "Boards", (f"{one.name} ({one.category})" for one in there.boards))
    if there.people is None:
        yield Listing("jira", "People", None, note="Jira does not tell this account who may be assigned")
    else:
        most = "1,000" if loaded.flavour == "cloud" else "100"
        note = f"there may be more: Jira lists at most {most}" if there.more_people else ""
        yield _listing("jira", "People", map(_person, there.people), note)


def _listing(side: str, what: str, names: Iterable[str], note: str = "") -> Listing:
    every = tuple(names)
    return Listing(side, what, len(every), every[:SHOWN], note)


def _names(choices: Iterable[Choice]) -> Iterator[str]:
    return (one.name for one in choices)


def _person(who: Person) -> str:
    return f"{who.name} ({who.email})" if who.email else who.name
