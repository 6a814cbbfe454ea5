"""What happens to every request before and after its page. Knows HTTP; refuses to know any page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

from crosswalk.store.roles import role_of
from crosswalk.sync import inside
from crosswalk.web import access
from crosswalk.web.api import problems
from crosswalk.web.views import errors

Next = Callable[[HttpRequest], HttpResponseBase]


class StaticFiles:
    """WhiteNoise, with the whole (small) file in the answer: Django's ASGI handler warns about files sent in parts."""

    def __init__(self, get_response: Next) -> None:
        self._files = WhiteNoiseMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent: HttpResponseBase = self._files(request)
        if not isinstance(sent, WhiteNoiseFileResponse):
            return sent
        whole = HttpResponse(sent.getvalue(), status=sent.status_code)
        for name, value in sent.items():
            whole[name] = value
        sent.close()
        return whole


class Problems:
    """What goes wrong below /api/ before an endpoint is reached is told to programs in their form, too."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        status = response.status_code
        if not request.path.startswith("/api/") or status < 400 or response["Content-Type"] == problems.TYPE:
            return response
        why = {404: "There is no such address.", 405: "This address takes other methods."}
        said = why.get(status, "The request could not be taken.")
        told = problems.answer(request, status, said, "Compare the request with /api/v1/openapi.json.")
        if "Allow" in response:
            told["Allow"] = response["Allow"]
        return told


class NoPage:
    """A person who opens an address that only takes forms reads why; programs keep the bare answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or "text/html" not in request.headers.get("Accept", ""):
            return response
        told = errors.no_page()
        told["Allow"] = response["Allow"]
        return told


class InsideAha:
    """Pages of a connected Aha! account, and of nobody else, may read what access.INSIDE names.

    A browser asks first (OPTIONS, without the token), then names the page's origin in the request itself:
    https://fetch.spec.whatwg.org/#http-cors-protocol. No cookie is let through, so a session opens nothing this way.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/v1/") or not _is_inside(request.path):
            return self.get_response(request)
        origin = request.headers.get("Origin", "").lower()
        known = bool(origin) and origin in inside.origins()
        asks_first = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if asks_first else self.get_response(request)
        response["Vary"] = ", ".join(filter(None, (response.get("Vary"), "Origin")))
        if known:
            response["Access-Control-Allow-Origin"] = origin
        if known and asks_first:
            response["Access-Control-Allow-Methods"] = "GET, POST"
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response["Access-Control-Max-Age"] = "600"
        return response


def _is_inside(path: str) -> bool:
    try:
        return resolve(path).view_name in access.INSIDE
    except Resolver404:
        return False


class FragmentRedirects:
    """A fragment that is answered by a redirect (session ended) takes the whole page there, not a hole in it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "htmx", False) and isinstance(response, HttpResponseRedirect):
            return HttpResponseClientRedirect(response.url)
        return response


class Doors(LoginRequiredMiddleware):
    """Strangers are led to the sign-in; others pass where the table in access.py gives their role the right."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """None where the request may go on."""
        match = request.resolver_match
        name = match.view_name if match else ""
        # A program shows a token instead of a session: api/doors.py looks at it.
        if name in access.OPEN or name.startswith("api:"):
            return None
        if not request.user.is_authenticated and _followed_a_link(request):
            return render(request, "arriving.html")
        stopped: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if stopped is not None:
            return stopped
        why = access.why_not(role_of(request.user), name, request.method or "")
        if why and getattr(request, "htmx", False):
            # The page still shows a button that is this person's no more: it comes anew, with the reason on top.
            messages.error(request, why)
            return HttpResponseClientRefresh()
        return errors.not_your_role(why) if why else None


def _followed_a_link(request: HttpRequest) -> bool:
    """Whether another site's link led here: then the browser keeps the session's cookie back (SameSite=Strict).

    The answer is a page that opens the same address once more. That request begins here, so it brings the cookie, and
    is not of this kind again: https://www.w3.org/TR/fetch-metadata/
    """
    asked = request.headers
    return (
        request.method == "GET"
        and asked.get("Sec-Fetch-Site") == "cross-site"
        and asked.get("Sec-Fetch-Mode") == "navigate"
        and asked.get("Sec-Fetch-Dest") == "document"
    )


class PrivatePages:
    """No page is kept by a shared cache, nor shown from one without asking."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
