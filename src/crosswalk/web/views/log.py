"""The live log: what was read, decided and written, newest first; new lines appear by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from crosswalk.store.models import Integration, JournalEntry
from crosswalk.web.reading import journal

LEVELS = {"": "Everything", "warning": "Warnings and errors", "error": "Errors"}
PAGE = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person wants to see."""

    integration: Integration | None
    level: str
    text: str

    def address(self, name: str, **more: object) -> str:
        """The address of the view `name` with this filter."""
        query = {"integration": self.integration.pk if self.integration else "", "level": self.level, "q": self.text}
        return f"{reverse(name)}?{urlencode({k: v for k, v in {**query, **more}.items() if v != ''})}"


def _filter(request: HttpRequest) -> Filter:
    number = request.GET.get("integration", "")
    integration = get_object_or_404(Integration, pk=int(number)) if number.isdecimal() and len(number) < 18 else None
    level = request.GET.get("level", "")
    return Filter(integration, level if level in LEVELS else "", request.GET.get("q", "").strip()[:100])


def _newest() -> int:
    return JournalEntry.objects.aggregate(newest=Max("id"))["newest"] or 0


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The page."""
    wanted = _filter(request)
    newest = _newest()
    found = journal(wanted.integration, wanted.level, wanted.text).filter(id__lte=newest)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": wanted,
        "page": page,
        "integrations": Integration.objects.order_by("name"),
        "levels": LEVELS,
        "more": wanted.address("log-lines", after=newest) if page.number == 1 else "",
        "older": wanted.address("log", page=page.number + 1) if page.has_next() else "",
        "newer": wanted.address("log", page=page.number - 1) if page.has_previous() else "",
    }
    return render(request, "log.html", context)


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Lines after the line `after`, put on top by the page; 204 while there is nothing new."""
    wanted = _filter(request)
    after = request.GET.get("after", "0")
    newest = _newest()
    start = int(after) if after.isdecimal() and len(after) < 18 else newest
    if newest <= start:
        return HttpResponse(status=204)
    found = journal(wanted.integration, wanted.level, wanted.text).filter(id__gt=start, id__lte=newest)[:PAGE]
    return render(
        request, "log_lines.html", {"lines": found, "filter": wanted, "more": wanted.address("log-lines", after=newest)}
    )
