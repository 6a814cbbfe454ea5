"""What Jira asks of the Connect app: its descriptor and the lifecycle calls. A token says who asks, no session."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from crosswalk.errors import Refused
from crosswalk.sync import connect_app, connect_sites

# Jira's lifecycle bodies have about 1 KB.
LARGEST = 64 * 1024


def knock_of(request: HttpRequest) -> connect_app.Knock:
    """The request as sync reads it."""
    return connect_app.Knock(
        method=request.method or "",
        path=request.path_info,
        query=request.META.get("QUERY_STRING", ""),
        authorization=request.headers.get("Authorization", ""),
        parameters=request.GET.dict(),
        body=request.body[:LARGEST] if request.method == "POST" else b"",
    )


@login_not_required
@require_safe
def descriptor(_request: HttpRequest) -> JsonResponse:
    """The descriptor: public, and the same for everybody."""
    return JsonResponse(connect_sites.told_to_jira(), json_dumps_params={"indent": 1})


def _lifecycle(step: str) -> Callable[[HttpRequest], HttpResponse]:
    # No form and no cookie takes part, so there is nothing that a forged request could use.
    @csrf_exempt
    @login_not_required
    @require_POST
    def call(request: HttpRequest) -> HttpResponse:
        try:
            connect_app.lifecycle(step, knock_of(request))
        except Refused as refused:
            return HttpResponse(f"{refused}\n", status=401, content_type="text/plain; charset=utf-8")
        return HttpResponse(status=204)

    return call


installed = _lifecycle("installed")
enabled = _lifecycle("enabled")
disabled = _lifecycle("disabled")
uninstalled = _lifecycle("uninstalled")
