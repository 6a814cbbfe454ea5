"""Commands for whoever runs the service: move it to another database. Parses, calls sync, prints; decides nothing."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from crosswalk import config
from crosswalk.cli_shared import telling
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
            click.echo(line)
    keys = "" if here.keys else f" and CROSSWALK_KEYS to the keys in {here.keys_file} (newest first, by commas)"
    click.echo(f"Set CROSSWALK_DATABASE_URL to that address{keys}.")
    click.echo("Then start `crosswalk serve` and `crosswalk worker`.")
    click.echo(f"{here.database.path} was not changed. Keep it for a while, and do not start it again.")


OPERATING = (move_database,)
"""For the group of all commands."""
