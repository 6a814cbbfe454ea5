"""A play of the machine, written down as it goes: a failure prints it whole, and it can be played again exactly."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from tests.path.system import System

Step = TypeVar("Step", bound=Callable[..., None])


def played(step: Step) -> Step:
    """A step that is written down before it is done, so that a play can be played again (`replay`)."""

    @functools.wraps(step)
    def writing(self: Any, **given: Any) -> None:
        self.play.append([step.__name__, given])
        with self.told_again():
            step(self, **given)

    whole: Any = writing
    return whole


def replay(machine: type[Written], begun: str, play: list[Any]) -> None:
    """Play what a failing run has written down, on a system that did nothing before."""
    now = machine.system.now()
    machine.system.pass_time((datetime.fromisoformat(begun) - now).total_seconds())
    one = machine()
    try:
        for name, given in play:
            getattr(one, name)(**given)
    finally:
        one.teardown()


class Killed(Exception):
    """The worker's process ended."""


class Watched:
    """A side of the bridge that counts calls, so that something can happen between two of them."""

    def __init__(self, real: Any, before: Callable[[], None]) -> None:
        self._real, self._before = real, before

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            self._before()
            return found(*args, **named)

        return call


class Written(RuleBasedStateMachine):
    """A machine on `system` whose steps are `played`."""

    system: System

    def __init__(self) -> None:
        super().__init__()
        self.play: list[Any] = []
        self.begun, self.failed = self.system.now().isoformat(), False

    def told_again(self) -> Telling:
        """What goes wrong meanwhile says the whole play, and in which file it is."""
        return Telling(self)


class Telling:
    """See Written.told_again."""

    def __init__(self, machine: Written) -> None:
        self.machine = machine

    def __enter__(self) -> None:
        """Nothing went wrong yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        one = self.machine
        if isinstance(error, Exception) and not one.failed:
            one.failed = True
            play = json.dumps({"flavour": one.system.flavour, "begun": one.begun, "play": one.play})
            name = sha256(play.encode()).hexdigest()[:8]
            path = Path(os.environ.get("LIVE_PLAYS", gettempdir())) / f"play-{one.system.flavour}-{name}"
            path.write_text(play)
            error.add_note(f"Play it again with LIVE_PLAY={path}\n{play}")
