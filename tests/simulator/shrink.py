"""Makes a failing story short: leaves out what is not needed for it to fail, half first, then less and less."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from tests.simulator.story import Step, Story

Fails = Callable[[list[Story]], Story | None]
"""The first of some stories that still fails, as far as that is known."""


def shrunk(story: Story, fails: Fails, seconds: float = 120.0, together: int = 1) -> Story:
    """A story with fewer steps that fails too; the best that `seconds` allow. Tries `together` at once."""
    until = time.monotonic() + seconds
    size = max(1, len(story.steps) // 2)
    while time.monotonic() < until:
        shorter = [replace(story, steps=steps) for steps in _without(story.steps, size)]
        found = None
        for start in range(0, len(shorter), together):
            if time.monotonic() > until or (found := fails(shorter[start : start + together])) is not None:
                break
        if found is not None:
            story = found
            size = min(size, max(1, len(story.steps) // 2))
        elif size == 1:
            return story
        else:
            size //= 2
    return story


def _without(steps: tuple[Step, ...], size: int) -> list[tuple[Step, ...]]:
    """`steps` without one piece of `size` steps, the last ones first: what fails at the end needs its beginning."""
    starts = range((len(steps) - 1) // size * size, -1, -size)
    return [steps[:start] + steps[start + size :] for start in starts if steps]
