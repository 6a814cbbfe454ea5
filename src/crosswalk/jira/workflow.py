"""Finds a way through a workflow: what is known of it, and the shortest path. Pure; screens.py fills the screens.

Only the ways out of an issue's present status can be asked for without administrator's rights, so a workflow is learned
from what issues reveal, and unlearned where it turns out wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk.jira.metadata import choice
from crosswalk.jira.screens import Need, needs_of
from crosswalk.jira.wire import Json
from crosswalk.merge.values import Choice

LONGEST = 6  # transitions in a row; a workflow that needs more is one that nobody walks by hand either


@dataclass(frozen=True, slots=True)
class Way:
    """One transition out of a status."""

    id: str
    name: str
    to: Choice
    needs: tuple[Need, ...] = ()


Known = Mapping[str, Sequence[Way]]
"""The ways out of each status that was seen, by the status's id."""


SEEN = 5
"""So many issues are remembered that revealed the ways out of a status."""


@dataclass(slots=True)
class Learned:
    """What issues of one type revealed: by status and by issue, the ways out.

    A condition hides a transition from one issue (or while something about it is so) and not from another, so what the
    last SEEN of them could do counts together; a transition that was taken away is forgotten when none of those had it.
    """

    told: dict[str, dict[str, tuple[Way, ...]]] = field(default_factory=dict)

    def learn(self, status: str, issue: str, ways: tuple[Way, ...]) -> None:
        """What `issue` can do now that it stands in `status`."""
        some = self.told.setdefault(status, {})
        some.pop(issue, None)
        some[issue] = ways
        while len(some) > SEEN:
            del some[next(iter(some))]

    def forget(self, statuses: Iterable[str]) -> None:
        """As if nobody had told of these."""
        for status in statuses:
            self.told.pop(status, None)

    def known(self) -> dict[str, tuple[Way, ...]]:
        """The ways out of each status, as the issue that told last of each shows it."""
        return {
            status: tuple({way.id: way for ways in some.values() for way in ways}.values())
            for status, some in self.told.items()
        }


def ways_of(answer: Json) -> tuple[Way, ...]:
    """The transitions of an answer to `transitions` with `expand=transitions.fields`."""
    listed = answer.get("transitions") if isinstance(answer, dict) else None
    return tuple(
        Way(
            str(entry.get("id")),
            str(entry.get("name") or ""),
            choice(entry["to"]),
            tuple(needs_of(entry.get("fields"))),
        )
        for entry in listed or []
        if isinstance(entry, dict) and isinstance(entry.get("to"), dict)
    )


def path(known: Known, start: str, goal: str) -> tuple[Way, ...] | None:
    """The shortest way from status `start` to `goal` along what is known; None where there is none."""
    came: dict[str, tuple[str, Way]] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for way in known.get(here, ()):
            there = way.to.id
            if there == start or there in came:
                continue
            came[there] = (here, way)
            if there == goal:
                return _back(came, start, goal)
            waiting.append(there)
    return None


def _back(came: Mapping[str, tuple[str, Way]], start: str, goal: str) -> tuple[Way, ...]:
    steps: list[Way] = []
    here = goal
    while here != start:
        here, way = came[here]
        steps.append(way)
    return tuple(reversed(steps))


def frontier(known: Known, start: str) -> list[Choice]:
    """Statuses that can be reached and whose own ways out are not known yet, the nearest first."""
    found: dict[str, Choice] = {}
    seen = {start}
    waiting = deque([start])
    while waiting:
        for way in known.get(waiting.popleft(), ()):
            if way.to.id in seen:
                continue
            seen.add(way.to.id)
            if way.to.id in known:
                waiting.append(way.to.id)
            else:
                found[way.to.id] = way.to
    return list(found.values())


def filled_first(known: Known, lacks: Callable[[Way], bool]) -> Known:
    """`known` with the ways first whose screens lack nothing, so that of two to the same status one is gone."""
    return {here: sorted(ways, key=lacks) for here, ways in known.items()}
