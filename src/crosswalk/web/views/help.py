"""Help for a code that a message carries: what it means and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crosswalk.config import LOOPBACK, Private
from crosswalk.store.models import Connection
from crosswalk.web.troubleshooting import ENTRIES, grouped, matching


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every entry by what it is about; with ?q= those that hold its words."""
    query = request.GET.get("q", "").strip()[:200]
    context = {"query": query, "groups": {} if query else grouped(), "entries": matching(query) if query else {}}
    return render(request, "help.html", context)


@require_GET
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One entry."""
    if code not in ENTRIES:
        raise Http404
    return render(request, "help.html", {"entries": {code: ENTRIES[code]}, "code": code})


@dataclass(frozen=True, slots=True)
class Outward:
    """A server that Crosswalk has to reach."""

    kind: str
    name: str
    host: str
    port: int
    proxy: str


@require_GET
def firewall(request: HttpRequest) -> HttpResponse:
    """Which openings a firewall needs: outward for each connection, inward for hooks only."""
    outward = [_outward(one) for one in Connection.objects.order_by("kind", "name")]
    config = settings.CONFIG
    local = urlsplit(config.url).hostname in LOOPBACK
    context = {
        "outward": outward,
        "private": _private(config.allow_private),
        "address": config.url,
        "seconds": int(config.poll_seconds),
        "local": local,
    }
    return render(request, "firewall.html", context)


def _private(allowed: Private) -> str:
    """The private addresses that may be reached, in words."""
    if isinstance(allowed, bool):
        return "all of them" if allowed else "none"
    return ", ".join(str(each.network_address if each.num_addresses == 1 else each) for each in allowed)


def _outward(one: Connection) -> Outward:
    parts = urlsplit(one.address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Outward(one.kind, one.name, parts.hostname or "", port, one.proxy)
