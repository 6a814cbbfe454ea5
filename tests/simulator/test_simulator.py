"""Some stories of the simulator hold, a failing one is told, made short and played again. More: ./run simulate."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.simulator.shrink import shrunk
from tests.simulator.story import Step, Story, drawn, read

ROOT = Path(__file__).parents[2]


def simulate(*arguments: str, timeout: float = 900) -> tuple[int, str]:
    """In a process of its own: a world is forked, and a fork takes one thread along."""
    command = [sys.executable, "-m", "tests.simulator", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout
    )
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


def test_what_people_do_meanwhile_is_done_whole_whenever_the_process_dies(tmp_path: Path) -> None:
    """An act of which half was done, and forgotten, would be asked of Crosswalk."""
    steps: list[Step] = [("people_act", {"todo": [[0, 0, "jira", 1]]}), ("wait", {"seconds": 61})]
    for moment in range(30, 60):  # some of them while somebody changes how long the work took
        steps += [
            ("people_act_meanwhile", {"at": 2, "todo": [[0, 0, "jira", 3]]}),
            ("the_process_dies", {"at": moment}),
            ("people_act", {"todo": [[1, 0, "aha", 0]]}),
            ("wait", {"seconds": 61}),
        ]
    holds(tmp_path, Story(0, "dc", ("log_work", "name"), 1, hooks=True, steps=tuple(steps)))


def test_nobody_waits_for_another_worker_that_can_not_go_on(tmp_path: Path) -> None:
    """Writes to Aha! take turns: one that began in the middle of another would wait for ever."""
    steps: list[Step] = []
    for moment in range(1, 8):
        steps += [
            ("people_act", {"todo": [[0, 0, "jira", 0]]}),
            ("people_act_and_are_told_of_meanwhile", {"at": moment, "todo": [[0, 1, "jira", 0]]}),
            ("wait", {"seconds": 61}),
        ]
    holds(tmp_path, Story(0, "cloud", ("name",), 2, hooks=True, steps=tuple(steps)))


def holds(folder: Path, story: Story) -> None:
    file = folder / "story.json"
    file.write_text(story.text(), "utf-8")
    code, said = simulate("--story", str(file), "--jobs", "1", "--shrink", "0", timeout=120)
    assert code == 0, said


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
