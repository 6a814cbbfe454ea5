"""The Python client `jira`, signed in with a session, works unchanged on the stand-in Data Center."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from jira import JIRA

from ..play import Sandbox

FLAVOUR = "dc"


@contextmanager
def signed_in(url: str, name: str, password: str) -> Iterator[JIRA]:
    """A client that begins with a session. With a wrong password it leaves its connection open."""
    with pytest.warns(DeprecationWarning, match="Cookie based"):
        client = JIRA(url, auth=(name, password), get_server_info=False, max_retries=0)
    with closing(client):
        yield client


def test_signs_in_and_out_with_a_session(sandbox: Sandbox) -> None:
    with signed_in(sandbox.url, *sandbox.auth()) as client:
        assert client.session().name == "alice"
        assert client.issue("FAB-1").key == "FAB-1"
        assert len(sandbox.jira.site.sessions) == 1
        assert client.kill_session().status_code == 204
        assert sandbox.jira.site.sessions == {}
