"""First run: the owner's account. Only who can read the service's console knows the setup code."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crosswalk.store import acts
from crosswalk.store.acts import Deed, Who
from crosswalk.web import visitor
from crosswalk.web.forms import OwnerForm

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The form, until there is a person; then the sign-in page."""
    people = get_user_model().objects
    if people.exists():
        return redirect("login")
    form = OwnerForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            # Two at once: SQLite's transaction is exclusive from its start; the second finds the first one's person.
            if people.exists():
                return redirect("login")
            owner = form.save(commit=False)
            owner.is_staff = owner.is_superuser = True
            owner.save()
        who = Who(owner.get_username(), "page", visitor.address(request))
        acts.note(who, Deed("account", "Making the owner's account"), timezone.now())
        login(request, owner, backend=_BACKEND)
        return redirect("home")
    context = {"form": form, "address": settings.CONFIG.url, "provider": settings.CONFIG.oidc}
    return render(request, "setup.html", context)
