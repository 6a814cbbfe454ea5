"""Pages for what went wrong: 400, 403, 404, 405, 500, 503 and a stale form. They must work without a database."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes

_SAID = {
    400: ("This request could not be read", "Go back, reload the page and try again."),
    403: ("This is not allowed", "Ask the owner of this Crosswalk for the right to do it."),
    404: ("There is nothing here", "It may have been removed, or the address has a typing error."),
    405: (
        "This address is no page",
        "It only takes what a button sends. Go to the page with the button and press it there.",
    ),
    500: (
        "Something broke inside Crosswalk",
        "Nothing half-done is kept. Try again; if it stays, the service's console says what happened.",
    ),
    503: (
        "The database does not answer",
        (
            "Nothing half-done is kept, and what changes meanwhile is carried afterwards. Try again in a moment; if it "
            "stays, the service's console says why."
        ),
    ),
}


def _page(status: int, title: str = "", remedy: str = "", again: str = "") -> HttpResponse:
    """The page of a status; with a button that opens the address `again`, where there is one."""
    said = _SAID[status]
    context = {"status": status, "title": title or said[0], "remedy": remedy or said[1], "again": again}
    return HttpResponse(render_to_string("error.html", context), status=status)


def bad_request(_: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request Django refuses to read (too many fields, a wrong host)."""
    return _page(400, remedy=str(exception) if "HTTP_HOST" in str(exception) else "")


def forbidden(_: HttpRequest, **__: object) -> HttpResponse:
    """403."""
    return _page(403)


def not_your_role(why: str) -> HttpResponse:
    """403 for somebody whose role does not reach so far."""
    return _page(403, title="Your role does not allow this", remedy=f"{why} An owner can give you another role.")


def not_found(_: HttpRequest, **__: object) -> HttpResponse:
    """404."""
    return _page(404)


def no_page() -> HttpResponse:
    """405: an address that only takes forms was opened, by a reload or after a new sign-in."""
    return _page(405)


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database does not answer, or takes nothing. Django calls it while it handles the error."""
    again = escape_leading_slashes(request.get_full_path()) if request.method == "GET" else ""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _page(500, again=again)
    told = _page(503, again=again)
    told["Retry-After"] = "5"
    return told


def csrf_failure(_: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a good token: another site sent it, or the sign-in changed in another tab."""
    remedy = "Go back, reload the page and send the form again. Nothing was changed."
    return _page(403, title="This form is stale" if reason else "", remedy=remedy)
