"""Link a record with an issue that is there already: which issue, both beside each other, the winner for each field."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration
from crosswalk.sync import joining, linking, service
from crosswalk.sync.mapping import parse
from crosswalk.web.acts import act_and_say, attempt, person
from crosswalk.web.views.integration import ref_of

SIDES = {"left": Side.LEFT, "right": Side.RIGHT}


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a post links what it showed."""
    found = get_object_or_404(Integration, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    ref, name = ref_of(data.get("record", "")), data.get("issue", "").strip()[:120]
    if ref is None and name and request.method == "GET":
        return _ask_record(request, found, name)
    if ref is None:
        messages.error(request, "Choose a record in the list, then “Link…” beside it.")
        return redirect("integration", pk=found.pk)
    beside, trouble = attempt(lambda: linking.look(found, ref, name)) if name else (None, None)
    if request.method == "POST" and beside is not None:
        words = _words(request, beside)
        mark = request.POST.get("mark", "")
        done = f"{beside.left.ref} and {beside.right.ref} are linked, and are being brought into step."
        if act_and_say(request, lambda: linking.link(found, beside, mark, words, person(request)), lambda _: done):
            return redirect("record", pk=found.pairs.get(left_kind=ref.kind, left_id=beside.left.ref.id).pk)
    context = {"integration": found, "ref": ref, "record": data.get("record", ""), "issue": name}
    return render(request, "link.html", {**context, "beside": beside, "trouble": trouble})


def _ask_record(request: HttpRequest, found: Integration, issue: str) -> HttpResponse:
    """Which record of Aha! an issue is to be linked with; once that is known, the page of the two."""
    key, kind = request.GET.get("key", "").strip()[:100], request.GET.get("kind", "")
    parsed, trouble = attempt(lambda: parse(found.mapping))
    kinds = joining.kinds(parsed) if parsed else []
    kind = kind if kind in kinds else "feature"
    ref, trouble = attempt(lambda: service.find_ref(found, key, kind)) if key and not trouble else (None, trouble)
    if ref is not None:
        asked = urlencode({"record": f"{ref.kind}:{ref.id}:{ref.key}", "issue": issue})
        return redirect(reverse("integration-link", args=[found.pk]) + f"?{asked}")
    context = {"integration": found, "issue": issue, "key": key, "kinds": kinds, "kind": kind, "trouble": trouble}
    return render(request, "link_record.html", context)


def _words(request: HttpRequest, beside: linking.Beside) -> dict[str, tuple[Side, bool]]:
    """The winners that the form names, of fields that may be chosen."""
    words: dict[str, tuple[Side, bool]] = {}
    for number, one in enumerate(beside.choices):
        side = SIDES.get(request.POST.get(f"winner-{number}", ""))
        if one.asked and side is not None:
            words[one.field] = (side, f"erase-{number}" in request.POST)
    return words
