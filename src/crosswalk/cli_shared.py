"""What every command needs: the service's home made ready, errors as messages, an integration by its name."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import click

from crosswalk import config
from crosswalk.errors import CrosswalkError
from crosswalk.web import start

if TYPE_CHECKING:
    from crosswalk.store.models import Integration

PERSON = "the command line"


@contextmanager
def telling() -> Iterator[None]:
    """Errors that a person can mend become a message and exit code 1."""
    try:
        yield
    except CrosswalkError as error:
        click.echo(f"crosswalk: {error}", err=True)
        sys.exit(1)


def ready() -> None:
    """Home folder, keys and database, as the service makes them."""
    with telling():
        start.prepare(config.read(os.environ))


def integration(name: str) -> tuple[Integration, ModuleType]:
    """The integration called `name`, and the verbs."""
    ready()
    from crosswalk.store.models import Integration
    from crosswalk.sync import service

    found = Integration.objects.filter(name=name).first()
    if found is None:
        names = ", ".join(f"“{one}”" for one in Integration.objects.order_by("name")) or "none yet"
        raise click.ClickException(f"There is no integration “{name}”. There are: {names}.")
    return found, service
