"""The command that prints the journal, and goes on printing. Parses, reads, prints; decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from crosswalk.cli_shared import echo, ready
from crosswalk.cli_shared import integration as _integration

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from crosswalk.store.models import JournalEntry

EVERY = 1.0  # seconds between two looks


@click.command()
@click.argument("integration", required=False)
@click.option("--record", help="only about this record, such as FAB-7")
@click.option("-n", "--lines", default=50, show_default=True, type=click.IntRange(1, 5000))
@click.option("-f", "--follow", is_flag=True, help="then print each new line as it comes, until Ctrl-C")
@click.option("--level", type=click.Choice(["warning", "error"]), default=None, help="only lines of it, or worse")
@click.option("--search", default="", help="only lines with these words")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def log(form: str, *, follow: bool, lines: int, **asked: str | None) -> None:
    """Print the last lines of the journal, oldest first; as JSON or CSV newest first, with the requests of each."""
    if follow and form != "text":
        raise click.UsageError("--follow goes with text alone.")
    ready()
    from crosswalk.store import journal
    from crosswalk.sync.installation import current
    from crosswalk.web import logfile

    edge, entries = journal.settled(current().now()), _asked(**asked)
    shown = entries.filter(pk__lte=edge) if follow else entries  # what is behind the edge follows
    if form != "text":
        echo(logfile.written(shown.order_by("-pk")[:lines], form).rstrip())
        return
    found = list(shown.order_by("-pk")[:lines])
    if not found:
        echo("The journal holds no line about that yet.", err=True)
    for entry in reversed(found):
        _print(entry)
    if follow:
        _go_on(entries, edge)


def _asked(
    integration: str | None = None, record: str | None = None, level: str | None = None, search: str | None = None
) -> QuerySet[JournalEntry]:
    """The lines that are asked for, newest first."""
    from crosswalk.web import reading

    entries = reading.journal(_integration(integration)[0] if integration else None, level or "", search or "")
    if record:
        entries = entries.filter(pair__left_key=record) | entries.filter(pair__right_key=record)
    return entries


def _go_on(entries: QuerySet[JournalEntry], last: int) -> None:
    try:
        for entry in following(entries, last, lambda: time.sleep(EVERY)):
            _print(entry)
    except KeyboardInterrupt:
        return


def following(entries: QuerySet[JournalEntry], last: int, wait: Callable[[], object]) -> Iterator[JournalEntry]:
    """Each line behind the one numbered `last`, as it comes, once; `wait` passes the time between two looks."""
    from crosswalk.store import journal
    from crosswalk.sync.installation import current

    while True:
        found, last = journal.behind(entries, last, current().now())
        yield from found
        wait()


def _print(entry: JournalEntry) -> None:
    about = str(entry.pair) if entry.pair else entry.integration.name
    echo(f"{entry.at:%Y-%m-%d %H:%M:%S} {entry.level:<8}{about}: {entry.what} {entry.why}".rstrip())
    if entry.remedy:
        echo(f"{'':28}{entry.remedy}")
