"""The mapping editor: one sheet for each kind of record. A change is checked whole, shown by its plan, then used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crosswalk.errors import CrosswalkError, Refused
from crosswalk.merge.brake import Brake
from crosswalk.store import errands as errand_table
from crosswalk.store import versions
from crosswalk.store.models import Integration, MappingVersion
from crosswalk.sync import differences, drafts, errands, projectdata, wording
from crosswalk.sync import sample as samples
from crosswalk.sync.maplines import brake_data
from crosswalk.sync.mapping import BRAKE, KINDS, USUAL, WORKLOG, MappingRefused, Problem, TypeLine, parse
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.projectdata import Loaded
from crosswalk.web import audit, mapping_form, mapping_sheet
from crosswalk.web.acts import Trouble, act_and_say, attempt, person, trouble_of
from crosswalk.web.http import PageRequest
from crosswalk.web.mapping_sheet import Sheet
from crosswalk.web.reading import integration_of

HANGING = "parts"
BESIDE = ("parts", "people", "imports", "link", "brake")  # settings whose faults stand beside their inputs on that page


@require_http_methods(["GET", "POST"])
def mapping(request: PageRequest, pk: int, kind: str) -> HttpResponse:
    """The sheet of a kind. Every button sends the whole form; only "save" keeps anything."""
    found = integration_of(pk)
    if kind not in (*KINDS, HANGING):
        raise Http404
    loaded, trouble = attempt(lambda: projectdata.load(found))
    if loaded is None:
        return _page(request, found, kind, None, {"trouble": trouble})
    data: dict[str, Any] = found.mapping
    if request.method == "GET":
        return _page(request, found, kind, Sheet(loaded, data, kind, _faults(found, data, loaded)), {})
    data, problems = _posted(request, found, kind, loaded)
    if request.POST.get("act") == "save" and not problems:
        return _saved(request, found, kind, loaded, data)
    return _page(request, found, kind, Sheet(loaded, data, kind, [*problems, *_faults(found, data, loaded)]), {})


def _posted(
    request: PageRequest, found: Integration, kind: str, loaded: Loaded
) -> tuple[dict[str, Any], list[Problem]]:
    data: dict[str, Any] = found.mapping
    if kind == HANGING:
        return mapping_form.parts_read(data, request.POST), []
    posted = {**request.POST.dict(), "act": request.POST.get("act", "")}
    before = data.get("types", {}).get(kind, {}).get("type", "")
    type_ = str(posted.get("type", "")).strip()
    sheet = Sheet(loaded, {**data, "types": {**data.get("types", {}), kind: {"type": type_ or before}}}, kind)
    read, problems = mapping_form.kind_read(data, kind, posted, sheet.known)
    if type_ and not read["fields"].get(kind):
        lines, statuses = projectdata.usual_lines(loaded, _types(read), kind)
        usual = Map({}, {kind: lines}, {kind: statuses}).as_data()
        read = {**read, "fields": {**read["fields"], **usual["fields"]}}
        read["statuses"] = {**read["statuses"], **usual["statuses"]}
    return read, problems


def _types(data: dict[str, Any]) -> dict[str, TypeLine]:
    return {
        kind: TypeLine(str(line.get("type", "")), str(line.get("relation") or "parent"))
        for kind, line in data["types"].items()
    }


def _faults(found: Integration, data: dict[str, Any], loaded: Loaded) -> Sequence[Problem]:
    """What is wrong with a mapping: what can not be read, else what does not fit the project data."""
    load = errand_table.newest(found, errands.LOAD)
    renamed = load.result.get("renamed", {}) if load else {}
    try:
        return differences.faults(parse(data), loaded, renamed)
    except MappingRefused as error:
        return error.problems


def _saved(request: PageRequest, found: Integration, kind: str, loaded: Loaded, data: dict[str, Any]) -> HttpResponse:
    try:
        draft = drafts.propose(found, data, request.POST.get("seen", ""), person(request))
    except MappingRefused as error:
        return _page(request, found, kind, Sheet(loaded, data, kind, error.problems), {"refused": True})
    except CrosswalkError as error:
        return _page(request, found, kind, Sheet(loaded, data, kind), {"trouble": trouble_of(error), "refused": True})
    said = "A change of the mapping waits for a word." if draft else "The mapping is saved."
    audit.note(request, audit.deed_of(request), said=said)
    if draft is not None:
        return redirect("integration-change", pk=found.pk)
    messages.success(request, said)
    return redirect("integration-mapping", pk=found.pk, kind=kind)


def _page(
    request: PageRequest, found: Integration, kind: str, sheet: Sheet | None, more: dict[str, Any]
) -> HttpResponse:
    data = sheet.data if sheet else found.mapping
    context: dict[str, Any] = {
        "integration": found,
        "kind": kind,
        "sheet": sheet,
        "kinds": list(mapping_sheet.others(data)),
        "seen": request.POST.get("seen") or versions.digest(found.mapping),
        "draft": versions.draft(found),
        "versions": versions.used(found)[:20] if request.method == "GET" else [],
        "changed": request.method == "POST",
        "words": wording,
        "samples": samples.any_of(found, kind),
        **more,
    }
    if kind == HANGING and sheet:
        context |= _hanging(sheet)
        return render(request, "mapping_parts.html", context, status=422 if more.get("refused") else 200)
    refused = request.POST.get("act") == "save"
    return render(request, "mapping.html", context, status=422 if refused and sheet else 200)


def _hanging(sheet: Sheet) -> dict[str, Any]:
    parts, links = sheet.data.get("parts") or {}, sheet.data.get("link_types") or {}
    screens, people = sheet.data.get("screens") or {}, sheet.data.get("people") or {}
    usual, faults = brake_data(Brake()), sheet.faults
    return {
        "parts": [(kind, name, parts.get(kind) or {}, faults(f"parts.{kind}")) for kind, name in wording.PARTS.items()],
        "work_below": (parts.get(WORKLOG) or {}).get("below", USUAL[WORKLOG].below),
        "brake": [
            (name, words, (sheet.data.get("brake") or {}).get(name, usual[name]), *BRAKE[name], faults(f"brake.{name}"))
            for name, words in wording.BRAKE.items()
        ],
        "links": [*links.items(), ("", "")],
        "screens": [*screens.items(), ("", "")],
        "people": [(side, people.get(side, ""), faults(f"people.{side}")) for side in ("aha", "jira")],
        "imports": (str(sheet.data.get("imports") or "none"), faults("imports")),
        "shared": sheet.data.get("shared") is True,
        "shows": (sheet.data.get("link") or {}, faults("link")),
        "others": [one for one in sheet.problems if one.where.partition(".")[0] not in BESIDE],
        "jira_links": sheet.link_words,
    }


@require_POST
def sample(request: PageRequest, pk: int, kind: str) -> HttpResponse:
    """A real record through the mapping as the form says it now; a part of the page."""
    found = integration_of(pk)
    if kind not in KINDS:
        raise Http404
    record = request.POST.get("record", "").strip()[:100]
    shown: samples.Sample | None = None
    trouble: Trouble | None = None
    try:
        data, _ = _posted(request, found, kind, projectdata.load(found))
        shown = samples.sample(found, parse(data), kind, record)
    except MappingRefused:
        trouble = Trouble("The mapping has faults, see above.", "Mend them, then values are shown here.")
    except CrosswalkError as error:
        trouble = trouble_of(error)
    return render(request, "mapping_sample.html", {"sample": shown, "trouble": trouble, "record": record})


@require_GET
def change(request: PageRequest, pk: int) -> HttpResponse:
    """What the change that waits would do, once its plan is made."""
    found = integration_of(pk)
    draft = versions.draft(found)
    if draft is None:
        return redirect("integration-mapping", pk=found.pk, kind="feature")
    plan = errand_table.newest(found, errands.PLAN)
    if plan is None or plan.asked.get("draft") != draft.pk:
        asked = {"scope": errands.JOINED, "draft": draft.pk}
        plan = errands.begin(found, errands.PLAN, asked, person(request))
    context = {"integration": found, "draft": draft, "errand": plan, "stale": _stale(found, draft)}
    return render(request, "mapping_change.html", context)


def _stale(found: Integration, draft: MappingVersion) -> bool:
    return draft.before != versions.digest(found.mapping)


@require_POST
def decide(request: PageRequest, pk: int) -> HttpResponse:
    """Use the change that waits, or drop it."""
    found = integration_of(pk)
    draft = versions.draft(found)
    if draft is None or str(draft.pk) != request.POST.get("draft"):
        messages.error(request, "That change does not wait any more. Nothing was done.")
        return redirect("integration-mapping", pk=found.pk, kind="feature")
    if request.POST.get("word") == "use":
        done = act_and_say(request, lambda: drafts.use(draft, person(request)), lambda _: "The change is in use.")
        return redirect("integration-mapping", pk=found.pk, kind="feature") if done else _again(found)
    dropped = "The change is dropped; the mapping is as it was."
    act_and_say(request, lambda: drafts.drop(found), lambda _: dropped)
    return redirect("integration-mapping", pk=found.pk, kind="feature")


def _again(found: Integration) -> HttpResponse:
    return redirect("integration-change", pk=found.pk)


@require_POST
def undo(request: PageRequest, pk: int, row: int) -> HttpResponse:
    """Propose an earlier version again."""
    found = integration_of(pk)
    version = get_object_or_404(MappingVersion.objects.exclude(used_at=None), pk=row, integration=found)
    try:
        draft = drafts.back_to(version, person(request))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("integration-mapping", pk=found.pk, kind="feature")
    said = "The earlier mapping waits for a word." if draft else "The earlier mapping is back."
    audit.note(request, audit.deed_of(request), said=said)
    if draft is not None:
        return redirect("integration-change", pk=found.pk)
    messages.success(request, said)
    return redirect("integration-mapping", pk=found.pk, kind="feature")
