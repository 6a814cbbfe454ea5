"""The log keeps the request and the answer of each write, and no secret in any of them."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace

import httpx2

from tests.path.system import System


class Watching(httpx2.HTTPTransport):
    """Carries requests, and keeps those that were sent while the store was held for writing."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0
        self.held: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        from django.db import connection

        self.sent += 1
        if connection.in_atomic_block:
            self.held.append(f"{request.method} {request.url}")
        return super().handle_request(request)


def test_a_write_is_in_the_log_with_its_request_and_answer(system: System) -> None:
    from crosswalk.store import exchanges
    from crosswalk.store.models import RequestEntry

    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    system.aha.rename("features", ref.key, "Brass bell")
    system.wake(pair)
    system.drain()
    (line,) = pair.journal.filter(what__startswith="Name is sent to Jira", new="Brass bell")
    (write,) = exchanges.meant(line, exchanges.of_lines([line])[line.pk])
    assert write.call.startswith("PUT /rest/api/")
    assert '"summary": "Brass bell"' in write.sent
    assert write.got.startswith(str(write.status))
    kept = list(RequestEntry.objects.all())
    assert len(kept) > 10
    assert any(row.got for row in kept if row.call.startswith("GET"))
    texts = "".join(f"{row.call}{row.error}{row.sent}{row.got}" for row in kept)
    for hidden in (system.aha_at.secret, system.jira_at.secret, "Authorization"):
        assert hidden not in texts
    assert not re.search(r"\w@\w+\.", texts)


def test_nothing_is_asked_while_the_store_is_held_for_writing(system: System) -> None:
    """Everybody else's writes would wait for a slow server, and then be refused: SQLite takes one writer at a time."""
    from crosswalk.sync.connect import Bridges, Outside
    from crosswalk.sync.installation import current, instead

    watching, here = Watching(), current()
    bridges = Bridges(here.config, system.now, system.sleep, Outside(watching, lambda: system.now().timestamp()))
    with instead(replace(here, bridges=bridges)), closing(bridges):
        system.send(system.feature("Bell", 2, assigned_to_user={"email": "alice@example.com"}))
    assert watching.sent > 5
    assert watching.held == []
