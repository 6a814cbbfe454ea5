"""An installation of many processes, and hands that set it up, use it from outside and cut it off."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from django.core.management import call_command

from crosswalk.config import Config
from crosswalk.store.database import databases
from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Sandboxes, free_port
from tests import postgres
from tests.django_setup import HOME, using
from tests.joined import joined
from tests.processes import ROOT, environment, key, settings_at

PATIENCE = 300.0
NO_MORE: Mapping[str, str] = {}


def until(
    done: Callable[[], bool], what: str | Callable[[], str], seconds: float = PATIENCE, every: float = 0.05
) -> None:
    """Wait for `done`; fail with `what` when it does not come true."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not happen in {seconds:g} s: {what() if callable(what) else what}")
        time.sleep(every)


@dataclass
class Cluster:
    """Processes of Crosswalk on one database. Each is killed with the cluster, whatever became of it."""

    config: Config
    folder: Path
    ports: tuple[int, ...]
    more: Mapping[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: int = 0

    def env(self) -> dict[str, str]:
        return {
            **environment(self.config),
            **key(),
            "CROSSWALK_URL": f"http://127.0.0.1:{self.ports[0]}",
            "CROSSWALK_POLL_SECONDS": "2",
            "CROSSWALK_BACKUP": "no",
            "CROSSWALK_LOG": "json",
            **self.more,
        }

    def start(self, name: str) -> None:
        """Start `web0`, `web1`, ... or `worker0`, `worker1`, ...; not waited for."""
        command = ["serve", "--port", str(self.ports[int(name[3:])])] if name.startswith("web") else ["worker"]
        self.started += 1
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "crosswalk", *command], env=self.env(), cwd=ROOT, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self, name: str, seconds: float = PATIENCE) -> int:
        """Ask it to end, as a service manager does; its exit code."""
        process = self.running[name]
        process.terminate()
        process.wait(seconds)
        return self.running.pop(name).returncode

    def ready(self, port: int) -> Mapping[str, Any]:
        """What a web process says about itself."""
        try:
            found: Mapping[str, Any] = httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=20).json()
        except httpx2.TransportError:
            return {}
        return found

    def log(self) -> str:
        """The end of what each process logged."""
        texts = (f"{path.name}:\n{path.read_text('utf-8', 'replace')[-1500:]}" for path in self.folder.glob("*.log"))
        return "\n".join(texts)

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)


@dataclass
class Stage:
    """Both sandboxes, connected and enabled, and somebody on each side."""

    sandboxes: Sandboxes
    aha: AhaPlayer
    jira: JiraPlayer
    integration: Any
    config: Config

    def quiet(self) -> bool:
        """Whether nothing is left to do, as far as Crosswalk knows."""
        from django.db.models import F

        from crosswalk.store.models import HookDelivery, Pair

        busy = Pair.objects.exclude(dirty=F("done")).exists()
        return not busy and not HookDelivery.objects.filter(seen_at=None).exists()

    def hooks(self, port: int) -> None:
        """Have both sides send their hooks to a web process, too."""
        for side, account in (("aha", self.sandboxes.aha), ("jira", self.sandboxes.jira)):
            target = f"http://127.0.0.1:{port}/hooks/{side}/{self.integration.hook_secret.reveal()}"
            httpx2.post(f"{account.address}/_sandbox/hooks", json={"url": target}).raise_for_status()

    def audit(self, side: str) -> dict[str, Any]:
        """What a sandbox says about the requests it got."""
        address = (self.sandboxes.aha if side == "aha" else self.sandboxes.jira).address
        found: dict[str, Any] = httpx2.get(f"{address}/_sandbox/audit", timeout=60).json()
        return found


@contextmanager
def written_through(name: str) -> Iterator[Config]:
    """A database called `name` on a PostgreSQL that writes through to the disk, and Django on it."""
    server = postgres.start(fsync=True)
    try:
        server.create(name)
        config = settings_at(HOME, CROSSWALK_DATABASE_URL=server.url(name))
        with using(databases(config)["default"]):
            call_command("migrate", verbosity=0)
            yield config
    finally:
        server.stop()


@contextmanager
def stage(config: Config) -> Iterator[Stage]:
    """Sandboxes as processes, and an integration in the database that Django is on, which `config` leads to."""
    from crosswalk.engine.process import utc_now
    from crosswalk.sync import installation
    from crosswalk.sync.connect import Bridges

    with ExitStack() as stack:
        sandboxes = stack.enter_context(Sandboxes("jira-cloud", 0, 0))
        bridges = stack.enter_context(closing(Bridges(config, utc_now, time.sleep)))
        here = installation.Installation(config, installation.engine_for(config), bridges, utc_now)
        stack.enter_context(installation.instead(here))
        integration = joined(sandboxes.aha, sandboxes.jira)
        aha = stack.enter_context(closing(AhaPlayer(sandboxes.aha)))
        jira = stack.enter_context(closing(JiraPlayer(sandboxes.jira, sandboxes.flavour)))
        yield Stage(sandboxes, aha, jira, integration, config)


@contextmanager
def cluster(
    config: Config, folder: Path, webs: int, workers: int, more: Mapping[str, str] = NO_MORE
) -> Iterator[Cluster]:
    """Web processes and workers that are ready, with `more` in their environment; on SQLite `workers` is 0."""
    found = Cluster(config, folder, tuple(free_port() for _ in range(webs)), more)
    folder.mkdir(exist_ok=True)
    try:
        for number in range(webs):
            found.start(f"web{number}")
        for number in range(workers):
            found.start(f"worker{number}")
        for port in found.ports:
            # A busy machine may take its time; what waits here is not what is measured.
            until(lambda port=port: bool(found.ready(port).get("ready")), found.log, seconds=180, every=0.2)
        yield found
    finally:
        found.end()
