"""An engineer moves an issue while the run that makes it, or the next one, is under way: whenever it is, Aha! follows.

The move comes before each thing that such a run asks of a side or tells the ledger, a record each. The hook about it
comes at once, while the run is under way, and is nobody's where the pair does not know the issue yet; or it comes when
the run is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crosswalk.merge.rules import Side
from crosswalk.sync.bridge import Bridge
from tests.path.system import System

AT_ONCE, AFTERWARDS = "at once", "afterwards"
STEPS = frozenset({"read", "read_new", "mark", "below", "exchange", "joined", "agree", "settle", "begin"})
"""What of a run looks at the issue, or says what it knows of it: nothing else can tell one moment from the next."""


@dataclass
class Telling:
    """A side, or the ledger, that tells of each step before it is taken."""

    real: Any
    tell: Callable[[str], object]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.real, name)
        if name not in STEPS:
            return found

        def step(*args: Any, **more: Any) -> Any:
            self.tell(name)
            return found(*args, **more)

        return step


@dataclass
class Engineer:
    """Moves the issue called `name` before step number `turn` that is taken once there is such an issue."""

    system: System
    name: str
    turn: int
    hook: str
    steps: int = 0
    moved: str = ""
    issue: str = ""

    def beside(self, found: Bridge) -> Bridge:
        """A bridge whose steps the engineer sees."""
        left, right, ledger = (Telling(part, self.look) for part in (found.left, found.right, found.ledger))
        return replace(found, left=left, right=right, ledger=ledger)

    def look(self, step: str) -> None:
        """A step is about to be taken."""
        issues = self.system.site.issues.values()
        issue = next((one.key for one in issues if one.values["summary"] == self.name), "")
        if issue and self.steps == self.turn:
            self.moved, self.issue = step, issue
            self.system.jira.move(issue, "In Progress")
            if self.hook == AT_ONCE:
                self.tell()
        self.steps += bool(issue)

    def tell(self) -> None:
        """The hook arrives."""
        from crosswalk.store.models import Pair

        self.system.wake(*Pair.objects.filter(right_key=self.issue), side=Side.RIGHT)


def lost(system: System, hook: str, planted: Callable[[Bridge], Bridge] = lambda found: found) -> Iterator[str]:
    """At each step of the run that makes an issue and of the one that its hooks cause: "" where a move at that moment
    arrived in Aha!, the step where it did not."""
    turn = 0
    while True:
        engineer = Engineer(system, f"Bell {turn} {hook}", turn, hook)
        ref = system.feature(engineer.name)
        system.bridge = lambda found, engineer=engineer: engineer.beside(planted(found))
        pair = system.send(ref)
        system.wake(pair, side=Side.LEFT if hook == AT_ONCE else None)  # what our own writes cause
        system.drain()
        if not engineer.moved:
            return
        if hook == AFTERWARDS:
            engineer.tell()
            system.drain()
        yield "" if system.aha.status(ref.id) == "In development" else engineer.moved
        turn += 1


@pytest.mark.parametrize("hook", [AT_ONCE, AFTERWARDS])
def test_a_move_at_any_moment_of_the_first_runs_arrives(cloud: System, hook: str) -> None:
    cloud.send(cloud.feature("The first of its release"))
    found = list(lost(cloud, hook))
    assert set(found) == {""}
    assert len(found) > 8


class Forgetful(Telling):
    """A Jira whose new issues are read without their history."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, "read" if name == "read_new" else name)


class Hasty(Telling):
    """A ledger that takes what was told during a run for seen."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.real, name)
        if name != "settle":
            return found

        def settle(run: Any, *args: Any) -> Any:
            from crosswalk.store.models import Pair

            return found(replace(run, seen=Pair.objects.get(pk=run.pair_id).dirty), *args)

        return settle


@pytest.mark.parametrize(
    ("hook", "part", "wrong", "step"),
    [(AFTERWARDS, "right", Forgetful, "joined"), (AT_ONCE, "ledger", Hasty, "mark")],
)
def test_a_planted_loss_is_found(cloud: System, hook: str, part: str, wrong: type[Telling], step: str) -> None:
    cloud.send(cloud.feature("The first of its release"))

    def planted(found: Bridge) -> Bridge:
        return replace(found, **{part: wrong(getattr(found, part), str)})

    assert next(filter(None, lost(cloud, hook, planted)), "") == step
