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
