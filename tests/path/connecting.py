"""The Connect app on a stage: the service as Jira reaches it, beside a `System`, on the same clock and database."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx2
import uvicorn

from crosswalk.web import listening
from tests.path.system import System, running
from tests.processes import settings_at


class Ready(uvicorn.Server):
    """uvicorn that says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def served(door_engine: Any, taken: socket.socket) -> Iterator[None]:
    """The service on `taken`, in a thread, until the block ends."""
    from crosswalk.sync.installation import current
    from crosswalk.web.asgi import application, door
    from crosswalk.web.probes import Probes

    hooks, probes = door(door_engine), Probes(door_engine, current().now)
    server = Ready(listening.served(application(hooks, probes), patience=10))
    thread = threading.Thread(target=server.run, args=([taken],))
    thread.start()
    assert server.ready.wait(60)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        hooks.close()
        probes.close()


class ConnectSystem:
    """A `System` on Jira Cloud whose sandbox can install the Connect app from the running service."""

    def __init__(self, system: System, url: str) -> None:
        self.system, self.url = system, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self.system, name)

    @property
    def descriptor(self) -> str:
        return f"{self.url}/connect/atlassian-connect.json"

    def install(self) -> httpx2.Response:
        """What a Jira administrator does under Apps > Manage apps > Upload app."""
        self.system.pass_time(5)  # a token is good once, and tokens of one second look alike
        return httpx2.post(f"{self.jira_at.address}/_sandbox/apps", json={"descriptor": self.descriptor}, timeout=60)

    def uninstall(self) -> None:
        self.system.pass_time(5)
        httpx2.delete(f"{self.jira_at.address}/_sandbox/apps/crosswalk-sync", timeout=60).raise_for_status()

    def inside(self, module: str, issue: str = "") -> str:
        """The address that Jira signs for the iframe of a module, beside an issue where one is named."""
        asked = httpx2.get(
            f"{self.jira_at.address}/_sandbox/apps/crosswalk-sync/modules/{module}", params={"issue": issue}, timeout=60
        )
        return str(asked.raise_for_status().json()["address"])

    @property
    def connect_site(self) -> Any:
        from crosswalk.store.connect_models import ConnectSite

        return ConnectSite.objects.select_related("connection").get()

    def allow(self) -> Any:
        from crosswalk.sync import connect_sites

        connect_sites.allow(self.connect_site, "alice")
        return self.connect_site

    def join(self, name: str = "Over Connect") -> Any:
        """An integration over the Connect app, enabled; it takes the place of the System's own."""
        from crosswalk.store.models import Integration
        from crosswalk.sync import service

        aha = self.system.integration.aha
        Integration.objects.all().delete()
        site = self.connect_site.connection
        workspace, project = service.workspaces(aha, "FAB")[0], service.projects(site, "FAB")[0]
        self.system.integration = service.create_integration(name, aha, site, workspace.id, project.id)
        service.set_enabled(self.system.integration, True, "a test")
        return self.system.integration


@contextmanager
def connecting() -> Iterator[ConnectSystem]:
    """A running service with both sandboxes; nothing is installed yet."""
    from crosswalk.sync import installation
    from crosswalk.sync.connect import Bridges

    with running("cloud") as system, socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        before = installation.current()
        home, keys = before.config.home, system.jira_at.address
        config = settings_at(home, CROSSWALK_URL=url, CROSSWALK_CONNECT_KEYS=keys)
        bridges = Bridges(config, system.now, system.sleep)
        here = replace(before, config=config, bridges=bridges)
        with installation.instead(here), served(system.engine, taken):
            try:
                yield ConnectSystem(system, url)
            finally:
                bridges.close()
