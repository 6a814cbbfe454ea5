"""Errands on pages: the plan of an integration and how far it is, its files, and the progress of any errand."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from crosswalk.store.errands import newest
from crosswalk.store.models import Errand, Integration
from crosswalk.sync import errands, marks, planfile, planwords, projectdata, reference, service
from crosswalk.sync.above import sent
from crosswalk.sync.mapping import parse
from crosswalk.web.acts import attempt, person
from crosswalk.web.http import PageRequest

MOST_RELEASES = 500


@require_http_methods(["GET", "POST"])
def plan(request: PageRequest, pk: int) -> HttpResponse:
    """What would be written on each side now, of what is chosen; writes nothing."""
    found = get_object_or_404(Integration, pk=pk)
    scopes = _scopes(found)
    record, trouble = request.GET.get("record", "").strip()[:100], None
    if request.method == "POST":
        record = request.POST.get("record", "").strip()[:100]
        scope = request.POST.get("scope", "")
        asked, trouble = attempt(lambda: _asked(found, scope if scope in dict(scopes) else errands.JOINED, record))
        if asked is not None:
            errands.begin(found, errands.PLAN, asked, person(request))
            return redirect("integration-plan", pk=found.pk)
    last = newest(found, errands.PLAN)
    shown = last if last is not None and not last.asked.get("draft") else None
    # Before anything is joined, a plan of what is joined tells nothing about what Enable would lead to.
    first = errands.JOINED if found.pairs.exists() else errands.ALL
    scope = str(shown.asked.get("scope", "")) if shown else first
    about = ", ".join(key for *_, key in shown.asked.get("records") or ()) if shown else ""
    context: dict[str, Any] = {
        "integration": found,
        "errand": shown,
        "scopes": scopes,
        "scope": scope,
        "trouble": trouble,
    }
    record = record or about.partition(", ")[0]
    mapping, _ = attempt(lambda: parse(found.mapping))
    below = mapping is not None and sent(mapping, "requirement")
    context |= {
        "record": record,
        "about": about,
        "enabling": planwords.enabling(enabled=found.enabled, below=below),
        "sends": _sends(found, shown),
        "old_data": errands.old_data(shown.result, shown.finished_at) if shown and shown.finished_at else None,
        "overtaken": errands.overtaken(found, shown) if shown else "",
        "promised": reference.promised(found),
        "marks": " ".join((marks.told(mapping.link), *planfile.beside(mapping))) if mapping else "",
    }
    return render(request, "plan.html", context, status=422 if trouble else 200)


def _sends(found: Integration, shown: Errand | None) -> list[str]:
    """The records that a finished plan was asked about by name, as a form names them, where there is something to send
    and that can be done."""
    if shown is None or shown.finished_at is None or shown.trouble or not found.enabled:
        return []
    return [":".join(one) for one in shown.asked.get("records") or ()] if shown.result.get("patches") else []


def _asked(found: Integration, scope: str, record: str) -> dict[str, Any]:
    """What a plan is to be about: the one record that is named, else the scope. Raises Refused for no record."""
    refs = [service.find_ref(found, record)] if record else []
    return {"scope": scope, "records": errands.as_asked(refs)} if refs else {"scope": scope}


def _scopes(found: Integration) -> list[tuple[str, str]]:
    loaded, _ = attempt(lambda: projectdata.load(found))
    releases = loaded.aha.releases[:MOST_RELEASES] if loaded else ()
    return [
        (errands.JOINED, "what is joined already"),
        *((one.id, f"release {one.name}") for one in releases),
        (errands.ALL, "everything in the workspace"),
    ]


@require_GET
def plan_file(_: PageRequest, pk: int, row: int, form: str) -> HttpResponse:
    """A finished plan as a file."""
    found = get_object_or_404(Errand, pk=row, integration_id=pk, what=errands.PLAN)
    if form not in ("csv", "json") or found.finished_at is None or found.trouble:
        raise Http404
    if form == "csv":
        answer = HttpResponse(planfile.as_csv(found.result), content_type="text/csv; charset=utf-8")
    else:
        text = json.dumps(found.result, indent=1, ensure_ascii=False)
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="plan-{found.pk}.{form}"'
    return answer


@require_GET
def progress(request: PageRequest, pk: int, row: int) -> HttpResponse:
    """How far an errand is; when it is done or paused, the page it stands on is shown anew."""
    found = get_object_or_404(Errand.objects.select_related("integration"), pk=row, integration_id=pk)
    answer = render(request, "errand.html", {"errand": found, "integration": found.integration})
    if found.finished_at is not None or found.result.get("paused"):
        answer["HX-Refresh"] = "true"
    return answer
