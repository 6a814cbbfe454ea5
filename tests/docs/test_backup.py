"""docs/how-to/backup.md, done: what it says to copy is enough, and nothing less is."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.acceptance, pytest.mark.slow]
READY = """
import os
from crosswalk import config
from crosswalk.web import start
start.prepare(config.read(os.environ))
from crosswalk.store.models import Connection
"""
MAKE = READY + 'Connection.objects.create(name="Jira", kind="jira", address="http://127.0.0.1:1", secret="a token")'
READ = READY + 'import sys; sys.stdout.write(Connection.objects.get(name="Jira").secret.reveal())'


def _python(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")}
    env = {**kept, "CROSSWALK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "crosswalk.web.settings"}
    return subprocess.run(
        [sys.executable, "-c", script], check=False, env=env, capture_output=True, text=True, timeout=120
    )


def _backup(home: Path, into: Path) -> None:
    """What `.backup` of the sqlite3 command does (https://www.sqlite.org/backup.html)."""
    with (
        closing(sqlite3.connect(home / "crosswalk.sqlite3")) as source,
        closing(sqlite3.connect(into / "crosswalk.sqlite3")) as target,
    ):
        source.backup(target)


def test_database_and_keys_bring_everything_back(tmp_path: Path) -> None:
    home, restored, keyless = (tmp_path / name for name in ("home", "restored", "keyless"))
    made = _python(MAKE, home)
    assert made.returncode == 0, made.stderr
    for folder in (restored, keyless):
        folder.mkdir(mode=0o700)
        _backup(home, folder)
    shutil.copy2(home / "keys", restored / "keys")
    found = _python(READ, restored)
    assert (found.returncode, found.stdout) == (0, "a token"), found.stderr
    lost = _python(READ, keyless)
    assert lost.returncode != 0
    assert "which is missing" in lost.stderr
