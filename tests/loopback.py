"""Nothing but this machine is spoken to: whoever looks up or connects to another in a test is stopped and told so.

Python tells every look-up and connection to an audit hook (https://docs.python.org/3/library/audit_events.html), so
that no library can go past it. Processes that a test starts are not watched.
"""

from __future__ import annotations

import ipaddress
import socket
import sys

NAMES = frozenset({"", "localhost", "0.0.0.0", "::"})  # the last two: where servers listen
LONGEST_NAME = 253
"""Of a name that can be asked for (RFC 1035, 2.3.4); longer ones never leave the machine."""


def leads_away(event: str, arguments: tuple[object, ...]) -> str:
    """The other machine that an audit event is about; empty for this one, and for every other event."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path on this machine
    else:
        return ""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in NAMES or len(name) > LONGEST_NAME:
        return ""
    try:
        address = _address(name.partition("%")[0])
    except OSError:
        return name
    return "" if address.is_loopback or event == "socket.getaddrinfo" else name  # nobody is asked about an address


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address in any way of writing it ("127.1", "0x7f000001", "::1"). Raises OSError for a name."""
    if ":" in text:
        return ipaddress.IPv6Address(socket.inet_pton(socket.AF_INET6, text))
    return ipaddress.IPv4Address(socket.inet_aton(text))


class ElsewhereError(BaseException):
    """A test reached for another machine. No part of the product may catch this as a network's ordinary fault."""


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if where := leads_away(event, arguments):
        raise ElsewhereError(f"{event}: a test reaches for {where}; only this machine may be spoken to")


def guard() -> None:
    """Watch this process from now on; there is no way back."""
    sys.addaudithook(_watch)
