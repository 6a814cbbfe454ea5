"""The log keeps the request and the answer of each write, and no secret in any of them."""

from __future__ import annotations

import re

from tests.path.system import System


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
