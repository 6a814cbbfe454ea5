"""`python -m crosswalk_demo [--check] [--port N] [--no-hooks] [--jira cloud|dc]`: see ./run help."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from crosswalk.errors import Refused
from crosswalk.web.start import listen
from crosswalk_demo.sandboxes import Sandboxes, free_port

PORT = 8400
OWNER, PASSWORD = "demo", "demo-only-password"  # the demo is for this machine and a throw-away folder


@click.command()
@click.option("--check", is_flag=True, help="play the story with nobody at the keyboard, and say whether it holds")
@click.option(
    "--port",
    type=click.IntRange(0, 65533),
    show_default=f"{PORT}; with --check free ones",
    help="first of three ports",
)
@click.option("--no-hooks", is_flag=True, help="send no webhooks: polling alone keeps both sides in step")
@click.option("--jira", default="cloud", show_default=True, type=click.Choice(["cloud", "dc"]))
def main(check: bool, port: int | None, no_hooks: bool, jira: str) -> None:
    """Start a sandbox Aha!, a sandbox Jira and Crosswalk, connected, mapped and enabled."""
    first = PORT if port is None and not check else port
    ports = (free_port(), 0, 0) if not first else (first, first + 1, first + 2)
    with tempfile.TemporaryDirectory(prefix="crosswalk-demo-", ignore_cleanup_errors=True) as folder:
        set_environment(Path(folder), ports[0])
        try:
            listen("127.0.0.1", ports[0]).close()  # else the addresses would be printed first
            with Sandboxes(f"jira-{jira}", ports[1], ports[2]) as sandboxes:
                from crosswalk_demo import story

                installed = story.install(sandboxes, OWNER, PASSWORD, hooks=not no_hooks)
                sys.exit(story.check(installed, ports[0]) if check else story.play(installed, ports[0]))
        except Refused as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            raise click.ClickException(f"{error}. Choose other ports with --port N.") from error
        except KeyboardInterrupt:
            sys.exit(0)


def set_environment(folder: Path, port: int) -> None:
    """Settings enter Crosswalk by the environment; the demo's live in its own folder."""
    for name in [name for name in os.environ if name.startswith("CROSSWALK_")]:
        del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "crosswalk.web.settings"
    os.environ["CROSSWALK_HOME"] = str(folder)
    os.environ["CROSSWALK_URL"] = f"http://127.0.0.1:{port}"
    os.environ["CROSSWALK_ALLOW_PRIVATE"] = "127.0.0.1"
    os.environ["CROSSWALK_POLL_SECONDS"] = "2"


if __name__ == "__main__":
    main(prog_name="./run demo")
