"""An integration as a file: shown, downloaded, and compared with one that somebody keeps elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from crosswalk.errors import CrosswalkError, Refused
from crosswalk.store import versions
from crosswalk.store.models import Integration
from crosswalk.sync import ascode, drafts
from crosswalk.sync.ascode import Drift
from crosswalk.sync.files import FileRefused
from crosswalk.web import audit
from crosswalk.web.acts import attempt, person, trouble_of
from crosswalk.web.reading import integration_of

MOST_BYTES = 1_000_000


@require_http_methods(["GET", "POST"])
def as_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The page. A post says in what its file differs; only "save" proposes that as a change of the mapping."""
    found = integration_of(pk)
    if request.method == "GET":
        exported, trouble = attempt(lambda: ascode.export(found))
        return _page(request, found, exported or "", {"trouble": trouble})
    text, told = request.POST.get("text", ""), None
    try:
        text = _given(request)
        told = ascode.drift(found, text)
        if request.POST.get("act") == "save" and told.lines:
            return _saved(request, found, told)
    except FileRefused as error:
        return _page(request, found, text, {"faults": sorted(error.faults, key=lambda fault: fault[0])})
    except CrosswalkError as error:
        return _page(request, found, text, {"refused": trouble_of(error)})
    return _page(request, found, text, {"drift": told})


def _given(request: HttpRequest) -> str:
    """The file that was chosen, else what stands in the form."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "").replace("\r\n", "\n")
    if (file.size or 0) > MOST_BYTES:
        raise Refused("The file is larger than 1 MB.", remedy="Choose a file that `crosswalk export` has written.")
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is not UTF-8.", remedy="Save it as UTF-8.") from None


def _saved(request: HttpRequest, found: Integration, told: Drift) -> HttpResponse:
    draft = drafts.propose(found, told.wanted, request.POST.get("seen", ""), person(request))
    said = "A change of the mapping waits for a word." if draft else "The mapping is as the file says."
    audit.note(request, audit.deed_of(request), said=said)
    if draft is not None:
        return redirect("integration-change", pk=found.pk)
    messages.success(request, said)
    return redirect("integration-file", pk=found.pk)


def _page(request: HttpRequest, found: Integration, text: str, more: dict[str, Any]) -> HttpResponse:
    context = {"integration": found, "text": text, "seen": versions.digest(found.mapping), "most": MOST_BYTES, **more}
    wrong = request.method == "POST" and "drift" not in more
    return render(request, "as_file.html", context, status=422 if wrong else 200)


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file. It holds no secret."""
    found = integration_of(pk)
    text, trouble = attempt(lambda: ascode.export(found))
    if text is None:
        return _page(request, found, "", {"trouble": trouble})
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="integration-{found.pk}.yaml"'
    return answer
