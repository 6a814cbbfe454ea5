"""Home: every integration and whether it is in step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crosswalk.store.models import Connection, Integration
from crosswalk.sync.ends import near
from crosswalk.sync.installation import current
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import cards


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """The page; for a fragment request only the cards, which ask again every few seconds."""
    kinds = set(Connection.objects.values_list("kind", flat=True))
    context = {"cards": cards(Integration.objects.all()), "has_aha": "aha" in kinds, "has_jira": "jira" in kinds}
    if not request.htmx:
        context["ends"] = near(current().now().date())
    return render(request, "home_cards.html" if request.htmx else "home.html", context)
