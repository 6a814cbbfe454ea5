"""Commands that answer whether it is in step, and if not, why: of all integrations, and of records. They read only."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from crosswalk.cli_shared import as_json, echo, integration, ready

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crosswalk.store.models import Pair
    from crosswalk.sync.pulse import Pulse
    from crosswalk.web.reading import Card

STATES = (
    "attention",
    "conflict",
    "error",
    "gone",
    "due",
    "changed",
    "agreed",
    "except",
    "unsent",
    "paused",
    "ignored",
    "unlinked",
)
"""The filters of the page Records (web/reading.py, which is not read before a command runs)."""


@click.command()
@click.argument("name", metavar="[INTEGRATION]", required=False)
@click.option("--json", "as_data", is_flag=True, help="print data for programs")
def status(name: str | None, *, as_data: bool) -> None:
    """Say of INTEGRATION, or of each, whether it is in step, and if not, why and what to do next; with its figures.

    Ends with 0 also where something does not work: programs read --json.
    """
    ready()
    from crosswalk.store.models import Connection, Integration
    from crosswalk.sync.ends import near
    from crosswalk.sync.installation import current
    from crosswalk.web.figures import figures
    from crosswalk.web.reading import cards

    if name is not None:
        integration(name)
    found = cards(Integration.objects.filter(**({"name": name} if name is not None else {})))
    used = {pk for one in found for pk in (one.integration.aha_id, one.integration.jira_id)}
    ends = near(current().now().date(), Connection.objects.filter(pk__in=used) if name is not None else None)
    if as_data:
        echo(as_json([figures(one, ends) for one in found]))
        return
    for one in found:
        _tell(one)
    if not found:
        echo("There is no integration yet. `crosswalk new` makes one.")
    for end in ends:
        echo(f"The token of {end.connection.name} {end.words}. {end.remedy}")


def _tell(one: Card) -> None:
    from crosswalk.sync import approving

    said, counts = one.health, one.counts
    since = f" {_moment(said.since)}" if said.since else ""
    echo(f"{one.integration.name}: {said.word}{since}")
    need = "needs you" if counts.attention == 1 else "need you"
    figures = {"in step": counts.agreed, "waiting": counts.due, need: counts.attention}
    told = [f"{number} {word}" for word, number in figures.items()]
    if counts.apart:
        told[0] += f" ({counts.apart} of them except for a field)"
    asking = {f"error{'s' * (counts.error > 1)}": counts.error, f"conflict{'s' * (one.conflicts > 1)}": one.conflicts}
    if among := [f"{number} {word}" for word, number in asking.items() if number]:
        told[2] += f" (with {' and '.join(among)})"
    told += [f"{counts.paused} paused"] if counts.paused else []
    echo(f"  {_count(counts.total)}: {', '.join(told)}")
    for text in (said.trouble, said.remedy, one.next.says if one.next else ""):
        if text:
            echo(f"  {text}")
    if number := approving.shown(one.integration):
        echo(f"  To approve what it says: crosswalk sync {quote(one.integration.name)} --approve {number}")
    for pair in one.asking:
        _record(pair, "  ")
    for line in _figures(one.pulse) if one.pulse else ():
        echo(f"  {line}")
    it = one.integration
    echo(f"  Last poll {_moment(it.polled_at)}; everything compared {_moment(it.swept_at)}")


def _figures(beat: Pulse) -> Iterator[str]:
    """What Home says below the counts: hooks, throughput and delay, requests that are left."""
    from crosswalk.store.models import Connection
    from crosswalk.web.words import delay_of

    for one in beat.hooks:
        said = {"waiting": "no hook yet", "delivers": "hooks deliver", "silent": "hooks silent"}[one.state]
        yield f"{Connection.Kind(one.side).label}: {said}{f', the last {_moment(one.last)}' if one.last else ''}"
    written, delay = sum(beat.carried), delay_of(beat.delays)
    fields = f"{written} field{'' if written == 1 else 's'} written in 24 h"
    yield f"{_count(beat.made)} made, {fields}{f', {delay}' if delay else ''}"
    for left in beat.budgets:
        yield f"{left.name}: {left.left} of {left.most} requests left {left.window}"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "never"


@click.command()
@click.argument("name", metavar="INTEGRATION")
@click.option("--state", type=click.Choice(STATES), help="only those")
@click.option("--search", default="", help="only what has these words in its name, or this key")
@click.option("-n", "--lines", default=50, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--json", "as_data", is_flag=True, help="print data for programs")
def records(name: str, state: str | None, search: str, lines: int, *, as_data: bool) -> None:
    """List what of INTEGRATION was sent or joined, with its state; `plan --all` has what was never sent, too."""
    found, _ = integration(name)
    from crosswalk.web.reading import pairs_of

    every = pairs_of(found, state or "", search)
    shown = list(every[:lines])
    if as_data:
        echo(as_json([_data(one) for one in shown]))
        return
    for one in shown:
        _record(one)
    count = every.count()
    left = f" {len(shown)} are listed: -n lists more." if len(shown) < count else ""
    echo(f"{_count(count)}.{left}", err=True)


def _count(number: int) -> str:
    return "1 record" if number == 1 else f"{number} records"


def _record(one: Pair, before: str = "") -> None:
    from crosswalk.web.words import also_apart, state_of

    echo(f"{before}{one}  {state_of(one).word}  {one.title}".rstrip())
    if one.reason:
        echo(f"{before}    {one.reason} {one.remedy}".rstrip())
    if besides := also_apart(one):
        echo(f"{before}    It {besides}.")


def _data(one: Pair) -> dict[str, Any]:
    from crosswalk.store.pairs import differing
    from crosswalk.web.words import state_of

    return {
        "kind": one.kind,
        "aha": one.left_key,
        "jira": one.right_key,
        "title": one.title,
        "state": state_of(one).word,
        "reason": one.reason,
        "remedy": one.remedy,
        "in_step_at": one.agreed_at,
        "differs_in": differing(one),
    }


LOOKING = (status, records)
"""For the group of all commands."""
