"""Brings an issue to a status along its workflow, over several transitions where it takes them.

What is learned of a workflow is kept for the next issue of that type. Where the way is not known, an issue that already
stands in a status on the way is asked what leads on from there; only if there is none is a step taken to see.
"""

from __future__ import annotations

import threading
from collections import defaultdict

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.edits import refused
from crosswalk.jira.project import Project
from crosswalk.jira.workflow import LONGEST, Way, frontier, path, screen, ways_of
from crosswalk.merge.records import LeftOut, Ref, Snapshot
from crosswalk.merge.values import Choice

TRIES = 3  # transitions that turn out not to be there any more
ORDER = {"new": 0, "indeterminate": 1, "done": 2}
"""Status categories, as work goes."""


class Mover:
    """Moves issues of one project. May be used by several threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, dict[str, tuple[Way, ...]]] = defaultdict(dict)
        self._lock = threading.Lock()

    def move(self, ref: Ref, goal: Choice) -> str:
        """Bring an issue to `goal`. Says why not where that can not be; "" when it is there."""
        issue = self._read(ref)
        now, kind = issue.get("status"), issue.get("issuetype")
        if not isinstance(now, Choice) or now == goal:
            return ""
        type_id = kind.id if isinstance(kind, Choice) else ""
        been = [now]
        known = self._project.scope.metadata.types.get(type_id)
        if known is not None and known.statuses and goal not in known.statuses:
            return _lost(been, goal)  # never a step towards a status that is not there
        tries = TRIES
        for _ in range(LONGEST + TRIES):
            ways = self._ask(type_id, ref, been[-1])
            step = self._next(type_id, been, goal, ways)
            if isinstance(step, str):
                return step
            if words := self._take(ref, step):
                # The workflow or the status changed meanwhile: the ways are read again.
                if isinstance(words, LeftOut) and words.code == "S2" and (tries := tries - 1):
                    continue
                return words
            been.append(step.to)
            if step.to == goal:
                return ""
        return _lost(been, goal)

    def _read(self, ref: Ref) -> Snapshot:
        return self._project.snapshot(
            self._project.send(wire.issue(self._project.api, ref.id, ["status", "issuetype"]))
        )

    def _ask(self, type_id: str, ref: Ref, here: Choice) -> tuple[Way, ...]:
        """The ways out of an issue's present status; they correct what was known."""
        ways = ways_of(self._project.send(wire.transitions(self._project.api, ref.id)))
        with self._lock:
            self._known[type_id][here.id] = ways
        return ways

    def _next(self, type_id: str, been: list[Choice], goal: Choice, ways: tuple[Way, ...]) -> Way | str:
        """The step to take from the last status of `been`, or why there is none."""
        here = been[-1]
        if not ways:
            return _no_ways(here, goal)
        if found := self._path(type_id, here, goal):
            # What this very issue may do now counts, not what another one revealed.
            return next((way for way in ways if way.to == found[0].to), found[0])
        untried = [way for way in ways if way.to not in been and way.to.id not in self._known[type_id]]
        forward = [way for way in untried if _between(here, way.to, goal)]
        return forward[0] if forward else _lost(been, goal)

    def _path(self, type_id: str, here: Choice, goal: Choice) -> tuple[Way, ...] | None:
        """The shortest known way, after asking issues that stand in the statuses in between."""
        while True:
            with self._lock:
                known = dict(self._known[type_id])
            if found := path(known, here.id, goal.id):
                return found
            unseen = [status for status in frontier(known, here.id) if self._reveal(type_id, status)]
            if not unseen:
                return None

    def _reveal(self, type_id: str, status: Choice) -> bool:
        """Learn the ways out of `status` from an issue that stands there; False where there is none."""
        jql = f"project = {self._project.id} AND status = {status.id} AND issuetype = {type_id}"
        data = self._project.send(self._project.flavour.search(jql, ["status"], ""))
        example = next(iter(wire_meta.items(data or {})), None)
        if example is None:
            return False
        ways = ways_of(self._project.send(wire.transitions(self._project.api, str(example["id"]))))
        with self._lock:
            self._known[type_id][status.id] = ways
        return True

    def _take(self, ref: Ref, way: Way) -> str:
        """Go one step; why not where it is refused."""
        filled = screen(way, self._project.scope.screens)
        if filled.missing:
            named = " and ".join(f"“{name}”" for name in filled.missing)
            return LeftOut(
                f"The transition “{way.name}” asks for {named}.",
                "Give a value for it in the mapping (screens), or set the status by hand in Jira.",
                "S6",
            )
        try:
            self._project.send(wire.move_issue(self._project.api, ref.id, way.id, filled.fields))
        except errors.Invalid as error:
            return refused(error.message)
        return ""


def _between(here: Choice, there: Choice, goal: Choice) -> bool:
    """Whether `there` lies on the way of work from `here` to `goal`: a step that is tried is never a detour."""
    a, b, c = (ORDER.get(one.category, 1) for one in (here, there, goal))
    return min(a, c) <= b <= max(a, c)


def _no_ways(here: Choice, goal: Choice) -> str:
    return LeftOut(
        f"The account may not move the issue on from “{here.name}”, or nothing leads on from there to “{goal.name}”.",
        "Give the account Transition Issues, or let the status travel from Jira to Aha! only.",
        "S4",
    )


def _lost(been: list[Choice], goal: Choice) -> str:
    stands = f" It stands at “{been[-1].name}” now." if len(been) > 1 else ""
    return LeftOut(
        f"The workflow has no way from “{been[0].name}” to “{goal.name}” that this account may go.{stands}",
        "Let the status travel from Jira to Aha! only, or add the transition.",
        "S1",
    )
