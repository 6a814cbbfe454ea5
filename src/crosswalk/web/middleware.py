"""What happens to every request before and after its page. Knows HTTP; refuses to know any page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

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


class FragmentRedirects:
    """A fragment that is answered by a redirect (session ended) takes the whole page there, not a hole in it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "htmx", False) and isinstance(response, HttpResponseRedirect):
            return HttpResponseClientRedirect(response.url)
        return response


class PrivatePages:
    """No page is kept by a shared cache, nor shown from one without asking."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
