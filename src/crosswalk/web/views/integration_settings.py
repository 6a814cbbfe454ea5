"""Settings of an integration: enable, webhook addresses, project data, and what its mapping says."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crosswalk.errors import a_or_an
from crosswalk.merge.rules import Direction, Side
from crosswalk.store.acts import Deed
from crosswalk.store.errands import newest
from crosswalk.sync import deletions, drafts, errands, loadedlists, projectdata, reference, service, wording
from crosswalk.sync import mapping as mappings
from crosswalk.web import audit
from crosswalk.web.acts import act_and_say, attempt, person
from crosswalk.web.reading import integration_of
from crosswalk.web.views.setup_steps import hook_context

REMOVED = {
    "unlink": "stays as it is",
    "mark": "gets the {} “deleted-in-{}”",
    "delete": "is deleted, too; many at once wait for a person's word",
}


@dataclass(frozen=True, slots=True)
class KindShown:
    """What the mapping says about one Aha! kind."""

    kind: str
    type: mappings.TypeLine
    fields: tuple[mappings.FieldLine, ...]
    statuses: Dict[str, str]
    constants: Dict[str, str]
    names: wording.Names

    @property
    def one(self) -> str:
        """The kind behind its article."""
        return a_or_an(self.kind)

    @property
    def lines(self) -> tuple[tuple[mappings.FieldLine, str, str], ...]:
        """The field lines, with the names that the fields have on either side."""
        names = self.names
        return tuple((one, names.aha.get(one.aha, one.aha), names.jira.get(one.jira, one.jira)) for one in self.fields)

    @property
    def counted(self) -> str:
        """How much its table says, in a few words."""
        off = sum(one.direction is Direction.OFF for one in self.fields)
        count = len(self.fields) - off
        return f"{count} field{'' if count == 1 else 's'}" + (f", {off} off" if off else "")

    @property
    def fixed(self) -> tuple[tuple[str, str], ...]:
        """What is always set in Jira: the fields' names and their values."""
        return tuple((self.names.jira.get(name, name), text) for name, text in self.constants.items())

    @property
    def off(self) -> bool:
        """Whether none is made on any side."""
        return not mappings.creates(self.kind, self.type)

    @property
    def notes(self) -> tuple[str, ...]:
        """Where records of the kind are made, what types they may become, and what a deletion means, as sentences."""
        line, sides = self.type, mappings.creates(self.kind, self.type)
        by = self.names.aha.get(line.by, line.by)
        notes = [f"Where {by} is “{value}”, it becomes {type_}." for value, type_ in line.types.items()]
        if not sides:
            notes.append("Switched off: none is sent.")
        elif len(sides) == 2:
            notes.append("New ones are made on both sides.")
        elif Side.LEFT in sides:
            notes.append("New ones are made in Aha! when somebody makes them in Jira, and not the other way.")
        if line.removed != "ask":
            notes.append(
                f"When {self.one} is deleted in Aha!, its issue {REMOVED[line.removed].format('label', 'aha')}."
            )
        if line.removed_in_jira != "ask":
            word = REMOVED[line.removed_in_jira].format("tag", "jira")
            notes.append(f"When its issue is deleted in Jira, the {self.kind} {word}.")
        return tuple(notes)


@require_GET
def integration_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """The page."""
    found = integration_of(pk)
    parsed, trouble = attempt(lambda: mappings.parse(found.mapping))
    loading = newest(found, errands.LOAD)
    loaded, _ = attempt(lambda: projectdata.load(found))
    context = {
        "integration": found,
        "kinds": _kinds(parsed, drafts.names_of(found)) if parsed else [],
        "parts": [(wording.PARTS[kind], line) for kind, line in parsed.parts.items()] if parsed else [],
        "work_below": any(mappings.counts_below(parsed, kind) for kind in parsed.types) if parsed else False,
        "brake": deletions.rule(parsed.brake) if parsed else "",
        "link_types": parsed.link_types if parsed else {},
        "link": parsed.link if parsed else None,
        "mapping_trouble": trouble,
        "listings": loadedlists.listings(loaded) if loaded else (),
        "project_data": list(found.project_data.order_by("side")),
        "load": loading,
        "promised": reference.promised(found),
        "unloading": loading is None or loading.finished_at is not None,
        **hook_context(found),
    }
    return render(request, "integration_settings.html", context)


def _kinds(parsed: mappings.Mapping, names: wording.Names) -> list[KindShown]:
    return [
        KindShown(
            kind,
            line,
            parsed.fields.get(kind, ()),
            parsed.statuses.get(kind, {}),
            parsed.constants.get(kind, {}),
            names,
        )
        for kind, line in parsed.types.items()
    ]


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Enable or pause, as the button says. A pause keeps every change for later."""
    found = integration_of(pk)
    wanted = request.POST.get("enabled") == "yes"
    word = "enabled" if wanted else "paused"
    done, late = f"{found.name} is {word}.", f"{found.name} was {word} already: nothing was done now."
    deed = Deed("settings", "Enabling or pausing", found.name, {"enabled": found.enabled}, {"enabled": wanted})
    act_and_say(request, lambda: service.set_enabled(found, wanted, person(request)), (late, done).__getitem__, deed)
    return redirect("integration-setup" if "then" in request.POST else "integration-settings", pk=found.pk)


@require_POST
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Load project data: begun here, and its progress shown on the page."""
    found = integration_of(pk)
    errands.begin(found, errands.LOAD, {}, person(request))
    audit.note(request, audit.deed_of(request))
    return redirect("integration-settings", pk=found.pk)
