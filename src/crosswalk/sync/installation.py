"""This process's installation: configuration, engine and bridges, made once. Only here are concrete parts named.

What the engine runs is not known here: handlers.py stands above, and starts an installation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from crosswalk.config import Config
from crosswalk.engine.embedded import EmbeddedEngine
from crosswalk.engine.port import Engine
from crosswalk.engine.process import utc_now
from crosswalk.sync.connect import Bridges


@dataclass(frozen=True, slots=True)
class Installation:
    """What pages, commands and workers share in a process."""

    config: Config
    engine: Engine
    bridges: Bridges
    now: Callable[[], datetime]

    def stop(self, deadline: float = 10.0) -> bool:
        """End the work, within `deadline` seconds; True when all of it came to rest."""
        at_rest = self.engine.stop(deadline)
        if at_rest:
            self.bridges.close()
        return at_rest


_here: list[Installation] = []


def current() -> Installation:
    """The installation of this process: made from Django's settings when it is first asked for."""
    if not _here:
        config: Config = settings.CONFIG
        bridges = Bridges(config, utc_now, time.sleep)
        _here.append(Installation(config, engine_for(config), bridges, utc_now))
    return _here[-1]


def engine_for(config: Config) -> Engine:
    """The embedded engine on SQLite, the one for many processes on PostgreSQL."""
    if not config.database.postgres:
        return EmbeddedEngine(config.home)
    # Comes with the extra that PostgreSQL needs.
    from crosswalk.engine.procrastinate import ProcrastinateEngine

    return ProcrastinateEngine()


@contextmanager
def instead(installation: Installation) -> Iterator[Installation]:
    """Another installation for as long as the block lasts: a command's, a test's."""
    _here.append(installation)
    try:
        yield installation
    finally:
        _here.remove(installation)
