"""Sign in with an OpenID Connect provider: out to it, and back. Passwords go on to work beside it."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from crosswalk.config import Oidc
from crosswalk.errors import CrosswalkError, NotSignedIn, Refused
from crosswalk.store import acts, identities
from crosswalk.store.acts import Deed, Who
from crosswalk.store.identities import Comer
from crosswalk.store.roles import Role, role_of
from crosswalk.web import oidc, visitor
from crosswalk.web.acts import trouble_of
from crosswalk.web.keys import setup_code
from crosswalk.web.oidc import Journey, Talk

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_COOKIE, _SALT, _OWNER = "crosswalk_oidc", "crosswalk.oidc", "crosswalk.oidc-owner"
_LASTS: Final = 600  # seconds for signing in over there


def _provider() -> Oidc:
    """The provider's settings; 404 where passwords are the only way in."""
    found: Oidc | None = settings.CONFIG.oidc
    if found is None:
        raise Http404
    return found


def _redirect() -> str:
    return str(settings.CONFIG.url) + reverse("oidc-back")


def _talk(found: Oidc) -> Talk:
    return Talk(found, allow_private=settings.CONFIG.allow_private)


def _trouble(request: HttpRequest, error: CrosswalkError, status: int = 403) -> HttpResponse:
    """The sign-in page, with what went wrong."""
    acts.note(
        Who("", "page", visitor.address(request)),
        Deed("sign-in", "Signing in with a provider"),
        timezone.now(),
        said=str(error),
        done=False,
    )
    context = {"trouble": trouble_of(error), "provider": settings.CONFIG.oidc}
    response = render(request, "login.html", context, status=status)
    response.delete_cookie(_COOKIE, path=reverse("oidc"))
    return response


@require_GET
@login_not_required
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider. What must come back waits in a signed cookie of its own: the session's stays away there."""
    found = _provider()
    owner = _proved(request.GET.get("owner", ""))
    if not get_user_model().objects.exists() and not owner:
        return redirect("setup")
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    journey = Journey(state, nonce, verifier, next=wanted if safe else "", owner=owner)
    try:
        with _talk(found) as talk:
            address = oidc.address_of(talk.provider(), found, journey, _redirect())
    except CrosswalkError as error:
        return _trouble(request, error, 502)
    response = HttpResponseRedirect(address)
    response.set_cookie(
        _COOKIE,
        signing.dumps(asdict(journey), salt=_SALT),
        max_age=_LASTS,
        path=reverse("oidc"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # the way back begins at the provider's site
    )
    return response


def _proved(text: str) -> bool:
    try:
        return bool(signing.loads(text, salt=_OWNER, max_age=_LASTS) == "owner")
    except signing.BadSignature:
        return False


@require_POST
@login_not_required
def owner(request: HttpRequest) -> HttpResponse:
    """Become the first owner: whoever knows the setup code, whatever the provider's claim says."""
    _provider()
    code = request.POST.get("code", "").strip().lower()
    if get_user_model().objects.exists():
        return redirect("login")
    if not constant_time_compare(code, setup_code(settings.CONFIG)):
        refused = Refused("That is not the setup code.", remedy="Look for “Setup code” on the service's console.")
        return _trouble(request, refused, 422)
    # A form may not lead to another site (Content-Security-Policy), so a page of ours does.
    target = f"{reverse('oidc')}?owner={signing.dumps('owner', salt=_OWNER)}"
    return render(request, "arriving.html", {"target": target})


@require_GET
@login_not_required
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, or what kept the person out."""
    found = _provider()
    try:
        journey = _journey(request)
        comer = _comer(request, found, journey)
        user, new = identities.arrive(comer)
    except CrosswalkError as error:
        return _trouble(request, error)
    if new:
        said = f"{found.name} vouches for them."
        deed = Deed("account", "Coming for the first time", user.get_username(), after={"role": role_of(user).value})
        who = Who(user.get_username(), "page", visitor.address(request))
        acts.note(who, deed, timezone.now(), said=said)
    login(request, user, backend=_BACKEND)
    response = render(request, "arriving.html", {"target": journey.next or reverse("home")})
    response.delete_cookie(_COOKIE, path=reverse("oidc"))
    return response


def _journey(request: HttpRequest) -> Journey:
    """What this browser set out with. Raises NotSignedIn where it did not, or long ago, or for something else."""
    try:
        journey = Journey(**signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_LASTS))
    except signing.BadSignature:
        journey = None
    if journey is None or not constant_time_compare(request.GET.get("state", ""), journey.state):
        raise NotSignedIn(
            "This sign-in was begun in another browser, or more than ten minutes ago.", remedy="Begin once more."
        )
    return journey


def _comer(request: HttpRequest, found: Oidc, journey: Journey) -> Comer:
    """Who the provider says came back."""
    if request.GET.get("iss", found.issuer) != found.issuer:  # RFC 9207
        raise NotSignedIn("The answer is from another provider.", remedy="Begin once more.")
    if "error" in request.GET or not request.GET.get("code"):
        said = request.GET.get("error", "no code")[:60]
        raise NotSignedIn(f"{found.name} did not sign you in ({said}).", remedy="Begin once more.")
    with _talk(found) as talk:
        claims = talk.claims(talk.provider(), request.GET["code"], journey, _redirect())
    role = Role.OWNER if journey.owner else oidc.role_in(claims, found)
    if role is None:
        raise Refused(
            f"{found.name} knows you, but gives you no role here.",
            remedy=f"Ask for a group that has one; an owner sees in the settings which ({found.claim}).",
        )
    if len(claims["sub"]) > 255:  # OpenID Connect Core, 2
        raise NotSignedIn(f"{found.name} names you by more than 255 letters.", remedy="Ask who runs the provider.")
    return Comer(found.issuer, claims["sub"], oidc.name_in(claims), role, first=journey.owner)
