"""Home: every integration and whether it is in step."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crosswalk.store.models import Connection
from crosswalk.sync.ends import near
from crosswalk.sync.hooks import HOOK
from crosswalk.sync.installation import current
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import Card, at_home, journal, overview
from crosswalk.web.words import summed_up

LATELY = 6  # lines of the log
PAGE = 12  # cards; where there are more, they are searched and filtered
TONES = {
    "bad": "Not working",
    "warn": "Need you",
    "busy": "Carrying",
    "good": "In step",
    "quiet": "Not begun or paused",
}
"""Filters, the worst first, by the tone of a card's health (web/words.py)."""


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """The page; for a fragment request only the cards, which ask again every few seconds."""
    connections = Connection.objects.order_by("pk").values_list("kind", "server", "pk")
    kinds = {kind for kind, _, _ in connections}
    working = {kind for kind, server, _ in connections if not server.get("trouble")}
    every = overview()
    tone, text = request.GET.get("show", ""), request.GET.get("q", "").strip()[:100]
    fitting = [one for one in every if _is_called(one, text) and tone in ("", one.health.tone)]
    page = Paginator(fitting, PAGE).get_page(request.GET.get("page"))
    context = {
        "every": len(every),
        "cards": at_home(list(page.object_list)),
        "page": page,
        "query": text,
        "tone": tone if tone in TONES else "",
        "filters": _filters(every, text) if len(every) > PAGE else (),
        "older": _address(tone, text, page.number + 1) if page.has_next() else "",
        "newer": _address(tone, text, page.number - 1) if page.has_previous() else "",
        "said": summed_up([one.health for one in every]) if len(every) > 1 else None,
        "lately": journal(None, "", "").exclude(why=HOOK)[:LATELY] if every else (),
        "ends": [] if request.htmx else near(current().now().date()),
        "has_aha": "aha" in kinds,
        "has_jira": "jira" in kinds,
        "failing": {kind: pk for kind, _, pk in connections if kind not in working},
    }
    return render(request, "home_cards.html" if request.htmx else "home.html", context)


def _is_called(card: Card, text: str) -> bool:
    """Whether the integration's name, or the key of its workspace or project, contains `text`."""
    it = card.integration
    return any(text.casefold() in name.casefold() for name in (it.name, it.workspace_key, it.project_key))


def _filters(every: Sequence[Card], text: str) -> list[tuple[str, str, int, str]]:
    """Each filter that shows something: its tone, what it is called, how many it shows, where it leads."""
    found = [one.health.tone for one in every if _is_called(one, text)]
    counted = [(tone, label, found.count(tone)) for tone, label in TONES.items()]
    some = [(tone, label, count, _address(tone, text)) for tone, label, count in counted if count]
    return [("", "All", len(found), _address("", text)), *some]


def _address(tone: str, text: str, page: int = 1) -> str:
    asked = {"show": tone, "q": text, "page": page if page > 1 else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})
