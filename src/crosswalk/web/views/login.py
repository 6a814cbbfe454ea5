"""Signing in and out. Django checks the password, axes slows down guessing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from crosswalk.store.text import fit
from crosswalk.web import throttle

LONGEST = 150  # letters of a name, as Django's table has it


class SignIn(AuthenticationForm):
    """Django's, which would look for names that no table can hold."""

    username = UsernameField(max_length=LONGEST)


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """The sign-in page; before there is an owner it leads to the set-up."""

    template_name = "login.html"
    authentication_form = SignIn
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The provider one may sign in with too, where there is one."""
        return {**super().get_context_data(**context), "provider": settings.CONFIG.oidc}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """To the set-up while nobody owns this installation."""
        if not get_user_model().objects.exists():
            return redirect("setup")
        name = request.POST.get("username", "")
        if request.method == "POST" and throttle.paused(request, fit(name, LONGEST)):
            return locked_out(request, None)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In; and this browser is known from now on."""
        response = super().form_valid(form)
        throttle.remember(response, form.get_user().get_username())
        return response


def locked_out(request: HttpRequest, _: object, *__: Any, **___: Any) -> HttpResponse:
    """429: too many wrong passwords for this name, or from this address. Says the same whoever has an account."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "login.html", {"locked_minutes": minutes}, status=429)
