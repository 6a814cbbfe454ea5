"""A service as small as can be: the database's engine, and a handler that begins a run, takes a while and settles it.

Prints a line when it is ready; writes one to the file `runs` in its home for each run that began and ended.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Worker:
    """The story of a pair, without the sides."""

    def __init__(self, home: Path) -> None:
        from crosswalk.store.ledger import DjangoLedger

        self.ledger = DjangoLedger(now)
        self.runs = os.open(home / "runs", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def run(self, key: str) -> None:
        """Begin, take a while, settle."""
        from crosswalk.store.pairs import pair_of_key

        run, _ = self.ledger.begin(pair_of_key(key))
        os.write(self.runs, f"{os.getpid()} began {key}\n".encode())
        time.sleep(0.01)
        self.ledger.guard(run)
        os.write(self.runs, f"{os.getpid()} ended {key}\n".encode())
        self.ledger.settle(run, "agreed")

    def failed(self, key: str, error: Exception) -> None:
        """Nothing may fail here."""
        os.write(self.runs, f"{os.getpid()} failed {key} {error}\n".encode())


def main() -> None:
    """Run until killed."""
    django.setup()
    from django.conf import settings

    from crosswalk.engine.sweep import PAIR
    from crosswalk.errors import Refused
    from crosswalk.sync.installation import engine_for

    home = Path(os.environ["CROSSWALK_HOME"])
    engine = engine_for(settings.CONFIG)
    try:
        engine.start({PAIR: Worker(home)})
    except Refused as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(3)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
