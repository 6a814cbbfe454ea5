"""A password of Data Center is changed while several processes are at work: three wrong ones would lock the account."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.fixtures_store import make_integration
from tests.processes import at_once, environment, key

from crosswalk.config import Config
from crosswalk.sync.breaker import ABREAST

pytestmark = pytest.mark.acceptance
PROCESSES, THREADS = 3, 4
LOCKS = 3


class Jira(ThreadingHTTPServer):
    """Signs everybody in until the password is `changed`; counts how often it was wrong, and how many ask at once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.changed = threading.Event()
        self.counting = threading.Lock()
        self.welcome = self.wrong = self.here = self.most = 0


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Jira

    def do_GET(self) -> None:
        with self.server.counting:
            self.server.here += 1
            self.server.most = max(self.server.most, self.server.here)
        time.sleep(0.05)  # whoever else asks meanwhile asks with the same password
        with self.server.counting:
            self.server.here -= 1
            wrong = self.server.changed.is_set()
            self.server.wrong += wrong
            self.server.welcome += not wrong
        body = b'{"message": "Client must be authenticated"}' if wrong else b'{"name": "crosswalk"}'
        self.send_response(401 if wrong else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextlib.contextmanager
def jira() -> Iterator[Jira]:
    with Jira() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_several_processes_together_send_a_wrong_password_no_more_often_than_the_account_bears(
    each_database: Config,
) -> None:
    from crosswalk.store.models import Connection, JournalEntry, RequestEntry

    row = make_integration().jira
    with jira() as server:
        row.address, row.user = f"http://127.0.0.1:{server.server_port}", "crosswalk"
        row.server = {"flavour": "datacenter"}
        row.save()
        env = {**environment(each_database), **key()}
        with at_once("tests.store.sender_process", [str(row.pk), str(THREADS)], env, PROCESSES) as started:
            while server.welcome < 40:
                assert all(process.poll() is None for process in started)
                time.sleep(0.01)
            server.changed.set()
            assert [process.wait(60) for process in started] == [0] * PROCESSES
    assert server.most == ABREAST, "so many are asked at once, of all processes together"
    assert 1 <= server.wrong <= ABREAST < LOCKS
    assert Connection.objects.get(pk=row.pk).paused
    assert JournalEntry.objects.filter(level="error").count() == 1, "and it is said once"
    assert not RequestEntry.objects.filter(status=None).exists(), "nothing counts as on its way that was not sent"
