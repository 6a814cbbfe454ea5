"""Brings an issue to a status along its workflow, over several transitions where it takes them.

What is learned of a workflow is kept for the next issue of that type; what is hidden from one issue is not taken to be
hidden from all. Where the way is not known, an issue that already
stands in a status on the way is asked what leads on from there; only if there is none is a step taken to see.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.edits import refused
from crosswalk.jira.project import Project
from crosswalk.jira.screens import Need, Screen, screen
from crosswalk.jira.setup import people
from crosswalk.jira.wire import Json
from crosswalk.jira.workflow import LONGEST, Learned, Way, filled_first, frontier, path, ways_of
from crosswalk.merge.records import LeftOut, Ref, Steps, untold
from crosswalk.merge.values import Choice

TRIES = 3  # transitions that turn out not to be there any more
EXAMPLES = 3  # issues that are asked for the ways out of a status where one alone did not show the way
ORDER = {"new": 0, "indeterminate": 1, "done": 2}
"""Status categories, as work goes."""
EMPTY: tuple[object, ...] = (None, "", [], {})
STATUS = "status"
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
    told: Steps
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

    def move(self, ref: Ref, goal: Choice, told: Steps = untold) -> str:
        """Bring an issue to `goal`. Says why not where that can not be; "" when it is there.

        Steps on the way are `told`. Raises Conflicted where somebody moves the issue meanwhile: theirs is a change that
        wants to be looked at.
        """
        now, type_id = self._stands(ref)
        if now is None or now == goal:
            return ""
        walk = _Walk(ref, type_id, goal, [now], told)
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
            if words := self._lacking(walk.ref, route) or self._step(walk, [way for way in ways if way.to == there]):
                # The workflow or the status changed meanwhile: the ways are read again.
                if isinstance(words, LeftOut) and words.code == GONE and (tries := tries - 1):
                    continue
                return words
            if there == goal:
                return ""
        return _lost(walk)

    def _step(self, walk: _Walk, ways: Sequence[Way]) -> str:
        """See _take(). Until the answer is there, the issue may stand on either end of the step."""
        here, there = walk.here, ways[0].to
        alone = there == walk.goal and len(walk.been) == 1
        if not alone:
            walk.told(STATUS, frozenset({here, there}))
        words = self._take(walk.ref, ways)
        if not words:
            walk.been.append(there)
        if not alone and walk.here != walk.goal:
            walk.told(STATUS, frozenset({walk.here}))
        return words

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
        if forward:
            return (forward[0],)
        with self._lock:
            unseen = frontier({**self._known[walk.type_id].known(), walk.here.id: ways}, walk.here.id)
        return _unknown(walk, unseen[0]) if unseen else _lost(walk)

    def _path(self, walk: _Walk, ways: tuple[Way, ...]) -> tuple[Way, ...] | None:
        """The shortest known way, after asking issues that stand in the statuses in between.

        What this very issue may do now counts, not what another one revealed.
        """
        here = walk.here.id
        while True:
            with self._lock:
                known = {**self._known[walk.type_id].known(), here: ways}
            if found := path(filled_first(known, self._lacks), here, walk.goal.id):
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

    def _screen(self, way: Way, held: Collection[str] = ()) -> Screen:
        return screen(way.needs, self._project.scope.screens, self._project.flavour, held)

    def _lacks(self, way: Way) -> bool:
        return bool(self._screen(way).missing)

    def _held(self, ref: Ref, needs: Sequence[Need]) -> set[str]:
        """Which of these fields have a value on the issue; the table does not replace it."""
        if not needs:
            return set()
        data = self._project.send(wire.issue(self._project.api, ref.id, [need.id for need in needs]))
        fields = data.get("fields") or {}
        return {need.id for need in needs if fields.get(need.id) not in EMPTY}

    def _lacking(self, ref: Ref, route: Sequence[Way]) -> str:
        """Why not to set out: a step on the way asks for a field that has no value, neither in the mapping nor yet."""
        for way in route:
            if not self._lacks(way):
                continue
            wanted = self._screen(way, self._held(ref, way.needs))
            if wanted.unfit:
                name, text = next(iter(wanted.unfit.items()))
                words = f"The transition “{way.name}” asks for “{name}”, which does not take the mapping's “{text}”."
                return LeftOut(words, "Write a value in the mapping (screens) that the field has.", "S6")
            if named := " and ".join(f"“{name}”" for name in wanted.missing):
                return LeftOut(
                    f"The transition “{way.name}” asks for {named}.",
                    "Give a value for it in the mapping (screens), or set the status by hand in Jira.",
                    "S6",
                )
        return ""

    def _take(self, ref: Ref, ways: Sequence[Way]) -> str:
        """Go one step, by the first of `ways` to the same status that is let; why not where none is."""
        said: list[LeftOut] = []
        for way in sorted(ways, key=self._lacks):
            if said and self._lacks(way):
                break
            filled = self._filled(way, self._held(ref, way.needs))
            if isinstance(filled, LeftOut):
                said.append(filled)
                continue
            try:
                self._project.send(wire.move_issue(self._project.api, ref.id, way.id, filled))
            except errors.Invalid as error:
                said.append(refused(error.message))
            else:
                return ""
        return next((words for words in said if words.code == GONE), said[0])

    def _filled(self, way: Way, held: Collection[str]) -> dict[str, Json] | LeftOut:
        """What a transition is sent with; why not where the table names somebody who is not there."""
        filled, flavour = self._screen(way, held), self._project.flavour
        fields = dict(filled.fields)
        for name, email in filled.people.items():
            try:
                who = people(self._project.client, flavour, email)
            except (errors.Refused, errors.Invalid) as error:
                return LeftOut(error.message, error.remedy, error.code)
            if who is None:
                words = f"Nobody in Jira has exactly the address {email}, which the transition “{way.name}” asks for."
                return LeftOut(words, "Give the address of an account in the mapping (screens).", "S6")
            fields[name] = flavour.person_to_wire(who)
        return fields


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


def _unknown(walk: _Walk, unseen: Choice) -> str:
    """A step that is tried goes forward in the work: a way round, over a status that nobody tells of, is a person's."""
    return LeftOut(
        f"No way from “{walk.here.name}” to “{walk.goal.name}” is known: no issue stands in “{unseen.name}”, and only "
        "one there shows where that leads.",
        f"Move it by hand, or have an issue of this type stand in “{unseen.name}”; then press Retry.",
        "S1",
    )


def _lost(walk: _Walk) -> str:
    return LeftOut(
        f"The workflow has no way from “{walk.here.name}” to “{walk.goal.name}” that this account may go.",
        "Let the status travel from Jira to Aha! only, or add the transition.",
        "S1",
    )
