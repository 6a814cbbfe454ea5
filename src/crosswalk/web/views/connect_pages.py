"""Crosswalk's pages inside Jira: the issue panel and the configuration page, each in an iframe of the site's.

No session and no cookie: the address carries a token of Jira's that is good for it alone, and a form of ours carries on
by a signed ticket. A page may be framed by the site whose token was proved, and by nobody else: the policy says so, and
takes the place of X-Frame-Options, which can not name a site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from crosswalk.errors import Refused
from crosswalk.merge.values import Choice
from crosswalk.store import acts
from crosswalk.store.acts import Deed, Who
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.models import Connection, Integration, NewIntegration, Pair
from crosswalk.store.new_integrations import Wish
from crosswalk.sync import connect_app, connect_sites, service
from crosswalk.sync.barred import barred
from crosswalk.sync.installation import current
from crosswalk.web.acts import Trouble, attempt, trouble_of
from crosswalk.web.reading import Card, card, counts_of
from crosswalk.web.views.connect_app import knock_of
from crosswalk.web.words import Counts

# https://developer.atlassian.com/cloud/jira/platform/about-the-connect-javascript-api/
SCRIPTS = "https://connect-cdn.atl-paas.net"
TICKET = 3600
"""Seconds in which a form of the configuration page may be sent."""
_SALT = "crosswalk.connect.configure"
SHOWN = 200


def _inside(request: HttpRequest, site: ConnectSite, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page that `site` alone may frame."""
    given = {"site": site, "why": barred(site), "address": current().config.url, "scripts": SCRIPTS, **context}
    answer = render(request, template, given)
    parts = urlsplit(site.connection.address)
    own = "'self'"
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {own} {SCRIPTS}; style-src {own}; img-src {own}; connect-src {own}; "
        f"form-action {own}; base-uri 'none'; frame-ancestors {parts.scheme}://{parts.netloc}"
    )
    return answer


