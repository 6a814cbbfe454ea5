"""Endpoints about the mapping: read, check, change by a plan that is shown first, and the word on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from crosswalk.store import errands as errand_table
from crosswalk.store import versions
from crosswalk.store.acts import Deed
from crosswalk.store.models import Integration, MappingVersion
from crosswalk.sync import differences, drafts, errands, projectdata
from crosswalk.sync.mapping import MappingRefused, Problem, parse
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting
from crosswalk.web.api.problems import Fault, Stop
from crosswalk.web.api.rows import Number
from crosswalk.web.api.shapes import Done
from crosswalk.web.api.shapes_deciding import (
    ChangeIn,
    ChangeOut,
    MappingChecked,
    MappingIn,
    MappingOut,
    MappingSet,
    MappingTry,
)
from crosswalk.web.reading import integration_of

router = Router(tags=["Mapping"])


@router.get("/integrations/{pk}/mapping", response=MappingOut)
def mapping(request: HttpRequest, pk: Number) -> MappingOut:
    """The mapping in use, as a file has it; what does not fit the project data; the change that waits."""
    found = integration_of(pk)
    return MappingOut(
        mapping=found.mapping,
        version=versions.digest(found.mapping),
        faults=_faults(found, found.mapping),
        waiting=_change(found, versions.draft(found)),
    )


@router.post("/integrations/{pk}/mapping/check", response=MappingChecked)
def check_mapping(request: HttpRequest, pk: Number, body: MappingTry) -> MappingChecked:
    """What is wrong with a mapping, and what it would change. Keeps nothing."""
    found = integration_of(pk)
    faults = _faults(found, body.mapping)
    try:
        wanted = parse(body.mapping).as_data()
    except MappingRefused:
        return MappingChecked(faults=faults, changes=[])
    return MappingChecked(faults=faults, changes=list(drafts.changes(found, found.mapping, wanted)))


@router.put("/integrations/{pk}/mapping", response=MappingSet, url_name="mapping")
def set_mapping(request: HttpRequest, pk: Number, body: MappingIn) -> MappingSet:
    """Change the mapping. Where records are in step it waits with a plan of what it would do; see `mapping/change`."""
    found = integration_of(pk)
    if body.version != versions.digest(found.mapping):
        raise Stop(409, "The mapping was changed since that version.", "Read it again, and make your change there.")

    def act() -> MappingVersion | None:
        return drafts.propose(found, body.mapping, body.version, person(request))

    def said(draft: MappingVersion | None) -> str:
        return "A change of the mapping waits for a word." if draft else "The mapping is saved."

    draft = acting(request, act, said)
    return MappingSet(in_use=draft is None, waiting=_change(found, draft))


@router.get("/integrations/{pk}/mapping/change", response=ChangeOut)
def mapping_change(request: HttpRequest, pk: Number) -> ChangeOut:
    """The change that waits, with what it would do on both sides; 404 where none waits."""
    found = integration_of(pk)
    change = _change(found, versions.draft(found))
    if change is None:
        raise Http404
    return change


@router.post("/integrations/{pk}/mapping/change", response=Done, url_name="mapping_change")
def set_mapping_change(request: HttpRequest, pk: Number, body: ChangeIn) -> Done:
    """Use the change that waits, or drop it. Using it carries what it changes."""
    found = integration_of(pk)
    draft = versions.draft(found)
    if draft is None or draft.pk != body.id:
        raise Stop(409, "That change does not wait any more. Nothing was done.", "Read what waits now.")
    said = "The change is in use." if body.use else "The change is dropped; the mapping is as it was."
    deed = Deed("approval", "Changing the mapping" if body.use else "Dropping a change", found.name)
    acting(
        request, lambda: drafts.use(draft, person(request)) if body.use else drafts.drop(found), lambda _: said, deed
    )
    return Done(said=said, count=1)


def _faults(found: Integration, data: dict[str, Any]) -> list[Fault]:
    load = errand_table.newest(found, errands.LOAD)
    renamed = load.result.get("renamed", {}) if load else {}
    problems: Sequence[Problem]
    try:
        problems = differences.faults(parse(data), projectdata.load(found), renamed)
    except MappingRefused as error:
        problems = error.problems
    return [Fault(where=one.where, what=str(one)) for one in problems]


def _change(found: Integration, draft: MappingVersion | None) -> ChangeOut | None:
    if draft is None:
        return None
    plan = errand_table.newest(found, errands.PLAN)
    mine = plan is not None and plan.asked.get("draft") == draft.pk and plan.finished_at is not None
    return ChangeOut(
        id=draft.pk,
        note=draft.note,
        person=draft.person,
        stale=draft.before != versions.digest(found.mapping),
        planned=mine,
        plan=plan.result or {} if mine and plan is not None else {},
    )
