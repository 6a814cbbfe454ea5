"""Connections: the accounts on both sides; add, edit, test. A secret goes in and never comes out."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crosswalk.store.acts import Deed
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection, Integration
from crosswalk.store.roles import role_of
from crosswalk.sync import service
from crosswalk.sync.breaker import hanging_on
from crosswalk.sync.ends import end_of, near
from crosswalk.sync.installation import current
from crosswalk.web import access, audit
from crosswalk.web.acts import act_and_say, attempt
from crosswalk.web.forms import HIDDEN, SAID, ConnectionForm
from crosswalk.web.forms_grants import AppForm
from crosswalk.web.http import PageRequest
from crosswalk.web.views.grants import app_context, beginning


@require_GET
def connections(request: PageRequest) -> HttpResponse:
    """The list."""
    found = list(Connection.objects.order_by("kind", "name"))
    context = {"connections": found, "ends": {end.connection.pk: end for end in near(current().now().date(), found)}}
    return render(request, "connections.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: PageRequest, kind: str) -> HttpResponse:
    """A new account on the side `kind`; saved, then tested."""
    label, initial = beginning(kind)
    return _form(request, Connection(kind=kind), f"Connect {label}", initial)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """A stored account: its settings and what the last test found."""
    connection = get_object_or_404(Connection, pk=pk)
    if request.method == "POST" and ConnectSite.objects.filter(connection=connection).exists():
        return redirect("connect-sites")  # what belongs to the Connect app, Jira says
    return _form(request, connection, connection.name, {})


def _form(request: PageRequest, connection: Connection, title: str, initial: dict[str, str]) -> HttpResponse:
    before, saved = _shown(connection) if connection.pk else {}, None
    # One after the other: of two people who save at once, the second one is told what the first one did.
    with transaction.atomic():
        Connection.objects.select_for_update().filter(pk=connection.pk).first()
        form = ConnectionForm(request.POST or None, instance=connection, initial=initial)
        if request.method == "POST" and form.is_valid():
            saved = form.save()
            after = {**_shown(saved), **dict.fromkeys(form.new_secrets, "a new one")}
            audit.note(request, Deed("connection", "Saving a connection", saved.name, before, after))
    if saved is not None:
        messages.info(request, f"{saved.name} is saved.")
        return redirect(reverse("connection", args=[saved.pk]) + "?test=now")
    context = {"form": form, "title": title, **_context(connection), **_tested(connection, now="test" in request.GET)}
    return render(request, "connection.html", context, status=422 if form.errors else 200)


def _following(request: PageRequest) -> tuple[str, str]:
    """What a set-up goes on with once a connection works: the word of the button, and where it leads."""
    there = set(Connection.objects.values_list("kind", flat=True))
    for kind in Connection.Kind:
        if kind not in there and access.may(role_of(request.user), "connection-new"):
            return f"Connect {kind.label}", reverse("connection-new", args=[kind])
    if not Integration.objects.exists() and access.may(role_of(request.user), "integration-new"):
        return "New integration", reverse("integration-new")
    return "Continue", reverse("home")


def _context(connection: Connection) -> dict[str, object]:
    """What the page shows of a connection besides its form."""
    context: dict[str, object] = {"connection": connection, "label": Connection.Kind(connection.kind).label}
    grant = Grant.objects.filter(connection=connection).first() if connection.pk else None
    if connection.pk:
        context["used"] = hanging_on(connection)
        context["end"] = end_of(connection, current().now().date())
    if grant is not None:
        context |= {"app_form": AppForm(initial={"client_id": grant.client_id}), **app_context(connection.kind)}
    return context


def _tested(connection: Connection, *, now: bool) -> dict[str, object]:
    """What the last test found, as a test that is made `now` will find it: nothing moves when that one's answer comes.

    The settings of a connection that works, or is tested now, stand folded.
    """
    works = bool(connection.server.get("account")) and not (connection.server.get("trouble") or connection.paused)
    found = connection.server if works and not now else None
    return {"test_now": now, "checkup": found, "tested_at": connection.checked_at, "unfolded": not (works or now)}


def _shown(connection: Connection) -> dict[str, str]:
    """What the account of acts keeps of a connection: no secret, and of a certificate only that there is one."""
    held = {SAID[name]: "one" if getattr(connection, name) else "" for name in HIDDEN}
    authority = "a certificate of its own" if connection.authority else ""
    return {
        "name": connection.name,
        "address": connection.address,
        "user": connection.user,
        "authority": authority,
        "token ends": str(connection.ends_on or ""),
        "proxy": connection.proxy,
        **held,
    }


@require_POST
def remove(request: PageRequest, pk: int) -> HttpResponse:
    """Forget a connection that nothing works over."""
    connection = get_object_or_404(Connection, pk=pk)
    name, deed = connection.name, Deed("connection", "Removing a connection", connection.name, _shown(connection))
    done = act_and_say(request, lambda: service.remove_connection(connection), lambda _: f"{name} is removed.", deed)
    return redirect("connections") if done else redirect("connection", pk)


@require_POST
def check(request: PageRequest, pk: int) -> HttpResponse:
    """Test connection: sign in, look around, and say what was found; a part of the page, or the page with it."""
    connection = get_object_or_404(Connection, pk=pk)
    checkup, trouble = attempt(lambda: service.check_connection(connection))
    connection.refresh_from_db()
    context: dict[str, object] = {
        "connection": connection,
        "checkup": checkup,
        "trouble": trouble,
        "checked": True,
        "tested_at": current().now(),
        "following": _following(request),
        # Who pressed the button is led to what came of it; what begins by itself takes nobody away from a field.
        "pressed": "pressed" in request.POST,
    }
    if request.htmx:
        return render(request, "connection_check.html", context)
    context |= {"form": ConnectionForm(instance=connection), "title": connection.name, "unfolded": trouble is not None}
    return render(request, "connection.html", context | _context(connection))
