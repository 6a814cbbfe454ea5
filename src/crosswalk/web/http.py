"""The request as the pages see it."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class PageRequest(HttpRequest):
    """A request; `htmx` is true where only a part of a page is asked for."""

    htmx: HtmxDetails
