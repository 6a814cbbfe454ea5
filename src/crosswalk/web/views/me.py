"""A person's own page: role, password, where one is signed in."""

from __future__ import annotations

from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from crosswalk.store import roles, tokens
from crosswalk.store.acts import Deed
from crosswalk.web import audit
from crosswalk.web.forms_accounts import OwnPasswordForm, TokenForm
from crosswalk.web.views.login import locked_out

_SHOWN = "crosswalk.token"  # the session keeps a new token until the next page has shown it


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User), "the middleware lets nobody else come here"
    return user


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request)


def _page(
    request: HttpRequest, form: OwnPasswordForm | None = None, token_form: TokenForm | None = None
) -> HttpResponse:
    user, now = _person(request), timezone.now()
    role = roles.role_of(user)
    faulty = (form or token_form) is not None
    context = {
        "form": form or OwnPasswordForm(user),
        "token_form": token_form or TokenForm(role),
        "role": role,
        "tokens": tokens.holding(now).filter(user=user).order_by("-made_at"),
        "made": request.session.pop(_SHOWN, None),
    }
    return render(request, "me.html", context, status=422 if faulty else 200)


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A new API token. It is shown once: only its digest is kept."""
    user = _person(request)
    form = TokenForm(roles.role_of(user), request.POST)
    if not form.is_valid():
        return _page(request, token_form=form)
    now, given = timezone.now(), form.cleaned_data
    ends_at = now + timedelta(days=int(given["days"]))
    text = tokens.make(user, given["name"], given["role"], ends_at, now)
    after = {"role": given["role"], "ends": ends_at.date().isoformat()}
    audit.note(request, Deed("token", "Making an API token", given["name"], after=after))
    request.session[_SHOWN] = {"name": given["name"], "text": text}
    return redirect(reverse("me") + "#token")


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token of this person's."""
    gone = tokens.revoke(_person(request), pk, timezone.now())
    if gone is None:
        messages.error(request, "That token has ended already.")
    else:
        audit.note(request, Deed("token", "Revoking an API token", gone.name))
        messages.success(request, f"“{gone.name}” opens nothing any more.")
    return redirect("me")


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other browser of this person is signed out."""
    user = _person(request)
    named = {"username": user.get_username()}
    # Guessing here counts like guessing at the door: a session left open must not become a password.
    if not AxesProxyHandler.is_allowed(request, named):
        return locked_out(request, None)
    form = OwnPasswordForm(user, request.POST)
    if not form.is_valid():
        if request.POST.get("old_password") and "old_password" in form.errors:
            user_login_failed.send(sender=__name__, credentials=named, request=request)
        return _page(request, form=form)
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
