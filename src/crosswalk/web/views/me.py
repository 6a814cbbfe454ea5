"""A person's own page: role, password, where one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from crosswalk.store import roles
from crosswalk.store.acts import Deed
from crosswalk.web import audit
from crosswalk.web.forms_accounts import OwnPasswordForm


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User), "the middleware lets nobody else come here"
    return user


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request, OwnPasswordForm(_person(request)))


def _page(request: HttpRequest, form: OwnPasswordForm) -> HttpResponse:
    context = {"form": form, "role": roles.role_of(request.user)}
    return render(request, "me.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other browser of this person is signed out."""
    form = OwnPasswordForm(_person(request), request.POST)
    if not form.is_valid():
        return _page(request, form)
    user = form.save()
    update_session_auth_hash(request, user)
    roles.end_sessions(user, but=request.session.session_key)
    audit.note(request, Deed("account", "Changing the own password", user.get_username()))
    messages.success(request, "Your password is changed. You are signed out everywhere else.")
    return redirect("me")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out in every other browser."""
    ended = roles.end_sessions(_person(request), but=request.session.session_key)
    browsers = "browser was" if ended == 1 else "browsers were"
    said = f"{ended} other {browsers} signed out." if ended else "You were signed in nowhere else."
    audit.note(request, Deed("sign-in", "Signing out everywhere else"), said=said)
    messages.success(request, said)
    return redirect("me")
