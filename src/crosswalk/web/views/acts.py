"""What people did: who, when, what, before and after; with filters, and as CSV."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from crosswalk.store import acts as store
from crosswalk.store.models import Act
from crosswalk.store.roles import Role, role_of
from crosswalk.sync.csvfile import as_csv

PAGE = 100
MOST = 50_000  # lines of a file
COLUMNS = ("at", "person", "way", "kind", "what", "about", "done", "said", "before", "after", "address")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see."""

    person: str
    kind: str
    text: str
    since: date | None

    def address(self, name: str, **more: object) -> str:
        """The address of the view `name` with this filter."""
        since = self.since.isoformat() if self.since else ""
        query = {"person": self.person, "kind": self.kind, "q": self.text, "since": since, **more}
        return f"{reverse(name)}?{urlencode({name: value for name, value in query.items() if value != ''})}"


def _asked(request: HttpRequest) -> Asked:
    try:
        since = date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        since = None
    kind, person = request.GET.get("kind", ""), request.GET.get("person", "")[:150].replace("\0", "")
    text = request.GET.get("q", "").strip()[:100].replace("\0", "")
    return Asked(person, kind if kind in store.KINDS else "", text, since)


@require_GET
def acts(request: HttpRequest) -> HttpResponse:
    """The page."""
    asked = _asked(request)
    lines = store.found(person=asked.person, kind=asked.kind, text=asked.text, since=asked.since)
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "kinds": store.KINDS,
        "people": store.people(),
        "with_address": role_of(request.user) is Role.OWNER,
        "file": asked.address("acts-file"),
        "older": asked.address("acts", page=page.number + 1) if page.has_next() else "",
        "newer": asked.address("acts", page=page.number - 1) if page.has_previous() else "",
    }
    return render(request, "acts.html", context)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The lines that fit the filter, as CSV; the newest first, at most MOST."""
    asked = _asked(request)
    lines = store.found(person=asked.person, kind=asked.kind, text=asked.text, since=asked.since)[:MOST]
    columns = COLUMNS if role_of(request.user) is Role.OWNER else COLUMNS[:-1]
    rows = [[_cell(line, column) for column in columns] for line in lines]
    answer = HttpResponse(as_csv(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="what-people-did.csv"'
    return answer


def _cell(line: Act, column: str) -> str:
    value = getattr(line, column)
    if column == "at":
        return str(line.at.isoformat(timespec="seconds"))
    if column == "done":
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else str(value)
