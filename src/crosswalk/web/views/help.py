"""Help for a code that a message carries: what it means and what to do."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crosswalk.web.troubleshooting import ENTRIES


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every entry."""
    return render(request, "help.html", {"entries": ENTRIES})


@require_GET
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One entry."""
    if code not in ENTRIES:
        raise Http404
    return render(request, "help.html", {"entries": {code: ENTRIES[code]}, "code": code})
