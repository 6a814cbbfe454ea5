"""A running stand-in Aha! and ways to speak to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from crosswalk_sandbox.aha import build
from crosswalk_sandbox.aha.state import Account
from crosswalk_sandbox.kernel.clock import Clock, VirtualClock
from tests.official.watch import Running

Json = dict[str, Any]


@dataclass
class Aha:
    """A sandbox that runs, seen from outside."""

    base: str
    http: httpx2.Client
    app: Starlette
    account: Account
    clock: Clock
    credentials: dict[str, str]

    def call(self, method: str, path: str, body: object = None, code: int = 200, **more: Any) -> Any:
        """One API request below /api/v1 that has to be answered with `code`; the JSON of its answer."""
        answer = (
            self.http.request(method, f"/api/v1{path}", json=body, **more)
            if body is not None
            else (self.http.request(method, f"/api/v1{path}", **more))
        )
        assert answer.status_code == code, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    def get(self, path: str, code: int = 200) -> Any:
        return self.call("GET", path, code=code)

    def put(self, path: str, body: object, code: int = 200) -> Any:
        return self.call("PUT", path, body, code)

    def post(self, path: str, body: object, code: int = 200) -> Any:
        return self.call("POST", path, body, code)

    def delete(self, path: str, code: int = 204) -> Any:
        return self.call("DELETE", path, code=code)

    def feature(self, key: str = "FAB-1") -> Json:
        return dict(self.get(f"/features/{key}")["feature"])


def running(seed: str, clock: Clock, **settings: object) -> Iterator[Aha]:
    """A sandbox for as long as the test lasts; without request limits unless `settings` switch them on."""
    app, credentials = build(seed, clock)
    account = app.state.account
    for name, value in {"limits": False, **settings}.items():
        setattr(account.settings, name, value)
    with Running(app) as base:
        headers = {"Authorization": f"Bearer {credentials['token']}"}
        with httpx2.Client(base_url=base, headers=headers, timeout=60) as http:
            yield Aha(base, http, app, account, clock, credentials)


@pytest.fixture
def aha() -> Iterator[Aha]:
    yield from running("demo", VirtualClock())


@pytest.fixture
def limited() -> Iterator[Aha]:
    yield from running("demo", VirtualClock(), limits=True)
