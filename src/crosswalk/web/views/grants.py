"""Connections that sign in by OAuth 2.0: the person's app, out to the consent page and back, which site it is for.

What must come back waits in the session of whoever began, and is good once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crosswalk.errors import NotSignedIn
from crosswalk.store.acts import Deed
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection
from crosswalk.sync import grants
from crosswalk.sync.installation import current
from crosswalk.web import audit
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.forms_grants import AppForm, GrantForm
from crosswalk.web.http import PageRequest

_KEPT: Final = "sign-ins"  # in the session
_MOST: Final = 5  # sign-ins under way in one browser
_LASTS: Final = 600  # seconds for consenting over there


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that was begun in this session."""

    pk: int
    state: str
    verifier: str
    at: float


def callback() -> str:
    """Where consent pages send people back to: what an app has to be told."""
    return current().config.url + reverse("grant-back")


def app_context(kind: str) -> dict[str, object]:
    """What a person has to enter in the settings of their app."""
    here = current().config.url
    return {
        "callback": callback(),
        "scopes": " ".join(grants.scopes(kind)),
        "kind": kind,
        "unsafe": not here.startswith("https://"),
    }


def beginning(kind: str) -> tuple[str, dict[str, str]]:
    """What a side is called, and what the form of a new connection there begins with: a name that is free.

    Raises Http404 for what is no side.
    """
    if kind not in Connection.Kind.values:
        raise Http404
    label = str(Connection.Kind(kind).label)
    taken = set(Connection.objects.values_list("name", flat=True))
    names = (label, *(f"{label} {number}" for number in range(2, len(taken) + 3)))
    return label, {"name": next(name for name in names if name not in taken)}


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: PageRequest, kind: str) -> HttpResponse:
    """A new connection: what the app has to be told, what it said; then out to the consent page."""
    label, initial = beginning(kind)
    form = GrantForm(kind, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = grants.make(kind, form.fill, given["client_id"], given["client_secret"])
        except IntegrityError:  # pressed twice
            form.add_error("name", "A connection with this name already exists.")
        else:
            audit.note(request, Deed("connection", "Saving a connection", made.name, {}, _shown(made.grant)))
            return _out(request, made)
    context = {"form": form, "label": label, **app_context(kind)}
    return render(request, "grant_new.html", context, status=422 if form.errors else 200)


def _shown(grant: Grant) -> dict[str, str]:
    """What the account of acts keeps: no secret."""
    return {"name": grant.connection.name, "address": grant.connection.address, "client id": grant.client_id}


@require_POST
def begin(request: PageRequest, pk: int) -> HttpResponse:
    """Sign in, or again."""
    return _out(request, _connection(pk))


def _connection(pk: int) -> Connection:
    return get_object_or_404(Connection.objects.select_related("grant"), pk=pk, grant__isnull=False)


def _out(request: PageRequest, connection: Connection) -> HttpResponse:
    begun = grants.begin(connection, callback())
    waiting = Waiting(connection.pk, begun.state, begun.verifier, current().now().timestamp())
    request.session[_KEPT] = [*request.session.get(_KEPT, [])[1 - _MOST :], asdict(waiting)]
    # A form may not lead to another site (Content-Security-Policy), so a page of ours does.
    return render(request, "arriving.html", {"target": begun.address})


def _taken(request: PageRequest) -> Waiting | None:
    """The sign-in that this answer is for, if this session began it and it is not too old; taken out, so good once."""
    given = request.GET.get("state", "")
    every: list[dict[str, Any]] = request.session.get(_KEPT, [])
    # All of them are looked at, however early one fits.
    fits = [constant_time_compare(given, str(one["state"])) for one in every]
    if not any(fits):
        return None
    request.session[_KEPT] = [one for one, fit in zip(every, fits, strict=True) if not fit]
    found = Waiting(**every[fits.index(True)])
    return found if current().now().timestamp() - found.at <= _LASTS else None


@require_GET
def back(request: PageRequest) -> HttpResponse:
    """Back from the consent page: signed in, or what kept it from being so."""
    waiting = _taken(request)
    connection = Connection.objects.select_related("grant").filter(pk=waiting.pk if waiting else 0).first()
    deed = Deed("connection", "Signing a connection in", connection.name if connection else "")

    def arrive() -> bool:
        if waiting is None or connection is None:
            raise NotSignedIn(
                "This sign-in was begun in another browser, is done already, or is older than ten minutes.",
                remedy="Open the connection and begin once more.",
            )
        if "error" in request.GET or not request.GET.get("code"):
            said = request.GET.get("error", "no code")[:60]
            raise NotSignedIn(f"The sign-in was not completed ({said}).", remedy="Press Sign in to begin once more.")
        code = request.GET["code"][:4000]
        return grants.came_back(connection, grants.Back(code, waiting.verifier, callback(), person(request)))

    clear: list[bool] = []

    def done(whole: bool) -> str:
        clear.append(whole)
        return "Signed in." if whole else "Signed in. Choose the site now."

    good = act_and_say(request, arrive, done, deed)
    if connection is None:
        return redirect("connections")
    if good and not clear[0]:
        return redirect("grant-site", pk=connection.pk)
    return redirect(reverse("connection", args=[connection.pk]) + ("?test=now" if good else ""))


@require_http_methods(["GET", "POST"])
def site(request: PageRequest, pk: int) -> HttpResponse:
    """Which of the sites that the consent opens."""
    connection = _connection(pk)
    if request.method == "POST":
        chosen = request.POST.get("site", "")[:100]
        deed = Deed("connection", "Choosing the site of a connection", connection.name)

        def choose() -> str:
            found = grants.choose(connection, chosen)
            grants.resume(current(), connection, person(request))
            return f"“{connection.name}” stands for {found.address or found.name}."

        if act_and_say(request, choose, str, deed):
            return redirect(reverse("connection", args=[pk]) + "?test=now")
    return render(request, "grant_site.html", {"connection": connection, "now": grants.site_of(connection)})


@sensitive_post_parameters()
@require_POST
def app(request: PageRequest, pk: int) -> HttpResponse:
    """Another client id or secret; what was granted stays until somebody signs in again."""
    form = AppForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for many in form.errors.values() for one in many))
        return redirect("connection", pk=pk)
    connection, given = _connection(pk), form.cleaned_data
    with transaction.atomic():
        grant = Grant.objects.select_for_update().get(connection=connection)
        before = _shown(grant)
        grant.client_id = given["client_id"]
        grant.client_secret = given["client_secret"] or grant.client_secret
        grant.save(update_fields=["client_id", "client_secret"])
        after = {**_shown(grant), **({"secret": "a new one"} if given["client_secret"] else {})}
        audit.note(request, Deed("connection", "Saving a connection", connection.name, before, after))
    messages.success(request, "The app is saved. Sign in again to use it.")
    return redirect("connection", pk=pk)
