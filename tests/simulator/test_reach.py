"""The simulator finds planted bugs: beside each stands a seed that finds it: none is searched here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.simulator.bugs import BUGS
from tests.simulator.reach import FOUND_BY

ROOT = Path(__file__).parents[2]


def test_every_planted_bug_is_found_and_the_same_stories_hold_without_it() -> None:
    assert FOUND_BY.keys() == BUGS.keys()
    command = [sys.executable, "-m", "tests.simulator.reach"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
