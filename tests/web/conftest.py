"""The cast: Alice owns this Crosswalk and is signed in; the stranger is not, and must not get in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.fixtures_store import clock, database, make_integration, make_pair, postgresql

from crosswalk.config import Config

__all__ = ["clock", "database", "postgresql"]

PASSWORD = "a boat, a bridge, a bend"


@cache
def _hashed() -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def alice(database: Config) -> Any:
    from django.contrib.auth.models import User

    return User.objects.create(username="alice", password=_hashed(), is_staff=True, is_superuser=True)


@pytest.fixture
def client(alice: Any) -> Any:
    """Alice's browser."""
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def as_role(alice: Any) -> Callable[[str], Any]:
    """A browser of somebody with the role: Alice the owner, Eve the editor, Vic the viewer."""
    from django.contrib.auth.models import User
    from django.test import Client

    opened: dict[str, Any] = {}

    def browser(role: str) -> Any:
        if role not in opened:
            name = {"owner": "alice", "editor": "eve", "viewer": "vic"}[role]
            user = alice
            if role != "owner":
                user = User.objects.create(username=name, password=_hashed(), is_staff=role == "editor")
            opened[role] = Client(SERVER_NAME="localhost")
            opened[role].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return opened[role]

    return browser


@pytest.fixture
def settings_with(database: Config) -> Callable[..., Any]:
    """The service as if it had been started with other settings: `with settings_with(proxies=1): ...`"""
    from dataclasses import replace

    from django.conf import settings
    from django.test import override_settings

    return lambda **other: override_settings(CONFIG=replace(settings.CONFIG, **other))


@pytest.fixture
def stranger(alice: Any) -> Any:
    """A browser of somebody who is not signed in."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


class _Strict(BaseHTTPRequestHandler):
    """Answers every request with 401."""

    def _refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self._refuse()

    def do_POST(self) -> None:
        self._refuse()

    def log_message(self, *_: object) -> None:
        """Nothing on the console."""


@pytest.fixture(scope="session")
def strict_server() -> Iterator[str]:
    """A server that accepts no credential; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Strict)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def integration(database: Config, strict_server: str) -> Any:
    """An enabled integration whose servers accept no credential."""
    found = make_integration("Boats")
    for connection in (found.aha, found.jira):
        connection.address = strict_server
        connection.save()
    return found


@pytest.fixture
def pair(integration: Any) -> Callable[..., Any]:
    """Makes a pair of the integration: an agreed feature and issue, unless told otherwise."""
    from django.utils import timezone

    def make(number: int = 1, **fields: Any) -> Any:
        given = {
            "left_kind": "feature",
            "left_id": str(1000 + number),
            "left_key": f"BOAT-{number}",
            "left_url": f"https://boats.aha.example/features/BOAT-{number}",
            "right_kind": "issue",
            "right_id": str(2000 + number),
            "right_key": f"SEA-{number}",
            "right_url": f"https://sea.example/browse/SEA-{number}",
            "title": f"Boat number {number}",
            "state": "agreed",
            "dirty": 1,
            "done": 1,
            "agreed_at": timezone.now(),
        }
        return make_pair(integration, timezone.now(), **{**given, **fields})

    return make


@pytest.fixture
def journal(integration: Any) -> Iterator[Callable[..., Any]]:
    """Writes a line of the journal."""
    from django.utils import timezone

    from crosswalk.store.models import JournalEntry

    def write(what: str, **fields: Any) -> Any:
        return JournalEntry.objects.create(at=timezone.now(), integration=integration, what=what, **fields)

    return write
