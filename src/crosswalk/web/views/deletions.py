"""Deletes and emptied fields that the brake stopped: a person approves them or keeps the records."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration
from crosswalk.sync import deletions
from crosswalk.web.acts import act_and_say, person


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete them, or Keep them, as the button says."""
    found = get_object_or_404(Integration, pk=pk)
    word, _, rest = request.POST.get("answer", "").partition(":")
    name, _, kind = rest.partition(":")
    doubt, emptied = kind == "doubt", kind == "emptied"
    if word in deletions.WORDS and name in list(Side):
        last = request.POST.get("last", "")
        shown = int(last) if last.isdecimal() and len(last) < 18 else 0
        about = deletions.About(Side(name), doubt, emptied, shown)
        act_and_say(
            request,
            lambda: deletions.answer(found, about, word, person(request)),
            lambda count: deletions.answered(about, word, count),
        )
    return redirect("integration", pk=found.pk)
