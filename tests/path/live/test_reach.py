"""The live machine finds planted bugs by chance: plays drawn from seeds, none of them written for a bug.

Beside each bug stands a seed whose play finds it, so that the suite need not search. LIVE_SEARCH=20 does, among so many
seeds, and says by which seed each is found, or that it is not: within 14 seeds most are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from crosswalk.sync.bridge import Bridge
from tests.path.live.bugs import BUGS
from tests.path.live.plays import replay
from tests.path.live.test_machine import opened
from tests.path.live.vocabulary import drawn
from tests.path.system import System

STEPS = 12
SEARCH = int(os.environ.get("LIVE_SEARCH", "0"))
FOUND_BY: Mapping[str, int] = {
    "a stale read is believed": 10,
    "no base after a write": 1,
    "own echo taken for an edit": 1,
    "a lost create is sent again": 5,
    "a child is made twice": 3,
    "a set is overwritten": 1,
    "an empty value erases": 10,
    "the wrong direction": 2,
    "a comment is echoed": 10,
    "a poll is deaf": 2,
}
HARMLESS = (2, 5)
"""Some of these seeds, whose plays hold without a bug. The rest of the suite's run has none either."""


def test_every_planted_bug_is_found(cloud: System) -> None:
    machine = opened(cloud)
    found = {}
    for name in BUGS if SEARCH else FOUND_BY:
        bug, seeds = BUGS[name], range(SEARCH) if SEARCH else [FOUND_BY[name]]
        found[name] = next((seed for seed in seeds if fails(machine, cloud, seed, bug)), None)
    assert None not in found.values(), found


def test_the_same_plays_hold_without_a_bug(cloud: System) -> None:
    machine = opened(cloud)
    for seed in HARMLESS:
        assert fails(machine, cloud, seed, lambda bridge: bridge) == "", seed


def fails(machine: Any, system: System, seed: int, bug: Callable[[Bridge], Bridge]) -> str:
    """What does not hold; "" where everything does."""
    wrong: Any = type("WrongMachine", (machine,), {"bug": staticmethod(bug)})
    try:
        replay(wrong, system.now().isoformat(), drawn(seed, STEPS))
    except AssertionError as broken:
        return str(broken) or "something"
    return ""
