"""Undo a run, or put one value back: what would be written to do so, and the button that does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crosswalk.store.models import JournalEntry, Pair
from crosswalk.sync import undoing
from crosswalk.web import audit
from crosswalk.web.acts import person
from crosswalk.web.http import PageRequest


@require_http_methods(["GET", "POST"])
def undo(request: PageRequest, pk: int, run: int) -> HttpResponse:
    """The page. Looking begins the plan; a post looks again, or puts back what was shown."""
    pair = _pair(pk)
    if request.method == "POST":
        _do(request, pair, undoing.of_a_run(pair, run), f"Run {run} is being undone.")
        return redirect("record-undo", pk=pk, run=run)
    return _page(request, pair, undoing.of_a_run(pair, run), None)


@require_http_methods(["GET", "POST"])
def put_back(request: PageRequest, pk: int, entry: int) -> HttpResponse:
    """The same page about one value that a write had replaced."""
    pair = _pair(pk)
    line = get_object_or_404(pair.journal, pk=entry)
    if request.method == "POST":
        _do(request, pair, undoing.of_a_line(pair, entry), f"{line.field} is being put back.")
        return redirect(reverse("record-put-back", args=[pk, entry]))
    return _page(request, pair, undoing.of_a_line(pair, entry), line)


def _pair(pk: int) -> Pair:
    return get_object_or_404(Pair.objects.select_related("integration"), pk=pk)


def _do(request: PageRequest, pair: Pair, asked: dict[str, int], said: str) -> None:
    last, seen = undoing.looked(pair, asked), request.POST.get("of", "")
    if seen == "again":
        undoing.begin_look(pair, asked, person(request))
    elif undoing.begin_revert(last, seen, person(request)):
        audit.note(request, audit.deed_of(request), said=said)
    else:
        messages.error(request, "It was looked at again since this page was made. Nothing was done.")


def _page(request: PageRequest, pair: Pair, asked: dict[str, int], line: JournalEntry | None) -> HttpResponse:
    look = undoing.looked(pair, asked) or undoing.begin_look(pair, asked, person(request))
    context = {"pair": pair, "integration": pair.integration, "run": asked.get("run"), "line": line, "errand": look}
    return render(request, "undo.html", {**context, "reverting": undoing.reverting(look)})
