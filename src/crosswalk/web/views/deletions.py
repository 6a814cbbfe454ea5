"""What the brakes stopped: a person approves it, or keeps the records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration
from crosswalk.sync import approving, deletions
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


def stopped(found: Integration) -> dict[str, Any]:
    """What waits for a person's word on an integration, for its page."""
    return {
        "stopped": deletions.stopped(found),
        "shown": approving.shown(found),
        "advice": approving.advice(found) if found.stopped and found.enabled else "",
    }


def approve(request: HttpRequest, found: Integration) -> None:
    """What a comparison stopped at is carried: that which the page showed, by its number."""
    done = "Approved: everything is compared once more, and what you saw is carried."
    number = _number(request, "approve")
    act_and_say(request, lambda: approving.approve(found, number, person(request)), lambda _: done)


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 18 else 0
