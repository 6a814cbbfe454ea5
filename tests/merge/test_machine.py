"""The machine finds nothing in the real core, and proves that it would have."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from crosswalk.merge.merge import Decision, Verdict, introduce, merge
from crosswalk.merge.plan import BESIDE, Kind, Patch, Plan
from tests.merge.machine import Machine
from tests.merge.mutants import MUTANTS, UNHARMED
from tests.merge.world import Core, Fault, Watch, unwatched

# What the machine may spend on finding a fault; the real core gets the same, and shrinks what it finds.
BUDGET = settings(
    max_examples=300,
    stateful_step_count=25,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)


DECIDED = [kind for kind in Kind if kind not in BESIDE]


class Planted(Exception):
    """A crash at a place that the machine should reach."""


def run(core: Core, budget: settings = BUDGET, watch: Watch = unwatched) -> None:
    machine = type("MachineWithCore", (Machine,), {"core": core, "watch": staticmethod(watch)})
    run_state_machine_as_test(machine, settings=budget)


def test_the_real_core_passes_and_every_fault_meets_every_kind_of_patch():
    met = set()

    def watch(patch: Patch, fault: Fault | None) -> None:
        met.add((patch.kind, fault))

    run(Core(), settings(BUDGET, phases=[Phase.generate, Phase.shrink]), watch)
    # Nothing is left out of what carries no field.
    assert met >= {(kind, fault) for kind, fault in product(DECIDED, [None, *Fault]) if fault is not Fault.LEFT_OUT}
    assert met >= {(kind, Fault.LEFT_OUT) for kind in (Kind.CREATE, Kind.UPDATE)}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_killed(name):
    with pytest.raises(AssertionError):
        run(MUTANTS[name])


@pytest.mark.parametrize("name", UNHARMED)
def test_a_wrapping_alone_is_not_killed(name):
    run(UNHARMED[name], settings(BUDGET, max_examples=30))


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_reached(verdict):
    def wrapped(*args: object, **names: object) -> tuple[Decision, ...]:
        decisions = merge(*args, **names)
        if any(decision.verdict is verdict for decision in decisions):
            raise Planted
        return decisions

    with pytest.raises(Planted):
        run(Core(merge=wrapped))


@pytest.mark.parametrize("kind", DECIDED)
@pytest.mark.parametrize("count", [1, 2])
def test_every_kind_of_patch_is_reached(kind, count):
    """One alone and two in a plan; of those that carry fields, one with one and one with two."""

    def wrapped(patches: Iterable[Patch], known: int) -> Plan:
        plan = Plan(patches, known)
        fields = {len(patch.changes) for patch in plan.patches if patch.kind is kind}
        found = fields if kind in (Kind.CREATE, Kind.UPDATE) else {plan.counts().get(kind)}
        if count in found:
            raise Planted
        return plan

    with pytest.raises(Planted):
        run(Core(plan=wrapped))


@pytest.mark.parametrize("brings", [1, 2, 3])
def test_a_new_record_with_fields_is_reached(brings):
    def wrapped(*args: object) -> tuple[Decision, ...]:
        decisions = introduce(*args)
        if len([decision for decision in decisions if decision.write]) == brings:
            raise Planted
        return decisions

    with pytest.raises(Planted):
        run(Core(introduce=wrapped))
