"""A pair: both sides beside each other, field by field; its state, its history, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from crosswalk.store.exchanges import having
from crosswalk.store.models import Pair
from crosswalk.sync import conflicts, options, service
from crosswalk.sync.missing import missing_option
from crosswalk.web.acts import Trouble, act_and_say, attempt, person
from crosswalk.web.reading import seen

HISTORY = 50


@dataclass(frozen=True, slots=True)
class Comparison:
    """What both sides hold now, one line a field; or why that is not known."""

    lines: list[dict[str, object]]
    trouble: Trouble | None = None


def _pair(pk: int) -> Pair:
    ends = ("integration__aha", "integration__jira", "parent")
    return get_object_or_404(Pair.objects.select_related(*ends), pk=pk)


def _history(pair: Pair, page: str | int | None) -> dict[str, object]:
    """A page of the history, which of its lines a request is kept for, and what can be done beside them."""
    lines = pair.journal.select_related("pair", "integration").order_by("-id")
    found = Paginator(lines, HISTORY).get_page(page)
    newest: dict[int, int] = {}
    for line in found:
        if line.run is not None and line.wrote:
            newest.setdefault(line.run, line.pk)
    addable = options.addable(found)
    return {"history": found, "asked": having(found), "addable": addable, "undoable": set(newest.values())}


def _compare(pair: Pair) -> Comparison:
    lines, trouble = attempt(lambda: service.explain(pair))
    return Comparison(lines or [], trouble)


def _awaited(pair: Pair) -> list[dict[str, object]]:
    """The lines that the comparison will bring: they stand from the beginning, and nothing jumps."""
    if pair.left_id is None and pair.right_id is None:
        return []
    lines, _ = attempt(lambda: service.expect(pair))
    return lines or []


@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The page. It does not wait for the servers: the comparison comes behind, or at once with ?compare=now."""
    pair = _pair(pk)
    comparison = _compare(pair) if "compare" in request.GET else None
    context = {
        "pair": pair,
        "integration": pair.integration,
        "conflicts": conflicts.of_pair(pair),
        "children": pair.children.order_by("id"),
        **_history(pair, request.GET.get("page")),
        "comparison": comparison,
        "awaited": [] if comparison else _awaited(pair),
    }
    return render(request, "record.html", context)


@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The comparison alone."""
    pair = _pair(pk)
    return render(request, "record_compare.html", {"pair": pair, "comparison": _compare(pair)})


@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """State and history as they are now; while nothing changed since the page was made, 204."""
    pair = _pair(pk)
    if request.GET.get("seen") == seen(pair):
        return HttpResponse(status=204)
    return render(request, "record_status.html", {"pair": pair, "changed": True, **_history(pair, 1)})


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the pair now: after a person mended what stopped it, or just because they want to know."""
    pair = _pair(pk)
    name = pair.left_key or pair.right_key
    act_and_say(request, lambda: service.retry([pair.pk], person(request)), lambda _: f"{name} is being looked at now.")
    return redirect("record", pk=pair.pk)


@require_POST
def add_option(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Add the option that a line of the history misses, and look at the record again."""
    pair = _pair(pk)
    line = get_object_or_404(pair.journal, pk=entry)
    if (missing := missing_option(f"{line.what} {line.why}")) is not None:
        name, side = missing

        def act() -> None:
            options.add_option(pair.integration, line.field, name, side, pair.kind)
            if pair.integration.enabled:
                service.retry([pair.pk], person(request))

        then = "" if pair.integration.enabled else " Enable the integration, then press Retry."
        act_and_say(request, act, lambda _: f"“{name}” is an option of {line.field} now.{then}")
    return redirect("record", pk=pair.pk)
