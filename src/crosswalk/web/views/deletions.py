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
    """Delete them, or Keep them, as the button says: on the integration's page, or about one record on its own."""
    found = get_object_or_404(Integration, pk=pk)
    word, _, rest = request.POST.get("answer", "").partition(":")
    name, _, kind = rest.partition(":")
    doubt, emptied = kind == "doubt", kind == "emptied"
    pair = _number(request, "pair") if "pair" in request.POST else None
    if word in deletions.WORDS and name in list(Side):
        about = deletions.About(Side(name), doubt, emptied, _number(request, "last"), pair)
        act_and_say(
            request,
            lambda: deletions.answer(found, about, word, person(request)),
            lambda count: deletions.answered(about, word, count),
        )
    return redirect("record", pk=pair) if pair else redirect("integration", pk=found.pk)


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 18 else 0