def _stranger(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Nobody proved anything, so nobody may frame it: the sentence is for whoever opens the address by itself."""
    context = {"trouble": trouble_of(refused), "scripts": ""}
    return render(request, "connect_stranger.html", context, status=401)


# ---- the panel beside an issue


@xframe_options_exempt
@login_not_required
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The Aha! record of an issue and the state of the pair; asked by Jira for the page, and by the page for itself."""
    issue = request.GET.get("issue", "")
    try:
        visitor = connect_app.visitor_of(knock_of(request), page=True)
        connect_app.sees(visitor, issue)
    except Refused as refused:
        return _stranger(request, refused)
    site = visitor.site
    pairs: Sequence[Pair] = () if barred(site) else connect_sites.pairs_of_issue(site, issue)
    return _inside(request, site, "connect_panel.html", {"pairs": pairs, "key": request.GET.get("key", "")[:100]})


# ---- the configuration page


@dataclass(slots=True)
class Asked:
    """What the form holds, and what is wrong with it."""

    aha: Connection | None
    workspace: str = ""
    project: str = ""
    name: str = ""
    workspace_query: str = ""
    project_query: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@csrf_exempt  # the ticket in the form is what a forged one lacks; no cookie says anything here
@xframe_options_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def configure(request: HttpRequest) -> HttpResponse:
    """Choose the Aha! account and what is joined with it. Jira shows this page to its administrators only."""
    try:
        site, who = _admitted(request)
    except Refused as refused:
        return _whole(_stranger(request, refused))
    context: dict[str, Any] = {"ticket": signing.dumps({"site": site.pk, "who": who}, salt=_SALT)}
    if not barred(site):
        ahas = list(Connection.objects.filter(kind=Connection.Kind.AHA).order_by("name"))
        only = ahas[0] if len(ahas) == 1 else None
        if request.method == "POST":
            context |= _chosen(request, site, who)
        else:
            context |= {"asked": Asked(site.aha or only), "errand": connect_sites.making(site)}
        context["ahas"] = ahas
        context["cards"] = _cards(site)
    answer = _inside(request, site, "connect_configure.html", context)
    return answer if context.get("errand") else _whole(answer)


def _whole(answer: HttpResponse) -> HttpResponse:
    """The same, to take the place of the whole page where its progress was asked for."""
    answer["HX-Retarget"] = answer["HX-Reselect"] = "#main"
    return answer


def _admitted(request: HttpRequest) -> tuple[ConnectSite, str]:
    """The site and the person: by Jira's token for this very address, then by the ticket that came of it."""
    if request.method == "GET":
        visitor = connect_app.visitor_of(knock_of(request))
        return visitor.site, visitor.person
    again = "Open the page from Jira again: Apps > Manage your apps > Crosswalk > Configure."
    try:
        ticket = signing.loads(request.POST.get("ticket", ""), salt=_SALT, max_age=TICKET)
    except signing.BadSignature:
        raise Refused("The page is too old, or it was not made by Crosswalk.", remedy=again, code="C4") from None
    site = ConnectSite.objects.select_related("connection", "aha").filter(pk=ticket["site"]).first()
    if site is None or site.state == ConnectSite.State.UNINSTALLED:
        raise Refused("The app is not installed in this Jira any more.", remedy=again, code="C6")
    return site, str(ticket["who"])


def _cards(site: ConnectSite) -> list[Card]:
    found = connect_sites.integrations_over(site)
    counts = counts_of(found)
    return [card(one, counts.get(one.pk, Counts())) for one in found]


def _chosen(request: HttpRequest, site: ConnectSite, who: str) -> dict[str, Any]:
    """What came of a form: searched lists, an integration, or what keeps it from being made."""
    data = {name: value.strip()[:200] for name, value in request.POST.items() if isinstance(value, str)}
    if "making" in data and (row := connect_sites.making(site, data["making"])):
        return _came_of(site, row)
    number = data.get("aha", "")
    known = Connection.objects.filter(kind=Connection.Kind.AHA)
    aha = known.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    asked = Asked(aha, data.get("workspace", ""), data.get("project", ""), data.get("name", ""))
    asked.workspace_query, asked.project_query = data.get("workspace_query", ""), data.get("project_query", "")
    if aha is None:
        asked.errors["aha"] = "Choose an Aha! account."
        return {"asked": asked}
    connect_sites.choose(site, aha)
    if "make" in data:
        row, trouble = _begin(site, asked, who)
        if row:
            return {"errand": row}
        if trouble:
            return {"asked": asked, "listed": True, **_lists(site, asked), "trouble": trouble}
    return {"asked": asked, "listed": True, **_lists(site, asked)}


def _came_of(site: ConnectSite, row: NewIntegration) -> dict[str, Any]:
    """How far an integration is; the address of its settings; or the form as it was, and why it could not be made."""
    if row.finished_at is None:
        return {"errand": row}
    if row.made is not None:
        return {"asked": Asked(row.aha), "made": reverse("integration-settings", args=[row.made.pk])}
    asked = Asked(row.aha, row.workspace, row.project, row.name)
    trouble = Trouble(row.trouble, row.remedy, row.code)
    return {"asked": asked, "listed": True, **_lists(site, asked), "trouble": trouble}


def _lists(site: ConnectSite, asked: Asked) -> dict[str, Any]:
    aha, here = asked.aha, site.connection
    workspaces, first = attempt(lambda: service.workspaces(aha, asked.workspace_query) if aha else [])
    projects, second = attempt(lambda: service.projects(here, asked.project_query))
    return {"workspaces": _cut(workspaces), "projects": _cut(projects), "trouble": first or second}


def _cut(found: Sequence[Choice] | None) -> Sequence[Choice]:
    return (found or ())[:SHOWN]


def _begin(site: ConnectSite, asked: Asked, who: str) -> tuple[NewIntegration | None, Trouble | None]:
    """Have it made; None where something is missing, which is said beside it, or keeps it from being made."""
    for name, said in (("workspace", "Choose a workspace."), ("project", "Choose a project."), ("name", "Name it.")):
        if not getattr(asked, name):
            asked.errors[name] = said
    if Integration.objects.filter(name=asked.name).exists():
        asked.errors["name"] = "An integration of this name is there already."
    if asked.errors or asked.aha is None:
        return None, None
    wish = Wish(asked.name, asked.aha, site.connection, asked.workspace[:100], asked.project[:100])
    row, trouble = attempt(lambda: connect_sites.begin(site, wish, who))
    if row:
        # Who it was only Jira knows by name; no session says it here.
        deed = Deed("settings", "Making an integration", wish.name)
        acts.note(Who(who, f"Jira {site}"), deed, current().now(), said="It is being made.")
    return row, trouble
