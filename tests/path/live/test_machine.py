"""The live machine on both flavours. Longer: LIVE_EXAMPLES=300 LIVE_SEED=7 (CROSSWALK_ is not left in a test's names).

A run that fails prints its whole play and keeps it in a file; LIVE_PLAY=that file plays it again, exactly.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.path.live.machine import Machine
from tests.path.live.people import make_epics, map_everything
from tests.path.live.plays import replay
from tests.path.system import System, running

LONGER = int(os.environ.get("LIVE_EXAMPLES", "0"))
SEED = int(os.environ.get("LIVE_SEED", "0"))
PLAY = os.environ.get("LIVE_PLAY", "")
FEW = settings(
    max_examples=LONGER or 4,
    stateful_step_count=10,
    derandomize=not LONGER and not SEED,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def opened(system: System) -> type[Machine]:
    """A machine on `system`, with a mapping that carries everything both ways and follows removals."""
    map_everything(system)
    make_epics(system)
    return type("LiveMachine", (Machine,), {"system": system})


def test_both_sides_agree_in_the_end_and_nobody_loses_a_word(system: System) -> None:
    machine = opened(system)
    run_state_machine_as_test(seed(SEED)(machine) if SEED else machine, settings=FEW)


if PLAY:  # somebody looks into a play that failed: there is nothing to check otherwise

    def test_a_play_is_played_again() -> None:
        kept = json.loads(Path(PLAY).read_text())
        with running(kept["flavour"]) as system:
            replay(opened(system), kept["begun"], kept["play"])
