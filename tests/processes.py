"""Real processes for tests: started with a clean environment, ended for sure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crosswalk.config import Config, read

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1, ::1"
"""What CROSSWALK_ALLOW_PRIVATE lists in tests: where the sandboxes are."""


def settings_at(home: Path, **more: str) -> Config:
    """The settings of an installation with the folder `home` that may reach this machine, where the sandboxes are."""
    return read({"CROSSWALK_HOME": str(home), "CROSSWALK_ALLOW_PRIVATE": LOOPBACK, **more})


def environment(config: Config) -> dict[str, str]:
    """What leads another process to the database of `config`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")}
    found = {
        **kept,
        "CROSSWALK_HOME": str(config.home),
        "CROSSWALK_ALLOW_PRIVATE": LOOPBACK,
        "DJANGO_SETTINGS_MODULE": "crosswalk.web.settings",
    }
    database = config.database
    if database.postgres:
        place = f"{database.host}:{database.port}/{database.name}"
        found["CROSSWALK_DATABASE_URL"] = f"postgresql://{database.user}:{database.password}@{place}"
    return found


def key() -> dict[str, str]:
    """What has another process read the secrets that this one stored."""
    from django.conf import settings

    lines = settings.CONFIG.keys_file.read_text("ascii").split("\n")
    return {"CROSSWALK_KEYS": next(line for line in lines if line and not line.startswith("#"))}


@contextmanager
def python(module: str, arguments: Sequence[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`python -m module arguments`, its output readable line by line; killed at the end if it still runs."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def at_once(
    module: str, arguments: Sequence[str], env: Mapping[str, str], count: int
) -> Iterator[list[subprocess.Popen[str]]]:
    """So many of them, which begin together: each says "ready", and waits for a line."""
    with ExitStack() as stack:
        started = [stack.enter_context(python(module, arguments, env)) for _ in range(count)]
        for process in started:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.close()
        yield started
