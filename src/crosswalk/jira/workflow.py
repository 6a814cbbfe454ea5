"""Finds a way through a workflow: what is known of it, the shortest path, and what a transition's screen wants. Pure.

Only the ways out of an issue's present status can be asked for without administrator's rights, so a workflow is learned
from what issues reveal, and unlearned where it turns out wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk.jira.metadata import choice
from crosswalk.jira.wire import Json
from crosswalk.merge.values import Choice

LONGEST = 6  # transitions in a row; a workflow that needs more is one that nobody walks by hand either


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a transition's screen requires: its id, what people call it, what it may hold (none: anything)."""

    id: str
    name: str
    listed: bool = False
    options: tuple[Choice, ...] = ()


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
        Way(str(entry.get("id")), str(entry.get("name") or ""), choice(entry["to"]), tuple(_needs(entry.get("fields"))))
        for entry in listed or []
        if isinstance(entry, dict) and isinstance(entry.get("to"), dict)
    )


def _needs(fields: Json) -> Iterable[Need]:
    for name, info in fields.items() if isinstance(fields, dict) else ():
        if isinstance(info, dict) and info.get("required") is True and info.get("hasDefaultValue") is not True:
            schema = info.get("schema") or {}
            options = tuple(choice(entry) for entry in info.get("allowedValues") or [] if isinstance(entry, dict))
            yield Need(name, str(info.get("name") or name), schema.get("type") == "array", options)


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


def filled_first(known: Known, table: Mapping[str, str]) -> Known:
    """`known` with the ways first whose screens `table` fills, so that of two to the same status one is gone."""
    return {here: sorted(ways, key=lambda way: bool(screen(way, table).missing)) for here, ways in known.items()}


@dataclass(frozen=True, slots=True)
class Screen:
    """What a transition is sent with; `missing` names the required fields that nobody gave a value for."""

    fields: Mapping[str, Json] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def screen(way: Way, table: Mapping[str, str]) -> Screen:
    """The values for the fields that `way` requires, from a table by the field's name (or id) as people write it."""
    by_name = {name.casefold(): value for name, value in table.items()}
    fields: dict[str, Json] = {}
    missing: list[str] = []
    for need in way.needs:
        text = by_name.get(need.name.casefold()) or by_name.get(need.id.casefold())
        value = _value(need, text) if text else None
        if value is None:
            missing.append(need.name)
        else:
            fields[need.id] = value
    return Screen(fields, tuple(missing))


def _value(need: Need, text: str) -> Json | None:
    """`text` as the field takes it; None where it is not among the field's options."""
    if not need.options:
        return [text] if need.listed else text
    option = next((one for one in need.options if one.name.casefold() == text.casefold()), None)
    if option is None:
        return None
    return [{"id": option.id}] if need.listed else {"id": option.id}
