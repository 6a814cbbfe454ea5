"""What "Test connection" and "Load project data" report, alike for both connectors. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that will not work: what, what to do about it, and its entry in docs/troubleshooting ("" for none)."""

    message: str
    remedy: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """What answered at an address, as whom we are signed in, and what that account can not do.

    `flavour` tells servers of one product apart ("cloud", "datacenter"; "" where there is one only); `site` is the
    address people open in a browser; `account` is the name they know, `account_id` the server's own.
    """

    product: str
    version: str
    flavour: str
    site: str
    account: str
    account_id: str
    problems: tuple[Problem, ...] = ()
