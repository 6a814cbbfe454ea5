"""Some stories of the simulator hold, a failing one is told, made short and played again. More: ./run simulate."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.simulator.shrink import shrunk
from tests.simulator.story import Story, drawn, read

ROOT = Path(__file__).parents[2]


def simulate(*arguments: str) -> tuple[int, str]:
    """In a process of its own: a world is forked, and a fork takes one thread along."""
    command = [sys.executable, "-m", "tests.simulator", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    return done.returncode, done.stdout + done.stderr


def test_stories_hold_and_are_the_same_each_time() -> None:
    code, said = simulate("--seeds", "3", "--steps", "20", "--jobs", "1", "--twice", "--shrink", "0")
    assert code == 0, said


def test_a_process_may_die_at_any_point() -> None:
    """At a few of them, and once more while it takes up what that left; at every one: ./run simulate --points 0."""
    code, said = simulate("--points", "2", "--again", "--jobs", "1")
    assert code == 0, said
    assert "8 points killed" in said, said
    assert "0 doubles, 0 lost" in said, said


def test_a_story_is_the_same_for_the_same_seed_and_survives_being_written_down() -> None:
    story = drawn(7, 200)
    assert drawn(7, 200) == story != drawn(8, 200)
    assert read(story.text()).text() == story.text()


def test_shrinking_leaves_what_is_needed() -> None:
    """What fails here needs two steps of a hundred."""
    story = drawn(3, 100)
    needed = (story.steps[20], story.steps[77])

    def fails(some: list[Story]) -> Story | None:
        return next((one for one in some if all(step in one.steps for step in needed)), None)

    assert set(map(str, shrunk(story, fails).steps)) == set(map(str, needed))
