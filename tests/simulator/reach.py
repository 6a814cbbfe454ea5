"""Whether each planted bug is found: `python -m tests.simulator.reach` plays the stories that are known to find them.

With `--search` it looks for the first seed that finds each, and says in what words; with names for these bugs alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing

from tests.simulator.bugs import BUGS
from tests.simulator.running import Outcome, outcomes, prepared
from tests.simulator.story import Step, Story, drawn
from tests.simulator.world import Bug, World

STEPS, SEEDS, JOBS = 60, 24, 2
SHORT, BRIEF = 40, 8
FOUND_BY: Mapping[str, tuple[int, int]] = {
    "no base after a write": (13, SHORT),
    "own echo taken for an edit": (12, BRIEF),
    "a lost create is sent again": (4, STEPS),
    "no intent": (4, STEPS),
    "an empty value erases": (9, BRIEF),
    "half of an edit is written": (7, BRIEF),
    "nothing in the journal": (4, BRIEF),
    "a set is overwritten": (11, SHORT),
    "no fence": (4, BRIEF),
    "what Jira changes is not carried": (4, BRIEF),
    "an empty value is not carried": (11, SHORT),
    "the wrong direction": (12, BRIEF),
    "a comment is echoed": (12, SHORT),
    "what has to wait is given up": (4, SHORT),
    "an early search is believed": (21, SHORT),
}
"""By bug a seed, and how many steps of its story find it. Without the bug the story holds."""
LOST = {"kind": "reset_after", "method": "POST", "path_regex": "/requirements$"}
FULL = {"kind": "429", "retry_after": 900, "method": "PUT", "times": 60}
TOLD: Mapping[str, tuple[str, tuple[Step, ...]]] = {
    "a child is made twice": (
        "add_requirement",
        (
            ("people_act", {"todo": [[0, 0, "jira", 0]]}),
            ("a_server_is_ill", {"side": "aha", "fault": LOST, "nth": 1}),
            ("work", {"jobs": 8}),
            ("wait", {"seconds": 61}),
            ("wait", {"seconds": 61}),
        ),
    ),
    # A write that shows nothing of itself is not believed at once (merge/stale.py): it takes some refusals in a row.
    "a 429 is taken for success": (
        "name",
        (
            ("a_server_is_ill", {"side": "jira", "fault": FULL, "nth": 1}),
            ("people_act", {"todo": [[0, 0, "aha", 1]]}),
            ("work", {"jobs": 8}),
            *[("wait_long", {"seconds": 4000})] * 12,
        ),
    ),
}
"""Those that no seed finds soon: what people do, and the steps of a story that finds the bug."""


def first(world: World, stories: list[Story], bug: Bug | None) -> Outcome | None:
    """The first of `stories` that does not hold."""
    with closing(outcomes(world, stories, JOBS, bug)) as found:
        return next((one for one in found if one.wrong), None)


def told() -> dict[str, Story]:
    """By bug the story that finds it."""
    written = {name: Story(0, "cloud", (act,), 1, True, steps) for name, (act, steps) in TOLD.items()}
    return {name: drawn(*found) for name, found in FOUND_BY.items()} | written


def search(world: World, names: list[str]) -> None:
    """Say for each bug by which seed it is found."""
    seeds = [seed for seed in range(1, 1000) if drawn(seed, 0).flavour == "cloud"][:SEEDS]
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
