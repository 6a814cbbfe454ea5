"""The Python client `jira`, signed in with a session, works unchanged on the stand-in Data Center."""

from __future__ import annotations

import pytest
from jira.exceptions import JIRAError

from jira import JIRA

from ..play import Sandbox

FLAVOUR = "dc"


def test_signs_in_and_out_with_a_session(sandbox: Sandbox) -> None:
    client = JIRA(sandbox.url, auth=sandbox.auth(), get_server_info=True, max_retries=0)
    assert client.session().name == "alice"
    assert client.issue("FAB-1").key == "FAB-1"
    assert client.kill_session().status_code == 204
    assert client.kill_websudo().status_code == 204
    assert sandbox.jira.site.sessions == {}
    with pytest.raises(JIRAError) as caught:
        JIRA(sandbox.url, auth=("alice", "wrong"), get_server_info=True, max_retries=0)
    assert caught.value.status_code == 401
