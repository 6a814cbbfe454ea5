"""`./run python -m tests.scaled`: the kill test, as long as you like. Prints its figures."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from tests import django_setup
from tests.scaled.storm import Storm, run


@click.command()
@click.option("--records", default=10_000, show_default=True, help="a feature and four requirements are five")
@click.option("--kills", default=200, show_default=True)
@click.option("--minutes", default=60.0, show_default=True, help="for how long it may rage")
@click.option("--patience", default=60.0, show_default=True, help="minutes until all has to be in step afterwards")
@click.option("--seed", default=1, show_default=True)
def main(records: int, kills: int, minutes: float, patience: float, seed: int) -> None:
    """Send and edit RECORDS while processes are killed KILLS times; exit code 1 where anything went wrong."""
    assert django_setup.HOME.exists()
    pause = max(1.0, 2 * minutes * 60 * 0.8 / kills)
    storm = Storm(records // 5, 4, kills, minutes * 60, min(pause, 12.0), patience * 60, seed)
    with tempfile.TemporaryDirectory(prefix="crosswalk-storm-") as folder:
        outcome = run(storm, Path(folder))
    click.echo(json.dumps(asdict(outcome), indent=1))
    click.echo(f"wrong: {json.dumps(outcome.faults)}" if outcome.faults else "nothing doubled, lost or exceeded")
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()
