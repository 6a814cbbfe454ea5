"""Which attributes each kind of record shows, in which order; one flat table a kind. Only reads.

After the examples in https://www.aha.io/api/resources/features/get_a_specific_feature and
https://www.aha.io/api/resources/epics/get_a_specific_epic and those of the other kinds beside them, and a recorded
feature of an account with capacity planning (estimates, status times). A list shows a short form unless
`fields` asks for more; `fields=*` stands for the form one gets without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crosswalk_sandbox.aha.reads import (
    ABSENT,
    AIMS,
    ASSIGNED,
    CHANGED_ON,
    COUNT,
    CREATED,
    CUSTOM,
    ESTIMATES,
    FIELDS,
    HEAD,
    PLACE,
    PRODUCT,
    PROGRESS,
    STAMPS,
    STATUS,
    TAGS,
    TEXT,
    TIMES,
    Read,
    assignee,
    epic,
    epics_of,
    features_of,
    holder,
    holders,
    initiative,
    key_results,
    links,
    ref,
    releases_of,
    score_facts,
    taskable,
    time_entries,
)
from crosswalk_sandbox.aha.show import Json, Show, iso
from crosswalk_sandbox.aha.state import Kind, Record

SHORT: Mapping[Kind, tuple[str, ...]] = {
    "feature": ("id", "reference_num", "name", "created_at", "url", "resource", "product_id"),
    "epic": ("id", "reference_num", "name", "created_at", "url", "resource"),
    "page": ("id", "name", "title", "reference_num", "url", "resource", "created_at", "parent_id"),
    "task": ("id", "name", "due_date", "status", "created_at"),
}


FEATURE: Mapping[str, Read] = {
    **HEAD,
    "initiative_reference_num": lambda _, r: ref(r.initiative),
    "release_reference_num": lambda _, r: ref(r.release),
    "epic_reference_num": lambda _, r: ref(r.epic),
    "position": lambda _, r: r.position,
    "score": lambda _, r: sum(r.score_facts.values()),
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
    "master_feature": epic,
    "belongs_to_release_phase": lambda show, r: show.phase(r.phase) if r.phase else ABSENT,
    "epic": epic,
    **ASSIGNED,
    "requirements": lambda show, r: [long_form(show, requirement) for requirement in r.requirements],
    "initiative": initiative,
    **AIMS,
    **COUNT,
    "score_facts": score_facts,
    **TAGS,
    **CUSTOM,
    "time_tracking_events": time_entries,
    "feature_links": links,
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
    "attachments": lambda show, r: [show.attachment(one) for one in r.attachments],
    **TAGS,
    **CUSTOM,
    **FIELDS,
    **COUNT,
    "time_tracking_events": time_entries,
    **TIMES,
}
EPIC: Mapping[str, Read] = {
    **HEAD,
    "initiative_reference_num": lambda _, r: ref(r.initiative),
    "position": lambda _, r: r.position,
    "score": lambda _, r: sum(r.score_facts.values()),
    **STAMPS,
    "start_date": lambda _, r: iso(r.start),
    "due_date": lambda _, r: iso(r.due),
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    "duration_source": lambda _, r: r.duration_source,
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
    "features": features_of,
    "initiative": initiative,
    **AIMS,
    **COUNT,
    "score_facts": score_facts,
    **TAGS,
    **CUSTOM,
    "epic_links": links,
    **TIMES,
    "master_feature_only_original_estimate": lambda *_: None,
    "master_feature_only_remaining_estimate": lambda *_: None,
    "master_feature_only_work_done": lambda *_: None,
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
    "master_release": lambda _, r: r.roll_up,
    "released_on": lambda _, r: iso(r.status_changed_on) if r.status.category == "shipped" else None,
    **STAMPS,
    "position": lambda _, r: r.position,
    **PROGRESS,
    "duration_source": lambda _, r: r.duration_source,
    **CHANGED_ON,
    "theme": lambda show, r: show.note(r.description),
    **PLACE,
    **FIELDS,
    **CUSTOM,
    **COUNT,
    **STATUS,
    "owner": lambda show, r: show.user(r.owner) if r.owner else None,
    **AIMS,
    "initiatives": lambda show, r: [show.aim(one) for one in r.initiatives],
    "parent": lambda show, r: show.roll_up(r.holder) if r.holder else ABSENT,
    **PRODUCT,
    **CREATED,
    **TIMES,
}
INITIATIVE: Mapping[str, Read] = {
    **HEAD,
    "status": lambda _, r: r.status.name.lower().replace(" ", "_"),
    "effort": lambda _, r: r.effort,
    "value": lambda _, r: r.value,
    "presented": lambda _, r: r.presented,
    "color": lambda *_: "#397e82",
    "start_date": lambda _, r: iso(r.start),
    "end_date": lambda _, r: iso(r.due),
    "position": lambda _, r: r.position,
    "score": lambda _, r: sum(r.score_facts.values()),
    **STAMPS,
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    "duration_source": lambda _, r: r.duration_source,
    **PLACE,
    **PRODUCT,
    **STATUS,
    **TEXT,
    **ASSIGNED,
    **COUNT,
    **AIMS,
    "score_facts": score_facts,
    "features": features_of,
    "master_features": epics_of,
    "epic": epics_of,
    "releases": releases_of,
    "parent": holder,
    **FIELDS,
    **CUSTOM,
    **CREATED,
}
GOAL: Mapping[str, Read] = {
    **HEAD,
    "effort": lambda _, r: r.effort,
    "value": lambda _, r: r.value,
    "color": lambda *_: "#397e82",
    "position": lambda _, r: r.position,
    **STAMPS,
    "product_id": lambda _, r: r.product.id,
    **PROGRESS,
    **PLACE,
    "description": lambda show, r: show.note(r.description),
    "success_metric": lambda show, r: {
        "name": r.metrics.get("metric_name", ""),
        "description": {**show.note(r.description), "body": r.metrics.get("metric_description", ""), "attachments": []},
        "workflow_status": show.status(r.status),
        "workflow_status_times": show.status_times(r),
    },
    "parent": holder,
    "parents": holders,
    **PRODUCT,
    "initiatives": lambda show, r: [show.aim(x) for x in show.account.all("initiative") if r in x.goals],
    "key_results": key_results,
    **COUNT,
    "features": lambda show, r: [show.stub(x) for x in show.account.all("feature") if r in x.goals],
    "releases": releases_of,
    **CUSTOM,
}
PHASE: Mapping[str, Read] = {
    "id": HEAD["id"],
    "name": HEAD["name"],
    "start_on": lambda _, r: iso(r.start),
    "end_on": lambda _, r: iso(r.due),
    "type": lambda _, r: r.type,
    "release_id": lambda show, r: show.id(r.release.id) if r.release else None,
    **STAMPS,
    **PROGRESS,
    "duration_source": lambda _, r: r.duration_source,
    "description": TEXT["description"],
}
KEY_RESULT: Mapping[str, Read] = {
    **HEAD,
    "position": lambda _, r: r.position,
    **STAMPS,
    "progress": lambda _, r: r.progress,
    "target_metric": lambda _, r: r.metrics.get("target_metric"),
    "starting_metric": lambda _, r: r.metrics.get("starting_metric"),
    "current_metric": lambda _, r: r.metrics.get("current_metric"),
    "description": TEXT["description"],
    **ASSIGNED,
    **STATUS,
    **CUSTOM,
}
PAGE: Mapping[str, Read] = {
    "id": HEAD["id"],
    "name": HEAD["name"],
    "title": lambda _, r: f"{r.ref} {r.name}",
    "document_title": lambda _, r: f"{r.name} | Aha!",
    "updated_at": STAMPS["updated_at"],
    "reference_num": HEAD["reference_num"],
    "emoji_value": lambda *_: None,
    "document_type": lambda *_: 10,
    "document_type_name": lambda *_: "note",
    "editor_width": lambda *_: "FULL",
    "type_name": lambda *_: "note",
    "position": lambda _, r: r.position * 100_000,
    "created_at": STAMPS["created_at"],
    "location": lambda *_: None,
    "edit_locked": lambda *_: False,
    **PLACE,
    "product_id": lambda _, r: r.product.id,
    "description": TEXT["description"],
    "parent_id": lambda _, r: int(r.holder.id) if r.holder else None,
    **TAGS,
    **COUNT,
    **CUSTOM,
}
TASK: Mapping[str, Read] = {
    "id": HEAD["id"],
    "name": HEAD["name"],
    "body": lambda _, r: r.description.body,
    "due_date": lambda _, r: iso(r.due),
    "status": lambda _, r: r.metrics.get("status", "pending"),
    "position": lambda _, r: r.position if r.holder else None,
    **STAMPS,
    "product_id": lambda _, r: r.holder.product.id if r.holder else "",
    "assigned_to_users": lambda show, r: [assignee(show, one) for one in r.assignees],
    **CREATED,
    "attachments": lambda show, r: [show.attachment(one) for one in r.attachments],
    **PLACE,
    **COUNT,
    "taskable": lambda show, r: taskable(show, r.holder) if r.holder else ABSENT,
}
FORMS: Mapping[Kind, Mapping[str, Read]] = {
    "feature": FEATURE,
    "requirement": REQUIREMENT,
    "epic": EPIC,
    "release": RELEASE,
    "initiative": INITIATIVE,
    "goal": GOAL,
    "release_phase": PHASE,
    "key_result": KEY_RESULT,
    "page": PAGE,
    "task": TASK,
}
# Shown only when `fields` asks: https://www.aha.io/api/resources/features/create_a_feature_with_watchers
ON_REQUEST: Mapping[str, Read] = {
    "watchers": lambda show, r: [show.user(user) for user in r.watchers],
    "created_by": lambda show, r: show.user(r.created_by),
}


def long_form(show: Show, record: Record) -> Json:
    """Everything that is shown of a record on its own."""
    shown = {name: read(show, record) for name, read in FORMS[record.kind].items()}
    return {name: value for name, value in shown.items() if value is not ABSENT}


def form(show: Show, record: Record, wanted: Sequence[str] | None) -> Json:
    """A record with the attributes in `wanted`, or in the long form for None. Unknown attributes are passed over."""
    if wanted is None:
        return long_form(show, record)
    reads = {**ON_REQUEST, **FORMS[record.kind]}
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
