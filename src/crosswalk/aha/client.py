"""Opens a client that signs in to an Aha! account, and keeps the locks of its workspaces. Decides nothing else."""

from __future__ import annotations

import threading

from crosswalk.aha.wire_errors import understand
from crosswalk.remote.budget import Budget, Limit
from crosswalk.remote.client import Account, Client, Surroundings, connect

LIMITS = (Limit(300, 60.0), Limit(20, 1.0))
"""What Aha! allows the whole account, whoever asks (https://www.aha.io/api, "Rate limiting")."""

_locks: dict[tuple[str, str], threading.Lock] = {}
_locks_lock = threading.Lock()


def open_client(account: Account, budget: Budget, surroundings: Surroundings) -> Client:
    """A client for the Aha! account at `account.address`, such as `https://company.aha.io`. `budget` keeps LIMITS.

    Raises Refused for an address or a certificate that can not be meant.
    """
    return connect(account, sign_in(account), understand, budget, surroundings)


def sign_in(account: Account) -> dict[str, str]:
    """The header that signs a request in: an API key and an OAuth token alike."""
    return {"Authorization": f"Bearer {account.secret}"}


def write_lock(address: str, workspace: str) -> threading.Lock:
    """The lock under which everything in this process writes to one workspace.

    Two writes at the same time can end in a database deadlock on Aha!'s side (error catalogue R8).
    """
    with _locks_lock:
        return _locks.setdefault((address.rstrip("/").lower(), workspace), threading.Lock())
