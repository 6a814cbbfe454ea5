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
def log(integration: str | None, record: str | None, lines: int, *, follow: bool) -> None:
    """Print the last lines of the journal, oldest first."""
    ready()
    from crosswalk.store import journal
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync.installation import current

    edge = journal.settled(current().now())
    entries = JournalEntry.objects.select_related("pair", "integration")
    if integration:
        entries = entries.filter(integration=_integration(integration)[0])
    if record:
        entries = entries.filter(pair__left_key=record) | entries.filter(pair__right_key=record)
    shown = entries.filter(pk__lte=edge) if follow else entries  # what is behind the edge follows
    found = list(shown.order_by("-pk")[:lines])
    if not found:
        echo("The journal holds no line about that yet.", err=True)
    for entry in reversed(found):
        _print(entry)
    if follow:
        _go_on(entries, edge)


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
