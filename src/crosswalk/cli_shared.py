"""What every command needs: the service's home made ready, errors as messages, an integration by its name."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from crosswalk import config
from crosswalk.errors import CrosswalkError
from crosswalk.store.text import visible
from crosswalk.web import start

if TYPE_CHECKING:
    from crosswalk.store.models import Integration

PERSON = "the command line"
MOST_SHOWN = 300  # letters of a value
# What of a command's arguments is kept with it; never a password.
_TOLD = (
    *("records", "issue", "word", "connection", "allow", "forbid", "side", "field", "value", "said"),
    *("workspace", "project", "about"),
)


def as_json(data: Any) -> str:
    """Data as programs read it; moments and days as text."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str)


def shown(value: str) -> str:
    """A value on one line of a terminal; of a long text its beginning."""
    line = " ".join(value.split()) or "—"
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}… ({len(value)} characters)"


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a line. Names and texts are from elsewhere and may hold what commands a terminal: it is written out."""
    click.echo(visible(str(text)), err=err, nl=nl)


@contextmanager
def telling() -> Iterator[None]:
    """Errors that a person can mend become a message, which begins as click begins its own, and exit code 1."""
    try:
        yield
    except CrosswalkError as error:
        echo(f"Error: {error}", err=True)
        sys.exit(1)


def ready() -> None:
    """Home folder, keys and database, as the service makes them."""
    with telling():
        start.prepare(config.read(os.environ))


def kept(kind: str, what: str, result: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Note what a command did among what people did, under the name of who is signed in at the machine.

    `result` is what came of it, where its arguments do not tell.
    """

    def around(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            command(**given)
            words = [given[name] for name in ("word", "allow", "forbid") if name in given]
            if given.get("dry_run") or given.get("show") or (words and not any(words)):  # it only showed something
                return
            from crosswalk.web import audit

            named = (given.get(name) for name in ("integration", "name", "user", "file", "record"))
            said = " ".join(_words(given[name]) for name in _TOLD if given.get(name))
            audit.note_command(kind, what, str(next(filter(None, named), "")), said or result)

        return run

    return around


def _words(given: object) -> str:
    """An argument as people read it; of several records their keys."""
    return ", ".join(given) if isinstance(given, tuple) else str(given)


def on_the_way(count: int) -> str:
    """How many records are on their way, and where to see what becomes of them."""
    they = "1 record is on its way" if count == 1 else f"{count} records are on their way"
    return f"{they}. `crosswalk log` shows what happens; the service has to run."


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


def agreed(question: str, *, yes: bool) -> None:
    """Go on only with a person's word: --yes, or the answer to the question; else nothing is done, and that is said."""
    if not yes and not click.confirm(visible(question)):
        echo("Nothing was done. --yes does it without asking.", err=True)
        sys.exit(1)


def far(step: str, done: int, total: int) -> None:
    """How far a load is, beside what a program reads."""
    echo(f"[{done + 1}/{total}] {step}", err=True)
