"""People who sign in: who they are, what each may do; invite, give another role, end and renew the right to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crosswalk.store import invitations, roles
from crosswalk.store.acts import Deed
from crosswalk.store.models import Invitation
from crosswalk.store.roles import Role, role_of
from crosswalk.web import audit
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.forms_accounts import ROLES, InviteForm

_LINK = "crosswalk.invitation"  # the session keeps a new link until the next page has shown it


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in the list; `only` is the last owner, who stays one."""

    user: User
    role: Role
    only: bool


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request, InviteForm(label_suffix=""))


def _page(request: HttpRequest, form: InviteForm) -> HttpResponse:
    owners = [owner.pk for owner in roles.owners()]
    people = get_user_model().objects.order_by("-is_active", "username")
    context = {
        "people": [Listed(one, role_of(one), owners == [one.pk]) for one in people],
        "invitations": list(invitations.waiting(timezone.now())),
        "form": form,
        "roles": ROLES,
        "link": request.session.pop(_LINK, None),
    }
    return render(request, "accounts.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """A link for somebody new. It is shown once: only its digest is kept."""
    form = InviteForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, form)
    name, role = form.cleaned_data["name"], Role(form.cleaned_data["role"])
    code = invitations.invite(name, role, person(request), timezone.now())
    audit.note(request, Deed("account", "Inviting somebody", name, after={"role": role.value}))
    return _shown_once(request, name, code)


def _shown_once(request: HttpRequest, name: str, code: str) -> HttpResponse:
    request.session[_LINK] = {"name": name, "address": settings.CONFIG.url + reverse("join", args=[code])}
    return redirect(reverse("accounts") + "#link")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What the pressed button says: another role, no sign-in any more, sign-in again, a link for a new password."""
    user = get_object_or_404(get_user_model(), pk=pk)
    name, wanted = user.get_username(), request.POST.get("do", "")
    if wanted == "role" and request.POST.get("role") in list(Role):
        _give(request, user, Role(request.POST["role"]), request.POST.get("was", ""))
    elif wanted == "deactivate":
        done = f"{name} can not sign in any more, and is signed out everywhere."
        deed = Deed("account", "Deactivating", name, {"active": user.is_active}, {"active": False})
        act_and_say(request, lambda: roles.change(pk, active=False), lambda _: done, deed)
    elif wanted == "activate":
        deed = Deed("account", "Activating", name, {"active": user.is_active}, {"active": True})
        act_and_say(request, lambda: roles.change(pk, active=True), lambda _: f"{name} can sign in again.", deed)
    elif wanted == "renew" and user.is_active:
        code = invitations.renew(user, role_of(user), person(request), timezone.now())
        audit.note(request, Deed("account", "Making a link for a new password", name))
        return _shown_once(request, name, code)
    else:
        messages.error(request, "That is not something this page does. Reload it and try again.")
    return redirect("accounts")


def _give(request: HttpRequest, user: User, role: Role, was: str) -> None:
    """Another role, unless another owner gave one since the page was made."""
    name, held = user.get_username(), role_of(user)
    if was and was != held:
        messages.error(request, f"Nothing was changed: somebody made {name} {held} meanwhile. Look, and choose again.")
    else:
        deed = Deed("account", "Giving a role", name, {"role": held.value}, {"role": role.value})
        act_and_say(request, lambda: roles.change(user.pk, role=role), lambda _: f"{name} is {role} now.", deed)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End an invitation nobody used yet."""
    found = Invitation.objects.filter(pk=pk, used_at=None).first()
    gone = found is not None and found.delete()[0]
    if found is not None and gone:
        audit.note(request, Deed("account", "Withdrawing an invitation", found.name))
    messages.success(request, "The link works no more." if gone else "That link was used or withdrawn already.")
    return redirect("accounts")
