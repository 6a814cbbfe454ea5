"""Which addresses a connection may reach. Pure; asked at connect time with the address actually connected to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from crosswalk.errors import Refused


def forbidden(address: str, *, allow_private: bool) -> str:
    """Why the IP `address` may not be reached; empty when it may.

    Link-local addresses are never allowed: cloud machines answer there with their own credentials.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or (ip.is_reserved and not ip.is_loopback):
        return f"{address} is an address no Aha! or Jira server has"
    if not allow_private and not ip.is_global:
        return f"{address} is a private address, and this installation allows public ones only"
    return ""


def checked_base(text: str) -> str:
    """`text` as a base address without a trailing slash. Raises Refused, saying what is wrong, for anything else."""
    parts = urlsplit(text.strip())
    remedy = "Write the address as in your browser, such as https://example.atlassian.net"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Refused(f"“{text.strip()[:100]}” is not a web address.", remedy=remedy)
    if parts.username or parts.password:
        raise Refused("The address contains a user name or a password.", remedy="Enter those in their own fields.")
    if parts.query or parts.fragment:
        raise Refused("The address contains a “?” or a “#”.", remedy=remedy)
    try:
        port = parts.port
    except ValueError:
        raise Refused(
            f"“{text.strip()[:100]}” has a port that is not a number from 1 to 65535.", remedy=remedy
        ) from None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
