"""`python -m crosswalk_sandbox aha|jira-cloud|jira-dc`: one stand-in alone; its address and credentials come first.

Knows no vendor; the packages `aha` and `jira` beside it build the applications.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence

import click
from starlette.applications import Starlette

from crosswalk_sandbox.kernel.clock import Clock, VirtualClock
from crosswalk_sandbox.kernel.server import run

FLAVOURS = ("aha", "jira-cloud", "jira-dc")


def build(flavour: str, seed: str, clock: Clock) -> tuple[Starlette, dict[str, str]]:
    """The application and the credentials of one sandbox. Raises LookupError when it or the seed does not exist."""
    vendor = flavour.partition("-")[0]
    name = f"crosswalk_sandbox.{vendor}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise LookupError(f"there is no {flavour} sandbox in this installation") from error
    if not hasattr(module, "build"):
        raise LookupError(f"the {flavour} sandbox can not be started yet")
    arguments = (seed, clock) if vendor == "aha" else (flavour, seed, clock)
    app, credentials = module.build(*arguments)
    return app, credentials


def _announce(url: str, credentials: dict[str, str], as_json: bool) -> None:
    if as_json:
        line = json.dumps({"address": url, **credentials})
    else:
        line = "  ".join([url, *(f"{name} {value}" for name, value in credentials.items())])
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@click.command()
@click.argument("flavour", type=click.Choice(FLAVOURS))
@click.option("--port", default=0, show_default="a free one", type=click.IntRange(0, 65535))
@click.option("--seed", default="demo", show_default=True, help="demo, empty, large:N")
@click.option("--json", "as_json", is_flag=True, help="the first line is a JSON object")
@click.option("--hooks-to", multiple=True, metavar="URL", help="send hooks there")
@click.option("--virtual-clock", is_flag=True, help="time moves only by POST /_sandbox/clock/advance")
def main(flavour: str, port: int, seed: str, as_json: bool, hooks_to: Sequence[str], virtual_clock: bool) -> None:
    """Start one stand-in server and keep it running until Ctrl-C."""
    try:
        app, credentials = build(flavour, seed, VirtualClock() if virtual_clock else Clock())
        for url in hooks_to:
            app.state.add_hook(url)
        run(app, port=port, announce=lambda url: _announce(url, credentials, as_json))
    except (LookupError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"port {port} can not be opened: {error}") from error


if __name__ == "__main__":
    main()
