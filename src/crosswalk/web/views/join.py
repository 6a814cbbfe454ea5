"""Accept an invitation: the person who holds the link sets a password, and is signed in."""

from __future__ import annotations

from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crosswalk.store import acts, invitations
from crosswalk.store.acts import Deed, Who
from crosswalk.store.roles import role_of
from crosswalk.web import visitor
from crosswalk.web.acts import attempt
from crosswalk.web.forms_accounts import NewPasswordForm

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The form while the link holds; 404 and a word about it afterwards."""
    invitation = invitations.find(code, timezone.now())
    if invitation is None:
        return render(request, "join.html", {"ended": True}, status=404)
    who = invitation.user or get_user_model()(username=invitation.name)
    form, trouble = NewPasswordForm(who, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        user, trouble = attempt(lambda: invitations.accept(code, password, timezone.now()))
        if user is not None and user.is_active:
            acts.note(
                Who(user.get_username(), "page", visitor.address(request)),
                Deed("account", "Using a link", f"made by {invitation.made_by}", after={"role": role_of(user).value}),
                timezone.now(),
            )
            login(request, user, backend=_BACKEND)
            return redirect("home")
    context = {"form": form, "invitation": invitation, "trouble": trouble}
    return render(request, "join.html", context, status=422 if form.errors or trouble else 200)
