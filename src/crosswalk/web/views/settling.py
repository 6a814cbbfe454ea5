"""Who counts in records that were linked: asked once for all that wait, shown as a plan, then carried."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crosswalk.merge.settle import WORDS
from crosswalk.store import pairs
from crosswalk.store.errands import newest
from crosswalk.sync import errands, joining, settling
from crosswalk.web import audit
from crosswalk.web.acts import Trouble, attempt, person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of
from crosswalk.web.views import ticking

COUNTS = {
    "left": "Aha!: what it holds is written in Jira",
    "right": "Jira: what it holds is written in Aha!",
    "rule": "as the mapping says",
    "keep": "neither: both keep what they hold",
}
SHORT = {"": "as above", "left": "Aha!", "right": "Jira", "rule": "as the mapping says", "keep": "both keep theirs"}
SHOWN = 50


@require_http_methods(["GET", "POST"])
def settle(request: PageRequest, pk: int) -> HttpResponse:
    """The page. A post shows what would be written; the button below that has it carried."""
    found = integration_of(pk)
    waiting = pairs.unsaid(found.pk).filter(parent=None)
    fields, trouble = attempt(lambda: settling.fields_of(found))
    fields = fields or []
    last = newest(found, errands.SETTLE)
    if request.method == "POST" and request.POST.get("act") == "stop":
        ticking.stop(request, found, errands.CARRY)
        return redirect("integration-settle", pk=found.pk)
    if request.method == "POST" and "carry" in request.POST:
        if last is None or str(last.pk) != request.POST["carry"] or last.finished_at is None:
            messages.error(request, "Something else was asked for since this page was made. Look at it again.")
        else:
            errands.begin(found, errands.CARRY, {**last.asked, "look": last.pk}, person(request))
            audit.note(request, audit.deed_of(request), said=f"{COUNTS[last.asked['said']]}.")
        return redirect("integration-settle", pk=found.pk)
    if request.method == "POST" and trouble is None:
        asked = _asked(request.POST, fields)
        word, trouble = attempt(lambda: joining.checked(found, settling.word_of(asked)))
        if asked["said"] not in WORDS:
            word, trouble = None, Trouble("Choose who counts.")
        newest_pair = pairs.unsaid(found.pk).order_by("-pk").first()
        if word is not None and newest_pair is not None:
            errands.begin(found, errands.SETTLE, {**asked, "last": newest_pair.pk}, person(request))
            return redirect("integration-settle", pk=found.pk)
    carrying = newest(found, errands.CARRY)
    shown = last if last is not None and (carrying is None or carrying.pk < last.pk) else None
    said = shown.asked if shown else {}
    context = {
        "integration": found,
        "waiting": list(waiting.order_by("pk")[:SHOWN]),
        "count": waiting.count(),
        "counts": COUNTS,
        "short": SHORT,
        "said": said.get("said", ""),
        "fields": [(name, said.get("fields", {}).get(name, ""), name in said.get("erase", ())) for name in fields],
        "errand": shown,
        "carrying": carrying if shown is None else None,
        "trouble": trouble,
    }
    return render(request, "settle.html", context)


def _asked(posted: QueryDict, fields: list[str]) -> dict[str, object]:
    words = {name: posted.get(f"winner-{number}", "") for number, name in enumerate(fields)}
    erase = [name for number, name in enumerate(fields) if f"erase-{number}" in posted]
    return {
        "said": posted.get("said", ""),
        "fields": {name: word for name, word in words.items() if word in WORDS and word != ""},
        "erase": erase,
    }
