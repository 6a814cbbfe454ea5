"""The machine finds nothing in the real story, and proves that it would have."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.machine import Machine, Parts
from tests.sync.mutants import MUTANTS

BUDGET = settings(
    max_examples=200,
    stateful_step_count=25,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)
# Many short series from other seeds meet a rare mistake sooner than one long series.
SHORT, SERIES = settings(BUDGET, max_examples=40, derandomize=False), 60
FIRST = {"ReadLate": 25, "OldStands": 2, "NobodyLooksBack": 1, "AlmostFound": 1, "SentIsHeld": 1}
"""Where the series of the rarest begin, to save time."""
STEPS = (
    "create",
    "create children",
    "update AHA",
    "update JIRA",
    "exchange AHA",
    "exchange JIRA",
    "mark",
    "delete",
    "find",
    "agree",
    "postpone",
    "settle",
    "unsent",
    "show",
    "wake",
)


class Planted(Exception):
    """A crash at a step that the machine should reach."""


def run(parts: Parts, budget: settings) -> None:
    machine = type("MachineWithParts", (Machine,), {"parts": parts})
    run_state_machine_as_test(machine, settings=budget)


def run_series(parts: Parts, first: int = 0) -> None:
    """Short series until one raises."""
    for number in range(first, first + SERIES):
        machine = seed(number)(type("MachineWithParts", (Machine,), {"parts": parts}))
        run_state_machine_as_test(machine, settings=SHORT)


def test_the_real_story_passes() -> None:
    run(Parts(), settings(BUDGET, phases=[Phase.generate, Phase.shrink]))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_killed(name: str) -> None:
    with pytest.raises(AssertionError):
        run_series(MUTANTS[name], FIRST.get(name, 0))


@pytest.mark.parametrize("planted", STEPS)
def test_every_kind_of_step_is_reached(planted: str) -> None:
    def step(name: str) -> None:
        if name == planted:
            raise Planted

    with pytest.raises(Planted):
        run_series(Parts(step=step), FIRST.get(planted, 0))
