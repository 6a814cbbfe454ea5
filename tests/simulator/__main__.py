"""`./run simulate`: draws stories from seeds, plays them, says what does not hold, and makes the story short."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import click

from tests.simulator.bugs import BUGS
from tests.simulator.points import Asked, deaths, figure
from tests.simulator.running import Outcome, outcomes, prepared
from tests.simulator.shrink import shrunk
from tests.simulator.stores import InMemory, OnServer
from tests.simulator.story import Story, drawn, read
from tests.simulator.world import Bug, World

FLAVOURS = ("cloud", "dc")


@click.command()
@click.option("--seeds", default=20, show_default=True, help="how many stories")
@click.option("--start", default=1, show_default=True, help="the first seed")
@click.option("--seed", type=int, help="this one alone")
@click.option("--steps", default=200, show_default=True, help="how long each story is")
@click.option("--jobs", default=2, show_default=True, help="how many at once")
@click.option("--seconds", default=0.0, help="begin no story after so many seconds; 0: play all")
@click.option("--shrink", default=120.0, show_default=True, help="seconds to make a failing story short; 0: leave it")
@click.option("--story", type=click.Path(exists=True, path_type=Path), help="play the story in this file")
@click.option("--twice", is_flag=True, help="play each story once more, and say whether every request was the same")
@click.option("--bug", default="", help="plant this one of bugs.py")
@click.option("--count", is_flag=True, help="say how often each thing came about, and in how many stories")
@click.option("--trace", is_flag=True, help="say where it failed, and every request")
@click.option("--points", type=int, help="kill the process at so many points of small stories; 0: at every one")
@click.option("--again", is_flag=True, help="with --points: kill it once more while it takes up what that left")
@click.option("--postgres", is_flag=True, help="with --points: the store is on a PostgreSQL server of its own")
def main(story: Path | None, seed: int | None, points: int | None, **given: Any) -> None:
    """Play stories from seeds in the whole system, and say what does not hold."""
    if points is not None:
        sys.exit(1 if kill(points, given) else 0)
    first, steps = given["start"], given["steps"]
    seeds = range(first, first + given["seeds"]) if seed is None else [seed]
    stories = [read(story.read_text("utf-8"))] if story else [drawn(one, steps) for one in seeds]
    began = time.monotonic()
    until = began + given["seconds"] if given["seconds"] else float("inf")
    played, bad, happened, within = 0, 0, Counter[str](), Counter[str]()
    for flavour in FLAVOURS:
        mine = [one for one in stories if one.flavour == flavour]
        for outcome in _played(mine, flavour, until, given):
            played += 1
            bad += bool(outcome.wrong)
            happened += outcome.happened
            within.update(what for what, often in outcome.happened.items() if often)
    if given["count"]:
        for what in sorted(happened):
            say(f"{happened[what]:6} in {within[what]:4} stories: {what}")
    took = time.monotonic() - began
    say(f"{played} stories of {steps} steps in {took:.0f} s ({played * 60 / took:.0f} a minute); {bad} do not hold")
    sys.exit(1 if bad or not played else 0)


def kill(some: int, given: Mapping[str, Any]) -> int:
    """End the process at points of small stories (points.py), and say what does not hold; how many do not."""
    began = time.monotonic()
    until = began + given["seconds"] if given["seconds"] else float("inf")
    found: list[Outcome] = []
    for flavour in FLAVOURS:
        store = OnServer() if given["postgres"] else InMemory()
        for point, outcome in deaths(flavour, Asked(given["jobs"], some, given["start"], given["again"], until, store)):
            found.append(outcome)
            if outcome.wrong:
                say(f"{point.name}, {flavour}, point {point.number} of {point.of}: {outcome.died_at}")
                say(f"  {outcome.wrong[:1000]}\n  ./run simulate --story {kept(outcome.story, point.number)}")
                if given["trace"]:
                    say(f"{outcome.trace}\n{outcome.log}")
    died = sum(outcome.deaths for outcome in found)
    say(f"{died} points killed in {time.monotonic() - began:.0f} s: {figure(found)}")
    return sum(bool(outcome.wrong) for outcome in found) + (not died)


def kept(story: Story, number: int) -> Path:
    """The file in which a story was kept."""
    path = Path(gettempdir()) / f"story-{number}.json"
    path.write_text(story.text(), "utf-8")
    return path


def _played(stories: Sequence[Story], flavour: str, until: float, given: Mapping[str, Any]) -> Iterator[Outcome]:
    if not stories:
        return
    bug = BUGS[given["bug"]] if given["bug"] else None
    with prepared(flavour) as world:
        for outcome in outcomes(world, stories, given["jobs"], bug, until):
            found = outcome
            if given["twice"] and not found.wrong:
                again = next(outcomes(world, [outcome.story], 1, bug))
                found = found if again.log == found.log else replace(again, wrong="I10: other requests the second time")
            if found.wrong:
                tell(world, found, given, bug)
            yield found


def tell(world: World, outcome: Outcome, given: Mapping[str, Any], bug: Bug | None) -> None:
    """Say what does not hold, and keep the story, made short."""
    say(f"seed {outcome.story.seed} ({outcome.story.flavour}), step {outcome.step}: {outcome.wrong[:1000]}")
    short = outcome.story
    if given["shrink"]:
        jobs = given["jobs"]

        def failing(some: list[Story]) -> Story | None:
            """The first that fails in the same way: under the same law."""
            with closing(outcomes(world, some, jobs, bug)) as found:
                return next((one.story for one in found if one.wrong[:5] == outcome.wrong[:5]), None)

        short = shrunk(outcome.story, failing, given["shrink"], jobs)
    say(f"  {len(short.steps)} steps are enough: ./run simulate --story {kept(short, short.seed)}\n{short.text()}")
    if given["trace"]:
        say(f"{outcome.trace}\n{outcome.log}")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
