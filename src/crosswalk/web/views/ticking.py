"""Lists of findings that a person ticks, a page at a time: matches, and issues to import. What a page shows of them,
what comes back from it, and the addresses of its filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
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


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a list: what has these words, of the filter `only`, from behind the place `after`."""

    words: str = ""
    only: str = ""
    after: int = -1

    def of(self, some: QuerySet[Finding]) -> QuerySet[Finding]:
        """Those of `some` that have its words in a name, or are called so."""
        if not self.words:
            return some
        names = Q(left_name__icontains=self.words) | Q(right_name__icontains=self.words)
        return some.filter(names | Q(left_key__iexact=self.words) | Q(right_key__iexact=self.words))

    def address(self, route: str, pk: int) -> str:
        """Where that is."""
        asked = {"q": self.words, "only": self.only, "after": str(self.after) if self.after >= 0 else ""}
        text = urlencode({name: value for name, value in asked.items() if value})
        return reverse(route, args=[pk]) + (f"?{text}" if text else "")


def asked(request: PageRequest) -> Place:
    """What the address, or the form of a list, asks for."""
    data = request.POST if request.method == "POST" else request.GET
    place = data.get("after", "")
    after = int(place) if place.isdecimal() and len(place) < 9 else -1
    return Place(data.get("q", "").strip()[:200], data.get("only", "")[:20], after)


def listed(request: PageRequest, last: Errand, route: str, some: Some, sorts: Sorts) -> dict[str, object]:
    """A page of what `last` found, and how many there are of each sort; a sort that would show nothing is left out."""
    place = asked(request)
    rows, more = findings.page(place.of(some(last, place.only)), place.after)
    whole = findings.tallies(last.findings.all())
    found = findings.tallies(place.of(last.findings.all())) if place.words else whole

    def where(only: str, after: int = -1) -> str:
        return replace(place, only=only, after=after).address(route, last.integration_id)

    return {
        "rows": rows,
        "only": place.only,
        "query": place.words,
        "sorts": [(*one, where(one[0])) for one in sorts(found) if one[2] or one[0] == place.only],
        "ticked": sum(one.ticked for one in whole if one.state in ("", findings.REFUSED)),
        "all": sum(one.all for one in whole),
        "named": sum(one.all for one in found),
        "everything": where(""),
        "first": where(place.only) if place.after >= 0 else "",
        "older": where(place.only, rows[-1].place) if more else "",
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
