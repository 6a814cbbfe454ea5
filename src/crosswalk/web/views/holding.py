"""Pause, go on, ignore, look again, unlink and link again: for ticked records, and for the record of a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from crosswalk.store.models import Integration, Pair
from crosswalk.sync import holding
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.http import PageRequest
from crosswalk.web.views.integration import MOST_AT_ONCE, Asked, address, asked_of, named


@require_POST
def act(request: PageRequest, pk: int) -> HttpResponse:
    """What the pressed button says, to the records that are ticked."""
    found = get_object_or_404(Integration, pk=pk)
    what = request.POST.get("act", "")
    names = dict.fromkeys(request.POST.getlist("record"))
    refs = [ref for ref in map(named, names) if ref]
    if what not in holding.ACTS or not refs or len(refs) < len(names) or len(refs) > MOST_AT_ONCE:
        messages.error(request, "Nothing was done. Tick records of this page, then press one of its buttons.")
        return _to(request, reverse("integration", args=[found.pk]))
    if what == "unlink":
        asked = QueryDict(mutable=True)
        asked.setlist("pair", [str(pair.pk) for pair in holding.pairs_of(found, refs)])
        return _to(request, reverse("integration-unlink", args=[found.pk]) + f"?{asked.urlencode()}")
    act_and_say(request, lambda: holding.act(found, refs, what, person(request)), lambda count: _done(what, count))
    shown = asked_of(request)
    return _to(request, address(found, Asked(state=shown.state, kind=shown.kind)))


def _done(what: str, count: int) -> str:
    return holding.DONE[what].format("1 record is" if count == 1 else f"{count} records are")


def _to(request: PageRequest, address: str) -> HttpResponse:
    """The page at `address`, whole: a part of this one would not do."""
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


@require_http_methods(["GET", "POST"])
def unlink(request: PageRequest, pk: int) -> HttpResponse:
    """What unlinking means for the pairs that are named; a post does it."""
    found = get_object_or_404(Integration, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    numbers = [int(number) for number in data.getlist("pair")[:MOST_AT_ONCE] if number.isdecimal() and len(number) < 18]
    chosen = list(found.pairs.filter(pk__in=numbers).exclude(held="unlinked").select_related("integration"))
    if request.method == "GET" or not chosen:
        below = Pair.objects.filter(parent__in=chosen).exclude(held="unlinked").count()
        return render(request, "unlink.html", {"integration": found, "chosen": chosen, "below": below})
    act_and_say(request, lambda: holding.unlink(chosen, person(request)), _unlinked)
    return redirect("record", pk=chosen[0].pk) if len(chosen) == 1 else redirect("integration", pk=found.pk)


def _unlinked(count: int) -> str:
    records = "1 record is" if count == 1 else f"{count} records are"
    return f"{records} unlinked. Nothing was changed in Aha! or Jira. “Link again” on a record's page undoes it."


@require_POST
def record_act(request: PageRequest, pk: int) -> HttpResponse:
    """What the pressed button says, to one record."""
    pair = get_object_or_404(Pair.objects.select_related("integration"), pk=pk)
    what = request.POST.get("act", "")
    if what == "relink":
        act_and_say(request, lambda: holding.relink(pair, person(request)), lambda _: "The two are linked again.")
    elif what in holding.DONE:
        act_and_say(request, lambda: holding.do([pair], what, person(request)), lambda count: _done(what, count))
    else:
        messages.error(request, "Nothing was done: this page has no such button.")
    return redirect("record", pk=pair.pk)
