"""Opens a client that signs in to a Jira. Decides nothing about what is sent."""

from __future__ import annotations

import base64

from crosswalk.jira.wire_errors import understand
from crosswalk.remote.budget import Budget
from crosswalk.remote.client import Account, Client, Surroundings, connect


def open_client(account: Account, budget: Budget, surroundings: Surroundings) -> Client:
    """A client for the Jira of `account`: a site, or the gateway form `https://api.atlassian.com/ex/jira/{cloudId}`.

    Raises Refused for an address or a certificate that can not be meant.
    """
    return connect(account, sign_in(account), understand, budget, surroundings)


def sign_in(account: Account) -> dict[str, str]:
    """The headers that sign a request in.

    With a user: Basic, for e-mail and API token (Cloud) or user name and password (Data Center). Without: Bearer, for
    a personal access token of Data Center
    (https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html).
    """
    if account.user:
        pair = base64.b64encode(f"{account.user}:{account.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {"Authorization": f"Bearer {account.secret}"}
