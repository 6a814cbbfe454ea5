"""What can happen to a world: each kind of step with what it is given, and how a story is drawn from a seed. Data only.

A step is a value that names no record: "the third one there is then". So any step can be left out and the rest played,
which is how a story is shrunk, and a story can be printed and played again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from tests.path.live.people import FIELDS, NEWER, SETS

IN_FIELDS = (*(one for one in FIELDS if one not in NEWER), "name", *(one for one in SETS if one not in NEWER), "tags")
BY_RECORD = ("describe", "describe", "comment", "comment", "change_comment")
BY_FEATURE = ("attach", "detach", "add_requirement", "log_work", "link")
BY_REQUIREMENT = ("move", "place", "delete")
ACTS = (*IN_FIELDS, *BY_RECORD, *BY_FEATURE, *BY_REQUIREMENT)

MAKES = "/(issue|bulk|requirements|comments?|issueLink|record_links|attachments|time_tracking_events|transitions)$"
LOST: Mapping[str, Any] = {"kind": "reset_after", "method": "POST", "path_regex": MAKES}
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"kind": "reset_before"},
    {"kind": "reset_before", "times": 9},
    {"kind": "reset_after"},
    LOST,
    LOST,
    {**LOST, "times": 2},
    {"kind": "reset_after", "method": "PUT"},
    {"kind": "429", "retry_after": 3},
    {"kind": "429", "times": 3},
    {"kind": "429", "method": "POST", "path_regex": MAKES},
    {"kind": "429", "retry_after": 900, "times": 2},
    {"kind": "429_burst", "times": 2},
    {"kind": "429_issue", "method": "PUT"},
    {"kind": "429_tenant"},
    {"kind": "429_gateway", "times": 3},
    {"kind": "500", "times": 2},
    {"kind": "502"},
    {"kind": "503", "times": 5},
    {"kind": "504", "method": "POST", "path_regex": MAKES},
    {"kind": "504", "method": "PUT"},
    {"kind": "truncated"},
    {"kind": "truncated", "method": "POST", "path_regex": MAKES},
    {"kind": "html_200"},
    {"kind": "login_redirect"},
)
LASTING: tuple[Mapping[str, Any], ...] = (
    {"kind": "lag", "seconds": 50, "times": 0},
    {"kind": "lag", "seconds": 5, "times": 0},
    {"kind": "stale", "seconds": 50, "times": 0},
    {"kind": "stale", "seconds": 3, "times": 4},
)
ASTRAY: tuple[Mapping[str, Any], ...] = (
    {"kind": "hook_lost", "times": 3},
    {"kind": "hook_double", "times": 3},
    {"kind": "hook_late", "seconds": 300, "times": 2},
    {"kind": "hook_late", "seconds": 2, "times": 1},
    {"kind": "hook_reordered", "times": 2},
    {"kind": "hook_bare", "times": 3},
)
TURNS = (1, 1, 1, 2, 2, 3, 5, 8, 12)
Draw = Callable[[Random], Any]
Step = tuple[str, Mapping[str, Any]]


def one(*of: Any) -> Draw:
    return lambda random: random.choice(of)


def act(random: Random) -> tuple[int, int, str, int]:
    """Which act of the focus, on which record, on which side, with which value."""
    return random.randrange(12), random.randrange(12), random.choice(("aha", "jira")), random.randrange(12)


def acts(random: Random) -> list[tuple[int, int, str, int]]:
    return [act(random) for _ in range(random.randint(1, 2))]


side, number = one("aha", "jira"), one(*range(12))
STEPS: Mapping[str, tuple[int, Mapping[str, Draw]]] = {
    "people_act": (60, {"todo": acts}),
    "two_people_edit_the_same": (8, {"number": number, "act": number, "first": number, "second": number}),
    "work": (26, {"jobs": one(1, 2, 3, 8, 8)}),
    "wait": (20, {"seconds": one(1, 3, 20, 61)}),
    "wait_long": (2, {"seconds": one(700, 4000)}),
    "a_server_is_ill": (14, {"side": side, "fault": one(*FAULTS), "nth": one(*TURNS)}),
    "a_server_is_late": (4, {"side": side, "fault": one(*LASTING)}),
    "hooks_go_astray": (6, {"side": side, "fault": one(*ASTRAY)}),
    "servers_are_well": (6, {}),
    "old_hooks_come_again": (3, {"number": number}),
    "the_process_dies": (7, {"at": lambda random: int(2 ** random.uniform(0, 8))}),
    "the_process_dies_at_a_request": (6, {"at": one(*range(1, 20)), "after": one(True, False)}),
    "the_store_refuses": (
        4,
        {"at": one(1, 2, 4, 9, 20, 40), "how": one("locked", "full", "readonly"), "times": one(1, 2, 5)},
    ),
    "people_act_meanwhile": (10, {"at": one(*range(1, 12)), "todo": acts}),
    "another_worker_works_meanwhile": (4, {"at": one(*range(1, 12)), "jobs": one(1, 3)}),
    "another_worker_overtakes": (4, {"at": one(*range(1, 12))}),
    "hooks_come_meanwhile": (4, {"at": one(*range(1, 12))}),
    "a_feature_is_sent": (3, {"requirements": one(0, 1, 2)}),
    "the_mapping_changes": (2, {"what": number}),
    "a_backup_is_made": (2, {}),
    "the_backup_is_put_back": (1, {}),
    "everything_is_swept": (2, {}),
}
"""How often each comes, and what it is given."""
REFUSED: tuple[Mapping[str, Any], ...] = (
    {"kind": "429", "retry_after": 900, "method": "PUT", "times": 0},
    {"kind": "503", "times": 0},
)
LOST_BELOW: tuple[Mapping[str, Any], ...] = (
    {"kind": "reset_after", "method": "POST", "path_regex": "/requirements$"},
    {"kind": "reset_after", "method": "POST", "path_regex": "/bulk$"},
)
WIDER: Mapping[str, tuple[int, Mapping[str, Draw]]] = {
    **STEPS,
    "people_act_and_are_told_of_meanwhile": (12, {"at": one(*range(1, 8)), "todo": acts}),
    "a_server_refuses_for_a_day": (2, {"side": side, "fault": one(*REFUSED), "todo": acts}),
    "a_server_is_ill": (20, {"side": side, "fault": one(*FAULTS, *LOST_BELOW, *LOST_BELOW), "nth": one(*TURNS)}),
    "a_server_is_late": (8, {"side": side, "fault": one(*LASTING)}),
}
WIDE = 10_000
"""From this seed on stories have these steps: those of the seeds below it were played often, and stay as they are."""


@dataclass(frozen=True)
class Story:
    """A seed's story. `focus`: what people do in it, `crowd`: on how many records, few, so that edits meet each other.

    Without `hooks` there is a firewall: polls alone tell what changed.
    """

    seed: int
    flavour: str
    focus: tuple[str, ...]
    crowd: int
    hooks: bool
    steps: tuple[Step, ...]

    def text(self) -> str:
        """As JSON, a step a line."""
        head = {name: value for name, value in asdict(self).items() if name != "steps"}
        lines = ",\n".join(json.dumps(step) for step in self.steps)
        return f'{json.dumps(head)[:-1]}, "steps": [\n{lines}\n]}}'


def read(text: str) -> Story:
    """The story that `text` tells."""
    given = json.loads(text)
    steps = tuple((name, values) for name, values in given.pop("steps"))
    return Story(**{**given, "focus": tuple(given["focus"]), "steps": steps})


def drawn(seed: int, length: int) -> Story:
    """The story of a seed: always the same."""
    random = Random(seed)
    flavour = random.choice(("cloud", "cloud", "dc"))
    crowd, hooks = random.randint(1, 5), random.random() < 0.75
    focus = tuple(random.sample(ACTS, random.randint(3, 8)))
    known = WIDER if seed >= WIDE else STEPS
    names, weights = list(known), [weight for weight, _ in known.values()]
    steps: list[Step] = []
    for _ in range(length):
        name = random.choices(names, weights)[0]
        steps.append((name, {given: draw(random) for given, draw in known[name][1].items()}))
    return Story(seed, flavour, focus, crowd, hooks, tuple(steps))
