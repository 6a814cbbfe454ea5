"""What the tests of the Aha! connector share: a running sandbox, and a side that talks to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crosswalk.aha.client import LIMITS, open_client
from crosswalk.aha.side import AhaSide
from crosswalk.aha.workspace import Scope
from crosswalk.merge.records import Ref
from crosswalk.remote.budget import Budget, LocalBudget, Unlimited
from crosswalk.remote.client import Account, Client, Surroundings
from crosswalk_sandbox.aha import build
from crosswalk_sandbox.aha.state import Account as State
from crosswalk_sandbox.aha.state import Record
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.control import Control
from crosswalk_sandbox.kernel.faults import Fault
from tests.official.watch import Running


@dataclass
class Sandbox:
    """A running stand-in Aha! on a clock of its own; `slept` are the waits of the clients opened here."""

    url: str
    credentials: dict[str, str]
    clock: VirtualClock
    state: State
    control: Control
    slept: list[float] = field(default_factory=list)
    opened: list[Client] = field(default_factory=list)

    def client(self, token: str = "", budget: Budget | None = None, *, patient: bool = True) -> Client:
        """A client of the owner (or of another key). A `patient` one's sleep drives the sandbox's clock on."""

        def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            if patient:
                self.clock.advance(seconds)

        surroundings = Surroundings(lambda: self.clock.now().timestamp(), sleep, chance=lambda: 0.0)
        account = Account(self.url, "", token or self.credentials["token"], allow_private=True)
        client = open_client(account, budget or Unlimited(), surroundings)
        self.opened.append(client)
        return client

    def side(self, client: Client | None = None, **scope: Any) -> AhaSide:
        """A side of the demo workspace."""
        given = Scope(**{"workspace": self.credentials["workspace"], **scope})
        return AhaSide(client or self.client(), given, self.clock.now)

    def fault(self, kind: Any, method: str, path: str, **more: Any) -> None:
        """Let one request go wrong."""
        self.control.faults.add(Fault(kind, method, path, **more))

    def ref(self, kind: Any, key: str) -> Ref:
        """A record of the demo by its reference number."""
        return Ref(kind, self.record(kind, key).id, key)

    def record(self, kind: Any, key: str) -> Record:
        """What the stand-in itself holds."""
        found = self.state.find(kind, key)
        assert found is not None
        return found

    def calls(self) -> list[str]:
        """Method and path of each request seen since the last `forget`."""
        return [f"{seen.method} {seen.path.removeprefix('/api/v1')}" for seen in self.control.log.seen]

    def forget(self) -> None:
        self.control.log.forget()


def clients_budget() -> LocalBudget:
    """What Aha! allows, kept in memory."""
    return LocalBudget(LIMITS)


@contextmanager
def playing(seed: str = "demo") -> Iterator[Sandbox]:
    """A sandbox with its limits switched off, so that only tests about limits meet them."""
    clock = VirtualClock()
    app, credentials = build(seed, clock)
    app.state.account.settings.limits = False
    with Running(app) as url:
        sandbox = Sandbox(url, credentials, clock, app.state.account, app.state.control)
        yield sandbox
        for client in sandbox.opened:
            client.close()


def wait_until(met: Any, seconds: float = 60.0) -> None:
    """Poll until `met()` holds; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
