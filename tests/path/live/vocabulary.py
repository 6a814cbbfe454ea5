"""What can happen in a play: the edits people make, and each kind of step with what it is given. Data only.

Twice: as strategies, for hypothesis, and as draws from a seed, for the search that proves the machine's reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.path.live.faults import FAULTS, LOST, OLD, STALE
from tests.path.live.people import FIELDS, NEWER, SETS

OLDER = (*(name for name in FIELDS if name not in NEWER), "name", "description", "description")
IN_RECORDS = (*OLDER, *(name for name in SETS if name not in NEWER), "tags", *sorted(NEWER))
BY_TWIN = (
    "comment",
    "comment",
    "change_comment",
    "attach_to_comment",
    "move",
    "place",
    "delete",
)
BY_FEATURE = ("attach", "detach", "add_requirement", "log_work", "link")
WIDE = (*IN_RECORDS, *BY_TWIN, *BY_FEATURE)
ACTS = tuple(act for act in WIDE if act not in NEWER)
"""What seeds draw from; hypothesis draws from all of WIDE."""
HOOKS = (0, 0, 1, 1, 2, -1)  # how often it is delivered; -1 is later
Action = tuple[int, int, str, int, int]
"""Which act of a play's focus, to which record, on which side, with which value, and how often a hook tells of it."""

TURNS = (1, 1, 1, 2, 2, 3, 5, 8, 12)  # which of the requests it hits

sides = st.sampled_from(["aha", "jira"])
numbers = st.integers(0, 11)
turns = st.sampled_from(TURNS)
actions = st.tuples(numbers, numbers, sides, numbers, st.sampled_from(HOOKS))
some = st.lists(actions, max_size=3)

Draw = Callable[[Random], Any]


def _act(random: Random) -> Action:
    side = random.choice(("aha", "jira"))
    return random.randrange(12), random.randrange(12), side, random.randrange(12), random.choice(HOOKS)


def _acts(least: int, most: int) -> Draw:
    return lambda random: [_act(random) for _ in range(random.randint(least, most))]


def _one(*of: Any) -> Draw:
    return lambda random: random.choice(of)


_number, _side = _one(*range(12)), _one("aha", "jira")
STEPS: Mapping[str, Mapping[str, Draw]] = {
    "people_act": {"todo": _acts(3, 8)},
    "two_people_edit_the_same": {
        "number": _number,
        "act": _number,
        "picks": lambda random: (random.randrange(12), random.randrange(12)),
    },
    "late_hooks_arrive": {},
    "workers_run": {},
    "both_sides_are_polled": {},
    "workers_run_while_a_server_is_ill": {
        "todo": _acts(1, 4),
        "side": _side,
        "fault": _one(*FAULTS, LOST, LOST),
        "nth": _one(*TURNS),
        "second": _one(None, *FAULTS),
    },
    "workers_run_while_the_index_lags": {
        "todo": _acts(1, 4),
        "fault": _one(*OLD),
        "lost": _one(True, False),
        "which": _one(0, 1),
    },
    "workers_run_while_reads_are_stale": {
        "todo": _acts(1, 4),
        "side": _side,
        "fault": _one(*STALE),
        "later": _acts(1, 4),
    },
    "a_feature_is_sent_while_a_server_is_ill": {"side": _side, "fault": _one(*FAULTS, LOST, LOST), "nth": _one(*TURNS)},
    "a_worker_is_killed": {"todo": _acts(1, 4), "call": _one(*range(1, 26))},
    "people_act_while_a_worker_runs": {"todo": _acts(1, 4), "call": _one(*range(1, 13)), "meanwhile": _acts(1, 2)},
    "time_passes": {"seconds": _one(5, 70, 4000)},
}


def drawn(seed: int, steps: int) -> list[Any]:
    """A play of some steps, by chance: the same for the same seed."""
    random = Random(seed)
    focus, crowd = random.sample(ACTS, random.randint(2, 6)), random.randint(1, 4)
    play: list[Any] = [["start", {"requirements": random.randint(0, 2), "focus": focus, "crowd": crowd}]]
    for _ in range(steps):
        name = random.choice((*sorted(STEPS), *("people_act", "workers_run") * 3))
        play.append([name, {given: draw(random) for given, draw in STEPS[name].items()}])
    play[0][1]["hooks"] = random.random() < 0.7
    return play
