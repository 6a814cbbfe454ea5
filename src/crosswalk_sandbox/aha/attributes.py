"""Which attributes each kind of record can be given, in flat tables, and the edits that a write asks for.

Which attributes there are: the pages of features, requirements, epics, releases, initiatives, goals, key_results,
release_phases, notes and to-dos, as https://www.aha.io/api/resources/features/update_a_feature and
https://www.aha.io/api/resources/epics/update_an_epic. Attributes that a kind does not have are passed over, as Aha!
does (observed). Knows neither HTTP nor the history.
"""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk_sandbox.aha import edits as read
from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.customs import custom_edits
from crosswalk_sandbox.aha.edits import Desk, Edit, Reader
from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import Account, Assignee, Kind, Record

LABELS: Mapping[Kind, str] = {
    "feature": "Feature",
    "requirement": "Requirement",
    "epic": "Epic",
    "release": "Release",
    "initiative": "Initiative",
    "goal": "StrategicImperative",
    "release_phase": "ReleasePhase",
    "key_result": "KeyResult",
    "page": "Page",
    "task": "Task",
}
MANUAL = "progress_manual"
SOURCES = (
    MANUAL, "progress_from_requirements", "progress_from_remaining_estimate", "progress_from_todos",
    "progress_from_features", "progress_from_epics", "progress_from_release_phases", "progress_from_releases",
    "progress_from_children", "progress_from_initiatives", "progress_from_key_results",
    "progress_from_features_remaining_estimate",
)  # fmt: skip
DURATIONS = (
    "duration_manual", "duration_from_children", "duration_from_releases", "duration_from_features",
    "duration_from_epics", "duration_from_release_phases",
)  # fmt: skip
RESOLUTIONS = ("sync", "exact", "week", "month", "quarter", "half", "year")


def edits(account: Account, record: Record, given: Mapping[str, object]) -> list[Edit]:
    """The edits that `given` asks for, without those that would change nothing. Raises Invalid."""
    desk = Desk(account, record)
    readers = READERS[record.kind]
    found = [readers[name](desk, value) for name, value in given.items() if name in readers]
    made = [edit for edit in found if edit is not None]
    # "May only be set when the progress_source is manual": https://www.aha.io/api/resources/features/update_a_feature
    if (
        any(edit.label == "Progress" for edit in made)
        and given.get("progress_source", record.progress_source) != MANUAL
    ):
        raise Invalid("Progress can only be set when the progress source is manual")
    if "custom_fields" in given:
        fieldable = LABELS[record.kind]
        for label, old, new, make in custom_edits(account, record, fieldable, given["custom_fields"]):
            made.append(Edit(label, old, new, make, "custom"))
    return made


def _metric(desk: Desk, value: object) -> Edit | None:
    """The success metric of a goal as an object; its status is the goal's own."""
    if not isinstance(value, dict):
        raise Invalid("Success metric is invalid")
    status = read.status(desk, value["workflow_status"]) if value.get("workflow_status") else None
    parts = [read.fact(key, label)(desk, value[name]) for name, key, label in METRIC if name in value]
    made = [edit for edit in (*parts, status) if edit is not None]
    if not made:
        return None

    def make() -> None:
        for edit in made:
            edit.make()

    return Edit(made[-1].label, made[-1].old, made[-1].new, make)


METRIC = (
    ("name", "metric_name", "Success metric name"),
    ("description", "metric_description", "Success metric description"),
)


def _assignees(desk: Desk, value: object) -> Edit | None:
    """Who has to do a to-do: people as texts, numbers or objects."""
    listed = value if isinstance(value, list) else [value]
    found = []
    for wanted in (values.pointer(one, "Assigned to users") for one in listed):
        user = desk.account.user(wanted) if wanted else None
        if user is None:
            raise Invalid(f"{wanted} is not a user of this workspace")
        found.append(user)
    present = {one.user.id: one for one in desk.record.assignees}
    if [user.id for user in found] == list(present):
        return None

    def make() -> None:
        desk.record.assignees = [
            present.get(user.id) or Assignee(desk.account.new_id(), user) for user in dict.fromkeys(found)
        ]

    old, new = (", ".join(user.name for user in users) for users in ([one.user for one in present.values()], found))
    return Edit("Assigned to", old, new, make)


def _completion(desk: Desk, value: object) -> Edit | None:
    """The status of a to-do, which is that of everybody who has to do it."""
    if value not in ("pending", "completed"):
        raise Invalid("Status must be one of pending, completed")
    old = desk.record.metrics.get("status", "pending")
    if old == value:
        return None
    moment = desk.account.now()

    def make() -> None:
        desk.record.metrics["status"] = str(value)
        for one in desk.record.assignees:
            one.status, one.completed_at = str(value), moment if value == "completed" else None

    return Edit("Status", old, str(value), make)


