"""Which attributes each kind of record shows, in which order; one flat table a kind. Only reads.

After the examples in https://www.aha.io/api/resources/features/get_a_specific_feature and its siblings, and a recorded
feature of an account with capacity planning (estimates, status times). A list shows a short form unless
`fields` asks for more; `fields=*` stands for the form one gets without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crosswalk_sandbox.aha.show import Json, Show, iso, stamp
from crosswalk_sandbox.aha.state import Kind, Record

Read = Callable[[Show, Record], object]
ABSENT = object()
SHORT: Mapping[Kind, tuple[str, ...]] = {
    "feature": ("id", "reference_num", "name", "created_at", "url", "resource", "product_id"),
    "epic": ("id", "reference_num", "name", "created_at", "url", "resource"),
}


def _features_of(show: Show, record: Record) -> list[object]:
    named = "epic" if record.kind == "epic" else "initiative"
    return [show.stub(other) for other in show.account.all("feature") if getattr(other, named) is record]


def _epics_of(show: Show, record: Record) -> list[object]:
    return [show.stub(epic, product=False) for epic in show.account.all("epic") if epic.initiative is record]


def _ref(record: Record | None) -> str | None:
    return record.ref if record else None


def _links(show: Show, record: Record) -> list[object]:
    """Inside a record a link says less than on its own."""
    links = [show.link(link, parent=True) for link in show.account.links.values() if link.parent is record]
    own = ("link_type", "link_type_id", "created_at")
    return [
        {
            **{name: link[name] for name in own},
            **{name: _untyped(link[name]) for name in ("parent_record", "child_record")},
        }
        for link in links
    ]


def _untyped(stub: object) -> object:
    assert isinstance(stub, dict)
    return {name: value for name, value in stub.items() if name != "record_type"}


def _present(value: object) -> object:
    """A key that Aha! leaves out when there is nothing to show."""
    return ABSENT if value is None else value


def _epic(show: Show, record: Record) -> object:
    return _present(show.stub(record.epic, product=False) if record.epic else None)


def _initiative(show: Show, record: Record) -> object:
    return _present(show.aim(record.initiative) if record.initiative else None)


HEAD: Mapping[str, Read] = {
    "id": lambda _, r: r.id,
    "name": lambda _, r: r.name,
    "reference_num": lambda _, r: r.ref,
}
STAMPS: Mapping[str, Read] = {
    "created_at": lambda _, r: stamp(r.created_at),
    "updated_at": lambda _, r: stamp(r.updated_at),
}
PROGRESS: Mapping[str, Read] = {
    "progress": lambda _, r: r.progress,
    "progress_source": lambda _, r: r.progress_source,
}
STATUS: Mapping[str, Read] = {
    "workflow_status": lambda show, r: show.status(r.status),
}
PLACE: Mapping[str, Read] = {
    "url": lambda show, r: show.url(r),
    "resource": lambda show, r: show.resource(r),
}
TEXT: Mapping[str, Read] = {
    "description": lambda show, r: show.note(r.description),
    "attachments": lambda *_: [],
}
CREATED: Mapping[str, Read] = {
    "created_by_user": lambda show, r: show.user(r.created_by),
}
ASSIGNED: Mapping[str, Read] = {
    "assigned_to_user": lambda show, r: show.assignee(r.owner),
}
ESTIMATES: Mapping[str, Read] = {
    "original_estimate": lambda _, r: r.original_estimate,
    "remaining_estimate": lambda _, r: r.remaining_estimate,
    "initial_estimate": lambda _, r: r.initial_estimate,
    "work_done": lambda _, r: r.work_done,
    "work_units": lambda _, r: r.units,
}
TAGS: Mapping[str, Read] = {
    "tags": lambda _, r: list(r.tags),
    "full_tags": lambda show, r: show.tags(r),
}
CUSTOM: Mapping[str, Read] = {
    "custom_fields": lambda show, r: [show.custom(value) for value in r.custom.values()],
}
FIELDS: Mapping[str, Read] = {
    "integration_fields": lambda show, r: show.fields(r),
}
COUNT: Mapping[str, Read] = {
    "comments_count": lambda _, r: len(r.comments),
}
AIMS: Mapping[str, Read] = {
    "goals": lambda show, r: [show.aim(goal) for goal in r.goals],
    "key_results": lambda *_: [],
}
TIMES: Mapping[str, Read] = {
    "workflow_status_times": lambda show, r: show.status_times(r),
}
CHANGED_ON: Mapping[str, Read] = {
    "status_changed_on": lambda _, r: iso(r.status_changed_on),
}
PRODUCT: Mapping[str, Read] = {
    "project": lambda show, r: show.project(r.product),
}

FEATURE: Mapping[str, Read] = {
    **HEAD,
    "initiative_reference_num": lambda _, r: _ref(r.initiative),
    "release_reference_num": lambda _, r: _ref(r.release),
    "epic_reference_num": lambda _, r: _ref(r.epic),
    "position": lambda _, r: r.position,
    "score": lambda *_: 0,
    **STAMPS,
    "start_date": lambda _, r: iso(r.start),
    "due_date": lambda _, r: iso(r.due),
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    **CHANGED_ON,
    **CREATED,
    "workflow_kind": lambda _, r: {"id": r.work_kind[0], "name": r.work_kind[1]} if r.work_kind else None,
    **STATUS,
    **PRODUCT,
    **ESTIMATES,
    "use_requirements_estimates": lambda *_: False,
    **TEXT,
    **FIELDS,
    **PLACE,
    "release": lambda show, r: show.release(r.release) if r.release else None,
    "master_feature": _epic,
    "epic": _epic,
    **ASSIGNED,
    "requirements": lambda show, r: [long_form(show, requirement) for requirement in r.requirements],
    "initiative": _initiative,
    **AIMS,
    **COUNT,
    "score_facts": lambda *_: [],
    **TAGS,
    **CUSTOM,
    "time_tracking_events": lambda *_: [],
    "feature_links": _links,
    **TIMES,
    "feature_only_original_estimate": lambda *_: None,
    "feature_only_remaining_estimate": lambda *_: None,
    "feature_only_work_done": lambda *_: None,
}
REQUIREMENT: Mapping[str, Read] = {
    **HEAD,
    "position": lambda _, r: r.position,
    **STAMPS,
    "release_id": lambda show, r: show.id(r.parent.release.id) if r.parent and r.parent.release else None,
    **CREATED,
    **ESTIMATES,
    **STATUS,
    **PLACE,
    "description": lambda show, r: show.note(r.description),
    "feature": lambda show, r: show.stub(r.parent) if r.parent else None,
    **ASSIGNED,
    "attachments": lambda *_: [],
    **TAGS,
    **CUSTOM,
    **FIELDS,
    **COUNT,
    "time_tracking_events": lambda *_: [],
    **TIMES,
}
EPIC: Mapping[str, Read] = {
    **HEAD,
    "initiative_reference_num": lambda _, r: _ref(r.initiative),
    "position": lambda _, r: r.position,
    "score": lambda *_: 0,
    **STAMPS,
    "start_date": lambda _, r: iso(r.start),
    "due_date": lambda _, r: iso(r.due),
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    "duration_source": lambda *_: "duration_manual",
    **CHANGED_ON,
    **CREATED,
    **STATUS,
    **PRODUCT,
    **ESTIMATES,
    **TEXT,
    **FIELDS,
    **PLACE,
    "release": lambda show, r: show.release(r.release) if r.release else None,
    **ASSIGNED,
    "features": _features_of,
    "initiative": _initiative,
    **AIMS,
    **COUNT,
    "score_facts": lambda *_: [],
    **TAGS,
    **CUSTOM,
    "epic_links": _links,
    **TIMES,
    "epic_only_original_estimate": lambda *_: None,
    "epic_only_remaining_estimate": lambda *_: None,
    "epic_only_work_done": lambda *_: None,
}
RELEASE: Mapping[str, Read] = {
    "id": lambda _, r: r.id,
    "product_id": lambda _, r: r.product.id,
    "reference_num": lambda _, r: r.ref,
    "name": lambda _, r: r.name,
    "start_date": lambda _, r: iso(r.start),
    "end_date": lambda _, r: iso(r.due),
    "development_started_on": lambda _, r: iso(r.development_started_on),
    "release_date": lambda _, r: iso(r.release_date),
    "external_release_date": lambda _, r: iso(r.external_release_date or r.release_date),
    "external_release_date_description": lambda _, r: iso(r.external_release_date or r.release_date),
    "external_date_resolution": lambda _, r: r.external_date_resolution,
    "released": lambda _, r: r.status.category == "shipped",
    "parking_lot": lambda _, r: r.parking_lot,
    "master_release": lambda *_: False,
    "released_on": lambda _, r: iso(r.status_changed_on) if r.status.category == "shipped" else None,
    **STAMPS,
    "position": lambda _, r: r.position,
    **PROGRESS,
    "duration_source": lambda *_: "duration_manual",
    **CHANGED_ON,
    "theme": lambda show, r: show.note(r.description),
    **PLACE,
    **FIELDS,
    **CUSTOM,
    **COUNT,
    **STATUS,
    "owner": lambda show, r: show.user(r.owner) if r.owner else None,
    **AIMS,
    "initiatives": lambda show, r: [show.aim(r.initiative)] if r.initiative else [],
    **PRODUCT,
    **CREATED,
    **TIMES,
}
INITIATIVE: Mapping[str, Read] = {
    **HEAD,
    "status": lambda _, r: r.status.name.lower().replace(" ", "_"),
    "effort": lambda *_: 10,
    "value": lambda *_: 50,
    "presented": lambda *_: True,
    "color": lambda *_: "#397e82",
    "start_date": lambda _, r: iso(r.start),
    "end_date": lambda _, r: iso(r.due),
    "position": lambda _, r: r.position,
    "score": lambda *_: 0,
    **STAMPS,
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    "duration_source": lambda *_: "duration_manual",
    **PLACE,
    **PRODUCT,
    **STATUS,
    **TEXT,
    **ASSIGNED,
    **COUNT,
    **AIMS,
    "score_facts": lambda *_: [],
    "features": _features_of,
    "master_features": _epics_of,
    "epic": _epics_of,
    "releases": lambda show, r: [show.release(x) for x in show.account.all("release") if x.initiative is r],
    **FIELDS,
    **CUSTOM,
    **CREATED,
}
GOAL: Mapping[str, Read] = {
    **HEAD,
    "effort": lambda *_: 10,
    "value": lambda *_: 50,
    "color": lambda *_: "#397e82",
    "position": lambda _, r: r.position,
    **STAMPS,
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    **PLACE,
    "description": lambda show, r: show.note(r.description),
    "success_metric": lambda show, r: {
        "name": "Metric",
        "description": show.note(r.description),
        "workflow_status": show.status(r.status),
    },
    **PRODUCT,
    "initiatives": lambda show, r: [show.aim(x) for x in show.account.all("initiative") if r in x.goals],
    "key_results": lambda *_: [],
    **COUNT,
    "features": lambda show, r: [show.stub(x) for x in show.account.all("feature") if r in x.goals],
    "releases": lambda show, r: [show.release(x) for x in show.account.all("release") if r in x.goals],
    **CUSTOM,
}
FORMS: Mapping[Kind, Mapping[str, Read]] = {
    "feature": FEATURE,
    "requirement": REQUIREMENT,
    "epic": EPIC,
    "release": RELEASE,
    "initiative": INITIATIVE,
    "goal": GOAL,
}


def long_form(show: Show, record: Record) -> Json:
    """Everything that is shown of a record on its own."""
    shown = {name: read(show, record) for name, read in FORMS[record.kind].items()}
    return {name: value for name, value in shown.items() if value is not ABSENT}


def form(show: Show, record: Record, wanted: Sequence[str] | None) -> Json:
    """A record with the attributes in `wanted`, or in the long form for None. Unknown attributes are passed over."""
    if wanted is None:
        return long_form(show, record)
    reads = FORMS[record.kind]
    shown = {name: reads[name](show, record) for name in wanted if name in reads}
    return {name: value for name, value in shown.items() if value is not ABSENT}


def wanted_of(kind: Kind, asked: str, *, short: bool) -> Sequence[str] | None:
    """Which attributes to show; None for all of the long form. `asked` is the `fields` parameter of a request."""
    default = SHORT.get(kind) if short else None
    if not asked.strip():
        return default
    names: list[str] = []
    for name in (part.strip() for part in asked.split(",")):
        names.extend((default or FORMS[kind]) if name == "*" else [name])
    return list(dict.fromkeys(names))
