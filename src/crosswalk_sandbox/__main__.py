"""`python -m crosswalk_sandbox aha|jira-cloud|jira-dc`: one stand-in alone; its address and credentials come first.

Knows no vendor; the packages `aha` and `jira` beside it build the applications.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from crosswalk_sandbox import __version__
from crosswalk_sandbox.kernel.app import Gated
from crosswalk_sandbox.kernel.clock import Clock, VirtualClock
from crosswalk_sandbox.kernel.keeping import File
from crosswalk_sandbox.kernel.server import run

FLAVOURS = ("aha", "jira-cloud", "jira-dc")


def build(flavour: str, seed: str, clock: Clock) -> tuple[Gated, dict[str, str]]:
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


def _kept(data: str, flavour: str, seed: str, clock: Clock) -> tuple[File | None, Gated, dict[str, str]]:
    """The file, if there is to be one, and the sandbox as it was when the file began. Raises as `build` and File do."""
    if not data:
        return None, *build(flavour, seed, clock)
    kind = "virtual" if clock.virtual else "real"
    about = {"version": __version__, "sandbox": flavour, "seed": seed, "clock": kind}
    file = File(Path(data), about, clock.now())
    with clock.held(file.began):
        return file, *build(flavour, seed, clock)


def _play_back(app: Gated, file: File | None) -> None:
    if file is not None:
        app.keeping.play_back(file, app)
    # A large seed is some hundred thousand objects that never go away: no collection need look at them.
    gc.freeze()
    gc.enable()


@click.command()
@click.argument("flavour", type=click.Choice(FLAVOURS))
@click.option("--port", default=0, show_default="a free one", type=click.IntRange(0, 65535))
@click.option("--seed", default="demo", show_default=True, help="demo, empty, large, large:N")
@click.option("--json", "as_json", is_flag=True, help="the first line is a JSON object")
@click.option("--hooks-to", multiple=True, metavar="URL", help="send hooks there")
@click.option("--virtual-clock", is_flag=True, help="time moves only by POST /_sandbox/clock/advance")
@click.option("--data", default="", metavar="FILE", help="keep the state in this SQLite file between starts")
def main(flavour: str, port: int, seed: str, hooks_to: Sequence[str], **more: Any) -> None:
    """Start one stand-in server and keep it running until Ctrl-C."""
    gc.disable()
    try:
        file, app, credentials = _kept(
            more["data"], flavour, seed, VirtualClock() if more["virtual_clock"] else Clock()
        )

        def prepare() -> None:
            _play_back(app, file)
            for url in hooks_to:
                app.state.add_hook(url)

        run(app, port=port, announce=lambda url: _announce(url, credentials, more["as_json"]), prepare=prepare)
    except (LookupError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"port {port} can not be opened: {error}") from error


if __name__ == "__main__":
    main(prog_name="./run sandbox")
