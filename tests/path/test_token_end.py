"""A personal access token of Data Center: Test connection learns when it ends, and its page says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.path.system import System, running


@pytest.fixture
def dc() -> Any:
    with running("dc") as found:
        yield found


def by_token(dc: System) -> Any:
    from crosswalk.store.models import Connection

    secret = dc.credentials["jira"]["pat"]
    return Connection.objects.create(name="By token", kind="jira", address=dc.jira_at.address, secret=secret)


def checked(dc: System, connection: Any) -> Any:
    from crosswalk.sync import ends, service

    service.check_connection(connection)
    return ends.end_of(connection, dc.now().date())


def test_it_is_read_by_the_test_of_the_connection(dc: System) -> None:
    connection, now = by_token(dc), dc.now()
    end = checked(dc, connection)
    assert (end.left, end.known, end.near) == (365, "as Jira says", False)
    dc.token_ends["alice"] = [None, now + timedelta(days=40), now + timedelta(days=9)]
    end = checked(dc, connection)
    assert (end.left, end.near) == (9, True)
    assert "the account's 3 tokens" in end.known
    dc.token_ends["alice"] = [None]
    assert checked(dc, connection) is None


@pytest.mark.parametrize("kind", ["404", "403", "html_200"])
def test_where_it_may_not_be_asked_the_test_goes_on(dc: System, kind: str) -> None:
    connection = by_token(dc)
    dc.fault("jira", kind=kind, path_regex="/rest/pat/", times=9)
    assert checked(dc, connection) is None
    assert connection.server["account"]


def test_a_password_is_not_asked_about(dc: System) -> None:
    dc.forget()
    assert checked(dc, dc.integration.jira) is None
    assert not [path for _, path in dc.requests("jira") if "/pat/" in path]
