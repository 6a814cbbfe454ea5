"""What "Test connection" and "Load project data" report, alike for both connectors. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crosswalk.config import LOOPBACK
from crosswalk.remote.tls import Heard


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
    address people open in a browser; `account` is the name they know, `account_id` the server's own. `clock`, `tls`,
    `hooks` (whether they can be registered by API) and `rights` (what was looked at) are words for people. `ends` is
    the day on which the first of the account's `tokens` ends, where the server tells ("" where it does not).
    `administers` says whether the account administers the server, None where that is not known.
    """

    product: str
    version: str
    flavour: str
    site: str
    account: str
    account_id: str
    problems: tuple[Problem, ...] = ()
    clock: str = ""
    tls: str = ""
    hooks: str = ""
    rights: str = ""
    ends: str = ""
    tokens: int = 0
    administers: bool | None = None


FAR = 60.0  # seconds; tokens and signed requests allow for about that much


def with_line(found: Checkup, heard: Heard, address: str) -> Checkup:
    """`found`, and what the connection itself told: the server's clock beside ours, and whether it is encrypted."""
    problems = list(found.problems)
    ahead = heard.ahead
    if ahead is not None and abs(ahead) > FAR:
        way = "ahead of" if ahead > 0 else "behind"
        what = f"The server's clock is {abs(ahead):.0f} seconds {way} the clock of Crosswalk's machine."
        problems.append(Problem(what, "Set both by a time server (NTP): what changed last is told by the clocks."))
    clock = "" if ahead is None else "the same as ours" if abs(ahead) < 2 else f"{ahead:+.0f} seconds beside ours"
    tls = f"{heard.tls.replace('v', ' ')}, certificate until {heard.until}" if heard.tls else ""
    if not heard.tls and urlsplit(address).hostname not in LOOPBACK:
        problems.append(
            Problem("The connection is not encrypted: who listens reads the token.", "Use an address with https://.")
        )
    return replace(found, clock=clock, tls=tls or "not encrypted", problems=tuple(problems))
