"""People of an integration: who is missing, who is who by hand, and the table as a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crosswalk.errors import Refused
from crosswalk.store import people as table
from crosswalk.store.models import Acquaintance
from crosswalk.sync import acquaintances
from crosswalk.web.acts import act_and_say
from crosswalk.web.reading import integration_of

MOST_BYTES = 4_000_000


@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The page."""
    found = integration_of(pk)
    missing = acquaintances.unmatched(found)
    near = acquaintances.proposed(found, missing)
    context = {
        "integration": found,
        "unmatched": [(who, near.get(who.pk)) for who in missing],
        "matches": table.matches(found.pk),
        "mark": acquaintances.mark(found),
    }
    return render(request, "people.html", context)


@require_POST
def say(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Say who somebody is."""
    found = integration_of(pk)
    who = Acquaintance.objects.filter(pk=row, integration=found).first()
    if who is None:  # its line goes when somebody is found
        messages.error(request, f"{acquaintances.LATE} {acquaintances.LOOK}")
        return redirect("integration-people", pk)
    name = who.name or who.person_id
    act_and_say(
        request,
        lambda: acquaintances.say(found, who, request.POST.get("other", "")),
        lambda other: f"{name} is {other} on the other side. Records that waited are looked at again.",
    )
    return redirect("integration-people", pk)


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
