"""What is only in Jira: issues and versions of the project in no pair, as they were last read; what is done with them.

The page shows what a read kept and asks no server; reading is an errand that a person begins.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from crosswalk.store import findings
from crosswalk.store.errands import newest, newest_done
from crosswalk.store.models import Errand, Finding, Integration
from crosswalk.sync import candidates, errands
from crosswalk.web import audit
from crosswalk.web.acts import person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of
from crosswalk.web.views import importing, ticking

ROUTE = "integration-lone"
SORTS: dict[str, tuple[str, Q]] = {
    "ready": ("May be imported", Q(clear=True)),
    "not": ("Can not be imported", Q(clear=False)),
}
IGNORED = Q(left_id=None, held="ignored")


def count_of(found: Integration) -> int | None:
    """How many there are; None where nobody has looked."""
    last = newest_done(found, errands.LONE)
    return findings.in_no_pair(last).count() if last else None


@require_http_methods(["GET", "POST"])
def lone(request: PageRequest, pk: int) -> HttpResponse:
    """The page. A post has Jira read."""
    found = integration_of(pk)
    if request.method == "POST":
        words = request.POST.get("q", "").strip()[:200]
        begun = errands.begin(found, errands.LONE, {"words": words}, person(request))
        audit.note(request, audit.deed_of(request), said="Jira is being read.")
        if request.htmx:
            return render(request, "errand.html", {"errand": begun, "integration": found})
        return redirect(ticking.Place(words).address(ROUTE, pk))
    place = _asked(request)
    last, shown = newest(found, errands.LONE), newest_done(found, errands.LONE)
    bringing = newest(found, errands.BRING)
    context: dict[str, object] = {
        "integration": found,
        "errand": last,
        "reading": last is not None and last.finished_at is None,
        "shown": shown,
        "query": place.words,
        "only": place.only,
        "ignored": found.pairs.filter(IGNORED).count(),
        "bringing": bringing if bringing and shown and bringing.asked.get("of") == shown.pk else None,
    }
    if shown is not None:
        context |= _listed(shown, place)
    return render(request, "lone.html", context)


def _asked(request: PageRequest) -> ticking.Place:
    place = ticking.asked(request)
    return place if place.only in SORTS else replace(place, only="")


def _some(shown: Errand, place: ticking.Place) -> QuerySet[Finding]:
    """What a read found that is in no pair by now, is called so, and is of this sort."""
    some = place.of(findings.in_no_pair(shown))
    return some.filter(SORTS[place.only][1]) if place.only else some


def _listed(shown: Errand, place: ticking.Place) -> dict[str, object]:
    rows, more = findings.page(_some(shown, place), place.after)
    counted = {f"of_{name}": Count("id", filter=which) for name, (_, which) in SORTS.items()}
    sums = _some(shown, ticking.Place(place.words)).aggregate(all=Count("id"), **counted)

    def where(only: str, after: int = -1) -> str:
        return replace(place, only=only, after=after).address(ROUTE, shown.integration_id)

    return {
        "rows": rows,
        "all": sums["all"],
        "ticked": findings.ticked(shown).count(),
        "sorts": [
            (name, label, sums[f"of_{name}"], where(name))
            for name, (label, _) in SORTS.items()
            if sums[f"of_{name}"] or name == place.only
        ],
        "everything": where(""),
        "first": where(place.only) if place.after >= 0 else "",
        "older": where(place.only, rows[-1].place) if more else "",
    }


@require_POST
def take(request: PageRequest, pk: int) -> HttpResponse:
    """Keep what is ticked; a button ticks all that the page's filter shows, imports the ticked, or ignores them."""
    found = integration_of(pk)
    place = _asked(request)
    last = ticking.came_back(request, found, errands.LONE)
    if last is None:
        return ticking.to(request, ticking.Place().address(ROUTE, pk))
    act = request.POST.get("act", "")
    if act in ("all", "none"):
        findings.tick_all(_some(last, place).filter(clear=True), on=act == "all")
    elif act in (candidates.BRING, candidates.IGNORE):
        importing.begin(request, last, act)
    elif act == "stop":
        ticking.stop(request, found, errands.BRING)
    elif request.htmx:
        return render(request, "match_ticked.html", {"ticked": findings.ticked(last).count()})
    return ticking.to(request, replace(place, after=-1).address(ROUTE, pk))
