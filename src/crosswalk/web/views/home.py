"""Home: every integration and whether it is in step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crosswalk.store.models import Connection, Integration
from crosswalk.sync.ends import near
from crosswalk.sync.hooks import HOOK
from crosswalk.sync.installation import current
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import cards, journal
from crosswalk.web.words import summed_up

LATELY = 6  # lines of the log


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """The page; for a fragment request only the cards, which ask again every few seconds."""
    kinds = set(Connection.objects.values_list("kind", flat=True))
    found = cards(Integration.objects.all())
    said = summed_up([one.health for one in found]) if len(found) > 1 else None
    ends = [] if request.htmx else near(current().now().date())
    context = {
        "cards": found,
        "said": said,
        "lately": journal(None, "", "").exclude(why=HOOK)[:LATELY] if found else (),
        "ends": ends,
        "has_aha": "aha" in kinds,
        "has_jira": "jira" in kinds,
    }
    return render(request, "home_cards.html" if request.htmx else "home.html", context)
