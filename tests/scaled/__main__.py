"""`./run bench kill` and `./run bench many`: long runs with real processes. Print figures beside their targets."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from tests import django_setup
from tests.bench.__main__ import line
from tests.bench.figure import Figure
from tests.scaled.many import Many, measure
from tests.scaled.storm import Outcome, Storm, run


@click.group()
def main() -> None:
    """Measure with real processes on PostgreSQL."""


@main.command()
@click.option("--integrations", default=50, show_default=True)
@click.option("--webs", default=1, show_default=True, help="web processes")
@click.option("--workers", default=2, show_default=True)
@click.option("--poll-seconds", default=30, show_default=True)
@click.option("--edits", default=60, show_default=True, help="a minute")
@click.option("--seconds", default=120.0, show_default=True, help="how long each of the two halves is watched")
def many(integrations: int, webs: int, workers: int, poll_seconds: int, edits: int, seconds: float) -> None:
    """Poll so many INTEGRATIONS of one Aha! account, and edit in some of them."""
    assert django_setup.HOME.exists()
    asked = Many(integrations, webs, workers, poll_seconds, edits=edits, seconds=seconds)
    with tempfile.TemporaryDirectory(prefix="crosswalk-many-") as folder:
        click.echo("\n".join(map(line, measure(asked, Path(folder)))))


@main.command()
@click.option("--records", default=10_000, show_default=True, help="a feature and four requirements are five")
@click.option("--kills", default=200, show_default=True)
@click.option("--minutes", default=60.0, show_default=True, help="for how long it may rage")
@click.option("--patience", default=60.0, show_default=True, help="minutes until all has to be in step afterwards")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="all of it as JSON")
def kill(records: int, kills: int, minutes: float, patience: float, seed: int, *, as_json: bool) -> None:
    """Send and edit RECORDS while processes are killed KILLS times; exit code 1 where anything went wrong."""
    assert django_setup.HOME.exists()
    pause = max(1.0, 2 * minutes * 60 * 0.8 / kills)
    storm = Storm(records // 5, 4, kills, minutes * 60, min(pause, 12.0), patience * 60, seed)
    folder = Path(tempfile.mkdtemp(prefix="crosswalk-storm-"))
    outcome = run(storm, folder)
    click.echo(json.dumps(asdict(outcome), indent=1) if as_json else "\n".join(map(line, figures(storm, outcome))))
    for told in () if as_json else (*outcome.wrong, *outcome.journal):
        click.echo(told)
    if outcome.faults:
        click.echo(f"What each process logged is kept in {folder}.", err=True)
    else:
        shutil.rmtree(folder)
    sys.exit(1 if outcome.faults else 0)


def figures(storm: Storm, outcome: Outcome) -> list[Figure]:
    """What the test did, and what must not be."""
    names = ("doubles", "missing", "lost_edits", "disagreeing", "limits_exceeded", "not_in_step")
    return [
        Figure("records sent by people", outcome.records, ""),
        Figure("records that both sides hold", outcome.sent, "", outcome.records, at_least=True),
        Figure("processes killed (kill -9)", sum(outcome.kills.values()), "", storm.kills, at_least=True),
        Figure("edits by people meanwhile", outcome.edits, ""),
        Figure("answers lost after the write was applied", outcome.lost_answers, ""),
        Figure("requests", outcome.requests, ""),
        Figure("runs", outcome.runs, ""),
        Figure("minutes", outcome.seconds / 60, ""),
        *(Figure(name.replace("_", " "), getattr(outcome, name), "", 0) for name in names),
    ]


if __name__ == "__main__":
    main()
