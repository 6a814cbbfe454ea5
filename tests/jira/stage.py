"""The Jira connector before a running sandbox Jira, for the tests of this folder and for the contract suite."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from crosswalk.jira.client import open_client
from crosswalk.jira.flavour import Flavour, flavour_named
from crosswalk.jira.metadata import Metadata
from crosswalk.jira.setup import load_metadata
from crosswalk.jira.side import JiraSide, Scope
from crosswalk.remote.budget import Unlimited
from crosswalk.remote.client import Account, Client, Surroundings
from crosswalk_sandbox.jira import build
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.control import Control
from tests.official.watch import Running

TYPES = {"epic": "10000", "feature": "10001", "requirement": "10003", "task": "10002", "release": "version"}
FIELDS = frozenset(
    {"summary", "description", "status", "duedate", "labels", "fixVersions", "components", "priority", "assignee"}
)


LOADED: dict[str, Metadata] = {}
"""The project data of a fresh sandbox, loaded once per flavour: it is the same each time."""


@dataclass
class Jira:
    """A running sandbox and everything to reach it. `control` has faults and request log, `site` the state itself."""

    url: str
    flavour: Flavour
    credentials: Mapping[str, str]
    control: Control
    clock: VirtualClock
    client: Client
    metadata: Metadata
    site: Any

    def side(self, **scope: Any) -> JiraSide:
        """The project FAB as a side, opened anew."""
        given = {"types": TYPES, "relations": {"feature": "epic", "task": "relates"}, "fields": FIELDS, **scope}
        return JiraSide(self.client, self.flavour, Scope(self.metadata, **given), self.clock.now)

    def person(self, method: str, path: str, body: Any = None) -> Any:
        """A person's own request; `path` follows the API's base."""
        pair = (self.credentials.get("email") or self.credentials["username"], self._secret())
        answer = httpx2.request(method, f"{self.url}{self.flavour.api}{path}", json=body, auth=pair)
        answer.raise_for_status()
        return answer.json() if answer.content.strip() else None

    def _secret(self) -> str:
        return self.credentials.get("token") or self.credentials["password"]

    def reload(self) -> None:
        """Load the project data again."""
        self.metadata = load_metadata(self.client, self.flavour, "FAB", self.metadata.site)

    def calls(self) -> list[str]:
        """The requests since the last `forget`, by operation. The log is written just after the answer is sent."""
        until = time.monotonic() + 60
        while any(not seen.operation for seen in list(self.control.log.seen)) and time.monotonic() < until:
            time.sleep(0.001)
        return [seen.operation for seen in self.control.log.seen]

    def forget(self) -> None:
        """Begin to count requests anew."""
        self.control.log.forget()


def account_of(url: str, credentials: Mapping[str, str], **other: str) -> Account:
    """The first account of a sandbox."""
    user = credentials.get("email") or credentials["username"]
    return Account(
        other.get("address", url), user, credentials.get("token") or credentials["password"], allow_private=True
    )


@contextmanager
def jira(flavour: str, seed: str = "empty") -> Iterator[Jira]:
    """A sandbox Jira ("cloud" or "dc") on a clock of its own, with the project's data loaded."""
    clock = VirtualClock()
    app, credentials = build(flavour, seed, clock)
    with Running(app) as url:
        around = Surroundings(now=lambda: clock.now().timestamp(), sleep=lambda seconds: void(clock.advance(seconds)))
        client = open_client(account_of(url, credentials), Unlimited(), around)
        try:
            kind = flavour_named("cloud" if flavour == "cloud" else "datacenter")
            if flavour not in LOADED:
                LOADED[flavour] = load_metadata(client, kind, "FAB")
            metadata = replace(LOADED[flavour], site=url)
            yield Jira(url, kind, credentials, app.state.control, clock, client, metadata, app.state.jira.site)
        finally:
            client.close()


def void(_: object) -> None:
    """Nothing."""
