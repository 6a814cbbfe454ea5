"""Commands for whoever runs the service: back up, restore, move, forget. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from crosswalk import config
from crosswalk.cli_shared import echo, telling
from crosswalk.errors import Refused
from crosswalk.web import start


@click.command("move-database")
@click.argument("target", metavar="TARGET_URL")
def move_database(target: str) -> None:
    """Carry everything from SQLite to the empty PostgreSQL database at TARGET_URL. The service has to be stopped.

    The SQLite file is only read. A password may stand in TARGET_URL, in PGPASSWORD or in ~/.pgpass.
    """
    with telling():
        here = config.read(os.environ)
        there = replace(here, database=config.database_at(target, here.home))
        if not there.database.postgres:
            raise Refused("TARGET_URL is empty.", remedy="Write it as postgresql://user:password@host:5432/name.")
        start.set_up(here)
        from crosswalk.sync import moving

        for line in moving.move(here.home, there):
            echo(line)
    keys = "" if here.keys else f" and CROSSWALK_KEYS to the keys in {here.keys_file} (newest first, by commas)"
    echo(f"Set CROSSWALK_DATABASE_URL to that address{keys}.")
    echo("Then start `crosswalk serve` and `crosswalk worker`.")
    echo(f"{here.database.path} was not changed. Keep it for a while, and do not start it again.")


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Copy the database to FILE (default: below `backups` in the home folder), while the service runs.

    The keys are not in it; without them no secret in it can be read.
    """
    with telling():
        here = config.read(os.environ)
        start.set_up(here)
        from crosswalk.store import backup as copies

        echo(copies.write(here, file or copies.name_for(here, datetime.now(UTC))))
    keys = "CROSSWALK_KEYS" if here.keys else here.keys_file
    echo(f"Keep {keys} too, in another place: without the keys no secret in the copy can be read.", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the copy FILE in the place of the database. The service has to be stopped.

    On SQLite the present database is kept in a file of its own; on PostgreSQL the database must be empty.
    """
    with telling():
        here = config.read(os.environ)
        start.set_up(here)
        from crosswalk.store import backup as copies
        from crosswalk.store.opening import refusing

        with refusing(here):
            kept = copies.restore(here, file, copies.name_for(here, datetime.now(UTC), "restore"))
    if kept:
        echo(f"What was there before is in {kept}.")
    echo("Restored. Start with the keys that the copy was made with.")


@click.command("forget-secrets")
@click.confirmation_option(prompt="Empty every stored secret that the keys here do not open?")
def forget_secrets() -> None:
    """Empty the secrets whose keys are lost for good, so that the service starts; then enter them anew."""
    with telling():
        start.prepare(config.read(os.environ))
        from crosswalk.store.secrets import forget_secrets as forget

        found = forget()
    for line in found:
        echo(line)
    echo(f"{len(found)} were forgotten. Enter them anew; webhooks need their new addresses.")


@click.command("rotate-secrets")
def rotate_secrets() -> None:
    """Make a new key and seal every stored secret with it; the service may go on meanwhile.

    With keys in CROSSWALK_KEYS: put a new one first there, start every process anew, then run this.
    """
    with telling():
        settings = config.read(os.environ)
        start.prepare(settings)
        from crosswalk.store.secrets import add_key
        from crosswalk.store.secrets import rotate_secrets as rotate

        key = "the first of CROSSWALK_KEYS" if settings.keys else add_key(settings)
        count = rotate()
    echo(f"{count} secrets are sealed with {key}. Keep the older keys as long as you keep back-ups of before.")


OPERATING = (backup, restore, move_database, forget_secrets, rotate_secrets)
"""For the group of all commands."""
