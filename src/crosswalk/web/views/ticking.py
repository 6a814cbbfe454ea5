"""Lists of findings that a person ticks, a page at a time: matches, and issues to import. What a page shows of them,
what comes back from it, and the addresses of its filters."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crosswalk.store import errands, findings
from crosswalk.store.errands import newest
from crosswalk.store.models import Errand, Finding, Integration
from crosswalk.web import audit
from crosswalk.web.http import PageRequest

Sort = tuple[str, str, int]
"""A filter: its word in the address, its label, how many it shows."""
Some = Callable[[Errand, str], QuerySet[Finding]]
Sorts = Callable[[list[findings.Tally]], list[Sort]]


def address(route: str, pk: int, only: str, after: int = -1) -> str:
    """The page of a list with the filter `only`, from behind the place `after`."""
    asked = {name: text for name, text in (("only", only), ("after", str(after) if after >= 0 else "")) if text}
    return reverse(route, args=[pk]) + (f"?{urlencode(asked)}" if asked else "")


def listed(request: PageRequest, last: Errand, route: str, some: Some, sorts: Sorts) -> dict[str, object]:
    """A page of what `last` found, and how many there are of each sort; a sort that would show nothing is left out."""
    wanted, place = request.GET.get("only", ""), request.GET.get("after", "")
    after = int(place) if place.isdecimal() and len(place) < 9 else -1
    rows, more = findings.page(some(last, wanted), after)
    tallies = findings.tallies(last)
    return {
        "rows": rows,
        "only": wanted,
        "sorts": [one for one in sorts(tallies) if one[2] or one[0] == wanted],
        "ticked": sum(one.ticked for one in tallies if one.state in ("", findings.REFUSED)),
        "all": sum(one.all for one in tallies),
        "older": address(route, last.integration_id, wanted, rows[-1].place) if more else "",
        "after": after,
    }


def came_back(request: PageRequest, found: Integration, what: str) -> Errand | None:
    """The search whose page was posted, its ticks kept; None, and said, where somebody searched anew since."""
    last = newest(found, what)
    if last is None or str(last.pk) != request.POST.get("of"):
        messages.error(request, "Somebody looked again since this page was made. Nothing was done.")
        return None
    findings.tick(last, _numbers(request.POST, "shown"), _numbers(request.POST, "record"))
    return last


def _numbers(posted: QueryDict, name: str) -> list[int]:
    """The numbers that a page posted under a name."""
    return [int(text) for text in posted.getlist(name)[: 2 * findings.PAGE] if text.isdecimal() and len(text) < 18]


def stop(request: PageRequest, found: Integration, what: str) -> None:
    """Have the errand of this kind end before its next step, and say so."""
    if errands.pause(found, what, paused=True):
        said = "It stops before its next step. What is done stays; the rest is left as it was."
        messages.success(request, said)
        audit.note(request, audit.deed_of(request), said=said)
    else:
        messages.info(request, "There was nothing to stop any more.")


def to(request: PageRequest, where: str) -> HttpResponse:
    """The page at `where`, whole."""
    return HttpResponse(headers={"HX-Redirect": where}) if request.htmx else redirect(where)
