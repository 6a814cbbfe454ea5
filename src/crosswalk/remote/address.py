"""Which addresses a connection may reach. Pure; asked at connect time with the address actually connected to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import urlsplit

from crosswalk.config import Private
from crosswalk.errors import Refused

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


def forbidden(address: str, *, allow_private: Private) -> str:
    """Why the IP `address` may not be reached; empty when it may.

    Link-local addresses are never allowed, nor others where cloud machines are given credentials of their own.
    """
    ip = _meant(address)
    if (
        any(ip in network for network in _CLOUD)
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_unspecified
        or (ip.is_reserved and not ip.is_loopback)
    ):
        return f"{address} is an address no Aha! or Jira server has"
    if (ip.is_global and not getattr(ip, "is_site_local", False)) or _listed(ip, allow_private):
        return ""
    others = "those it lists" if allow_private else "public ones"
    return f"{address} is a private address, and this installation allows {others} only"


def to_list(addresses: Iterable[str]) -> tuple[str, ...]:
    """What the operator may list so that these are reached, in their order; without those that no setting allows."""
    return tuple(dict.fromkeys(str(_meant(one)) for one in addresses if not forbidden(one, allow_private=True)))


def _listed(ip: _Address, allowed: Private) -> bool:
    return allowed if isinstance(allowed, bool) else any(ip in network for network in allowed)


# Beside 169.254.169.254, which is link-local: Alibaba's, Azure's, Oracle's; by IPv6 Amazon's, Google's, Oracle's,
# Scaleway's. What is a server's own is no Aha! or Jira:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html,
# https://cloud.google.com/compute/docs/metadata/querying-metadata,
# https://docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm,
# https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
_CLOUD = tuple(
    map(
        ipaddress.ip_network,
        (
            *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"),
            *("fd00:ec2::/32", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128"),
        ),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _meant(address: str) -> _Address:
    """The IPv4 address that an IPv6 one leads to by a way made for that (mapped, NAT64, 6to4, Teredo); else itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


CLOUDS = (".atlassian.net", ".aha.io")
"""What stands on these has no path of its own."""
_PAGE_OF_AHA = re.compile(
    r"/(api|bookmarks|epics|features|goals|ideas|initiatives|notes|products|releases|requirements|settings|strategic)"
    r"(/|\?|#|$)"
)
_PAGE = re.compile(r"/(browse|secure|rest|projects|issues|plugins|login\.jsp)(/|\?|#|$)")


def pasted(text: str, *, aha: bool = False) -> str:
    """The server's address where `text` is one of a page there, as a browser shows it; any other text as it is."""
    text = text.strip()
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
    except ValueError:
        return text
    if (parts.hostname or "").endswith(CLOUDS) and "@" not in parts.netloc:
        return f"{parts.scheme}://{parts.netloc}"
    page = (_PAGE_OF_AHA if aha else _PAGE).search(text)
    return text[: page.start()] if page else text


USUAL_PORTS = {"https": 443, "http": 80}


def checked_base(text: str) -> str:
    """`text` as a base address, one for each server: no trailing slash, no usual port, no dot behind the name.

    Raises Refused, saying what is wrong, for anything else.
    """
    remedy = "Write the address as in your browser, such as https://example.atlassian.net"
    try:
        parts = urlsplit(text.strip())
    except ValueError:  # brackets around what is no address of IPv6
        what = "The address" if "@" in text else f"“{text.strip()[:100]}”"
        raise Refused(f"{what} is not a web address.", remedy=remedy) from None
    name = (parts.hostname or "").rstrip(".")
    if parts.username or parts.password or (not name and "@" in text):  # before it is repeated to anybody
        raise Refused("The address contains a user name or a password.", remedy="Enter those in their own fields.")
    if "://" not in text and "." in text.partition("/")[0]:
        remedy = f"Write it with https:// in front: https://{text.strip()[:100]}"
    if parts.scheme not in USUAL_PORTS or not name or not name.isprintable() or " " in name:
        raise Refused(f"“{text.strip()[:100]}” is not a web address.", remedy=remedy)
    if parts.query or parts.fragment:
        raise Refused("The address contains a “?” or a “#”.", remedy=remedy)
    try:
        port = parts.port
    except ValueError:
        raise Refused(
            f"“{text.strip()[:100]}” has a port that is not a number from 1 to 65535.", remedy=remedy
        ) from None
    try:
        name.encode("idna")  # a part that is empty or too long could not even be looked up
    except UnicodeError:
        raise Refused(f"“{name[:100]}” can not be the name of a server.", remedy=remedy) from None
    host = f"[{name}]" if ":" in name else name
    given = f":{port}" if port and port != USUAL_PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{host}{given}{parts.path.rstrip('/')}"
