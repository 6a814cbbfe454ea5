"""Undo a run: what would be written to put the values before it back, and the button that does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from crosswalk.store.models import Errand, Pair
from crosswalk.sync import errands
from crosswalk.web import audit
from crosswalk.web.acts import person
from crosswalk.web.http import PageRequest


@require_http_methods(["GET", "POST"])
def undo(request: PageRequest, pk: int, run: int) -> HttpResponse:
    """The page. Looking begins the plan; a post looks again, or puts back what was shown."""
    pair = get_object_or_404(Pair.objects.select_related("integration"), pk=pk)
    asked = {"pair": pair.pk, "run": run}
    made = Errand.objects.filter(integration=pair.integration, asked=asked, what=errands.UNDO)
    last = made.order_by("-id").first()
    reverting = _reverting(pair, last)
    if request.method == "POST":
        if request.POST.get("of") == "again":
            errands.begin(pair.integration, errands.UNDO, asked, person(request))
        elif last is None or request.POST.get("of") != str(last.pk) or last.finished_at is None or last.trouble:
            messages.error(request, "It was looked at again since this page was made. Nothing was done.")
        elif reverting is None:
            errands.begin(pair.integration, errands.REVERT, {"of": last.pk}, person(request))
            audit.note(request, audit.deed_of(request), said=f"Run {run} is being undone.")
        return redirect("record-undo", pk=pair.pk, run=run)
    if last is None:
        last = errands.begin(pair.integration, errands.UNDO, asked, person(request))
    context = {"pair": pair, "integration": pair.integration, "run": run, "errand": last, "reverting": reverting}
    return render(request, "undo.html", context)


def _reverting(pair: Pair, last: Errand | None) -> Errand | None:
    """The undoing of what was looked at last, if that was asked for."""
    if last is None:
        return None
    done = Errand.objects.filter(integration=pair.integration, what=errands.REVERT, asked={"of": last.pk})
    return done.order_by("-id").first()
