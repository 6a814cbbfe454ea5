"""Runs stories, each in a fork of a world that was made once, and says which do not hold."""

from __future__ import annotations

import gc
import os
import pickle
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.path.live.people import FULL, map_everything
from tests.simulator.hands import NearPeople
from tests.simulator.play import Play
from tests.simulator.stores import InMemory, Store
from tests.simulator.story import Story
from tests.simulator.world import Bug, World, connect


@dataclass(frozen=True)
class Outcome:
    """What became of a story: "" where everything held; else what did not, at which step. `log`: every request.

    `died_at`: where its process died, if at a point.
    """

    story: Story
    wrong: str = ""
    step: int = 0
    trace: str = ""
    log: str = ""
    deaths: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    died_at: str = ""


@contextmanager
def prepared(flavour: str, store: Store | None = None) -> Iterator[World]:
    """A world whose family was sent and is at rest."""
    from crosswalk.sync import service
    from tests.path.live import laws as rest

    store = store or InMemory()
    with store.opened():
        world = World(flavour, store)
        world.start()
        connect(world)
        near: object = world
        map_everything(near)
        world.before_family = rest.everything(near)
        refs = [world.feature("Bell", 2, **FULL), world.feature("Horn")]
        world.people = NearPeople(world, refs)
        service.send(world.integration, refs, "a person")
        for _ in range(8):
            world.work(60)
            world.pass_time(20)
        world.pass_time(1)
        world.people.look_again()
        world.begun = world.journal_from = world.now()
        world.log.clear()
        world.stop()
        yield world


class Caught:
    """Whatever goes wrong inside is kept, and goes no further."""

    def __init__(self) -> None:
        self.wrong = self.trace = ""

    def __enter__(self) -> Caught:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, Exception):
            return False
        said = str(error) or "something"
        self.wrong = said if isinstance(error, AssertionError) else f"{type(error).__name__}: {said}"
        self.trace = "".join(traceback.format_exception(error))
        return True


def started(world: World, story: Story) -> None:
    """The process starts; chance is the story's."""
    random.seed(story.seed)
    world.chance.seed(story.seed)
    world.start()


def played(world: World, story: Story, bug: Bug | None = None) -> Outcome:
    """Play a story in this very world, which is used up by it."""
    world.bug = bug or world.bug
    started(world, story)
    play = Play(world, story)
    return outcome_of(play, play.run)


def outcome_of(play: Play, run: Callable[[], object]) -> Outcome:
    """What becomes of a play while it runs."""
    world, story = play.world, play.story
    with Caught() as caught:
        run()
    log = "\n".join(map(str, world.log))
    return Outcome(story, caught.wrong, play.step, caught.trace, log, world.deaths, play.happened(), world.points.died)


def forked(play: Callable[[], object]) -> tuple[int, int]:
    """`play` in a fork of this process: the fork, and the end of a pipe on which its answer comes."""
    reads, writes = os.pipe()
    child = os.fork()
    if child:
        os.close(writes)
        return child, reads
    os.close(reads)
    gc.disable()
    with Caught() as caught, os.fdopen(writes, "wb") as pipe:
        pickle.dump(play(), pipe)
    sys.stderr.write(caught.trace)
    sys.stderr.flush()
    os._exit(0)


def each(
    stories: Iterable[Story], play: Callable[[Story], Any], jobs: int = 1, until: float = float("inf")
) -> Iterator[tuple[Story, Any]]:
    """What `play` answers to each story, as they come, `jobs` at once; none is begun after the moment `until`.

    None where its process ended without a word.
    """
    waiting = iter(stories)
    running: dict[int, tuple[int, Story, list[bytes]]] = {}
    try:
        while True:
            while len(running) < jobs and time.monotonic() < until and (story := next(waiting, None)) is not None:
                child, reads = forked(partial(play, story))
                running[reads] = child, story, []
            if not running:
                return
            for reads in select.select(list(running), [], [])[0]:
                child, story, parts = running[reads]
                if part := os.read(reads, 1 << 20):
                    parts.append(part)
                    continue
                del running[reads]
                _end(child, reads)
                whole = b"".join(parts)
                yield story, pickle.loads(whole) if whole else None
    finally:  # nobody wants to know the rest
        for reads, (child, _, _) in running.items():
            os.kill(child, signal.SIGKILL)
            _end(child, reads)


def outcomes(
    world: World, stories: Iterable[Story], jobs: int = 1, bug: Bug | None = None, until: float = float("inf")
) -> Iterator[Outcome]:
    """The outcome of each story, each in a fork of `world`."""
    with closing(each(stories, lambda story: played(world, story, bug), jobs, until)) as found:
        for story, outcome in found:
            yield outcome or Outcome(story, "its process ended without a word")


def _end(child: int, reads: int) -> None:
    os.close(reads)
    os.waitpid(child, 0)