COMMON: Mapping[str, Reader] = {
    "name": read.name,
    "description": read.description,
    "workflow_status": read.status,
}
PROGRESS: Mapping[str, Reader] = {
    "progress": read.number("progress", "Progress", most=100),
    "progress_source": read.choice("progress_source", "Progress source", SOURCES),
}
LASTING: Mapping[str, Reader] = {
    "duration_source": read.choice("duration_source", "Duration source", DURATIONS),
}
AIMED: Mapping[str, Reader] = {
    "goals": read.many("goals", "goal", "Goal"),
    "watchers": read.watchers,
}
WORK: Mapping[str, Reader] = {
    "assigned_to_user": read.person("Assigned to"),
    "created_by": read.creator,
    "tags": read.tags,
    "score_facts": read.score_facts,
    "initial_estimate": read.number("initial_estimate", "Initial estimate"),
    "initial_estimate_text": read.estimate("initial_estimate", "Initial estimate"),
    "detailed_estimate": read.number("original_estimate", "Original estimate"),
    "detailed_estimate_text": read.estimate("original_estimate", "Original estimate"),
    "original_estimate": read.number("original_estimate", "Original estimate"),
    "original_estimate_text": read.estimate("original_estimate", "Original estimate"),
    "remaining_estimate": read.number("remaining_estimate", "Remaining estimate"),
    "remaining_estimate_text": read.estimate("remaining_estimate", "Remaining estimate"),
}
DATED: Mapping[str, Reader] = {
    "start_date": read.day("start", "Start date"),
    "due_date": read.day("due", "Due date"),
    "release": read.relation("release", "release", "Release", clearable=False),
    "initiative": read.relation("initiative", "initiative", "Initiative", clearable=True),
}
# A release's dates can not be emptied; measured by a commercial connector, see the OpsHub documentation of Aha!.
RELEASE: Mapping[str, Reader] = {
    "owner": read.person("Owner"),
    "status": read.status,
    "theme": read.description,
    "start_date": read.day("start", "Start date", clearable=False),
    "end_date": read.day("due", "End date", clearable=False),
    "release_date": read.day("release_date", "Release date", clearable=False),
    "development_started_on": read.day("development_started_on", "Development started on", clearable=False),
    "external_release_date": read.day("external_release_date", "External release date", clearable=False),
    "external_date_resolution": read.choice("external_date_resolution", "External date resolution", RESOLUTIONS),
    "parking_lot": read.flag("parking_lot", "Parking lot"),
    "initiatives": read.many("initiatives", "initiative", "Initiative"),
    "parent_id": read.relation("holder", "release", "Roll-up release", clearable=True),
}
# Neither can be emptied; measured by a commercial connector, see the OpsHub documentation of Aha!.
CHART: Mapping[str, Reader] = {
    "effort": read.number("effort", "Effort", most=100, clearable=False),
    "value": read.number("value", "Value", most=100, clearable=False),
}
READERS: Mapping[Kind, Mapping[str, Reader]] = {
    "feature": {
        **COMMON,
        **PROGRESS,
        **AIMED,
        **WORK,
        **DATED,
        "workflow_kind": read.work_kind,
        "epic": read.relation("epic", "epic", "Epic", clearable=True),
        "master_feature": read.relation("epic", "epic", "Epic", clearable=True),
        "release_phase": read.relation("phase", "release_phase", "Release phase", clearable=True),
    },
    "requirement": {**COMMON, **PROGRESS, **WORK, "watchers": read.watchers},
    "epic": {**COMMON, **PROGRESS, **LASTING, **AIMED, **WORK, **DATED},
    "release": {**COMMON, **PROGRESS, **LASTING, **AIMED, **RELEASE},
    "initiative": {
        **COMMON,
        **PROGRESS,
        **LASTING,
        **AIMED,
        **CHART,
        "assigned_to_user": read.person("Assigned to"),
        "start_date": read.day("start", "Start date"),
        "end_date": read.day("due", "End date"),
        "presented": read.flag("presented", "Presented"),
        "parent_id": read.relation("holder", "initiative", "Parent", clearable=True),
        "score_facts": read.score_facts,
    },
    "goal": {
        **COMMON,
        **PROGRESS,
        **CHART,
        "watchers": read.watchers,
        "success_metric": _metric,
        "success_metric_name": read.fact("metric_name", "Success metric name"),
        "success_metric_description": read.fact("metric_description", "Success metric description"),
        "parent_id": read.relation("holder", "goal", "Parent", clearable=True),
    },
    "release_phase": {
        **PROGRESS,
        **LASTING,
        "name": read.name,
        "description": read.description,
        "phase_type": read.choice("type", "Phase type", ("phase", "milestone")),
        "start_on": read.day("start", "Start on"),
        "end_on": read.day("due", "End on"),
    },
    "key_result": {
        **COMMON,
        "progress": PROGRESS["progress"],
        "assigned_to_user": read.person("Assigned to"),
        "watchers": read.watchers,
        "starting_metric": read.fact("starting_metric", "Starting metric"),
        "current_metric": read.fact("current_metric", "Current metric"),
        "target_metric": read.fact("target_metric", "Target metric"),
    },
    "page": {
        "name": read.name,
        "description": read.description,
        "description_attributes": read.description,
        "tags": read.tags,
        "parent_id": read.relation("holder", "page", "Parent", clearable=True),
    },
    "task": {
        "name": read.name,
        "body": read.description,
        "due_date": read.day("due", "Due date"),
        "assigned_to_users": _assignees,
        "status": _completion,
    },
}
