"""`./run bench [--json] [--features N] [PART ...]`: prints a table (or JSON), and says which targets were missed."""

from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict

import click

from tests.bench.figure import Figure

PARTS = ("pure", "requests", "load", "linking", "live", "sandbox", "pages")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON list instead of a table")
@click.option("--features", default=10_000, show_default=True, help="how many `load` sends, each with 4 requirements")
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
def main(as_json: bool, features: int, parts: tuple[str, ...]) -> None:
    """Measure PARTS (default: all)."""
    os.environ["BENCH_FEATURES"] = str(features)  # for the process of each part, too
    logging.getLogger("tests").setLevel(logging.ERROR)  # how each run ended is for tests that fail
    figures = [figure for part in parts or PARTS for figure in _measure(part, alone=len(parts) == 1)]
    if as_json:
        click.echo(json.dumps([asdict(figure) for figure in figures], indent=1))
        return
    click.echo(f"{'what':<60}{'measured':>14}  {'target':<16}{'original integration'}")
    for figure in figures:
        click.echo(line(figure))


def line(figure: Figure) -> str:
    """A figure as the table shows it, with a word where its target was missed."""
    missed = "  ← missed" if figure.missed else ""
    return f"{figure.what:<60}{figure.shown:>14}  {figure.target_shown:<16}{figure.original}{missed}"


def _measure(part: str, *, alone: bool) -> list[Figure]:
    """The figures of a part, in this process when it is the only one: parts want settings of their own."""
    if alone:
        found: list[Figure] = importlib.import_module(f"tests.bench.figures_{part}").measure()
        return found
    command = [sys.executable, "-m", "tests.bench", "--json", part]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return [Figure(**entry) for entry in json.loads(done.stdout[done.stdout.index(b"[\n") :])]


if __name__ == "__main__":
    main()
