"""How single attributes of records are read for an answer, and small groups that several kinds share. Only reads.

https://www.aha.io/api/resources/features/get_a_specific_feature ; the other kinds have pages beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from crosswalk_sandbox.aha.show import Json, Show, iso, stamp, type_name
from crosswalk_sandbox.aha.state import Assignee, Record, TimeEntry

Read = Callable[[Show, Record], object]
ABSENT = object()


def _same(one: Record | None, record: Record) -> bool:
    """Whether they are one record: a read that is stale shows a copy of it (past.py)."""
    return one is not None and one.id == record.id


def features_of(show: Show, record: Record) -> list[object]:
    named = "epic" if record.kind == "epic" else "initiative"
    return [show.stub(other) for other in show.account.all("feature") if _same(getattr(other, named), record)]


def epics_of(show: Show, record: Record) -> list[object]:
    return [show.stub(epic, product=False) for epic in show.account.all("epic") if _same(epic.initiative, record)]


def ref(record: Record | None) -> str | None:
    return record.ref if record else None


def links(show: Show, record: Record) -> list[object]:
    """Inside a record a link says less than on its own; those there are now, also where the read is stale."""
    links = [show.link(link, parent=True) for link in show.account.links.values() if _same(link.parent, record)]
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


def epic(show: Show, record: Record) -> object:
    return _present(show.stub(record.epic, product=False) if record.epic else None)


def initiative(show: Show, record: Record) -> object:
    return _present(show.aim(record.initiative) if record.initiative else None)


def _shipped(records: Iterable[Record]) -> float | None:
    """How many of the records are done, in hundredths; None where there are none."""
    done = [record.status.complete for record in records]
    return round(100 * sum(done) / len(done)) if done else None


def progress(show: Show, record: Record) -> float | None:
    """What was set by hand, or what the things below say; None for a source that says nothing here.

    What Aha! counts exactly is not documented: here it is the share that is complete.
    """
    source, below = record.progress_source, show.account.all
    if source == "progress_manual":
        return record.progress
    if source == "progress_from_requirements":
        return _shipped(record.requirements)
    if source == "progress_from_remaining_estimate" and record.original_estimate:
        return max(0.0, round(100 * (1 - (record.remaining_estimate or 0) / record.original_estimate)))
    if source == "progress_from_features":
        return _shipped(one for one in below("feature") if record in (one.release, one.epic, one.initiative, one.phase))
    if source == "progress_from_epics":
        return _shipped(one for one in below("epic") if record in (one.release, one.initiative))
    return None


def score_facts(show: Show, record: Record) -> list[object]:
    """The parts of the score."""
    facts = record.score_facts.items()
    return [{"id": show.account.fact_id(name), "value": value, "name": name} for name, value in facts]


def time_entries(show: Show, record: Record) -> list[object]:
    """The single entries of work done."""
    return [time_entry(show, entry) for entry in record.time_entries]


def releases_of(show: Show, record: Record) -> list[object]:
    among = "goals" if record.kind == "goal" else "initiatives"
    releases = show.account.all("release")
    return [show.release(one) for one in releases if any(_same(aim, record) for aim in getattr(one, among))]


def key_results(show: Show, record: Record) -> list[object]:
    return [_key_result(show, one) for one in show.account.all("key_result") if _same(one.holder, record)]


def holder(show: Show, record: Record) -> object:
    return _present(show.aim(record.holder) if record.holder else None)


def holders(show: Show, record: Record) -> object:
    return _present([show.aim(record.holder)] if record.holder else None)


def _key_result(show: Show, record: Record) -> Json:
    """A key result inside a goal or feature."""
    return {
        "id": record.id,
        "name": record.name,
        "reference_num": record.ref,
        "url": show.url(record),
        "position": record.position,
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.updated_at),
        "progress": record.progress,
        **{name: record.metrics.get(name) for name in ("target_metric", "starting_metric", "current_metric")},
    }


def assignee(show: Show, one: Assignee) -> Json:
    """Somebody who has to do a to-do."""
    shown: Json = {"id": one.id, "status": one.status}
    if one.completed_at is not None:
        shown["completed_date"] = stamp(one.completed_at)
    return {**shown, "user": show.user(one.user)}


def taskable(show: Show, record: Record) -> Json:
    """What a to-do is about."""
    shown = show.stub(record)
    own = {name: shown[name] for name in ("id", "reference_num", "name", "url", "resource")}
    return {"type": type_name(record), **own}


def time_entry(show: Show, entry: TimeEntry) -> Json:
    """An entry of work done."""
    return {
        "id": entry.id,
        "user": show.user(entry.user),
        "occurred_on": entry.occurred_on.isoformat(),
        "work_done": entry.work_done,
        "work_units": entry.units,
    }


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
    "progress": progress,
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
    "attachments": lambda show, r: [show.attachment(one) for one in r.attachments],
}
CREATED: Mapping[str, Read] = {
    "created_by_user": lambda show, r: show.user(r.created_by),
}
ASSIGNED: Mapping[str, Read] = {
    "assigned_to_user": lambda show, r: show.assignee(r.owner, r.product.default_assignee),
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
