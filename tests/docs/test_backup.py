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
from cryptography.fernet import Fernet
from tests import postgres
from tests.django_setup import postgresql_template
from tests.template import lay

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
LOSE = (
    READ
    + """
sys.stdout.flush()
config.read(os.environ).keys_file.unlink()
Connection.objects.get(name="Jira").secret.reveal()
"""
)


def _python(script: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")}
    env = {**kept, "CROSSWALK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "crosswalk.web.settings", **more}
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
    home, restored = tmp_path / "home", tmp_path / "restored"
    lay(home)
    made = _python(MAKE, home)
    assert made.returncode == 0, made.stderr
    restored.mkdir(mode=0o700)
    _backup(home, restored)
    shutil.copy2(home / "keys", restored / "keys")
    found = _python(LOSE, restored)
    assert found.stdout == "a token", found.stderr
    assert found.returncode != 0
    assert "which is missing" in found.stderr


@pytest.mark.postgres
def test_a_dump_and_the_keys_bring_everything_back(tmp_path: Path) -> None:
    server = postgres.server()
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))
    keys = Fernet.generate_key().decode()
    names = [f"backup_{tmp_path.name}".lower(), f"restored_{tmp_path.name}".lower()]
    server.create(names[0], template=postgresql_template())
    server.create(names[1])
    before, after = (server.url(name) for name in names)
    try:
        made = _python(MAKE, tmp_path / "home", CROSSWALK_DATABASE_URL=before, CROSSWALK_KEYS=keys)
        assert made.returncode == 0, made.stderr
        dump = tmp_path / "crosswalk.dump"
        subprocess.run([programs / "pg_dump", "--format=custom", f"--file={dump}", before], check=True, timeout=120)
        subprocess.run([programs / "pg_restore", "--no-owner", f"--dbname={after}", dump], check=True, timeout=120)
        found = _python(READ, tmp_path / "elsewhere", CROSSWALK_DATABASE_URL=after, CROSSWALK_KEYS=keys)
        assert (found.returncode, found.stdout) == (0, "a token"), found.stderr
    finally:
        for name in names:
            server.drop(name)
