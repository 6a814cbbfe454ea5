"""What an authorisation server says of its tokens; tests/path/test_oauth.py tells the whole story."""

from __future__ import annotations

import pytest

from crosswalk.remote import oauth
from crosswalk.remote.transport import Way
from tests.remote.servers import answer, serving


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(3600, 3600.0), (10**400, oauth.LONGEST), (1e300, oauth.LONGEST), (0, None), (-5, None), ("soon", None)],
)
def test_how_long_a_token_lives_is_a_time_that_a_clock_can_show(said: object, seconds: float | None) -> None:
    with serving(answer(200, {"access_token": "a", "expires_in": said})) as server:
        host = oauth.Host("X", server.url, f"{server.url}/oauth/token")
        given = oauth.renew(host, oauth.App("id", "secret"), "old", Way(allow_private=True))
    assert given.seconds == seconds
