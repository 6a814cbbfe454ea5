"""A process that takes all the rights to send it gets: `SPEED SECONDS COUNT:WINDOW...`. Prints when it would send."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import django

LEAST = 10  # rights, however busy the machine: with several processes, more than the limits give at once


@dataclass(frozen=True)
class Sent:
    """A request."""

    call: str = "GET /"


@dataclass(frozen=True)
class Answered:
    """A request as it went."""

    request: Sent = Sent()
    status: int = 200
    seconds: float = 0.0
    error: str = ""
    sent: str = ""
    got: str = ""


def main(speed: float, seconds: float, limits: list[str]) -> None:
    """Ask until `seconds` of real time are over and LEAST rights were had; the clock runs `speed` times as fast."""
    django.setup()
    from crosswalk.remote.budget import Limit
    from crosswalk.store.budget import SharedBudget

    class Hurried(SharedBudget):
        """One that a stalled process does not outlast, however fast the clock runs."""

        on_its_way = SharedBudget.on_its_way * speed

    pairs = (text.split(":") for text in limits)
    budget = Hurried(
        "aha test.aha.io",
        tuple(Limit(int(count), float(window)) for count, window in pairs),
        elapsed=lambda: time.monotonic() * speed,
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    until, taken = time.monotonic() + seconds, 0
    while time.monotonic() < until or taken < LEAST:
        wait = budget.take(time.time() * speed)
        if wait:
            time.sleep(min(wait / speed, 0.2))
        else:
            taken += 1
            sys.stdout.write(f"{time.time() * speed!r}\n")
            budget.record(Answered())


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
