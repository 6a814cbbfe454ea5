"""The Python client `jira`, signed in with a session, works unchanged on the stand-in Data Center."""

from __future__ import annotations

import pytest
from jira.exceptions import JIRAError

from jira import JIRA

from ..play import Sandbox

FLAVOUR = "dc"


def _open(url: str, name: str, password: str) -> JIRA:
    with pytest.warns(DeprecationWarning, match="Cookie based"):
        return JIRA(url, auth=(name, password), get_server_info=True, max_retries=0)


def test_signs_in_and_out_with_a_session(sandbox: Sandbox) -> None:
    client = _open(sandbox.url, *sandbox.auth())
    assert client.session().name == "alice"
    assert client.issue("FAB-1").key == "FAB-1"
    assert client.kill_session().status_code == 204
    assert sandbox.jira.site.sessions == {}


def test_a_wrong_password_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(JIRAError) as caught:
        _open(sandbox.url, "alice", "wrong")
    assert caught.value.status_code == 401
