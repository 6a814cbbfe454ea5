"""A new integration: choose both connections, then a workspace and a project, searched on the servers; its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.views.decorators.http import require_GET, require_http_methods

from crosswalk.merge.values import Choice
from crosswalk.store.acts import Deed
from crosswalk.store.models import Connection, Integration, NewIntegration
from crosswalk.store.new_integrations import Wish
from crosswalk.sync import new_integration as making
from crosswalk.sync import reference, service
from crosswalk.web import audit
from crosswalk.web.acts import Trouble, attempt, person
from crosswalk.web.http import PageRequest

PAGE = 50


@dataclass(frozen=True, slots=True)
class Picker:
    """A list to choose from, found by a search on the server."""

    name: str
    label: str
    query: str
    chosen: str
    choices: Sequence[Choice] = ()
    trouble: Trouble | None = None
    error: str = ""
    asked: bool = True
    start: int = 0
    following: int = 0
    joined: Mapping[str, str] = field(default_factory=dict)
    """What other integrations join already, by its id: their names."""

    @property
    def rows(self) -> list[tuple[Choice, str]]:
        """Each choice, and the integrations that join it already."""
        return [(one, self.joined.get(one.id, "")) for one in self.choices]

    @property
    def earlier(self) -> int:
        """Where the page before begins."""
        return max(0, self.start - PAGE)


@dataclass(frozen=True, slots=True)
class Source:
    """What one list is found with."""

    name: str
    label: str
    connection: Connection | None


@dataclass(slots=True)
class Asked:
    """What the form holds, and what is wrong with it."""

    aha: Connection | None
    jira: Connection | None
    name: str
    errors: dict[str, str]


@require_http_methods(["GET", "POST"])
def new_integration(request: PageRequest) -> HttpResponse:
    """The page. Searching and choosing send the form too, with the button "search": then nothing is made."""
    data = request.POST if request.method == "POST" else request.GET
    asked = Asked(
        _connection(Connection.Kind.AHA, data.get("aha", "")),
        _connection(Connection.Kind.JIRA, data.get("jira", "")),
        data.get("name", "").strip(),
        {},
    )
    searching = request.method == "GET" or "search" in data
    if not searching:
        wish = _wish(request, asked)
        if wish:
            begun = making.begin(wish, person(request))
            audit.note(request, Deed("settings", "Making an integration", wish.name), said="It is being made.")
            return redirect("integration-making", row=begun.pk)
    context = {
        "asked": asked,
        "promise": reference.promise(asked.jira) if asked.jira else "",
        "ahas": Connection.objects.filter(kind=Connection.Kind.AHA).order_by("name"),
        "jiras": Connection.objects.filter(kind=Connection.Kind.JIRA).order_by("name"),
        "workspaces": _picker(request, asked, Source("workspace", "Workspace in Aha!", asked.aha)),
        "projects": _picker(request, asked, Source("project", "Project in Jira", asked.jira)),
    }
    return render(request, "new_integration.html", context, status=200 if searching else 422)


def _connection(kind: str, number: str) -> Connection | None:
    """The chosen one, or the only one there is."""
    found = Connection.objects.filter(kind=kind)
    if number:
        return found.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    return found.first() if found.count() == 1 else None


def _picker(request: PageRequest, asked: Asked, source: Source) -> Picker:
    name, label, connection = source.name, source.label, source.connection
    data = request.POST if request.method == "POST" else request.GET
    query, chosen = data.get(f"{name}_query", "").strip()[:100], data.get(name, "")
    error = asked.errors.get(name, "")
    # The page itself does not wait for the servers, and a search in one list does not ask the other list's server.
    later = request.method == "GET"
    elsewhere = request.htmx and request.htmx.target not in (None, "", f"{name}-choices", "pickers")
    if connection is None or later or elsewhere:
        return Picker(name, label, query, chosen, error=error, asked=False)
    start = _start(data.get("search", ""), name)
    page, trouble = attempt(lambda: service.found(connection, query, start))
    choices, following = page or ((), 0)
    if len(choices) == 1 and not (query or start or following):
        chosen = chosen or choices[0].id  # there is nothing to choose from
    return Picker(
        name, label, query, chosen, choices, trouble, error, True, start, following, _joined(connection, name)
    )


def _joined(connection: Connection, name: str) -> dict[str, str]:
    """The integrations that join a workspace or project of this account's already, by its id.

    It is the same one wherever the address is, whoever signs in there (store/claims.py).
    """
    there = Integration.objects.filter(**{f"{connection.kind}__address": connection.address}).order_by("name")
    found: dict[str, list[str]] = {}
    for id_, other in there.values_list(name, "name"):
        found.setdefault(id_, []).append(f"“{other}”")
    return {id_: get_text_list(names, "and") for id_, names in found.items()}


def _start(button: str, name: str) -> int:
    """Where the asked page begins: the buttons of a list say "project:50"; any other begins at its beginning."""
    whose, _, number = button.partition(":")
    return int(number) if whose == name and number.isdecimal() and len(number) < 8 else 0


def _wish(request: PageRequest, asked: Asked) -> Wish | None:
    """What is to be made; None where something is missing or wrong, which is said beside it."""
    workspace, project = request.POST.get("workspace", "")[:100], request.POST.get("project", "")[:100]
    for name, value, said in (
        ("aha", asked.aha, "Choose an Aha! connection."),
        ("jira", asked.jira, "Choose a Jira connection."),
        ("workspace", workspace, "Choose a workspace."),
        ("project", project, "Choose a project."),
    ):
        if not value:
            asked.errors[name] = said
    if len(asked.name) > 200:
        asked.errors["name"] = "Use at most 200 characters."
    elif Integration.objects.filter(name=asked.name).exists():
        asked.errors["name"] = "An integration of this name is there already."
    if asked.errors or asked.aha is None or asked.jira is None:
        return None
    return Wish(asked.name, asked.aha, asked.jira, workspace, project)


@require_GET
def progress(request: PageRequest, row: int) -> HttpResponse:
    """How far it is; then its set-up, or what kept it from being made."""
    found = get_object_or_404(NewIntegration.objects.select_related("made"), pk=row)
    if found.made is not None:
        messages.success(request, f"{found.made.name} is ready. These steps are left.")
        there = reverse("integration-setup", args=[found.made.pk])
        return HttpResponse(headers={"HX-Redirect": there}) if request.htmx else redirect(there)
    if not request.htmx:
        return render(request, "new_integration_making.html", {"errand": found, "again": _again(found)})
    answer = render(request, "errand.html", {"errand": found})
    if found.finished_at is not None:
        answer["HX-Refresh"] = "true"
    return answer


def _again(found: NewIntegration) -> str:
    """The form as it was filled in."""
    given = {"aha": str(found.aha_id), "jira": str(found.jira_id), "name": found.name}
    return (
        f"{reverse('integration-new')}?{urlencode({**given, 'workspace': found.workspace, 'project': found.project})}"
    )
