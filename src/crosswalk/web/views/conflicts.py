"""The conflicts inbox: what waits for a person's word, over all integrations or in one, and the answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import conflicts as inbox
from crosswalk.sync.bridge import NAMES
from crosswalk.web.acts import act_and_say, person

PAGE = 20
SIDES = {"left": Side.LEFT, "right": Side.RIGHT}


@require_GET
def conflicts(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return _page(request, None)


@require_http_methods(["GET", "POST"])
def of_integration(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of one integration. A post answers all that wait of one field."""
    found = get_object_or_404(Integration, pk=pk)
    if request.method == "GET":
        return _page(request, found)
    field, side = request.POST.get("field", "")[:200], SIDES.get(request.POST.get("side", ""))
    if side is None or not field:
        messages.error(request, "Choose what Aha! or Jira holds.")
    else:
        act_and_say(
            request,
            lambda: inbox.choose_all(found, field, side, person(request)),
            lambda count: f"{NAMES[side]} was chosen for {field} in {count} records.",
        )
    return redirect("integration-conflicts", pk=found.pk)


def _page(request: HttpRequest, found: Integration | None) -> HttpResponse:
    start = request.GET.get("after", "0")
    after = int(start) if start.isdecimal() and len(start) < 18 else 0
    shown = inbox.waiting(found, after, PAGE + 1)
    context = {
        "integration": found,
        "conflicts": shown[:PAGE],
        "count": inbox.count(found),
        "next": shown[PAGE - 1].row.pk if len(shown) > PAGE else 0,
        "after": after,
    }
    return render(request, "conflicts.html", context)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer: a side, or a text by hand. A conflict that is there no more was answered by somebody else.

    A text that was not taken is given back: somebody wrote it.
    """
    mark, word, text = (request.POST.get(name, "") for name in ("mark", "word", "text"))
    who = person(request)
    if word == "hand":
        used = act_and_say(
            request,
            lambda: inbox.by_hand(pk, mark, text, who),
            lambda found: f"{_name(found)} is as you wrote it, on both sides.",
        )
        if not used and text.strip():
            context = {"text": text[: inbox.LONGEST], "back": _back(request)}
            return render(request, "conflict_unused.html", context)
    elif (side := SIDES.get(word)) is not None:
        act_and_say(
            request,
            lambda: inbox.choose(pk, mark, side, who),
            lambda found: f"{NAMES[side]} counts for {_name(found)}.",
        )
    else:
        messages.error(request, "Choose what Aha! or Jira holds, or write the text.")
    return redirect(_back(request))


def _name(found: inbox.Conflict) -> str:
    return f"{found.row.field} of {found.pair.key}"


def _back(request: HttpRequest) -> str:
    """The address of the page that was answered on, or where its record is gone, too, of all conflicts."""
    known = request.POST.get("pair", "")
    pair = Pair.objects.filter(pk=known).first() if known.isdecimal() and len(known) < 18 else None
    if pair is not None and request.POST.get("back") == "record":
        return reverse("record", args=[pair.pk])
    if pair is not None and request.POST.get("back") == "integration":
        return reverse("integration-conflicts", args=[pair.integration_id])
    return reverse("conflicts")
