"""Brings an issue to a status along its workflow, over several transitions where it takes them.

What is learned of a workflow is kept for the next issue of that type; what is hidden from one issue is not taken to be
hidden from all. Where the way is not known, an issue that already
stands in a status on the way is asked what leads on from there; only if there is none is a step taken to see.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.edits import refused
from crosswalk.jira.project import Project
from crosswalk.jira.workflow import LONGEST, Learned, Way, filled_first, frontier, path, screen, ways_of
from crosswalk.merge.records import LeftOut, Ref
from crosswalk.merge.values import Choice

TRIES = 3  # transitions that turn out not to be there any more
EXAMPLES = 3  # issues that are asked for the ways out of a status where one alone did not show the way
ORDER = {"new": 0, "indeterminate": 1, "done": 2}
"""Status categories, as work goes."""
EMPTY: tuple[object, ...] = (None, "", [], {})
GONE = "S2"
"""The code of a transition that is not there any more, or not from where the issue stands."""


@dataclass(slots=True)
class _Walk:
    """An issue on its way: the statuses it has been in, and those whose ways out were asked for since it set out, of
    some of them (`thin`) one issue alone where there are others."""

    ref: Ref
    type_id: str
    goal: Choice
    been: list[Choice]
    asked: set[str] = field(default_factory=set)
    thin: set[str] = field(default_factory=set)
    forgot: bool = False

    @property
    def here(self) -> Choice:
        return self.been[-1]


class Mover:
    """Moves issues of one project. May be used by several threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, Learned] = defaultdict(Learned)
        self._lock = threading.Lock()

    def move(self, ref: Ref, goal: Choice) -> str:
        """Bring an issue to `goal`. Says why not where that can not be; "" when it is there.

        Raises Conflicted where somebody moves the issue meanwhile: theirs is a change that wants to be looked at.
        """
        now, type_id = self._stands(ref)
        if now is None or now == goal:
            return ""
        walk = _Walk(ref, type_id, goal, [now])
        words = self._go(walk)
        if isinstance(words, LeftOut) and len(walk.been) > 1:
            return LeftOut(words.words, words.remedy, words.code, walk.here)
        return words

    def _go(self, walk: _Walk) -> str:
        """See move()."""
        goal = walk.goal
        known = self._project.scope.metadata.types.get(walk.type_id)
        if known is not None and known.statuses and goal not in known.statuses:
            return _lost(walk)  # never a step towards a status that is not there
        tries = TRIES
        for turn in range(LONGEST + TRIES):
            ways = self._ask(walk, again=turn > 0)
            route = self._next(walk, ways)
            if isinstance(route, str):
                return route
            there = route[0].to
            if words := self._lacking(walk.ref, route) or self._take(
                walk.ref, [way for way in ways if way.to == there]
            ):
                # The workflow or the status changed meanwhile: the ways are read again.
                if isinstance(words, LeftOut) and words.code == GONE and (tries := tries - 1):
                    continue
                return words
            walk.been.append(there)
            if there == goal:
                return ""
        return _lost(walk)

    def _stands(self, ref: Ref) -> tuple[Choice | None, str]:
        """The issue's status, and the id of its type."""
        issue = self._project.snapshot(
            self._project.send(wire.issue(self._project.api, ref.id, ["status", "issuetype"]))
        )
        now, kind = issue.get("status"), issue.get("issuetype")
        return (now if isinstance(now, Choice) else None), (kind.id if isinstance(kind, Choice) else "")

    def _still(self, walk: _Walk) -> None:
        """Raise Conflicted where the issue does not stand any more where it was left."""
        now, _ = self._stands(walk.ref)
        if now is not None and now != walk.here:
            raise errors.Conflicted(
                f"Somebody moved {walk.ref} to “{now.name}” while it was on its way. Both sides are looked at again.",
                remedy="Nothing to do: it goes on by itself.",
            )

    def _ask(self, walk: _Walk, *, again: bool) -> tuple[Way, ...]:
        """The ways out of an issue's present status; they correct what was known."""
        ways = self._ways(walk.ref.id)
        if again:
            self._still(walk)  # afterwards, so that they are the ways out of that status
        self._learn(walk, walk.here, walk.ref.id, ways)
        return ways

    def _ways(self, issue: str) -> tuple[Way, ...]:
        return ways_of(self._project.send(wire.transitions(self._project.api, issue)))

    def _learn(self, walk: _Walk, status: Choice, issue: str, ways: tuple[Way, ...]) -> None:
        walk.asked.add(status.id)
        with self._lock:
            self._known[walk.type_id].learn(status.id, issue, ways)

    def _next(self, walk: _Walk, ways: tuple[Way, ...]) -> tuple[Way, ...] | str:
        """The steps to take from here, as far as they are known, or why there are none."""
        if not ways:
            return _no_ways(walk)
        if found := self._path(walk, ways):
            return found
        untried = [way for way in ways if way.to not in walk.been and way.to.id not in self._known[walk.type_id].told]
        forward = [way for way in untried if _between(walk.here, way.to, walk.goal)]
        return (forward[0],) if forward else _lost(walk)

    def _path(self, walk: _Walk, ways: tuple[Way, ...]) -> tuple[Way, ...] | None:
        """The shortest known way, after asking issues that stand in the statuses in between.

        What this very issue may do now counts, not what another one revealed.
        """
        here, table = walk.here.id, self._project.scope.screens
        while True:
            with self._lock:
                known = {**self._known[walk.type_id].known(), here: ways}
            if found := path(filled_first(known, table), here, walk.goal.id):
                return found
            revealed = [self._reveal(walk, status) for status in frontier(known, here)]
            if not any(revealed) and not self._forget(walk):
                return None

    def _reveal(self, walk: _Walk, status: Choice) -> bool:
        """Learn the ways out of `status` from an issue that stands there, or from some; False where there is none."""
        jql = f"project = {self._project.id} AND status = {status.id} AND issuetype = {walk.type_id}"
        data = self._project.send(self._project.flavour.search(jql, ["status"], ""))
        examples = [str(one["id"]) for one in wire_meta.items(data or {})]
        some = examples[: EXAMPLES if walk.forgot else 1]
        for example in some:
            self._learn(walk, status, example, self._ways(example))
        if len(some) < min(len(examples), EXAMPLES):
            walk.thin.add(status.id)
        return bool(some)

    def _forget(self, walk: _Walk) -> bool:
        """Once a walk, forget what was learned before it: a transition may have been added; and what one issue alone
        told, from which a condition may hide one. Whether that was any."""
        if walk.forgot:
            return False
        walk.forgot = True
        with self._lock:
            known = self._known[walk.type_id]
            old = known.told.keys() - (walk.asked - walk.thin)
            known.forget(old)
        return bool(old)

    def _lacking(self, ref: Ref, route: Sequence[Way]) -> str:
        """Why not to set out: a step on the way asks for a field that has no value, neither in the mapping nor yet."""
        for way in route:
            missing = screen(way, self._project.scope.screens).missing
            wanted = [need for need in way.needs if need.name in missing]
            if not wanted:
                continue
            data = self._project.send(wire.issue(self._project.api, ref.id, [need.id for need in wanted]))
            held = data.get("fields") or {}
            if named := " and ".join(f"“{need.name}”" for need in wanted if held.get(need.id) in EMPTY):
                return LeftOut(
                    f"The transition “{way.name}” asks for {named}.",
                    "Give a value for it in the mapping (screens), or set the status by hand in Jira.",
                    "S6",
                )
        return ""

    def _take(self, ref: Ref, ways: Sequence[Way]) -> str:
        """Go one step, by the first of `ways` to the same status that is let; why not where none is."""
        said: list[LeftOut] = []
        table = self._project.scope.screens
        for way in sorted(ways, key=lambda one: bool(screen(one, table).missing)):
            if said and screen(way, table).missing:
                break
            try:
                self._project.send(wire.move_issue(self._project.api, ref.id, way.id, screen(way, table).fields))
            except errors.Invalid as error:
                said.append(refused(error.message))
            else:
                return ""
        return next((words for words in said if words.code == GONE), said[0])


def _between(here: Choice, there: Choice, goal: Choice) -> bool:
    """Whether `there` lies on the way of work from `here` to `goal`: a step that is tried is never a detour."""
    a, b, c = (ORDER.get(one.category, 1) for one in (here, there, goal))
    return min(a, c) <= b <= max(a, c)


def _no_ways(walk: _Walk) -> str:
    return LeftOut(
        f"The account may not move the issue on from “{walk.here.name}”, or nothing leads on from there to "
        f"“{walk.goal.name}”.",
        "Give the account Transition Issues, or let the status travel from Jira to Aha! only.",
        "S4",
    )


def _lost(walk: _Walk) -> str:
    return LeftOut(
        f"The workflow has no way from “{walk.here.name}” to “{walk.goal.name}” that this account may go.",
        "Let the status travel from Jira to Aha! only, or add the transition.",
        "S1",
    )
