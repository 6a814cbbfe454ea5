"""Jira via Connect: which sites installed the app, who may go on, how an integration moves away, what Jira said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crosswalk.store.connect_models import ConnectCall, ConnectSite
from crosswalk.store.models import Connection, Integration
from crosswalk.sync import connect_sites as sites
from crosswalk.sync.barred import barred
from crosswalk.sync.installation import current
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of
from crosswalk.web.words import Shown

CALLS = 20
_STATES = {
    ConnectSite.State.INSTALLED: Shown("Installed", "tick", "good"),
    ConnectSite.State.ENABLED: Shown("Works", "tick", "good"),
    ConnectSite.State.DISABLED: Shown("Disabled in Jira", "pause", "warn"),
    ConnectSite.State.UNINSTALLED: Shown("Uninstalled in Jira", "cross", "quiet"),
}


@dataclass(frozen=True, slots=True)
class SiteShown:
    """A site with what hangs on it, and the connections to which that can move."""

    site: ConnectSite
    integrations: Sequence[Integration]
    ways: Sequence[Connection]

    @property
    def state(self) -> Shown:
        """How its state is shown."""
        if self.site.state != ConnectSite.State.UNINSTALLED and not self.site.allowed_by:
            return Shown("Waits for you", "diamond", "warn")
        return _STATES[ConnectSite.State(self.site.state)]

    @property
    def why(self) -> str:
        """Why it may not be asked."""
        return barred(self.site)


@require_GET
def connect(request: PageRequest) -> HttpResponse:
    """The page."""
    config = current().config
    known = ConnectSite.objects.select_related("connection").order_by("connection__name")
    context = {
        "sites": [SiteShown(site, sites.integrations_over(site), sites.ways_out(site)) for site in known],
        "calls": ConnectCall.objects.all()[:CALLS],
        "descriptor": f"{config.url}{reverse('connect-descriptor')}",
        "address": config.url,
        "public": config.url.startswith("https://"),
    }
    return render(request, "connect_sites.html", context)


@require_POST
def allow(request: PageRequest, pk: int) -> HttpResponse:
    """Let a site in, or no longer, as the button says."""
    site = get_object_or_404(ConnectSite.objects.select_related("connection"), pk=pk)
    if request.POST.get("allowed") == "yes":
        done = f"{site} is allowed, and the connection works."
        act_and_say(request, lambda: sites.allow(site, person(request)), lambda _: done)
    else:
        done = f"{site} is no longer allowed; what hangs on it pauses."
        act_and_say(request, lambda: sites.forbid(site), lambda _: done)
    return redirect("connect-sites")


@require_POST
def move(request: PageRequest, pk: int) -> HttpResponse:
    """Move an integration from Connect to a connection with user and token."""
    found = integration_of(pk)
    number = request.POST.get("to", "")
    to = Connection.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if to is None:
        return redirect("connect-sites")
    done = f"{found.name} reaches Jira over “{to.name}” now. Its webhook in Jira is still to be made: see below."
    if act_and_say(request, lambda: sites.move(found, to, person(request)), lambda _: done):
        return redirect("integration-settings", pk=found.pk)
    return redirect("connect-sites")
