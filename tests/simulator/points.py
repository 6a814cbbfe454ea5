"""Kills the process at every point of small stories: after each commit of the store, and after each write on a side.

A story is played once undisturbed, and its points are counted: each commit, and each write that reached a server before
its answer is taken in. Then it is played once for each of them, with a process that dies there and starts again. What
it left behind has to come to rest, and every law has to hold: nothing twice, nothing lost. Where asked, it dies once
more while it takes up what the first death left, at a point that a seed draws. What lies between two points
(a read, the moment before a request) changes nothing that outlives the process: these are all the ways it can end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from random import Random

from tests.simulator import laws
from tests.simulator.play import Play
from tests.simulator.running import Outcome, each, outcome_of, prepared, started
from tests.simulator.stores import InMemory, Store
from tests.simulator.story import Step, Story, read
from tests.simulator.world import World

WORK: Step = ("work", {"jobs": 60})
POLL: Step = ("wait", {"seconds": 61})
REST: tuple[Step, ...] = (WORK, ("wait", {"seconds": 20}), WORK, ("wait", {"seconds": 20}), WORK)
"""Until what was done is carried, and Crosswalk's own writes were told by hooks."""
BELL, HORN, PART = 0, 1, 2
"""By number: a feature, a requirement below it, and another feature."""


def people(*acts: tuple[str, int, str, int]) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """What somebody does: the act, on which record, on which side, with which value."""
    focus = tuple(dict.fromkeys(act for act, *_ in acts))
    return focus, (("people_act", {"todo": [[focus.index(act), *rest] for act, *rest in acts]}), *REST)


def system(name: str, **given: int) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """What somebody asks Crosswalk for."""
    return ("name",), ((name, given), *REST)


STORIES: Mapping[str, tuple[tuple[str, ...], tuple[Step, ...]]] = {
    "a feature is sent": system("a_feature_is_sent", requirements=2),
    "a release is loaded": system("a_release_is_loaded", features=2, requirements=1),
    "a field is edited in Aha!": people(("name", BELL, "aha", 1)),
    "a field is edited in Jira": people(("name", PART, "jira", 1)),
    "both sides are edited": people(("name", BELL, "aha", 1), ("note", BELL, "jira", 1), ("tags", BELL, "jira", 1)),
    "both edit the same": people(("name", BELL, "aha", 1), ("name", BELL, "jira", 2)),
    "both edit a text": people(("describe", BELL, "aha", 1), ("describe", BELL, "jira", 2)),
    "a status in Aha!": people(("status", BELL, "aha", 0)),
    "a status in Jira": people(("status", BELL, "jira", 2)),
    "comments": people(("comment", BELL, "aha", 0), ("comment", BELL, "jira", 0)),
    "files": people(("attach", BELL, "aha", 0), ("attach", BELL, "jira", 0)),
    "a link in Aha!": people(("link", BELL, "aha", 0)),
    "a link in Jira": (("link",), (people(("link", BELL, "jira", 0))[1][0], POLL, *REST)),  # no hook tells of it
    "a requirement in Aha!": people(("add_requirement", BELL, "aha", 0)),
    "a requirement in Jira": people(("add_requirement", BELL, "jira", 0)),
    "a delete in Aha!": people(("delete", PART, "aha", 0)),
    "a delete in Jira": people(("delete", PART, "jira", 0)),
    "a move in Aha!": people(("move", PART, "aha", 1)),
    "a move in Jira": people(("move", PART, "jira", 1)),
    "another order": people(("place", PART, "aha", 1)),
    "work is logged": people(("log_work", BELL, "jira", 1)),
}
"""What is done, and the steps until it is carried."""
ONLY = {"a move in Aha!": "cloud", "a move in Jira": "cloud"}
"""Data Center's REST has no way for a move."""
DOUBLE = re.compile(r"^I1|without a pair|pairs, not|^links: \(.*2")
LOST = re.compile(r"was lost|^(comments|files|work) of|^links")
"""What the laws say of something that is there twice, or is not there."""


