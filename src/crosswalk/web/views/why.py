"""Why a field was not sent, or an update not reflected: the steps of the real decision, one sentence, one link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from crosswalk.store.models import Pair
from crosswalk.sync import why as asked
from crosswalk.web.acts import attempt
from crosswalk.web.leads import lead


@require_GET
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, about one field or (without a name) about the record."""
    pair = get_object_or_404(Pair.objects.select_related("integration__aha", "integration__jira"), pk=pk)
    field = request.GET.get("field", "").strip()[:200]
    answer, trouble = attempt(lambda: asked.ask(pair, field))
    lines = pair.integration.mapping.get("fields", {}).get(pair.kind, ())
    context = {
        "pair": pair,
        "integration": pair.integration,
        "field": field,
        "answer": answer,
        "trouble": trouble,
        "lead": lead(pair, answer) if answer else None,
        "kept": answer is not None and _kept(pair, field),
        "names": [str(line.get("name", "")) for line in lines],
    }
    return render(request, "why.html", context)


def _kept(pair: Pair, field: str) -> bool:
    """Whether a value of `field` (or, without a name, of any) was replaced that the history keeps whole."""
    replaced = pair.journal.exclude(kept="")
    return (replaced.filter(field__iexact=field) if field else replaced).exists()
