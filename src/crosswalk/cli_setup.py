"""Commands about setting up: plan, load, hook, steps. Parses, calls sync, prints; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crosswalk.cli_shared import PERSON, as_json, echo, far, kept, telling
from crosswalk.cli_shared import integration as _integration

if TYPE_CHECKING:
    from crosswalk.sync.hooking import Hooking


@click.command()
@click.argument("integration")
@click.argument("records", nargs=-1)
@click.option("--release", help="every feature of this release, by its name or id")
@click.option("--all", "everything", is_flag=True, help="everything in the workspace, sent or not")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def plan(integration: str, records: tuple[str, ...], release: str | None, everything: bool, form: str) -> None:
    """Print what would be written on each side for RECORDS, or for what is joined. Writes nothing."""
    if sum(map(bool, (records, release, everything))) > 1:
        raise click.UsageError("Name records, or --release, or --all.")
    with telling():
        found, service = _integration(integration)
        from crosswalk.sync import planfile

        refs = [service.find_ref(found, record) for record in records]
        echo(planfile.written(found, release or ("all" if everything else ""), form, refs), nl=False)


@click.command()
@click.argument("integration")
@kept("settings", "Loading project data")
def load(integration: str) -> None:
    """Load project data of INTEGRATION: what changed since the last time, and what does not fit any more."""
    with telling():
        found, _ = _integration(integration)
        from crosswalk.sync import errands

        for line in errands.load_lines(found, far):
            echo(line)


@click.command()
@click.argument("integration")
@click.option("--show", is_flag=True, help="only show both addresses, which are secrets, and whether hooks arrive")
@click.option("--json", "data", is_flag=True, help="with --show: print data for programs")
@kept("settings", "Registering a webhook")
def hook(integration: str, *, show: bool, data: bool) -> None:
    """Register the webhook of INTEGRATION in Jira, where the account administers it; or show the addresses."""
    if data and not show:
        raise click.UsageError("--json goes with --show.")
    with telling():
        found, _ = _integration(integration)
        from crosswalk.sync import hooking

        both = hooking.hooking(found)
        if not show:
            echo(hooking.register(found, PERSON))
            _warn(both[1:])
            return
        rows = [
            {
                "side": one.side,
                "address": hooking.address(found, one.side),
                "state": one.state,
                "last": one.last,
                "bare": one.bare,
            }
            for one in both
        ]
        _warn(both)
        rows[1]["secret"] = found.hook_signature.reveal()
        if data:
            echo(as_json(rows))
            return
        for row in rows:
            came = f", the last one came {row['last']:%Y-%m-%d %H:%M}" if row["last"] else ""
            echo(f"{row['side']}: {row['address']} ({row['state']}{came})")
            if row["bare"]:
                echo("  It has no body and names no issue: untick “Exclude body” in Jira's webhook.")
        if rows[1]["secret"]:
            echo(f"  secret for Jira's webhook, with which it signs: {rows[1]['secret']}")


def _warn(sides: tuple[Hooking, ...]) -> None:
    """What keeps hooks from arriving, each once, beside what a program reads."""
    for hint in dict.fromkeys(filter(None, (one.hint for one in sides))):
        echo(hint, err=True)


@click.command()
@click.argument("integration")
@click.option("--json", "data", is_flag=True, help="print data for programs")
def steps(integration: str, *, data: bool) -> None:
    """Show how far the set-up of INTEGRATION is."""
    with telling():
        found, _ = _integration(integration)
        from crosswalk.web.views.setup_steps import steps_of

        every = steps_of(found)
        if data:
            echo(as_json([{"step": one.name, "state": one.state, "says": one.says} for one in every]))
            return
        for step in every:
            echo(f"{step.state:<9}{step.title}: {step.says}")


SETTING_UP = (plan, load, hook, steps)
"""For the group of all commands."""
