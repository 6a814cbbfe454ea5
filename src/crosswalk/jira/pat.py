"""When a personal access token of Jira Data Center ends, where its account may ask.

GET /rest/pat/latest/tokens lists an account's own tokens without their values
(https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html): which of them signs this
request it does not say, so of several the first to end counts. Jira Cloud has nothing like it for API tokens.
"""

from __future__ import annotations

from datetime import UTC, date

from crosswalk import errors
from crosswalk.jira.wire import Json
from crosswalk.jira.wire_dynamic import moment
from crosswalk.remote.client import Client
from crosswalk.remote.request import Request


def access_tokens() -> Request:
    """The account's tokens. In no official OpenAPI document."""
    return Request("GET", "/rest/pat/latest/tokens", about="when the token ends")


def first_end(client: Client) -> tuple[date | None, int]:
    """The day on which the first of the account's tokens ends (None: none does), and how many tokens it has.

    (None, 0) where it may not ask, or this Jira has no such list: before 8.14, or with tokens switched off.
    """
    try:
        found = client.send(access_tokens())
    except (errors.NotSignedIn, errors.Forbidden, errors.NotFound, errors.Invalid, errors.Unreadable):
        return None, 0
    return read(found)


def read(data: Json) -> tuple[date | None, int]:
    """The same of an answer."""
    tokens = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
    ends = [end for one in tokens if (end := moment(one.get("expiringAt"))) is not None]
    return (min(ends).astimezone(UTC).date() if ends else None), len(tokens)
