"""A throw-away PostgreSQL server on loopback: started once per test run, gone afterwards, with its folder.

Where PostgreSQL is not installed, tests that need it are skipped loudly, and fail when CI=true.
"""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosswalk_demo.sandboxes import free_port
from tests.left_out import left_out

_USER = "crosswalk"


@dataclass(frozen=True)
class Server:
    """A running server. `fsync` off by default: only kill tests need what survives a power cut."""

    folder: Path
    port: int
    password: str
    process: subprocess.Popen[bytes]

    def url(self, name: str) -> str:
        """The address of the database `name`, as CROSSWALK_DATABASE_URL takes it."""
        return f"postgresql://{_USER}:{self.password}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, *, template: str = "template0") -> None:
        """Make the database `name`, as a copy of `template`."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Remove the database `name`, whoever is still in it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """End it at once and remove its folder."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def server() -> Server:
    """The server that unit tests share."""
    started = start()
    atexit.register(started.stop)
    return started


def start(*, fsync: bool = False) -> Server:
    """Start a server of one's own. Skips the test, or fails it under CI=true, where PostgreSQL is not installed."""
    programs = _programs()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="crosswalk-postgresql-"))
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    if "user" in owner:
        for path in (folder, folder / "password"):
            shutil.chown(path, owner["user"], owner["group"])
    initdb = [programs / "initdb", "-D", folder / "data", "-U", _USER, "--auth=scram-sha-256", "--no-sync"]
    initdb += [f"--pwfile={folder / 'password'}", "--encoding=UTF8", "--locale=C"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **owner)
    port = free_port()
    command = [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder]
    safe = "on" if fsync else "off"
    command += ["-c", "listen_addresses=127.0.0.1", "-c", f"fsync={safe}", "-c", f"full_page_writes={safe}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **owner)
    started = Server(folder, port, password, process)
    _await(started)
    return started


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found and (on_path := shutil.which("initdb")):
        found = [Path(on_path).resolve()]
    if found:
        return found[-1].parent
    raise left_out("every test on PostgreSQL", "it is not installed", "apt-get install postgresql")


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the user its package made, or as nobody."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _await(started: Server, seconds: float = 120) -> None:
    import psycopg

    deadline = time.monotonic() + seconds
    while True:
        try:
            started.execute("SELECT 1")
        except psycopg.OperationalError:
            if started.process.poll() is not None or time.monotonic() > deadline:
                log = (started.folder / "log").read_text(errors="replace")
                started.stop()
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None
            time.sleep(0.05)
        else:
            return
