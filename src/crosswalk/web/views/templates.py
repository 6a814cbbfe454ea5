"""Templates: which there are, who uses each and how far they differ; saved, tried, and brought to integrations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from crosswalk.errors import Refused
from crosswalk.store.errands import newest
from crosswalk.store.models import Errand, Integration, Template
from crosswalk.store.versions import digest
from crosswalk.sync import errands
from crosswalk.sync import templates as verbs
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.http import PageRequest

LONGEST = 200


@require_http_methods(["GET", "POST"])
def templates(request: PageRequest) -> HttpResponse:
    """All of them. A post makes an integration's mapping a template, or the new form of one."""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        found = _integration(request)
        if found is None or not name or len(name) > LONGEST:
            messages.error(
                request, f"Choose an integration, and give the template a name of at most {LONGEST} letters."
            )
            return redirect("templates")
        brings = "connections" in request.POST
        act_and_say(
            request,
            lambda: verbs.save(name, found, person(request), connections=brings),
            lambda made: f"{made.name} is the mapping of {found.name} now. Nobody else is changed yet.",
        )
        made = Template.objects.filter(name=name).first()
        return redirect("template", pk=made.pk) if made else redirect("templates")
    listed = Template.objects.select_related("aha", "jira").annotate(count=Count("users")).order_by("name")
    known = Integration.objects.only("name").order_by("name")
    return render(request, "templates.html", {"templates": listed, "integrations": known})


def _integration(request: PageRequest) -> Integration | None:
    number = request.POST.get("integration", "")
    return Integration.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None


@dataclass(frozen=True, slots=True)
class Row:
    """An integration on a template's page: what is known of it, and what taking the template would do, if looked at."""

    user: verbs.User
    uses: bool
    look: Errand | None
    fresh: bool


@require_http_methods(["GET", "POST"])
def template(request: PageRequest, pk: int) -> HttpResponse:
    """One of them. A post looks at what it would do, uses it in an integration, or makes a new one from it."""
    found = get_object_or_404(Template.objects.select_related("aha", "jira"), pk=pk)
    if request.method == "POST":
        _act(request, found)
        return redirect("template", pk=found.pk)
    rows = list(_rows(found))
    using = {row.user.integration.pk for row in rows}
    context = {
        "template": found,
        "rows": rows,
        "busy": any(row.look is not None and row.look.finished_at is None for row in rows),
        "others": Integration.objects.exclude(pk__in=using).only("name").order_by("name"),
    }
    return render(request, "template.html", context)


def _rows(found: Template) -> Iterator[Row]:
    users = verbs.users(found)
    for user in users:
        yield _row(found, user, uses=True)
    known = {user.integration.pk for user in users}
    for one in Integration.objects.exclude(pk__in=known).order_by("name"):
        row = _row(found, verbs.User(one, (), behind=False, draft=False), uses=False)
        if row.look is not None:
            yield row


def _row(found: Template, user: verbs.User, *, uses: bool) -> Row:
    last = newest(user.integration, errands.TEMPLATE)
    ours = last if last is not None and last.asked.get("template") == found.pk else None
    seen = [digest(user.integration.mapping), digest(found.data)]
    fresh = ours is not None and ours.finished_at is not None and ours.result.get("seen") == seen
    shown = ours if ours is not None and (fresh or ours.finished_at is None or ours.trouble) else None
    return Row(user, uses, shown, fresh)


def _act(request: PageRequest, found: Template) -> None:
    what, one = request.POST.get("act", ""), _integration(request)
    if what == "look" and one is None:
        for user in found.users.all():
            errands.begin(user, errands.TEMPLATE, {"template": found.pk}, person(request))
    elif what == "look" and one is not None:
        errands.begin(one, errands.TEMPLATE, {"template": found.pk}, person(request))
    elif what == "use" and one is not None:
        act_and_say(request, lambda: _use(request, found, one), lambda said: said)
    elif what == "new":
        name, workspace, project = (
            request.POST.get(key, "").strip()[:LONGEST] for key in ("name", "workspace", "project")
        )
        if not (name and workspace and project):
            messages.error(request, "Give it a name, a workspace and a project.")
            return
        act_and_say(
            request,
            lambda: verbs.make(found, name, workspace, project, person(request)),
            lambda made: f"{made.name} is made. See its plan, then enable it.",
        )
    else:
        messages.error(request, "Nothing was done. Choose an integration.")


def _use(request: PageRequest, found: Template, one: Integration) -> str:
    """Take it where it was looked at as it is now: nobody uses what they have not seen."""
    row = next((row for row in _rows(found) if row.user.integration.pk == one.pk), None)
    if row is None or not row.fresh:
        raise Refused(
            f"The template or the mapping of {one.name} was changed since it was looked at.",
            remedy="See what it would do, then use it.",
        )
    return verbs.use(found, one, person(request))
