"""Where a request comes from. Behind proxies the forwarded address counts, as far as CROSSWALK_PROXIES says."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The visitor's network address.

    Each proxy appends whom it heard; what stands further left than our own proxies' words anybody may have written.
    """
    near = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.CONFIG.proxies
    heard = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if not proxies or len(heard) < proxies:
        return near
    try:
        return str(ipaddress.ip_address(heard[-proxies]))
    except ValueError:
        return near


def counted(request: HttpRequest) -> str:
    """What tries are counted by: the address; of IPv6 the network of a subscriber, who has 2 to the 64 addresses.

    https://www.rfc-editor.org/rfc/rfc6177
    """
    text = address(request)
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(ip, ipaddress.IPv4Address):
        return text
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((ip, 64), strict=False).network_address)