@dataclass(frozen=True)
class Point:
    """A point of a story, the `number`-th of `of`."""

    name: str
    number: int
    of: int


@dataclass(frozen=True)
class Asked:
    """Which points: `some` that a seed draws, 0: all; whether the process dies `again`; where it keeps its store."""

    jobs: int = 1
    some: int = 0
    seed: int = 0
    again: bool = False
    until: float = float("inf")
    store: Store = field(default_factory=InMemory)

    def second(self, point: Point) -> int:
        """How many points after the first the second death comes: half of them soon, while the first is mended."""
        if not self.again:
            return 0
        chance = Random(f"{self.seed} {point.name} {point.number}")
        return chance.randint(1, chance.choice((5, max(5, point.of - point.number))))


def story_of(flavour: str, name: str, number: int = 0, again: int = 0) -> Story:
    """A story, with a process that dies at a point, or at none; and a second time, so many points later."""
    focus, steps = STORIES[name]
    dies: Step = ("the_process_dies_at_a_point", {"number": number} | ({"again": again} if again else {}))
    return Story(0, flavour, focus, 5, True, (WORK, dies, *steps))


class Begun:
    """A world in which the first step of every story was taken: what comes again and again is due at first."""

    def __init__(self, world: World) -> None:
        self.flavour = world.flavour
        began = story_of(world.flavour, "a feature is sent")
        started(world, began)
        self.play = Play(world, replace(began, steps=began.steps[:1]))
        self.play.carry_out()

        world.store.leave()

    def close(self) -> None:
        """The process ends."""
        self.play.world.stop()

    def points_of(self, story: Story) -> int:
        """How many points a story has. Uses this world up."""
        with self.play.world.store.copied():
            self._carry_out(story)
        return self.play.world.points.number

    def outcome(self, story: Story) -> Outcome:
        """What becomes of a story. Uses this world up."""

        def run() -> None:
            self._carry_out(story)
            laws.at_the_end(self.play)

        with self.play.world.store.copied():
            return replace(outcome_of(self.play, run), story=story)

    def _carry_out(self, story: Story) -> None:
        self.play.story = replace(story, steps=story.steps[1:])
        self.play.carry_out(begins=False)


def points(begun: Begun, names: Iterable[str], jobs: int) -> list[Point]:
    """Every point of some stories."""
    stories = {story_of(begun.flavour, name).text(): name for name in names}
    found = {}
    with closing(each(map(read, stories), begun.points_of, jobs)) as counted:
        for story, count in counted:
            found[stories[story.text()]] = count
    return [Point(name, number, of) for name, of in sorted(found.items()) for number in range(1, of + 1)]


def deaths(flavour: str, asked: Asked) -> Iterator[tuple[Point, Outcome]]:
    """What becomes of every story with a death at each of its points; or at some of them that a seed draws."""
    names = [name for name in STORIES if ONLY.get(name, flavour) == flavour]
    with prepared(flavour, asked.store) as world, closing(Begun(world)) as begun:
        if asked.some:
            random = Random(asked.seed)
            few = points(begun, random.sample(names, min(len(names), -(-asked.some // 2))), asked.jobs)
            every = random.sample(few, min(len(few), asked.some))
        else:
            every = points(begun, names, asked.jobs)
        stories = {story_of(flavour, one.name, one.number, asked.second(one)).text(): one for one in every}
        with closing(each(map(read, stories), begun.outcome, asked.jobs, asked.until)) as found:
            for story, outcome in found:
                yield stories[story.text()], outcome or Outcome(story, "its process ended without a word")


def figure(found: Iterable[Outcome]) -> str:
    """What came of it, as one line."""
    wrong = [one.wrong for one in found if one.wrong]
    doubles = sum(bool(DOUBLE.search(one)) for one in wrong)
    lost = sum(bool(LOST.search(one)) and not DOUBLE.search(one) for one in wrong)
    return f"{doubles} doubles, {lost} lost, {len(wrong) - doubles - lost} otherwise not in step"
