"""Undo a run: what would be written to put the values before it back, and the button that does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from crosswalk.store.models import Pair
from crosswalk.sync import undoing
from crosswalk.web import audit
from crosswalk.web.acts import person
from crosswalk.web.http import PageRequest


@require_http_methods(["GET", "POST"])
def undo(request: PageRequest, pk: int, run: int) -> HttpResponse:
    """The page. Looking begins the plan; a post looks again, or puts back what was shown."""
    pair = get_object_or_404(Pair.objects.select_related("integration"), pk=pk)
    last = undoing.looked(pair, run)
    if request.method == "POST":
        seen = request.POST.get("of", "")
        if seen == "again":
            undoing.begin_look(pair, run, person(request))
        elif undoing.begin_revert(last, seen, person(request)):
            audit.note(request, audit.deed_of(request), said=f"Run {run} is being undone.")
        else:
            messages.error(request, "It was looked at again since this page was made. Nothing was done.")
        return redirect("record-undo", pk=pair.pk, run=run)
    last = last or undoing.begin_look(pair, run, person(request))
    context = {"pair": pair, "integration": pair.integration, "run": run, "errand": last}
    return render(request, "undo.html", {**context, "reverting": undoing.reverting(last)})
