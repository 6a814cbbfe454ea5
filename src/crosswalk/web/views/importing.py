"""Import: issues that may become records are looked for, shown with what they would become, and brought or ignored."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from crosswalk.errors import Refused
from crosswalk.store import findings
from crosswalk.store.errands import newest
from crosswalk.store.models import Errand, Finding, Integration
from crosswalk.sync import candidates, errands, projectdata, saying
from crosswalk.web import audit
from crosswalk.web.acts import person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of
from crosswalk.web.views import ticking

ROUTE = "integration-import"
BELOW, JQL, RELEASE = "below", "jql", "release"
SORTS: dict[str, tuple[str, Q]] = {
    "ready": ("Ready", Q(state="", clear=True)),
    "not": ("Can not be imported", Q(state="", clear=False)),
    "done": ("Imported", Q(state=findings.DONE)),
    "ignored": ("Ignored", Q(state=findings.IGNORED)),
    "refused": ("Not imported", Q(state=findings.REFUSED)),
}
SETTING = {
    "none": "They wait here until you import them.",
    "mapped": "Those of a type that the mapping names are imported by themselves; the others wait here.",
    "all": "All are imported by themselves.",
}


def _versions(found: Integration) -> list[str]:
    """The names of the project's versions, to choose from; none where its data were not loaded."""
    try:
        return [one.name for one in projectdata.load(found).jira.versions]
    except Refused:
        return []


@require_http_methods(["GET", "POST"])
def import_(request: PageRequest, pk: int) -> HttpResponse:
    """The page. A post looks for issues; nothing is written by that."""
    found = integration_of(pk)
    faults: dict[str, str] = {}
    last = newest(found, errands.SEEK)
    asked = {name: str(last.asked.get(name, "")) if last else "" for name in (JQL, RELEASE)}
    which = JQL if asked[JQL] else RELEASE if asked[RELEASE] else BELOW
    if request.method == "POST":
        which = request.POST.get("which", BELOW)
        asked = {name: request.POST.get(name, "").strip()[:2000] for name in (JQL, RELEASE)}
        if which in (JQL, RELEASE) and not asked[which]:
            faults[which] = "Write a query." if which == JQL else "Write the name of a version."
        elif which not in (BELOW, JQL, RELEASE):
            faults["which"] = "Choose what to look for."
        else:
            wanted = {name: text if name == which else "" for name, text in asked.items()}
            errands.begin(found, errands.SEEK, wanted, person(request))
            audit.note(request, audit.deed_of(request), said="Jira is being read.")
            return redirect("integration-import", pk=found.pk)
    bringing = newest(found, errands.BRING)
    ours = bringing if bringing is not None and last is not None and bringing.asked.get("of") == last.pk else None
    context = {
        "integration": found,
        "asked": asked,
        "which": which,
        "faults": faults,
        "errand": last,
        "bringing": ours,
        "versions": _versions(found),
        "setting": SETTING.get(str(found.mapping.get("imports", "none")), ""),
    }
    if last is not None and last.finished_at is not None and not last.trouble:
        context |= ticking.listed(request, last, ROUTE, _some_of, _sorts)
    return render(request, "import.html", context)


def _sorts(tallies: list[findings.Tally]) -> list[ticking.Sort]:
    counts = {
        "ready": sum(one.all for one in tallies if one.state == "" and one.clear),
        "not": sum(one.all for one in tallies if one.state == "" and not one.clear),
        **{name: sum(one.all for one in tallies if one.state == name) for name in ("done", "ignored", "refused")},
    }
    return [(name, SORTS[name][0], count) for name, count in counts.items()]


def _some_of(last: Errand, wanted: str) -> QuerySet[Finding]:
    return last.findings.filter(SORTS[wanted][1]) if wanted in SORTS else last.findings.all()


@require_POST
def take(request: PageRequest, pk: int) -> HttpResponse:
    """Keep what is ticked; a button ticks all that a filter shows, imports the ticked, or ignores them."""
    found = integration_of(pk)
    last = ticking.came_back(request, found, errands.SEEK)
    if last is None:
        return ticking.to(request, ticking.Place().address(ROUTE, pk))
    place, act = ticking.asked(request), request.POST.get("act", "")
    if act in ("all", "none"):
        findings.tick_all(place.of(_some_of(last, place.only)).filter(clear=True), on=act == "all")
    elif act in (candidates.BRING, candidates.IGNORE):
        begin(request, last, act)
    elif act == "stop":
        ticking.stop(request, found, errands.BRING)
    elif request.htmx:
        return render(request, "match_ticked.html", {"ticked": findings.ticked(last).count()})
    return ticking.to(request, replace(place, after=-1).address(ROUTE, pk))


def begin(request: PageRequest, last: Errand, act: str) -> None:
    """Have what is ticked of `last` imported or ignored, or say why not."""
    count = findings.ticked(last).count()
    running = newest(last.integration, errands.BRING)
    if running is not None and running.finished_at is None:
        who = running.person or "Somebody"
        messages.error(
            request, f"{who} is importing or ignoring issues now. Nothing was done; look when that has ended."
        )
    elif not count and request.POST.getlist("record"):
        messages.error(request, "What you ticked was imported or ignored meanwhile. Nothing was done now.")
    elif not count:
        messages.error(request, "Nothing is ticked. Tick issues, then import or ignore them.")
    elif act == candidates.BRING and not last.integration.enabled:
        messages.error(request, f"The integration {saying.off(last.integration)}. Enable it, then import again.")
    else:
        errands.begin(last.integration, errands.BRING, {"of": last.pk, "act": act, "ticked": count}, person(request))
        done = "imported" if act == candidates.BRING else "ignored"
        audit.note(request, audit.deed_of(request), said=f"{count} issues are being {done}.")
