"""People of an integration: who is missing, who is who by hand, and the table as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crosswalk.errors import CrosswalkError, Refused
from crosswalk.store import people as table
from crosswalk.store.models import Acquaintance, Integration
from crosswalk.sync import acquaintances
from crosswalk.web import audit
from crosswalk.web.acts import Trouble, act_and_say, trouble_of
from crosswalk.web.reading import integration_of

MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed in a row and can not be used, and why not."""

    row: int
    typed: str
    trouble: Trouble


@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The page."""
    return _page(request, integration_of(pk))


def _page(request: HttpRequest, found: Integration, wrong: Wrong | None = None) -> HttpResponse:
    missing = acquaintances.unmatched(found)
    near = acquaintances.proposed(found, missing)
    context = {
        "integration": found,
        "unmatched": [(who, near.get(who.pk)) for who in missing],
        "known": table.known(found.pk),
        "mark": acquaintances.mark(found),
        "wrong": wrong,
    }
    return render(request, "people.html", context, status=422 if wrong else 200)


@require_POST
def say(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Say who somebody is, for the first time or anew; or take the line out of the table."""
    found = integration_of(pk)
    who = Acquaintance.objects.filter(pk=row, integration=found).first()
    if who is None:  # its line goes when somebody is found
        messages.error(request, f"{acquaintances.LATE} {acquaintances.LOOK}")
        return redirect("integration-people", pk)
    if request.POST.get("act") == "remove":
        name, seen = who.name or who.person_id, request.POST.get("shown", "")
        act_and_say(
            request,
            lambda: acquaintances.forget(found, who, seen),
            lambda _: f"{name} is not in the table any more. Whoever has exactly the same address is found without it.",
        )
        return redirect("integration-people", pk)
    return _said(request, found, who)


def _said(request: HttpRequest, found: Integration, who: Acquaintance) -> HttpResponse:
    typed, seen = request.POST.get("other", ""), request.POST.get("shown", "")
    try:
        other = acquaintances.say(found, who, typed, seen)
    except CrosswalkError as error:
        audit.note(request, audit.deed_of(request), said=str(error), done=False)
        if error.message == acquaintances.LATE:  # its row is not there any more
            messages.error(request, str(error))
            return redirect("integration-people", found.pk)
        return _page(request, found, Wrong(who.pk, typed, trouble_of(error)))
    said = f"{who.name or who.person_id} is {other.name or other.id} on the other side."
    if not other.name:
        said += " That was not checked: the other side could not be asked now."
    said += " Records that waited are looked at again."
    messages.success(request, said)
    audit.note(request, audit.deed_of(request), said=said)
    return redirect("integration-people", found.pk)


@require_GET
def download(_: HttpRequest, pk: int) -> HttpResponse:
    """The table as CSV."""
    found = integration_of(pk)
    answer = HttpResponse(acquaintances.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="people-{found.pk}.csv"'
    return answer


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a table in place of the one there was."""
    found = integration_of(pk)
    act_and_say(
        request,
        lambda: acquaintances.from_csv(found, _text(request), request.POST.get("seen", "")),
        acquaintances.lines_now,
    )
    return redirect("integration-people", pk)


def _text(request: HttpRequest) -> str:
    file = request.FILES.get("table")
    if file is None or not file.size:
        raise Refused("No file was chosen.", remedy="Choose a CSV file.")
    if file.size > MOST_BYTES:
        raise Refused("The file is larger than 4 MB.", remedy="Leave out who is not needed.")
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is not UTF-8.", remedy="Save it as CSV UTF-8.") from None
