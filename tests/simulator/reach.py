"""Whether each planted bug is found: `python -m tests.simulator.reach` plays the stories that are known to find them.

With `--search` it looks for the first seed that finds each, and says in what words; with names for these bugs alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing

from tests.simulator.bugs import BUGS
from tests.simulator.running import Outcome, outcomes, prepared
from tests.simulator.story import WIDE, Story, drawn
from tests.simulator.world import Bug, World

STEPS, SEEDS, JOBS = 60, 24, 2
BRIEF = 8
FOUND_BY: Mapping[str, tuple[int, int]] = {
    "no base after a write": (13, 38),
    "own echo taken for an edit": (12, BRIEF),
    "a lost create is sent again": (4, 48),
    "no intent": (4, 48),
    "an empty value erases": (9, BRIEF),
    "half of an edit is written": (7, BRIEF),
    "nothing in the journal": (4, BRIEF),
    "a set is overwritten": (11, 20),
    "no fence": (4, BRIEF),
    "what Jira changes is not carried": (4, BRIEF),
    "an empty value is not carried": (21, 34),
    "the wrong direction": (12, BRIEF),
    "a comment is echoed": (13, 38),
    "what has to wait is given up": (21, 34),
    "an early search is believed": (21, 34),
    "what came during a run is forgotten": (10002, 55),
    "a 429 is taken for success": (10031, BRIEF),
    "a stale read is believed": (10007, 54),
    "a child is made twice": (10458, 46),
}
"""By bug a seed, and how many steps of its story find it: no more, and where one story finds several, that one. Without
the bug the story holds."""


def first(world: World, stories: list[Story], bug: Bug | None) -> Outcome | None:
    """The first of `stories` that does not hold."""
    with closing(outcomes(world, stories, JOBS, bug)) as found:
        return next((one for one in found if one.wrong), None)


def told() -> dict[str, Story]:
    """By bug the story that finds it."""
    return {name: drawn(*found) for name, found in FOUND_BY.items()}


def search(world: World, names: list[str]) -> None:
    """Say for each bug by which seed it is found."""
    seeds = [seed for seed in range(WIDE, WIDE + 1000) if drawn(seed, 0).flavour == "cloud"][:SEEDS]
    for name in names or BUGS:
        found = first(world, [drawn(seed, STEPS) for seed in seeds], BUGS[name])
        say(f'    "{name}": {found.story.seed if found else None},  # {found.wrong[:90] if found else ""!r}')


def known(world: World) -> int:
    """Play what is known; how much of it is not as it should be."""
    wrong, stories = 0, told()
    for text, story in sorted({one.text(): one for one in stories.values()}.items()):
        if (found := first(world, [story], None)) is not None:
            wrong += 1
            say(f"this fails without a bug: {found.wrong}\n{text}")
    for name, story in stories.items():
        found = first(world, [story], BUGS[name])
        wrong += found is None
        say(f"{name}: {found.wrong[:200] if found else 'NOT FOUND'}")
    return wrong


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """0 where everything is found."""
    with prepared("cloud") as world:
        if "--search" in arguments:
            search(world, [name for name in arguments if name != "--search"])
            return 0
        return known(world)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
